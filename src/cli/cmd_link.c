#include "cli/commands.h"
#include "cli/state_command.h"

static enum hs_status add(struct hs_programme *programme, const struct hs_args *args,
                          struct hs_str name, struct hs_err *err)
{
  struct hs_link link = {
      .name = name, .party = hs_args_text(args, "partner"), .target = hs_args_text(args, "target")};
  if (link.party.data == NULL || link.target.data == NULL)
    return hs_fail(err, HS_USAGE, "a link needs --partner NAME and --target URL");
  return hs_state_add_link(programme, &link, err);
}

static enum hs_status print_link(void *context, const struct hs_link *link, struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  char created[HS_TIME_TEXT];
  hs_format_time(link->created_at_us, created);
  struct hs_str values[] = {link->name, link->party, link->target, hs_str_of(created),
                            hs_str_of(link->id.text)};
  return sink->row(sink->self, values, err);
}

static enum hs_status list(struct hs_programme *programme, const struct hs_result_sink *sink,
                           struct hs_err *err)
{
  struct hs_result_sink copy = *sink;
  return programme->book.links(programme->book.self, print_link, &copy, err);
}

static const char *const COLUMNS[] = {"name", "partner", "target", "created_at", "id"};
static const struct hs_state_command LINK = {"link", sizeof COLUMNS / sizeof *COLUMNS, COLUMNS, add,
                                             list};

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  return hs_state_command_run(cli, args, &LINK, err);
}

static const struct hs_option OPTIONS[] = {
    HS_STATE_COMMAND_OPTIONS,
    {"partner", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "whose link it is"},
    {"target", HS_OPTION_TEXT, "URL", NULL, 0, 0, "where it leads: https://…"},
    {0},
};

const struct hs_command hs_cmd_link = {
    .name = "link",
    .synopsis = "add NAME --partner PARTNER --target URL --data DIR | list --data DIR",
    .summary = "enter and list partners' tracking links",
    .examples = "  hansa link add spring --partner shoes-blog --target "
                "https://brand.example/spring --data programme",
    .positional_min = 1,
    .positional_max = 2,
    .options = OPTIONS,
    .run = run,
};
