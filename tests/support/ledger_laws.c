#include "support/ledger_laws.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/ratio.h"
#include "ledger/transfers.h"
#include "service/post/post.h"
#include "support/journal.h"
#include "support/ledger.h"

#define DUMP_BYTES (2 * HS_GIB) /* address space: writers say more the longer they live */

static const char *const WORDS[] = {
#define WORD(symbol, says) #symbol ": " says,
    LEDGER_LAW_TABLE(WORD)
#undef WORD
};

const char *ledger_law_words(enum ledger_law law) { return WORDS[law]; }

struct looking {
  struct hs_programme *programme;
  sqlite3 *book;
  struct ledger_findings *findings;
};

static void saw(struct looking *looking, enum ledger_law law, uint64_t count)
{
  looking->findings->laws[law].seen += count;
}

static void broken(struct looking *looking, enum ledger_law law, const char *what,
                   const char *which)
{
  char *words = looking->findings->laws[law].broken;
  if (*words == '\0')
    (void)snprintf(words, sizeof looking->findings->laws[law].broken, "%.120s: %.100s", what,
                   which);
}

static void must(enum hs_status status, const struct hs_err *err)
{
  if (status != HS_OK)
    fail_msg("%s", err->text);
}

/* ---- questions to the tables ---- */

static sqlite3_stmt *ask(struct looking *looking, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(looking->book, sql, -1, &statement, NULL) != SQLITE_OK)
    fail_msg("%s: %s", sql, sqlite3_errmsg(looking->book));
  return statement;
}

static void count(struct looking *looking, enum ledger_law law, const char *sql)
{
  sqlite3_stmt *statement = ask(looking, sql);
  assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
  saw(looking, law, (uint64_t)sqlite3_column_int64(statement, 0));
  (void)sqlite3_finalize(statement);
}

/* Every row of the answer breaks the law. */
static void refute(struct looking *looking, enum ledger_law law, const char *what, const char *sql)
{
  sqlite3_stmt *statement = ask(looking, sql);
  if (sqlite3_step(statement) == SQLITE_ROW) {
    const char *which = (const char *)sqlite3_column_text(statement, 0);
    broken(looking, law, what, which == NULL ? "nothing" : which);
  }
  (void)sqlite3_finalize(statement);
}

/* ---- L1 to L3 ---- */

static void look_at_transfers(struct looking *looking)
{
  count(looking, LAW_L1, "SELECT count(*) FROM transfers");
  refute(looking, LAW_L1, "a transfer without two accounts of one currency and an amount",
         "SELECT t.number FROM transfers t LEFT JOIN accounts d ON d.number = t.debit "
         "LEFT JOIN accounts c ON c.number = t.credit WHERE d.number IS NULL OR c.number IS NULL "
         "OR t.debit = t.credit OR t.amount_minor <= 0 OR d.currency <> c.currency");
  refute(looking, LAW_L1, "a transfer in another currency than its commission, or of another party",
         "SELECT t.number FROM transfers t JOIN accounts d ON d.number = t.debit "
         "JOIN accounts c ON c.number = t.credit JOIN commissions m ON m.number = t.commission "
         "WHERE m.currency <> d.currency OR ifnull(d.party, m.partner) <> m.partner OR "
         "ifnull(c.party, m.partner) <> m.partner");
  for (int kind = 0; kind < HS_TRANSFER_KIND_COUNT; kind++) {
    const struct hs_transfer_spec *spec = hs_transfer_spec((enum hs_transfer_kind)kind);
    char sql[400];
    (void)snprintf(sql, sizeof sql,
                   "SELECT t.number FROM transfers t JOIN accounts d ON d.number = t.debit JOIN "
                   "accounts c ON c.number = t.credit WHERE t.kind = '%s' AND (d.kind <> '%s' OR "
                   "c.kind <> '%s')",
                   spec->word, hs_account_word(spec->debit), hs_account_word(spec->credit));
    refute(looking, LAW_L1, "a transfer between other accounts than its kind's", sql);
  }
}

struct balances {
  struct looking *looking;
  struct {
    struct hs_currency currency;
    int64_t sum_minor;
  } sums[8];
  size_t currency_count;
  sqlite3_stmt *fold;
};

static void compare_fold(struct balances *balances, const struct hs_balance_row *row)
{
  sqlite3_stmt *fold = balances->fold;
  const char *party = row->account.party.data;
  (void)sqlite3_bind_text(fold, 1, hs_account_word(row->account.kind), -1, SQLITE_TRANSIENT);
  (void)sqlite3_bind_text(fold, 2, party == NULL ? "" : party, (int)row->account.party.length,
                          SQLITE_TRANSIENT);
  (void)sqlite3_bind_text(fold, 3, row->currency.code, -1, SQLITE_TRANSIENT);
  assert_int_equal(sqlite3_step(fold), SQLITE_ROW);
  if (sqlite3_column_int64(fold, 0) != row->debit_minor ||
      sqlite3_column_int64(fold, 1) != row->credit_minor)
    broken(balances->looking, LAW_L3, "the balance of an account",
           hs_account_word(row->account.kind));
  saw(balances->looking, LAW_L3, 1);
  (void)sqlite3_reset(fold);
}

static enum hs_status add_balance(void *context, const struct hs_balance_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct balances *balances = context;
  size_t at = 0;
  while (at < balances->currency_count &&
         !hs_currency_equal(balances->sums[at].currency, row->currency))
    at++;
  assert_true(at < sizeof balances->sums / sizeof *balances->sums);
  if (at == balances->currency_count)
    balances->sums[balances->currency_count++].currency = row->currency;
  balances->sums[at].sum_minor += row->debit_minor - row->credit_minor;
  compare_fold(balances, row);
  return HS_OK;
}

static void look_at_balances(struct looking *looking)
{
  const struct hs_ledger_reader *ledger = &looking->programme->book.ledger;
  struct balances balances = {.looking = looking};
  struct hs_err err = {0};
  balances.fold =
      ask(looking, "SELECT ifnull(sum(amount_minor) FILTER (WHERE debit = a.number), 0), "
                   "ifnull(sum(amount_minor) FILTER (WHERE credit = a.number), 0) FROM accounts a, "
                   "transfers WHERE a.kind = ? AND ifnull(a.party, '') = ? AND a.currency = ?");
  must(ledger->balances(ledger->self, INT64_MAX, add_balance, &balances, &err), &err);
  (void)sqlite3_finalize(balances.fold);
  for (size_t i = 0; i < balances.currency_count; i++)
    if (balances.sums[i].sum_minor != 0)
      broken(looking, LAW_L2, "the sum of the balances in", balances.sums[i].currency.code);
  saw(looking, LAW_L2, balances.currency_count);
  refute(looking, LAW_L3, "an account with transfers and no balance",
         "SELECT number FROM transfers WHERE debit NOT IN (SELECT number FROM accounts)");
}

/* ---- L4 to L6 ---- */

static void look_at_resolutions(struct looking *looking)
{
  count(looking, LAW_L4, "SELECT count(*) FROM dispute_decisions");
  count(looking, LAW_L4, "SELECT count(*) FROM payout_states");
  refute(looking, LAW_L4, "a dispute with two verdicts",
         "SELECT dispute FROM dispute_decisions WHERE verdict <> 'incomplete' GROUP BY dispute "
         "HAVING count(*) > 1");
  refute(
      looking, LAW_L4, "a payout that ended twice",
      "SELECT payout FROM payout_states WHERE state IN ('completed', 'failed', 'canceled') GROUP "
      "BY payout HAVING count(*) > 1");
  refute(looking, LAW_L4, "a decision with two effects",
         "SELECT sequence FROM adjustments GROUP BY sequence HAVING count(*) > 1");
  refute(looking, LAW_L4, "an order that was judged twice",
         "SELECT order_id FROM commissions WHERE type = 'sale' GROUP BY order_id, partner, rule "
         "HAVING count(*) > 1");
  refute(looking, LAW_L4, "a commission that was released, freed or sent beyond what there was",
         "SELECT commission FROM (SELECT commission, "
         "total(amount_minor) FILTER (WHERE kind = 'earn') AS earned, "
         "total(amount_minor) FILTER (WHERE kind IN ('release', 'cancel')) AS released, "
         "total(amount_minor) FILTER (WHERE kind = 'hold') AS held, "
         "total(amount_minor) FILTER (WHERE kind IN ('free', 'deny')) AS freed, "
         "total(amount_minor) FILTER (WHERE kind = 'pay') AS sent, "
         "total(amount_minor) FILTER (WHERE kind IN ('return', 'settle')) AS ended "
         "FROM transfers WHERE commission IS NOT NULL GROUP BY commission) "
         "WHERE released > earned OR freed > held OR ended > sent");
}

static void end_order(struct looking *looking, const char *order, struct hs_ratio sum)
{
  if (*order != '\0' && hs_ratio_compare(sum, hs_ratio_of(1, 1)) != 0)
    broken(looking, LAW_L5, "the parts of an order", order);
  saw(looking, LAW_L5, *order != '\0');
}

/* Each partner has one part of an order, however many rules or none paid for it. */
static void look_at_parts(struct looking *looking)
{
  char order[80] = "";
  struct hs_ratio sum = HS_RATIO_ZERO;
  sqlite3_stmt *statement =
      ask(looking, "SELECT order_id, partner, part FROM commissions WHERE type = 'sale' UNION "
                   "SELECT order_id, partner, part FROM order_shares ORDER BY order_id");
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const char *name = (const char *)sqlite3_column_text(statement, 0);
    struct hs_ratio part;
    assert_true(hs_ratio_parse(hs_str_of((const char *)sqlite3_column_text(statement, 2)), &part));
    if (strcmp(order, name) != 0) {
      end_order(looking, order, sum);
      sum = HS_RATIO_ZERO;
      (void)snprintf(order, sizeof order, "%s", name);
    }
    assert_true(hs_ratio_add(sum, part, &sum));
  }
  end_order(looking, order, sum);
  (void)sqlite3_finalize(statement);
  refute(looking, LAW_L5, "a payout that is not the sum of its lines",
         "SELECT id FROM payouts p WHERE amount_minor <> (SELECT total(l.amount_minor) FROM "
         "payout_lines l WHERE l.payout = p.id)");
}

/* What is left of a commission in each of its states, after each of its transfers. */
#define STATES                                                                                     \
  "(SELECT number, commission, "                                                                   \
  "sum(CASE kind WHEN 'earn' THEN amount_minor WHEN 'cancel' THEN -amount_minor "                  \
  "WHEN 'release' THEN -amount_minor ELSE 0 END) OVER w AS pending, "                              \
  "sum(CASE kind WHEN 'hold' THEN amount_minor WHEN 'free' THEN -amount_minor "                    \
  "WHEN 'deny' THEN -amount_minor ELSE 0 END) OVER w AS disputed, "                                \
  "sum(CASE kind WHEN 'release' THEN amount_minor WHEN 'grant' THEN amount_minor "                 \
  "WHEN 'free' THEN amount_minor WHEN 'return' THEN amount_minor "                                 \
  "WHEN 'take_back' THEN -amount_minor WHEN 'hold' THEN -amount_minor "                            \
  "WHEN 'set_off' THEN -amount_minor WHEN 'pay' THEN -amount_minor ELSE 0 END) OVER w AS payable " \
  "FROM transfers WHERE commission IS NOT NULL WINDOW w AS (PARTITION BY commission ORDER BY "     \
  "number))"

static void look_at_payments(struct looking *looking)
{
  count(looking, LAW_L6, "SELECT count(*) FROM transfers WHERE kind = 'pay'");
  refute(looking, LAW_L6, "a transfer that takes more of its commission than there is",
         "SELECT number FROM " STATES " WHERE pending < 0 OR disputed < 0 OR payable < 0");
  refute(looking, LAW_L6, "a partner who set off more than it owed",
         "SELECT a.party FROM transfers t JOIN accounts a ON a.kind = 'receivable' AND a.number IN "
         "(t.debit, t.credit) GROUP BY a.number HAVING total(CASE a.number WHEN t.debit THEN "
         "t.amount_minor ELSE -t.amount_minor END) < 0");
  refute(looking, LAW_L6, "a commission of which more was clawed back than was settled",
         "SELECT commission FROM transfers WHERE commission IS NOT NULL GROUP BY commission HAVING "
         "total(kind = 'return') = 0 AND total(amount_minor) FILTER (WHERE kind = 'claw_back') > "
         "total(amount_minor) FILTER (WHERE kind IN ('pay', 'set_off'))");
  refute(looking, LAW_L6, "a payout that is not what was sent for it",
         "SELECT id FROM payouts p WHERE amount_minor <> (SELECT total(t.amount_minor) FROM "
         "transfers t WHERE t.kind = 'pay' AND t.reference = p.id)");
  /* What is payable is posted less held less clawed back less paid. */
  refute(looking, LAW_L6, "a transfer that takes more of a partner's account than it has",
         "SELECT number FROM (SELECT t.number AS number, sum(CASE a.number WHEN t.credit THEN "
         "t.amount_minor ELSE -t.amount_minor END) OVER (PARTITION BY a.number ORDER BY t.number) "
         "AS has FROM transfers t JOIN accounts a ON a.kind IN ('pending', 'payable', 'disputed') "
         "AND a.number IN (t.debit, t.credit)) WHERE has < 0");
}

/* ---- L7 and L8 ---- */

struct closes {
  struct {
    int64_t from_us, until_us;
    char hash[HS_HASH_TEXT];
  } rows[16];
  size_t count;
};

static enum hs_status note_close(void *context, const struct hs_close_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct closes *closes = context;
  assert_true(closes->count < sizeof closes->rows / sizeof *closes->rows);
  closes->rows[closes->count].from_us = row->from_us;
  closes->rows[closes->count].until_us = row->until_us;
  (void)snprintf(closes->rows[closes->count++].hash, HS_HASH_TEXT, "%.*s", HS_STR_ARG(row->hash));
  return HS_OK;
}

static void look_at_closes(struct looking *looking)
{
  const struct hs_ledger_reader *ledger = &looking->programme->book.ledger;
  struct closes closes = {0};
  struct hs_err err = {0};
  must(ledger->closes(ledger->self, note_close, &closes, &err), &err);
  for (size_t i = 0; i < closes.count; i++) {
    struct hs_hash hash;
    char text[HS_HASH_TEXT];
    must(
        hs_ledger_period_hash(ledger, closes.rows[i].from_us, closes.rows[i].until_us, &hash, &err),
        &err);
    hs_hash_format(&hash, text);
    if (strcmp(text, closes.rows[i].hash) != 0)
      broken(looking, LAW_L7, "the hash of a closed period", text);
    saw(looking, LAW_L7, 1);
  }
}

struct origin {
  uint64_t order_count, sequence;
};

static enum hs_status note_order(void *context, const struct hs_new_order_batch *batch,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct origin *origin = context;
  origin->order_count += batch->basic.count;
  origin->sequence = batch->basic.count > 0 ? batch->basic.sequence[0] : 0;
  return HS_OK;
}

/* What waited for an exchange rate came with the frame of the rate, and traces to the commission of
   nothing that came with its order. */
static void look_at_origins(struct looking *looking)
{
  const struct hs_trail *trail = &looking->programme->trail;
  sqlite3_stmt *statement = ask(
      looking,
      "SELECT order_id, CASE WHEN instr(evidence, '\"waited_until\":') = 0 THEN sequence ELSE "
      "(SELECT waiting.sequence FROM commissions waiting WHERE waiting.order_id = late.order_id "
      "AND waiting.partner = late.partner AND waiting.agreement = late.agreement AND "
      "waiting.version = late.version AND waiting.part = late.part AND waiting.rule = 'refused' "
      "AND waiting.sequence < late.sequence) END FROM commissions late WHERE type = 'sale'");
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const char *order = (const char *)sqlite3_column_text(statement, 0);
    const struct hs_order_page page = {
        .until_sequence = UINT64_MAX, .count_max = 2, .order_id = hs_str_of(order)};
    struct origin origin = {0};
    struct hs_err err = {0};
    must(trail->new_orders(trail->self, &page, note_order, &origin, &err), &err);
    if (origin.order_count != 1 || origin.sequence != (uint64_t)sqlite3_column_int64(statement, 1))
      broken(looking, LAW_L8, "a commission whose order did not come with its frame", order);
    saw(looking, LAW_L8, 1);
  }
  (void)sqlite3_finalize(statement);
  refute(looking, LAW_L8, "a commission without a version",
         "SELECT id FROM commissions c WHERE (SELECT count(*) FROM agreement_versions v WHERE "
         "v.agreement = c.agreement AND v.number = c.version) <> 1");
  refute(looking, LAW_L8, "a commission that nobody granted",
         "SELECT id FROM commissions c WHERE type = 'custom' AND (SELECT count(*) FROM adjustments "
         "a WHERE a.id = c.order_id AND a.sequence = c.sequence) <> 1");
}

/* ---- L9 ---- */

static struct hs_str dump(const struct looking *looking, struct hs_arena *arena)
{
  struct hs_buf buf = hs_buf_in(arena);
  hs_buf_add_text(&buf, "");
  ledger_dump(&looking->programme->book.ledger, &buf);
  assert_ok(hs_buf_status(&buf, "the ledger", NULL));
  return hs_buf_str(&buf);
}

static void look_at_replay(struct looking *looking)
{
  struct hs_arena arena = {0};
  struct hs_err err = {0};
  assert_ok(hs_arena_init(&arena, DUMP_BYTES, NULL));
  struct hs_str before = dump(looking, &arena);
  if (hs_ledger_replay(looking->programme, NULL, NULL, NULL, &err) != HS_OK)
    broken(looking, LAW_L9, "a replay", err.text);
  struct hs_str after = dump(looking, &arena);
  if (!hs_str_equal(before, after))
    broken(looking, LAW_L9, "a replay", "other rows or balances");
  saw(looking, LAW_L9, before.length);
  hs_arena_release(&arena);
}

void ledger_laws_look(struct hs_programme *programme, const char *book,
                      struct ledger_findings *findings)
{
  struct looking looking = {.programme = programme, .findings = findings};
  assert_int_equal(sqlite3_open_v2(book, &looking.book, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
  look_at_transfers(&looking);
  look_at_balances(&looking);
  look_at_resolutions(&looking);
  look_at_parts(&looking);
  look_at_payments(&looking);
  look_at_closes(&looking);
  look_at_origins(&looking);
  look_at_replay(&looking);
  (void)sqlite3_close(looking.book);
}

void ledger_law_assert(const struct ledger_findings *findings, enum ledger_law law)
{
  if (findings->laws[law].broken[0] != '\0')
    fail_msg("%s; broken by %s", WORDS[law], findings->laws[law].broken);
  if (findings->laws[law].seen == 0)
    fail_msg("%s; nothing was there that could have broken it", WORDS[law]);
}
