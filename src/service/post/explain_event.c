#include "service/post/explain_event.h"

#include <inttypes.h>

#include "service/owe/commission_words.h"
#include "service/post/actions.h"
#include "service/post/explain_share.h"

#define AGREED_ARENA_BYTES (1 * HS_GIB)
/* A lead has a row for each status that there is, and one without. */
#define ROWS_MAX 16

struct place {
  uint64_t sequence;
  int64_t row_number;
};

struct explaining {
  struct hs_programme *programme;
  const struct hs_event_asked *asked;
  struct hs_arena arena; /* emptied between the rows */
  struct hs_cases cases;
  struct place places[ROWS_MAX];
  size_t place_count;
  size_t commission_count;
  int is_json;
  struct hs_buf *out;
};

static const char *noun_of(const struct explaining *explaining)
{
  return hs_commission_noun(hs_str_of(hs_rule_event_word(explaining->asked->event)));
}

/* ---- its rows ---- */

static enum hs_event_kind kind_of(enum hs_rule_event event)
{
  if (event == HS_RULE_LEAD)
    return HS_EVENT_LEAD;
  return event == HS_RULE_CUSTOM ? HS_EVENT_CUSTOM : HS_EVENT_TOUCH;
}

static enum hs_status note_places(void *context, const struct hs_action_batch *batch,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct explaining *explaining = context;
  for (size_t i = 0; i < batch->count && explaining->place_count < ROWS_MAX; i++)
    explaining->places[explaining->place_count++] =
        (struct place){batch->sequence[i], batch->row_number[i]};
  return HS_OK;
}

/* "12/345": what a click is called that its source gave no name. */
static int is_place(struct hs_str name, struct place *out)
{
  struct hs_str rest = name;
  struct hs_str sequence = hs_str_cut(&rest, '/');
  return hs_parse_u64(sequence, &out->sequence) && out->sequence > 0 &&
         hs_parse_i64(rest, &out->row_number) && out->row_number > 0;
}

static enum hs_status find_rows(struct explaining *explaining, struct hs_err *err)
{
  const struct hs_trail *trail = &explaining->programme->trail;
  const struct hs_event_asked *asked = explaining->asked;
  struct hs_action_page page = {
      .kind = kind_of(asked->event),
      .after_row = INT64_MAX,
      .until_sequence = hs_journal_position(explaining->programme->journal).cursor.sequence,
      .count_max = ROWS_MAX,
      .name = asked->name};
  struct place place;
  enum hs_status status = trail->new_actions(trail->self, &page, note_places, explaining, err);
  if (status == HS_OK && explaining->place_count == 0 && asked->event == HS_RULE_CLICK &&
      is_place(asked->name, &place)) {
    page = (struct hs_action_page){.kind = page.kind,
                                   .after_sequence = place.sequence,
                                   .after_row = place.row_number - 1,
                                   .until_sequence = place.sequence,
                                   .count_max = 1};
    status = trail->new_actions(trail->self, &page, note_places, explaining, err);
    if (status == HS_OK && explaining->place_count > 0 &&
        explaining->places[0].row_number != place.row_number)
      explaining->place_count = 0;
  }
  return status == HS_OK && explaining->place_count == 0
             ? hs_fail(err, HS_NOT_FOUND, "there is no %s %.*s", noun_of(explaining),
                       HS_STR_ARG(asked->name))
             : status;
}

/* ---- one row, as it was judged ---- */

static void say_head(const struct explaining *explaining, const struct hs_case *action)
{
  struct hs_buf *out = explaining->out;
  char at[HS_TIME_TEXT];
  hs_format_time_in(explaining->programme->zone, action->at_us, at);
  hs_buf_printf(out, "%s ", noun_of(explaining));
  hs_buf_add_shown(out, action->id, 200);
  hs_buf_printf(out, ", %.10s %.5s", at, at + 11);
  if (action->word.data != NULL) {
    hs_buf_printf(out, ", %s ", hs_action_word_name(action->event));
    hs_buf_add_shown(out, action->word, 200);
  }
  hs_buf_add_char(out, '\n');
}

static void add_head(const struct explaining *explaining, const struct hs_case *action,
                     enum hs_action_verdict verdict)
{
  struct hs_buf *out = explaining->out;
  char at[HS_TIME_TEXT];
  hs_format_time(action->at_us, at);
  hs_buf_printf(out, "{\"occurred_at\":\"%s\",\"%s\":", at, hs_action_word_name(action->event));
  if (action->word.data != NULL)
    hs_buf_add_json(out, action->word);
  else
    hs_buf_add_text(out, "null");
  hs_buf_printf(out, ",\"reason\":\"%s\",\"words\":\"%s\",\"partners\":[",
                hs_action_verdict_name(verdict), hs_action_verdict_words(verdict));
}

static enum hs_status put_row(const struct explaining *explaining,
                              const struct hs_in_force *in_force, const struct hs_case *action,
                              struct hs_judgement *judgement, struct hs_err *err)
{
  const struct hs_explained explained = {in_force, action, judgement};
  enum hs_action_verdict verdict = hs_action_judge(action);
  uint32_t partner = HS_NO_PARTNER;
  enum hs_status status = hs_explained_partner(in_force, explaining->asked->partner, &partner, err);
  if (status != HS_OK)
    return status;
  if (explaining->is_json)
    add_head(explaining, action, verdict);
  else
    say_head(explaining, action);
  if (verdict == HS_ACTION_STANDS)
    hs_explained_put(&explained, partner, explaining->is_json, explaining->out);
  else if (!explaining->is_json)
    hs_buf_printf(explaining->out, "  %s\n", hs_action_verdict_words(verdict));
  if (explaining->is_json)
    hs_buf_add_text(explaining->out, "]}");
  return HS_OK;
}

static enum hs_status explain_row(struct explaining *explaining, const struct place *place,
                                  struct hs_err *err)
{
  struct hs_programme *programme = explaining->programme;
  const struct hs_action_page page = {.kind = kind_of(explaining->asked->event),
                                      .after_sequence = place->sequence,
                                      .after_row = place->row_number - 1,
                                      .until_sequence = place->sequence,
                                      .count_max = 1};
  struct hs_in_force in_force;
  struct hs_judgement judgement;
  hs_arena_reset(&explaining->arena, 0);
  enum hs_status status =
      hs_in_force_load(&programme->book.ledger, &programme->book, programme->zone, place->sequence,
                       &explaining->arena, &in_force, err);
  if (status == HS_OK)
    status = hs_cases_load_actions(&explaining->cases, &programme->trail, &in_force, &page, err);
  if (status != HS_OK)
    return status;
  HS_ASSERT(explaining->cases.count == 1);
  const struct hs_case *action = &explaining->cases.cases[0];
  status =
      hs_judge(&in_force, &programme->book.ledger, action, &explaining->arena, &judgement, err);
  return status == HS_OK ? put_row(explaining, &in_force, action, &judgement, err) : status;
}

/* ---- what was earned ---- */

static enum hs_status put_commission(void *context, const struct hs_commission_row *row,
                                     [[maybe_unused]] struct hs_err *err)
{
  struct explaining *explaining = context;
  struct hs_buf *out = explaining->out;
  char amount[HS_MONEY_TEXT];
  size_t before = explaining->commission_count++;
  if (explaining->is_json) {
    hs_buf_printf(out, "%s\"%s\"", before > 0 ? "," : "", row->id.text);
    return HS_OK;
  }
  hs_money_format_grouped((struct hs_money){row->amount_minor, row->currency}, amount);
  hs_buf_printf(out, "%s  %s of ", before > 0 ? "" : "earned\n", amount);
  hs_buf_add_shown(out, row->partner, 100);
  hs_buf_printf(out, ": hansa commission explain %s\n", row->id.text);
  return HS_OK;
}

static enum hs_status put_all(struct explaining *explaining, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &explaining->programme->book.ledger;
  struct hs_str type = hs_str_of(hs_rule_event_word(explaining->asked->event));
  struct hs_buf *out = explaining->out;
  enum hs_status status = HS_OK;
  if (explaining->is_json) {
    hs_buf_printf(out, "{\"type\":\"%s\",\"name\":", type.data);
    hs_buf_add_json(out, explaining->asked->name);
    hs_buf_add_text(out, ",\"rows\":[");
  }
  for (size_t i = 0; i < explaining->place_count && status == HS_OK; i++) {
    if (explaining->is_json && i > 0)
      hs_buf_add_char(out, ',');
    status = explain_row(explaining, &explaining->places[i], err);
  }
  if (explaining->is_json)
    hs_buf_add_text(out, "],\"commissions\":[");
  if (status == HS_OK)
    status = ledger->commissions_of(ledger->self, type, explaining->asked->name, put_commission,
                                    explaining, err);
  if (explaining->is_json)
    hs_buf_add_text(out, "]}\n");
  else if (explaining->asked->event == HS_RULE_LEAD && explaining->commission_count > 0)
    hs_buf_add_text(out, "  a lead is paid once, by the first of its rows that a rule pays for\n");
  return status;
}

enum hs_status hs_event_explain(struct hs_programme *programme, const struct hs_event_asked *asked,
                                int is_json, struct hs_buf *out, struct hs_err *err)
{
  struct explaining explaining = {
      .programme = programme, .asked = asked, .is_json = is_json, .out = out};
  enum hs_status status = hs_arena_init(&explaining.arena, AGREED_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_cases_open(&explaining.cases, err);
  if (status == HS_OK)
    status = find_rows(&explaining, err);
  if (status == HS_OK)
    status = put_all(&explaining, err);
  hs_cases_release(&explaining.cases);
  hs_arena_release(&explaining.arena);
  return status;
}
