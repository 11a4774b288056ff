#include "intake/format.h"

#include <string.h>

static const char *const FORMAT_NAMES[] = {
    [HS_INTAKE_FORMAT_GUESS] = "guess",
    [HS_INTAKE_FORMAT_CSV] = "csv",
    [HS_INTAKE_FORMAT_NDJSON] = "ndjson",
    [HS_INTAKE_FORMAT_PARQUET] = "parquet",
};

const char *hs_intake_format_name(enum hs_intake_format format) { return FORMAT_NAMES[format]; }

int hs_intake_format_parse(struct hs_str name, enum hs_intake_format *out)
{
  for (size_t i = HS_INTAKE_FORMAT_CSV; i <= HS_INTAKE_FORMAT_PARQUET; i++)
    if (hs_str_equal(name, hs_str_of(FORMAT_NAMES[i]))) {
      *out = (enum hs_intake_format)i;
      return 1;
    }
  return 0;
}

int hs_intake_time_parse(struct hs_str name, enum hs_intake_time *out)
{
  static const char *const NAMES[] = {[HS_INTAKE_TIME_RFC3339] = "rfc3339",
                                      [HS_INTAKE_TIME_UNIX] = "unix",
                                      [HS_INTAKE_TIME_UNIX_MS] = "unix_ms",
                                      [HS_INTAKE_TIME_DMY] = "dmy",
                                      [HS_INTAKE_TIME_MDY] = "mdy"};
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
    if (hs_str_equal(name, hs_str_of(NAMES[i]))) {
      *out = (enum hs_intake_time)i;
      return 1;
    }
  return 0;
}

int hs_amounts_parse(struct hs_str name, enum hs_amounts *out)
{
  int is_unit = hs_str_equal(name, HS_STR("unit"));
  if (!is_unit && !hs_str_equal(name, HS_STR("minor")))
    return 0;
  *out = is_unit ? HS_AMOUNTS_UNIT : HS_AMOUNTS_MINOR;
  return 1;
}

struct reason_text {
  const char *code, *words;
};
static const struct reason_text REASONS[] = {
#define REASON_TEXT(symbol, code, words) [symbol] = {code, words},
    HS_INTAKE_REASON_TABLE(REASON_TEXT)
#undef REASON_TEXT
};

const char *hs_intake_reason_code(enum hs_intake_reason reason) { return REASONS[reason].code; }
const char *hs_intake_reason_words(enum hs_intake_reason reason) { return REASONS[reason].words; }

static int begins_with(struct hs_str s, struct hs_str prefix)
{
  return s.length >= prefix.length && memcmp(s.data, prefix.data, prefix.length) == 0;
}

/* Whether the path, or what stands before its ".gz", ends so. */
static int has_extension(const char *path, struct hs_str extension)
{
  struct hs_str s = hs_str_of(path);
  const struct hs_str gz = HS_STR(".gz");
  if (s.length > gz.length &&
      hs_str_equal_ascii_fold((struct hs_str){s.data + s.length - gz.length, gz.length}, gz))
    s.length -= gz.length;
  return s.length > extension.length &&
         hs_str_equal_ascii_fold(
             (struct hs_str){s.data + s.length - extension.length, extension.length}, extension);
}

char hs_format_delimiter(const char *path)
{
  return has_extension(path, HS_STR(".tsv")) ? '\t' : ',';
}

struct foreign {
  struct hs_str begin;
  const char *words;
};
static const struct foreign FOREIGN[] = {
    {{"\xFF\xFE", 2}, "is UTF-16; save it as UTF-8"},
    {{"\xFE\xFF", 2}, "is UTF-16; save it as UTF-8"},
    {{"PK\x03\x04", 4}, "is a ZIP file or a spreadsheet; save the sheet as CSV"},
    {{"\xD0\xCF\x11\xE0", 4}, "is a spreadsheet; save the sheet as CSV"},
    {{"\x28\xB5\x2F\xFD", 4}, "is packed with zstd; unpack it or use gzip"},
    {{"[", 1}, "is a JSON array; write one object a line (NDJSON)"},
};

enum hs_status hs_format_guess(const char *path, struct hs_str begin, enum hs_intake_format *out,
                               struct hs_err *err)
{
  struct hs_str text = hs_str_trim(begin);
  if (text.length == 0)
    return hs_fail(err, HS_INVALID, "%s is empty; a header row or a JSON object is expected", path);
  for (size_t i = 0; i < sizeof FOREIGN / sizeof *FOREIGN; i++)
    if (begins_with(text, FOREIGN[i].begin))
      return hs_fail(err, HS_INVALID, "%s %s", path, FOREIGN[i].words);
  int is_ndjson_by_name =
      has_extension(path, HS_STR(".ndjson")) || has_extension(path, HS_STR(".jsonl"));
  *out = begins_with(begin, HS_STR("PAR1"))         ? HS_INTAKE_FORMAT_PARQUET
         : text.data[0] == '{' || is_ndjson_by_name ? HS_INTAKE_FORMAT_NDJSON
                                                    : HS_INTAKE_FORMAT_CSV;
  return HS_OK;
}
