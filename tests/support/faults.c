#include "support/faults.h"

#include <stdio.h>
#include <string.h>

void take_fault(void *context, const char *path, const char *words)
{
  struct faults_told *told = context;
  size_t length = strlen(told->all);
  (void)snprintf(told->all + length, sizeof told->all - length, "%s: %s\n", path, words);
}
