#include <string.h>

#include "cli/asking.h"
#include "cli/commands.h"
#include "service/believe/tables.h"

static const struct {
  const char *name;
  enum hs_export_format format;
} FORMATS[] = {
    {"csv", HS_EXPORT_CSV}, {"ndjson", HS_EXPORT_NDJSON}, {"parquet", HS_EXPORT_PARQUET}};

static enum hs_status read_format(struct hs_str text, enum hs_export_format *out,
                                  struct hs_err *err)
{
  for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++)
    if (hs_str_equal(text, hs_str_of(FORMATS[i].name))) {
      *out = FORMATS[i].format;
      return HS_OK;
    }
  return hs_fail(err, HS_USAGE, "--format must be parquet, csv or ndjson, got %.*s",
                 HS_STR_ARG(text));
}

static enum hs_status check_table(struct hs_str name, struct hs_err *err)
{
  enum hs_event_kind kind;
  enum hs_table_kind table;
  if (hs_event_kind_parse(name, &kind) || hs_table_parse(name, &table) ||
      hs_str_equal(name, HS_STR("conflicts")))
    return HS_OK;
  return hs_fail(err, HS_USAGE, "there is no table %.*s; see: hansa export --help",
                 HS_STR_ARG(name));
}

/* A dash means standard input or output elsewhere, and a file of that name is never meant. */
static enum hs_status check_file(const char *path, struct hs_err *err)
{
  if (*path == '\0')
    return hs_fail(err, HS_USAGE, "say the name of the file to write");
  if (strcmp(path, "-") == 0)
    return hs_fail(err, HS_USAGE,
                   "an export goes to a file; for standard output there is: "
                   "hansa sql \"SELECT …\" --csv");
  return HS_OK;
}

static enum hs_status write_interruptibly(struct hs_programme *programme, struct hs_str name,
                                          const struct hs_side_table *side,
                                          enum hs_export_format format, const char *path,
                                          uint64_t *row_count, struct hs_err *err)
{
  struct hs_asking asking;
  struct hs_trail *trail = &programme->trail;
  enum hs_status status = hs_asking_begin(&asking, programme, err);
  if (status != HS_OK)
    return status;
  status = trail->export_table(trail->self, name.data, side, format, path, row_count, err);
  hs_asking_end(&asking);
  return status;
}

static enum hs_status write_table(struct hs_programme *programme, struct hs_str name,
                                  const char *path, enum hs_export_format format,
                                  uint64_t *row_count, struct hs_err *err)
{
  struct hs_tables tables = {0};
  struct hs_analysis_options options;
  enum hs_table_kind kind;
  int is_side = hs_table_parse(name, &kind);
  enum hs_status status = hs_tables_options(programme, &options, err);
  options.interrupt = hs_cli_interrupt_flag();
  if (status == HS_OK && is_side)
    status = hs_tables_make(programme, 1U << kind, &options, &tables, err);
  if (status == HS_OK)
    status = write_interruptibly(programme, name, is_side ? &tables.sides[kind] : NULL, format,
                                 path, row_count, err);
  hs_tables_release(&tables);
  return status;
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_programme programme = {.lock = -1};
  enum hs_export_format format = HS_EXPORT_CSV;
  uint64_t row_count = 0;
  struct hs_str name = hs_args_at(args, 0);
  const char *path = hs_args_at(args, 1).data;
  enum hs_status status = check_table(name, err);
  if (status == HS_OK)
    status = read_format(hs_args_text(args, "format"), &format, err);
  if (status == HS_OK)
    status = check_file(path, err);
  if (status == HS_OK)
    status = hs_cli_open_programme(cli, args, &programme, err);
  if (status == HS_OK)
    status = write_table(&programme, name, path, format, &row_count, err);
  hs_programme_close(&programme);
  if (status == HS_OK)
    hs_cli_printf(cli, "%llu %s of %.*s %s in %s\n", (unsigned long long)row_count,
                  hs_plural(row_count, "row", "rows"), HS_STR_ARG(name),
                  hs_plural(row_count, "stands", "stand"), path);
  return status;
}

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"format", HS_OPTION_TEXT, "FORMAT", "csv", 0, 0, "parquet, csv or ndjson"},
    {0},
};

const struct hs_command hs_cmd_export = {
    .name = "export",
    .synopsis = "TABLE FILE --data DIR [--format parquet|csv|ndjson]",
    .summary = "write touches, orders, credits or another table to a file",
    .details = "TABLE is one of those that hansa sql shows: touches, orders, refunds, leads, "
               "identities, series, costs,\n"
               "activity, paths, conflicts, parties, links, coupons, imports, settings, journeys, "
               "credits,\n"
               "order_credits. FILE must not exist. CSV is guarded against formulas.",
    .examples = "  hansa export credits credits.parquet --format parquet --data programme",
    .positional_min = 2,
    .positional_max = 2,
    .options = OPTIONS,
    .run = run,
};
