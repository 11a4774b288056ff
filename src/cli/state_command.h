/* What `hansa partner`, `hansa link` and `hansa coupon` have in common: add one, or list them all.
 */
#ifndef HANSA_CLI_STATE_COMMAND_H
#define HANSA_CLI_STATE_COMMAND_H

#include "cli/result.h"
#include "service/track/state.h"

struct hs_state_command {
  const char *noun; /* "partner" */
  size_t column_count;
  const char *const *columns;
  /* Adds what the arguments say; name is the second positional argument. */
  enum hs_status (*add)(struct hs_programme *programme, const struct hs_args *args,
                        struct hs_str name, struct hs_err *err);
  /* Gives every row to the sink, column_count values each. */
  enum hs_status (*list)(struct hs_programme *programme, const struct hs_result_sink *sink,
                         struct hs_err *err);
};

/* `add NAME` or `list` against the programme of --data. */
[[nodiscard]] enum hs_status hs_state_command_run(struct hs_cli *cli, const struct hs_args *args,
                                                  const struct hs_state_command *command,
                                                  struct hs_err *err);

/* The rows of the option table that all of them have. */
#define HS_STATE_COMMAND_OPTIONS                                                                   \
  HS_OPTION_DATA, {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "list as JSON"},                      \
  {                                                                                                \
    "csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "list as CSV"                                         \
  }

#endif
