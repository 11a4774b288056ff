/* Any bytes as a CSV file of any kind. */
#include "fuzz.h"
#include "intake_promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  promise_all(data, size, HS_INTAKE_FORMAT_CSV);
  return 0;
}
