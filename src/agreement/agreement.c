#include "agreement/agreement.h"

#include "agreement/terms.h"

enum hs_status hs_agreement_read(struct hs_str json, struct hs_arena *arena,
                                 struct hs_agreement *out, struct hs_terms *terms,
                                 hs_fault_fn fault, void *context, struct hs_err *err)
{
  struct hs_agreement agreement;
  enum hs_status status =
      hs_shape_read(&hs_agreement_shape, json, arena, &agreement, fault, context, err);
  if (status == HS_OK)
    status = hs_shape_complete(&hs_agreement_shape, &agreement,
                               hs_agreement_level(HS_KIND_AFFILIATE, HS_WEIGHT_STANDARD), fault,
                               context, err);
  if (status == HS_OK)
    status = hs_together_check(&agreement, fault, context, err);
  if (status == HS_OK)
    status = hs_terms_make(agreement.terms, arena, terms, fault, context, err);
  if (status == HS_OK)
    *out = agreement;
  return status;
}
