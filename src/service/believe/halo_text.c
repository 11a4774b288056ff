/* The halo table for a terminal. */
#include "service/believe/halo_priv.h"

static void line_text(const struct hs_halo_line *line, struct hs_buf *out)
{
  const struct hs_honesty_figure *r = &line->raw;
  const struct hs_honesty_figure *c = &line->reconciled;
  char raw[HS_FIGURE_INTERVAL_TEXT];
  char reconciled[HS_FIGURE_INTERVAL_TEXT];
  hs_figure_interval(r->mean, r->low, r->high, raw);
  hs_figure_interval(c->mean, c->low, c->high, reconciled);
  hs_buf_add_text(out, "  ");
  size_t shown = hs_buf_add_shown(out, line->name, 14);
  hs_buf_printf(out, "%*s %-32s %-32s %s\n", (int)(14 - shown), "", raw, reconciled,
                hs_halo_line_shown(line));
}

static void table(const struct hs_halo_answer *a, struct hs_buf *out)
{
  char tracked[HS_FIGURE_TEXT];
  char missed[HS_FIGURE_TEXT];
  hs_figure_of_any_size(a->halo.tracked, tracked);
  hs_figure_of_any_size(a->halo.discrepancy, missed);
  hs_buf_printf(out, "\n  %-14s %-32s %-32s\n", "line", "raw", "reconciled");
  hs_buf_printf(out, "  %-14s %-32s %-32s known\n", "tracked", tracked, tracked);
  for (size_t i = 0; i < a->halo.line_count; i++)
    line_text(&a->halo.lines[i], out);
  line_text(&a->halo.total, out);
  hs_buf_printf(out, "\nRaw lines miss the raw total by %s; reconciled ones add up.\n", missed);
}

void hs_halo_text(const struct hs_halo_answer *a, int width, struct hs_buf *out)
{
  char first[HS_TIME_TEXT];
  char last[HS_TIME_TEXT];
  struct hs_buf words = hs_buf_in(out->arena);
  hs_spaced_format(&a->spaced, a->start, first);
  hs_spaced_format(&a->spaced, a->end - 1, last);
  if (a->partner.data != NULL) {
    (void)hs_buf_add_shown(out, a->partner, 60);
    hs_buf_add_text(out, ", in orders. ");
  }
  hs_buf_printf(out, "Halo, %s to %s, %s mode, level %g %%, seed %llu\n", first, last,
                hs_influence_mode_name(a->asked.mode), 100 * a->asked.common.level,
                (unsigned long long)a->asked.common.seed);
  table(a, out);
  hs_buf_add_text(out, "\nVerdict: ");
  hs_halo_verdict_shown(a, out);
  hs_buf_add_char(out, '\n');
  hs_halo_sentences(a, &words);
  hs_buf_fail_with(out, &words);
  struct hs_str rest = hs_buf_str(&words);
  while (rest.length > 0)
    hs_buf_add_wrapped(out, hs_str_cut(&rest, '\n'), (size_t)width, 0);
}
