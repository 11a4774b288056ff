#include "cli/joint_programme.h"

#include "cli/form.h"
#include "cli/result.h"
#include "service/joint/joint_decide.h"
#include "service/joint/statement_file.h"

enum hs_status hs_joint_show(struct hs_cli *cli, const struct hs_args *args,
                             const struct hs_statement *statement, struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  enum hs_form form = HS_FORM_TEXT;
  enum hs_status status = hs_form_read(args, &form, err);
  if (status != HS_OK)
    return status;
  if (form == HS_FORM_JSON)
    hs_statement_json(statement, &out);
  else if (form == HS_FORM_CSV)
    hs_statement_csv(statement, &out);
  else if (form == HS_FORM_HTML)
    hs_statement_html(statement, &out);
  else
    hs_statement_text(statement, (size_t)hs_cli_width(cli), &out);
  return hs_form_print(cli, args, form, &out, "the joint P&L", err);
}

/* ---- what is asked ---- */

static enum hs_status read_acting(const struct hs_args *args, struct hs_joint_acting *out,
                                  struct hs_err *err)
{
  *out = (struct hs_joint_acting){.agreement = hs_args_at(args, 1),
                                  .period = hs_args_text(args, "period"),
                                  .side = hs_args_text(args, "side"),
                                  .by = hs_args_text(args, "by")};
  return out->period.data != NULL ? HS_OK
                                  : hs_fail(err, HS_USAGE, "say which month: --period 2026-09");
}

/* The same of who writes. */
static enum hs_status read_writer(const struct hs_args *args, struct hs_joint_acting *out,
                                  struct hs_err *err)
{
  enum hs_status status = read_acting(args, out, err);
  if (status == HS_OK && out->side.data == NULL)
    return hs_fail(err, HS_USAGE, "say for which side: --side NAME");
  if (status == HS_OK && out->by.data == NULL)
    return hs_fail(err, HS_USAGE, "say who decides it: --by NAME");
  return status;
}

/* ---- add, confirm ---- */

static enum hs_status add(struct hs_cli *cli, const struct hs_args *args,
                          struct hs_programme *programme, struct hs_err *err)
{
  struct hs_cli_telling telling = {.cli = cli};
  struct hs_joint_acting acting;
  struct hs_str document = {0};
  const char *path = hs_args_at(args, 2).data;
  size_t count = 0;
  enum hs_status status = read_writer(args, &acting, err);
  if (status == HS_OK)
    status = hs_io_read_file(hs_cli_io(cli), hs_cli_arena(cli), path, HS_SHEET_BYTES_MAX, &document,
                             err);
  if (status != HS_OK)
    return status;
  status = hs_joint_add(programme, &acting, document, hs_cli_arena(cli), &count, hs_cli_tell_fault,
                        &telling, err);
  hs_cli_tell_rest(&telling);
  if (status == HS_INVALID && telling.count > 0)
    hs_err_prefix(err, "%s", path);
  if (status == HS_OK)
    hs_cli_printf(cli, "%zu %s of %.*s in the joint P&L of %.*s\n", count,
                  hs_plural(count, "line stands", "lines stand"), HS_STR_ARG(acting.period),
                  HS_STR_ARG(acting.agreement));
  return status;
}

#define NAMES_MAX 1000

static enum hs_status confirm(struct hs_cli *cli, const struct hs_args *args,
                              struct hs_programme *programme, struct hs_err *err)
{
  struct hs_joint_acting acting;
  struct hs_str *names = hs_arena_alloc(hs_cli_arena(cli), NAMES_MAX, sizeof *names);
  size_t name_count = 0;
  size_t index = 0;
  size_t count = 0;
  enum hs_status status = read_writer(args, &acting, err);
  if (names == NULL)
    return hs_arena_full(hs_cli_arena(cli), "the names of lines", err);
  while (status == HS_OK && name_count < NAMES_MAX &&
         hs_args_next(args, "line", &index, &names[name_count]))
    name_count++;
  if (status == HS_OK)
    status =
        hs_joint_confirm(programme, &acting, names, name_count, hs_cli_arena(cli), &count, err);
  if (status == HS_OK)
    hs_cli_printf(cli, "%.*s stands by %zu more %s of %.*s\n", HS_STR_ARG(acting.side), count,
                  hs_plural(count, "line", "lines"), HS_STR_ARG(acting.period));
  return status;
}

/* ---- list ---- */

static const char *const COLUMNS[] = {"at",     "decided_by", "entry",   "state",
                                      "side",   "what",       "kind",    "to",
                                      "amount", "currency",   "private", "stands_by_it"};

static enum hs_status print_line(const struct hs_result_sink *sink,
                                 const struct hs_joint_entry *entry, struct hs_err *err)
{
  const struct hs_sheet_line_row *line = entry->line;
  char at[HS_TIME_TEXT];
  char amount[HS_MONEY_TEXT];
  hs_format_time(line->at_us, at);
  hs_money_format_number((struct hs_money){line->amount_minor, line->currency}, amount);
  struct hs_str values[] = {hs_str_of(at),
                            line->decided_by,
                            HS_STR("line"),
                            hs_str_of(entry->state),
                            line->side,
                            line->what,
                            line->kind,
                            line->earned_by,
                            hs_str_of(amount),
                            hs_str_of(line->currency.code),
                            line->is_private ? HS_STR("private") : HS_STR("shared"),
                            line->added_by};
  return sink->row(sink->self, values, err);
}

static enum hs_status print_entry(void *context, const struct hs_joint_entry *entry,
                                  struct hs_err *err)
{
  const struct hs_result_sink *sink = context;
  const struct hs_sheet_confirmation_row *row = entry->confirmation;
  char at[HS_TIME_TEXT];
  char amount[HS_MONEY_TEXT];
  if (entry->line != NULL)
    return print_line(sink, entry, err);
  hs_format_time(row->at_us, at);
  hs_money_format_number((struct hs_money){row->amount_minor, entry->currency}, amount);
  struct hs_str none = {0};
  struct hs_str values[] = {hs_str_of(at),
                            row->decided_by,
                            HS_STR("confirmation"),
                            none,
                            row->side,
                            row->what,
                            none,
                            none,
                            hs_str_of(amount),
                            hs_str_of(entry->currency.code),
                            HS_STR("shared"),
                            row->confirmed_by};
  return sink->row(sink->self, values, err);
}

static enum hs_status list(struct hs_cli *cli, const struct hs_args *args,
                           struct hs_programme *programme, struct hs_err *err)
{
  struct hs_joint_acting acting;
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  enum hs_status status = read_acting(args, &acting, err);
  if (status != HS_OK)
    return status;
  status = hs_result_texts_begin(cli, args, sizeof COLUMNS / sizeof *COLUMNS, COLUMNS, &sink,
                                 &printer, err);
  if (status == HS_OK)
    status = hs_joint_list(programme, &acting, hs_cli_arena(cli), print_entry, &sink, err);
  return hs_result_texts_end(printer, status, err);
}

/* ---- the verbs ---- */

static const struct {
  const char *name;
  size_t names;     /* that follow the verb */
  const char *says; /* what they are */
  enum hs_status (*run)(struct hs_cli *cli, const struct hs_args *args,
                        struct hs_programme *programme, struct hs_err *err);
} VERBS[] = {{"add", 2, "an agreement and a file", add},
             {"confirm", 1, "an agreement", confirm},
             {"list", 1, "an agreement", list}};

enum hs_status hs_joint_programme_run(struct hs_cli *cli, const struct hs_args *args,
                                      struct hs_err *err)
{
  struct hs_str verb = hs_args_at(args, 0);
  struct hs_programme programme = {.lock = -1};
  for (size_t v = 0; v < sizeof VERBS / sizeof *VERBS; v++) {
    if (hs_args_count(args) == 0 || !hs_str_equal(verb, hs_str_of(VERBS[v].name)))
      continue;
    if (hs_args_count(args) != VERBS[v].names + 1)
      return hs_fail(err, HS_USAGE, "joint %s takes %s, got %zu", VERBS[v].name, VERBS[v].says,
                     hs_args_count(args) - 1);
    enum hs_status status = hs_cli_open_ledger(cli, args, &programme, err);
    if (status == HS_OK)
      status = VERBS[v].run(cli, args, &programme, err);
    hs_programme_close(&programme);
    return status;
  }
  return hs_fail(err, HS_USAGE,
                 "with --data joint can add, confirm and list, not \"%.*s\"; the joint P&L of an "
                 "agreement itself is hansa statement",
                 HS_STR_ARG(verb));
}
