#include "service/agreed/agreement_draft.h"

#include "agreement/change.h"
#include "base/time.h"

static int32_t today_of(const struct hs_io *io) { return hs_day_of_us(io->now_us(io->self)); }

/* ---- new ---- */

static enum hs_status read_kind(struct hs_str word, enum hs_agreement_kind *out, struct hs_err *err)
{
  static const char *const KINDS[] = {"affiliate", "co-marketing", "joint-venture", "alliance"};
  for (enum hs_agreement_kind k = HS_KIND_AFFILIATE; k <= HS_KIND_ALLIANCE; k++)
    if (hs_str_equal(word, hs_str_of(KINDS[k]))) {
      *out = k;
      return HS_OK;
    }
  return hs_fail(err, HS_USAGE,
                 "--template must be affiliate, co-marketing, joint-venture or alliance, got "
                 "\"%.*s\"",
                 HS_STR_ARG(word));
}

static enum hs_status check_figures(const struct hs_draft *asked, struct hs_err *err)
{
  static const struct hs_decimal ZERO = {0, 0};
  static const struct hs_decimal ONE = {1, 0};
  struct hs_decimal rate;
  struct hs_currency currency;
  if (!hs_decimal_parse(asked->rate, &rate) || hs_decimal_compare(rate, ZERO) < 0 ||
      hs_decimal_compare(rate, ONE) > 0)
    return hs_fail(err, HS_USAGE, "--rate must be such as 12%%, at most 100%%, got %.*s",
                   HS_STR_ARG(asked->rate));
  if (!hs_currency_parse(asked->currency, &currency))
    return hs_fail(err, HS_USAGE, "--currency must be a code of ISO 4217 such as EUR, got %.*s",
                   HS_STR_ARG(asked->currency));
  return HS_OK;
}

enum hs_status hs_agreement_new(const struct hs_io *io, const struct hs_draft *asked,
                                struct hs_arena *arena, struct hs_agreement_file *out,
                                struct hs_err *err)
{
  const struct hs_template template = {.us = asked->us,
                                       .partner = asked->partner,
                                       .rate = asked->rate,
                                       .currency = asked->currency,
                                       .today = today_of(io)};
  enum hs_agreement_kind kind = HS_KIND_AFFILIATE;
  enum hs_status status = read_kind(asked->kind, &kind, err);
  if (status == HS_OK)
    status = check_figures(asked, err);
  if (status == HS_OK && kind != HS_KIND_AFFILIATE && hs_str_trim(asked->partner).length == 0)
    status = hs_fail(err, HS_USAGE, "--partner must name the other company");
  if (status == HS_OK)
    status = hs_agreement_template(kind, &template, arena, &out->agreement, &out->terms, err);
  return status;
}

/* ---- fill and change ---- */

enum hs_status hs_agreement_fill(struct hs_agreement_file *file, const struct hs_str *lines,
                                 size_t line_count, struct hs_arena *arena, hs_fault_fn fault,
                                 void *context, struct hs_err *err)
{
  struct hs_agreement_file filled;
  enum hs_status status =
      hs_agreement_change(&file->agreement, lines, line_count, arena, &filled.agreement,
                          &filled.terms, fault, context, err);
  if (status == HS_OK)
    *file = filled;
  return status;
}

enum hs_status hs_agreement_may_change(const struct hs_io *io, const struct hs_agreement_file *file,
                                       struct hs_str from, int32_t *day, struct hs_err *err)
{
  char earliest[HS_TIME_TEXT];
  int32_t first = hs_agreement_earliest(&file->agreement, today_of(io));
  if (from.data == NULL)
    return hs_fail(err, HS_USAGE, "--from must name the first day on which the change holds");
  if (!hs_parse_day(from, day))
    return hs_fail(err, HS_USAGE, "--from must be a date such as 2027-01-31, got %.*s",
                   HS_STR_ARG(from));
  hs_format_day(first, earliest);
  if (*day < first)
    return hs_fail(err, HS_DENIED,
                   "changed terms need %lld days of notice and never reach back: %s at the "
                   "earliest, got %.*s",
                   (long long)file->agreement.change_notice_days, earliest, HS_STR_ARG(from));
  return HS_OK;
}

/* ---- what is missing ---- */

struct saying {
  size_t width;
  struct hs_buf *out;
};

static void say_missing(void *context, const struct hs_check_row *row)
{
  const struct saying *saying = context;
  if (row->level != HS_CHECK_OBJECTION)
    return;
  struct hs_buf line = hs_buf_in(saying->out->arena);
  hs_buf_printf(&line, "%s: %s", row->path, row->words);
  hs_buf_fail_with(saying->out, &line);
  hs_buf_add_text(saying->out, "  ");
  hs_buf_add_wrapped(saying->out, hs_buf_str(&line), saying->width, 4);
}

enum hs_status hs_agreement_say_missing(const struct hs_agreement_file *file, size_t width,
                                        struct hs_arena *arena, struct hs_buf *out,
                                        struct hs_err *err)
{
  struct hs_buf list = hs_buf_in(arena);
  struct saying saying = {width, &list};
  size_t standing = 0;
  enum hs_status status = hs_agreement_check(file, arena, say_missing, &saying, &standing, err);
  if (status != HS_OK)
    return status;
  hs_buf_fail_with(out, &list);
  if (standing == 0)
    hs_buf_add_text(out, "nothing is missing: it can be signed\n");
  else
    hs_buf_printf(out, "before it can be signed, %zu %s to be filled in or decided:\n", standing,
                  hs_plural(standing, "thing has", "things have"));
  hs_buf_add_str(out, hs_buf_str(&list));
  return hs_buf_status(out, "what is missing", err);
}
