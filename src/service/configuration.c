#include "service/configuration.h"

const char *const hs_configuration_first =
    "# Settings of this machine. The programme's own settings stand in its book.\n"
    "version = 1\n"
    "# memory_mib = 1024      what the event store may use\n"
    "# threads = 0            0 is every core\n";

struct configuration {
  struct hs_store_limits limits;
  int has_version;
};

static enum hs_status read_line(struct configuration *configuration, int line, struct hs_str text,
                                struct hs_err *err)
{
  struct hs_str value = text;
  struct hs_str name = hs_str_trim(hs_str_cut(&value, '='));
  uint64_t number = 0;
  value = hs_str_trim(value);
  if (!hs_parse_u64(value, &number))
    return hs_fail(err, HS_INVALID, "line %d: %.*s must be a whole number, got '%.*s'", line,
                   HS_STR_ARG(name), HS_STR_ARG(value));
  if (hs_str_equal(name, HS_STR("version"))) {
    configuration->has_version = 1;
    if (number == 1)
      return HS_OK;
    return hs_fail(err, HS_UNSUPPORTED,
                   "line %d: a data directory of version %llu; this Hansa knows version 1", line,
                   (unsigned long long)number);
  }
  if (hs_str_equal(name, HS_STR("memory_mib")) && number >= 128 && number <= 1024 * 1024)
    configuration->limits.memory_bytes = number * HS_MIB;
  else if (hs_str_equal(name, HS_STR("threads")) && number <= 256)
    configuration->limits.threads = (unsigned)number;
  else
    return hs_fail(err, HS_INVALID,
                   "line %d: %.*s = %llu is not a setting; there are memory_mib (128 to 1048576) "
                   "and threads (0 to 256)",
                   line, HS_STR_ARG(name), (unsigned long long)number);
  return HS_OK;
}

enum hs_status hs_configuration_parse(struct hs_str text, struct hs_store_limits *out,
                                      struct hs_err *err)
{
  struct configuration configuration = {.limits = *out};
  enum hs_status status = HS_OK;
  for (int line = 1; status == HS_OK && text.data != NULL; line++) {
    struct hs_str content = hs_str_cut(&text, '\n');
    content = hs_str_trim(hs_str_cut(&content, '#'));
    if (content.length > 0)
      status = read_line(&configuration, line, content, err);
  }
  /* A file that lost its content would otherwise be a directory with every setting at its default.
   */
  if (status == HS_OK && !configuration.has_version)
    status = hs_fail(err, HS_INVALID,
                     "there is no line 'version = 1'; add it if this is a data "
                     "directory of Hansa");
  if (status == HS_OK)
    *out = configuration.limits;
  return status;
}
