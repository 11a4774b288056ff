/* Runs a fuzz target without a fuzzer: once with no input at all, then over every file in the
   folders that are named. A folder that does not exist holds no seeds yet. */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

enum { INPUT_BYTES_MAX = 1 << 20 };

static int replay_file(const char *path, uint8_t *input)
{
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    (void)fprintf(stderr, "replay: cannot open %s: %s\n", path, strerror(errno));
    return -1;
  }
  size_t size = fread(input, 1, INPUT_BYTES_MAX, file);
  bool whole = feof(file) != 0 && ferror(file) == 0;
  (void)fclose(file);
  if (!whole) {
    (void)fprintf(stderr, "replay: %s cannot be read or is longer than %d bytes\n", path,
                  INPUT_BYTES_MAX);
    return -1;
  }
  /* A copy of exactly this size, so that the address sanitizer sees a read past the end. */
  uint8_t *exact = malloc(size > 0 ? size : 1);
  if (exact == NULL)
    return -1;
  memcpy(exact, input, size);
  (void)LLVMFuzzerTestOneInput(exact, size);
  free(exact);
  return 0;
}

static int replay_folder(const char *folder, uint8_t *input)
{
  DIR *dir = opendir(folder);
  if (dir == NULL)
    return errno == ENOENT ? 0 : -1;
  int failed = 0;
  for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
    if (entry->d_name[0] == '.')
      continue;
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (replay_file(path, input) != 0)
      failed = -1;
  }
  (void)closedir(dir);
  return failed;
}

int main(int argc, char **argv)
{
  uint8_t *input = calloc(1, INPUT_BYTES_MAX);
  if (input == NULL)
    return EXIT_FAILURE;
  (void)LLVMFuzzerTestOneInput(input, 0);
  int failed = 0;
  for (int i = 1; i < argc; i++)
    failed |= replay_folder(argv[i], input);
  free(input);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
