/* A partner's commission statement: what was earned, taken back, disputed and paid in a period,
   each ledger entry with what it is for and its reason, and what stands open before and after. */
#ifndef HANSA_SERVICE_OWE_COMMISSION_STATEMENT_H
#define HANSA_SERVICE_OWE_COMMISSION_STATEMENT_H

#include "base/time.h"
#include "ports/book_ledger.h"

struct hs_commission_entry {
  int64_t at_us; /* when it took effect */
  enum hs_transfer_kind kind;
  int64_t amount_minor;    /* above 0 */
  struct hs_id commission; /* zero for none; then what follows is absent */
  struct hs_str type, order_id, agreement, rule;
  uint64_t version;
  struct hs_str reason, reference; /* may be absent */
};

struct hs_commission_statement_options {
  struct hs_str partner;
  struct hs_str period_name;
  struct hs_period period;
  struct hs_currency currency; /* one statement for each */
  struct hs_str number;        /* of a self-billed statement; may be absent */
  const struct hs_zone *zone;  /* in which days are shown */
};

struct hs_commission_statement {
  struct hs_commission_statement_options options;
  /* What each account of the partner holds: owed to it, or by it for HS_ACCOUNT_RECEIVABLE. */
  int64_t before_minor[HS_ACCOUNT_KIND_COUNT];
  int64_t after_minor[HS_ACCOUNT_KIND_COUNT];
  int64_t total_minor[HS_TRANSFER_KIND_COUNT]; /* of the period's entries of each kind */
  size_t entry_count;
  const struct hs_commission_entry *entries; /* in the order of the ledger */
  size_t other_count;                        /* entries of the period in other currencies */
};

/* Reads the partner's entries of the period. The entries must lead from what stood open before to
   what stands open after, as the ledger has both: HS_CORRUPT otherwise, for a statement that does
   not add up is none. HS_INVALID when a sum does not fit. Entries and texts live in arena. */
[[nodiscard]] enum hs_status hs_commission_statement_make(
    const struct hs_ledger_reader *ledger, const struct hs_commission_statement_options *options,
    struct hs_arena *arena, struct hs_commission_statement *out, struct hs_err *err);

/* What an entry adds to what the partner has, pending and disputed amounts included: its amount,
   the negative of it, or 0 where it only moves between the partner's accounts. */
int64_t hs_commission_entry_effect(const struct hs_commission_entry *entry);

/* In the words of people. */
void hs_commission_statement_text(const struct hs_commission_statement *statement, size_t width,
                                  struct hs_buf *out);
void hs_commission_statement_json(const struct hs_commission_statement *statement,
                                  struct hs_buf *out);
/* One row an entry, guarded against formula injection. */
void hs_commission_statement_csv(const struct hs_commission_statement *statement,
                                 struct hs_buf *out);
void hs_commission_statement_html(const struct hs_commission_statement *statement,
                                  struct hs_buf *out);

#endif
