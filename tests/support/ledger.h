/* A ledger to look at: everything that it holds as text, and a small one that has a row of each
   kind. */
#ifndef HANSA_TESTS_SUPPORT_LEDGER_H
#define HANSA_TESTS_SUPPORT_LEDGER_H

#include "support/book.h"

/* Appends every row that the reader gives, a line each, so that two ledgers can be compared. */
void ledger_dump(const struct hs_ledger_reader *ledger, struct hs_buf *out);
/* The same of a fixture's book, in its arena. */
const char *ledger_text(struct book_fixture *f);

/* A change for hs_book.write: two partners, an agreement with two versions, and a commission's life
   from earning to payout, dispute and close. context is not used. */
enum hs_status ledger_write_sample(void *context, const struct hs_book_writer *writer,
                                   struct hs_err *err);
/* What the sample is built of, for tests that go on from it. */
struct hs_commission_row ledger_sample_commission(void);
struct hs_transfer_row ledger_sample_transfer(void);
#define LEDGER_SAMPLE_TRANSFERS 6
#define LEDGER_SAMPLE_KEPT "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

#endif
