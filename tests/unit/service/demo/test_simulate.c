/* Proves that a simulated programme lands in its directory whole or not as a whole one, and that
   nobody else's files are touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/io_sim.h"
#include "service/demo/simulate.h"

static const struct hs_market_options SMALL = {.seed = 5, .months = 1, .people = 300};

struct machine {
  struct hs_sim *sim;
  const struct hs_io *io;
};

static struct machine machine_make(void)
{
  struct machine machine = {0};
  const struct hs_sim_options options = {.seed = 1};
  assert_int_equal(hs_sim_open(&options, &machine.sim, NULL), HS_OK);
  machine.io = hs_sim_io(machine.sim);
  return machine;
}

static enum hs_status simulate(const struct machine *machine, const char *directory,
                               struct hs_market_truth *truth, struct hs_err *err)
{
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, HS_GIB, err), HS_OK);
  enum hs_status status =
      hs_simulate_to_directory(&SMALL, machine->io, directory, NULL, &arena, truth, err);
  hs_arena_release(&arena);
  return status;
}

static enum hs_status size_of(const struct machine *machine, enum hs_market_file file,
                              uint64_t *bytes)
{
  char path[128];
  struct hs_file_info info;
  snprintf(path, sizeof path, "/world/%s", hs_market_file_name(file));
  enum hs_status status = machine->io->info(machine->io->self, path, &info, NULL);
  if (status == HS_OK)
    *bytes = info.size_bytes;
  return status;
}

static void every_file_is_written_and_a_second_run_replaces_it([[maybe_unused]] void **state)
{
  struct machine machine = machine_make();
  struct hs_market_truth truth;
  uint64_t first[HS_MARKET_FILE_COUNT], second = 0;
  assert_int_equal(simulate(&machine, "/world", &truth, NULL), HS_OK);
  for (int i = 0; i < HS_MARKET_FILE_COUNT; i++) {
    assert_int_equal(size_of(&machine, (enum hs_market_file)i, &first[i]), HS_OK);
    assert_true(first[i] > 0);
  }
  assert_int_equal(simulate(&machine, "/world", &truth, NULL), HS_OK);
  for (int i = 0; i < HS_MARKET_FILE_COUNT; i++) {
    assert_int_equal(size_of(&machine, (enum hs_market_file)i, &second), HS_OK);
    assert_int_equal(second, first[i]);
  }
  hs_sim_close(machine.sim);
}

static void files_of_others_are_left_alone([[maybe_unused]] void **state)
{
  struct machine machine = machine_make();
  const struct hs_io *io = machine.io;
  struct hs_market_truth truth;
  struct hs_err err = {0};
  assert_int_equal(io->make_directory(io->self, "/world", NULL), HS_OK);
  assert_int_equal(hs_io_replace_file(io, "/world/orders.csv", "mine", 4, NULL), HS_OK);
  assert_int_equal(simulate(&machine, "/world", &truth, &err), HS_CONFLICT);
  assert_string_equal(err.text, "/world holds files that the simulator did not write; give it an "
                                "empty directory");
  uint64_t bytes = 0;
  assert_int_equal(size_of(&machine, HS_MARKET_ORDERS, &bytes), HS_OK);
  assert_int_equal(bytes, 4);
  hs_sim_close(machine.sim);
}

/* Whichever disk call fails, the run says so, and either no truth.json stands there or the run had
   written all of it. */
static void a_failing_disk_leaves_no_truth_behind([[maybe_unused]] void **state)
{
  enum hs_status status = HS_IO;
  uint64_t failures = 0;
  for (uint64_t call = 0; status != HS_OK; call++) {
    struct machine machine = machine_make();
    struct hs_market_truth truth;
    struct hs_err err = {0};
    hs_sim_fail_at(machine.sim, call, HS_FULL);
    status = simulate(&machine, "/world", &truth, &err);
    uint64_t bytes = 0;
    if (status != HS_OK) {
      assert_true(err.text[0] != 0);
      failures++;
      if (size_of(&machine, HS_MARKET_TRUTH_PARTNERS, &bytes) != HS_OK)
        assert_int_equal(size_of(&machine, HS_MARKET_TRUTH, &bytes), HS_NOT_FOUND);
    }
    hs_sim_close(machine.sim);
  }
  assert_true(failures > 3 * HS_MARKET_FILE_COUNT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_file_is_written_and_a_second_run_replaces_it),
      cmocka_unit_test(files_of_others_are_left_alone),
      cmocka_unit_test(a_failing_disk_leaves_no_truth_behind),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
