/* What an agreement is in practice, as far as the programme itself has seen it: what was earned,
   who bears costs and hours on the joint P&L, who proposed its terms. */
#ifndef HANSA_SERVICE_AGREED_PRACTICE_H
#define HANSA_SERVICE_AGREED_PRACTICE_H

#include "agreement/nature.h"
#include "service/agreed/agreement_file.h"
#include "service/programme.h"

/* The agreement's paper beside its practice. Where the programme holds evidence, that answers in
   the place of what people wrote under practice: commissions say that rewards are shared; content,
   media, tools and things in kind that both sides have on the joint P&L, that assets are; hours of
   both, expertise; shared costs of both, risks; proposals of both, control. What only one side has
   there is not shared; two proposals or more of one side alone are control by one. Otherwise the
   written answer stands. Texts are in arena. */
[[nodiscard]] enum hs_status hs_practice_nature(struct hs_programme *programme, struct hs_str name,
                                                const struct hs_agreement *document,
                                                struct hs_arena *arena, struct hs_nature *out,
                                                struct hs_err *err);

#endif
