#include "support/shared_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int shared_data_find(const char *file, const char *test, char path[4096])
{
  const char *folder = getenv("HANSA_DATA");
  const char *ci = getenv("CI");
  (void)snprintf(path, 4096, "%s/%s", folder != NULL ? folder : HANSA_SOURCE_DIR "/../shared/data",
                 file);
  if (access(path, R_OK) == 0)
    return 1;
  if (ci != NULL && strcmp(ci, "true") == 0)
    fail_msg("%s needs %s, which is missing", test, path);
  (void)fprintf(stderr, "NOT RUN: %s, because %s is missing (set HANSA_DATA)\n", test, path);
  return 0;
}
