/* ISO 20022 CustomerCreditTransferInitiationV09. The order of elements is that of the schema; what
   is written where is held to its rules by tests/unit/service/test_payout_pain001.c. Texts are in
   the set of payout_text.h, in which nothing needs escaping. */
#include "service/pay/payout_pain001_priv.h"

#include <string.h>

#include "base/time.h"
#include "service/pay/payout_text.h"

#define NAMESPACE "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"

#define NAME_MAX_SEPA ((size_t)70)
#define NAME_MAX_OTHER ((size_t)140)
#define TEXT_MAX ((size_t)140)
#define STREET_MAX ((size_t)70)
#define POSTCODE_MAX ((size_t)16)
#define TOWN_MAX ((size_t)35)

/* ---- elements ---- */

static void indent(struct hs_buf *out, int depth)
{
  for (int i = 0; i < depth; i++)
    hs_buf_add_text(out, "  ");
}

static void open_element(struct hs_buf *out, int depth, const char *name)
{
  indent(out, depth);
  hs_buf_printf(out, "<%s>\n", name);
}

static void close_element(struct hs_buf *out, int depth, const char *name)
{
  indent(out, depth);
  hs_buf_printf(out, "</%s>\n", name);
}

/* path: the elements on the way, such as "Id/IBAN", each with this one inside. */
static void write_plain(struct hs_buf *out, int depth, const char *path, const char *text)
{
  indent(out, depth);
  hs_buf_add_char(out, '<');
  for (const char *c = path; *c != '\0'; c++)
    hs_buf_add_text(out, *c == '/' ? "><" : (char[]){*c, '\0'});
  hs_buf_printf(out, ">%s", text);
  for (size_t end = strlen(path); end > 0;) {
    size_t begin = end;
    while (begin > 0 && path[begin - 1] != '/')
      begin--;
    hs_buf_printf(out, "</%.*s>", (int)(end - begin), path + begin);
    end = begin > 0 ? begin - 1 : 0;
  }
  hs_buf_add_char(out, '\n');
}

/* Left out when nobody could read it: the schema has no empty texts. */
static void write_text(struct hs_buf *out, int depth, const char *name, struct hs_str text,
                       size_t length_max)
{
  if (hs_payout_text_readable(text) == 0)
    return;
  indent(out, depth);
  hs_buf_printf(out, "<%s>", name);
  hs_payout_text_add(out, text, length_max);
  hs_buf_printf(out, "</%s>\n", name);
}

static void write_copied(struct hs_buf *out, int depth, const char *path, struct hs_str text)
{
  char copy[64];
  HS_ASSERT(text.length < sizeof copy); /* checked: an id, an account */
  memcpy(copy, text.data, text.length);
  copy[text.length] = '\0';
  write_plain(out, depth, path, copy);
}

/* ---- a payment ---- */

static void write_address(struct hs_buf *out, int depth, struct hs_str street,
                          struct hs_str postcode, struct hs_str town, struct hs_str country)
{
  if (country.data == NULL || town.data == NULL)
    return; /* where an address is needed, both are checked to be there */
  open_element(out, depth, "PstlAdr");
  write_text(out, depth + 1, "StrtNm", street, STREET_MAX);
  write_text(out, depth + 1, "PstCd", postcode, POSTCODE_MAX);
  write_text(out, depth + 1, "TwnNm", town, TOWN_MAX);
  write_copied(out, depth + 1, "Ctry", country);
  close_element(out, depth, "PstlAdr");
}

static void write_account(struct hs_buf *out, int depth, const char *name, struct hs_str iban,
                          struct hs_str account)
{
  struct hs_iban checked = hs_pain001_iban(iban);
  open_element(out, depth, name);
  if (iban.data != NULL)
    write_plain(out, depth + 1, "Id/IBAN", checked.text);
  else
    write_copied(out, depth + 1, "Id/Othr/Id", account);
  close_element(out, depth, name);
}

static void write_bic(struct hs_buf *out, int depth, struct hs_str text)
{
  struct hs_bic bic = {""};
  (void)hs_bic_parse(text, &bic, NULL);
  write_plain(out, depth, "BICFI", bic.text);
}

static void write_bank(struct hs_buf *out, const struct hs_payment *payment)
{
  struct hs_str code, number;
  if (payment->bic.data == NULL && payment->clearing.data == NULL)
    return;
  open_element(out, 4, "CdtrAgt");
  open_element(out, 5, "FinInstnId");
  if (payment->bic.data != NULL)
    write_bic(out, 6, payment->bic);
  if (payment->clearing.data != NULL &&
      hs_pain001_cut_clearing(payment->clearing, &code, &number)) {
    open_element(out, 6, "ClrSysMmbId");
    write_copied(out, 7, "ClrSysId/Cd", code);
    write_copied(out, 7, "MmbId", number);
    close_element(out, 6, "ClrSysMmbId");
  }
  close_element(out, 5, "FinInstnId");
  close_element(out, 4, "CdtrAgt");
}

static void write_remittance(struct hs_buf *out, const struct hs_payment *payment)
{
  struct hs_creditor_reference reference = {""};
  if (payment->reference.data != NULL) {
    (void)hs_creditor_reference_parse(payment->reference, &reference, NULL);
    open_element(out, 4, "RmtInf");
    open_element(out, 5, "Strd");
    open_element(out, 6, "CdtrRefInf");
    write_plain(out, 7, "Tp/CdOrPrtry/Cd", "SCOR");
    write_plain(out, 7, "Ref", reference.text);
    close_element(out, 6, "CdtrRefInf");
    close_element(out, 5, "Strd");
    close_element(out, 4, "RmtInf");
  } else if (hs_payout_text_readable(payment->text) > 0) {
    open_element(out, 4, "RmtInf");
    write_text(out, 5, "Ustrd", payment->text, TEXT_MAX);
    close_element(out, 4, "RmtInf");
  }
}

static void write_payment(struct hs_buf *out, const struct hs_payment *payment, int sepa)
{
  open_element(out, 3, "CdtTrfTxInf");
  write_copied(out, 4, "PmtId/EndToEndId", payment->id);
  indent(out, 4);
  hs_buf_printf(out, "<Amt><InstdAmt Ccy=\"%s\">", payment->amount.currency.code);
  hs_payout_amount_add(out, payment->amount.amount_minor,
                       hs_currency_digits(payment->amount.currency), '.');
  hs_buf_add_text(out, "</InstdAmt></Amt>\n");
  write_bank(out, payment);
  open_element(out, 4, "Cdtr");
  write_text(out, 5, "Nm", payment->name, sepa ? NAME_MAX_SEPA : NAME_MAX_OTHER);
  write_address(out, 5, payment->street, payment->postcode, payment->town, payment->country);
  close_element(out, 4, "Cdtr");
  write_account(out, 4, "CdtrAcct", payment->iban, payment->account);
  write_remittance(out, payment);
  close_element(out, 3, "CdtTrfTxInf");
}

/* ---- blocks ---- */

/* Payments of one currency that go one way. */
struct block {
  struct hs_currency currency;
  int sepa;
  size_t count;
  hs_wide sum;
};

static size_t block_of(struct block *blocks, size_t *count, const struct hs_payout_batch *batch,
                       const struct hs_payment *payment)
{
  int sepa = hs_pain001_is_sepa(batch, payment);
  size_t b = 0;
  while (b < *count && (blocks[b].sepa != sepa ||
                        !hs_currency_equal(blocks[b].currency, payment->amount.currency)))
    b++;
  if (b == *count)
    blocks[(*count)++] = (struct block){.currency = payment->amount.currency, .sepa = sepa};
  return b;
}

/* Sums without the zeros that no currency of them has. */
static void write_sum(struct hs_buf *out, int depth, hs_wide sum, int digits)
{
  for (int d = digits; d < HS_PAIN001_SUM_DIGITS; d++)
    sum /= 10;
  indent(out, depth);
  hs_buf_add_text(out, "<CtrlSum>");
  hs_payout_amount_add(out, sum, digits, '.');
  hs_buf_add_text(out, "</CtrlSum>\n");
}

static void write_count(struct hs_buf *out, int depth, size_t count)
{
  indent(out, depth);
  hs_buf_printf(out, "<NbOfTxs>%zu</NbOfTxs>\n", count);
}

static void write_group_header(struct hs_buf *out, const struct hs_payout_batch *batch,
                               const struct hs_payout_options *options, const struct block *blocks,
                               size_t block_count)
{
  char time[HS_TIME_TEXT];
  hs_wide sum = 0;
  int digits = 0;
  for (size_t b = 0; b < block_count; b++) {
    int own = hs_currency_digits(blocks[b].currency);
    digits = own > digits ? own : digits;
    sum += blocks[b].sum;
  }
  hs_format_time(options->now_us - options->now_us % HS_SECOND_US, time);
  open_element(out, 2, "GrpHdr");
  write_copied(out, 3, "MsgId", batch->id);
  write_plain(out, 3, "CreDtTm", time);
  write_count(out, 3, batch->payment_count);
  write_sum(out, 3, sum, digits);
  open_element(out, 3, "InitgPty");
  write_text(out, 4, "Nm", batch->payer.name, NAME_MAX_SEPA);
  close_element(out, 3, "InitgPty");
  close_element(out, 2, "GrpHdr");
}

static void write_payer(struct hs_buf *out, const struct hs_payer *payer)
{
  open_element(out, 3, "Dbtr");
  write_text(out, 4, "Nm", payer->name, NAME_MAX_SEPA);
  write_address(out, 4, payer->street, payer->postcode, payer->town, payer->country);
  close_element(out, 3, "Dbtr");
  write_account(out, 3, "DbtrAcct", payer->iban, payer->account);
  open_element(out, 3, "DbtrAgt");
  if (payer->bic.data != NULL) {
    open_element(out, 4, "FinInstnId");
    write_bic(out, 5, payer->bic);
    close_element(out, 4, "FinInstnId");
  } else {
    write_plain(out, 4, "FinInstnId/Othr/Id", "NOTPROVIDED"); /* the bank knows itself */
  }
  close_element(out, 3, "DbtrAgt");
}

static void write_block(struct hs_buf *out, const struct hs_payout_batch *batch,
                        const struct block *block, size_t number, const uint32_t *block_of_payment)
{
  char day[HS_TIME_TEXT];
  hs_format_day(batch->day, day);
  open_element(out, 2, "PmtInf");
  indent(out, 3);
  hs_buf_printf(out, "<PmtInfId>%.*s-%zu</PmtInfId>\n", HS_STR_ARG(batch->id), number + 1);
  write_plain(out, 3, "PmtMtd", "TRF");
  write_count(out, 3, block->count);
  write_sum(out, 3, block->sum, hs_currency_digits(block->currency));
  if (block->sepa)
    write_plain(out, 3, "PmtTpInf/SvcLvl/Cd", "SEPA");
  write_plain(out, 3, "ReqdExctnDt/Dt", day);
  write_payer(out, &batch->payer);
  write_plain(out, 3, "ChrgBr", block->sepa ? "SLEV" : "SHAR");
  for (size_t p = 0; p < batch->payment_count; p++)
    if (block_of_payment[p] == number)
      write_payment(out, &batch->payments[p], block->sepa);
  close_element(out, 2, "PmtInf");
}

enum hs_status hs_pain001_write(const struct hs_payout_batch *batch,
                                const struct hs_payout_options *options, struct hs_arena *arena,
                                struct hs_buf *out, struct hs_err *err)
{
  /* Each payment may begin a block, but there are no more than currencies, twice. */
  size_t block_max = batch->payment_count < 512 ? batch->payment_count : 512;
  struct block *blocks = hs_arena_alloc(arena, block_max, sizeof *blocks);
  uint32_t *block_of_payment = hs_arena_alloc(arena, batch->payment_count, sizeof(uint32_t));
  size_t block_count = 0;
  if (blocks == NULL || block_of_payment == NULL)
    return hs_arena_full(arena, "blocks of payments", err);
  for (size_t p = 0; p < batch->payment_count; p++) {
    size_t b = block_of(blocks, &block_count, batch, &batch->payments[p]);
    block_of_payment[p] = (uint32_t)b;
    blocks[b].count++;
    blocks[b].sum += hs_pain001_sum_units(batch->payments[p].amount);
  }
  hs_buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"" NAMESPACE
                       "\">\n");
  open_element(out, 1, "CstmrCdtTrfInitn");
  write_group_header(out, batch, options, blocks, block_count);
  for (size_t b = 0; b < block_count; b++)
    write_block(out, batch, &blocks[b], b, block_of_payment);
  close_element(out, 1, "CstmrCdtTrfInitn");
  hs_buf_add_text(out, "</Document>\n");
  return hs_buf_status(out, "a payout file", err);
}
