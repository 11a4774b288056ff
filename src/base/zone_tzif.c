/* Reads compiled time zones: TZif of versions 1 to 4 (RFC 8536, RFC 9636). Of a file of version 2
   and later the second block counts, whose times have 64 bits, and the footer, a rule in the form
   of POSIX's TZ variable. Abbreviations and the standard/UT indicators are of no use here. */
#include "base/zone_priv.h"

#include <string.h>

#define HEADER_BYTES 44
#define TYPE_BYTES 6
/* Files hold no time before −2^59 (RFC 9636, section 3.2); with this bound nothing here overflows.
 */
#define TIME_MAX_S ((int64_t)1 << 60)

struct block {
  size_t time_bytes; /* 4 or 8 */
  uint32_t ut_count, standard_count, leap_count, time_count, type_count, char_count;
};

/* Takes the first count bytes off; 0 when there are fewer. */
static int take(struct hs_str *rest, size_t count, const unsigned char **out)
{
  if (rest->length < count)
    return 0;
  *out = (const unsigned char *)rest->data;
  rest->data += count;
  rest->length -= count;
  return 1;
}

static uint32_t read_u32(const unsigned char *p)
{
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t read_time(const unsigned char *p, size_t bytes)
{
  if (bytes == 4)
    return (int32_t)read_u32(p);
  return (int64_t)((uint64_t)read_u32(p) << 32 | read_u32(p + 4));
}

static int read_header(struct hs_str *rest, struct block *out, unsigned char *version)
{
  const unsigned char *p = NULL;
  if (!take(rest, HEADER_BYTES, &p) || memcmp(p, "TZif", 4) != 0)
    return 0;
  *version = p[4];
  out->ut_count = read_u32(p + 20);
  out->standard_count = read_u32(p + 24);
  out->leap_count = read_u32(p + 28);
  out->time_count = read_u32(p + 32);
  out->type_count = read_u32(p + 36);
  out->char_count = read_u32(p + 40);
  return 1;
}

/* Counts have 32 bits and records at most 12 bytes, so the sum cannot wrap. */
static size_t block_bytes(const struct block *block)
{
  return (size_t)block->time_count * (block->time_bytes + 1) +
         (size_t)block->type_count * TYPE_BYTES + block->char_count +
         (size_t)block->leap_count * (block->time_bytes + 4) + block->standard_count +
         block->ut_count;
}

/* One transition after the other: its time must rise and its type must exist. */
static enum hs_status read_transitions(const struct block *block, const unsigned char *times,
                                       const unsigned char *indexes, const unsigned char *types,
                                       int64_t *starts_s, int32_t *offsets_s, struct hs_err *err)
{
  for (size_t i = 0; i < block->time_count; i++) {
    starts_s[i] = read_time(times + i * block->time_bytes, block->time_bytes);
    if (starts_s[i] > TIME_MAX_S || starts_s[i] < -TIME_MAX_S)
      return hs_fail(err, HS_CORRUPT, "transition %zu is out of all time", i);
    if (i > 0 && starts_s[i] <= starts_s[i - 1])
      return hs_fail(err, HS_CORRUPT, "transition %zu is not later than the one before", i);
    if (indexes[i] >= block->type_count)
      return hs_fail(err, HS_CORRUPT, "transition %zu is of type %d; there are %u", i, indexes[i],
                     block->type_count);
    offsets_s[i] = (int32_t)read_u32(types + (size_t)indexes[i] * TYPE_BYTES);
  }
  return HS_OK;
}

static enum hs_status check_types(const struct block *block, const unsigned char *types,
                                  struct hs_err *err)
{
  for (size_t i = 0; i < block->type_count; i++) {
    int32_t offset_s = (int32_t)read_u32(types + i * TYPE_BYTES);
    if (offset_s < -HS_ZONE_OFFSET_MAX_S || offset_s > HS_ZONE_OFFSET_MAX_S)
      return hs_fail(err, HS_CORRUPT, "type %zu is %d seconds from UTC", i, offset_s);
  }
  return HS_OK;
}

static enum hs_status read_block(struct hs_arena *arena, const struct block *block,
                                 struct hs_str *rest, struct hs_zone *out, struct hs_err *err)
{
  const unsigned char *times = NULL;
  if (!take(rest, block_bytes(block), &times))
    return hs_fail(err, HS_CORRUPT, "the file ends in its data");
  if (block->type_count == 0)
    return hs_fail(err, HS_CORRUPT, "there are no types of local time");
  if (block->leap_count > 0)
    return hs_fail(err, HS_UNSUPPORTED, "it counts leap seconds");
  const unsigned char *indexes = times + block->time_count * block->time_bytes;
  const unsigned char *types = indexes + block->time_count;
  int64_t *starts_s = hs_arena_alloc_raw(arena, block->time_count, sizeof *starts_s);
  int32_t *offsets_s = hs_arena_alloc_raw(arena, block->time_count, sizeof *offsets_s);
  if (starts_s == NULL || offsets_s == NULL)
    return hs_arena_full(arena, "a time zone", err);
  enum hs_status status = check_types(block, types, err);
  if (status == HS_OK)
    status = read_transitions(block, times, indexes, types, starts_s, offsets_s, err);
  if (status != HS_OK)
    return status;
  *out = (struct hs_zone){
      .first_offset_s = (int32_t)read_u32(types),
      .transition_count = block->time_count,
      .starts_s = starts_s,
      .offsets_s = offsets_s,
  };
  return HS_OK;
}

/* The footer: std offset [dst [offset] , date [/time] , date [/time]] (POSIX.1-2017, section 8.3,
   with the hours of RFC 8536, section 3.3.1). */

static int accept_char(struct hs_str *rest, char c)
{
  if (rest->length == 0 || rest->data[0] != c)
    return 0;
  rest->data++;
  rest->length--;
  return 1;
}

/* A number of at most three digits. */
static int accept_number(struct hs_str *rest, int32_t max, int32_t *out)
{
  int32_t value = 0;
  size_t count = 0;
  while (count < 3 && count < rest->length && rest->data[count] >= '0' && rest->data[count] <= '9')
    value = value * 10 + (rest->data[count++] - '0');
  if (count == 0 || value > max)
    return 0;
  rest->data += count;
  rest->length -= count;
  *out = value;
  return 1;
}

static int is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* "CET" or "<+03>": at least three characters. */
static int accept_name(struct hs_str *rest)
{
  size_t length = 0;
  if (accept_char(rest, '<')) {
    while (length < rest->length && rest->data[length] != '>')
      length++;
    rest->data += length;
    rest->length -= length;
    return length >= 3 && accept_char(rest, '>');
  }
  while (length < rest->length && is_letter(rest->data[length]))
    length++;
  rest->data += length;
  rest->length -= length;
  return length >= 3;
}

/* [+-] hours [: minutes [: seconds]] */
static int accept_time(struct hs_str *rest, int32_t hours_max, int32_t *seconds)
{
  int is_negative = accept_char(rest, '-');
  int32_t hours = 0;
  int32_t minutes = 0;
  int32_t rest_s = 0;
  if (!is_negative)
    (void)accept_char(rest, '+');
  if (!accept_number(rest, hours_max, &hours))
    return 0;
  if (accept_char(rest, ':')) {
    if (!accept_number(rest, 59, &minutes))
      return 0;
    if (accept_char(rest, ':') && !accept_number(rest, 59, &rest_s))
      return 0;
  }
  int32_t value = hours * 3600 + minutes * 60 + rest_s;
  *seconds = is_negative ? -value : value;
  return 1;
}

static int accept_date(struct hs_str *rest, struct hs_zone_date *out)
{
  *out = (struct hs_zone_date){.time_s = 2 * 3600};
  int is_read = 0;
  if (accept_char(rest, 'M')) {
    out->kind = HS_DATE_MONTH;
    is_read = accept_number(rest, 12, &out->month) && out->month > 0 && accept_char(rest, '.') &&
              accept_number(rest, 5, &out->week) && out->week > 0 && accept_char(rest, '.') &&
              accept_number(rest, 6, &out->day);
  } else if (accept_char(rest, 'J')) {
    out->kind = HS_DATE_JULIAN;
    is_read = accept_number(rest, 365, &out->day) && out->day > 0;
  } else {
    out->kind = HS_DATE_ZERO;
    is_read = accept_number(rest, 365, &out->day);
  }
  return is_read && (!accept_char(rest, '/') || accept_time(rest, 167, &out->time_s));
}

static int read_rule(struct hs_str text, struct hs_zone_rule *out)
{
  struct hs_zone_rule rule = {0};
  int32_t west_s = 0;
  if (!accept_name(&text) || !accept_time(&text, 24, &west_s))
    return 0;
  rule.standard_offset_s = -west_s;
  if (text.length > 0) {
    rule.has_daylight = 1;
    rule.daylight_offset_s = rule.standard_offset_s + 3600;
    if (!accept_name(&text))
      return 0;
    if (text.length > 0 && text.data[0] != ',') {
      if (!accept_time(&text, 24, &west_s))
        return 0;
      rule.daylight_offset_s = -west_s;
    }
    if (!accept_char(&text, ',') || !accept_date(&text, &rule.daylight_from) ||
        !accept_char(&text, ',') || !accept_date(&text, &rule.daylight_until))
      return 0;
  }
  *out = rule;
  return text.length == 0;
}

/* An empty footer says that nobody knows: the last transition then holds on. */
static enum hs_status read_footer(struct hs_str rest, struct hs_zone *zone, struct hs_err *err)
{
  if (!accept_char(&rest, '\n') || memchr(rest.data, '\n', rest.length) == NULL)
    return hs_fail(err, HS_CORRUPT, "the file ends in its footer");
  struct hs_str text = hs_str_cut(&rest, '\n');
  if (text.length == 0)
    return HS_OK;
  if (!read_rule(text, &zone->rule))
    return hs_fail(err, HS_CORRUPT, "its footer is no rule: %.*s",
                   text.length < 80 ? (int)text.length : 80, text.data);
  zone->has_rule = 1;
  return HS_OK;
}

enum hs_status hs_zone_read_tzif(struct hs_arena *arena, struct hs_str file, struct hs_zone *out,
                                 struct hs_err *err)
{
  struct block block = {.time_bytes = 4};
  unsigned char version = 0;
  const unsigned char *skipped = NULL;
  if (!read_header(&file, &block, &version))
    return hs_fail(err, HS_CORRUPT, "it is no TZif file");
  if (version == 0)
    return read_block(arena, &block, &file, out, err);
  if (!take(&file, block_bytes(&block), &skipped))
    return hs_fail(err, HS_CORRUPT, "the file ends in its data");
  block.time_bytes = 8;
  if (!read_header(&file, &block, &version))
    return hs_fail(err, HS_CORRUPT, "its second header is missing");
  enum hs_status status = read_block(arena, &block, &file, out, err);
  return status == HS_OK ? read_footer(file, out, err) : status;
}
