/* What became of payments, as banks and payment services report it: ISO 20022 pain.002 and the CSV
   of PayPal and Wise, all as rows of one kind. What a row means for the ledger (completed settles,
   failed comes back) is the poster's affair. */
#ifndef HANSA_SERVICE_PAY_PAYOUT_STATUS_H
#define HANSA_SERVICE_PAY_PAYOUT_STATUS_H

#include "agreement/shape.h"
#include "base/io.h"

enum hs_payment_state { HS_PAYMENT_PENDING, HS_PAYMENT_COMPLETED, HS_PAYMENT_FAILED };
/* "pending", "completed", "failed" */
const char *hs_payment_state_word(enum hs_payment_state state);

/* What a row is about. A row of a block or of the file holds for those of its payments that have no
   row of their own: banks reject a whole file without naming what is in it. */
enum hs_status_scope { HS_STATUS_OF_PAYMENT, HS_STATUS_OF_BLOCK, HS_STATUS_OF_FILE };
/* "payment", "block", "file" */
const char *hs_status_scope_word(enum hs_status_scope scope);

struct hs_payout_status_row {
  enum hs_status_scope scope;
  enum hs_payment_state state;
  struct hs_str id;        /* of the payment, end to end; absent for blocks and files */
  struct hs_str said;      /* the state in the bank's word: "RJCT" */
  struct hs_str reference; /* by which the bank knows the payment; may be absent */
  struct hs_str reason;    /* codes and words of why; may be absent */
  struct hs_str batch;     /* id of the file that it answers; absent in CSV */
  struct hs_str block;     /* of the block in it */
  uint64_t line;           /* where it stands */
};

enum hs_status_format {
  HS_STATUS_AUTO, /* by the content: XML, a column Direction, anything else */
  HS_STATUS_PAIN002,
  HS_STATUS_WISE,
  HS_STATUS_PAYPAL,
};
#define HS_STATUS_FORMAT_COUNT 4
/* "auto", "pain.002", "wise", "paypal" */
const char *hs_status_format_name(enum hs_status_format format);

struct hs_payout_statuses {
  enum hs_status_format format; /* what it was */
  struct hs_payout_status_row *rows;
  size_t row_count;
  uint64_t passed_over; /* rows of CSV that are no payments of ours: money in, no id */
};

/* At most so much is read of a file. */
#define HS_STATUS_BYTES_MAX (64 * HS_MIB)

/* Completed is only what has arrived or has left our account for good (ACCC, ACSC; COMPLETED;
   SUCCESS, Completed), failed only what will not be paid or came back (RJCT, CANC; CANCELLED,
   REFUNDED; …). Every other word, one that we do not know as well, is pending: it moves no money.
   The words are in docs/reference/payout-files.md.

   HS_INVALID with every fault: no such format, a payment without id or state, one whose states
   contradict each other (a repetition of the same is dropped). XML with a document type, which is
   how entities get in, with more than 32 elements inside each other, or of another message is
   refused. delimiter is of CSV, 0 for the comma. Text lives in arena. */
[[nodiscard]] enum hs_status hs_payout_status_read(struct hs_str text, enum hs_status_format format,
                                                   char delimiter, struct hs_arena *arena,
                                                   struct hs_payout_statuses *out,
                                                   hs_fault_fn fault, void *context,
                                                   struct hs_err *err);

#endif
