#include "cli/commands.h"
#include "cli/state_command.h"

static enum hs_status add(struct hs_programme *programme, const struct hs_args *args,
                          struct hs_str name, struct hs_err *err)
{
  struct hs_party party = {.name = name,
                           .title = hs_args_text(args, "title"),
                           .kind = hs_args_text(args, "kind"),
                           .enrolment = hs_args_text(args, "enrolment")};
  return hs_state_add_party(programme, &party, err);
}

static enum hs_status print_party(void *context, const struct hs_party *party, struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  char created[HS_TIME_TEXT];
  hs_format_time(party->created_at_us, created);
  struct hs_str values[] = {party->name,      party->title,       party->kind,
                            party->enrolment, hs_str_of(created), hs_str_of(party->id.text)};
  return sink->row(sink->self, values, err);
}

static enum hs_status list(struct hs_programme *programme, const struct hs_result_sink *sink,
                           struct hs_err *err)
{
  struct hs_result_sink copy = *sink;
  return programme->book.parties(programme->book.self, print_party, &copy, err);
}

static const char *const COLUMNS[] = {"name", "title", "kind", "enrolment", "created_at", "id"};
static const struct hs_state_command PARTNER = {"partner", sizeof COLUMNS / sizeof *COLUMNS,
                                                COLUMNS, add, list};

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  return hs_state_command_run(cli, args, &PARTNER, err);
}

static const struct hs_option OPTIONS[] = {
    HS_STATE_COMMAND_OPTIONS,
    {"title", HS_OPTION_TEXT, "TEXT", NULL, 0, 0, "the name for people"},
    {"kind", HS_OPTION_TEXT, "WORD", NULL, 0, 0, "affiliate, creator, newsletter or another word"},
    {"enrolment", HS_OPTION_TEXT, "WORD", "approved", 0, 0,
     "invited, pending, approved, declined, paused, ended or banned"},
    {0},
};

const struct hs_command hs_cmd_partner = {
    .name = "partner",
    .synopsis = "add NAME|list --data DIR",
    .summary = "enter and list partners",
    .details =
        "NAME is what touchpoints, costs and activity call the partner. Entries are never changed.",
    .examples =
        "  hansa partner add shoes-blog --title \"The Shoes Blog\" --kind creator --data programme",
    .positional_min = 1,
    .positional_max = 2,
    .options = OPTIONS,
    .run = run,
};
