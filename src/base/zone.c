/* Time zones. A zone is a row of segments, stretches of time with one offset; the table of its file
   gives the first ones and its rule all later ones. Both directions walk over segments, so that
   gaps and overlaps of any size and number come out by themselves. */
#include "base/zone_priv.h"

#include <stdio.h>
#include <string.h>

#define DATABASE "/usr/share/zoneinfo"
#define NAME_MAX_BYTES 100
#define FILE_MAX_BYTES HS_MIB
#define DAY_S 86400

struct segment {
  int64_t from_s;  /* inclusive; INT64_MIN: always */
  int64_t until_s; /* exclusive; INT64_MAX: for ever */
  int32_t offset_s;
};

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

/* Days since 1970 of 1 January, from year −399 on: rules are asked about the years beside the ones
   that time.h knows. */
static int64_t first_day_of(int64_t year)
{
  int64_t before = year - 1 + 400;
  return before * 365 + before / 4 - before / 100 + before / 400 - 146097 - 719162;
}

static int64_t year_of(int64_t day)
{
  int64_t year = 1970 + floor_div(day * 400, 146097);
  while (first_day_of(year) > day)
    year--;
  while (first_day_of(year + 1) <= day)
    year++;
  return year;
}

struct year {
  int64_t first_day;
  int is_leap;
};

static int64_t month_rule_day(const struct hs_zone_date *date, struct year year)
{
  static const int32_t BEFORE[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
  int32_t leap_before = year.is_leap && date->month > 2;
  int32_t leap_through = year.is_leap && date->month >= 2;
  int64_t first = year.first_day + BEFORE[date->month - 1] + leap_before;
  int64_t last = year.first_day + BEFORE[date->month] + leap_through - 1;
  int64_t weekday = (first + 4) % 7; /* 1970-01-01 was a Thursday */
  if (weekday < 0)
    weekday += 7;
  int64_t day = first + (date->day - weekday + 7) % 7 + 7 * (date->week - 1);
  return day > last ? day - 7 : day;
}

/* Seconds since 1970 at which the local clock with that offset shows the date and its time. */
static int64_t date_s(const struct hs_zone_date *date, struct year year, int32_t offset_s)
{
  int64_t day = 0;
  if (date->kind == HS_DATE_MONTH)
    day = month_rule_day(date, year);
  else if (date->kind == HS_DATE_ZERO)
    day = year.first_day + date->day;
  else
    day = year.first_day + date->day - 1 + (year.is_leap && date->day >= 60);
  return day * DAY_S + date->time_s - offset_s;
}

/* Narrows the segment around at_s by a change of offset. */
static void narrow(struct segment *segment, int64_t at_s, int64_t change_s, int32_t offset_s,
                   int wins_tie)
{
  if (change_s > at_s) {
    if (change_s < segment->until_s)
      segment->until_s = change_s;
  } else if (change_s > segment->from_s || (change_s == segment->from_s && wins_tie)) {
    segment->from_s = change_s;
    segment->offset_s = offset_s;
  }
}

/* The stretch of a rule that holds at at_s. Its dates may lie up to a week outside their year,
   hence two years to either side. Where daylight time ends in the moment in which the next one
   begins, it never ends: so RFC 8536 writes "always". */
static struct segment rule_segment(const struct hs_zone_rule *rule, int64_t at_s)
{
  struct segment segment = {INT64_MIN, INT64_MAX, rule->standard_offset_s};
  if (!rule->has_daylight)
    return segment;
  int64_t number = year_of(floor_div(at_s, DAY_S)) - 2;
  int64_t first_day = first_day_of(number);
  for (int i = 0; i < 5; i++) {
    int64_t next_day = first_day_of(number + i + 1);
    struct year year = {first_day, next_day - first_day == 366};
    narrow(&segment, at_s, date_s(&rule->daylight_until, year, rule->daylight_offset_s),
           rule->standard_offset_s, 0);
    narrow(&segment, at_s, date_s(&rule->daylight_from, year, rule->standard_offset_s),
           rule->daylight_offset_s, 1);
    first_day = next_day;
  }
  return segment;
}

static size_t transitions_until(const struct hs_zone *zone, int64_t at_s)
{
  size_t low = 0;
  size_t high = zone->transition_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (zone->starts_s[middle] <= at_s)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static struct segment segment_at(const struct hs_zone *zone, int64_t at_s)
{
  size_t passed = transitions_until(zone, at_s);
  int64_t from_s = passed == 0 ? INT64_MIN : zone->starts_s[passed - 1];
  if (passed == zone->transition_count && zone->has_rule) {
    struct segment segment = rule_segment(&zone->rule, at_s);
    if (segment.from_s < from_s)
      segment.from_s = from_s;
    return segment;
  }
  return (struct segment){
      .from_s = from_s,
      .until_s = passed == zone->transition_count ? INT64_MAX : zone->starts_s[passed],
      .offset_s = passed == 0 ? zone->first_offset_s : zone->offsets_s[passed - 1],
  };
}

/* The first moment whose clock shows wall_s, or, when none does, the change that skipped it. */
static int64_t seek_wall(const struct hs_zone *zone, int64_t wall_s, int *is_shown)
{
  struct segment segment = segment_at(zone, wall_s - HS_ZONE_OFFSET_MAX_S);
  for (;;) {
    int64_t at_s = wall_s - segment.offset_s;
    if (at_s < segment.from_s) {
      *is_shown = 0;
      return segment.from_s;
    }
    if (at_s < segment.until_s) {
      *is_shown = 1;
      return at_s;
    }
    segment = segment_at(zone, segment.until_s);
  }
}

int32_t hs_zone_offset_s(const struct hs_zone *zone, int64_t at_us)
{
  return segment_at(zone, floor_div(at_us, HS_SECOND_US)).offset_s;
}

int32_t hs_zone_day_of_us(const struct hs_zone *zone, int64_t at_us)
{
  return hs_day_of_us(at_us + hs_zone_offset_s(zone, at_us) * HS_SECOND_US);
}

int hs_zone_to_utc(const struct hs_zone *zone, int64_t wall_us, int64_t *at_us)
{
  int is_shown = 0;
  int64_t wall_s = floor_div(wall_us, HS_SECOND_US);
  int64_t moment_us =
      seek_wall(zone, wall_s, &is_shown) * HS_SECOND_US + (wall_us - wall_s * HS_SECOND_US);
  if (!is_shown || moment_us < HS_TIME_MIN_US || moment_us > HS_TIME_MAX_US)
    return 0;
  *at_us = moment_us;
  return 1;
}

int64_t hs_zone_day_start_us(const struct hs_zone *zone, int32_t day)
{
  int is_shown = 0;
  int64_t start_us = seek_wall(zone, (int64_t)day * DAY_S, &is_shown) * HS_SECOND_US;
  if (start_us < HS_TIME_MIN_US)
    return HS_TIME_MIN_US;
  return start_us > HS_TIME_MAX_US ? HS_TIME_MAX_US + 1 : start_us;
}

void hs_format_time_in(const struct hs_zone *zone, int64_t at_us, char out[HS_TIME_TEXT])
{
  int32_t offset_s = hs_zone_offset_s(zone, at_us);
  int64_t wall_us = at_us + offset_s * HS_SECOND_US;
  if (wall_us < HS_TIME_MIN_US || wall_us > HS_TIME_MAX_US) {
    hs_format_time(at_us, out); /* the zone's clock shows a year that cannot be written */
    return;
  }
  hs_format_time(wall_us, out);
  size_t end = strlen(out) - 1; /* on the Z */
  /* Local mean times of the 19th century have seconds; RFC 3339 says offsets by minutes. */
  int32_t minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
  (void)snprintf(out + end, HS_TIME_TEXT - end, "%c%02d:%02d", offset_s < 0 ? '-' : '+',
                 minutes / 60, minutes % 60);
}

const struct hs_zone *hs_zone_utc(void)
{
  static const struct hs_zone UTC;
  return &UTC;
}

/* 1 when the name is an offset such as "+02:00", up to 23:59. */
static int parse_fixed(struct hs_str name, int32_t *offset_s)
{
  if (name.length != 6 || (name.data[0] != '+' && name.data[0] != '-') || name.data[3] != ':')
    return 0;
  uint64_t hours = 0;
  uint64_t minutes = 0;
  if (!hs_parse_u64((struct hs_str){name.data + 1, 2}, &hours) || hours > 23 ||
      !hs_parse_u64((struct hs_str){name.data + 4, 2}, &minutes) || minutes > 59)
    return 0;
  int32_t magnitude = (int32_t)(hours * 3600 + minutes * 60);
  *offset_s = name.data[0] == '-' ? -magnitude : magnitude;
  return 1;
}

/* A relative path within the database, of the characters that its names have (no point, so no
 * "..").
 */
static int is_safe_name(struct hs_str name)
{
  if (name.length == 0 || name.length > NAME_MAX_BYTES || name.data[0] == '/')
    return 0;
  for (size_t i = 0; i < name.length; i++) {
    char c = name.data[i];
    int is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!is_word && memchr("_+-/", c, 4) == NULL)
      return 0;
  }
  return 1;
}

static enum hs_status read_file(struct hs_arena *arena, const struct hs_io *io, const char *path,
                                size_t bytes, struct hs_str *out, struct hs_err *err)
{
  hs_file file = -1;
  char *data = hs_arena_alloc_raw(arena, bytes, 1);
  if (data == NULL)
    return hs_arena_full(arena, "a time zone", err);
  enum hs_status status = io->open(io->self, path, HS_OPEN_READ, &file, err);
  if (status != HS_OK)
    return status;
  status = hs_io_read_all(io, file, data, bytes, 0, err);
  io->close(io->self, file);
  *out = (struct hs_str){data, bytes};
  return status;
}

static enum hs_status open_from_database(struct hs_arena *arena, const struct hs_io *io,
                                         struct hs_str name, struct hs_zone *out,
                                         struct hs_err *err)
{
  char path[sizeof DATABASE + 1 + NAME_MAX_BYTES];
  struct hs_file_info info;
  struct hs_str file = {0};
  (void)snprintf(path, sizeof path, "%s/%.*s", DATABASE, HS_STR_ARG(name));
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status == HS_NOT_FOUND || (status == HS_OK && info.is_directory))
    return hs_fail(err, HS_NOT_FOUND, "there is no time zone %.*s in %s", HS_STR_ARG(name),
                   DATABASE);
  if (status == HS_OK && info.size_bytes > FILE_MAX_BYTES)
    status = hs_fail(err, HS_CORRUPT, "%llu bytes are no time zone",
                     (unsigned long long)info.size_bytes);
  if (status == HS_OK)
    status = read_file(arena, io, path, (size_t)info.size_bytes, &file, err);
  if (status == HS_OK)
    status = hs_zone_read_tzif(arena, file, out, err);
  if (status != HS_OK)
    hs_err_prefix(err, "time zone %.*s (%s)", HS_STR_ARG(name), path);
  return status;
}

enum hs_status hs_zone_open(struct hs_arena *arena, const struct hs_io *io, struct hs_str name,
                            const struct hs_zone **out, struct hs_err *err)
{
  if (hs_str_equal(name, HS_STR("UTC"))) {
    *out = hs_zone_utc();
    return HS_OK;
  }
  struct hs_zone *zone = hs_arena_alloc(arena, 1, sizeof *zone);
  if (zone == NULL)
    return hs_arena_full(arena, "a time zone", err);
  if (!parse_fixed(name, &zone->first_offset_s)) {
    if (!is_safe_name(name))
      return hs_fail(err, HS_INVALID,
                     "\"%.*s\" is no time zone such as Europe/Berlin, +02:00 or UTC",
                     name.length < 80 ? (int)name.length : 80, name.data);
    enum hs_status status = open_from_database(arena, io, name, zone, err);
    if (status != HS_OK)
      return status;
  }
  *out = zone;
  return HS_OK;
}
