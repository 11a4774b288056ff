/* A network's export of commissions beside what the programme owes for the same orders
   (ledger/reconcile.h), and how that reads. */
#ifndef HANSA_SERVICE_START_RECONCILE_EXPORT_H
#define HANSA_SERVICE_START_RECONCILE_EXPORT_H

#include "ledger/reconcile.h"
#include "service/programme.h"
#include "service/start/start.h"

/* What the network calls a partner, by name or id, and what we do. */
struct hs_partner_alias {
  struct hs_str theirs, ours;
};

struct hs_reconcile_request {
  struct hs_intake_options intake; /* as for hs_start_options */
  const struct hs_partner_alias *aliases;
  size_t alias_count;
  const struct hs_reconcile_exchange *exchanges;
  size_t exchange_count;
};

#define HS_STRANGERS_MAX 8

struct hs_reconcile_page {
  const struct hs_network *network; /* NULL for what was imported, of any */
  uint64_t rows_rejected, rows_repeated;
  size_t their_count, our_count;
  uint64_t beside_count; /* our commissions of about that time of which the export need not know:
                            left out */
  int64_t from_us, until_us; /* the orders of the export lie in [from_us, until_us) */
  size_t stranger_count;     /* partners of the export whom the programme does not know */
  struct hs_str strangers[HS_STRANGERS_MAX];
  struct hs_reconciled found;
};

/* The ledger must have caught up. Everything lives in the arena. HS_INSUFFICIENT when the export
   has no commission that could be used; else what reading, the book and hs_reconcile say. */
[[nodiscard]] enum hs_status hs_reconcile_export(struct hs_programme *programme,
                                                 struct hs_arena *arena,
                                                 const struct hs_reconcile_request *request,
                                                 hs_start_reject_fn on_reject, void *context,
                                                 struct hs_reconcile_page *out, struct hs_err *err);

/* The same for what was imported of networks (network_commissions) and is dated in the period, the
   last word on each; partners as they are named there. their_count is 0 when there is none. */
[[nodiscard]] enum hs_status hs_reconcile_imported(struct hs_programme *programme,
                                                   struct hs_arena *arena,
                                                   const struct hs_period *period,
                                                   struct hs_reconcile_page *out,
                                                   struct hs_err *err);

/* For people: the sums, what explains their difference, and each order that nothing explains. */
void hs_reconcile_text(const struct hs_reconcile_page *page, int width, struct hs_buf *out);
/* Everything; amounts in minor units. */
void hs_reconcile_json(const struct hs_reconcile_page *page, struct hs_buf *out);
/* One row an order and partner. */
void hs_reconcile_csv(const struct hs_reconcile_page *page, struct hs_buf *out);

#endif
