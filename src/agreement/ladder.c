#include "agreement/ladder.h"

#include <math.h>

#include "agreement/agreement_shape_priv.h"
#include "agreement/shape_priv.h"

/* The normal distribution's 97.5 % quantile. */
#define Z 1.959963984540054

static const struct {
  const char *words;
  int is_part, is_at_most;
} CRITERIA[HS_LADDER_CRITERION_COUNT] = {
    [HS_LADDER_MONTHS] = {"months", 0, 0},
    [HS_LADDER_ORDERS] = {"orders", 0, 0},
    [HS_LADDER_REFUNDED] = {"refunded orders", 1, 1},
    [HS_LADDER_NEW_CUSTOMERS] = {"orders of new customers", 1, 0},
    [HS_LADDER_RETAINED] = {"referred customers who bought again", 1, 0},
    [HS_LADDER_KEPT] = {"commitments kept", 1, 0},
    [HS_LADDER_DISPUTED] = {"disputed orders", 1, 1},
};

/* In the order of the criteria. Affiliates make no commitments, so the first step asks for none. */
const struct hs_ladder_demand hs_ladder_usual[3] = {
    {{6, 100, 0.15, 0.30, 0.15, -1, 0.03}},
    {{12, 500, 0.12, 0.35, 0.20, 0.80, 0.02}},
    {{24, 1000, 0.10, 0.40, 0.25, 0.90, 0.01}},
};

const char *hs_ladder_criterion_words(enum hs_ladder_criterion criterion)
{
  return CRITERIA[criterion].words;
}

const char *hs_ladder_verdict_words(enum hs_ladder_verdict verdict)
{
  static const char *const WORDS[] = {"met", "not met", "not enough data"};
  return WORDS[verdict];
}

int hs_ladder_is_at_most(enum hs_ladder_criterion criterion)
{
  return CRITERIA[criterion].is_at_most;
}

int hs_ladder_is_part(enum hs_ladder_criterion criterion) { return CRITERIA[criterion].is_part; }

/* ---- judging ---- */

void hs_ladder_wilson(struct hs_hits hits, double *low, double *high)
{
  double n = (double)hits.sample;
  double share = hits.sample > 0 ? (double)hits.hits / n : 0;
  *low = 0;
  *high = 1;
  if (hits.sample == 0)
    return;
  double scale = 1 + Z * Z / n;
  double centre = (share + Z * Z / (2 * n)) / scale;
  double half = Z / scale * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
  /* At the ends the bound is exact, and rounding must not carry it past. */
  *low = hits.hits == 0 ? 0 : centre - half;
  *high = hits.hits == hits.sample ? 1 : centre + half;
}

static enum hs_ladder_verdict judge_part(double low, double high, double bound, int is_at_most)
{
  if (is_at_most ? high <= bound : low >= bound)
    return HS_LADDER_MET;
  return (is_at_most ? low > bound : high < bound) ? HS_LADDER_NOT_MET : HS_LADDER_NOT_ENOUGH_DATA;
}

static struct hs_ladder_reading read_part(enum hs_ladder_criterion criterion, struct hs_hits hits,
                                          double bound)
{
  struct hs_ladder_reading reading = {.is_asked = 1, .sample = hits.sample};
  reading.figure = hits.sample > 0 ? (double)hits.hits / (double)hits.sample : (double)NAN;
  hs_ladder_wilson(hits, &reading.low, &reading.high);
  reading.verdict = judge_part(reading.low, reading.high, bound, CRITERIA[criterion].is_at_most);
  return reading;
}

static struct hs_ladder_reading read_count(int64_t count, double bound)
{
  double figure = (double)count;
  return (struct hs_ladder_reading){.is_asked = 1,
                                    .verdict = figure >= bound ? HS_LADDER_MET : HS_LADDER_NOT_MET,
                                    .figure = figure,
                                    .low = figure,
                                    .high = figure};
}

static enum hs_ladder_verdict worse(enum hs_ladder_verdict a, enum hs_ladder_verdict b)
{
  if (a == HS_LADDER_NOT_MET || b == HS_LADDER_NOT_MET)
    return HS_LADDER_NOT_MET;
  return a == HS_LADDER_MET ? b : a;
}

void hs_ladder_judge(const struct hs_track_record *record, const struct hs_ladder_demand *demand,
                     struct hs_ladder *out)
{
  const struct hs_hits of[HS_LADDER_CRITERION_COUNT] = {
      [HS_LADDER_MONTHS] = {record->months, 0}, [HS_LADDER_ORDERS] = {record->orders, 0},
      [HS_LADDER_REFUNDED] = record->refunded,  [HS_LADDER_NEW_CUSTOMERS] = record->new_customers,
      [HS_LADDER_RETAINED] = record->retained,  [HS_LADDER_KEPT] = record->kept,
      [HS_LADDER_DISPUTED] = record->disputed,
  };
  *out = (struct hs_ladder){.verdict = HS_LADDER_MET};
  for (enum hs_ladder_criterion c = 0; c < HS_LADDER_CRITERION_COUNT; c++) {
    double bound = demand->bound[c];
    if (bound < 0)
      continue;
    out->readings[c] =
        CRITERIA[c].is_part ? read_part(c, of[c], bound) : read_count(of[c].hits, bound);
    out->verdict = worse(out->verdict, out->readings[c].verdict);
  }
}

/* ---- records ---- */

struct record_text {
  int64_t months, orders, refunded, new_customers, customers, retained, due, kept, disputed;
};

#define COUNTED(member, text, words)                                                               \
  HS_NAMED(record_text, member, text, HS_FIELD_INTEGER, .high = INT64_MAX, .required = HS_ALWAYS,  \
           .meaning = words)

static const struct hs_field RECORD[] = {
    COUNTED(months, "months", "Since the first order."),
    COUNTED(orders, "orders", "Orders in which the partner has a share."),
    COUNTED(refunded, "refunded_orders", "Of these, orders of which something was returned."),
    COUNTED(new_customers, "orders_of_new_customers", "Of these, first orders."),
    COUNTED(disputed, "disputed_orders", "Of these, orders in dispute."),
    COUNTED(customers, "customers", "Referred customers whose time to buy again is over."),
    COUNTED(retained, "customers_who_bought_again", "Of these, those who did."),
    COUNTED(due, "commitments_due", "Commitments of the partner that were due."),
    COUNTED(kept, "commitments_kept", "Of these, kept in time."),
};
HS_SHAPE(RECORD_SHAPE, "track_record", record_text, RECORD);

static void check_part(struct hs_faults *faults, const char *name, int64_t hits, int64_t sample)
{
  struct hs_place place = hs_place_field(NULL, name);
  if (hits > sample)
    hs_faults_tell(faults, &place, "must be at most %lld, got %lld", (long long)sample,
                   (long long)hits);
}

enum hs_status hs_track_record_read(struct hs_str json, struct hs_arena *arena,
                                    struct hs_track_record *out, hs_fault_fn fault, void *context,
                                    struct hs_err *err)
{
  struct record_text text;
  struct hs_faults faults = {fault, context, err, 0};
  enum hs_status status = hs_shape_read(&RECORD_SHAPE, json, arena, &text, fault, context, err);
  if (status == HS_OK)
    status = hs_shape_complete(&RECORD_SHAPE, &text, 0, fault, context, err);
  if (status != HS_OK)
    return status;
  check_part(&faults, "refunded_orders", text.refunded, text.orders);
  check_part(&faults, "orders_of_new_customers", text.new_customers, text.orders);
  check_part(&faults, "disputed_orders", text.disputed, text.orders);
  check_part(&faults, "customers_who_bought_again", text.retained, text.customers);
  check_part(&faults, "commitments_kept", text.kept, text.due);
  if (faults.count > 0)
    return HS_INVALID;
  *out = (struct hs_track_record){.months = text.months,
                                  .orders = text.orders,
                                  .refunded = {text.refunded, text.orders},
                                  .new_customers = {text.new_customers, text.orders},
                                  .retained = {text.retained, text.customers},
                                  .kept = {text.kept, text.due},
                                  .disputed = {text.disputed, text.orders}};
  return HS_OK;
}
