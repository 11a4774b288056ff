#include "cli/state_command.h"

static enum hs_status list_rows(struct hs_cli *cli, const struct hs_args *args,
                                struct hs_programme *programme,
                                const struct hs_state_command *command, struct hs_err *err)
{
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  enum hs_status status = hs_result_texts_begin(cli, args, command->column_count, command->columns,
                                                &sink, &printer, err);
  if (status == HS_OK)
    status = command->list(programme, &sink, err);
  return hs_result_texts_end(printer, status, err);
}

enum hs_status hs_state_command_run(struct hs_cli *cli, const struct hs_args *args,
                                    const struct hs_state_command *command, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  struct hs_str verb = hs_args_at(args, 0);
  int is_add = hs_str_equal(verb, HS_STR("add"));
  if (!is_add && !hs_str_equal(verb, HS_STR("list")))
    return hs_fail(err, HS_USAGE, "hansa %s knows add and list, got %.*s", command->noun,
                   HS_STR_ARG(verb));
  if (hs_args_count(args) != (is_add ? 2 : 1))
    return hs_fail(err, HS_USAGE,
                   is_add ? "say its name: hansa %s add NAME" : "hansa %s list takes no name",
                   command->noun);
  enum hs_status status = hs_cli_open_programme(cli, args, &programme, err);
  if (status != HS_OK)
    return status;
  if (is_add)
    status = command->add(&programme, args, hs_args_at(args, 1), err);
  else
    status = list_rows(cli, args, &programme, command, err);
  hs_programme_close(&programme);
  if (status == HS_OK && is_add)
    hs_cli_printf(cli, "%s %.*s stands in the programme\n", command->noun,
                  HS_STR_ARG(hs_args_at(args, 1)));
  return status;
}
