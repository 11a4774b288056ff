/* Text for payment systems, which know the Latin letters without accents, digits and a few marks:
   the set of the SEPA schemes and of SWIFT. The table by which the rest is put into them is in
   docs/reference/payout-files.md. */
#ifndef HANSA_SERVICE_PAY_PAYOUT_TEXT_H
#define HANSA_SERVICE_PAY_PAYOUT_TEXT_H

#include "base/text.h"

/* a to z, A to Z, 0 to 9, blank and / - ? : ( ) . , ' + */
[[nodiscard]] int hs_payout_text_has(char c);

/* Appends s in those characters: letters lose their accents, Greek and Cyrillic are written in
   Latin letters, marks become the nearest one, any other character a full stop; runs of blanks
   become one, and none stands at an end. Writes at most length_max characters and drops the rest.
   s is UTF-8. */
void hs_payout_text_add(struct hs_buf *out, struct hs_str s, size_t length_max);
/* How many letters and digits of s there are in what hs_payout_text_add writes of it: where there
   is none, nobody could read it. */
size_t hs_payout_text_readable(struct hs_str s);

/* What one code point becomes: text that lives for ever, "" for a combining mark, NULL for a code
   point that no row of the table has. */
const char *hs_payout_text_of(uint32_t code_point);

/* An id that comes back unchanged: 1 to length_max of those characters without blanks, with no / at
   its ends and no two in a row (rules of the SEPA schemes). NULL, or what is wrong with it; lives
   for ever. */
const char *hs_payout_id_problem(struct hs_str id, size_t length_max);

#endif
