#include "calibration/meeting_trial.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <math.h>

#include "service/believe/honesty.h"
#include "service/track/state.h"
#include "stats/random.h"
#include "support/engine.h"
#include "support/market_files.h"

#define MONTHS 12
#define START_MONTH 6 /* half of them */
#define WINDOW_MONTHS 3
#define AFTER_US (INT64_C(1767225600) * HS_SECOND_US) /* 2026-01-01, behind the run */
#define HOLD_OUT_SD .05

const struct meeting_row MEETING_ROWS[] = {
    {"codebarn", "a coupon site at the checkout: almost nothing of what is tracked is new"},
    {"pennyback", "cashback: about one of ten tracked orders is new"},
    {"sidebyside", "a comparison site: some four of ten tracked orders are new"},
    {"lantern", "a creator: most of the effect is sold elsewhere"},
    {"morningpost", "a newsletter: some of both"},
};
const size_t MEETING_ROW_COUNT = sizeof MEETING_ROWS / sizeof *MEETING_ROWS;

/* ---- a programme ---- */

static void add_coupons(struct engine *engine, const struct market_files *files)
{
  struct hs_str rest = hs_buf_str(&files->text[HS_MARKET_COUPONS]);
  struct market_row row;
  assert_true(market_row_next(&rest, &row));
  while (market_row_next(&rest, &row)) {
    const struct hs_coupon coupon = {.code = hs_str_of(row.cells[0]),
                                     .party = hs_str_of(row.cells[1]),
                                     .valid_from_us = INT64_MIN,
                                     .valid_until_us = INT64_MAX};
    engine_add_partner(engine, row.cells[1]);
    assert_int_equal(hs_state_add(&engine->programme,
                                  &(struct hs_state_rows){.coupons = &coupon, .coupon_count = 1},
                                  &engine->err),
                     HS_OK);
  }
}

static void make_programme(struct engine *engine, const struct market_files *files)
{
  static const struct {
    enum hs_event_kind kind;
    enum hs_market_file file;
  } IMPORTS[] = {{HS_EVENT_TOUCH, HS_MARKET_TOUCHES},
                 {HS_EVENT_ORDER, HS_MARKET_ORDERS},
                 {HS_EVENT_IDENTITY, HS_MARKET_IDENTITIES},
                 {HS_EVENT_SERIES, HS_MARKET_SERIES}};
  engine_start(engine, AFTER_US);
  add_coupons(engine, files);
  for (size_t i = 0; i < sizeof IMPORTS / sizeof *IMPORTS; i++)
    engine_import(engine, IMPORTS[i].kind, hs_market_file_name(IMPORTS[i].file),
                  files->text[IMPORTS[i].file].data);
}

/* ---- the truth ---- */

struct truth {
  double tracked, incremental, kappa;
};

static struct truth truth_of(const struct hs_market_truth *market, const char *partner)
{
  int64_t tracked = 0;
  int64_t incremental = 0;
  int64_t both = 0;
  for (size_t i = 0; i < market->partner_count; i++) {
    if (!hs_str_equal(hs_str_of(market->partners[i].partner), hs_str_of(partner)))
      continue;
    for (size_t m = START_MONTH; m < START_MONTH + WINDOW_MONTHS; m++) {
      tracked += market->partners[i].months[m].tracked.orders;
      incremental += market->partners[i].months[m].incremental.orders;
      both += market->partners[i].months[m].incremental_tracked.orders;
    }
  }
  return (struct truth){.tracked = (double)tracked,
                        .incremental = (double)incremental,
                        .kappa = tracked > 0 ? (double)both / (double)tracked : (double)NAN};
}

/* ---- what is said ---- */

static const struct hs_halo_answer *ask(struct engine *engine, struct hs_arena *arena,
                                        const char *partner, double kappa,
                                        struct hs_partners *partners)
{
  const struct hs_partners_asking asking = {.honesty = HS_HONESTY_DEFAULTS};
  const struct hs_partners_hold_out hold_out = {hs_str_of(partner), kappa, HOLD_OUT_SD};
  struct hs_partners_programme how = hs_partners_usual();
  how.meeting.model = HS_MEETING_TOUCHED;
  how.meeting.partner = hs_str_of(partner);
  how.meeting.start = HS_STR("2025-07-01");
  how.meeting.end = HS_STR("2025-09-30");
  how.halo.common.threads = 1;
  how.hold_outs = &hold_out;
  how.hold_out_count = 1;
  if (hs_partners_of_programme(arena, &engine->programme, &asking, &how, partners, &engine->err) !=
      HS_OK)
    fail_msg("%s", engine->err.text);
  return partners->lines[0].is_tested ? partners->lines[0].table : NULL;
}

static void judge_verdict(const struct hs_honesty *h, const struct truth *truth,
                          struct meeting_tally *out)
{
  int is_over = truth->incremental < .9 * h->tracked.mean;
  int is_under = truth->incremental > 1.1 * h->tracked.mean;
  int is_so = (h->verdict == HS_HONESTY_OVER_ATTRIBUTED && is_over) ||
              (h->verdict == HS_HONESTY_UNDER_ATTRIBUTED && is_under) ||
              (h->verdict == HS_HONESTY_CONSISTENT && !is_over && !is_under);
  if (h->verdict == HS_HONESTY_UNDETERMINED)
    out->undetermined++;
  else if (is_so)
    out->right++;
  else
    out->wrong++;
}

/* Not every order that a partner reached is tracked for it: ids are joined by evidence alone. What
   is said is said of the orders that are. */
static void tally(const struct hs_halo *halo, const struct truth *truth, struct meeting_tally *out)
{
  const struct hs_honesty *h = &halo->honesty;
  double difference = truth->incremental - halo->tracked;
  double elsewhere = truth->incremental - truth->kappa * halo->tracked;
  out->tracked_true += truth->tracked;
  out->tracked += halo->tracked;
  out->incremental_true += truth->incremental;
  out->incremental += h->incremental.mean;
  out->kappa += truth->kappa;
  out->halo += elsewhere;
  out->kappa_most += halo->bounds.kappa_most_sure;
  out->halo_least += halo->bounds.halo_least_sure;
  out->width += h->difference.high - h->difference.low;
  out->kappa_held += truth->kappa <= halo->bounds.kappa_most_sure ? 1 : 0;
  out->halo_held += elsewhere >= halo->bounds.halo_least_sure ? 1 : 0;
  out->difference_held +=
      h->difference.low <= difference && difference <= h->difference.high ? 1 : 0;
  out->halo_point +=
      halo->points.halo.low <= elsewhere && elsewhere <= halo->points.halo.high ? 1 : 0;
  judge_verdict(h, truth, out);
}

void meeting_trial(const struct meeting_row *row, uint64_t seed, size_t worlds, int32_t people,
                   struct meeting_tally *out)
{
  *out = (struct meeting_tally){0};
  for (size_t world = 0; world < worlds; world++) {
    struct market_files files;
    struct engine engine;
    struct hs_arena arena = {0};
    struct hs_partners partners;
    struct hs_random rng = hs_random_open(seed + world, UINT64_C(0x6d656574));
    market_files_make_late(&files, seed + world, MONTHS, people, row->partner);
    make_programme(&engine, &files);
    assert_int_equal(hs_arena_init(&arena, 4 * HS_GIB, NULL), HS_OK);
    struct truth truth = truth_of(&files.truth, row->partner);
    double kappa = truth.kappa + HOLD_OUT_SD * hs_random_normal(&rng);
    const struct hs_halo_answer *table = ask(&engine, &arena, row->partner, kappa, &partners);
    if (table != NULL && table->halo.tracked > 0)
      tally(&table->halo, &truth, out);
    else
      out->untested++;
    out->worlds++;
    hs_arena_release(&arena);
    engine_release(&engine);
    market_files_release(&files);
  }
}
