#include "cli/meeting.h"

enum hs_status hs_cli_meeting(const struct hs_args *args, struct hs_meeting_options *out,
                              struct hs_err *err)
{
  struct hs_str model = hs_args_text(args, "model");
  *out = (struct hs_meeting_options){.look_back_us = hs_args_integer(args, "look-back") * HS_DAY_US,
                                     .window_days = (size_t)hs_args_integer(args, "window"),
                                     .interrupt = hs_cli_interrupt_flag()};
  if (!hs_meeting_model_parse(model, &out->model))
    return hs_fail(err, HS_USAGE, "--model must be shapley, last or touched, got '%.*s'",
                   HS_STR_ARG(model));
  return HS_OK;
}

enum hs_status hs_cli_without(const struct hs_args *args, const char *const *names, size_t count,
                              const char *goes_with, struct hs_err *err)
{
  for (size_t i = 0; i < count; i++)
    if (hs_args_has(args, names[i]))
      return hs_fail(err, HS_USAGE, "--%s goes with %s", names[i], goes_with);
  return HS_OK;
}

enum hs_status hs_cli_experiments(const struct hs_args *args, struct hs_halo_asking *a,
                                  struct hs_err *err)
{
  struct hs_str names = hs_args_text(args, "experiments");
  while (names.data != NULL) {
    struct hs_str name = hs_str_trim(hs_str_cut(&names, ','));
    if (hs_str_equal(name, HS_STR("switchback")))
      a->can_switch = 1;
    else if (hs_str_equal(name, HS_STR("regions")))
      a->can_withhold_regions = 1;
    else if (!hs_str_equal(name, HS_STR("none")))
      return hs_fail(err, HS_USAGE, "--experiments must be switchback, regions or none, got '%.*s'",
                     HS_STR_ARG(name));
  }
  return HS_OK;
}
