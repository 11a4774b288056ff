/* What lies beyond the click, for people and for programs: the sentences once, and the forms that
   stand in a report beside the trackable view. No form writes an amount of money. */
#ifndef HANSA_SERVICE_LINES_SHOW_H
#define HANSA_SERVICE_LINES_SHOW_H

#include "service/believe/lines.h"

/* "first met": the line as a head of a column. */
const char *hs_lines_title(enum hs_lines_kind kind);
/* Half a sentence: "fewer than 20 cases". */
const char *hs_lines_gap_words(enum hs_lines_gap gap);

/* Sentences, each appended as one line of plain text without its line break; titles of partners as
   they came from data. */
void hs_words_lines_meaning(const struct hs_lines_view *view, struct hs_buf *out);
void hs_words_lines_answers(const struct hs_lines_view *view, struct hs_buf *out);
/* One line of one partner: its figure with interval and sample, its direction, and why. */
void hs_words_line(const struct hs_lines_view *view, const struct hs_lines_line *line,
                   enum hs_lines_kind kind, struct hs_buf *out);
/* Where a partner stands by its lines and where by the last click. */
void hs_words_line_rank(const struct hs_lines_partner *partner, struct hs_buf *out);
/* Who is undervalued by the last click, or that nobody can be named. */
void hs_words_lines_undervalued(const struct hs_lines_view *view, struct hs_buf *out);

/* "10–14 %", the interval of a share, or "–"; of brand searches the change in a week with twice the
   activity, as "-2..+5 %". */
#define HS_LINES_RANGE_TEXT 64
void hs_lines_range(const struct hs_lines_line *line, enum hs_lines_kind kind,
                    char out[HS_LINES_RANGE_TEXT]);

struct hs_lines_style {
  int width; /* columns of the terminal */
  int has_colour;
};
/* A heading, and what stands below it. */
void hs_lines_text(const struct hs_lines_view *view, const struct hs_lines_style *style,
                   struct hs_buf *out);
/* One object. */
void hs_lines_json(const struct hs_lines_view *view, struct hs_buf *out);
/* A section of a page. */
void hs_lines_html(const struct hs_lines_view *view, struct hs_buf *out);

#endif
