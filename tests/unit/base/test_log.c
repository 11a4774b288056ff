/* Proves base/log: one line an event, levels, nothing in a text can break its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/io_sim.h"
#include "base/log.h"

struct sink {
  struct hs_sim *sim;
  char text[8192];
  size_t length;
  int lines;
};

static void keep(void *context, struct hs_str line)
{
  struct sink *sink = context;
  assert_true(sink->length + line.length < sizeof sink->text);
  memcpy(sink->text + sink->length, line.data, line.length);
  sink->length += line.length;
  sink->text[sink->length] = '\0';
  sink->lines++;
}

static int open_sink(void **state)
{
  static struct sink sink;
  sink = (struct sink){0};
  const struct hs_sim_options options = {.seed = 1, .start_us = 1772366400000000};
  if (hs_sim_open(&options, &sink.sim, NULL) != HS_OK)
    return -1;
  hs_log_set(HS_LOG_INFO, hs_sim_io(sink.sim), keep, &sink);
  *state = &sink;
  return 0;
}

static int close_sink(void **state)
{
  hs_log_set(HS_LOG_WARN, NULL, NULL, NULL);
  hs_sim_close(((struct sink *)*state)->sim);
  return 0;
}

static void a_line_has_moment_level_room_and_words(void **state)
{
  const struct sink *sink = *state;
  hs_log(HS_LOG_WARN, "journal", "segment is full segment=%d", 7);
  assert_string_equal(sink->text, "2026-03-01T12:00:00Z warn journal: segment is full segment=7\n");
}

static void lines_above_the_level_are_dropped(void **state)
{
  const struct sink *sink = *state;
  hs_log(HS_LOG_DEBUG, "journal", "no");
  assert_int_equal(sink->lines, 0);
  hs_log(HS_LOG_INFO, "journal", "yes");
  hs_log(HS_LOG_ERROR, "journal", "yes");
  assert_int_equal(sink->lines, 2);
  assert_non_null(strstr(sink->text, " info journal: yes\n"));
  assert_non_null(strstr(sink->text, " error journal: yes\n"));
}

static void a_text_cannot_break_its_line_or_drive_the_terminal(void **state)
{
  const struct sink *sink = *state;
  hs_log(HS_LOG_WARN, "edge", "%s", "a\nb\r\tc\x1b[31m\x7f\xC3\xA9");
  assert_non_null(strstr(sink->text, "edge: a\\nb\\r\tc\\x1b[31m\\x7f\xC3\xA9\n"));
}

static void a_long_line_is_cut_and_still_ends(void **state)
{
  const struct sink *sink = *state;
  char text[5000];
  memset(text, '\n', sizeof text - 1); /* each becomes two bytes */
  text[sizeof text - 1] = '\0';
  hs_log(HS_LOG_WARN, "edge", "%s", text);
  assert_in_range(sink->length, 2000, 2048);
  assert_int_equal(sink->text[sink->length - 1], '\n');
  assert_ptr_equal(strchr(sink->text, '\n'), sink->text + sink->length - 1);
}

static void without_a_sink_lines_go_to_standard_error([[maybe_unused]] void **state)
{
  int ends[2];
  char got[256] = "";
  assert_int_equal(pipe(ends), 0);
  int saved = dup(STDERR_FILENO);
  assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
  hs_log_set(HS_LOG_WARN, NULL, NULL, NULL);
  hs_log(HS_LOG_ERROR, "base", "to the person at the terminal");
  assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
  assert_true(read(ends[0], got, sizeof got - 1) > 0);
  assert_non_null(strstr(got, "Z error base: to the person at the terminal\n"));
  (void)close(saved);
  (void)close(ends[0]);
  (void)close(ends[1]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_line_has_moment_level_room_and_words, open_sink,
                                      close_sink),
      cmocka_unit_test_setup_teardown(lines_above_the_level_are_dropped, open_sink, close_sink),
      cmocka_unit_test_setup_teardown(a_text_cannot_break_its_line_or_drive_the_terminal, open_sink,
                                      close_sink),
      cmocka_unit_test_setup_teardown(a_long_line_is_cut_and_still_ends, open_sink, close_sink),
      cmocka_unit_test_setup_teardown(without_a_sink_lines_go_to_standard_error, open_sink,
                                      close_sink),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
