/* hansa simulate: a synthetic programme whose truth is known, as files. */
#include "cli/commands.h"
#include "service/demo/simulate.h"

static const struct hs_option OPTIONS[] = {
    {"seed", HS_OPTION_INTEGER, "N", "1", 0, 9007199254740991.0,
     "which world; the same seed gives the same bytes"},
    {"months", HS_OPTION_INTEGER, "M", "12", 1, HS_MARKET_MONTHS_MAX,
     "calendar months from January 2025 on"},
    {"people", HS_OPTION_INTEGER, "P", "100000", HS_MARKET_PEOPLE_MIN, HS_MARKET_PEOPLE_MAX,
     "persons in the world; 100000 make about 40,000 touches a month"},
    {"out", HS_OPTION_TEXT, "DIR", NULL, 0, 0, "where the files go; made when missing"},
    {NULL, HS_OPTION_FLAG, NULL, NULL, 0, 0, NULL},
};

static int step(void *context, const char *phase, uint64_t done, uint64_t total)
{
  struct hs_cli *cli = context;
  hs_cli_progress(cli, phase, total == 0 ? -1 : (double)done / (double)total, NULL);
  return hs_cli_interrupted();
}

/* The simulator counts in signed numbers. */
static const char *plural_of(int64_t count, const char *one, const char *many)
{
  return hs_plural((uint64_t)count, one, many);
}

static void answer(struct hs_cli *cli, const char *out, const struct hs_market_truth *truth)
{
  size_t partners = 0;
  while (partners < truth->partner_count && truth->partners[partners].partner[0] != 0)
    partners++;
  hs_cli_printf(cli,
                "%s: %zu %s, %lld %s (%lld by robots), %lld %s in %zu %s.\n"
                "Without its partners the programme would have had %lld %s.\n"
                "What each partner caused stands in %s/%s. All of it is synthetic.\n",
                out, partners, hs_plural(partners, "partner", "partners"),
                (long long)truth->touches, plural_of(truth->touches, "touch", "touches"),
                (long long)truth->robot_touches, (long long)truth->orders.orders,
                plural_of(truth->orders.orders, "order", "orders"), truth->month_count,
                hs_plural(truth->month_count, "month", "months"),
                (long long)truth->without_partners.orders,
                plural_of(truth->without_partners.orders, "order", "orders"), out,
                hs_market_file_name(HS_MARKET_TRUTH_PARTNERS));
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_str out = hs_args_text(args, "out");
  if (out.length == 0)
    return hs_fail(err, HS_USAGE, "--out DIR is missing: say where the files go");
  const struct hs_market_options options = {
      .seed = (uint64_t)hs_args_integer(args, "seed"),
      .months = (int32_t)hs_args_integer(args, "months"),
      .people = (int32_t)hs_args_integer(args, "people"),
  };
  struct hs_arena *arena = hs_cli_arena(cli);
  char *directory = hs_arena_copy(arena, out.data, out.length);
  if (directory == NULL)
    return hs_arena_full(arena, "the directory's name", err);
  const struct hs_market_watch watch = {cli, step};
  struct hs_market_truth truth;
  enum hs_status status =
      hs_simulate_to_directory(&options, hs_cli_io(cli), directory, &watch, arena, &truth, err);
  hs_cli_progress_end(cli);
  if (status == HS_OK)
    answer(cli, directory, &truth);
  return status;
}

const struct hs_command hs_cmd_simulate = {
    .name = "simulate",
    .synopsis = "--out DIR [--seed N] [--months M] [--people P]",
    .summary = "make a synthetic programme whose truth is known",
    .details = "Writes the files that hansa import takes, and beside them the truth: what each\n"
               "partner caused, by running every customer again without it. A directory that\n"
               "holds anything else is left alone. docs/reference/simulator.md describes every\n"
               "file and column.",
    .examples = "hansa simulate --seed 7 --months 12 --out world\n"
                "hansa import touches world/touches.csv --data programme",
    .options = OPTIONS,
    .run = run,
};
