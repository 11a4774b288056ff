#include "support/paying.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/journal.h"

static const char PAYEES[] =
    "{\"payer\":{\"name\":\"Brand GmbH\",\"iban\":\"DE89370400440532013000\",\"country\":\"DE\"},"
    "\"series\":\"SB\",\"thresholds\":[{\"currency\":\"EUR\",\"amount\":\"5\"}],"
    "\"tax\":[{\"country\":\"DE\",\"treatment\":\"vat\",\"rate\":\"19%\",\"from\":\"2021-01-01\"}],"
    "\"payees\":["
    "{\"partner\":\"alpha\",\"name\":\"Alpha GmbH\",\"forms\":[{\"country\":\"DE\",\"treatment\":"
    "\"vat\",\"from\":\"2026-01-01\"}],\"accounts\":[{\"iban\":\"AT611904300234573201\"}]},"
    "{\"partner\":\"beta\",\"name\":\"Beta GmbH\",\"forms\":[{\"country\":\"DE\",\"treatment\":"
    "\"vat\",\"from\":\"2026-01-01\"}],\"accounts\":[{\"iban\":\"DE89370400440532013000\"}]}]}";

void paying_payees(struct hs_arena *arena, struct hs_payees *out)
{
  struct hs_err err = {0};
  if (hs_payees_read(HS_STR(PAYEES), arena, out, NULL, NULL, &err) != HS_OK)
    fail_msg("%s", err.text);
}

enum hs_status paying_run(struct engine *engine, const char *name, const char *path,
                          struct hs_paid *paid)
{
  struct hs_payees payees;
  struct hs_paying paying = {.name = hs_str_of(name),
                             .method = HS_STR("sepa"),
                             .until_day = hs_day_of_us(engine->io->now_us(engine->io->self)),
                             .day = HS_ABSENT,
                             .by = HS_STR("finance"),
                             .second = HS_STR("chief"),
                             .out = path};
  hs_arena_reset(&engine->work, 0);
  paying_payees(&engine->work, &payees);
  return hs_payout_pay(&engine->programme, &paying, &payees, &engine->work, paid, NULL, NULL,
                       &engine->err);
}
