/* hs_joint_added_read, and the documents of confirmations: what is refused has a fault; what is
   accepted has lines that a sheet takes, each confirmed by whoever adds it and by nobody else,
   private ones its own, and a form of its own that is read as the same lines again. */
#include "fuzz.h"

#include "service/joint/joint_added.h"

static size_t fault_count;

static void note_fault([[maybe_unused]] void *context, const char *path, const char *words)
{
  HS_ASSERT(path != NULL && words[0] != '\0');
  fault_count++;
}

static struct hs_joint_terms terms_of_two(void)
{
  return (struct hs_joint_terms){
      .lines = {.side_count = 2,
                .sides = {HS_STR("brand.example"), HS_STR("trails.example")},
                .hour_rates = {{6500, 2}, {0, -1}},
                .day_hours = {8, 0},
                .from_day = 20697, /* September 2026 */
                .until_day = 20727,
                .currency = {"EUR"}},
      .others = HS_NOBODY};
}

static void check_lines(const struct hs_joint_added *added)
{
  HS_ASSERT(hs_joint_check(added->lines, added->count, 2, NULL) == HS_OK);
  for (size_t i = 0; i < added->count; i++) {
    HS_ASSERT(added->lines[i].confirmed == 1U << 1);
    HS_ASSERT(!added->lines[i].is_private || added->lines[i].side == 1);
  }
}

static void check_added(struct hs_str json, struct hs_arena *arena)
{
  const struct hs_joint_terms terms = terms_of_two();
  struct hs_joint_added added, again;
  struct hs_str canonical, same;
  struct hs_err err = {0};
  fault_count = 0;
  enum hs_status status =
      hs_joint_added_read(json, &terms, 1, arena, &added, &canonical, note_fault, NULL, &err);
  if (status != HS_OK) {
    HS_ASSERT(err.text[0] != '\0');
    return;
  }
  HS_ASSERT(fault_count == 0);
  check_lines(&added);
  status = hs_joint_added_read(canonical, &terms, 1, arena, &again, &same, NULL, NULL, &err);
  if (status == HS_NOMEM)
    return;
  HS_ASSERT(status == HS_OK && again.count == added.count && hs_str_equal(canonical, same));
  for (size_t i = 0; i < added.count; i++)
    HS_ASSERT(again.lines[i].amount_minor == added.lines[i].amount_minor);
}

static void check_stood_by(struct hs_str json, struct hs_arena *arena)
{
  struct hs_joint_stood_by *lines = NULL;
  struct hs_joint_stood_by *again = NULL;
  struct hs_buf buf = hs_buf_in(arena);
  size_t count = 0;
  size_t same = 0;
  if (hs_joint_stood_by_read(json, arena, &lines, &count, NULL) != HS_OK)
    return;
  hs_joint_stood_by_write(lines, count, &buf);
  if (buf.is_bad)
    return;
  enum hs_status status = hs_joint_stood_by_read(hs_buf_str(&buf), arena, &again, &same, NULL);
  HS_ASSERT(status == HS_NOMEM || (status == HS_OK && same == count));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct hs_arena arena = {0};
  if (hs_arena_init(&arena, 64 * HS_MIB, NULL) != HS_OK)
    return 0;
  check_added((struct hs_str){(const char *)data, size}, &arena);
  hs_arena_reset(&arena, 0);
  check_stood_by((struct hs_str){(const char *)data, size}, &arena);
  hs_arena_release(&arena);
  return 0;
}
