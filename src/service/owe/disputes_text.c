/* One dispute, for people and for machines. */
#include <inttypes.h>

#include "base/time.h"
#include "service/json_member.h"
#include "service/owe/disputable.h"
#include "service/owe/disputes.h"

#define ARENA_BYTES (64 * HS_MIB)

/* All that is said of it, read before anything is written. */
struct seen {
  struct hs_programme *programme;
  struct hs_arena arena;
  struct hs_dispute_row dispute;
  struct hs_dispute_decision_row verdicts[HS_DISPUTE_VERDICTS_MAX];
  size_t verdict_count;
  struct hs_id commission; /* disputed, or what an upheld one brought; zero for none */
  struct hs_owed owed;
  int64_t held_minor;
  int64_t until_us; /* INT64_MIN where there is nothing to dispute any more */
};

static enum hs_status keep_verdict(void *context, const struct hs_dispute_decision_row *row,
                                   struct hs_err *err)
{
  struct seen *seen = context;
  if (seen->verdict_count == HS_DISPUTE_VERDICTS_MAX)
    return hs_fail(err, HS_NOMEM, "dispute %s was looked at more than %d times", row->dispute.text,
                   HS_DISPUTE_VERDICTS_MAX);
  struct hs_dispute_decision_row *kept = &seen->verdicts[seen->verdict_count++];
  struct hs_str *texts[] = {&kept->verdict, &kept->decided_by, &kept->seconded_by, &kept->words};
  *kept = *row;
  return hs_strs_keep(&seen->arena, texts, sizeof texts / sizeof *texts)
             ? HS_OK
             : hs_arena_full(&seen->arena, "a dispute", err);
}

/* What an upheld dispute brought has the partner and the frame of its verdict. */
static enum hs_status note_granted(void *context, const struct hs_commission_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  struct seen *seen = context;
  for (size_t v = 0; v < seen->verdict_count; v++)
    if (row->sequence == seen->verdicts[v].sequence &&
        hs_str_equal(row->partner, seen->dispute.partner))
      seen->commission = row->id;
  return HS_OK;
}

static enum hs_status see_commission(struct seen *seen, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &seen->programme->book.ledger;
  struct hs_commission_row commission;
  uint32_t days = 0;
  enum hs_status status =
      hs_ledger_commission(ledger, &seen->commission, &seen->arena, &commission, err);
  if (status == HS_OK)
    status = hs_ledger_owed(ledger, &seen->commission, &seen->owed, err);
  if (status == HS_OK)
    status = hs_ledger_held(ledger, &seen->commission, hs_str_of(seen->dispute.id.text),
                            &seen->held_minor, err);
  if (status == HS_OK)
    status = hs_commission_dispute_days(seen->programme, &commission, &days, err);
  return status == HS_OK
             ? hs_commission_disputable_until(&seen->programme->book, ledger, &seen->commission,
                                              days, &seen->until_us, err)
             : status;
}

static enum hs_status see(struct seen *seen, const struct hs_id *id, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &seen->programme->book.ledger;
  enum hs_status status = hs_ledger_dispute(ledger, id, &seen->arena, &seen->dispute, err);
  if (status == HS_OK)
    status = ledger->dispute_decisions(ledger->self, id, keep_verdict, seen, err);
  seen->commission = seen->dispute.commission;
  seen->until_us = INT64_MIN;
  if (status == HS_OK && seen->commission.text[0] == '\0')
    status =
        ledger->commissions_of_order(ledger->self, seen->dispute.order_id, note_granted, seen, err);
  return status == HS_OK && seen->commission.text[0] != '\0' ? see_commission(seen, err) : status;
}

static struct hs_str state_of(const struct seen *seen)
{
  return seen->verdict_count == 0 ? HS_STR("open")
                                  : seen->verdicts[seen->verdict_count - 1].verdict;
}

/* ---- in words ---- */

static void say_money(const struct seen *seen, int64_t amount_minor, struct hs_buf *out)
{
  char text[HS_MONEY_TEXT];
  hs_money_format_grouped((struct hs_money){amount_minor, seen->dispute.currency}, text);
  hs_buf_add_text(out, text);
}

static void say_moment(const struct seen *seen, int64_t at_us, struct hs_buf *out)
{
  char text[HS_TIME_TEXT];
  hs_format_time_in(seen->programme->zone, at_us, text);
  hs_buf_printf(out, "%.10s %.5s", text, text + 11);
}

static void say_words(struct hs_str words, struct hs_buf *out)
{
  if (words.length == 0)
    return;
  hs_buf_add_text(out, ": ");
  hs_buf_add_shown(out, words, 2000);
}

static void say_opening(const struct seen *seen, struct hs_buf *out)
{
  const struct hs_dispute_row *dispute = &seen->dispute;
  hs_buf_printf(out, "dispute %s of ", dispute->id.text);
  hs_buf_add_shown(out, dispute->partner, 100);
  hs_buf_printf(out, ", %.*s: ", HS_STR_ARG(dispute->about));
  say_money(seen, dispute->amount_minor, out);
  hs_buf_printf(out, ", %.*s\n", HS_STR_ARG(state_of(seen)));
  if (dispute->commission.text[0] != '\0')
    hs_buf_printf(out, "about commission %s\n", dispute->commission.text);
  if (dispute->order_id.data != NULL) {
    hs_buf_add_text(out, "about order ");
    hs_buf_add_shown(out, dispute->order_id, 200);
    hs_buf_add_char(out, '\n');
  }
}

static void say_verdict(const struct seen *seen, const struct hs_dispute_decision_row *verdict,
                        struct hs_buf *out)
{
  hs_buf_add_text(out, "  ");
  say_moment(seen, verdict->at_us, out);
  hs_buf_printf(out, "  %.*s", HS_STR_ARG(verdict->verdict));
  if (verdict->amount_minor > 0) {
    hs_buf_add_text(out, ", ");
    say_money(seen, verdict->amount_minor, out);
    hs_buf_add_text(out, " granted");
  } else if (verdict->amount_minor < 0) {
    hs_buf_add_text(out, ", ");
    say_money(seen, -verdict->amount_minor, out);
    hs_buf_add_text(out, " taken back");
  }
  hs_buf_add_text(out, ", by ");
  hs_buf_add_shown(out, verdict->decided_by, 100);
  if (verdict->seconded_by.data != NULL) {
    hs_buf_add_text(out, " and ");
    hs_buf_add_shown(out, verdict->seconded_by, 100);
  }
  say_words(verdict->words, out);
  hs_buf_add_char(out, '\n');
}

static void say_trail(const struct seen *seen, struct hs_buf *out)
{
  hs_buf_add_text(out, "\nwhat was said and decided\n  ");
  say_moment(seen, seen->dispute.opened_at_us, out);
  hs_buf_add_text(out, "  opened by ");
  hs_buf_add_shown(out, seen->dispute.opened_by, 100);
  say_words(seen->dispute.words, out);
  hs_buf_add_char(out, '\n');
  for (size_t v = 0; v < seen->verdict_count; v++)
    say_verdict(seen, &seen->verdicts[v], out);
}

static void say_line(const struct seen *seen, int64_t amount_minor, const char *words,
                     struct hs_buf *out)
{
  if (amount_minor == 0)
    return;
  hs_buf_add_text(out, "  ");
  say_money(seen, amount_minor, out);
  hs_buf_printf(out, "  %s\n", words);
}

/* The lines from the first to the last add up to what was earned. */
static void say_arithmetic(const struct seen *seen, struct hs_buf *out)
{
  const struct hs_owed *owed = &seen->owed;
  if (seen->commission.text[0] == '\0') {
    hs_buf_add_text(out, "\nnothing is held: no commission stands for it\n");
    return;
  }
  hs_buf_printf(out, "\ncommission %s\n", seen->commission.text);
  say_line(seen, owed->earned, "earned and granted, and of it", out);
  say_line(seen, owed->taken_back - owed->clawed, "taken back before it was paid", out);
  say_line(seen, seen->held_minor, "held by this dispute", out);
  say_line(seen, owed->disputed - seen->held_minor, "held by other disputes", out);
  say_line(seen, owed->pending, "in its return period", out);
  say_line(seen, owed->payable, "owed, and paid on time", out);
  say_line(seen, owed->settled, "paid or set off", out);
  say_line(seen, owed->clawed, "of that taken back since", out);
  hs_buf_add_text(out, "  its amount can be disputed until ");
  say_moment(seen, seen->until_us, out);
  hs_buf_add_char(out, '\n');
}

/* ---- JSON ---- */

static void put_moment(struct hs_buf *out, const char *name, int64_t at_us)
{
  char text[HS_TIME_TEXT];
  hs_format_time(at_us, text);
  hs_json_text(out, name, hs_str_of(text));
}

static void put_number(struct hs_buf *out, const char *name, int64_t value)
{
  hs_json_key(out, name);
  hs_buf_printf(out, "%" PRId64, value);
}

static void put_verdicts(const struct seen *seen, struct hs_buf *out)
{
  hs_json_key(out, "decisions");
  hs_buf_add_char(out, '[');
  for (size_t v = 0; v < seen->verdict_count; v++) {
    const struct hs_dispute_decision_row *verdict = &seen->verdicts[v];
    hs_buf_add_text(out, v > 0 ? ",{" : "{");
    hs_json_text(out, "verdict", verdict->verdict);
    put_number(out, "amount_minor", verdict->amount_minor);
    put_moment(out, "at", verdict->at_us);
    hs_json_text(out, "by", verdict->decided_by);
    hs_json_text(out, "second", verdict->seconded_by);
    hs_json_text(out, "words", verdict->words);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

static void put_arithmetic(const struct seen *seen, struct hs_buf *out)
{
  const struct hs_owed *owed = &seen->owed;
  put_number(out, "held_minor", seen->held_minor);
  hs_json_key(out, "owed");
  if (seen->commission.text[0] == '\0') {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_add_char(out, '{');
  put_number(out, "earned_minor", owed->earned);
  put_number(out, "taken_back_minor", owed->taken_back);
  put_number(out, "disputed_minor", owed->disputed);
  put_number(out, "pending_minor", owed->pending);
  put_number(out, "payable_minor", owed->payable);
  put_number(out, "settled_minor", owed->settled);
  hs_buf_add_char(out, '}');
  put_moment(out, "disputable_until", seen->until_us);
}

static void put_json(const struct seen *seen, struct hs_buf *out)
{
  const struct hs_dispute_row *dispute = &seen->dispute;
  const struct hs_str none = {0};
  hs_buf_add_char(out, '{');
  hs_json_text(out, "id", hs_str_of(dispute->id.text));
  hs_json_text(out, "partner", dispute->partner);
  hs_json_text(out, "about", dispute->about);
  hs_json_text(out, "state", state_of(seen));
  hs_json_text(out, "commission",
               seen->commission.text[0] != '\0' ? hs_str_of(seen->commission.text) : none);
  hs_json_text(out, "order_id", dispute->order_id);
  hs_json_text(out, "currency", hs_str_of(dispute->currency.code));
  put_number(out, "amount_minor", dispute->amount_minor);
  put_moment(out, "opened_at", dispute->opened_at_us);
  hs_json_text(out, "opened_by", dispute->opened_by);
  hs_json_text(out, "words", dispute->words);
  put_verdicts(seen, out);
  put_arithmetic(seen, out);
  hs_buf_add_text(out, "}\n");
}

/* ---- both ---- */

enum form { WORDS, JSON };

static enum hs_status show(struct hs_programme *programme, const struct hs_id *id, enum form form,
                           struct hs_buf *out, struct hs_err *err)
{
  struct seen seen = {.programme = programme};
  enum hs_status status = hs_arena_init(&seen.arena, ARENA_BYTES, err);
  if (status != HS_OK)
    return status;
  status = see(&seen, id, err);
  if (status == HS_OK && form == JSON) {
    put_json(&seen, out);
  } else if (status == HS_OK) {
    say_opening(&seen, out);
    say_trail(&seen, out);
    say_arithmetic(&seen, out);
  }
  hs_arena_release(&seen.arena);
  return status;
}

enum hs_status hs_dispute_say(struct hs_programme *programme, const struct hs_id *id,
                              struct hs_buf *out, struct hs_err *err)
{
  return show(programme, id, WORDS, out, err);
}

enum hs_status hs_dispute_json(struct hs_programme *programme, const struct hs_id *id,
                               struct hs_buf *out, struct hs_err *err)
{
  return show(programme, id, JSON, out, err);
}
