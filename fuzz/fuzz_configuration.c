/* hansa.conf of any bytes: what is taken obeys the limits, what is refused says why and changes
   nothing. */
#include "fuzz.h"
#include "service/configuration.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct hs_store_limits limits = {.threads = 3};
  struct hs_err err = {0};
  enum hs_status status =
      hs_configuration_parse((struct hs_str){(const char *)data, size}, &limits, &err);
  HS_ASSERT(status == HS_OK || status == HS_INVALID || status == HS_UNSUPPORTED);
  if (status != HS_OK) {
    HS_ASSERT(limits.threads == 3 && limits.memory_bytes == 0 && err.text[0] != '\0');
    return 0;
  }
  HS_ASSERT(limits.threads <= 256);
  HS_ASSERT(limits.memory_bytes == 0 ||
            (limits.memory_bytes >= 128 * HS_MIB && limits.memory_bytes <= 1024 * HS_GIB));
  return 0;
}
