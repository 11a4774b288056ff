/* What pages have in common: one file that needs nothing else, for the screen and for paper. Styles
   inline, no script, nothing fetched. Text that came from data goes through hs_page_text. */
#ifndef HANSA_SERVICE_PAGE_H
#define HANSA_SERVICE_PAGE_H

#include "base/text.h"

/* Parts of a style. Every page has the same ink and paper, light or dark by what the reader's
   machine prefers; colours of its own, "--bar:#2f6f9f" and so on, follow them. */
#define HS_PAGE_COLOURS(own, own_dark)                                                             \
  ":root{--ink:#1b2733;--soft:#5c6b7a;--line:#d9e0e6;--paper:#fff;" own "}"                        \
  "@media(prefers-color-scheme:dark){"                                                             \
  ":root{--ink:#e6edf3;--soft:#9fb0c0;--line:#33414e;--paper:#12181e;" own_dark "}"                \
  "}"
#define HS_PAGE_BODY(width)                                                                        \
  "body{margin:0 auto;max-width:" width ";padding:2rem 1.2rem;background:var(--paper);"            \
  "color:var(--ink);font:16px/1.5 system-ui,sans-serif}"
/* Begins what holds on paper, black on white; the page's style goes on and ends it with "}". */
#define HS_PAGE_PRINT(own, size)                                                                   \
  "@media print{"                                                                                  \
  ":root{--ink:#000;--soft:#444;--line:#bbb;--paper:#fff;" own "}"                                 \
  "body{padding:0;max-width:none;font-size:" size "}"

/* Up to the open body. */
void hs_page_head(struct hs_str title, const char *style, struct hs_buf *out);
void hs_page_end(struct hs_buf *out);

/* Text from data, without marks that turn the direction of what follows. */
void hs_page_text(struct hs_str text, struct hs_buf *out);
/* The same where there is room for so many characters. */
void hs_page_text_cut(struct hs_str text, size_t width_max, struct hs_buf *out);
/* The words between the two tags; nothing when there are none. Takes over a failure of words. */
void hs_page_words(const struct hs_buf *words, const char *open, const char *close,
                   struct hs_buf *out);
/* The same between <p> and </p>; class may be NULL. */
void hs_page_paragraph(const struct hs_buf *words, const char *class, struct hs_buf *out);
void hs_page_cell(struct hs_str text, struct hs_buf *out);

#endif
