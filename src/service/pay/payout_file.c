#include "service/pay/payout_file.h"

#include <stdlib.h>
#include <string.h>

#include "service/pay/payout_file_priv.h"
#include "service/pay/payout_text.h"

static const struct {
  const char *name;
  void (*check)(const struct hs_payout_batch *batch, const struct hs_payout_options *options,
                struct hs_payout_faults *faults);
  enum hs_status (*write)(const struct hs_payout_batch *batch,
                          const struct hs_payout_options *options, struct hs_arena *arena,
                          struct hs_buf *out, struct hs_err *err);
} FORMATS[HS_PAYOUT_FORMAT_COUNT] = {
    [HS_PAYOUT_PAIN001] = {"pain.001", hs_pain001_check, hs_pain001_write},
    [HS_PAYOUT_PAYPAL] = {"paypal", hs_paypal_check, hs_paypal_write},
    [HS_PAYOUT_WISE] = {"wise", hs_wise_check, hs_wise_write},
};

const char *hs_payout_format_name(enum hs_payout_format format) { return FORMATS[format].name; }

/* ---- what every format asks for ---- */

/* Of ISO 20022; the other formats take shorter ones. */
#define ID_MAX 35

static int by_id(const void *a, const void *b)
{
  const struct hs_payment *const *left = a;
  const struct hs_payment *const *right = b;
  int order = hs_str_compare((*left)->id, (*right)->id);
  return order != 0 ? order : (*left > *right) - (*left < *right);
}

static enum hs_status check_unique(const struct hs_payout_batch *batch, struct hs_arena *arena,
                                   struct hs_payout_faults *faults)
{
  const struct hs_payment **sorted =
      hs_arena_alloc(arena, batch->payment_count, sizeof(const struct hs_payment *));
  if (sorted == NULL)
    return hs_arena_full(arena, "payments", faults->err);
  for (size_t p = 0; p < batch->payment_count; p++)
    sorted[p] = &batch->payments[p];
  qsort(sorted, batch->payment_count, sizeof *sorted, by_id);
  for (size_t p = 1; p < batch->payment_count; p++)
    if (hs_str_equal(sorted[p]->id, sorted[p - 1]->id))
      hs_payout_fault(faults, batch, sorted[p], "id", "\"%.*s\" is the id of another payment too",
                      HS_STR_ARG(sorted[p]->id));
  return HS_OK;
}

static void check_text(const struct hs_payout_batch *batch, const struct hs_payment *payment,
                       const char *field, struct hs_str text, struct hs_payout_faults *faults)
{
  if (!hs_str_is_utf8(text))
    hs_payout_fault(faults, batch, payment, field, "is not UTF-8");
}

static void check_payment(const struct hs_payout_batch *batch, const struct hs_payment *payment,
                          struct hs_payout_faults *faults)
{
  const char *problem = hs_payout_id_problem(payment->id, ID_MAX);
  if (problem != NULL)
    hs_payout_fault(faults, batch, payment, "id", "\"%.*s\" %s", HS_STR_ARG(payment->id), problem);
  if (payment->amount.amount_minor <= 0) {
    char shown[HS_MONEY_TEXT];
    hs_money_format(payment->amount, shown);
    hs_payout_fault(faults, batch, payment, "amount", "must be above 0, got %s", shown);
  }
  if (hs_str_trim(payment->name).length == 0)
    hs_payout_fault(faults, batch, payment, "name", "is missing");
  check_text(batch, payment, "name", payment->name, faults);
  check_text(batch, payment, "street", payment->street, faults);
  check_text(batch, payment, "postcode", payment->postcode, faults);
  check_text(batch, payment, "town", payment->town, faults);
  check_text(batch, payment, "text", payment->text, faults);
}

enum hs_status hs_payout_file_write(const struct hs_payout_batch *batch,
                                    const struct hs_payout_options *options, struct hs_arena *arena,
                                    struct hs_buf *out, hs_fault_fn fault, void *context,
                                    struct hs_err *err)
{
  struct hs_payout_faults faults = {fault, context, err, 0};
  if (batch->payment_count == 0)
    return hs_fail(err, HS_INVALID, "there is no payment in the batch");
  for (size_t p = 0; p < batch->payment_count; p++)
    check_payment(batch, &batch->payments[p], &faults);
  enum hs_status status = check_unique(batch, arena, &faults);
  if (status != HS_OK)
    return status;
  FORMATS[options->format].check(batch, options, &faults);
  if (faults.count > 0)
    return HS_INVALID;
  return FORMATS[options->format].write(batch, options, arena, out, err);
}

/* ---- shared ---- */

void hs_payout_amount_add(struct hs_buf *out, hs_wide value, int digits, char point)
{
  char text[48];
  size_t at = sizeof text;
  for (int place = 0; value > 0 || place <= digits; place++) {
    if (place == digits && digits > 0)
      text[--at] = point;
    text[--at] = (char)('0' + (int)(value % 10));
    value /= 10;
  }
  hs_buf_add(out, text + at, sizeof text - at);
}

int hs_payout_is_email(struct hs_str s)
{
  size_t ats = 0;
  if (s.length < 3 || s.data[0] == '@' || s.data[s.length - 1] == '@')
    return 0;
  for (size_t i = 0; i < s.length; i++) {
    unsigned char c = (unsigned char)s.data[i];
    ats += c == '@';
    if (c <= ' ' || c >= 0x7f || strchr(",;\"<>()[]\\", (char)c) != NULL)
      return 0;
  }
  return ats == 1 && strchr("=+-", s.data[0]) == NULL;
}
