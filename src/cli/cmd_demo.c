/* hansa demo: a synthetic programme, its report, and the known truth beside it. */
#include <string.h>

#include "cli/commands.h"
#include "service/demo/demo.h"
#include "service/demo/demo_agreed.h"
#include "service/demo/demo_joint.h"

#define TEXT_BYTES_MAX (64 * HS_MIB)

static const struct hs_option OPTIONS[] = {
    HS_OPTION_DATA,
    {"seed", HS_OPTION_INTEGER, "N", "1", 0, 9007199254740991.0,
     "which world; the same seed gives the same figures"},
    {"months", HS_OPTION_INTEGER, "M", "12", 1, HS_MARKET_MONTHS_MAX,
     "calendar months from January 2025 on"},
    {0},
};

static void progress(void *context, const char *what, uint64_t done, uint64_t total)
{
  hs_cli_progress(context, what, total == 0 ? -1 : (double)done / (double)total, NULL);
}

/* As a shell reads it back: in single quotes unless every character is harmless. */
static struct hs_str shell_word(struct hs_arena *arena, const char *text)
{
  static const char HARMLESS[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:@%+";
  if (text[0] != '\0' && text[strspn(text, HARMLESS)] == '\0')
    return hs_str_of(text);
  struct hs_buf quoted = hs_buf_in(arena);
  hs_buf_add_char(&quoted, '\'');
  for (; *text != '\0'; text++)
    hs_buf_add_text(&quoted, *text == '\'' ? "'\\''" : (char[]){*text, '\0'});
  hs_buf_add_char(&quoted, '\'');
  return hs_buf_str(&quoted);
}

static void say_next(struct hs_cli *cli, const struct hs_args *args,
                     const struct hs_demo_unbalanced *unbalanced, struct hs_buf *out)
{
  struct hs_str dir = shell_word(hs_cli_arena(cli), hs_args_text(args, "data").data);
  struct hs_str hansa = shell_word(hs_cli_arena(cli), hs_cli_program(cli));
  hs_buf_add_text(out, "\nWhat to try next\n");
  hs_buf_printf(out, "  %.*s report --data %.*s --period 2025-Q1 --html q1.html\n",
                HS_STR_ARG(hansa), HS_STR_ARG(dir));
  hs_buf_printf(out,
                "  %.*s sql \"SELECT model, channel, orders FROM credits ORDER BY 1, 3 DESC\" "
                "--data %.*s\n",
                HS_STR_ARG(hansa), HS_STR_ARG(dir));
  hs_buf_printf(out, "  %.*s attribute --data %.*s --models last,markov,shapley\n",
                HS_STR_ARG(hansa), HS_STR_ARG(dir));
  hs_buf_printf(out, "  %.*s export journeys journeys.parquet --format parquet --data %.*s\n",
                HS_STR_ARG(hansa), HS_STR_ARG(dir));
  hs_buf_printf(out, "  %.*s ledger trial-balance --data %.*s\n", HS_STR_ARG(hansa),
                HS_STR_ARG(dir));
  hs_buf_printf(out, "  %.*s commission list --limit 5 --data %.*s\n", HS_STR_ARG(hansa),
                HS_STR_ARG(dir));
  if (unbalanced->agreement.data != NULL)
    hs_buf_printf(out, "  %.*s statement %.*s --period %.*s --html joint.html --data %.*s\n",
                  HS_STR_ARG(hansa), HS_STR_ARG(unbalanced->agreement),
                  HS_STR_ARG(unbalanced->period), HS_STR_ARG(dir));
  hs_buf_printf(out,
                "  %.*s init programme --currency EUR --time-zone Europe/Berlin\n"
                "  %.*s import touches YOUR.csv --data programme --dry-run\n",
                HS_STR_ARG(hansa), HS_STR_ARG(hansa));
}

static void say_unbalanced(const struct hs_demo_unbalanced *unbalanced, struct hs_buf *out)
{
  if (unbalanced->agreement.data != NULL)
    hs_buf_printf(out,
                  "\nJoint P&L\n  %.*s is out of balance since the end of %.*s: a renegotiation is "
                  "open\n",
                  HS_STR_ARG(unbalanced->agreement), HS_STR_ARG(unbalanced->period));
}

static void say_what_this_is(const struct hs_args *args, int was_complete, struct hs_buf *out)
{
  struct hs_str directory = hs_args_text(args, "data");
  hs_buf_printf(out,
                "Everything below is synthetic: partners, customers and sales come from a market "
                "simulator.\n"
                "%.*s %s; the simulator's files stand in %.*s/" HS_DEMO_FILES ".\n\n",
                HS_STR_ARG(directory),
                was_complete ? "held this demonstration already, nothing was added"
                             : "is now a programme like any other",
                HS_STR_ARG(directory));
}

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args, struct hs_demo *demo,
                           struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  struct hs_arena arena = {0};
  struct hs_demo_truth truth;
  struct hs_report_options options;
  struct hs_report report = {0};
  struct hs_demo_unbalanced unbalanced = {0};
  hs_programme_path(&demo->programme, HS_DEMO_FILES "/truth.json", path);
  enum hs_status status = hs_demo_truth_read(hs_cli_arena(cli), hs_cli_io(cli), path, &truth, err);
  if (status == HS_OK)
    status = hs_report_usual(&demo->programme, &options, err);
  if (status == HS_OK)
    status = hs_report_make(&demo->programme, &options, &report, err);
  if (status == HS_OK)
    status = hs_demo_find_unbalanced(&demo->programme, hs_cli_arena(cli), &unbalanced, err);
  if (status == HS_OK)
    status = hs_arena_init(&arena, TEXT_BYTES_MAX, err);
  if (status == HS_OK) {
    const struct hs_report_style style = {hs_cli_width(cli), hs_cli_has_colour(cli)};
    struct hs_buf text = hs_buf_in(&arena);
    say_what_this_is(args, demo->was_complete, &text);
    hs_report_text(&report, &style, &text);
    hs_demo_text(&report, &truth, &style, &text);
    status = hs_demo_owed_text(&demo->programme, &text, err);
    say_unbalanced(&unbalanced, &text);
    say_next(cli, args, &unbalanced, &text);
    if (status == HS_OK)
      status = hs_buf_status(&text, "the report", err);
    hs_cli_write(cli, hs_buf_str(&text));
  }
  hs_arena_release(&arena);
  hs_report_release(&report);
  return status;
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_demo demo = {.programme = {.lock = -1}};
  const struct hs_demo_watch watch = {cli, progress, hs_cli_interrupt_flag()};
  const struct hs_demo_options options = {.directory = hs_args_text(args, "data").data,
                                          .seed = (uint64_t)hs_args_integer(args, "seed"),
                                          .months = (int32_t)hs_args_integer(args, "months")};
  if (options.directory == NULL)
    return hs_fail(err, HS_USAGE, "say where the programme is to stand: --data DIR");
  enum hs_status status =
      hs_demo_open(hs_cli_wiring(cli), hs_cli_arena(cli), &options, &watch, &demo, err);
  if (status != HS_OK)
    return status;
  progress(cli, "working out attributed revenue", 0, 0);
  status = show(cli, args, &demo, err);
  hs_programme_close(&demo.programme);
  return status;
}

const struct hs_command hs_cmd_demo = {
    .name = "demo",
    .synopsis = "--data DIR [--seed N] [--months M]",
    .summary = "make a synthetic programme, report on it, and show the truth beside it",
    .details =
        "Simulates a market, imports it like anybody's files, and prints the report with what "
        "really\n"
        "would not have been sold without each partner. DIR must be empty or missing, or hold the "
        "same\n"
        "demonstration: then it is completed if it was interrupted, and shown again. Everything is "
        "synthetic.",
    .examples = "  hansa demo --data demo\n"
                "  hansa demo --data other --seed 7 --months 3",
    .options = OPTIONS,
    .run = run,
};
