/* What a table of partners says, in sentences: the same for a terminal and for a page. */
#include <math.h>

#include "service/believe/honesty_priv.h"
#include "service/believe/report_words.h"

void hs_partners_verdict_shown(const struct hs_partners_line *line, struct hs_buf *out)
{
  const struct hs_halo_answer *table = line->table;
  if (!line->is_tested) {
    hs_buf_add_text(out, "not tested");
    return;
  }
  double weeks =
      table != NULL ? (double)table->halo.judged_count * table->spaced.step / 7 : (double)NAN;
  hs_words_honesty_verdict(&line->honesty,
                           table != NULL && table->has_settle ? &table->settle : NULL, weeks, out);
}

void hs_partners_words_line(const struct hs_partners_line *line, struct hs_buf *out)
{
  const struct hs_halo_answer *table = line->table;
  const struct hs_honesty *h = &line->honesty;
  char figure[HS_FIGURE_TEXT];
  char first[HS_TIME_TEXT];
  char last[HS_TIME_TEXT];
  if (table == NULL)
    return;
  hs_spaced_format(&table->spaced, table->start, first);
  hs_spaced_format(&table->spaced, table->end - 1, last);
  hs_figure_of_any_size(h->detectable_effect, figure);
  hs_buf_printf(out, "%s to %s", first, last);
  if (!isnan(h->ratio.mean))
    hs_buf_add_text(out, "; ");
  hs_words_honesty_ratio(h, out);
  hs_buf_printf(out, ". The smallest effect that could be told from none: %s.\n", figure);
  if (table->halo.tracked > 0)
    hs_words_separation(table->halo.tracked, &table->halo.bounds,
                        table->halo.has_points ? &table->halo.points : NULL, table->hold_out_orders,
                        out);
  hs_words_settle(h, table->has_settle ? &table->settle : NULL, out);
  hs_words_evidence(table->halo.grade, table->halo.grade_because, out);
}

void hs_partners_words_meaning(const struct hs_partners *p, struct hs_buf *out)
{
  static const char *const MODELS[] = {
      [HS_MEETING_SHAPLEY] = "in equal shares for the channels of its path (Shapley)",
      [HS_MEETING_LAST] = "by its last touchpoint",
      [HS_MEETING_TOUCHED] = "to everybody who took part in it",
  };
  if (p->is_programme)
    hs_buf_printf(
        out,
        "Orders from each partner's start on: those tracked for it, an order given %s, and "
        "all that changed because of it, clicked or not. ",
        MODELS[p->model]);
  hs_buf_printf(out,
                "Tracked and changed are two views of one window and are never added. Intervals at "
                "%g %%; within %g %% of what is tracked counts as consistent.\n",
                100 * p->asked.honesty.mass, 100 * p->asked.honesty.band);
}

static void sum_words(const struct hs_partners *p, struct hs_buf *out)
{
  char sum[HS_FIGURE_INTERVAL_TEXT];
  char sold[HS_FIGURE_TEXT];
  if (isnan(p->asked.total) || p->tested_count == 0)
    return;
  hs_figure_interval(p->sum.sum.mean, p->sum.sum.low, p->sum.sum.high, sum);
  hs_figure_of_any_size(p->sum.total, sold);
  hs_buf_printf(out, "The %zu tested %s to %s of %s sold%s; that it is more: %.1f %%.\n",
                p->tested_count, hs_plural(p->tested_count, "comes", "sum"), sum, sold,
                p->is_programme ? " meanwhile" : "", 100 * p->sum.p_above);
  if (p->sum.is_flagged)
    hs_buf_add_text(out, "More than was sold: partners strengthen each other here, or the figures "
                         "count one effect for several of them.\n");
}

static void kind_words(const struct hs_partners_kind *kind, struct hs_buf *out)
{
  const struct hs_honesty_pool *pool = &kind->pool;
  if (pool->is_refused)
    hs_buf_printf(out, "Kind %.*s: %zu tested, and nothing is said of the others below %zu.\n",
                  HS_STR_ARG(kind->name), pool->count, HS_HONESTY_POOL_MIN);
  else
    hs_buf_printf(out,
                  "Kind %.*s: of %zu tested, a further one brings %.2f [%.2f, %.2f] for each 1 "
                  "tracked (their mean %.2f [%.2f, %.2f]).\n",
                  HS_STR_ARG(kind->name), pool->count, pool->predictive.mean, pool->predictive.low,
                  pool->predictive.high, pool->mean.mean, pool->mean.low, pool->mean.high);
}

void hs_partners_words_together(const struct hs_partners *p, struct hs_buf *out)
{
  size_t pooled = 0;
  if (p->by_chance_count > 0)
    hs_buf_printf(out,
                  "%zu %s taken back: of so many partners some look so by chance (false discovery "
                  "rate %.0f %%).\n",
                  p->by_chance_count, hs_plural(p->by_chance_count, "verdict is", "verdicts are"),
                  100 * HS_HONESTY_FALSE_SHARE);
  sum_words(p, out);
  for (size_t kind = 0; kind < p->kind_count; kind++) {
    if (p->is_programme && p->kinds[kind].pool.count == 0)
      continue;
    kind_words(&p->kinds[kind], out);
    pooled++;
  }
  if (pooled > 0)
    hs_buf_printf(out, "A kind's figure %s.\n", hs_honesty_pool_assumes);
}

/* The first line with that reason, so that each is told once. */
static int is_first_with_reason(const struct hs_partners *p, size_t i)
{
  for (size_t j = 0; j < i; j++)
    if (!p->lines[j].is_tested && hs_str_equal(hs_str_of(p->lines[j].untested_because),
                                               hs_str_of(p->lines[i].untested_because)))
      return 0;
  return 1;
}

static void reason_words(const struct hs_partners *p, struct hs_str why, struct hs_buf *out)
{
  size_t count = 0;
  hs_buf_printf(out, "Not tested: %.*s: ", HS_STR_ARG(why));
  for (size_t i = 0; i < p->line_count; i++)
    if (!p->lines[i].is_tested && hs_str_equal(hs_str_of(p->lines[i].untested_because), why)) {
      hs_buf_add_text(out, count++ == 0 ? "" : ", ");
      hs_buf_add_str(out, p->lines[i].title);
    }
  hs_buf_add_text(out, ".\n");
}

void hs_partners_words_untested(const struct hs_partners *p, struct hs_buf *out)
{
  for (size_t i = 0; i < p->line_count; i++)
    if (!p->lines[i].is_tested && is_first_with_reason(p, i))
      reason_words(p, hs_str_of(p->lines[i].untested_because), out);
}
