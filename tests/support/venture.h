/* An agreement between two companies in a simulated programme, its orders, and the lines that both
   sides write on its joint P&L. */
#ifndef HANSA_TESTS_SUPPORT_VENTURE_H
#define HANSA_TESTS_SUPPORT_VENTURE_H

#include "service/joint/joint_decide.h"
#include "service/joint/joint_statement.h"
#include "support/engine.h"

#define VENTURE HS_STR("venture")
#define HOME HS_STR("home.example")
#define ALPHA HS_STR("alpha.example")
#define NOW_US (ENGINE_AGREED_US + 200 * HS_DAY_US) /* March 2027 */

/* A programme in which version 1 of VENTURE is signed, from September 2026 on. */
void venture_start(struct engine *engine, const char *text);
/* Of a person whom alpha.example reached an hour before. day: "2026-09-02". */
void venture_import_order(struct engine *engine, const char *name, const char *day,
                          const char *amount);
/* One a day of an order. */
void venture_import_refund(struct engine *engine, const char *name, const char *day,
                           const char *amount);
struct hs_joint_acting venture_acting(const char *period, struct hs_str side);
/* lines: objects of JSON with commas between them. Nothing may be wrong. */
void venture_add_lines(struct engine *engine, const char *period, struct hs_str side,
                       const char *lines);
void venture_close_month(struct engine *engine, const char *period);
/* In engine->work, which is emptied. side: absent for everybody's page. */
struct hs_statement venture_state(struct engine *engine, const char *period, struct hs_str side);
const struct hs_joint_line *venture_line_of(const struct hs_statement *statement, const char *what);

#endif
