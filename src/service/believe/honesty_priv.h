/* Between the files that make and write a table of partners. */
#ifndef HANSA_SERVICE_BELIEVE_HONESTY_PRIV_H
#define HANSA_SERVICE_BELIEVE_HONESTY_PRIV_H

#include "service/believe/honesty.h"
#include "service/believe/honesty_words.h"

/* What follows from the lines together: verdicts of a family, the sum, the kinds. */
[[nodiscard]] enum hs_status hs_partners_conclude(struct hs_arena *arena,
                                                  struct hs_partners *partners, struct hs_err *err);

/* The verdict of a line as people read it. */
void hs_partners_verdict_shown(const struct hs_partners_line *line, struct hs_buf *out);
/* Sentences below the line of a tested partner of a programme, each with its line break. */
void hs_partners_words_line(const struct hs_partners_line *line, struct hs_buf *out);
/* What the table is, and what all lines say together; names of kinds as they came from data. */
void hs_partners_words_meaning(const struct hs_partners *partners, struct hs_buf *out);
void hs_partners_words_together(const struct hs_partners *partners, struct hs_buf *out);
/* Who was not tested, by reason: "4 partners: …"; with their titles as they came from data. */
void hs_partners_words_untested(const struct hs_partners *partners, struct hs_buf *out);

#endif
