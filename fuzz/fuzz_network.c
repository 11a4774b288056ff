/* Any bytes as an export of any network, or of one that the header has to tell. */
#include "fuzz.h"
#include "intake/network.h"
#include "intake_promise.h"

/* The first byte: which network (the low four bits; one beyond the last finds it out), how moments
   are written (two bits), how amounts are (one). What an export leaves open is said, so that the
   rows are reached. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  static const enum hs_intake_time TIMES[] = {HS_INTAKE_TIME_RFC3339, HS_INTAKE_TIME_UNIX_MS,
                                              HS_INTAKE_TIME_DMY, HS_INTAKE_TIME_MDY};
  const struct hs_network *network = hs_networks();
  for (int i = data[0] & 15; i > 0 && network->name != NULL; i--)
    network++;
  struct hs_intake_options options = {.kind = HS_EVENT_NETWORK_COMMISSION,
                                      .format = HS_INTAKE_FORMAT_GUESS,
                                      .time = TIMES[(data[0] >> 4) & 3],
                                      .zone = hs_zone_utc(),
                                      .currency = {"EUR"},
                                      .network = network->name != NULL ? network : NULL,
                                      .finds_network = 1,
                                      .amounts = data[0] & 64 ? HS_AMOUNTS_MINOR : HS_AMOUNTS_UNIT};
  promise_file(data, size, options);
  return 0;
}
