/* Leads, custom events and clicks become commissions as orders do, with two differences. A lead
   comes again with each status that it gets and is paid once, by the first of its rows that a rule
   pays for; and one that turns out to be unqualified takes back what it earned. */
#include "service/post/actions.h"
#include "service/post/post_priv.h"

/* So many are asked for at once, as of orders. Of a click less is known, and the trail looks for
   double ones among all clicks of the page's time: a page of them is larger, some 60 MiB. */
#define PAGE_ACTIONS 32768
#define PAGE_CLICKS 131072

/* ---- leads that came before ---- */

/* What earlier rows of a lead have earned. */
struct earned_before {
  struct hs_case_posting *one;
  struct hs_ratio parts; /* together */
};

static enum hs_status note_earned(void *context, const struct hs_commission_row *row,
                                  struct hs_err *err)
{
  struct earned_before *before = context;
  struct hs_ratio part;
  hs_action_drop_partner(&before->one->judgement,
                         hs_in_force_partner(before->one->posting->in_force, row->partner));
  return hs_ratio_parse(row->part, &part) && hs_ratio_add(before->parts, part, &before->parts)
             ? HS_OK
             : hs_fail(err, HS_CORRUPT, "commission %s: the part %.*s cannot be read", row->id.text,
                       HS_STR_ARG(row->part));
}

static enum hs_status drop_earned_before(struct hs_case_posting *one, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &one->posting->writer->ledger_now;
  struct earned_before before = {one, HS_RATIO_ZERO};
  enum hs_status status = ledger->commissions_of(ledger->self, HS_STR("lead"), one->order->id,
                                                 note_earned, &before, err);
  if (status == HS_OK)
    hs_action_keep_within(&one->judgement, before.parts);
  return status;
}

/* ---- leads that turn out to be none ---- */

static enum hs_status take_back(void *context, const struct hs_commission_row *commission,
                                struct hs_err *err)
{
  const struct hs_case_posting *one = context;
  struct hs_step steps[HS_TAKE_BACK_STEPS_MAX];
  struct hs_owed owed;
  size_t count = 0;
  enum hs_status status =
      hs_ledger_owed(&one->posting->writer->ledger_now, &commission->id, &owed, err);
  if (status == HS_OK)
    status = hs_owed_take_back(&owed, owed.earned - owed.taken_back, steps, &count, err);
  for (size_t i = 0; i < count && status == HS_OK; i++)
    status = hs_post_commission(one->posting, steps[i].kind, commission, steps[i].amount_minor,
                                one->order->at_us, (struct hs_str){0}, one->order->word, err);
  return status;
}

static enum hs_status take_back_lead(struct hs_case_posting *one, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &one->posting->writer->ledger_now;
  return ledger->commissions_of(ledger->self, HS_STR("lead"), one->order->id, take_back, one, err);
}

/* ---- one of them ---- */

static enum hs_status judge_and_post(struct hs_case_posting *one, struct hs_tally_table *tallies,
                                     struct hs_err *err)
{
  struct hs_posting *posting = one->posting;
  enum hs_status status = hs_judge(posting->in_force, &posting->writer->ledger_now, one->order,
                                   posting->scratch, &one->judgement, err);
  if (status == HS_OK && one->order->event == HS_RULE_LEAD)
    status = drop_earned_before(one, err);
  return status == HS_OK ? hs_post_judged(one, tallies, err) : status;
}

static enum hs_status post_action(struct hs_posting *posting, struct hs_tally_table *tallies,
                                  const struct hs_case *action, struct hs_err *err)
{
  struct hs_case_posting one = {.posting = posting, .order = action};
  enum hs_status status = HS_OK;
  hs_arena_reset(posting->scratch, 0);
  posting->counts->actions++;
  switch (hs_action_judge(action)) {
  case HS_ACTION_REPEATED:
    break;
  case HS_ACTION_UNQUALIFIED:
    status = take_back_lead(&one, err);
    break;
  case HS_ACTION_STANDS:
    status = judge_and_post(&one, tallies, err);
    break;
  }
  if (status != HS_OK)
    hs_err_prefix(err, "%s %.*s", hs_rule_event_word(action->event), HS_STR_ARG(action->id));
  return status;
}

/* ---- pages ---- */

static enum hs_status post_page(struct hs_posting *posting, struct hs_err *err)
{
  struct hs_tally_table tallies = {.ledger = &posting->writer->ledger_now,
                                   .arena = posting->tallying};
  enum hs_status status = HS_OK;
  hs_arena_reset(posting->tallying, 0);
  for (size_t i = 0; i < posting->cases->count && status == HS_OK; i++)
    status = post_action(posting, &tallies, &posting->cases->cases[i], err);
  return status == HS_OK ? hs_tallies_put(&tallies, &posting->writer->ledger, err) : status;
}

enum hs_status hs_post_actions(struct hs_posting *posting, enum hs_event_kind kind,
                               struct hs_err *err)
{
  struct hs_action_page page = {.kind = kind,
                                .after_sequence = posting->sequence - 1,
                                .after_row = INT64_MAX,
                                .until_sequence = posting->sequence,
                                .count_max = kind == HS_EVENT_TOUCH ? PAGE_CLICKS : PAGE_ACTIONS};
  enum hs_rule_event event = hs_action_event(kind);
  enum hs_status status = hs_posting_agreed(posting, err);
  if (status != HS_OK || !hs_in_force_pays(posting->in_force, event))
    return status;
  for (;;) {
    status = hs_cases_load_actions(posting->cases, &posting->programme->trail, posting->in_force,
                                   &page, err);
    if (status == HS_OK)
      status = post_page(posting, err);
    if (status != HS_OK || posting->cases->count < page.count_max)
      return status;
    page.after_sequence = posting->sequence;
    page.after_row = posting->cases->cases[posting->cases->count - 1].row_number;
  }
}
