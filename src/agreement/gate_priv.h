/* What the parts of the gate share. */
#ifndef HANSA_AGREEMENT_GATE_PRIV_H
#define HANSA_AGREEMENT_GATE_PRIV_H

#include "agreement/agreement.h"

struct hs_gate {
  const struct hs_agreement *agreement;
  hs_objection_fn tell;
  void *context;
  size_t standing;
};

void hs_gate_object(struct hs_gate *gate, const char *code, const char *path, const char *words);

/* The first of the words (NULL-terminated) that stands in the text as a whole word, without case;
   NULL: none does. */
const char *hs_gate_word_of(struct hs_str text, const char *const *words);

/* Whether the text has the word "guessing", by which people say that they do not know. */
int hs_gate_is_guess(struct hs_str text);

/* Whether a campaign makes something that neither side could make alone, and rests on more than
   hope. Agreements without a campaign meet nothing here. */
void hs_gate_check_campaign(struct hs_gate *gate);

#endif
