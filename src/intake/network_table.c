/* The facts. Most of these vendors document the fields of their interface and not the header of
   each download; names are compared by letters and digits alone (network.h), so one list serves
   both. "a.b" is field b of the nested object a, as tools that flatten an answer write it. */
#include "intake/network.h"

/* clang-format off */
static const struct hs_network NETWORKS[] = {
  /* The fields of the report's download end, on that page, with the ones that are listed first
     here; the others are of the interface. Numbers for the status are the download's, words the
     interface's. Amounts of a sale and its commission are taken to be in one currency, that of the
     commission. The zone is a parameter of every question, and the report's that of the account. */
  {"awin", "Awin",
   "help.awin.com: understanding the data fields in the transactions report; API get transactions list",
   {"publisher_id", "commission_status", "validation_date"},
   {{"commission_id", "id"},
    {"order_id", "extra"}, {"order_id", "orderRef"},
    {"partner", "site_name"}, {"partner_id", "publisher_id"},
    {"amount", "sale_amount"}, {"amount", "saleAmount.amount"},
    {"commission", "commission"}, {"commission", "commissionAmount.amount"},
    {"currency", "commissionAmount.currency"},
    {"status", "commission_status"},
    {"created_at", "date"}, {"created_at", "transactionDate"},
    {"approved_at", "validation_date"}, {"clicked_at", "clickDate"},
    {"reversal_reason", "decline_reason"},
    {"sub1", "clickRefs.clickRef"}, {"sub2", "clickRefs.clickRef2"}, {"sub3", "clickRefs.clickRef3"},
    {HS_NETWORK_PAID, "paidToPublisher"}},
   {{"0", "pending"}, {"1", "approved"}, {"2", "reversed"},
    {"pending", "pending"}, {"approved", "approved"}, {"declined", "reversed"}, {"deleted", "reversed"}},
   NULL, HS_AMOUNTS_UNIT, HS_CLOCK_ASKED, 0, 0},

  /* Amounts of the publisher in US dollars: those that every account has. Those in the publisher's
     own currency are read with --map commission=pubCommissionAmountPubCurrency
     --map amount=saleAmountPubCurrency --currency CODE. A correction is a row of its own below
     zero. What closed means stands in CJ's article on the publisher payment cycle. */
  {"cj", "CJ",
   "developers.cj.com: GraphQL reference, Commission Detail; junction.cj.com: understanding the publisher payment cycle",
   {"commissionId", "actionStatus", "pubCommissionAmountUsd"},
   {{"commission_id", "commissionId"}, {"order_id", "orderId"},
    {"partner", "publisherName"}, {"partner_id", "publisherId"},
    {"amount", "saleAmountUsd"}, {"commission", "pubCommissionAmountUsd"},
    {"status", "actionStatus"},
    {"created_at", "eventDate"}, {"approved_at", "lockingDate"}, {"clicked_at", "clickDate"},
    {"reversal_reason", "correctionReason"}, {"coupon", "coupon"}, {"sub1", "shopperId"}},
   {{"new", "pending"}, {"extended", "pending"}, {"locked", "approved"}, {"closed", "paid"}},
   "USD", HS_AMOUNTS_UNIT, HS_CLOCK_UTC, 0, 0},

  /* A commission may be counted in points or free months. The pages do not say whether amounts of a
     commission are decimals or minor units, and the account's currency is no field of the row. */
  {"firstpromoter", "FirstPromoter",
   "docs.firstpromoter.com: API reference v2, commissions",
   {"sale_amount", "is_paid", "event_id", "fraud_check"},
   {{"commission_id", "id"}, {"order_id", "event_id"},
    {"partner", "promoter_campaign.promoter.name"}, {"partner", "promoter_campaign.promoter.email"},
    {"partner_id", "promoter_campaign.promoter.id"},
    {"amount", "sale_amount"}, {"commission", "amount"},
    {"status", "status"}, {"created_at", "created_at"}, {"approved_at", "status_updated_at"},
    {"reversal_reason", "external_note"}, {"customer", "referral.uid"}, {"customer", "referral.email"},
    {HS_NETWORK_PAID, "is_paid"}, {HS_NETWORK_UNIT, "unit"}},
   {{"pending", "pending"}, {"approved", "approved"}, {"denied", "reversed"}},
   NULL, HS_AMOUNTS_UNSTATED, HS_CLOCK_SAID, 0, 0},

  /* The locking date is a plan until the action is approved; cleared means paid. The interface's
     names stand first, those of the action listing reports behind them. */
  {"impact", "impact.com",
   "integrations.impact.com: brand API, Actions; help.impact.com: action listing reports",
   {"Payout", "Locking Date"},
   {{"commission_id", "Id"}, {"commission_id", "Action Id"}, {"order_id", "Oid"},
    {"partner", "MediaPartnerName"}, {"partner", "Partner"}, {"partner_id", "MediaPartnerId"},
    {"amount", "Amount"}, {"amount", "Sale Amount"}, {"commission", "Payout"},
    {"currency", "Currency"},
    {"status", "State"}, {"status", "Status"},
    {"created_at", "EventDate"}, {"created_at", "Action Date"},
    {"approved_at", "LockingDate"}, {"paid_at", "ClearedDate"}, {"paid_at", "Clearing Date"},
    {"clicked_at", "ReferringDate"}, {"customer", "CustomerId"}, {"coupon", "PromoCode"},
    {"sub1", "Sub Id 1"}, {"sub2", "Sub Id 2"}, {"sub3", "Sub Id 3"}, {"sub1", "SharedId"}},
   {{"pending", "pending"}, {"approved", "approved"}, {"reversed", "reversed"}},
   NULL, HS_AMOUNTS_UNIT, HS_CLOCK_SAID, 0, 0},

  /* A reward is not a sale: it names the transaction but not what that was worth. Statuses are those
     of the article on reviewing rewards. The unit and the currency of a reward's amount stand on no
     page that we could read. */
  {"partnerstack", "PartnerStack",
   "docs.partnerstack.com: API v2, rewards (time and date); support.partnerstack.com: reviewing partner rewards",
   {"partnership_key", "customer_key", "decline_reason"},
   {{"commission_id", "key"}, {"commission_id", "id"}, {"order_id", "transaction_key"},
    {"partner", "partnership.partner_key"}, {"partner", "partnership_key"},
    {"amount", "transaction.amount"}, {"commission", "amount"}, {"currency", "currency"},
    {"status", "reward_status"}, {"status", "status"},
    {"created_at", "created_at"}, {"paid_at", "invoice_payment_date"},
    {"reversal_reason", "decline_reason"}, {"customer", "customer_key"}},
   {{"new", "pending"}, {"pending", "pending"}, {"hold", "pending"}, {"approved", "approved"},
    {"declined", "reversed"}, {"paid", "paid"}},
   NULL, HS_AMOUNTS_UNSTATED, HS_CLOCK_UTC, 1, 0},

  /* A commission becomes due when its hold is over: that day is a plan while it is pending. */
  {"rewardful", "Rewardful",
   "developers.rewardful.com: REST API, the commission object",
   {"state", "due_at", "voided_at"},
   {{"commission_id", "id"},
    {"order_id", "sale.stripe_charge_id"}, {"order_id", "sale.id"},
    {"partner", "sale.affiliate.email"}, {"partner", "affiliate.email"},
    {"partner_id", "sale.affiliate.id"}, {"partner_id", "affiliate.id"},
    {"amount", "sale.sale_amount_cents"}, {"commission", "amount"}, {"currency", "currency"},
    {"status", "state"}, {"created_at", "created_at"}, {"approved_at", "due_at"}, {"paid_at", "paid_at"},
    {"customer", "sale.referral.stripe_customer_id"}, {"customer", "sale.referral.customer.id"}},
   {{"pending", "pending"}, {"due", "approved"}, {"paid", "paid"}, {"voided", "reversed"}},
   NULL, HS_AMOUNTS_MINOR, HS_CLOCK_SAID, 0, 0},

  /* The columns of the table of conversions that Tapfiliate itself takes in; an external id is unique
     for each conversion, so it names the commission as well. */
  {"tapfiliate", "Tapfiliate",
   "support.tapfiliate.com: importing conversions in bulk; your conversions and customers pages",
   {"external_id", "commission_amount", "commission_status"},
   {{"commission_id", "external_id"}, {"partner", "affiliate_email"}, {"partner_id", "affiliate_id"},
    {"amount", "amount"}, {"commission", "commission_amount"}, {"currency", "currency"},
    {"status", "commission_status"}, {"created_at", "created_at"}, {"clicked_at", "click_date"},
    {"customer", "customer_id"}},
   {{"pending", "pending"}, {"approved", "approved"}, {"disapproved", "reversed"}},
   NULL, HS_AMOUNTS_UNIT, HS_CLOCK_SAID, 0, 1},

  /* A refund of a commission that was paid is a row of its own below zero. */
  {"tolt", "Tolt",
   "docs.tolt.com: commission created, commission lifecycle",
   {"revenue", "charge_id", "partner_id"},
   {{"commission_id", "id"}, {"order_id", "transaction_id"}, {"order_id", "charge_id"},
    {"partner", "partner.email"}, {"partner_id", "partner_id"},
    {"amount", "revenue"}, {"commission", "amount"}, {"currency", "currency"},
    {"status", "status"}, {"created_at", "created_at"}, {"approved_at", "scheduled_approval_date"},
    {"customer", "customer_id"}},
   {{"pending", "pending"}, {"approved", "approved"}, {"paid", "paid"},
    {"rejected", "reversed"}, {"refunded", "reversed"}},
   NULL, HS_AMOUNTS_MINOR, HS_CLOCK_SAID, 0, 0},

  {.name = NULL},
};
/* clang-format on */

const struct hs_network *hs_networks(void) { return NETWORKS; }
