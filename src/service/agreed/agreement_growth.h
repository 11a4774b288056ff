/* What an agreement really is, and whether its next step is earned, in sentences and as JSON. */
#ifndef HANSA_SERVICE_AGREED_AGREEMENT_GROWTH_H
#define HANSA_SERVICE_AGREED_AGREEMENT_GROWTH_H

#include "agreement/ladder.h"
#include "agreement/nature.h"
#include "service/agreed/agreement_file.h"

/* Whether what is written is not what it is called, and whether practice is another thing than
   paper (not when nobody knows practice), with a sentence: "structured as an alliance, managed as a
   vendor contract". */
#define HS_NATURE_WORDS 128
[[nodiscard]] int hs_nature_differs_from_name(const struct hs_nature *nature,
                                              char out[HS_NATURE_WORDS]);
[[nodiscard]] int hs_nature_differs_in_practice(const struct hs_nature *nature,
                                                char out[HS_NATURE_WORDS]);

/* The five questions, on paper and in practice, and a warning where these two or the name of the
   agreement differ; for a terminal of width columns. */
void hs_agreement_kind_say(const struct hs_nature *nature, size_t width, struct hs_buf *out);
void hs_agreement_kind_json(const struct hs_nature *nature, struct hs_buf *out);

/* HS_INVALID tells every fault of the file. */
[[nodiscard]] enum hs_status hs_track_record_file_read(const struct hs_io *io, const char *path,
                                                       struct hs_arena *arena,
                                                       struct hs_track_record *out,
                                                       hs_fault_fn fault, void *context,
                                                       struct hs_err *err);

/* Every criterion of the step from the agreement's kind to the next, and the verdict; of an
   alliance, that there is none. */
void hs_agreement_growth_say(const struct hs_agreement_file *file,
                             const struct hs_track_record *record, struct hs_buf *out);
void hs_agreement_growth_json(const struct hs_agreement_file *file,
                              const struct hs_track_record *record, struct hs_buf *out);

#endif
