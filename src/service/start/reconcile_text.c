/* How a reconciliation reads. */
#include <string.h>

#include "service/believe/report_words.h"
#include "service/start/reconcile_export.h"

static void money_text(int64_t amount_minor, struct hs_currency currency, char out[HS_MONEY_TEXT])
{
  hs_money_format_grouped((struct hs_money){amount_minor, currency}, out);
}

static void add_money(int64_t amount_minor, struct hs_currency currency, struct hs_buf *out)
{
  char text[HS_MONEY_TEXT];
  money_text(amount_minor, currency, text);
  hs_buf_add_text(out, text);
}

static const char *title(const struct hs_reconcile_page *page)
{
  return page->network != NULL ? page->network->title : "The export";
}

static void wrapped(const struct hs_buf *text, size_t width, struct hs_buf *out)
{
  hs_buf_fail_with(out, text);
  hs_buf_add_text(out, "  ");
  hs_buf_add_wrapped(out, hs_buf_str(text), width, 2);
}

static void head(const struct hs_reconcile_page *page, size_t width, struct hs_buf *out)
{
  char from[HS_TIME_TEXT];
  char until[HS_TIME_TEXT];
  struct hs_buf text = hs_buf_in(out->arena);
  hs_format_day(hs_day_of_us(page->from_us), from);
  hs_format_day(hs_day_of_us(page->until_us - 1), until);
  hs_buf_printf(&text, "%s: %zu %s for orders from %s to %s, beside %zu of ours.", title(page),
                page->their_count, hs_plural(page->their_count, "commission", "commissions"), from,
                until, page->our_count);
  if (page->beside_count > 0)
    hs_buf_printf(&text, " %llu more of ours, of other partners or days, %s left out.",
                  (unsigned long long)page->beside_count,
                  hs_plural(page->beside_count, "is", "are"));
  hs_buf_add_text(out, "Reconciliation\n");
  wrapped(&text, width, out);
}

static void strangers(const struct hs_reconcile_page *page, size_t width, struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  if (page->stranger_count == 0)
    return;
  hs_buf_printf(&text, "The programme knows no partner of the name ");
  for (size_t i = 0; i < page->stranger_count && i < HS_STRANGERS_MAX; i++) {
    hs_buf_add_text(&text, i == 0 ? "" : ", ");
    (void)hs_buf_add_shown(&text, page->strangers[i], 60);
  }
  if (page->stranger_count > HS_STRANGERS_MAX)
    hs_buf_printf(&text, " and of %zu more", page->stranger_count - HS_STRANGERS_MAX);
  hs_buf_add_text(&text, ": say who it is with --partner THEIRS=OURS.");
  wrapped(&text, width, out);
}

static void sums(const struct hs_reconcile_sums *one, struct hs_buf *out)
{
  char text[HS_MONEY_TEXT];
  hs_buf_printf(out, "\n%s\n", one->currency.code);
  const struct {
    const char *what;
    int64_t amount;
  } LINES[] = {{"theirs", one->theirs_minor},
               {"ours", one->ours_minor},
               {"difference", one->theirs_minor - one->ours_minor}};
  for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
    money_text(LINES[i].amount, one->currency, text);
    hs_buf_printf(out, "  %-12s %20s\n", LINES[i].what, text);
  }
  for (size_t r = 0; r < HS_RECONCILE_REASON_COUNT; r++) {
    if (one->difference_minor[r] == 0)
      continue;
    money_text(one->difference_minor[r], one->currency, text);
    hs_buf_printf(out, "    %-10s %20s  %s\n", "of it", text,
                  hs_reconcile_reason_words((enum hs_reconcile_reason)r));
  }
}

static void reasons(const struct hs_reconcile_page *page, struct hs_buf *out)
{
  hs_buf_add_text(out, "\nOrders\n");
  for (size_t r = 0; r < HS_RECONCILE_REASON_COUNT; r++)
    if (page->found.reasons[r] > 0)
      hs_buf_printf(out, "  %8llu  %s\n", (unsigned long long)page->found.reasons[r],
                    hs_reconcile_reason_words((enum hs_reconcile_reason)r));
}

static void side(const struct hs_reconcile_side *one, struct hs_buf *out)
{
  if (one->line_count == 0) {
    hs_buf_add_text(out, "nothing");
    return;
  }
  add_money(hs_reconcile_net(one), one->currency, out);
  hs_buf_printf(out, " %s", hs_reconcile_state_word(one->state));
}

/* What nothing explains is named in full; for the rest there are --json and --csv. */
static void unexplained(const struct hs_reconcile_page *page, size_t width, struct hs_buf *out)
{
  int is_first = 1;
  for (size_t i = 0; i < page->found.pair_count; i++) {
    const struct hs_reconcile_pair *pair = &page->found.pairs[i];
    struct hs_buf text = hs_buf_in(out->arena);
    if (hs_reconcile_is_explained(pair->reason))
      continue;
    hs_buf_add_text(out, is_first ? "\nUnexplained\n" : "");
    is_first = 0;
    if (pair->order_id.data != NULL)
      (void)hs_buf_add_shown(&text, pair->order_id, 60);
    else
      hs_buf_add_text(&text, "an order without an id");
    hs_buf_add_text(&text, " of ");
    (void)hs_buf_add_shown(&text, pair->partner, 60);
    hs_buf_add_text(&text, ": theirs ");
    side(&pair->theirs, &text);
    hs_buf_add_text(&text, ", ours ");
    side(&pair->ours, &text);
    wrapped(&text, width, out);
  }
  if (is_first)
    hs_buf_add_text(out, "\nEvery difference is explained.\n");
}

void hs_reconcile_text(const struct hs_reconcile_page *page, int width, struct hs_buf *out)
{
  head(page, (size_t)width, out);
  strangers(page, (size_t)width, out);
  reasons(page, out);
  for (size_t i = 0; i < page->found.sum_count; i++)
    sums(&page->found.sums[i], out);
  unexplained(page, (size_t)width, out);
}

/* ---- for machines ---- */

static void json_side(const char *name, const struct hs_reconcile_side *one, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"%s\":", name);
  if (one->line_count == 0) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_printf(out,
                "{\"net_minor\":%lld,\"earned_minor\":%lld,\"taken_back_minor\":%lld,\"currency\":"
                "\"%s\",\"status\":\"%s\"}",
                (long long)hs_reconcile_net(one), (long long)one->earned_minor,
                (long long)one->taken_back_minor, one->currency.code,
                hs_reconcile_state_word(one->state));
}

static void json_pair(const struct hs_reconcile_pair *pair, struct hs_buf *out)
{
  hs_buf_add_text(out, "{\"order_id\":");
  if (pair->order_id.data != NULL)
    hs_buf_add_json(out, pair->order_id);
  else
    hs_buf_add_text(out, "null");
  hs_buf_add_text(out, ",\"partner\":");
  hs_buf_add_json(out, pair->partner);
  hs_buf_printf(out, ",\"verdict\":\"%s\",\"reason\":\"%s\",\"is_explained\":%s",
                hs_reconcile_verdict_word(pair->verdict), hs_reconcile_reason_code(pair->reason),
                hs_reconcile_is_explained(pair->reason) ? "true" : "false");
  if (pair->rate != NULL) {
    hs_buf_add_text(out, ",\"agreement\":");
    hs_buf_add_json(out, pair->rate->agreement);
    hs_buf_printf(out, ",\"version\":%llu,\"rule\":", (unsigned long long)pair->rate->version);
    hs_buf_add_json(out, pair->rate->rule);
  }
  json_side("ours", &pair->ours, out);
  json_side("theirs", &pair->theirs, out);
  hs_buf_add_char(out, '}');
}

static void json_sums(const struct hs_reconcile_sums *one, struct hs_buf *out)
{
  int is_first = 1;
  hs_buf_printf(out,
                "{\"currency\":\"%s\",\"ours_minor\":%lld,\"theirs_minor\":%lld,"
                "\"difference_minor\":{",
                one->currency.code, (long long)one->ours_minor, (long long)one->theirs_minor);
  for (size_t r = 0; r < HS_RECONCILE_REASON_COUNT; r++) {
    if (one->difference_minor[r] == 0)
      continue;
    hs_buf_printf(out, "%s\"%s\":%lld", is_first ? "" : ",",
                  hs_reconcile_reason_code((enum hs_reconcile_reason)r),
                  (long long)one->difference_minor[r]);
    is_first = 0;
  }
  hs_buf_add_text(out, "}}");
}

void hs_reconcile_json(const struct hs_reconcile_page *page, struct hs_buf *out)
{
  const struct hs_reconciled *found = &page->found;
  hs_buf_add_text(out, "{\"network\":");
  if (page->network != NULL)
    hs_buf_add_json(out, hs_str_of(page->network->name));
  else
    hs_buf_add_text(out, "null");
  hs_buf_printf(out, ",\"theirs\":%zu,\"ours\":%zu,\"ours_left_out\":%llu,\"rejected\":%llu",
                page->their_count, page->our_count, (unsigned long long)page->beside_count,
                (unsigned long long)page->rows_rejected);
  hs_buf_add_text(out, ",\"sums\":[");
  for (size_t i = 0; i < found->sum_count; i++) {
    hs_buf_add_text(out, i == 0 ? "" : ",");
    json_sums(&found->sums[i], out);
  }
  hs_buf_add_text(out, "],\"orders\":[");
  for (size_t i = 0; i < found->pair_count; i++) {
    hs_buf_add_text(out, i == 0 ? "" : ",");
    json_pair(&found->pairs[i], out);
  }
  hs_buf_add_text(out, "]}\n");
}

static void csv_side(const struct hs_reconcile_side *one, struct hs_buf *out)
{
  char text[HS_MONEY_TEXT];
  if (one->line_count == 0) {
    hs_buf_add_text(out, ",,,");
    return;
  }
  hs_money_format_number((struct hs_money){hs_reconcile_net(one), one->currency}, text);
  hs_buf_printf(out, ",%s,%s,%s", text, one->currency.code, hs_reconcile_state_word(one->state));
}

void hs_reconcile_csv(const struct hs_reconcile_page *page, struct hs_buf *out)
{
  hs_buf_add_text(out, "order_id,partner,verdict,reason,explained,our_commission,our_currency,"
                       "our_status,their_commission,their_currency,their_status\r\n");
  for (size_t i = 0; i < page->found.pair_count; i++) {
    const struct hs_reconcile_pair *pair = &page->found.pairs[i];
    if (pair->order_id.data != NULL)
      hs_buf_add_csv_safe(out, pair->order_id);
    hs_buf_add_char(out, ',');
    hs_buf_add_csv_safe(out, pair->partner);
    hs_buf_printf(out, ",%s,%s,%s", hs_reconcile_verdict_word(pair->verdict),
                  hs_reconcile_reason_code(pair->reason),
                  hs_reconcile_is_explained(pair->reason) ? "true" : "false");
    csv_side(&pair->ours, out);
    csv_side(&pair->theirs, out);
    hs_buf_add_text(out, "\r\n");
  }
}
