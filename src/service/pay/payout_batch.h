/* Payments that are to be made: by whom, on which day, to whom, how much. What the payout command
   reads from a file and what a payout run makes of what is owed; payout_file.h turns it into the
   file that a bank takes. */
#ifndef HANSA_SERVICE_PAY_PAYOUT_BATCH_H
#define HANSA_SERVICE_PAY_PAYOUT_BATCH_H

#include "agreement/shape.h"
#include "base/io.h"

/* Who pays. Accounts are as people wrote them; whoever writes a file checks them. */
struct hs_payer {
  struct hs_str name;
  struct hs_str iban, bic;
  struct hs_str account;  /* where the account has no IBAN */
  struct hs_str currency; /* of the account, where that is known */
  struct hs_str street, postcode, town, country;
};

struct hs_payment {
  struct hs_str id; /* end to end: it comes back in the status, so it must be ours alone */
  struct hs_money amount;
  struct hs_str name; /* of the account's owner */
  int is_person;      /* else a company */
  struct hs_str iban, bic;
  struct hs_str account;  /* where the account has no IBAN */
  struct hs_str clearing; /* of the bank where it has no BIC: code and number, "USABA:021000021" */
  struct hs_str email;    /* PayPal's account; Wise asks there for the bank account */
  struct hs_str street, postcode, town, country;
  struct hs_str text;      /* for the receiver's statement */
  struct hs_str reference; /* ISO 11649, instead of text */
  uint64_t line;           /* of the CSV file that it comes from; 0: of none */
};

struct hs_payout_batch {
  struct hs_str id; /* names the file at the bank */
  struct hs_payer payer;
  int32_t day; /* on which it is to be paid; HS_ABSENT: not said */
  const struct hs_payment *payments;
  size_t payment_count;
};

/* At most so much is read of a file, and so many payments. */
#define HS_PAYOUT_BYTES_MAX (64 * HS_MIB)
#define HS_PAYMENTS_MAX 100000

/* The tables of the JSON form; columns of the CSV form are the fields of a payment. */
extern const struct hs_shape hs_payer_shape;
extern const struct hs_shape hs_payment_shape;
extern const struct hs_shape hs_payout_batch_shape;

/* What is wrong, told of everything and kept of the first in err. Paths are "payments[2].iban" or
   "line 4, iban". */
struct hs_payout_faults {
  hs_fault_fn fault; /* may be NULL */
  void *context;
  struct hs_err *err;
  size_t count;
};
/* payment NULL: of the batch itself; field NULL: of the whole. */
void hs_payout_fault(struct hs_payout_faults *faults, const struct hs_payout_batch *batch,
                     const struct hs_payment *payment, const char *field, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* JSON when the text begins with {, CSV otherwise: its header names fields of a payment, and payer,
   day and id of the batch stay absent. Text and list live in arena. HS_INVALID with every fault. */
[[nodiscard]] enum hs_status hs_payout_batch_read(struct hs_str text, struct hs_arena *arena,
                                                  struct hs_payout_batch *out, hs_fault_fn fault,
                                                  void *context, struct hs_err *err);
/* The same of a file, its name before the error. */
[[nodiscard]] enum hs_status hs_payout_batch_file(const struct hs_io *io, const char *path,
                                                  struct hs_arena *arena,
                                                  struct hs_payout_batch *out, hs_fault_fn fault,
                                                  void *context, struct hs_err *err);

/* What is paid in each currency, in the order in which they first stand there. HS_INVALID when a
   sum does not fit. */
[[nodiscard]] enum hs_status hs_payout_batch_sums(const struct hs_payout_batch *batch,
                                                  struct hs_arena *arena, struct hs_money **out,
                                                  size_t *count, struct hs_err *err);

#endif
