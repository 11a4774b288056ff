#include <inttypes.h>

#include "cli/commands.h"
#include "cli/result.h"
#include "service/agreed/agreed.h"
#include "service/agreed/policy_json.h"

/* ---- set ---- */

/* "40%", "0.4" or "2/5". */
static enum hs_status read_part(const struct hs_args *args, const char *name, struct hs_ratio *out,
                                struct hs_err *err)
{
  struct hs_str text = hs_args_text(args, name);
  if (text.data != NULL && !hs_ratio_parse_part(text, out))
    return hs_fail(err, HS_USAGE, "--%s must be such as 40%%, 0.4 or 2/5, got %.*s", name,
                   HS_STR_ARG(text));
  return HS_OK;
}

static enum hs_status read_renewals(const struct hs_args *args, enum hs_renewals *out,
                                    struct hs_err *err)
{
  struct hs_str text = hs_args_text(args, "renewals");
  if (text.data != NULL && !hs_renewals_parse(text, out))
    return hs_fail(err, HS_USAGE, "--renewals must be untouched, always or never, got %.*s",
                   HS_STR_ARG(text));
  return HS_OK;
}

/* "30m", "24h" or "7d". */
static enum hs_status read_stand_down(const struct hs_args *args, int64_t *out, struct hs_err *err)
{
  static const struct {
    char unit;
    int64_t us;
  } UNITS[] = {{'m', HS_MINUTE_US}, {'h', HS_HOUR_US}, {'d', HS_DAY_US}};
  struct hs_str text = hs_args_text(args, "stand-down");
  int64_t count = 0;
  if (text.data == NULL)
    return HS_OK;
  for (size_t i = 0; text.length > 1 && i < sizeof UNITS / sizeof *UNITS; i++)
    if (text.data[text.length - 1] == UNITS[i].unit &&
        hs_parse_i64((struct hs_str){text.data, text.length - 1}, &count) && count > 0 &&
        !__builtin_mul_overflow(count, UNITS[i].us, out))
      return HS_OK;
  return hs_fail(err, HS_USAGE, "--stand-down must be such as 30m, 24h or 7d, got %.*s",
                 HS_STR_ARG(text));
}

static enum hs_status read_self_referral(const struct hs_args *args, int *allows,
                                         struct hs_err *err)
{
  struct hs_str text = hs_args_text(args, "self-referral");
  *allows = hs_str_equal(text, HS_STR("allow"));
  if (text.data != NULL && !*allows && !hs_str_equal(text, HS_STR("refuse")))
    return hs_fail(err, HS_USAGE, "--self-referral must be refuse or allow, got %.*s",
                   HS_STR_ARG(text));
  return HS_OK;
}

static enum hs_status read_policy(const struct hs_args *args, struct hs_policy *policy,
                                  struct hs_err *err)
{
  *policy = HS_POLICY_LAST;
  enum hs_status status = read_part(args, "first", &policy->first, err);
  if (status == HS_OK)
    status = read_part(args, "last", &policy->last, err);
  if (status == HS_OK)
    status = read_part(args, "minimum", &policy->minimum, err);
  if (status == HS_OK)
    status = read_renewals(args, &policy->renewals, err);
  if (status == HS_OK)
    status = read_stand_down(args, &policy->stand_down_us, err);
  if (status == HS_OK)
    status = read_self_referral(args, &policy->allows_self_referral, err);
  policy->is_cart_barrier = hs_args_has(args, "cart-barrier");
  policy->is_coupon_first = !hs_args_has(args, "codes-as-clicks");
  return status;
}

static enum hs_status set(struct hs_cli *cli, const struct hs_args *args,
                          struct hs_programme *programme, struct hs_err *err)
{
  struct hs_policy policy;
  int64_t from_us = programme->io->now_us(programme->io->self);
  uint64_t number = 0;
  enum hs_status status = read_policy(args, &policy, err);
  if (status == HS_OK)
    status = hs_args_day(args, "from", programme->zone, &from_us, err);
  if (status == HS_OK)
    status = hs_agreed_policy(programme, hs_args_text(args, "by"), hs_args_text(args, "reason"),
                              &policy, from_us, &number, err);
  if (status == HS_OK)
    hs_cli_printf(cli, "policy %" PRIu64 " is set for orders from then on\n", number);
  return status;
}

/* ---- list ---- */

static const char *const COLUMNS[] = {"policy", "from",    "first", "last",
                                      "rest",   "minimum", "by",    "more"};

/* What first and last leave, for those between. */
static void rest_text(const struct hs_policy_row *row, char out[HS_RATIO_TEXT])
{
  struct hs_ratio first;
  struct hs_ratio last;
  struct hs_ratio rest = HS_RATIO_ONE;
  if (hs_ratio_parse(row->first, &first) && hs_ratio_parse(row->last, &last) &&
      hs_ratio_subtract(rest, first, &rest) && hs_ratio_subtract(rest, last, &rest))
    hs_ratio_format(rest, out);
  else
    out[0] = '\0';
}

static enum hs_status print_policy(void *context, const struct hs_policy_row *row,
                                   struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  char number[24];
  char from[HS_TIME_TEXT];
  char rest[HS_RATIO_TEXT];
  (void)snprintf(number, sizeof number, "%" PRIu64, row->number);
  hs_format_time(row->from_us, from);
  rest_text(row, rest);
  struct hs_str values[] = {
      hs_str_of(number), row->from_us == HS_TIME_MIN_US ? (struct hs_str){0} : hs_str_of(from),
      row->first,        row->last,
      hs_str_of(rest),   row->minimum,
      row->decided_by,   row->document};
  return sink->row(sink->self, values, err);
}

static enum hs_status list(struct hs_cli *cli, const struct hs_args *args,
                           struct hs_programme *programme, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  enum hs_status status = hs_result_texts_begin(cli, args, sizeof COLUMNS / sizeof *COLUMNS,
                                                COLUMNS, &sink, &printer, err);
  if (status == HS_OK)
    status = ledger->policies(ledger->self, print_policy, &sink, err);
  return hs_result_texts_end(printer, status, err);
}

/* ---- the command ---- */

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_str verb = hs_args_at(args, 0);
  struct hs_programme programme = {.lock = -1};
  int is_set = hs_str_equal(verb, HS_STR("set"));
  if (!is_set && !hs_str_equal(verb, HS_STR("list")))
    return hs_fail(err, HS_USAGE, "policy can set and list, not \"%.*s\"", HS_STR_ARG(verb));
  enum hs_status status = hs_cli_open_ledger(cli, args, &programme, err);
  if (status == HS_OK)
    status = is_set ? set(cli, args, &programme, err) : list(cli, args, &programme, err);
  hs_programme_close(&programme);
  return status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    HS_OPTION_BY,
    HS_OPTION_REASON,
    {"from", HS_OPTION_TEXT, "DAY", NULL, 0, 0,
     "set: for orders from the beginning of this day; from now without it"},
    {"first", HS_OPTION_TEXT, "PART", "0", 0, 0, "set: the first touchpoint's part, such as 40%"},
    {"last", HS_OPTION_TEXT, "PART", "100%", 0, 0, "set: the last touchpoint's part"},
    {"minimum", HS_OPTION_TEXT, "PART", "0", 0, 0,
     "set: who would get less gets nothing, and the others its part"},
    {"codes-as-clicks", HS_OPTION_FLAG, NULL, NULL, 0, 0,
     "set: a code that was used is a touchpoint like any other"},
    {"stand-down", HS_OPTION_TEXT, "TIME", NULL, 0, 0,
     "set: a touchpoint that says that it stands down does so for so long behind another "
     "partner's: "
     "30m, 24h or 7d"},
    {"cart-barrier", HS_OPTION_FLAG, NULL, NULL, 0, 0,
     "set: nothing for a partner that appeared after the cart began"},
    {"self-referral", HS_OPTION_TEXT, "WORD", "refuse", 0, 0,
     "set: whether a partner is paid for what it buys itself: refuse or allow"},
    {"renewals", HS_OPTION_TEXT, "WHEN", "untouched", 0, 0,
     "set: when a customer stays with the partners of the first sale: untouched, always or never"},
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "list as JSON"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "list as CSV"},
    {0},
};

const struct hs_command hs_cmd_policy = {
    .name = "policy",
    .synopsis = "set|list --data DIR",
    .summary = "say which partners share an order, and how",
    .details = "The policy is the programme's and the same for every partner; what a partner's "
               "part earns is\n"
               "its agreement's affair. Parts that first and last leave are divided equally among "
               "those\n"
               "between. Every policy has a number and holds for orders from its day on.",
    .examples = "  hansa policy set --first 40% --last 40% --by \"head of sales\" --data programme",
    .positional_min = 1,
    .positional_max = 1,
    .options = OPTIONS,
    .run = run,
};
