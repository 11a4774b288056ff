/* Proves the zones of base/time: the system's database, its rules beyond the tables, gaps and
   overlaps, damaged files. Figures are the IANA database's for years whose rules are settled; the
   laws are checked against a walk over the clock, minute by minute. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/io_sim.h"
#include "base/time.h"
#include "support/capacity.h"

struct world {
  struct hs_arena arena;
  const struct hs_zone *berlin;
  const struct hs_zone *new_york;
};

static int64_t at(const char *text)
{
  int64_t at_us = 0;
  enum hs_zone_said said;
  assert_true(hs_parse_time(hs_str_of(text), &at_us, &said));
  return at_us;
}

static const struct hs_zone *open_ok(struct world *world, const char *name)
{
  const struct hs_zone *zone = NULL;
  struct hs_err err = {0};
  if (hs_zone_open(&world->arena, hs_io_real(), hs_str_of(name), &zone, &err) != HS_OK)
    fail_msg("%s", err.text);
  return zone;
}

static int open_world(void **state)
{
  static struct world world;
  if (hs_arena_init(&world.arena, 16 * HS_MIB, NULL) != HS_OK)
    return -1;
  *state = &world;
  world.berlin = open_ok(&world, "Europe/Berlin");
  world.new_york = open_ok(&world, "America/New_York");
  return 0;
}

static int close_world(void **state)
{
  hs_arena_release(&((struct world *)*state)->arena);
  return 0;
}

static void assert_shows(const struct hs_zone *zone, const char *moment, const char *shown)
{
  char text[HS_TIME_TEXT];
  hs_format_time_in(zone, at(moment), text);
  assert_string_equal(text, shown);
}

static void clocks_show_what_they_showed(void **state)
{
  const struct world *world = *state;
  assert_shows(world->berlin, "2026-01-01T12:00:00Z", "2026-01-01T13:00:00+01:00");
  assert_shows(world->berlin, "2026-07-01T12:00:00.25Z", "2026-07-01T14:00:00.25+02:00");
  assert_shows(world->berlin, "2026-03-29T00:59:59.999999Z", "2026-03-29T01:59:59.999999+01:00");
  assert_shows(world->berlin, "2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00");
  assert_shows(world->berlin, "2026-10-25T00:59:59Z", "2026-10-25T02:59:59+02:00");
  assert_shows(world->berlin, "2026-10-25T01:00:00Z", "2026-10-25T02:00:00+01:00");
  assert_shows(world->berlin, "1945-05-24T01:00:00Z", "1945-05-24T04:00:00+03:00");
  assert_shows(world->new_york, "2026-03-08T07:00:00Z", "2026-03-08T03:00:00-04:00");
  assert_shows(world->new_york, "2026-11-01T06:00:00Z", "2026-11-01T01:00:00-05:00");
  assert_shows(world->new_york, "1800-01-01T12:00:00Z", "1800-01-01T07:03:58-04:56");
  assert_shows(hs_zone_utc(), "2026-01-01T12:00:00Z", "2026-01-01T12:00:00+00:00");
}

/* Beyond 2037 there is only the rule of the footer: last Sundays of March and October; second
   Sunday of March and first of November. Year 9999 is asked because nobody else will. */
static void the_rule_holds_after_the_table(void **state)
{
  const struct world *world = *state;
  assert_shows(world->berlin, "2050-03-27T00:59:59Z", "2050-03-27T01:59:59+01:00");
  assert_shows(world->berlin, "2050-03-27T01:00:00Z", "2050-03-27T03:00:00+02:00");
  assert_shows(world->berlin, "2050-10-30T00:59:59Z", "2050-10-30T02:59:59+02:00");
  assert_shows(world->berlin, "2050-10-30T01:00:00Z", "2050-10-30T02:00:00+01:00");
  assert_shows(world->new_york, "2100-03-14T06:59:59Z", "2100-03-14T01:59:59-05:00");
  assert_shows(world->new_york, "2100-03-14T07:00:00Z", "2100-03-14T03:00:00-04:00");
  assert_shows(world->new_york, "2100-11-07T06:00:00Z", "2100-11-07T01:00:00-05:00");
  assert_shows(world->berlin, "9999-07-01T00:00:00Z", "9999-07-01T02:00:00+02:00");
  assert_shows(world->berlin, "9999-12-31T23:30:00Z", "9999-12-31T23:30:00Z");
}

/* Without gaps and overlaps there and back is the same; the database's southern, half-hour and
   half-hour-saving zones, and those whose day of change is odd. */
static void moments_survive_the_way_through_wall_time(void **state)
{
  struct world *world = *state;
  static const char *const NAMES[] = {
      "Europe/Berlin",   "America/New_York",     "Australia/Lord_Howe", "Asia/Kolkata",
      "Asia/Kathmandu",  "Pacific/Apia",         "America/Sao_Paulo",   "Africa/Casablanca",
      "Europe/Dublin",   "America/St_Johns",     "Asia/Gaza",           "Antarctica/Troll",
      "Pacific/Chatham", "America/Scoresbysund", "Africa/Monrovia",     "+05:45",
  };
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
    const struct hs_zone *zone = open_ok(world, NAMES[i]);
    /* Every 7 h 13 min from 1900 to 2100. */
    for (int64_t t = at("1900-01-01T00:00Z"); t < at("2100-01-01T00:00Z");
         t += 7 * HS_HOUR_US + 13 * HS_MINUTE_US) {
      int64_t offset_us = hs_zone_offset_s(zone, t) * HS_SECOND_US;
      int64_t back = 0;
      assert_true(hs_zone_to_utc(zone, t + offset_us, &back));
      /* The first of two moments that showed it: never later, and it shows the same. */
      assert_true(back <= t);
      assert_int_equal(back + hs_zone_offset_s(zone, back) * HS_SECOND_US, t + offset_us);
    }
  }
}

/* The oracle: step through the moments around the wall time and take the first that shows it. */
static int find_by_walking(const struct hs_zone *zone, int64_t wall_us, int64_t *at_us)
{
  for (int64_t t = wall_us - 27 * HS_HOUR_US; t <= wall_us + 27 * HS_HOUR_US; t += HS_MINUTE_US)
    if (t + hs_zone_offset_s(zone, t) * HS_SECOND_US == wall_us) {
      *at_us = t;
      return 1;
    }
  return 0;
}

static void assert_day_as_walked(const struct hs_zone *zone, const char *day, int skipped_minutes)
{
  int skipped = 0;
  int64_t start = at(day);
  for (int minute = 0; minute < 24 * 60; minute++) {
    int64_t wall_us = start + minute * HS_MINUTE_US;
    int64_t expected = 7;
    int64_t got = 7;
    int is_shown = find_by_walking(zone, wall_us, &expected);
    assert_int_equal(hs_zone_to_utc(zone, wall_us, &got), is_shown);
    assert_int_equal(got, expected);
    skipped += !is_shown;
  }
  assert_int_equal(skipped, skipped_minutes);
}

static void gaps_and_overlaps_are_as_a_walk_finds_them(void **state)
{
  struct world *world = *state;
  assert_day_as_walked(world->berlin, "2026-03-29", 60);
  assert_day_as_walked(world->berlin, "2026-10-25", 0);
  assert_day_as_walked(world->berlin, "2050-03-27", 60);
  assert_day_as_walked(world->berlin, "2050-10-30", 0);
  assert_day_as_walked(world->new_york, "2026-03-08", 60);
  assert_day_as_walked(world->new_york, "2026-11-01", 0);
  assert_day_as_walked(open_ok(world, "Australia/Lord_Howe"), "2026-10-04", 30);
  /* Samoa crossed the date line: the whole of 30 December 2011 is missing. */
  assert_day_as_walked(open_ok(world, "Pacific/Apia"), "2011-12-30", 24 * 60);
  /* And in Brazil the missing hour began at midnight. */
  assert_day_as_walked(open_ok(world, "America/Sao_Paulo"), "2017-10-15", 60);
}

static void a_day_begins_when_its_clock_first_shows_it(void **state)
{
  struct world *world = *state;
  const struct hs_zone *sao_paulo = open_ok(world, "America/Sao_Paulo");
  char text[HS_TIME_TEXT];
  hs_format_time_in(sao_paulo, hs_zone_day_start_us(sao_paulo, hs_day_of(2017, 10, 15)), text);
  assert_string_equal(text, "2017-10-15T01:00:00-02:00");
  hs_format_time_in(world->berlin, hs_zone_day_start_us(world->berlin, hs_day_of(2026, 7, 1)),
                    text);
  assert_string_equal(text, "2026-07-01T00:00:00+02:00");
  assert_int_equal(hs_zone_day_start_us(world->berlin, hs_day_of(1, 1, 1)), HS_TIME_MIN_US);
  assert_int_equal(hs_zone_day_start_us(world->new_york, hs_day_of(9999, 12, 31) + 1),
                   HS_TIME_MAX_US + 1);
}

static void names_are_checked(void **state)
{
  struct world *world = *state;
  static const struct {
    const char *name;
    enum hs_status status;
  } ROWS[] = {
      {"UTC", HS_OK},
      {"+02:00", HS_OK},
      {"-11:30", HS_OK},
      {"Etc/GMT+5", HS_OK},
      {"+24:00", HS_INVALID},
      {"Mars/Olympus", HS_NOT_FOUND},
      {"Europe", HS_NOT_FOUND},
      {"", HS_INVALID},
      {"/etc/passwd", HS_INVALID},
      {"../zoneinfo/UTC", HS_INVALID},
      {"Europe/../UTC", HS_INVALID},
      {"Europe/Ber lin", HS_INVALID},
      {"Europe/Berlin\n", HS_INVALID},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    const struct hs_zone *zone = NULL;
    struct hs_err err = {0};
    enum hs_status status =
        hs_zone_open(&world->arena, hs_io_real(), hs_str_of(ROWS[i].name), &zone, &err);
    assert_int_equal(status, ROWS[i].status);
    assert_int_equal(zone != NULL, status == HS_OK);
  }
}

/* A file under construction. */
struct tzif {
  unsigned char bytes[512];
  size_t length;
};

static void put(struct tzif *file, const void *bytes, size_t count)
{
  assert_true(file->length + count <= sizeof file->bytes);
  memcpy(file->bytes + file->length, bytes, count);
  file->length += count;
}

static void put_big_endian(struct tzif *file, int64_t value, int bytes)
{
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    unsigned char byte = (unsigned char)((uint64_t)value >> shift);
    put(file, &byte, 1);
  }
}

static void put_header(struct tzif *file, char version, int leaps, int times, int types)
{
  put(file, "TZif", 4);
  put(file, &version, 1);
  put(file, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 15);
  const int counts[] = {0, 0, leaps, times, types, 4};
  for (size_t i = 0; i < 6; i++)
    put_big_endian(file, counts[i], 4);
}

static void put_type(struct tzif *file, int32_t offset_s)
{
  put_big_endian(file, offset_s, 4);
  put(file, "\0\0", 2);
}

/* Version 2, one type of offset 0, no transitions, a footer. */
static struct tzif with_footer(const char *footer)
{
  struct tzif file = {0};
  for (int block = 0; block < 2; block++) {
    put_header(&file, '2', 0, 0, 1);
    put_type(&file, 0);
    put(&file, "UTC", 4);
  }
  put(&file, footer, strlen(footer));
  return file;
}

/* Opens a zone that a simulated machine holds in its database. */
static enum hs_status open_file(struct hs_arena *arena, const struct tzif *file,
                                const struct hs_zone **out, struct hs_err *err)
{
  static const char *const DIRECTORIES[] = {"/usr", "/usr/share", "/usr/share/zoneinfo"};
  struct hs_sim *sim = NULL;
  assert_int_equal(hs_sim_open(&(struct hs_sim_options){.seed = 1}, &sim, NULL), HS_OK);
  const struct hs_io *io = hs_sim_io(sim);
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(io->make_directory(io->self, DIRECTORIES[i], NULL), HS_OK);
  assert_int_equal(
      hs_io_replace_file(io, "/usr/share/zoneinfo/Made", file->bytes, file->length, NULL), HS_OK);
  enum hs_status status = hs_zone_open(arena, io, HS_STR("Made"), out, err);
  hs_sim_close(sim);
  return status;
}

static void every_form_of_rule_is_understood(void **state)
{
  struct world *world = *state;
  static const struct {
    const char *footer;
    const char *moment;
    int32_t offset_s;
  } ROWS[] = {
      {"\nUTC0\n", "2026-07-01T00:00Z", 0},
      {"\n<+0330>-3:30\n", "2026-07-01T00:00Z", 12600},
      {"\nABC12:34:56\n", "2026-07-01T00:00Z", -(12 * 3600 + 34 * 60 + 56)},
      /* Greenland: the day before, at 23:00. */
      {"\n<-02>2<-01>,M3.5.0/-1,M10.5.0/0\n", "2026-03-29T00:59:59Z", -7200},
      {"\n<-02>2<-01>,M3.5.0/-1,M10.5.0/0\n", "2026-03-29T01:00:00Z", -3600},
      /* Gaza's form: hours beyond a day. */
      {"\nEET-2EEST,M3.4.4/50,M10.4.4/50\n", "2026-03-27T23:59:59Z", 7200},
      {"\nEET-2EEST,M3.4.4/50,M10.4.4/50\n", "2026-03-28T00:00:00Z", 10800},
      /* Ireland: what is saved in winter is negative. */
      {"\nIST-1GMT0,M10.5.0,M3.5.0/1\n", "2026-01-01T00:00Z", 0},
      {"\nIST-1GMT0,M10.5.0,M3.5.0/1\n", "2026-07-01T00:00Z", 3600},
      /* The south: summer over the new year. */
      {"\nNZST-12NZDT,M9.5.0,M4.1.0/3\n", "2026-12-31T23:00Z", 46800},
      {"\nNZST-12NZDT,M9.5.0,M4.1.0/3\n", "2027-01-01T00:00Z", 46800},
      {"\nNZST-12NZDT,M9.5.0,M4.1.0/3\n", "2027-06-01T00:00Z", 43200},
      /* J60 is 1 March in every year, 59 counted from 0 is 29 February in a leap year. */
      {"\nAAA0BBB,J60/0,J300\n", "2028-02-29T23:59Z", 0},
      {"\nAAA0BBB,J60/0,J300\n", "2028-03-01T00:00Z", 3600},
      {"\nAAA0BBB,59/0,300\n", "2028-02-28T23:59Z", 0},
      {"\nAAA0BBB,59/0,300\n", "2028-02-29T00:00Z", 3600},
      /* Always daylight time (RFC 8536, section 3.3.1). */
      {"\nXXX3EDT4,0/0,J365/23\n", "2026-12-31T23:59:59Z", -14400},
      {"\nXXX3EDT4,0/0,J365/23\n", "2027-01-01T04:00:00Z", -14400},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct tzif file = with_footer(ROWS[i].footer);
    const struct hs_zone *zone = NULL;
    assert_int_equal(open_file(&world->arena, &file, &zone, NULL), HS_OK);
    assert_int_equal(hs_zone_offset_s(zone, at(ROWS[i].moment)), ROWS[i].offset_s);
  }
}

static void what_is_no_rule_is_corrupt(void **state)
{
  struct world *world = *state;
  static const char *const FOOTERS[] = {
      "",
      "\n",
      "UTC0\n",
      "\nUTC\n",
      "\nUT0\n",
      "\nUTC25\n",
      "\nUTC0:60\n",
      "\nUTC0x\n",
      "\n<+03-3\n",
      "\nAAA0BBB\n",
      "\nAAA0BBB,M3.5.0\n",
      "\nAAA0BBB,M13.5.0,M10.5.0\n",
      "\nAAA0BBB,M3.0.0,M10.5.0\n",
      "\nAAA0BBB,M3.5.7,M10.5.0\n",
      "\nAAA0BBB,J0,J300\n",
      "\nAAA0BBB,366,1\n",
      "\nAAA0BBB,J1/168,J300\n",
      "\nAAA0BBB,J1,J300,\n",
  };
  for (size_t i = 0; i < sizeof FOOTERS / sizeof *FOOTERS; i++) {
    struct tzif file = with_footer(FOOTERS[i]);
    const struct hs_zone *zone = NULL;
    struct hs_err err = {0};
    assert_int_equal(open_file(&world->arena, &file, &zone, &err), HS_CORRUPT);
    assert_non_null(strstr(err.text, "time zone Made (/usr/share/zoneinfo/Made): "));
    assert_null(zone);
  }
}

/* Version 1: two transitions between two types. */
static struct tzif with_transitions(int64_t first, int64_t second, unsigned char type,
                                    int32_t offset)
{
  struct tzif file = {0};
  put_header(&file, '\0', 0, 2, 2);
  put_big_endian(&file, first, 4);
  put_big_endian(&file, second, 4);
  put(&file, (unsigned char[]){type, 0}, 2);
  put_type(&file, 3600);
  put_type(&file, offset);
  put(&file, "ABC", 4);
  return file;
}

static void a_version_1_file_is_read_and_a_damaged_one_refused(void **state)
{
  struct world *world = *state;
  const struct hs_zone *zone = NULL;
  struct tzif file = with_transitions(-100, 100, 1, -7200);
  assert_int_equal(open_file(&world->arena, &file, &zone, NULL), HS_OK);
  assert_int_equal(hs_zone_offset_s(zone, -101 * HS_SECOND_US), 3600);
  assert_int_equal(hs_zone_offset_s(zone, -100 * HS_SECOND_US - 1), 3600);
  assert_int_equal(hs_zone_offset_s(zone, -100 * HS_SECOND_US), -7200);
  assert_int_equal(hs_zone_offset_s(zone, 100 * HS_SECOND_US - 1), -7200);
  assert_int_equal(hs_zone_offset_s(zone, 100 * HS_SECOND_US), 3600);
  struct tzif damaged[] = {
      with_transitions(100, 100, 1, 0),     /* not later */
      with_transitions(-100, 100, 2, 0),    /* no such type */
      with_transitions(-100, 100, 1, 93601) /* no such offset */
  };
  for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++)
    assert_int_equal(open_file(&world->arena, &damaged[i], &zone, NULL), HS_CORRUPT);
  struct tzif leaps = {0};
  put_header(&leaps, '\0', 1, 0, 1);
  put_type(&leaps, 0);
  put(&leaps, "UTC\0........", 12);
  assert_int_equal(open_file(&world->arena, &leaps, &zone, NULL), HS_UNSUPPORTED);
}

static void a_file_cut_anywhere_is_corrupt(void **state)
{
  struct world *world = *state;
  struct tzif whole = with_footer("\nAAA0BBB,J60/0,J300\n");
  for (size_t length = 0; length < whole.length; length++) {
    struct tzif cut = whole;
    const struct hs_zone *zone = NULL;
    cut.length = length;
    assert_int_equal(open_file(&world->arena, &cut, &zone, NULL), HS_CORRUPT);
  }
}

static enum hs_status open_bounded([[maybe_unused]] void *context, struct hs_arena *arena,
                                   struct hs_err *err)
{
  const struct hs_zone *zone = NULL;
  return hs_zone_open(arena, hs_io_real(), HS_STR("Europe/Berlin"), &zone, err);
}

static void a_zone_opens_at_every_capacity_or_says_no_memory([[maybe_unused]] void **state)
{
  assert_true(fail_every_allocation(open_bounded, NULL) >= 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(clocks_show_what_they_showed),
      cmocka_unit_test(the_rule_holds_after_the_table),
      cmocka_unit_test(moments_survive_the_way_through_wall_time),
      cmocka_unit_test(gaps_and_overlaps_are_as_a_walk_finds_them),
      cmocka_unit_test(a_day_begins_when_its_clock_first_shows_it),
      cmocka_unit_test(names_are_checked),
      cmocka_unit_test(every_form_of_rule_is_understood),
      cmocka_unit_test(what_is_no_rule_is_corrupt),
      cmocka_unit_test(a_version_1_file_is_read_and_a_damaged_one_refused),
      cmocka_unit_test(a_file_cut_anywhere_is_corrupt),
      cmocka_unit_test(a_zone_opens_at_every_capacity_or_says_no_memory),
  };
  return cmocka_run_group_tests(tests, open_world, close_world);
}
