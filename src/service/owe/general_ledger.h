/* The ledger as the company's bookkeeping takes it: postings on the company's own account numbers,
   as CSV or JSON in a form that any bookkeeping program can be taught. */
#ifndef HANSA_SERVICE_OWE_GENERAL_LEDGER_H
#define HANSA_SERVICE_OWE_GENERAL_LEDGER_H

#include "agreement/shape.h"
#include "base/time.h"
#include "ports/book.h"

/* The account for estimates of what will be taken back, "reversals" in a mapping: the ledger has no
   such account, because nothing is booked on it. */
#define HS_GL_REVERSALS HS_ACCOUNT_KIND_COUNT

/* Which number an account of ours has in the company's books. Absent party and currency stand for
   all of them; what names more counts first, and the party before the currency. */
struct hs_gl_account {
  enum hs_account_kind kind; /* or HS_GL_REVERSALS */
  struct hs_str party;
  struct hs_str currency;
  struct hs_str number;
  struct hs_str cost_centre; /* may be absent */
};

struct hs_gl_mapping {
  const struct hs_gl_account *accounts;
  size_t count;
};

extern const struct hs_shape hs_gl_mapping_shape; /* of the JSON form */

/* Reads {"accounts": [{"kind": "expense", "number": "6500"}, …]}. HS_INVALID with every fault and
   its place: what the shape says, two rows for the same, a party where accounts have none, a kind
   without a row that holds for all of it; only "reversals" may be missing. Text lives in arena. */
[[nodiscard]] enum hs_status hs_gl_mapping_read(struct hs_str json, struct hs_arena *arena,
                                                struct hs_gl_mapping *out, hs_fault_fn fault,
                                                void *context, struct hs_err *err);

enum hs_gl_detail {
  HS_GL_TRANSFERS, /* two lines for each transfer, its number as the document */
  HS_GL_DAYS,      /* for each day and currency one document: debits and credits of each account */
};

/* What a close expected to be taken back, or that amount taken out again by the next close. */
struct hs_gl_estimate {
  int64_t at_us;
  struct hs_str period; /* of the close that made it: "2026-09" */
  struct hs_currency currency;
  int64_t amount_minor; /* above 0 */
  int64_t low_minor, high_minor, level_percent;
  int is_taken_out;
};

struct hs_gl_input {
  const struct hs_transfer_row *transfers; /* in the order of their numbers */
  size_t transfer_count;
  const struct hs_gl_estimate *estimates;
  size_t estimate_count;
};

/* One side of a posting: of debit and credit one is 0. */
struct hs_gl_line {
  int32_t day;
  struct hs_currency currency;
  struct hs_str document; /* "T17" or "2026-09-30-EUR": one document has one day and one currency,
                             and balances. An estimate has one of its own in either detail:
                             "E-2026-09-EUR", and "R-2026-09-EUR" where it is taken out again */
  struct hs_str account, cost_centre;
  int64_t debit_minor, credit_minor;
  struct hs_str text;
  struct hs_str party; /* of single transfers; may be absent */
  int is_estimate;
};

struct hs_gl_total {
  struct hs_currency currency;
  int64_t debit_minor, credit_minor; /* equal */
};

struct hs_gl {
  const struct hs_gl_line *lines;
  size_t line_count;
  const struct hs_gl_total *totals; /* of each currency, by code */
  size_t total_count;
  size_t estimates_left_out; /* because the mapping has no account for them */
};

/* Lines on the days of the zone: by day and currency, then by number, or by side and account for
   whole days, and estimates behind them; a debit before its credit. An estimate lowers the expense.
   Text of the input is borrowed. HS_INVALID when a total does not fit. */
[[nodiscard]] enum hs_status hs_gl_make(const struct hs_gl_input *input,
                                        const struct hs_gl_mapping *mapping,
                                        enum hs_gl_detail detail, const struct hs_zone *zone,
                                        struct hs_arena *arena, struct hs_gl *out,
                                        struct hs_err *err);

/* Estimates of the closes whose last day lies in the period: what each expected to be taken back,
   and, before it, what the close before it had expected, taken out again. Closes that could not
   tell have none. HS_CORRUPT when a close keeps what is no estimate. */
[[nodiscard]] enum hs_status hs_gl_estimates_of_book(const struct hs_ledger_reader *ledger,
                                                     const struct hs_period *period,
                                                     struct hs_arena *arena,
                                                     struct hs_gl_input *out, struct hs_err *err);

/* date,document,account,cost_centre,debit,credit,currency,text,party with a header; amounts with a
   point, the empty side empty; guarded against formulas. */
void hs_gl_csv(const struct hs_gl *gl, struct hs_buf *out);
/* {"lines": […], "totals": […]}, amounts in minor units; a line of an estimate says so. */
void hs_gl_json(const struct hs_gl *gl, struct hs_buf *out);

#endif
