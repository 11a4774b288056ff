/* Who the partners of a programme are: everybody whom events name as one, or the book knows. */
#ifndef HANSA_SERVICE_BELIEVE_PARTNER_NAMES_H
#define HANSA_SERVICE_BELIEVE_PARTNER_NAMES_H

#include "service/programme.h"

/* Their names in arena, in byte order, each once. scratch is for the reading of the trail, and not
   reset here. */
[[nodiscard]] enum hs_status hs_partner_names(struct hs_programme *programme,
                                              struct hs_arena *arena, struct hs_arena *scratch,
                                              struct hs_str **names, size_t *count,
                                              struct hs_err *err);
/* The place of a name among such names; SIZE_MAX: it is none of them. */
size_t hs_partner_names_find(const struct hs_str *names, size_t count, struct hs_str name);

#endif
