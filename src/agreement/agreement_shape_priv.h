/* How the tables of the agreement are written. */
#ifndef HANSA_AGREEMENT_AGREEMENT_SHAPE_PRIV_H
#define HANSA_AGREEMENT_AGREEMENT_SHAPE_PRIV_H

#include <stddef.h>

#include "agreement/agreement.h"

/* Who must fill a field in: a bit for each kind and weight (hs_agreement_level). */
#define AT(kind, weight) (1U << ((unsigned)(kind)*HS_WEIGHT_COUNT + (unsigned)(weight)))
#define FROM_MANAGED(kind) (AT(kind, HS_WEIGHT_MANAGED) | AT(kind, HS_WEIGHT_ALLIANCE))
#define EVERY_KIND(weight)                                                                         \
  (AT(HS_KIND_AFFILIATE, weight) | AT(HS_KIND_CO_MARKETING, weight) |                              \
   AT(HS_KIND_JOINT_VENTURE, weight) | AT(HS_KIND_ALLIANCE, weight))
#define MANAGED (EVERY_KIND(HS_WEIGHT_MANAGED) | EVERY_KIND(HS_WEIGHT_ALLIANCE))
#define ALLIANCE EVERY_KIND(HS_WEIGHT_ALLIANCE)
#define CAMPAIGN FROM_MANAGED(HS_KIND_CO_MARKETING)
#define JOINT (FROM_MANAGED(HS_KIND_JOINT_VENTURE) | FROM_MANAGED(HS_KIND_ALLIANCE))

#endif
