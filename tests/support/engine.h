/* The whole engine in one process: a programme on a simulated machine, with the SQLite of
   production on the VFS over io.h and the trail in memory. */
#ifndef HANSA_TESTS_SUPPORT_ENGINE_H
#define HANSA_TESTS_SUPPORT_ENGINE_H

#include "base/io_sim.h"
#include "ports/events.h"
#include "service/post/post.h"

#define ENGINE_DIRECTORY "programme"

struct engine {
  struct hs_sim *sim;
  const struct hs_io *io;
  struct hs_wiring wiring;
  struct hs_programme programme;
  struct hs_arena zone; /* of the open programme */
  struct hs_arena work;
  struct hs_err err;
};

/* SQLite's book, and the trail and the imports in memory; the wiring is the caller's to keep. */
struct hs_wiring engine_wiring(const struct hs_io *io);
/* Takes the machine. */
void engine_init(struct engine *engine, struct hs_sim *sim);
void engine_release(struct engine *engine);
/* What hs_programme_open says. */
enum hs_status engine_open(struct engine *engine);
/* A machine without faults at that moment, and a new programme in EUR and UTC that is open. */
void engine_start(struct engine *engine, int64_t start_us);
/* Adds an approved partner. */
void engine_add_partner(struct engine *engine, const char *name);
/* Imports CSV text under a file name. Every row has to be good. */
void engine_import(struct engine *engine, enum hs_event_kind kind, const char *name,
                   const char *csv);

/* Decisions of "finance", in which nothing may be wrong. */
void engine_decide(struct engine *engine, struct hs_decision decision);
/* Proposes and signs a version of a standard offer with these rules, in EUR, with 30 days from
   touch to order and a return period of 10. */
void engine_agree(struct engine *engine, const char *name, uint64_t number, const char *rules,
                  int64_t from_us);
/* From ENGINE_AGREED_US on: 2026-09-01. */
#define ENGINE_AGREED_US (INT64_C(1788220800) * HS_SECOND_US)
void engine_enrol(struct engine *engine, const char *agreement, const char *partner);
void engine_lock(struct engine *engine, int64_t until_us);
/* A programme of day 60 after ENGINE_AGREED_US in which "alpha" and "beta" take part in an
   agreement with these rules. */
void engine_start_with_two(struct engine *engine, const char *agreement, const char *rules);
/* The last commission of an order, which must have one, with the ledger caught up. */
struct hs_id engine_commission(struct engine *engine, const char *order);
/* Fails the test unless each commission, said in the order of posting, makes up this text, and the
   ledger replays. */
void assert_commissions(struct engine *engine, hs_commission_row_fn say, const char *expected);
/* All that is payable to a partner in EUR. */
struct hs_id engine_pay(struct engine *engine, const char *partner);
/* Fails the test unless the transfers behind number `after` are these: a line each with kind,
   partner and amount. Gives the number of the last one. Empties engine->work. */
uint64_t engine_said_since(struct engine *engine, uint64_t after, const char *expected);
/* L2: the balances of the ledger sum to zero. L9: emptied and read again it is the same. */
void assert_ledger_replays(struct engine *engine);

#endif
