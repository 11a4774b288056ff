/* Any bytes as an NDJSON file of any kind. */
#include "fuzz.h"
#include "intake_promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  promise_all(data, size, HS_INTAKE_FORMAT_NDJSON);
  return 0;
}
