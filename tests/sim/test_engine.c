/* Proves that the whole engine keeps its word on a machine that fails: a programme with its
   journal, its book (SQLite on the VFS over io.h), kept imports and the trail in memory lives
   through decisions, imports and restarts while syncs fail, calls fail or the disk is full; then
   power fails at moments drawn from all of its life, with every kind of loss that a disk knows.
   Always: the directory opens; every decision and import that was acknowledged by then is there,
   whole and once; nothing is there that nobody asked for; the book is sound, and so is every
   checksum of journal and imports; trail and book say the same; and the programme goes on from
   there, through another crash. And that the same seed gives the same life, to the byte.

   HANSA_LIVES is the number of lives (200), HANSA_SEED the first seed. What fails in a life comes
   from its seed: nothing, syncs, a full disk or any call, in turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "service/kept_file.h"
#include "service/track/import.h"
#include "service/track/repair.h"
#include "service/track/state.h"
#include "support/book.h"
#include "support/engine.h"
#include "support/journal.h"

#define THINGS_MAX 32 /* decisions or imports of one life and of what comes after its crash */
#define ROWS_MAX 5    /* of one import */
#define IMAGES 3      /* crashes looked at for one life */
#define START_US (INT64_C(1782864000) * HS_SECOND_US) /* 2026-07-01 */
#define JOURNAL_BYTES HS_MIB                          /* which the journal takes at once */

/* What was promised, and when, by the length of the trace. */
struct thing {
  int is_promised;
  uint64_t trace_count;
};

struct things {
  struct thing items[THINGS_MAX];
  size_t count; /* asked for */
};

struct life {
  uint64_t seed;
  uint64_t chance;
  struct engine engine;
  struct hs_sim_options faults;
  uint64_t created_trace_count;
  struct things decisions; /* number n is partner p-n with link l-n */
  struct things imports;   /* number n is the file n.csv */
  uint64_t refused_count;
};

/* What can be read of it. */
struct seen {
  int has_party[THINGS_MAX];
  int has_link[THINGS_MAX];
  uint64_t import_sequence[THINGS_MAX]; /* by the book; 0: it lists none */
  uint64_t order_sequence[THINGS_MAX];  /* by the trail */
  int row_count[THINGS_MAX];
  int64_t amount_minor[THINGS_MAX];
};

/* ---- what is asked of it ---- */

static enum hs_status decide(struct engine *engine, size_t number)
{
  char party_name[16];
  char link_name[16];
  (void)snprintf(party_name, sizeof party_name, "p-%zu", number);
  (void)snprintf(link_name, sizeof link_name, "l-%zu", number);
  struct hs_party party = {.name = hs_str_of(party_name), .enrolment = HS_STR("approved")};
  struct hs_link link = {
      .name = hs_str_of(link_name), .party = party.name, .target = HS_STR("https://shop.example/")};
  struct hs_state_rows rows = {
      .parties = &party, .party_count = 1, .links = &link, .link_count = 1};
  return hs_state_add(&engine->programme, &rows, &engine->err);
}

static int rows_of(size_t number) { return 1 + (int)(number % ROWS_MAX); }

static enum hs_status write_file(struct engine *engine, size_t number, char path[16])
{
  char text[ROWS_MAX * 80 + 80] = "order_id,person,occurred_at,amount,currency\n";
  size_t length = strlen(text);
  for (int row = 0; row < rows_of(number); row++)
    length += (size_t)snprintf(text + length, sizeof text - length,
                               "o-%zu-%d,v-%d,2026-06-%02zuT12:00:00Z,%d.00,EUR\n", number, row,
                               row, 1 + number % 28, 1 + row);
  (void)snprintf(path, 16, "%zu.csv", number);
  return hs_io_replace_file(engine->io, path, text, length, &engine->err);
}

static enum hs_status import(struct engine *engine, size_t number, int *is_repeat)
{
  char path[16];
  struct hs_import_result result;
  enum hs_status status = write_file(engine, number, path);
  if (status != HS_OK)
    return status;
  struct hs_import_options options = {.intake = {.kind = HS_EVENT_ORDER, .path = path}};
  hs_arena_reset(&engine->work, 0);
  status = hs_import_run(&engine->programme, &engine->work, &options, &result, &engine->err);
  *is_repeat = result.is_repeat;
  return status;
}

/* ---- looking ---- */

/* The number behind "p-", "l-" or in front of ".csv". */
static size_t number_in(struct hs_str name, size_t before, size_t behind)
{
  uint64_t number = 0;
  assert_true(name.length > before + behind);
  assert_true(
      hs_parse_u64((struct hs_str){name.data + before, name.length - before - behind}, &number));
  assert_true(number < THINGS_MAX);
  return (size_t)number;
}

static enum hs_status see_party(void *context, const struct hs_party *party,
                                [[maybe_unused]] struct hs_err *err)
{
  ((struct seen *)context)->has_party[number_in(party->name, 2, 0)]++;
  return HS_OK;
}

static enum hs_status see_link(void *context, const struct hs_link *link,
                               [[maybe_unused]] struct hs_err *err)
{
  ((struct seen *)context)->has_link[number_in(link->name, 2, 0)]++;
  return HS_OK;
}

static enum hs_status see_import(void *context, const struct hs_import *import,
                                 [[maybe_unused]] struct hs_err *err)
{
  uint64_t *sequence = &((struct seen *)context)->import_sequence[number_in(import->source, 0, 4)];
  assert_int_equal(*sequence, 0); /* once */
  *sequence = import->sequence;
  return HS_OK;
}

static enum hs_status see_orders(void *context, const struct hs_order_batch *batch,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct seen *seen = context;
  for (size_t i = 0; i < batch->count; i++) {
    size_t number = number_in(batch->order_id[i], 2, 2);
    seen->order_sequence[number] = batch->sequence[i];
    seen->row_count[number]++;
    seen->amount_minor[number] += batch->amount_minor[i];
  }
  return HS_OK;
}

/* Reads everything, and holds the parts against each other. */
static void look(struct engine *engine, struct seen *seen)
{
  struct hs_book *book = &engine->programme.book;
  struct hs_trail *trail = &engine->programme.trail;
  struct hs_scan all = {INT64_MIN / 4, INT64_MAX / 4, INT64_MAX / 4, 0, 1};
  *seen = (struct seen){0};
  assert_ok(book->parties(book->self, see_party, seen, &engine->err));
  assert_ok(book->links(book->self, see_link, seen, &engine->err));
  assert_ok(book->imports(book->self, see_import, seen, &engine->err));
  assert_ok(trail->scan_orders(trail->self, &all, see_orders, seen, &engine->err));
  for (size_t i = 0; i < THINGS_MAX; i++) {
    int rows = seen->import_sequence[i] > 0 ? rows_of(i) : 0;
    assert_int_equal(seen->has_party[i], seen->has_link[i]); /* one change of the book */
    assert_int_equal(seen->order_sequence[i], seen->import_sequence[i]);
    assert_int_equal(seen->row_count[i], rows);
    assert_int_equal(seen->amount_minor[i], 100 * rows * (rows + 1) / 2);
  }
}

static void check_things(const struct things *things, size_t number, int is_there,
                         uint64_t trace_count)
{
  const struct thing *thing = &things->items[number];
  assert_true(!is_there || number < things->count);
  assert_true(is_there || !thing->is_promised || thing->trace_count > trace_count);
}

static void check_seen(const struct life *life, const struct seen *seen, uint64_t trace_count)
{
  for (size_t i = 0; i < THINGS_MAX; i++) {
    check_things(&life->decisions, i, seen->has_party[i], trace_count);
    check_things(&life->imports, i, seen->import_sequence[i] > 0, trace_count);
  }
}

static void promise(struct life *life, struct thing *thing)
{
  if (!thing->is_promised)
    *thing = (struct thing){1, hs_sim_trace_count(life->engine.sim)};
}

/* ---- a life ---- */

static void calm(struct life *life)
{
  struct hs_sim_options options = {.latency_us = 50};
  hs_sim_set_faults(life->engine.sim, &options);
}

/* Every other answer would be wrong for what these faults do. */
static void check_answer(struct life *life, enum hs_status status)
{
  if (status != HS_OK && status != HS_IO && status != HS_FULL && status != HS_DEAD)
    fail_msg("seed %llu: %s: %s", (unsigned long long)life->seed, hs_status_code(status),
             life->engine.err.text);
  life->refused_count += status != HS_OK;
}

static void start(struct life *life)
{
  enum hs_status status = engine_open(&life->engine);
  check_answer(life, status);
  calm(life);
  if (status != HS_OK && engine_open(&life->engine) != HS_OK)
    fail_msg("seed %llu: %s", (unsigned long long)life->seed, life->engine.err.text);
}

/* Ends the process and starts it again; the machine goes on. What the programme shows from then on
   it has shown: it must stay, whether it was acknowledged before or not. */
static void restart(struct life *life)
{
  struct seen seen;
  hs_programme_close(&life->engine.programme);
  start(life);
  look(&life->engine, &seen);
  check_seen(life, &seen, UINT64_MAX);
  for (size_t i = 0; i < THINGS_MAX; i++) {
    if (seen.has_party[i])
      promise(life, &life->decisions.items[i]);
    if (seen.import_sequence[i] > 0)
      promise(life, &life->imports.items[i]);
  }
  hs_sim_set_faults(life->engine.sim, &life->faults);
}

static enum hs_status decide_next(struct life *life)
{
  size_t number = life->decisions.count++;
  enum hs_status status = decide(&life->engine, number);
  check_answer(life, status);
  if (status == HS_OK)
    promise(life, &life->decisions.items[number]);
  return status;
}

/* The next file, or one that was given before: that must change nothing when it was taken. */
static enum hs_status import_some(struct life *life, int is_again)
{
  size_t number = life->imports.count;
  int is_repeat = 0;
  if (is_again && number > 0)
    number = test_random(&life->chance) % number;
  else
    life->imports.count++;
  int was_promised = life->imports.items[number].is_promised;
  enum hs_status status = import(&life->engine, number, &is_repeat);
  check_answer(life, status);
  if (status == HS_OK) {
    assert_true(is_repeat || !was_promised);
    promise(life, &life->imports.items[number]);
  }
  return status;
}

static void live_a_while(struct life *life)
{
  size_t step_count = 6 + test_random(&life->chance) % 11;
  for (size_t i = 0; i < step_count; i++) {
    uint64_t what = test_random(&life->chance) % 10;
    enum hs_status status = HS_OK;
    if (what < 4)
      status = decide_next(life);
    else if (what < 8)
      status = import_some(life, what == 7);
    if (what >= 8 || status == HS_DEAD || (status != HS_OK && test_random(&life->chance) % 2 == 0))
      restart(life);
  }
}

/* What goes wrong in this life. */
static struct hs_sim_options faults_of(uint64_t seed, uint64_t *chance)
{
  struct hs_sim_options faults = {.latency_us = 50,
                                  .short_write_ppm = (uint32_t)(seed % 3) * 20000};
  if (seed % 4 == 1)
    faults.sync_error_ppm = 60000;
  else if (seed % 4 == 2)
    faults.disk_bytes = JOURNAL_BYTES + (48 + test_random(chance) % 96) * HS_KIB;
  else if (seed % 4 == 3)
    faults.error_ppm = 10000;
  return faults;
}

static void live(struct life *life)
{
  struct hs_sim *sim = NULL;
  struct hs_sim_options options = {.seed = life->seed, .start_us = START_US};
  struct hs_programme_options programme = {.currency = HS_STR("EUR"), .time_zone = HS_STR("UTC")};
  assert_ok(hs_sim_open(&options, &sim, NULL));
  engine_init(&life->engine, sim);
  life->faults = faults_of(life->seed, &life->chance);
  hs_sim_trace(sim, 1);
  assert_ok(
      hs_programme_create(&life->engine.wiring, ENGINE_DIRECTORY, &programme, &life->engine.err));
  life->created_trace_count = hs_sim_trace_count(sim);
  start(life);
  hs_sim_set_faults(sim, &life->faults);
  live_a_while(life);
  calm(life);
}

/* A programme that nothing went wrong with has taken everything as it came; a new trail reads it
   all from the journal. Both must say the same. */
static void check_replay(struct life *life)
{
  struct seen told;
  struct seen replayed;
  look(&life->engine, &told);
  hs_programme_close(&life->engine.programme);
  start(life);
  look(&life->engine, &replayed);
  assert_memory_equal(&told, &replayed, sizeof told);
}

/* ---- after a crash ---- */

static void check_checksums(struct engine *engine)
{
  struct hs_check_result result;
  if (hs_directory_check(&engine->wiring, ENGINE_DIRECTORY, &result, &engine->err) != HS_OK)
    fail_msg("%s", engine->err.text);
}

/* One more decision and one more import, then power fails again under the open programme: the
   crashed process is closed with handles that mean nothing any more. */
static void go_on(const struct life *life, struct engine *engine)
{
  struct seen before;
  struct seen after;
  int is_repeat = 0;
  assert_ok(decide(engine, life->decisions.count));
  assert_ok(import(engine, life->imports.count, &is_repeat));
  look(engine, &before);
  hs_sim_crash(engine->sim, HS_CRASH_RANDOM);
  hs_programme_close(&engine->programme);
  if (engine_open(engine) != HS_OK)
    fail_msg("seed %llu: %s", (unsigned long long)life->seed, engine->err.text);
  look(engine, &after);
  assert_memory_equal(&before, &after, sizeof before);
  assert_true(after.has_party[life->decisions.count]);
  assert_true(after.import_sequence[life->imports.count] > 0);
}

static void check_image(const struct life *life, uint64_t trace_count, uint64_t image_seed)
{
  struct hs_sim *sim = NULL;
  struct engine engine;
  struct seen seen;
  enum hs_crash how = (enum hs_crash)(image_seed % (HS_CRASH_TORN_LAST + 1));
  assert_ok(hs_sim_replay(life->engine.sim, trace_count, image_seed, how, &sim, NULL));
  engine_init(&engine, sim);
  enum hs_status status = engine_open(&engine);
  if (status != HS_OK && (status != HS_NOT_FOUND || trace_count >= life->created_trace_count))
    fail_msg("seed %llu, cut %llu: %s", (unsigned long long)life->seed,
             (unsigned long long)trace_count, engine.err.text);
  if (status == HS_OK) {
    look(&engine, &seen);
    check_seen(life, &seen, trace_count);
    go_on(life, &engine);
    hs_programme_close(&engine.programme);
    assert_book_is_sound(engine.io, ENGINE_DIRECTORY "/book.sqlite");
    check_checksums(&engine);
  }
  engine_release(&engine);
}

static void check_life(uint64_t seed, uint64_t *refused_count)
{
  struct life life = {.seed = seed, .chance = seed};
  live(&life);
  if (seed % 4 == 0)
    check_replay(&life);
  uint64_t trace_count = hs_sim_trace_count(life.engine.sim);
  check_image(&life, trace_count, seed * 1000003);
  for (uint64_t i = 1; i < IMAGES; i++)
    check_image(&life, test_random(&life.chance) % (trace_count + 1), seed * 1000003 + i);
  *refused_count += life.refused_count;
  engine_release(&life.engine);
}

/* ---- the same again ---- */

struct walk {
  const struct hs_io *io;
  const char *path; /* "" is the root */
  struct hs_blake2b *hasher;
  int *file_count;
};

/* Names and contents of all files, in the order of the names. */
static enum hs_status hash_below(void *context, const char *name, struct hs_err *err)
{
  const struct walk *walk = context;
  char path[256];
  struct hs_file_info info;
  struct hs_hash hash;
  (void)snprintf(path, sizeof path, "%s/%s", walk->path, name);
  assert_ok(walk->io->info(walk->io->self, path, &info, err));
  if (info.is_directory) {
    struct walk below = {walk->io, path, walk->hasher, walk->file_count};
    return walk->io->list(walk->io->self, path, hash_below, &below, err);
  }
  assert_ok(hs_kept_file_hash(walk->io, path, &hash, err));
  hs_blake2b_add(walk->hasher, path, strlen(path) + 1);
  hs_blake2b_add(walk->hasher, hash.bytes, sizeof hash.bytes);
  ++*walk->file_count;
  return HS_OK;
}

static struct hs_hash hash_of_life(uint64_t seed)
{
  struct life life = {.seed = seed, .chance = seed};
  struct hs_blake2b hasher;
  int file_count = 0;
  live(&life);
  struct walk walk = {life.engine.io, "", &hasher, &file_count};
  hs_blake2b_init(&hasher);
  assert_ok(walk.io->list(walk.io->self, "/", hash_below, &walk, NULL));
  assert_true(file_count >= 6); /* configuration, lock, book and its log, segment, watermark */
  engine_release(&life.engine);
  return hs_blake2b_end(&hasher);
}

static void the_same_seed_writes_the_same_bytes([[maybe_unused]] void **state)
{
  for (uint64_t seed = 1; seed <= 8; seed++) {
    struct hs_hash once = hash_of_life(seed);
    struct hs_hash again = hash_of_life(seed);
    struct hs_hash other = hash_of_life(seed + 8);
    assert_true(hs_hash_equal(&once, &again));
    assert_false(hs_hash_equal(&once, &other));
  }
}

/* ---- all of it ---- */

static uint64_t last_seed;

/* Also when an assertion ended it in the middle of a life. */
static int tell_last_seed([[maybe_unused]] void **state)
{
  print_message("the last life was seed %llu (again: HANSA_SEED=%llu HANSA_LIVES=1)\n",
                (unsigned long long)last_seed, (unsigned long long)last_seed);
  return 0;
}

static void an_engine_keeps_its_word_through_every_crash([[maybe_unused]] void **state)
{
  uint64_t life_count = test_number("HANSA_LIVES", 200);
  uint64_t first_seed = test_number("HANSA_SEED", 1);
  uint64_t refused_count = 0;
  for (uint64_t i = 0; i < life_count; i++) {
    last_seed = first_seed + i;
    check_life(last_seed, &refused_count);
  }
  assert_true(refused_count >= life_count / 100);
  print_message("%llu lives, %llu crashes, %llu refusals\n", (unsigned long long)life_count,
                (unsigned long long)(2 * IMAGES * life_count), (unsigned long long)refused_count);
}

int main(void)
{
  hs_log_set(HS_LOG_ERROR, hs_io_real(), NULL, NULL); /* warnings are what is provoked here */
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_same_seed_writes_the_same_bytes),
      cmocka_unit_test_teardown(an_engine_keeps_its_word_through_every_crash, tell_last_seed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
