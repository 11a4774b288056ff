#include "cli/figuring.h"

enum hs_status hs_figuring_names(struct hs_cli *cli, const struct hs_args *args, const char *option,
                                 struct hs_str **out, size_t *count, struct hs_err *err)
{
  struct hs_str names = hs_args_text(args, option);
  *count = 0;
  *out = hs_arena_alloc(hs_cli_arena(cli), names.length + 1, sizeof **out);
  if (*out == NULL)
    return hs_arena_full(hs_cli_arena(cli), "names of columns", err);
  while (names.data != NULL) {
    struct hs_str name = hs_str_trim(hs_str_cut(&names, ','));
    if (name.length == 0)
      return hs_fail(err, HS_USAGE, "--%s has an empty name", option);
    (*out)[(*count)++] = name;
  }
  return HS_OK;
}

enum hs_status hs_figuring_source(const struct hs_args *args, size_t file_at, struct hs_err *err)
{
  int is_programme = hs_args_has(args, "data");
  if ((hs_args_count(args) > file_at) == is_programme)
    return hs_fail(err, HS_USAGE, "say either a FILE or a programme: --data DIR");
  if (is_programme && (hs_args_has(args, "date") || hs_args_has(args, "delimiter")))
    return hs_fail(err, HS_USAGE, "--date and --delimiter go with a file, not with --data");
  return HS_OK;
}

uint32_t hs_figuring_season(const struct hs_args *args)
{
  return hs_args_has(args, "season") ? (uint32_t)hs_args_integer(args, "season") : HS_SEASON_UNSAID;
}

struct hs_halo_period hs_figuring_period(struct hs_str text)
{
  for (size_t i = 0; i + 1 < text.length; i++)
    if (text.data[i] == '.' && text.data[i + 1] == '.')
      return (struct hs_halo_period){{text.data, i}, {text.data + i + 2, text.length - i - 2}};
  return (struct hs_halo_period){text, text};
}

static int parse_number(struct hs_str text, int32_t *out)
{
  int64_t number = 0;
  if (!hs_parse_i64(text, &number) || number < INT32_MIN || number > INT32_MAX)
    return 0;
  *out = (int32_t)number;
  return 1;
}

/* "promotion=2026-03-01..2026-03-07"; one day stands for itself. */
static enum hs_status read_event(struct hs_str text, int with_numbers,
                                 struct hs_declared_event *out, struct hs_err *err)
{
  struct hs_str rest = text;
  struct hs_str kind = hs_str_cut(&rest, '=');
  struct hs_halo_period days = hs_figuring_period(rest);
  out->is_number = with_numbers && parse_number(days.first, &out->first_day) &&
                   parse_number(days.last, &out->last_day);
  int is_read = out->is_number || (hs_parse_day(days.first, &out->first_day) &&
                                   hs_parse_day(days.last, &out->last_day));
  if (!hs_declared_kind_parse(kind, &out->kind) || !is_read || out->last_day < out->first_day)
    return hs_fail(err, HS_USAGE,
                   "--event must be promotion, price, consent, partner or other, = and a day or "
                   "DAY..DAY, got '%.*s'",
                   HS_STR_ARG(text));
  return HS_OK;
}

static enum hs_status read_events(struct hs_cli *cli, const struct hs_args *args, int with_numbers,
                                  const struct hs_declared_event **out, size_t *count,
                                  struct hs_err *err)
{
  struct hs_str text;
  size_t n = 0;
  for (size_t i = 0; hs_args_next(args, "event", &i, &text);)
    n++;
  struct hs_declared_event *events = hs_arena_alloc(hs_cli_arena(cli), n, sizeof *events);
  if (events == NULL)
    return hs_arena_full(hs_cli_arena(cli), "declared events", err);
  *count = 0;
  for (size_t i = 0; hs_args_next(args, "event", &i, &text);) {
    enum hs_status status = read_event(text, with_numbers, &events[(*count)++], err);
    if (status != HS_OK)
      return status;
  }
  *out = events;
  return HS_OK;
}

enum hs_status hs_figuring_events(struct hs_cli *cli, const struct hs_args *args,
                                  const struct hs_declared_event **out, size_t *count,
                                  struct hs_err *err)
{
  return read_events(cli, args, 0, out, count, err);
}

enum hs_status hs_figuring_events_of_rows(struct hs_cli *cli, const struct hs_args *args,
                                          const struct hs_declared_event **out, size_t *count,
                                          struct hs_err *err)
{
  return read_events(cli, args, 1, out, count, err);
}
