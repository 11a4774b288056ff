/* Styles inline, no script, nothing fetched. Light and dark by what the reader's machine prefers;
   on paper black on white, with rows kept whole. */
#include "service/joint/statement_page.h"

#include <string.h>

/* clang-format off */
static const char STYLE[] =
    HS_PAGE_COLOURS("--warn:#a6521b",
                    "--warn:#f0a070")
    "*{box-sizing:border-box}"
    HS_PAGE_BODY("64rem")
    "h1{margin:0;font-size:1.9rem;overflow-wrap:break-word}"
    "h2{margin:2rem 0 .6rem;font-size:1.2rem}"
    "p,li{margin:.4rem 0;max-width:46rem;overflow-wrap:break-word}"
    ".soft{color:var(--soft)}"
    ".first{font-size:1.2rem}"
    ".pay{font-size:1.4rem;font-weight:600}"
    ".open{color:var(--warn)}"
    ".wide{overflow-x:auto;margin:.6rem 0 1.2rem}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;"
    "font-size:.92rem}"
    "th,td{padding:.3rem .6rem;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--line)}"
    "th{font-weight:600;color:var(--soft)}"
    "td.n,th.n{text-align:right;white-space:nowrap}"
    "tr.sum td{font-weight:600;border-bottom:0}"
    ".sign{display:none}"
    "footer{margin-top:2.5rem;border-top:1px solid var(--line);padding-top:1rem}"
    HS_PAGE_PRINT("--warn:#000", "10pt")
    "h2{margin:1.2rem 0 .3rem}"
    "h2,tr,li{break-inside:avoid}"
    "h2{break-after:avoid}"
    "table{font-size:8.5pt}"
    "th,td{padding:.15rem .3rem}"
    ".wide{overflow:visible}"
    ".sign{display:flex;gap:2rem;margin-top:18mm;break-inside:avoid}"
    ".sign div{flex:1;border-top:1px solid #000;padding-top:.2rem}"
    "@page{margin:16mm}"
    "}";
/* clang-format on */

void hs_amount_format(struct hs_currency currency, int64_t amount_minor, char out[HS_AMOUNT_TEXT])
{
  char text[HS_MONEY_TEXT];
  hs_money_format_grouped((struct hs_money){amount_minor, currency}, text);
  size_t length = strcspn(text, " "); /* without the code behind it */
  memcpy(out, text, length);
  out[length] = '\0';
}

void hs_page_amount(struct hs_currency currency, int64_t amount_minor, struct hs_buf *out)
{
  char text[HS_AMOUNT_TEXT];
  hs_amount_format(currency, amount_minor, text);
  hs_buf_printf(out, "<td class=\"n\">%s</td>", text);
}

void hs_page_begin(struct hs_str title, struct hs_buf *out)
{
  hs_page_head(title, STYLE, out);
  hs_buf_add_text(out, "<h1>");
  hs_page_text(title, out);
  hs_buf_add_text(out, "</h1>\n");
}
