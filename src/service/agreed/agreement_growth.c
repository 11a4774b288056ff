#include "service/agreed/agreement_growth.h"

#include <inttypes.h>
#include <stdio.h>

#define SHOWN_MAX ((size_t)1000)

/* ---- what it is ---- */

static const char *const SHARED_WORDS[] = {"not shared", "shared", "not known"};

static void say_answer(const struct hs_nature *nature, enum hs_nature_question question,
                       size_t width, struct hs_buf *out)
{
  const struct hs_nature_answer *answer = &nature->answers[question];
  struct hs_buf line = hs_buf_in(out->arena);
  hs_buf_printf(&line, "on paper %s: %s", SHARED_WORDS[answer->on_paper], answer->paper);
  hs_buf_printf(&line, "; in practice %s", SHARED_WORDS[answer->in_practice]);
  if (answer->evidence.data != NULL) {
    hs_buf_add_text(&line, ": ");
    hs_buf_add_shown(&line, answer->evidence, SHOWN_MAX);
  }
  hs_buf_fail_with(out, &line);
  hs_buf_printf(out, "%-11s", hs_nature_question_words(question));
  hs_buf_add_wrapped(out, hs_buf_str(&line), width, 11);
}

static const char *a_kind(enum hs_nature_kind kind)
{
  static const char *const WORDS[] = {"a vendor contract", "an affiliate agreement",
                                      "co-marketing",      "a joint venture",
                                      "an alliance",       "nobody knows"};
  return WORDS[kind];
}

int hs_nature_differs_from_name(const struct hs_nature *nature, char out[HS_NATURE_WORDS])
{
  (void)snprintf(out, HS_NATURE_WORDS, "called %s, written as %s", a_kind(nature->called),
                 a_kind(nature->on_paper));
  return nature->called != nature->on_paper;
}

int hs_nature_differs_in_practice(const struct hs_nature *nature, char out[HS_NATURE_WORDS])
{
  (void)snprintf(out, HS_NATURE_WORDS, "structured as %s, managed as %s", a_kind(nature->on_paper),
                 a_kind(nature->in_practice));
  return nature->in_practice != HS_NATURE_CANNOT_TELL && nature->in_practice != nature->on_paper;
}

void hs_agreement_kind_say(const struct hs_nature *nature, size_t width, struct hs_buf *out)
{
  char words[HS_NATURE_WORDS];
  for (enum hs_nature_question q = 0; q < HS_NATURE_QUESTION_COUNT; q++)
    say_answer(nature, q, width, out);
  hs_buf_printf(out, "\ncalled       %s\non paper     %s\nin practice  %s\n",
                hs_nature_kind_words(nature->called), hs_nature_kind_words(nature->on_paper),
                hs_nature_kind_words(nature->in_practice));
  if (hs_nature_differs_from_name(nature, words))
    hs_buf_printf(out, "%s\n", words);
  if (hs_nature_differs_in_practice(nature, words))
    hs_buf_printf(out, "%s\n", words);
}

static void add_shared(const char *name, enum hs_shared shared, struct hs_buf *out)
{
  static const char *const VALUES[] = {"false", "true", "null"};
  hs_buf_printf(out, ",\"%s\":%s", name, VALUES[shared]);
}

void hs_agreement_kind_json(const struct hs_nature *nature, struct hs_buf *out)
{
  char words[HS_NATURE_WORDS];
  int is_other =
      hs_nature_differs_from_name(nature, words) || hs_nature_differs_in_practice(nature, words);
  hs_buf_printf(out, "{\"called\":\"%s\",\"on_paper\":\"%s\",\"in_practice\":\"%s\",\"agree\":%s,",
                hs_nature_kind_words(nature->called), hs_nature_kind_words(nature->on_paper),
                hs_nature_kind_words(nature->in_practice), is_other ? "false" : "true");
  hs_buf_add_text(out, "\"questions\":[");
  for (enum hs_nature_question q = 0; q < HS_NATURE_QUESTION_COUNT; q++) {
    const struct hs_nature_answer *answer = &nature->answers[q];
    hs_buf_printf(out, "%s{\"question\":\"%s\"", q > 0 ? "," : "", hs_nature_question_words(q));
    add_shared("on_paper", answer->on_paper, out);
    hs_buf_add_text(out, ",\"because\":");
    hs_buf_add_json(out, hs_str_of(answer->paper));
    add_shared("in_practice", answer->in_practice, out);
    hs_buf_add_text(out, ",\"evidence\":");
    if (answer->evidence.data != NULL)
      hs_buf_add_json(out, answer->evidence);
    else
      hs_buf_add_text(out, "null");
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_text(out, "]}\n");
}

/* ---- the next step ---- */

enum hs_status hs_track_record_file_read(const struct hs_io *io, const char *path,
                                         struct hs_arena *arena, struct hs_track_record *out,
                                         hs_fault_fn fault, void *context, struct hs_err *err)
{
  struct hs_str text = {0};
  enum hs_status status = hs_io_read_file(io, arena, path, HS_AGREEMENT_BYTES_MAX, &text, err);
  if (status != HS_OK)
    return status;
  status = hs_track_record_read(text, arena, out, fault, context, err);
  if (status == HS_INVALID)
    hs_err_prefix(err, "%s", path);
  return status;
}

static const char *const STEPS[] = {"co-marketing", "joint venture", "alliance"};

static void say_reading(const struct hs_ladder_demand *demand, const struct hs_ladder *ladder,
                        enum hs_ladder_criterion criterion, struct hs_buf *out)
{
  const struct hs_ladder_reading *reading = &ladder->readings[criterion];
  const char *side = hs_ladder_is_at_most(criterion) ? "at most" : "at least";
  double bound = demand->bound[criterion];
  hs_buf_printf(out, "%-16s %s: ", hs_ladder_verdict_words(reading->verdict),
                hs_ladder_criterion_words(criterion));
  if (!hs_ladder_is_part(criterion))
    hs_buf_printf(out, "%.0f, %s %.0f\n", reading->figure, side, bound);
  else if (reading->sample == 0)
    hs_buf_printf(out, "none to count, %s %.0f %%\n", side, 100 * bound);
  else
    hs_buf_printf(out, "%.1f %% (%.1f to %.1f %%) of %" PRId64 ", %s %.0f %%\n",
                  100 * reading->figure, 100 * reading->low, 100 * reading->high, reading->sample,
                  side, 100 * bound);
}

void hs_agreement_growth_say(const struct hs_agreement_file *file,
                             const struct hs_track_record *record, struct hs_buf *out)
{
  struct hs_ladder ladder;
  int32_t kind = file->agreement.kind;
  if (kind == HS_KIND_ALLIANCE) {
    hs_buf_add_text(out, "an alliance is the last step of the growth path\n");
    return;
  }
  hs_ladder_judge(record, &hs_ladder_usual[kind], &ladder);
  hs_buf_printf(out, "next step: %s\n\n", STEPS[kind]);
  for (enum hs_ladder_criterion c = 0; c < HS_LADDER_CRITERION_COUNT; c++)
    if (ladder.readings[c].is_asked)
      say_reading(&hs_ladder_usual[kind], &ladder, c, out);
  hs_buf_printf(out, "\nin all: %s\n", hs_ladder_verdict_words(ladder.verdict));
  hs_buf_add_text(out, "A part is met, or not, when its whole interval (Wilson, 95 %) is on that "
                       "side.\n");
}

static void add_reading(const struct hs_ladder_demand *demand, const struct hs_ladder *ladder,
                        enum hs_ladder_criterion criterion, struct hs_buf *out)
{
  const struct hs_ladder_reading *reading = &ladder->readings[criterion];
  hs_buf_printf(out, "{\"criterion\":\"%s\",\"verdict\":\"%s\",\"figure\":",
                hs_ladder_criterion_words(criterion), hs_ladder_verdict_words(reading->verdict));
  hs_buf_add_double(out, reading->figure);
  if (hs_ladder_is_part(criterion)) {
    hs_buf_add_text(out, ",\"low\":");
    hs_buf_add_double(out, reading->low);
    hs_buf_add_text(out, ",\"high\":");
    hs_buf_add_double(out, reading->high);
    hs_buf_printf(out, ",\"sample\":%" PRId64, reading->sample);
  }
  hs_buf_printf(out, ",\"%s\":", hs_ladder_is_at_most(criterion) ? "at_most" : "at_least");
  hs_buf_add_double(out, demand->bound[criterion]);
  hs_buf_add_char(out, '}');
}

void hs_agreement_growth_json(const struct hs_agreement_file *file,
                              const struct hs_track_record *record, struct hs_buf *out)
{
  struct hs_ladder ladder;
  int32_t kind = file->agreement.kind;
  int is_first = 1;
  if (kind == HS_KIND_ALLIANCE) {
    hs_buf_add_text(out, "{\"next\":null}\n");
    return;
  }
  hs_ladder_judge(record, &hs_ladder_usual[kind], &ladder);
  hs_buf_printf(out, "{\"next\":\"%s\",\"verdict\":\"%s\",\"criteria\":[", STEPS[kind],
                hs_ladder_verdict_words(ladder.verdict));
  for (enum hs_ladder_criterion c = 0; c < HS_LADDER_CRITERION_COUNT; c++) {
    if (!ladder.readings[c].is_asked)
      continue;
    hs_buf_add_text(out, is_first ? "" : ",");
    is_first = 0;
    add_reading(&hs_ladder_usual[kind], &ladder, c, out);
  }
  hs_buf_add_text(out, "]}\n");
}
