/* Names of accounts and of payments that carry their own check digits, so that a slip of the pen is
   found before money leaves. What passes is well formed; whether the account exists only a bank can
   say. */
#ifndef HANSA_LEDGER_BANK_H
#define HANSA_LEDGER_BANK_H

#include "base/text.h"

/* ISO 13616. Without blanks, in capitals, zero-terminated; the zero value is "no account". */
#define HS_IBAN_MAX 34
struct hs_iban {
  char text[HS_IBAN_MAX + 1];
};

/* Takes blanks anywhere and small letters, as people write them. HS_INVALID with what is wrong: a
   country that issues none, the length of that country, a character, the check digits (ISO 7064
   MOD 97-10). */
[[nodiscard]] enum hs_status hs_iban_parse(struct hs_str s, struct hs_iban *out,
                                           struct hs_err *err);

/* How the SEPA schemes of the European Payments Council see the country of an account. */
enum hs_sepa {
  HS_SEPA_NONE,  /* outside */
  HS_SEPA_OUTER, /* inside, but not of the European Economic Area: the payer's address goes along */
  HS_SEPA_INNER,
};
enum hs_sepa hs_iban_sepa(const struct hs_iban *iban);

/* ISO 9362:2014, 8 or 11 characters. Zero-terminated, in capitals; the zero value is "no bank". */
#define HS_BIC_MAX 11
struct hs_bic {
  char text[HS_BIC_MAX + 1];
};
/* Takes small letters. HS_INVALID with what is wrong. */
[[nodiscard]] enum hs_status hs_bic_parse(struct hs_str s, struct hs_bic *out, struct hs_err *err);

/* ISO 11649: RF, two check digits, 1 to 21 letters and digits. Zero-terminated, in capitals. */
#define HS_CREDITOR_REFERENCE_MAX 25
struct hs_creditor_reference {
  char text[HS_CREDITOR_REFERENCE_MAX + 1];
};
/* Takes blanks and small letters. HS_INVALID with what is wrong. */
[[nodiscard]] enum hs_status
hs_creditor_reference_parse(struct hs_str s, struct hs_creditor_reference *out, struct hs_err *err);

/* 1 for two capital letters that may be a country of ISO 3166; whether it exists is not checked. */
[[nodiscard]] int hs_is_country(struct hs_str s);

#endif
