/* Designs for people and for programs. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "service/believe/design.h"
#include "service/believe/looks.h"

struct page {
  struct hs_buf *out;
  size_t width;
};

/* Broken at the edge of the terminal. */
static void sentence(const struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void sentence(const struct page *page, const char *format, ...)
{
  char text[768];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  hs_buf_add_wrapped(page->out, hs_str_of(text), page->width, 0);
}

static void head(const struct page *page, const struct hs_design *d)
{
  char first[HS_TIME_TEXT];
  char last[HS_TIME_TEXT];
  hs_format_day(d->first_day, first);
  hs_format_day(d->last_day, last);
  hs_buf_printf(page->out, "%s, %s to %s", hs_design_kind_name(d->kind), first, last);
  if (d->name.length > 0) {
    hs_buf_add_text(page->out, ": ");
    (void)hs_buf_add_shown(page->out, d->name, 60);
  }
  hs_buf_add_text(page->out, "\n");
  sentence(page, "Estimator: %s. Level %g %%, seed %llu.", hs_design_estimator(d->kind),
           100 * d->level, (unsigned long long)d->seed);
}

static void false_positives(const struct page *page, const struct hs_design_before *b)
{
  const struct hs_pairs_power *p = &b->power;
  sentence(page,
           "Where nothing was done it found an effect in %zu of %zu trials: %.1f %% [%.1f, %.1f], "
           "at %.1f %% allowed. The history holds %zu %s of this length side by side.",
           p->false_count, p->trial_count, 100 * p->false_positive_rate, 100 * p->rate_low,
           100 * p->rate_high, 100 * (1 - b->design.level), b->disjoint,
           b->disjoint == 1 ? "window" : "windows");
}

static void power_lines(const struct page *page, const struct hs_design_before *b)
{
  const struct hs_design *d = &b->design;
  double coarsest = ldexp(2, -(int)d->pair_count);
  if (coarsest > 1 - d->level) {
    sentence(page,
             "Not decidable at this level: with %u pairs no p value below %.3g can come out. Take "
             "more pairs.",
             d->pair_count, coarsest);
    return;
  }
  false_positives(page, b);
  if (b->power.is_refused)
    sentence(page, "No power is told: a design that sees effects where there are none has none.");
  else if (d->kind == HS_DESIGN_GEO)
    sentence(page, "Smallest lift found %g times in 100: %.2f %%.", 100 * d->power,
             100 * b->power.detectable);
  else
    sentence(page,
             "Smallest effect found %g times in 100: %.4g a day, %.2f %% of the %.4g without the "
             "partner.",
             100 * d->power, b->power.detectable, 100 * b->power.detectable / b->without,
             b->without);
}

static void schedule(const struct page *page, const struct hs_design *d)
{
  const struct hs_switchback plan = {.block_rows = d->block_days,
                                     .carry_rows = d->carry_days,
                                     .pair_count = d->pair_count,
                                     .seed = d->seed};
  char day[HS_TIME_TEXT];
  hs_buf_printf(page->out, "\n  %-12s %s\n", "from", "partner");
  for (size_t block = 0; block < 2 * (size_t)d->pair_count; block++) {
    hs_format_day(d->first_day + (int32_t)(block * d->block_days), day);
    hs_buf_printf(page->out, "  %-12s %s\n", day,
                  hs_switchback_is_on(&plan, block * d->block_days) ? "on" : "off");
  }
  hs_buf_printf(page->out, "\n");
  sentence(page, "The first %u of every %u days are left out, for what carries over.",
           d->carry_days, d->block_days);
}

static void regions(const struct page *page, const struct hs_design_before *b)
{
  const struct hs_design *d = &b->design;
  hs_buf_printf(page->out, "\n  %-26s %-26s %s\n", "with the partner", "without", "distance");
  for (size_t pair = 0; pair < d->pair_count; pair++) {
    hs_buf_add_text(page->out, "  ");
    size_t shown = hs_buf_add_shown(page->out, d->with[pair], 26);
    hs_buf_printf(page->out, "%*s ", (int)(26 - shown), "");
    shown = hs_buf_add_shown(page->out, d->without[pair], 26);
    hs_buf_printf(page->out, "%*s %7.2f %%\n", (int)(26 - shown), "", 100 * b->distances[pair]);
  }
  hs_buf_printf(page->out, "\n");
  sentence(page, "Distance: how differently the two moved in the past, as a share of their level.");
}

static void size_lines(const struct page *page, const struct hs_design_before *b)
{
  const struct hs_holdout_size *s = &b->size;
  sentence(page,
           "%.0f orders (%.1f weeks), of which %.0f %% are not offered the coupon or link, tell "
           "within ±%.0f of 100 how many would not have bought otherwise.",
           ceil(s->orders), s->weeks, 100 * b->design.held_share, 100 * b->design.half_width);
  sentence(page,
           "On the way %.0f orders are not made, if it is as planned. Told from none: %.0f of "
           "100 and more, %g times in 100.",
           ceil(s->withheld), ceil(100 * s->detectable), 100 * b->design.power);
  sentence(page, "Everybody still sees the partner: only the offer is withheld, by chance, from "
                 "visitors or customers and not from orders.");
}

void hs_design_before_text(const struct hs_design_before *before, int width, struct hs_buf *out)
{
  const struct page page = {out, (size_t)width};
  head(&page, &before->design);
  if (before->design.kind == HS_DESIGN_HOLDOUT)
    size_lines(&page, before);
  if (before->has_power)
    power_lines(&page, before);
  if (before->remark != NULL)
    sentence(&page, "Note: %s.", before->remark);
  if (before->design.kind == HS_DESIGN_SWITCHBACK)
    schedule(&page, &before->design);
  if (before->design.kind == HS_DESIGN_GEO)
    regions(&page, before);
}

/* ---- after the end ---- */

static void after_figures(const struct page *page, const struct hs_design_after *a)
{
  const struct hs_pairs_test *t = &a->test;
  const struct hs_holdout_result *h = &a->holdout;
  if (a->design.kind == HS_DESIGN_HOLDOUT) {
    sentence(
        page,
        "Would not have bought otherwise: %.0f of 100 [%.0f, %.0f]. A unit that was offered it "
        "brought %.4g more (standard error %.3g, p %.3g).",
        100 * h->kappa.mean, 100 * h->low, 100 * h->high, h->per_unit, h->per_unit_sd, h->p);
  } else if (a->design.kind == HS_DESIGN_GEO) {
    sentence(page, "Lift %.2f %% [%.2f, %.2f], p %.4g (no smaller than %.3g can come out).",
             100 * t->effect, 100 * t->low, 100 * t->high, t->p, t->resolution);
  } else {
    sentence(page,
             "Effect %.5g a day [%.5g, %.5g], %.2f %% of the %.5g without the partner; p %.4g (no "
             "smaller than %.3g can come out).",
             t->effect, t->low, t->high, 100 * t->effect / a->without, a->without, t->p,
             t->resolution);
  }
}

/* How much longer it takes, if the effect is what it seems. Beyond this nobody would wait. */
#define TIMES_MAX 10.0

static void more(const struct page *page, const struct hs_design_after *a)
{
  const struct hs_design *d = &a->design;
  double times = hs_times_to_decide(a->test.effect, a->test.low, a->test.high);
  double weeks = ceil((times - 1) * (double)(d->last_day - d->first_day + 1) / 7);
  double pairs = ceil((times - 1) * (double)d->pair_count);
  if (!(times <= TIMES_MAX))
    sentence(page,
             "Cannot tell: an effect as small as this takes more than %g times such a design.",
             TIMES_MAX);
  else
    sentence(page,
             "Cannot tell yet, needs about %.0f more %s or %.0f more %s of %s, if the effect is "
             "what it seems.",
             weeks, hs_plural_rounded(weeks, "week", "weeks"), pairs,
             hs_plural_rounded(pairs, "pair", "pairs"),
             d->kind == HS_DESIGN_GEO ? "regions" : "blocks");
}

static const char *holdout_words(enum hs_holdout_verdict verdict)
{
  static const char *const WORDS[] = {
      [HS_HOLDOUT_REFUSED] = "No verdict",
      [HS_HOLDOUT_UNDETERMINED] = "Cannot tell yet: all of the tracked sales, or none, would have "
                                  "been made otherwise",
      [HS_HOLDOUT_INTERCEPTS] = "Of the tracked sales some would have been made otherwise, and it "
                                "may be all",
      [HS_HOLDOUT_PARTLY] = "It brings part of the sales that are tracked for it",
      [HS_HOLDOUT_BRINGS] =
          "It brings sales that would not have been made otherwise, and it may be "
          "all that are tracked for it",
  };
  return WORDS[verdict];
}

static void verdict(const struct page *page, const struct hs_design_after *a)
{
  int is_test = a->design.kind != HS_DESIGN_HOLDOUT;
  if (a->refused_because != NULL)
    sentence(page, "No verdict: %s.", a->refused_because);
  else if (is_test && a->test.low > 0)
    sentence(page, "It brought more: the interval of the effect lies above 0.");
  else if (is_test && a->test.high < 0)
    sentence(page, "It brought less: the interval of the effect lies below 0.");
  else if (is_test)
    more(page, a);
  else
    sentence(page, "%s.", holdout_words(a->holdout.verdict));
}

static void evidence(const struct page *page, const struct hs_design_after *a)
{
  enum hs_grade grade = a->standing.grade;
  sentence(page, "Evidence: %s (grade %s): %s%s%s.", hs_grade_word(grade), hs_grade_name(grade),
           hs_register_meaning(grade), a->standing.because != NULL ? ": " : "",
           a->standing.because != NULL ? a->standing.because : "");
}

static void interim(const struct page *page, const struct hs_design_after *a)
{
  const struct hs_design *d = &a->design;
  struct hs_buf text = hs_buf_in(page->out->arena);
  struct hs_looks looks = hs_looks_until((size_t)(d->last_day - d->first_day + 1), 1, d->level);
  char day[HS_TIME_TEXT];
  hs_format_day(a->seen_day, day);
  hs_buf_printf(&text, "Interim, no verdict: the figures end on %s. ", day);
  hs_looks_words(&looks, d->level, &text);
  hs_buf_fail_with(page->out, &text);
  hs_buf_add_wrapped(page->out, hs_buf_str(&text), page->width, 0);
}

void hs_design_after_text(const struct hs_design_after *a, int width, struct hs_buf *out)
{
  const struct page page = {out, (size_t)width};
  char hash[HS_HASH_TEXT];
  hs_hash_format(&a->hash, hash);
  head(&page, &a->design);
  hs_buf_printf(out, "Registered as %s\n", hash);
  if (a->standing.is_interim) {
    interim(&page, a);
    return;
  }
  verdict(&page, a);
  if (a->refused_because != NULL)
    return; /* what gives no figures is no evidence, of any grade */
  after_figures(&page, a);
  evidence(&page, a);
}
