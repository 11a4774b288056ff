#include "service/demo/demo.h"

#include <stdio.h>

#include "intake/csv.h"
#include "service/demo/demo_agreed.h"
#include "service/demo/demo_joint.h"
#include "service/demo/simulate.h"
#include "service/track/import.h"
#include "service/track/state.h"

#define MARK_BYTES 64
#define ROWS_MAX 256 /* of partners, links or coupons: the simulator makes 30, 90 and some */

struct making {
  const struct hs_wiring *wiring;
  struct hs_arena *arena;
  const struct hs_demo_options *options;
  const struct hs_demo_watch *watch;
  const char *stage; /* what progress is about */
  struct hs_programme programme;
  char mark[MARK_BYTES]; /* the setting that tells a demonstration, and which */
};

static void show(const struct making *making, uint64_t done, uint64_t total)
{
  making->watch->progress(making->watch->context, making->stage, done, total);
}

/* ---- the programme ---- */

static enum hs_status create_when_missing(const struct making *making, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  struct hs_file_info info;
  const struct hs_io *io = making->wiring->io;
  int length = snprintf(path, sizeof path, "%s/hansa.conf", making->options->directory);
  if (length >= (int)sizeof path)
    return hs_fail(err, HS_USAGE, "the data directory's path is too long: %s",
                   making->options->directory);
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status != HS_NOT_FOUND)
    return status;
  struct hs_programme_options options = {
      .currency = HS_STR("EUR"), .time_zone = HS_STR("UTC"), .demo = hs_str_of(making->mark)};
  return hs_programme_create(making->wiring, making->options->directory, &options, err);
}

/* Synthetic rows never go into a programme that was not made for them. */
static enum hs_status check_mark(const struct making *making, struct hs_err *err)
{
  struct hs_str mark = {0};
  const struct hs_programme *programme = &making->programme;
  const struct hs_book *book = &programme->book;
  enum hs_status status = book->setting(book->self, making->arena, HS_STR("demo"),
                                        programme->io->now_us(programme->io->self), &mark, err);
  if (status != HS_OK || hs_str_equal(mark, hs_str_of(making->mark)))
    return status;
  if (mark.data == NULL)
    return hs_fail(err, HS_CONFLICT,
                   "%s holds a programme that is no demonstration; choose a directory that is "
                   "empty or missing",
                   programme->directory);
  return hs_fail(err, HS_CONFLICT,
                 "%s holds the demonstration of %.*s, not of %s; ask for that one or choose "
                 "another directory",
                 programme->directory, HS_STR_ARG(mark), making->mark);
}

static void catching_up(void *context, uint64_t sequence, uint64_t until_sequence)
{
  struct making *making = context;
  making->stage = "catching up with the journal";
  show(making, sequence, until_sequence);
}

/* ---- the simulated files ---- */

static void file_path(const struct making *making, enum hs_market_file file, const char *suffix,
                      char out[HS_PATH_BYTES])
{
  char name[64];
  int length =
      snprintf(name, sizeof name, HS_DEMO_FILES "/%s%s", hs_market_file_name(file), suffix);
  HS_ASSERT(length > 0 && length < (int)sizeof name);
  hs_programme_path(&making->programme, name, out);
}

static int market_step(void *context, [[maybe_unused]] const char *phase, uint64_t done,
                       uint64_t total)
{
  const struct making *making = context;
  show(making, done, total);
  return *making->watch->interrupt != 0;
}

/* A truth.json stands beside whole files only (service/demo/simulate.h). */
static enum hs_status simulate_when_missing(struct making *making, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  struct hs_file_info info;
  struct hs_market_truth truth;
  const struct hs_io *io = making->wiring->io;
  file_path(making, HS_MARKET_TRUTH, "", path);
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status != HS_NOT_FOUND)
    return status;
  const struct hs_market_options options = {.seed = making->options->seed,
                                            .months = making->options->months};
  const struct hs_market_watch watch = {making, market_step};
  size_t mark = hs_arena_mark(making->arena);
  making->stage = "simulating customers and partners";
  hs_programme_path(&making->programme, HS_DEMO_FILES, path);
  status = hs_simulate_to_directory(&options, io, path, &watch, making->arena, &truth, err);
  hs_arena_reset(making->arena, mark);
  return status;
}

/* ---- partners, links and coupons ---- */

struct table {
  struct hs_str (*rows)[3]; /* the first three columns of each row */
  size_t count;
};

static enum hs_status take_row(struct making *making, const struct hs_csv_row *csv,
                               const char *path, struct table *table, struct hs_err *err)
{
  if (csv->problem != NULL || csv->field_count < 2 || table->count == ROWS_MAX)
    return hs_fail(err, HS_CORRUPT, "%s, line %llu is not what the simulator writes", path,
                   (unsigned long long)csv->line);
  for (size_t i = 0; i < 3 && i < csv->field_count; i++) {
    char *copy = hs_arena_copy(making->arena, csv->fields[i].data, csv->fields[i].length);
    if (copy == NULL)
      return hs_arena_full(making->arena, path, err);
    table->rows[table->count][i] = (struct hs_str){copy, csv->fields[i].length};
  }
  table->count++;
  return HS_OK;
}

static enum hs_status read_table(struct making *making, enum hs_market_file file,
                                 struct table *table, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  struct hs_csv *csv = NULL;
  struct hs_csv_row row;
  struct hs_source *source = NULL;
  file_path(making, file, "", path);
  *table = (struct table){.rows = hs_arena_alloc(making->arena, ROWS_MAX, sizeof *table->rows)};
  if (table->rows == NULL)
    return hs_arena_full(making->arena, "the demonstration's partners", err);
  enum hs_status status = hs_source_open(making->arena, making->wiring->io, path, &source, err);
  if (status == HS_OK)
    status = hs_csv_open(making->arena, source, NULL, &csv, err);
  if (status == HS_OK)
    status = hs_csv_next(csv, &row, err); /* the header */
  while (status == HS_OK && (status = hs_csv_next(csv, &row, err)) == HS_OK)
    status = take_row(making, &row, path, table, err);
  hs_source_close(source);
  return status == HS_END ? HS_OK : status;
}

static enum hs_status add_rows(struct making *making, const struct table *parties,
                               const struct table *links, const struct table *coupons,
                               struct hs_err *err)
{
  struct hs_party party_rows[ROWS_MAX] = {0};
  struct hs_link link_rows[ROWS_MAX] = {0};
  struct hs_coupon coupon_rows[ROWS_MAX] = {0};
  for (size_t i = 0; i < parties->count; i++)
    party_rows[i] = (struct hs_party){.name = parties->rows[i][0],
                                      .title = parties->rows[i][1],
                                      .kind = parties->rows[i][2],
                                      .enrolment = HS_STR("approved")};
  for (size_t i = 0; i < links->count; i++)
    link_rows[i] = (struct hs_link){
        .name = links->rows[i][0], .party = links->rows[i][1], .target = links->rows[i][2]};
  for (size_t i = 0; i < coupons->count; i++)
    coupon_rows[i] = (struct hs_coupon){.code = coupons->rows[i][0],
                                        .party = coupons->rows[i][1],
                                        .valid_from_us = INT64_MIN,
                                        .valid_until_us = INT64_MAX};
  const struct hs_state_rows rows = {party_rows,   parties->count, link_rows,
                                     links->count, coupon_rows,    coupons->count};
  return hs_state_add(&making->programme, &rows, err);
}

static enum hs_status register_partners(struct making *making, struct hs_err *err)
{
  struct table parties;
  struct table links;
  struct table coupons;
  size_t mark = hs_arena_mark(making->arena);
  making->stage = "entering partners, links and coupons";
  show(making, 0, 0);
  enum hs_status status = read_table(making, HS_MARKET_PARTNERS, &parties, err);
  if (status == HS_OK)
    status = read_table(making, HS_MARKET_LINKS, &links, err);
  if (status == HS_OK)
    status = read_table(making, HS_MARKET_COUPONS, &coupons, err);
  if (status == HS_OK)
    status = add_rows(making, &parties, &links, &coupons, err);
  hs_arena_reset(making->arena, mark);
  return status;
}

/* ---- events ---- */

static const struct {
  enum hs_event_kind kind;
  enum hs_market_file file;
  const char *stage;
} IMPORTS[] = {
    {HS_EVENT_TOUCH, HS_MARKET_TOUCHES, "importing touchpoints"},
    {HS_EVENT_ORDER, HS_MARKET_ORDERS, "importing orders"},
    {HS_EVENT_REFUND, HS_MARKET_REFUNDS, "importing refunds"},
    {HS_EVENT_LEAD, HS_MARKET_LEADS, "importing leads"},
    {HS_EVENT_IDENTITY, HS_MARKET_IDENTITIES, "importing identities"},
    {HS_EVENT_SERIES, HS_MARKET_SERIES, "importing market figures"},
    {HS_EVENT_COST, HS_MARKET_COSTS, "importing costs"},
    {HS_EVENT_ACTIVITY, HS_MARKET_ACTIVITY, "importing activity"},
    {HS_EVENT_SURVEY, HS_MARKET_SURVEYS, "importing survey answers"},
};
#define IMPORT_COUNT (sizeof IMPORTS / sizeof *IMPORTS)

static void import_progress(void *context, uint64_t done, uint64_t total)
{
  show(context, done, total);
}

static enum hs_status import_files(struct making *making, int *was_complete, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  *was_complete = 1;
  for (size_t i = 0; i < IMPORT_COUNT && status == HS_OK; i++) {
    char path[HS_PATH_BYTES];
    char rejects[HS_PATH_BYTES];
    struct hs_import_result result;
    size_t mark = hs_arena_mark(making->arena);
    file_path(making, IMPORTS[i].file, "", path);
    file_path(making, IMPORTS[i].file, ".rejects.csv", rejects);
    making->stage = IMPORTS[i].stage;
    show(making, 0, 0);
    const struct hs_import_options options = {.rejects_path = rejects,
                                              .intake = {.kind = IMPORTS[i].kind,
                                                         .path = path,
                                                         .slot_count = 2,
                                                         .context = making,
                                                         .progress = import_progress,
                                                         .interrupt = making->watch->interrupt}};
    status = hs_import_run(&making->programme, making->arena, &options, &result, err);
    *was_complete &= result.is_repeat;
    hs_arena_reset(making->arena, mark);
  }
  return status;
}

/* ---- what is owed ---- */

/* The customer who used a partner's code first. 1 once it is found, in the arena. */
static int take_own(const struct hs_csv_row *row, const struct table *coupons,
                    struct hs_str *partner, struct hs_str *customer)
{
  enum { COUPON = 5, CUSTOMER = 6 }; /* of the simulator's orders */
  if (row->field_count <= CUSTOMER || row->fields[CUSTOMER].length == 0)
    return 0;
  for (size_t i = 0; i < coupons->count; i++)
    if (hs_str_equal(row->fields[COUPON], coupons->rows[i][0])) {
      *partner = coupons->rows[i][1];
      *customer = row->fields[CUSTOMER];
      return 1;
    }
  return 0;
}

/* It is the partner itself, by its own word: so that the demonstration has a self-referral. */
static enum hs_status declare_own(struct making *making, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  struct table coupons;
  struct hs_csv *csv = NULL;
  struct hs_csv_row row;
  struct hs_source *source = NULL;
  struct hs_str partner;
  struct hs_str customer;
  file_path(making, HS_MARKET_ORDERS, "", path);
  enum hs_status status = read_table(making, HS_MARKET_COUPONS, &coupons, err);
  if (status == HS_OK)
    status = hs_source_open(making->arena, making->wiring->io, path, &source, err);
  if (status == HS_OK)
    status = hs_csv_open(making->arena, source, NULL, &csv, err);
  while (status == HS_OK && (status = hs_csv_next(csv, &row, err)) == HS_OK)
    if (take_own(&row, &coupons, &partner, &customer)) {
      status = hs_demo_own(&making->programme, partner, customer, err);
      break;
    }
  hs_source_close(source);
  return status == HS_END ? HS_OK : status;
}

/* Before the events, which are judged by it. */
static enum hs_status sign_agreements(struct making *making, struct hs_err *err)
{
  making->stage = "signing agreements";
  show(making, 0, 0);
  size_t mark = hs_arena_mark(making->arena);
  enum hs_status status = hs_demo_agree(&making->programme, err);
  if (status == HS_OK)
    status = declare_own(making, err);
  hs_arena_reset(making->arena, mark);
  return status;
}

static enum hs_status settle(struct making *making, struct hs_err *err)
{
  making->stage = "posting what is owed";
  show(making, 0, 0);
  enum hs_status status = hs_demo_settle(&making->programme, err);
  if (status != HS_OK)
    return status;
  making->stage = "writing joint P&Ls";
  show(making, 0, 0);
  return hs_demo_joint(&making->programme, err);
}

/* ---- all of it ---- */

enum hs_status hs_demo_open(const struct hs_wiring *wiring, struct hs_arena *arena,
                            const struct hs_demo_options *options,
                            const struct hs_demo_watch *watch, struct hs_demo *out,
                            struct hs_err *err)
{
  struct making making = {.wiring = wiring,
                          .arena = arena,
                          .options = options,
                          .watch = watch,
                          .programme = {.lock = -1}};
  int was_complete = 0;
  (void)snprintf(making.mark, sizeof making.mark, "seed %llu and %d %s",
                 (unsigned long long)options->seed, (int)options->months,
                 hs_plural((uint64_t)options->months, "month", "months"));
  enum hs_status status = create_when_missing(&making, err);
  if (status == HS_OK)
    status = hs_programme_open(wiring, arena, options->directory, catching_up, &making,
                               &making.programme, err);
  if (status == HS_OK)
    status = check_mark(&making, err);
  if (status == HS_OK)
    status = simulate_when_missing(&making, err);
  if (status == HS_OK)
    status = register_partners(&making, err);
  if (status == HS_OK)
    status = sign_agreements(&making, err);
  if (status == HS_OK)
    status = import_files(&making, &was_complete, err);
  if (status == HS_OK)
    status = settle(&making, err);
  if (status == HS_OK)
    *out = (struct hs_demo){making.programme, was_complete};
  else
    hs_programme_close(&making.programme);
  return status;
}
