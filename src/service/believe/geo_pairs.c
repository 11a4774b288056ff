#include "service/believe/geo_pairs.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "service/believe/geo_words.h"
#include "service/json_member.h"

/* This share of the pairs has no say at each end. The authors choose it by the least standard error
   of the same figures; on twelve pairs without an effect that finds one in a tenth of the worlds at
   nominal 5 %, a share that is fixed in 6 %. */
#define TRIM 0.1

static int is_treated(const struct hs_geo_figures *file, size_t unit)
{
  for (size_t i = 0; i < file->treated_count; i++)
    if (file->treated[i] == unit)
      return 1;
  return 0;
}

/* The one other unit of the pair, which must not be treated; unit_count when it is not so. */
static size_t find_partner(const struct hs_geo_figures *file, size_t treated)
{
  size_t partner = file->panel.unit_count;
  for (size_t unit = 0; unit < file->panel.unit_count; unit++) {
    if (unit == treated || !hs_str_equal(file->pairs[unit], file->pairs[treated]))
      continue;
    if (partner < file->panel.unit_count || is_treated(file, unit))
      return file->panel.unit_count;
    partner = unit;
  }
  return partner;
}

static double sum_between(const struct hs_panel *panel, size_t unit, size_t from, size_t to)
{
  double sum = 0;
  for (size_t k = from; k < to; k++)
    sum += panel->values[unit * panel->period_count + k];
  return sum;
}

/* Outcomes over [from, to), costs over the window. */
static enum hs_status make_pairs(const struct hs_geo_figures *file, size_t from, size_t to,
                                 struct hs_matched_pair *out, struct hs_err *err)
{
  for (size_t i = 0; i < file->treated_count; i++) {
    size_t with = file->treated[i];
    size_t without = find_partner(file, with);
    if (without == file->panel.unit_count)
      return hs_fail(err, HS_INVALID, "pair '%.*s' is not one treated region and one other",
                     HS_STR_ARG(file->pairs[with]));
    out[i].outcome =
        sum_between(&file->panel, with, from, to) - sum_between(&file->panel, without, from, to);
    out[i].cost = sum_between(&file->costs, with, file->start, file->panel.period_count) -
                  sum_between(&file->costs, without, file->start, file->panel.period_count);
  }
  return HS_OK;
}

static enum hs_status match(struct hs_arena *arena, const struct hs_geo_pairs_answer *answer,
                            const struct hs_matched_pair *pairs, struct hs_trimmed_result *out,
                            struct hs_err *err)
{
  const struct hs_trimmed_input input = {
      .pairs = pairs, .count = answer->pair_count, .trim = TRIM, .level = answer->request.level};
  return hs_trimmed_match(arena, &input, out, err);
}

static enum hs_status run_placebo(struct hs_arena *arena, const struct hs_geo_figures *file,
                                  struct hs_matched_pair *pairs, struct hs_geo_pairs_answer *answer,
                                  struct hs_err *err)
{
  size_t window = file->panel.period_count - file->start;
  struct hs_trimmed_result placebo;
  answer->placebo_p = (double)NAN;
  if (file->start < window)
    return HS_OK;
  enum hs_status status = make_pairs(file, file->start - window, file->start, pairs, err);
  if (status == HS_OK)
    status = match(arena, answer, pairs, &placebo, err);
  if (status == HS_OK)
    answer->placebo_p = placebo.p;
  return status == HS_INSUFFICIENT ? HS_OK : status;
}

static void judge(struct hs_geo_pairs_answer *answer)
{
  const struct hs_trimmed_result *result = &answer->result;
  answer->grade = HS_GRADE_D;
  if (isnan(answer->placebo_p))
    answer->grade_because = "the periods before the start hold no window to try the method on";
  else if (answer->placebo_p <= 1 - answer->request.level)
    answer->grade_because = "the pairs differed before the start already";
  else {
    answer->grade = HS_GRADE_B;
    answer->grade_because = "the pairs were alike before the start; that lots were drawn a file "
                            "cannot show";
  }
  if (isnan(result->low)) {
    answer->verdict = HS_INFLUENCE_REFUSED;
    answer->refused_because = "the pairs do not bound the return: any is compatible with them";
  } else {
    answer->verdict = result->low > 0    ? HS_INFLUENCE_UP
                      : result->high < 0 ? HS_INFLUENCE_DOWN
                                         : HS_INFLUENCE_UNDETERMINED;
  }
}

enum hs_status hs_geo_pairs_file(struct hs_arena *arena, const struct hs_io *io,
                                 const struct hs_geo_request *request,
                                 hs_figures_reject_fn on_reject, void *context,
                                 struct hs_geo_pairs_answer *out, struct hs_err *err)
{
  struct hs_geo_figures file;
  struct hs_geo_pairs_answer answer = {.request = *request};
  HS_ASSERT(request->cost.data != NULL && request->pair.data != NULL);
  enum hs_status status = hs_geo_read(arena, io, request, on_reject, context, &file, err);
  if (status != HS_OK)
    return status;
  struct hs_matched_pair *pairs = hs_arena_alloc(arena, file.treated_count, sizeof *pairs);
  if (pairs == NULL)
    return hs_arena_full(arena, "pairs of regions", err);
  answer.pair_count = file.treated_count;
  status = make_pairs(&file, file.start, file.panel.period_count, pairs, err);
  if (status == HS_OK)
    status = match(arena, &answer, pairs, &answer.result, err);
  if (status == HS_OK)
    status = run_placebo(arena, &file, pairs, &answer, err);
  if (status != HS_OK)
    return status;
  answer.from = file.panel.periods[file.start];
  answer.until = file.panel.periods[file.panel.period_count - 1];
  answer.row_count = file.row_count;
  answer.reject_count = file.reject_count;
  judge(&answer);
  if (file.is_interim && answer.verdict != HS_INFLUENCE_REFUSED)
    answer.verdict = HS_INFLUENCE_INTERIM;
  *out = answer;
  return HS_OK;
}

void hs_geo_pairs_json(const struct hs_geo_pairs_answer *answer, struct hs_buf *out)
{
  const struct hs_trimmed_result *result = &answer->result;
  hs_buf_add_text(out, "{\"method\":\"tm\"");
  hs_json_number(out, "return", result->value);
  hs_json_number(out, "low", result->low);
  hs_json_number(out, "high", result->high);
  hs_json_number(out, "p", result->p);
  hs_json_number(out, "standard_error", result->error);
  hs_json_number(out, "incremental", result->incremental);
  hs_buf_printf(out, ",\"pairs\":{\"count\":%zu,\"trimmed_at_each_end\":%zu}", answer->pair_count,
                result->trim_count);
  hs_buf_printf(out, ",\"grade\":\"%s\"", hs_grade_name(answer->grade));
  hs_json_text(out, "evidence", hs_str_of(hs_grade_word(answer->grade)));
  hs_json_text(out, "grade_because", hs_str_of(answer->grade_because));
  hs_json_text(out, "verdict", hs_str_of(hs_influence_verdict_name(answer->verdict)));
  hs_json_text(out, "refused_because", hs_str_of(answer->refused_because));
  hs_json_number(out, "level", answer->request.level);
  hs_json_number(out, "placebo_p", answer->placebo_p);
  hs_json_text(out, "from", answer->from);
  hs_json_text(out, "until", answer->until);
  hs_buf_printf(out, ",\"rows\":{\"read\":%zu,\"rejected\":%llu}}\n", answer->row_count,
                (unsigned long long)answer->reject_count);
}

static void wrapped(struct hs_buf *out, int width, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void wrapped(struct hs_buf *out, int width, const char *format, ...)
{
  struct hs_buf line = hs_buf_in(out->arena);
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (length > 0)
    hs_buf_add_text(&line, text);
  hs_buf_fail_with(out, &line);
  hs_buf_add_wrapped(out, hs_buf_str(&line), (size_t)width, 0);
}

static const char *verdict_words(const struct hs_geo_pairs_answer *answer)
{
  switch (answer->verdict) {
  case HS_INFLUENCE_REFUSED:
    return answer->refused_because;
  case HS_INFLUENCE_INTERIM:
    return "a look before the registered end: figures and no verdict";
  case HS_INFLUENCE_UNDETERMINED:
    return "cannot tell yet: no return at all is compatible, too";
  case HS_INFLUENCE_UP:
    return "it brought more than nothing";
  case HS_INFLUENCE_DOWN:
    return "it cost outcome";
  }
  return "";
}

void hs_geo_pairs_text(const struct hs_geo_pairs_answer *answer, int width, struct hs_buf *out)
{
  const struct hs_trimmed_result *result = &answer->result;
  char value[HS_GEO_FIGURE_TEXT];
  char total[HS_GEO_FIGURE_TEXT];
  char range[HS_GEO_RANGE_TEXT];
  hs_geo_figure(result->value, fabs(result->value), value);
  hs_geo_figure(result->incremental, fabs(result->incremental), total);
  hs_geo_range(result->low, result->high, fabs(result->value), range);
  hs_buf_printf(out, "Return of a unit of cost   %s   (%.4g %% interval: %s)\n", value,
                100 * answer->request.level, range);
  hs_buf_printf(out, "In all                     %s\n\n", total);
  wrapped(out, width, "Verdict: %s. p = %.3g that a unit of cost brings nothing.",
          verdict_words(answer), result->p);
  wrapped(out, width, "Evidence: %s (grade %s): %s.", hs_grade_word(answer->grade),
          hs_grade_name(answer->grade), answer->grade_because);
  wrapped(out, width,
          "From %zu pairs of regions, of which the %zu with the largest and the %zu with the "
          "smallest differences have no say.",
          answer->pair_count, result->trim_count, result->trim_count);
  if (!isnan(answer->placebo_p))
    wrapped(out, width, "The outcomes of as many periods before the start give p = %.3g.",
            answer->placebo_p);
}
