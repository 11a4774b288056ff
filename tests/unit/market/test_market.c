/* Proves the simulator's contract: its options, its sink, its memory, its files' shape, and the law
   that makes its counterfactuals true: leaving a partner out moves no other draw. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "market/market_priv.h"
#include "ports/events.h"
#include "support/market_files.h"

static enum hs_status drop([[maybe_unused]] void *context,
                           [[maybe_unused]] enum hs_market_file file,
                           [[maybe_unused]] struct hs_str piece,
                           [[maybe_unused]] struct hs_err *err)
{
  return HS_OK;
}

static const struct hs_market_sink NOWHERE = {NULL, drop};

static enum hs_status run_in(size_t capacity, const struct hs_market_options *options,
                             const struct hs_market_sink *sink, const struct hs_market_watch *watch,
                             struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct hs_market_truth truth;
  assert_int_equal(hs_arena_init(&arena, capacity, err), HS_OK);
  enum hs_status status = hs_market_run(options, sink, watch, &arena, &truth, err);
  hs_arena_release(&arena);
  return status;
}

static void options_out_of_range_are_named([[maybe_unused]] void **state)
{
  static const struct {
    struct hs_market_options options;
    const char *words;
  } BAD[] = {
      {{.seed = 1, .months = 0}, "months must be 1 to 60, got 0"},
      {{.seed = 1, .months = 61}, "months must be 1 to 60, got 61"},
      {{.seed = 1, .months = 1, .people = 99}, "people must be 100 to 1000000, got 99"},
      {{.seed = 1, .months = 1, .people = -1}, "people must be 100 to 1000000, got -1"},
  };
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
    struct hs_err err = {0};
    assert_int_equal(run_in(HS_MIB, &BAD[i].options, &NOWHERE, NULL, &err), HS_USAGE);
    assert_string_equal(err.text, BAD[i].words);
  }
}

static void the_same_options_give_the_same_bytes([[maybe_unused]] void **state)
{
  struct market_files first, second, other;
  market_files_make(&first, 7, 2, 3000);
  market_files_make(&second, 7, 2, 3000);
  market_files_make(&other, 8, 2, 3000);
  for (size_t i = 0; i < HS_MARKET_FILE_COUNT; i++)
    assert_true(hs_str_equal(hs_buf_str(&first.text[i]), hs_buf_str(&second.text[i])));
  assert_false(hs_str_equal(hs_buf_str(&first.text[HS_MARKET_TOUCHES]),
                            hs_buf_str(&other.text[HS_MARKET_TOUCHES])));
  market_files_release(&first);
  market_files_release(&second);
  market_files_release(&other);
}

/* The import takes the files as they are: the header names canonical columns in their order, those
   that a row needs among them, and every row has a cell for each. */
static void columns_are_the_canonical_ones([[maybe_unused]] void **state)
{
  static const struct {
    enum hs_market_file file;
    enum hs_event_kind kind;
  } FILES[] = {
      {HS_MARKET_TOUCHES, HS_EVENT_TOUCH},       {HS_MARKET_ORDERS, HS_EVENT_ORDER},
      {HS_MARKET_REFUNDS, HS_EVENT_REFUND},      {HS_MARKET_LEADS, HS_EVENT_LEAD},
      {HS_MARKET_IDENTITIES, HS_EVENT_IDENTITY}, {HS_MARKET_SERIES, HS_EVENT_SERIES},
      {HS_MARKET_COSTS, HS_EVENT_COST},          {HS_MARKET_ACTIVITY, HS_EVENT_ACTIVITY},
      {HS_MARKET_SURVEYS, HS_EVENT_SURVEY},
  };
  struct market_files files;
  market_files_make(&files, 3, 2, 3000);
  for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
    const struct hs_event_spec *spec = hs_event_spec(FILES[i].kind);
    struct hs_str rest = hs_buf_str(&files.text[FILES[i].file]);
    struct market_row row;
    assert_true(market_row_next(&rest, &row));
    size_t column_count = row.count;
    size_t found = 0;
    for (size_t c = 0; c < spec->column_count; c++)
      if (found < column_count && strcmp(row.cells[found], spec->columns[c].name) == 0)
        found++;
      else
        assert_false(spec->columns[c].rules & HS_COLUMN_REQUIRED);
    assert_int_equal(found, column_count);
    size_t rows = 0;
    for (; market_row_next(&rest, &row); rows++)
      assert_int_equal(row.count, column_count);
    assert_true(rows > 0);
  }
  market_files_release(&files);
}

static void the_truth_says_that_it_is_synthetic_and_what_the_struct_says([[maybe_unused]] void **s)
{
  struct market_files files;
  market_files_make(&files, 3, 2, 3000);
  struct hs_str text = hs_buf_str(&files.text[HS_MARKET_TRUTH]);
  json_t *root = json_loadb(text.data, text.length, 0, NULL);
  assert_non_null(root);
  assert_true(json_is_true(json_object_get(root, "synthetic")));
  json_t *orders = json_object_get(json_object_get(root, "totals"), "orders");
  assert_int_equal(json_integer_value(json_object_get(orders, "amount_minor")),
                   files.truth.orders.amount_minor);
  json_t *partners = json_object_get(root, "partners");
  assert_int_equal(json_array_size(partners), files.truth.partner_count);
  for (size_t i = 0; i < files.truth.partner_count; i++) {
    json_t *partner = json_array_get(partners, i);
    json_t *incremental = json_object_get(partner, "incremental");
    assert_string_equal(json_string_value(json_object_get(partner, "partner")),
                        files.truth.partners[i].partner);
    assert_int_equal(json_integer_value(json_object_get(incremental, "orders")),
                     files.truth.partners[i].total.incremental.orders);
  }
  json_decref(root);
  static const char MARK[] = "Synthetic data made by hansa simulate.";
  assert_memory_equal(files.text[HS_MARKET_README].data, MARK, sizeof MARK - 1);
  market_files_release(&files);
}

static enum hs_status refuse_orders([[maybe_unused]] void *context, enum hs_market_file file,
                                    [[maybe_unused]] struct hs_str piece, struct hs_err *err)
{
  return file == HS_MARKET_ORDERS ? hs_fail(err, HS_FULL, "the disk is full") : HS_OK;
}

static void a_failing_sink_ends_the_run([[maybe_unused]] void **state)
{
  const struct hs_market_options options = {.seed = 1, .months = 1, .people = 500};
  const struct hs_market_sink sink = {NULL, refuse_orders};
  struct hs_err err = {0};
  assert_int_equal(run_in(HS_GIB, &options, &sink, NULL, &err), HS_FULL);
  assert_string_equal(err.text, "the disk is full");
}

struct patience {
  uint64_t steps;
  uint64_t limit;
};

static int stop_after(void *context, [[maybe_unused]] const char *phase,
                      [[maybe_unused]] uint64_t done, [[maybe_unused]] uint64_t total)
{
  struct patience *patience = context;
  return patience->steps++ >= patience->limit;
}

static void a_run_can_be_stopped_at_every_step([[maybe_unused]] void **state)
{
  const struct hs_market_options options = {.seed = 1, .months = 1, .people = 5000};
  enum hs_status status = HS_INTERRUPTED;
  uint64_t limit = 0;
  for (; status == HS_INTERRUPTED; limit++) {
    struct patience patience = {.limit = limit};
    const struct hs_market_watch watch = {&patience, stop_after};
    struct hs_err err = {0};
    status = run_in(HS_GIB, &options, &NOWHERE, &watch, &err);
  }
  assert_int_equal(status, HS_OK);
  assert_true(limit > 5);
}

/* Steps of a tenth: a run of the smallest world makes some hundred requests of very different
   sizes, and one byte at a time would repeat each of them a million times. */
static void too_little_memory_is_said_at_every_size([[maybe_unused]] void **state)
{
  const struct hs_market_options options = {.seed = 1, .months = 1, .people = 100};
  enum hs_status status = HS_NOMEM;
  size_t failures = 0;
  for (size_t capacity = 1; status == HS_NOMEM; capacity += capacity / 10 + 1, failures++) {
    assert_true(capacity < 64 * HS_MIB);
    struct hs_err err = {0};
    status = run_in(capacity, &options, &NOWHERE, NULL, &err);
    assert_true(status != HS_NOMEM || err.text[0] != 0);
  }
  assert_int_equal(status, HS_OK);
  assert_true(failures > 20);
}

static size_t contacts_without(const struct person *person, uint8_t partner, struct contact *out)
{
  size_t count = 0;
  for (size_t i = 0; i < person->contact_count; i++)
    if (person->contacts[i].partner != partner)
      out[count++] = person->contacts[i];
  return count;
}

/* A world in which the partner never was is drawn from nothing again; what is left of the person
   must be the same to the bit, and so must the decisions be that the counterfactual took from the
   world with it. */
static void leaving_a_partner_out_moves_nothing_else([[maybe_unused]] void **state)
{
  const struct hs_market_options options = {.seed = 11, .months = 6, .people = 400};
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, HS_GIB, NULL), HS_OK);
  struct world *with = hs_arena_alloc(&arena, 1, sizeof *with);
  struct world *without = hs_arena_alloc(&arena, 1, sizeof *without);
  assert_int_equal(hs_market_world_build(&options, &arena, with, NULL), HS_OK);
  size_t max = hs_market_contacts_max(with);
  struct person full = {.contacts = hs_arena_alloc(&arena, max, sizeof(struct contact))};
  struct person left = {.contacts = hs_arena_alloc(&arena, max, sizeof(struct contact))};
  struct contact *rest = hs_arena_alloc(&arena, max, sizeof *rest);
  for (uint8_t partner = 0; partner < with->partner_count; partner++) {
    *without = *with;
    without->partners[partner].profile.member = 0;
    for (uint32_t i = 0; i < with->people; i++) {
      hs_market_person_draw(with, i, &full);
      hs_market_person_draw(without, i, &left);
      size_t count = contacts_without(&full, partner, rest);
      assert_int_equal(left.contact_count, count);
      assert_memory_equal(left.contacts, rest, count * sizeof *rest);
      struct outcome cut, never;
      hs_market_decide(with, &full, UINT64_C(1) << partner, &cut);
      hs_market_decide(without, &left, 0, &never);
      assert_memory_equal(cut.is_bought, never.is_bought, full.need_count);
    }
  }
  hs_arena_release(&arena);
}

static void counts_follow_poisson([[maybe_unused]] void **state)
{
  /* e^-2 = .135335, e^-2·3 = .406006: the first two steps of the distribution with mean 2. */
  assert_int_equal(hs_market_poisson(.135, 2, 9), 0);
  assert_int_equal(hs_market_poisson(.136, 2, 9), 1);
  assert_int_equal(hs_market_poisson(.406, 2, 9), 1);
  assert_int_equal(hs_market_poisson(.407, 2, 9), 2);
  assert_int_equal(hs_market_poisson(.9999999, 2, 9), 9);
  assert_int_equal(hs_market_poisson(.5, 0, 9), 0);
}

static void names_are_one_to_one([[maybe_unused]] void **state)
{
  enum { SUBJECTS = 60, ORDINALS = 60 };
  static char names[2 * SUBJECTS * ORDINALS][NAME_TEXT];
  size_t count = 0;
  for (uint32_t subject = 0; subject < SUBJECTS; subject++)
    for (uint32_t ordinal = 0; ordinal < ORDINALS; ordinal++) {
      hs_market_name('v', hs_market_code(subject, SLOT_PHONE, ordinal), names[count++]);
      hs_market_name('v', hs_market_code(subject, SLOT_LAPTOP, ordinal), names[count++]);
    }
  qsort(names, count, NAME_TEXT, (int (*)(const void *, const void *))strcmp);
  for (size_t i = 1; i < count; i++)
    assert_string_not_equal(names[i - 1], names[i]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(options_out_of_range_are_named),
      cmocka_unit_test(the_same_options_give_the_same_bytes),
      cmocka_unit_test(columns_are_the_canonical_ones),
      cmocka_unit_test(the_truth_says_that_it_is_synthetic_and_what_the_struct_says),
      cmocka_unit_test(a_failing_sink_ends_the_run),
      cmocka_unit_test(a_run_can_be_stopped_at_every_step),
      cmocka_unit_test(too_little_memory_is_said_at_every_size),
      cmocka_unit_test(leaving_a_partner_out_moves_nothing_else),
      cmocka_unit_test(counts_follow_poisson),
      cmocka_unit_test(names_are_one_to_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
