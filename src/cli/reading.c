#include "cli/reading.h"

static enum hs_status read_map(const struct hs_args *args, struct hs_intake_options *intake,
                               struct hs_reading_map *map, struct hs_err *err)
{
  size_t index = 0;
  struct hs_str field;
  while (hs_args_next(args, "map", &index, &field)) {
    struct hs_str column = hs_str_cut(&field, '=');
    if (field.data == NULL || column.length == 0 || field.length == 0)
      return hs_fail(err, HS_USAGE, "--map is written column=field, got %.*s", HS_STR_ARG(column));
    if (intake->map_count == sizeof map->items / sizeof *map->items)
      return hs_fail(err, HS_USAGE, "more than %zu times --map", intake->map_count);
    map->items[intake->map_count++] = (struct hs_intake_map){column, field};
  }
  intake->map = map->items;
  return HS_OK;
}

static enum hs_status read_words(const struct hs_args *args, struct hs_intake_options *intake,
                                 struct hs_err *err)
{
  struct hs_str format = hs_args_text(args, "format");
  struct hs_str currency = hs_args_text(args, "currency");
  struct hs_str time = hs_args_text(args, "time-format");
  if (format.data != NULL && !hs_intake_format_parse(format, &intake->format))
    return hs_fail(err, HS_USAGE, "--format must be csv, ndjson or parquet, got %.*s",
                   HS_STR_ARG(format));
  if (!hs_intake_time_parse(time, &intake->time))
    return hs_fail(err, HS_USAGE,
                   "--time-format must be rfc3339, unix, unix_ms, dmy or mdy, got %.*s",
                   HS_STR_ARG(time));
  if (currency.data != NULL && !hs_currency_parse(currency, &intake->currency))
    return hs_fail(err, HS_USAGE, "--currency: %.*s is no currency of ISO 4217",
                   HS_STR_ARG(currency));
  return hs_args_delimiter(args, &intake->delimiter, err);
}

enum hs_status hs_args_reading(struct hs_cli *cli, const struct hs_args *args,
                               struct hs_intake_options *intake, struct hs_reading_map *map,
                               struct hs_err *err)
{
  struct hs_str zone = hs_args_text(args, "time-zone");
  enum hs_status status = read_words(args, intake, err);
  if (status == HS_OK)
    status = hs_network_choose(hs_args_text(args, "network"), hs_args_text(args, "amounts"), intake,
                               err);
  if (status == HS_OK && zone.data != NULL)
    status = hs_zone_open(hs_cli_arena(cli), hs_cli_io(cli), zone, &intake->zone, err);
  return status == HS_OK ? read_map(args, intake, map, err) : status;
}
