#include "service/believe/lines_show.h"

#include "measure/influence/influence.h"
#include "service/json_member.h"

static void line_add(const struct hs_lines_view *view, const struct hs_lines_line *line,
                     enum hs_lines_kind kind, struct hs_buf *out)
{
  struct hs_buf because = hs_buf_in(out->arena);
  hs_words_line(view, line, kind, &because);
  hs_buf_fail_with(out, &because);
  hs_json_key(out, hs_lines_kind_name(kind));
  hs_buf_add_char(out, '{');
  hs_json_text(out, "verdict", hs_str_of(hs_lines_verdict_name(line->verdict)));
  if (line->gap == HS_LINES_NO_GAP) {
    hs_json_key(out, "cannot_tell_why");
    hs_buf_add_text(out, "null");
  } else {
    hs_json_text(out, "cannot_tell_why", hs_str_of(hs_lines_gap_name(line->gap)));
  }
  hs_json_text(out, "because", hs_buf_str(&because));
  hs_json_count(out, "count", line->count);
  hs_json_count(out, "of", line->of);
  hs_json_number(out, "share", line->share);
  hs_json_number(out, "low", line->low);
  hs_json_number(out, "high", line->high);
  hs_json_number(out, "ratio", line->ratio);
  hs_json_number(out, "ratio_low", line->ratio_low);
  hs_json_number(out, "ratio_high", line->ratio_high);
  hs_json_number(out, "p", line->p);
  hs_json_number(out, "p_adjusted", line->p_adjusted);
  hs_json_number(out, "detectable_ratio", line->detectable);
  hs_buf_add_char(out, '}');
}

static void rank_add(const struct hs_lines_place *rank, struct hs_buf *out)
{
  hs_json_key(out, "rank");
  if (!rank->is_ranked) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_add_char(out, '{');
  hs_json_count(out, "by_lines", rank->line_rank);
  hs_json_count(out, "by_last_click", rank->tracked_rank);
  hs_json_number(out, "share_by_lines", rank->line_share);
  hs_json_number(out, "share_by_last_click", rank->tracked_share);
  hs_json_number(out, "places_higher", rank->gap);
  hs_json_number(out, "places_higher_low", rank->gap_low);
  hs_json_number(out, "places_higher_high", rank->gap_high);
  hs_json_number(out, "share_of_draws_above", rank->above);
  hs_buf_add_char(out, '}');
}

static void partner_add(const struct hs_lines_view *view, const struct hs_lines_partner *partner,
                        struct hs_buf *out)
{
  hs_buf_add_char(out, '{');
  hs_json_text(out, "name", partner->name);
  hs_json_text(out, "title", partner->title);
  hs_json_flag(out, "undervalued_by_last_click", partner->rank.is_undervalued);
  rank_add(&partner->rank, out);
  hs_json_key(out, "lines");
  hs_buf_add_char(out, '{');
  for (int kind = 0; kind < HS_LINES_KIND_COUNT; kind++)
    line_add(view, &partner->lines[kind], (enum hs_lines_kind)kind, out);
  hs_buf_add_text(out, "}}");
}

void hs_lines_json(const struct hs_lines_view *view, struct hs_buf *out)
{
  hs_buf_add_char(out, '{');
  hs_json_text(out, "view", HS_STR("influence"));
  hs_json_text(out, "grade", hs_str_of(hs_grade_name(HS_GRADE_D)));
  hs_json_text(out, "grade_meaning", hs_str_of(hs_grade_meaning(HS_GRADE_D)));
  if (view->has_record) {
    hs_json_moment(out, "record_begins", view->record_us);
    hs_json_moment(out, "until", view->until_us);
  }
  hs_json_count(out, "compared_days", 7 * view->window_weeks);
  hs_json_count(out, "memory_days", HS_LINES_MEMORY_DAYS);
  hs_json_number(out, "memory_days_of_comparison", (double)view->memory_days);
  hs_json_number(out, "level", HS_LINES_LEVEL);
  hs_json_number(out, "false_share", HS_LINES_FALSE_SHARE);
  hs_json_count(out, "answers", view->answers);
  hs_json_count(out, "answers_matched_by_text", view->answers_matched);
  hs_json_count(out, "answers_that_name_no_partner", view->answers_unnamed);
  hs_json_flag(out, "searches_recorded", view->has_searches);
  hs_json_flag(out, "searches_have_a_control", view->has_control);
  hs_json_key(out, "partners");
  hs_buf_add_char(out, '[');
  for (size_t i = 0; i < view->partner_count; i++) {
    hs_buf_add_text(out, i == 0 ? "" : ",\n");
    partner_add(view, &view->partners[i], out);
  }
  hs_buf_add_text(out, "]}");
}
