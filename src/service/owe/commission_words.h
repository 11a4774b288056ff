/* What the forms of a commission statement share. */
#ifndef HANSA_SERVICE_OWE_COMMISSION_WORDS_H
#define HANSA_SERVICE_OWE_COMMISSION_WORDS_H

#include "service/owe/commission_statement.h"

/* The partner's accounts, as it reads them. */
struct hs_standing {
  enum hs_account_kind account;
  const char *words;
};
#define HS_STANDING_COUNT 4
extern const struct hs_standing hs_standings[HS_STANDING_COUNT];

/* "Commission statement 2026-0017 of 2026-09" */
void hs_commission_say_heading(const struct hs_commission_statement *statement, struct hs_buf *out);
/* What stands open in other currencies; nothing where nothing does. */
void hs_commission_say_others(const struct hs_commission_statement *statement, struct hs_buf *out);
/* The day on which it took effect, in the zone of the statement. */
void hs_commission_day(const struct hs_commission_statement *statement, int64_t at_us,
                       char out[HS_TIME_TEXT]);
/* What people call what a commission of that type is for: order, lead, click or event. */
const char *hs_commission_noun(struct hs_str type);
/* Words that are about an order, said of what a commission of that type is for: "the partner shares
   the lead". */
void hs_commission_say_about(struct hs_str type, const char *words, struct hs_buf *out);
/* What it is for: "2026-4711", an order's name, or "lead 12". Nothing for an entry without a
   commission. */
void hs_commission_say_name(const struct hs_commission_entry *entry, struct hs_buf *out);
/* "standard-offer 3, sales"; nothing for an entry without a commission. */
void hs_commission_say_rule(const struct hs_commission_entry *entry, struct hs_buf *out);

#endif
