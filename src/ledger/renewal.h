/* How long a customer has been one: rules that pay for so many months ask. */
#ifndef HANSA_LEDGER_RENEWAL_H
#define HANSA_LEDGER_RENEWAL_H

#include "base/time.h"

/* Whole months from a customer's first order to another, by the days of the zone: 0 until the day
   before the first monthly anniversary. Where the month of an anniversary lacks the day, its last
   day is it, so that a subscription of the 31st is a month older on 28 February; the time of day
   does not matter, since renewals are not charged to the second. So a rule of twelve months pays
   for twelve monthly charges. 0 when at_us lies before first_us. */
uint32_t hs_months_since(const struct hs_zone *zone, int64_t first_us, int64_t at_us);

#endif
