/* The rules of the schema of pain.001.001.09 for every element that we use, as a table: which
   elements an element has, in which order, how often, and what text may stand in one. Reads with
   expat, which had no part in the writing. */
#ifndef HANSA_TESTS_SUPPORT_PAIN001_H
#define HANSA_TESTS_SUPPORT_PAIN001_H

#include "base/text.h"

struct pain001 {
  char problem[256]; /* "" when every rule holds */
  size_t payment_count, block_count;
  int64_t sum_units; /* of all amounts, in ten-thousandths */
  /* Of the payment with this end-to-end id: set it before. */
  const char *wanted;
  char name[256], text[256], currency[4];
  int64_t wanted_units;
};

/* Also holds counts and sums in the file to the payments that are in it, ids to being there once,
   and every text to the characters of the schemes. */
void pain001_read(struct hs_str xml, struct pain001 *out);

#endif
