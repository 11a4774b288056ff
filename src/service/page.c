#include "service/page.h"

void hs_page_head(struct hs_str title, const char *style, struct hs_buf *out)
{
  hs_buf_add_text(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                       "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                       "<title>");
  hs_page_text(title, out);
  hs_buf_add_text(out, "</title><style>");
  hs_buf_add_text(out, style);
  hs_buf_add_text(out, "</style></head><body>\n");
}

void hs_page_end(struct hs_buf *out) { hs_buf_add_text(out, "</body></html>\n"); }

void hs_page_text_cut(struct hs_str text, size_t width_max, struct hs_buf *out)
{
  struct hs_buf shown = hs_buf_in(out->arena);
  (void)hs_buf_add_shown(&shown, text, width_max);
  hs_buf_fail_with(out, &shown);
  hs_buf_add_html(out, hs_buf_str(&shown));
}

void hs_page_text(struct hs_str text, struct hs_buf *out) { hs_page_text_cut(text, SIZE_MAX, out); }

void hs_page_words(const struct hs_buf *words, const char *open, const char *close,
                   struct hs_buf *out)
{
  hs_buf_fail_with(out, words);
  if (words->length == 0)
    return;
  hs_buf_add_text(out, open);
  hs_page_text(hs_buf_str(words), out);
  hs_buf_add_text(out, close);
}

void hs_page_paragraph(const struct hs_buf *words, const char *class, struct hs_buf *out)
{
  hs_buf_fail_with(out, words);
  if (words->length == 0)
    return;
  if (class != NULL)
    hs_buf_printf(out, "<p class=\"%s\">", class);
  hs_page_words(words, class == NULL ? "<p>" : "", "</p>\n", out);
}

void hs_page_cell(struct hs_str text, struct hs_buf *out)
{
  hs_buf_add_text(out, "<td>");
  hs_page_text(text, out);
  hs_buf_add_text(out, "</td>");
}
