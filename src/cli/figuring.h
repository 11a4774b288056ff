/* What commands on files of figures share: names with commas, periods, declared events. */
#ifndef HANSA_CLI_FIGURING_H
#define HANSA_CLI_FIGURING_H

#include "cli/cli.h"
#include "service/believe/halo.h"
#include "service/believe/season.h"

/* "a,b" of an option; none when it is absent. HS_USAGE for an empty name. */
[[nodiscard]] enum hs_status hs_figuring_names(struct hs_cli *cli, const struct hs_args *args,
                                               const char *option, struct hs_str **out,
                                               size_t *count, struct hs_err *err);
/* "A..B", or "A" for both. */
struct hs_halo_period hs_figuring_period(struct hs_str text);
/* Every --event KIND=DAY..DAY. HS_USAGE names the text. */
[[nodiscard]] enum hs_status hs_figuring_events(struct hs_cli *cli, const struct hs_args *args,
                                                const struct hs_declared_event **out, size_t *count,
                                                struct hs_err *err);
/* The same where rows may be counted by numbers: KIND=71..73 too. */
[[nodiscard]] enum hs_status hs_figuring_events_of_rows(struct hs_cli *cli,
                                                        const struct hs_args *args,
                                                        const struct hs_declared_event **out,
                                                        size_t *count, struct hs_err *err);
/* A file stands as the positional argument at that place, or --data names a programme: HS_USAGE
   unless it is one of both, and for what a programme has no use for (--date, --delimiter). */
[[nodiscard]] enum hs_status hs_figuring_source(const struct hs_args *args, size_t file_at,
                                                struct hs_err *err);
/* What --season says, or HS_SEASON_UNSAID. */
[[nodiscard]] uint32_t hs_figuring_season(const struct hs_args *args);

/* Options that mean the same wherever a series is read: docs/reference/options.md. */
#define HS_OPTION_DATE(what)                                                                       \
  {                                                                                                \
    "date", HS_OPTION_TEXT, "COL", "date", 0, 0, "column of " what                                 \
  }
#define HS_OPTION_SEASON                                                                           \
  {                                                                                                \
    "season", HS_OPTION_INTEGER, "ROWS", NULL, 0, HS_INFLUENCE_SEASON_MAX,                         \
        "rows in a season, 0 for none; without it 7 for rows a day apart, and none for others"     \
  }
#define HS_OPTION_EVENT(when)                                                                      \
  {                                                                                                \
    "event", HS_OPTION_LIST, "KIND=DAY..DAY", NULL, 0, 0,                                          \
        when "promotion, price, consent, partner or other; may be repeated"                        \
  }

#endif
