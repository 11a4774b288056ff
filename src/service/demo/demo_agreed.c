#include "service/demo/demo_agreed.h"

#include <inttypes.h>
#include <string.h>

#include "service/agreed/agreed_change.h"
#include "service/agreed/agreed_history.h"
#include "service/owe/closing.h"

/* docs/examples, in this order (src/CMakeLists.txt). */
extern const char *const hs_demo_agreement_texts[];

#define PARTNERS_MAX 256
#define ARENA_BYTES (64 * HS_MIB)
#define BY HS_STR("demonstration")
#define SECOND HS_STR("second demonstration")
#define OFFER HS_STR("standard-offer")

/* The partner that the examples name, in whose place ours stand. */
#define EXAMPLE_PARTNER "\"trails.example\""

/* Who has an agreement of its own, by the kind that the simulator gave it; everybody else takes
   part in the standard offer, the first example. */
static const struct {
  const char *kind;
  size_t example;
  const char *name; /* of the agreement, behind the partner's */
} OWN[] = {
    {"co-marketing", 1, "campaign"}, {"reseller", 2, "venture"}, {"alliance", 3, "alliance"}};

struct partner {
  struct hs_str name;
  size_t example;          /* 0: the standard offer */
  struct hs_str agreement; /* its own; absent with the standard offer */
  int takes_part;
};

struct cast {
  struct hs_programme *programme;
  struct hs_arena *arena;
  struct partner partners[PARTNERS_MAX];
  size_t count;
};

/* ---- who is there ---- */

static enum hs_status note_partner(void *context, const struct hs_party *party, struct hs_err *err)
{
  struct cast *cast = context;
  char *name = hs_arena_copy(cast->arena, party->name.data, party->name.length);
  if (name == NULL || cast->count == PARTNERS_MAX)
    return hs_fail(err, HS_NOMEM, "the demonstration has more than %d partners", PARTNERS_MAX);
  struct partner *partner = &cast->partners[cast->count++];
  *partner = (struct partner){.name = {name, party->name.length}};
  for (size_t i = 0; i < sizeof OWN / sizeof *OWN; i++) {
    struct hs_buf own = hs_buf_in(cast->arena);
    if (!hs_str_equal(party->kind, hs_str_of(OWN[i].kind)))
      continue;
    hs_buf_printf(&own, "%s-%s", name, OWN[i].name);
    partner->example = OWN[i].example;
    partner->agreement = hs_buf_str(&own);
    return hs_buf_status(&own, "an agreement of the demonstration", err);
  }
  return HS_OK;
}

static enum hs_status note_enrolment(void *context, const struct hs_enrolment_row *row,
                                     [[maybe_unused]] struct hs_err *err)
{
  struct cast *cast = context;
  for (size_t i = 0; i < cast->count; i++)
    cast->partners[i].takes_part |= hs_str_equal(cast->partners[i].name, row->party);
  return HS_OK;
}

static enum hs_status find_cast(struct cast *cast, struct hs_err *err)
{
  const struct hs_book *book = &cast->programme->book;
  enum hs_status status = book->parties(book->self, note_partner, cast, err);
  return status == HS_OK ? book->ledger.enrolments(book->ledger.self, note_enrolment, cast, err)
                         : status;
}

/* ---- agreements ---- */

/* The example with the partner's name for the one that it names. */
static enum hs_status text_for(struct hs_arena *arena, const char *example, struct hs_str partner,
                               struct hs_str *out, struct hs_err *err)
{
  struct hs_buf buf = hs_buf_in(arena);
  const char *from = example;
  for (const char *at; (at = strstr(from, EXAMPLE_PARTNER)) != NULL;
       from = at + strlen(EXAMPLE_PARTNER)) {
    hs_buf_add(&buf, from, (size_t)(at - from));
    hs_buf_add_json(&buf, partner);
  }
  hs_buf_add_text(&buf, from);
  *out = hs_buf_str(&buf);
  return hs_buf_status(&buf, "an agreement of the demonstration", err);
}

static enum hs_status propose(struct cast *cast, const struct hs_agreed *agreed, size_t example,
                              struct hs_str partner, struct hs_err *err)
{
  struct hs_agreement_file file;
  struct hs_str text;
  uint64_t number = 0;
  enum hs_status status =
      text_for(cast->arena, hs_demo_agreement_texts[example], partner, &text, err);
  if (status == HS_OK)
    status = hs_agreement_read(text, cast->arena, &file.agreement, &file.terms, NULL, NULL, err);
  return status == HS_OK
             ? hs_agreed_propose(cast->programme, agreed, &file, HS_DAY_US, 0, &number, err)
             : status;
}

static void pass_over([[maybe_unused]] void *context,
                      [[maybe_unused]] const struct hs_check_row *row)
{
}

/* Proposed and signed, unless that was done before an interruption. */
static enum hs_status begin(struct cast *cast, struct hs_str name, size_t example,
                            struct hs_str partner, struct hs_err *err)
{
  struct hs_agreed agreed = {.name = name, .by = BY};
  struct hs_str document;
  uint64_t number = 0;
  size_t mark = hs_arena_mark(cast->arena);
  enum hs_status status =
      hs_agreed_document(cast->programme, name, &number, cast->arena, &document, err);
  if (status == HS_NOT_FOUND)
    status = propose(cast, &agreed, example, partner, err);
  if (status == HS_OK)
    status = hs_agreed_sign(cast->programme, &agreed, 0, (struct hs_str){0}, pass_over, NULL, err);
  hs_arena_reset(cast->arena, mark);
  return status == HS_CONFLICT ? HS_OK : status; /* signed already */
}

static enum hs_status agree_with(struct cast *cast, const struct partner *partner,
                                 struct hs_err *err)
{
  struct hs_agreed offer = {.name = OFFER, .by = BY};
  if (partner->takes_part)
    return HS_OK;
  return partner->example != 0
             ? begin(cast, partner->agreement, partner->example, partner->name, err)
             : hs_agreed_enrol(cast->programme, &offer, partner->name, HS_DAY_US, 0, err);
}

/* ---- who stands aside ---- */

static enum hs_status note_policy(void *context, const struct hs_policy_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  *(uint64_t *)context = row->number;
  return HS_OK;
}

/* The programme's second policy: software in the customer's browser stands down behind a partner of
   the same day. */
static enum hs_status set_policy(struct hs_programme *programme, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_policy policy = HS_POLICY_LAST;
  uint64_t number = 0;
  policy.stand_down_us = HS_DAY_US;
  enum hs_status status = ledger->policies(ledger->self, note_policy, &number, err);
  return status == HS_OK && number < 2
             ? hs_agreed_policy(programme, BY, HS_STR("browser software met customers of others"),
                                &policy, HS_DAY_US, &number, err)
             : status;
}

static enum hs_status note_own(void *context,
                               [[maybe_unused]] const struct hs_own_customer_row *row,
                               [[maybe_unused]] struct hs_err *err)
{
  *(int *)context = 1;
  return HS_OK;
}

enum hs_status hs_demo_own(struct hs_programme *programme, struct hs_str partner,
                           struct hs_str customer, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  const struct hs_agreed agreed = {.by = BY, .reason = HS_STR("said so when it joined")};
  int is_there = 0;
  enum hs_status status = ledger->own_customers(ledger->self, note_own, &is_there, err);
  return status == HS_OK && !is_there
             ? hs_agreed_own(programme, &agreed, partner, customer, HS_OWN_DECLARED, err)
             : status;
}

/* ---- a change under way ---- */

/* As long after today as a partner needs to answer. */
#define CHANGE_DAYS 30

static enum hs_status change(struct cast *cast, const struct partner *partner, struct hs_err *err)
{
  const struct hs_programme *programme = cast->programme;
  const struct hs_str line = HS_STR("sales.rate=12%");
  const struct hs_agreed agreed = {.name = partner->agreement,
                                   .by = BY,
                                   .reason = HS_STR("the planner sells more than we thought")};
  const struct hs_change_notice notice = {.method = HS_STR("a mail to the editor in chief")};
  int32_t today = hs_zone_day_of_us(programme->zone, programme->io->now_us(programme->io->self));
  const struct hs_change_wish wish = {
      .lines = &line,
      .line_count = 1,
      .from_us = hs_zone_day_start_us(programme->zone, today + CHANGE_DAYS)};
  struct hs_agreed_change drafted;
  enum hs_status status = hs_agreed_change_draft(cast->programme, partner->agreement, &wish,
                                                 cast->arena, NULL, NULL, &drafted, err);
  if (status == HS_OK)
    status = hs_agreed_change_propose(cast->programme, &agreed, &drafted, pass_over, NULL, err);
  return status == HS_OK ? hs_agreed_notify(cast->programme, &agreed, &notice, pass_over, NULL, err)
                         : status;
}

/* With the first partner of co-marketing; it has not answered. */
static enum hs_status propose_change(struct cast *cast, struct hs_err *err)
{
  struct hs_str document;
  uint64_t second = 2;
  for (size_t i = 0; i < cast->count; i++) {
    const struct partner *partner = &cast->partners[i];
    if (partner->example != 1)
      continue;
    enum hs_status status = hs_agreed_document(cast->programme, partner->agreement, &second,
                                               cast->arena, &document, err);
    return status == HS_NOT_FOUND ? change(cast, partner, err) : status;
  }
  return HS_OK;
}

enum hs_status hs_demo_agree(struct hs_programme *programme, struct hs_err *err)
{
  struct hs_arena arena = {0};
  enum hs_status status = hs_arena_init(&arena, ARENA_BYTES, err);
  if (status != HS_OK)
    return status;
  struct cast *cast = hs_arena_alloc(&arena, 1, sizeof *cast);
  HS_ASSERT(cast != NULL);
  cast->programme = programme;
  cast->arena = &arena;
  status = hs_ledger_catch_up(programme, NULL, NULL, NULL, err);
  if (status == HS_OK)
    status = find_cast(cast, err);
  if (status == HS_OK)
    status = begin(cast, OFFER, 0, (struct hs_str){0}, err);
  for (size_t i = 0; i < cast->count && status == HS_OK; i++)
    status = agree_with(cast, &cast->partners[i], err);
  if (status == HS_OK)
    status = set_policy(programme, err);
  if (status == HS_OK)
    status = propose_change(cast, err);
  hs_arena_release(&arena);
  return status;
}

/* ---- what becomes of them ---- */

#define PAID_MAX 3
#define PAID_FROM_MINOR 10000
#define DISPUTED_MINOR 150

struct settling {
  struct hs_programme *programme;
  struct hs_str paid[PAID_MAX]; /* the first partners to whom enough is owed */
  size_t paid_count;
  struct hs_str disputing; /* the one after them */
  struct hs_id commissions[2];
  size_t commission_count;
  struct hs_arena *arena;
  int is_done;
};

static enum hs_status note_lock(void *context, [[maybe_unused]] const struct hs_lock_row *row,
                                [[maybe_unused]] struct hs_err *err)
{
  ((struct settling *)context)->is_done = 1;
  return HS_OK;
}

static enum hs_status choose_partner(void *context, const struct hs_balance_row *row,
                                     struct hs_err *err)
{
  struct settling *settling = context;
  if (row->account.kind != HS_ACCOUNT_PAYABLE ||
      row->credit_minor - row->debit_minor < PAID_FROM_MINOR || settling->disputing.data != NULL)
    return HS_OK;
  struct hs_str name = {
      hs_arena_copy(settling->arena, row->account.party.data, row->account.party.length),
      row->account.party.length};
  if (name.data == NULL)
    return hs_arena_full(settling->arena, "the demonstration's payouts", err);
  if (settling->paid_count < PAID_MAX)
    settling->paid[settling->paid_count++] = name;
  else
    settling->disputing = name;
  return HS_OK;
}

static enum hs_status choose_commission(void *context, const struct hs_commission_row *row,
                                        [[maybe_unused]] struct hs_err *err)
{
  struct settling *settling = context;
  if (settling->commission_count < 2 && row->amount_minor > DISPUTED_MINOR)
    settling->commissions[settling->commission_count++] = row->id;
  return HS_OK;
}

/* Of the partners paid, the last waits for word from its bank. */
static enum hs_status pay(struct settling *settling, size_t index, struct hs_err *err)
{
  struct hs_programme *programme = settling->programme;
  struct hs_decision payout = {.kind = HS_DECISION_PAYOUT,
                               .by = BY,
                               .seconded_by = SECOND,
                               .party = settling->paid[index],
                               .currency = programme->currency,
                               .method = HS_STR("bank")};
  payout.payout = hs_id_make(&programme->ids, programme->io, "pay");
  enum hs_status status = hs_decide(programme, &payout, err);
  struct hs_decision arrived = {.kind = HS_DECISION_PAYOUT_STATE,
                                .by = BY,
                                .payout = payout.payout,
                                .state = HS_STR("completed")};
  return status == HS_OK && index + 1 < settling->paid_count ? hs_decide(programme, &arrived, err)
                                                             : status;
}

/* The first dispute is upheld, the other one stays open. */
static enum hs_status dispute(struct settling *settling, size_t index, struct hs_err *err)
{
  struct hs_programme *programme = settling->programme;
  struct hs_decision dispute = {.kind = HS_DECISION_DISPUTE,
                                .by = settling->disputing,
                                .party = settling->disputing,
                                .commission = settling->commissions[index],
                                .about = HS_STR("wrong amount"),
                                .currency = programme->currency,
                                .amount_minor = DISPUTED_MINOR,
                                .words = HS_STR("the order was larger")};
  dispute.dispute = hs_id_make(&programme->ids, programme->io, "dsp");
  enum hs_status status = hs_decide(programme, &dispute, err);
  struct hs_decision verdict = {.kind = HS_DECISION_JUDGE,
                                .by = BY,
                                .seconded_by = SECOND,
                                .dispute = dispute.dispute,
                                .verdict = HS_STR("upheld"),
                                .amount_minor = DISPUTED_MINOR};
  return status == HS_OK && index == 0 ? hs_decide(programme, &verdict, err) : status;
}

static enum hs_status settle(struct settling *settling, int64_t last_us, struct hs_err *err)
{
  struct hs_programme *programme = settling->programme;
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_decision lock = {.kind = HS_DECISION_LOCK, .by = BY, .until_us = last_us};
  enum hs_status status = hs_decide(programme, &lock, err);
  if (status == HS_OK)
    status = ledger->balances(ledger->self, INT64_MAX, choose_partner, settling, err);
  for (size_t i = 0; i < settling->paid_count && status == HS_OK; i++)
    status = pay(settling, i, err);
  if (status == HS_OK && settling->disputing.data != NULL)
    status = ledger->commissions(ledger->self, settling->disputing, INT64_MIN, last_us,
                                 choose_commission, settling, err);
  for (size_t i = 0; i < settling->commission_count && status == HS_OK; i++)
    status = dispute(settling, i, err);
  return status;
}

enum hs_status hs_demo_settle(struct hs_programme *programme, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_arena arena = {0};
  struct settling settling = {.programme = programme, .arena = &arena};
  int64_t first_us = 0;
  int64_t last_us = 0;
  enum hs_status status = hs_ledger_catch_up(programme, NULL, NULL, NULL, err);
  if (status == HS_OK)
    status = ledger->locks(ledger->self, note_lock, &settling, err);
  if (status == HS_OK && !settling.is_done)
    status = programme->trail.range(programme->trail.self, &first_us, &last_us, err);
  if (status != HS_OK || settling.is_done)
    return status;
  status = hs_arena_init(&arena, HS_MIB, err);
  if (status == HS_OK)
    status = settle(&settling, last_us, err);
  hs_arena_release(&arena);
  return status;
}

/* ---- for people ---- */

static enum hs_status say_line(void *context, const struct hs_open_line *line,
                               [[maybe_unused]] struct hs_err *err)
{
  char amount[HS_MONEY_TEXT] = "";
  if (hs_open_has_amount(line))
    hs_money_format_grouped((struct hs_money){line->amount_minor, line->currency}, amount);
  else
    (void)snprintf(amount, sizeof amount, "%" PRIu64, line->count);
  hs_buf_printf(context, "  %20s  %s\n", amount, hs_open_says(line->kind));
  return HS_OK;
}

static enum hs_status say_proposed(void *context, const struct hs_agreed_line *line,
                                   [[maybe_unused]] struct hs_err *err)
{
  if (!hs_str_equal(line->state, HS_STR("proposed")))
    return HS_OK;
  hs_buf_printf(context, "\n  changed terms of %.*s are proposed (version %" PRIu64 "): %.*s\n",
                HS_STR_ARG(line->name), line->number, HS_STR_ARG(line->open));
  return HS_OK;
}

enum hs_status hs_demo_owed_text(struct hs_programme *programme, struct hs_buf *out,
                                 struct hs_err *err)
{
  const struct hs_period all = {INT64_MIN, INT64_MAX};
  hs_buf_add_text(out, "\nWhat is open of the money owed\n  by agreements of four kinds\n\n");
  enum hs_status status = hs_closing_open(programme, &all, say_line, out, err);
  return status == HS_OK ? hs_agreed_list(programme, (struct hs_str){0}, say_proposed, out, err)
                         : status;
}
