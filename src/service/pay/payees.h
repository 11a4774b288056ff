/* What a payout run has to know of partners besides what is owed: who they are, how they are taxed,
   where their money goes and from how much on; and the company's tax presets. A JSON file that the
   company keeps. */
#ifndef HANSA_SERVICE_PAY_PAYEES_H
#define HANSA_SERVICE_PAY_PAYEES_H

#include "ledger/payout.h"
#include "service/pay/payout_batch.h"

/* Where money of a currency goes; of one without a currency, every one. */
struct hs_payee_account {
  struct hs_str currency;
  struct hs_str iban, bic, account, clearing, email;
};

struct hs_threshold {
  struct hs_str currency;
  struct hs_str amount;
  int64_t amount_minor; /* the same, read */
};

struct hs_payee {
  struct hs_str partner; /* name of the party */
  struct hs_str name;    /* of the account's owner */
  int32_t kind;          /* 0 company, 1 person */
  struct hs_str street, postcode, town, country;
  struct hs_list forms;      /* of struct hs_tax_standing: one for each tax form */
  struct hs_list accounts;   /* of struct hs_payee_account */
  struct hs_list thresholds; /* of struct hs_threshold, before those of all */
  int32_t on_hold, leaving;
};

struct hs_payees {
  struct hs_payer *payer;          /* may be NULL */
  struct hs_str series;            /* prefix of the invoices' numbers */
  struct hs_list thresholds;       /* of struct hs_threshold; a currency without one has none */
  struct hs_list tax;              /* of struct hs_tax_preset */
  struct hs_list payees;           /* of struct hs_payee */
  const struct hs_payee **by_name; /* the same by partner; set by hs_payees_read */
};

/* At most so much is read of a file. */
#define HS_PAYEES_BYTES_MAX (64 * HS_MIB)

extern const struct hs_shape hs_payees_shape;

/* HS_INVALID with every fault and its place: what the shape says, presets that hold at once, a
   partner that is there twice, a threshold that is no amount. Text and lists live in arena. */
[[nodiscard]] enum hs_status hs_payees_read(struct hs_str json, struct hs_arena *arena,
                                            struct hs_payees *out, hs_fault_fn fault, void *context,
                                            struct hs_err *err);

/* NULL when there is none. */
const struct hs_payee *hs_payee_of(const struct hs_payees *payees, struct hs_str partner);
/* By which accounts payments can go. */
enum hs_payee_way {
  HS_PAYEE_ANY_WAY,
  HS_PAYEE_BY_BANK,  /* one with an IBAN or an account number */
  HS_PAYEE_BY_EMAIL, /* one with an address alone */
};
/* The account that takes a currency: one that names it before one for all. NULL: there is none. */
const struct hs_payee_account *hs_payee_account_for(const struct hs_payee *payee,
                                                    struct hs_currency currency,
                                                    enum hs_payee_way way);
/* The partner's, or that of all, or 0. payee may be NULL. */
int64_t hs_payee_threshold(const struct hs_payees *payees, const struct hs_payee *payee,
                           struct hs_currency currency);

#endif
