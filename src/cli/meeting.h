/* What commands share that look where the two views meet in a programme. */
#ifndef HANSA_CLI_MEETING_H
#define HANSA_CLI_MEETING_H

#include "cli/cli.h"
#include "cli/figuring.h"
#include "service/believe/meeting.h"

/* The options that hs_cli_meeting reads. */
#define HS_OPTION_MEETING_MODEL                                                                    \
  {                                                                                                \
    "model", HS_OPTION_TEXT, "MODEL", "shapley", 0, 0,                                             \
        "with --data: what is tracked for it: shapley, last, or touched (every order it took "     \
        "part in)"                                                                                 \
  }
#define HS_OPTION_MEETING_LOOK_BACK                                                                \
  {                                                                                                \
    "look-back", HS_OPTION_INTEGER, "DAYS", "30", 1, 365,                                          \
        "with --data: how long before an order a touchpoint counts"                                \
  }
#define HS_OPTION_MEETING_WINDOW                                                                   \
  {                                                                                                \
    "window", HS_OPTION_INTEGER, "DAYS", "91", HS_MEETING_WINDOW_DAYS_MIN, 3660,                   \
        "with --data: how long from a start on is judged"                                          \
  }

/* An option that would change nothing is a misunderstanding: HS_USAGE when one of the names, count
   of them, is given although what (such as "--data") is not what it goes with. */
[[nodiscard]] enum hs_status hs_cli_without(const struct hs_args *args, const char *const *names,
                                            size_t count, const char *goes_with,
                                            struct hs_err *err);

/* The model, the look-back and the window of the options; everything else absent, and the interrupt
   that of the command. HS_USAGE for another model. */
[[nodiscard]] enum hs_status hs_cli_meeting(const struct hs_args *args,
                                            struct hs_meeting_options *out, struct hs_err *err);
/* --experiments: which are open to whoever asks. HS_USAGE for another name. */
[[nodiscard]] enum hs_status hs_cli_experiments(const struct hs_args *args,
                                                struct hs_halo_asking *a, struct hs_err *err);

#endif
