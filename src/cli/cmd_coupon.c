#include "cli/commands.h"
#include "cli/state_command.h"

/* A day of the programme's zone as the moment at which it begins. */
static enum hs_status read_day(const struct hs_programme *programme, const struct hs_args *args,
                               const char *option, int days_later, int64_t fallback_us,
                               int64_t *out, struct hs_err *err)
{
  int32_t day = 0;
  struct hs_str text = hs_args_text(args, option);
  *out = fallback_us;
  if (text.data == NULL)
    return HS_OK;
  if (!hs_parse_day(text, &day) ||
      !hs_zone_to_utc(programme->zone, ((int64_t)day + days_later) * HS_DAY_US, out))
    return hs_fail(err, HS_USAGE, "--%s must be a day such as 2026-03-01, got %.*s", option,
                   HS_STR_ARG(text));
  return HS_OK;
}

static enum hs_status add(struct hs_programme *programme, const struct hs_args *args,
                          struct hs_str code, struct hs_err *err)
{
  struct hs_coupon coupon = {.code = code, .party = hs_args_text(args, "partner")};
  if (coupon.party.data == NULL)
    return hs_fail(err, HS_USAGE, "a coupon needs --partner NAME");
  enum hs_status status =
      read_day(programme, args, "from", 0, INT64_MIN, &coupon.valid_from_us, err);
  if (status == HS_OK)
    status = read_day(programme, args, "until", 1, INT64_MAX, &coupon.valid_until_us, err);
  return status == HS_OK ? hs_state_add_coupon(programme, &coupon, err) : status;
}

static struct hs_str moment(int64_t at_us, char out[HS_TIME_TEXT])
{
  if (at_us == INT64_MIN || at_us == INT64_MAX)
    return (struct hs_str){0};
  hs_format_time(at_us, out);
  return hs_str_of(out);
}

static enum hs_status print_coupon(void *context, const struct hs_coupon *coupon,
                                   struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  char from[HS_TIME_TEXT];
  char until[HS_TIME_TEXT];
  char created[HS_TIME_TEXT];
  struct hs_str values[] = {coupon->code,
                            coupon->party,
                            moment(coupon->valid_from_us, from),
                            moment(coupon->valid_until_us, until),
                            moment(coupon->created_at_us, created),
                            hs_str_of(coupon->id.text)};
  return sink->row(sink->self, values, err);
}

static enum hs_status list(struct hs_programme *programme, const struct hs_result_sink *sink,
                           struct hs_err *err)
{
  struct hs_result_sink copy = *sink;
  return programme->book.coupons(programme->book.self, print_coupon, &copy, err);
}

static const char *const COLUMNS[] = {"code",        "partner",    "valid_from",
                                      "valid_until", "created_at", "id"};
static const struct hs_state_command COUPON = {"coupon", sizeof COLUMNS / sizeof *COLUMNS, COLUMNS,
                                               add, list};

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  return hs_state_command_run(cli, args, &COUPON, err);
}

static const struct hs_option OPTIONS[] = {
    HS_STATE_COMMAND_OPTIONS,
    {"partner", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "whose coupon it is"},
    {"from", HS_OPTION_TEXT, "DAY", NULL, 0, 0, "its first day; always without it"},
    {"until", HS_OPTION_TEXT, "DAY", NULL, 0, 0, "its last day; for ever without it"},
    {0},
};

const struct hs_command hs_cmd_coupon = {
    .name = "coupon",
    .synopsis =
        "add CODE --partner PARTNER [--from DAY] [--until DAY] --data DIR | list --data DIR",
    .summary = "enter and list partners' coupons",
    .details = "An order that names a partner's code counts as that partner's touchpoint at the "
               "moment of the order.",
    .examples =
        "  hansa coupon add BLOG10 --partner shoes-blog --until 2026-12-31 --data programme",
    .positional_min = 1,
    .positional_max = 2,
    .options = OPTIONS,
    .run = run,
};
