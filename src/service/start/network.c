#include "service/start/network.h"

#include <stdio.h>

static enum hs_status fail_name(struct hs_str name, struct hs_err *err)
{
  char names[256] = "";
  size_t length = 0;
  for (const struct hs_network *network = hs_networks(); network->name != NULL; network++)
    length += (size_t)snprintf(names + length, sizeof names - length, "%s, ", network->name);
  return hs_fail(err, HS_USAGE, "--network must be %snone, got %.*s", names, HS_STR_ARG(name));
}

enum hs_status hs_network_choose(struct hs_str name, struct hs_str amounts,
                                 struct hs_intake_options *intake, struct hs_err *err)
{
  int is_of_kind = intake->kind == HS_EVENT_NETWORK_COMMISSION;
  if (!is_of_kind && (name.data != NULL || amounts.data != NULL))
    return hs_fail(err, HS_USAGE, "--%s goes with network_commissions, not with %s",
                   name.data != NULL ? "network" : "amounts", hs_event_spec(intake->kind)->name);
  if (amounts.data != NULL && !hs_amounts_parse(amounts, &intake->amounts))
    return hs_fail(err, HS_USAGE, "--amounts must be unit or minor, got %.*s", HS_STR_ARG(amounts));
  intake->finds_network = is_of_kind && name.data == NULL;
  if (name.data == NULL || hs_str_equal(name, HS_STR("none")))
    return HS_OK;
  intake->network = hs_network_named(name);
  return intake->network != NULL ? HS_OK : fail_name(name, err);
}
