#include "support/payments.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"

struct hs_money money_of(const char *amount, const char *currency)
{
  struct hs_money money = {0};
  struct hs_currency parsed;
  assert_true(hs_currency_parse(hs_str_of(currency), &parsed));
  assert_int_equal(hs_money_parse(hs_str_of(amount), parsed, &money, NULL), HS_OK);
  return money;
}

struct hs_payment plain_payment(const char *id, const char *amount)
{
  return (struct hs_payment){.id = hs_str_of(id),
                             .amount = money_of(amount, "EUR"),
                             .name = HS_STR("Blog"),
                             .iban = HS_STR("AT61 1904 3002 3457 3201")};
}

struct hs_payout_batch plain_batch(const struct hs_payment *payments, size_t count)
{
  return (struct hs_payout_batch){
      .id = HS_STR("B1"),
      .day = hs_day_of(2026, 10, 1),
      .payer = {.name = HS_STR("Brand"), .iban = HS_STR("DE89 3704 0044 0532 0130 00")},
      .payments = payments,
      .payment_count = count};
}

struct told {
  const char *path, *words;
  int is_found;
  size_t count;
  char all[2000];
};

static void take_fault(void *context, const char *path, const char *words)
{
  struct told *told = context;
  size_t length = strlen(told->all);
  told->count++;
  told->is_found |= strcmp(path, told->path) == 0 && strstr(words, told->words) != NULL;
  (void)snprintf(told->all + length, sizeof told->all - length, "%s: %s\n", path, words);
}

void assert_refused(const struct hs_payout_batch *batch, enum hs_payout_format format,
                    const char *path, const char *words)
{
  struct hs_arena arena = {0};
  struct hs_err err = {0};
  struct told told = {.path = path, .words = words};
  const struct hs_payout_options options = {.format = format, .now_us = PAYOUT_NOON_US};
  assert_int_equal(hs_arena_init(&arena, 16 * HS_MIB, NULL), HS_OK);
  struct hs_buf out = hs_buf_in(&arena);
  assert_int_equal(hs_payout_file_write(batch, &options, &arena, &out, take_fault, &told, &err),
                   HS_INVALID);
  if (!told.is_found)
    fail_msg("wanted %s: %s; got\n%s", path, words, told.all);
  assert_int_equal(out.length, 0);
  assert_int_equal(err.status, HS_INVALID);
  assert_non_null(strstr(told.all, err.text));
  hs_arena_release(&arena);
}

struct hs_str assert_written(const struct hs_payout_batch *batch, enum hs_payout_format format,
                             struct hs_arena *arena)
{
  struct hs_err err = {0};
  const struct hs_payout_options options = {.format = format, .now_us = PAYOUT_NOON_US};
  struct hs_buf out = hs_buf_in(arena);
  if (hs_payout_file_write(batch, &options, arena, &out, NULL, NULL, &err) != HS_OK)
    fail_msg("%s", err.text);
  return hs_buf_str(&out);
}
