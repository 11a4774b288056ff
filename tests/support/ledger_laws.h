/* The invariants of the ledger by their names, each looked at on its own in the tables of a book
   and in what its reader says, without the code that keeps them. */
#ifndef HANSA_TESTS_SUPPORT_LEDGER_LAWS_H
#define HANSA_TESTS_SUPPORT_LEDGER_LAWS_H

#include "service/programme.h"

/*  X(symbol, "what it says") */
#define LEDGER_LAW_TABLE(X)                                                                        \
  X(L1, "every transfer balances")                                                                 \
  X(L2, "balances sum to zero per currency")                                                       \
  X(L3, "a balance is the fold of its postings")                                                   \
  X(L4, "nothing is resolved twice")                                                               \
  X(L5, "split parts sum to the whole")                                                            \
  X(L6, "paid is at most posted less held less clawed back, and excess is the receivable")         \
  X(L7, "a closed period's hash does not change")                                                  \
  X(L8, "each commission traces to one accepted event and one version")                            \
  X(L9, "a replay gives the same rows and balances")

enum ledger_law {
#define LEDGER_LAW_SYMBOL(symbol, says) LAW_##symbol,
  LEDGER_LAW_TABLE(LEDGER_LAW_SYMBOL)
#undef LEDGER_LAW_SYMBOL
      LAW_COUNT
};

/* What came of looking, over as many looks as there were. */
struct ledger_findings {
  struct {
    uint64_t seen;    /* of what the law is about: a law that nothing could break says nothing */
    char broken[240]; /* the first that broke it; empty when none did */
  } laws[LAW_COUNT];
};

/* "L1: every transfer balances" */
const char *ledger_law_words(enum ledger_law law);

/* Looks at all of them in a programme that is open, caught up and nobody else's; book is the path
   of its book. L9 empties the ledger and reads it again. */
void ledger_laws_look(struct hs_programme *programme, const char *book,
                      struct ledger_findings *findings);
/* Fails the test when the law was broken, or when nothing was there that could have broken it. */
void ledger_law_assert(const struct ledger_findings *findings, enum ledger_law law);

#endif
