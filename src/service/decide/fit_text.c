#include <math.h>
#include <stdio.h>

#include "service/decide/fit.h"
#include "service/json_member.h"

enum { NAME_WIDTH = 16, VALUES_FROM = 100 };

const char *hs_fit_verdict_words(enum hs_fit_verdict verdict)
{
  static const char *const WORDS[] = {
      [HS_FIT_UNDECIDED] =
          "Whether they want the same cannot be told from this. Ask for more before "
          "anything is signed.",
      [HS_FIT_SAME] = "Similar audience, same intent: their people look like ours and want what "
                      "ours want.",
      [HS_FIT_TRAP] =
          "Similar audience, different intent. This is the usual trap: their people look "
          "like ours and want something else. Reach will come, and few orders.",
      [HS_FIT_HIDDEN] =
          "Different audience, same intent: their people look different and want what "
          "ours want. Demographics alone would have missed this one.",
      [HS_FIT_NEITHER] = "Different audience, different intent: neither who they are nor what they "
                         "want is what we know from ours.",
      [HS_FIT_SAME_INTENT] =
          "Same intent. Whether the audience is a similar one cannot be told, and "
          "matters less.",
      [HS_FIT_DIFFERENT_INTENT] =
          "Different intent. Whether the audience is a similar one cannot be "
          "told; if it is, that is the usual trap.",
  };
  return WORDS[verdict];
}

static const char *gap_words(enum hs_fit_gap gap)
{
  static const char *const WORDS[] = {
      [HS_FIT_NO_GAP] = "",
      [HS_FIT_ONE_SIDE] = "only one side says anything of it",
      [HS_FIT_TOO_FEW] = "fewer than 30 people on one side",
      [HS_FIT_NO_REPEATS] = "no value occurs twice",
      [HS_FIT_UNCERTAIN] = "the interval holds both",
  };
  return WORDS[gap];
}

void hs_fit_likeness_words(const struct hs_fit_overlap *overlap, struct hs_buf *out)
{
  static const char *const WORDS[] = {"alike", "different", "cannot tell yet: "};
  hs_buf_add_text(out, WORDS[overlap->likeness]);
  if (overlap->likeness != HS_FIT_CANNOT_TELL)
    return;
  hs_buf_add_text(out, gap_words(overlap->gap));
  if (!isnan(overlap->needed))
    hs_buf_printf(out, "; some %.0f people of each would decide", overlap->needed);
}

const char *hs_fit_meaning_words(void)
{
  return "Overlap is Morisita's index, 0 to 1, with its interval at 95 %: how much more often one "
         "of ours and one of theirs have the same value than two of one side. Alike is .60 or "
         "above with the whole interval. It says what people wanted so far, and not that they will "
         "buy.";
}

/* ---- text ---- */

static void shown(struct hs_buf *out, struct hs_str text, size_t width)
{
  size_t used = hs_buf_add_shown(out, text, width);
  hs_buf_printf(out, "%*s", (int)(width - used), "");
}

static void figures(struct hs_buf *out, const struct hs_fit_overlap *overlap)
{
  hs_buf_printf(out, "%9.0f %9.0f ", overlap->ours, overlap->theirs);
  if (isnan(overlap->overlap))
    hs_buf_add_text(out, "      –  ");
  else
    hs_buf_printf(out, "%7.2f  (%.2f–%.2f)  ", overlap->overlap, overlap->low, overlap->high);
}

static void line(struct hs_buf *out, struct hs_str name, const struct hs_fit_overlap *overlap)
{
  hs_buf_add_text(out, "  ");
  shown(out, name, NAME_WIDTH);
  figures(out, overlap);
  hs_fit_likeness_words(overlap, out);
  hs_buf_add_char(out, '\n');
}

/* Of a side that says nothing of the dimension there is no share. */
static void share(struct hs_buf *out, double people, double all, const char *whose)
{
  if (all > 0)
    hs_buf_printf(out, "  %3.0f %% of %s", 100 * people / all, whose);
}

static void values(struct hs_buf *out, const struct hs_fit_dimension *dimension)
{
  size_t count = dimension->value_count < HS_FIT_TOP ? dimension->value_count : HS_FIT_TOP;
  for (size_t i = 0; i < count; i++) {
    const struct hs_fit_value *value = &dimension->values[i];
    hs_buf_add_text(out, "      ");
    shown(out, value->text, 36);
    share(out, value->ours, dimension->overlap.ours, "ours");
    share(out, value->theirs, dimension->overlap.theirs, "theirs");
    hs_buf_add_char(out, '\n');
  }
}

static void about_text(const struct hs_fit *fit, enum hs_fit_about about, const char *title,
                       struct hs_buf *out)
{
  hs_buf_printf(out, "\n%s\n  %-*s%9s %9s %9s\n", title, NAME_WIDTH, "", "ours", "theirs",
                "overlap");
  for (size_t i = 0; i < fit->dimension_count; i++) {
    const struct hs_fit_dimension *dimension = &fit->dimensions[i];
    if (dimension->about != about)
      continue;
    line(out, dimension->name, &dimension->overlap);
    values(out, dimension);
  }
  line(out, HS_STR("together"), &fit->about[about]);
}

void hs_fit_text(const struct hs_fit *fit, int width, struct hs_buf *out)
{
  hs_buf_add_wrapped(out, hs_str_of(hs_fit_verdict_words(fit->verdict)), (size_t)width, 0);
  about_text(fit, HS_FIT_INTENT, "What they want", out);
  about_text(fit, HS_FIT_DEMOGRAPHICS, "Who they are", out);
  hs_buf_add_char(out, '\n');
  hs_buf_add_wrapped(out, hs_str_of(hs_fit_meaning_words()), (size_t)width, 0);
  if (fit->unread_count == 0)
    return;
  hs_buf_add_text(out, "Columns that are no dimension and were not read:");
  for (size_t i = 0; i < fit->unread_count; i++) {
    hs_buf_add_char(out, ' ');
    (void)hs_buf_add_shown(out, fit->unread[i], 40);
  }
  hs_buf_add_char(out, '\n');
}

/* ---- JSON ---- */

static void overlap_json(struct hs_buf *out, const struct hs_fit_overlap *overlap)
{
  hs_json_number(out, "ours", overlap->ours);
  hs_json_number(out, "theirs", overlap->theirs);
  hs_json_number(out, "overlap", overlap->overlap);
  hs_json_number(out, "low", overlap->low);
  hs_json_number(out, "high", overlap->high);
  hs_json_text(out, "likeness", hs_str_of(hs_fit_likeness_name(overlap->likeness)));
  hs_json_key(out, "cannot_tell_why");
  if (overlap->gap == HS_FIT_NO_GAP)
    hs_buf_add_text(out, "null");
  else
    hs_buf_printf(out, "\"%s\"", hs_fit_gap_name(overlap->gap));
  hs_json_number(out, "people_that_would_decide", overlap->needed);
}

static void dimension_json(struct hs_buf *out, const struct hs_fit_dimension *dimension)
{
  hs_buf_add_char(out, '{');
  hs_json_text(out, "dimension", dimension->name);
  hs_json_text(out, "about", hs_str_of(hs_fit_about_name(dimension->about)));
  overlap_json(out, &dimension->overlap);
  hs_json_key(out, "values");
  hs_buf_add_char(out, '[');
  for (size_t i = 0; i < dimension->value_count; i++) {
    hs_buf_add_text(out, i == 0 ? "{" : ",{");
    hs_json_text(out, "value", dimension->values[i].text);
    hs_json_number(out, "ours", dimension->values[i].ours);
    hs_json_number(out, "theirs", dimension->values[i].theirs);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_text(out, "]}");
}

void hs_fit_json(const struct hs_fit *fit, struct hs_buf *out)
{
  hs_buf_add_char(out, '{');
  hs_json_text(out, "verdict", hs_str_of(hs_fit_verdict_name(fit->verdict)));
  hs_json_text(out, "words", hs_str_of(hs_fit_verdict_words(fit->verdict)));
  hs_json_number(out, "level", HS_FIT_LEVEL);
  hs_json_number(out, "alike_from", HS_FIT_ALIKE_FROM);
  for (int about = 0; about < HS_FIT_ABOUT_COUNT; about++) {
    hs_json_key(out, hs_fit_about_name((enum hs_fit_about)about));
    hs_buf_add_char(out, '{');
    overlap_json(out, &fit->about[about]);
    hs_buf_add_char(out, '}');
  }
  hs_json_key(out, "dimensions");
  hs_buf_add_char(out, '[');
  for (size_t i = 0; i < fit->dimension_count; i++) {
    hs_buf_add_text(out, i == 0 ? "" : ",\n");
    dimension_json(out, &fit->dimensions[i]);
  }
  hs_buf_add_char(out, ']');
  hs_json_key(out, "rows_rejected");
  hs_buf_printf(out, "%llu}\n", (unsigned long long)fit->reject_count);
}

/* ---- CSV ---- */

void hs_fit_csv(const struct hs_fit *fit, struct hs_buf *out)
{
  hs_buf_add_text(out, "dimension,about,value,ours,theirs\n");
  for (size_t i = 0; i < fit->dimension_count; i++) {
    const struct hs_fit_dimension *dimension = &fit->dimensions[i];
    for (size_t k = 0; k < dimension->value_count; k++) {
      hs_buf_add_csv_safe(out, dimension->name);
      hs_buf_printf(out, ",%s,", hs_fit_about_name(dimension->about));
      hs_buf_add_csv_safe(out, dimension->values[k].text);
      hs_buf_printf(out, ",%.0f,%.0f\n", dimension->values[k].ours, dimension->values[k].theirs);
    }
  }
}
