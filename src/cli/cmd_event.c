#include "cli/commands.h"
#include "service/post/explain_event.h"

static int parse_event(struct hs_str word, enum hs_rule_event *out)
{
  static const enum hs_rule_event EVENTS[] = {HS_RULE_LEAD, HS_RULE_CLICK, HS_RULE_CUSTOM};
  for (size_t i = 0; i < sizeof EVENTS / sizeof *EVENTS; i++)
    if (hs_str_equal(word, hs_str_of(hs_rule_event_word(EVENTS[i])))) {
      *out = EVENTS[i];
      return 1;
    }
  return 0;
}

static enum hs_status explain(struct hs_cli *cli, const struct hs_args *args,
                              const struct hs_event_asked *asked, struct hs_programme *programme,
                              struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  enum hs_status status = hs_event_explain(programme, asked, hs_args_has(args, "json"), &out, err);
  if (status == HS_OK)
    status = hs_buf_status(&out, "the explanation", err);
  if (status == HS_OK)
    hs_cli_write(cli, hs_buf_str(&out));
  return status;
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_event_asked asked = {.name = hs_args_at(args, 2),
                                 .partner = hs_args_text(args, "partner")};
  if (!hs_str_equal(hs_args_at(args, 0), HS_STR("explain")))
    return hs_fail(err, HS_USAGE, "event can explain, not \"%.*s\"",
                   HS_STR_ARG(hs_args_at(args, 0)));
  if (!parse_event(hs_args_at(args, 1), &asked.event))
    return hs_fail(err, HS_USAGE,
                   "say which kind it is, lead, click or custom, not \"%.*s\"; of an order: hansa "
                   "order explain",
                   HS_STR_ARG(hs_args_at(args, 1)));
  enum hs_status status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = explain(cli, args, &asked, &programme, err);
  hs_programme_close(&programme);
  return status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"partner", HS_OPTION_TEXT, "NAME", NULL, 0, 0,
     "why this partner earned what it did, or nothing"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON"},
    {0},
};

const struct hs_command hs_cmd_event = {
    .name = "event",
    .synopsis = "explain lead|click|custom NAME [--partner NAME] --data DIR [--json]",
    .summary = "say who is paid for a lead, a click or another event, and who not, why",
    .details = "It is judged again with what was known and agreed when it came: of a lead each "
               "status that it got.\n"
               "Without --partner every partner that has touchpoints gets its answer.",
    .examples = "  hansa event explain lead L-17 --partner shoes-blog --data programme",
    .positional_min = 3,
    .positional_max = 3,
    .options = OPTIONS,
    .run = run,
};
