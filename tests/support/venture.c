#include "support/venture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "support/journal.h"

static void agree(struct engine *engine, const char *text)
{
  engine_decide(engine, (struct hs_decision){.kind = HS_DECISION_PROPOSE,
                                             .agreement = VENTURE,
                                             .number = 1,
                                             .document = hs_str_of(text),
                                             .from_us = ENGINE_AGREED_US});
  engine_decide(engine,
                (struct hs_decision){.kind = HS_DECISION_SIGN, .agreement = VENTURE, .number = 1});
}

void venture_start(struct engine *engine, const char *text)
{
  engine_start(engine, NOW_US);
  engine_add_partner(engine, "alpha.example");
  agree(engine, text);
}

void venture_import_order(struct engine *engine, const char *name, const char *day,
                          const char *amount)
{
  char file[64];
  char csv[256];
  (void)snprintf(file, sizeof file, "touch-%s.csv", name);
  (void)snprintf(csv, sizeof csv,
                 "touch_id,person,occurred_at,partner\nt-%s,p-%s,%sT11:00:00Z,alpha.example\n",
                 name, name, day);
  engine_import(engine, HS_EVENT_TOUCH, file, csv);
  (void)snprintf(file, sizeof file, "order-%s.csv", name);
  (void)snprintf(csv, sizeof csv,
                 "order_id,person,occurred_at,amount,currency\n%s,p-%s,%sT12:00:00Z,%s,EUR\n", name,
                 name, day, amount);
  engine_import(engine, HS_EVENT_ORDER, file, csv);
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
}

void venture_import_refund(struct engine *engine, const char *name, const char *day,
                           const char *amount)
{
  char file[64];
  char csv[256];
  (void)snprintf(file, sizeof file, "refund-%s-%s.csv", name, day);
  (void)snprintf(csv, sizeof csv,
                 "refund_id,order_id,occurred_at,amount,currency\nr-%s-%s,%s,%sT12:00:00Z,%s,EUR\n",
                 name, day, name, day, amount);
  engine_import(engine, HS_EVENT_REFUND, file, csv);
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
}

struct hs_joint_acting venture_acting(const char *period, struct hs_str side)
{
  return (struct hs_joint_acting){
      .agreement = VENTURE, .period = hs_str_of(period), .side = side, .by = HS_STR("ben")};
}

void venture_add_lines(struct engine *engine, const char *period, struct hs_str side,
                       const char *lines)
{
  char text[1024];
  struct hs_joint_acting who = venture_acting(period, side);
  size_t count = 0;
  (void)snprintf(text, sizeof text, "{\"lines\":[%s]}", lines);
  hs_arena_reset(&engine->work, 0);
  if (hs_joint_add(&engine->programme, &who, hs_str_of(text), &engine->work, &count, NULL, NULL,
                   &engine->err) != HS_OK)
    fail_msg("%s: %s", lines, engine->err.text);
}

void venture_close_month(struct engine *engine, const char *period)
{
  struct hs_period days;
  assert_ok(hs_parse_period(hs_str_of(period), hs_zone_utc(), &days, &engine->err));
  engine_decide(engine, (struct hs_decision){.kind = HS_DECISION_CLOSE,
                                             .seconded_by = HS_STR("chief"),
                                             .period = hs_str_of(period),
                                             .from_us = days.from_us,
                                             .until_us = days.until_us});
}

struct hs_statement venture_state(struct engine *engine, const char *period, struct hs_str side)
{
  struct hs_statement statement;
  struct hs_joint_asked asked = {.agreement = VENTURE, .period = hs_str_of(period), .side = side};
  hs_arena_reset(&engine->work, 0);
  if (hs_joint_statement_make(&engine->programme, &asked, &engine->work, &statement,
                              &engine->err) != HS_OK)
    fail_msg("%s: %s", period, engine->err.text);
  return statement;
}

const struct hs_joint_line *venture_line_of(const struct hs_statement *statement, const char *what)
{
  for (size_t i = 0; i < statement->sheet.line_count; i++)
    if (hs_str_equal(statement->sheet.lines[i].what, hs_str_of(what)))
      return &statement->sheet.lines[i];
  fail_msg("there is no line \"%s\"", what);
  return NULL;
}
