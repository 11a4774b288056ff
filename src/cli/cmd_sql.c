#include "cli/asking.h"
#include "cli/commands.h"
#include "cli/result.h"
#include "service/believe/tables.h"

static enum hs_status query(struct hs_programme *programme, struct hs_str select,
                            const struct hs_tables *tables, const struct hs_result_sink *sink,
                            struct hs_err *err)
{
  struct hs_asking asking;
  struct hs_trail *trail = &programme->trail;
  enum hs_status status = hs_asking_begin(&asking, programme, err);
  if (status != HS_OK)
    return status;
  status = trail->query(trail->self, select, tables->sides, HS_TABLE_COUNT, sink, err);
  hs_asking_end(&asking);
  return status;
}

static enum hs_status ask(struct hs_cli *cli, struct hs_programme *programme, struct hs_str select,
                          enum hs_result_form form, struct hs_err *err)
{
  struct hs_tables tables = {0};
  struct hs_analysis_options options;
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  enum hs_status status = hs_tables_options(programme, &options, err);
  options.interrupt = hs_cli_interrupt_flag();
  if (status == HS_OK)
    status = hs_tables_make(programme, hs_tables_named_in(select), &options, &tables, err);
  if (status == HS_OK)
    status = hs_result_printer_begin(cli, form, &sink, &printer, err);
  if (status == HS_OK)
    status = query(programme, select, &tables, &sink, err);
  if (status == HS_OK)
    status = hs_result_printer_end(printer, err);
  hs_tables_release(&tables);
  return status;
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  enum hs_result_form form = HS_RESULT_TABLE;
  enum hs_status status = hs_result_form_of(args, &form, err);
  if (status == HS_OK)
    status = hs_cli_open_programme(cli, args, &programme, err);
  if (status == HS_OK)
    status = ask(cli, &programme, hs_args_at(args, 0), form, err);
  hs_programme_close(&programme);
  return status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "one array of objects"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "CSV with a header row"},
    {0},
};

const struct hs_command hs_cmd_sql = {
    .name = "sql",
    .synopsis = "\"SELECT …\" --data DIR [--json|--csv]",
    .summary = "ask the programme one question in SQL",
    .details = "One SELECT over touches, orders, refunds, leads, identities, series, costs, "
               "activity, paths and conflicts,\n"
               "with parties, links, coupons, imports, settings, journeys, credits and "
               "order_credits beside them. Nothing\n"
               "can be written, and no file, extension or setting is reached. Columns: "
               "docs/reference/sql.md.",
    .examples = "  hansa sql \"SHOW TABLES\" --data programme\n"
                "  hansa sql \"SELECT partner, count(*) FROM touches GROUP BY 1 ORDER BY 2 DESC\" "
                "--data programme",
    .positional_min = 1,
    .positional_max = 1,
    .options = OPTIONS,
    .run = run,
};
