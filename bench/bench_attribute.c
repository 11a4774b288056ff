/* Credit from a file of a million paths: reading, every rule, exact Markov chains of orders 1 and
   2, Shapley, intervals; the chain of order 4 on PathData. CPU seconds of one core, medians of
   rounds that alternate with the peer.

   bench_attribute [PATHS.csv]   a file of paths; without one, a million paths are drawn by the law
   of gen_synthetic_paths.py, which lies with the reference data. PathData is looked for in the
   folder that HANSA_DATA names (or ../shared/data), and its row says so when it is not there.

   The live peer is DuckDB reading the same file into a table. No R is at hand: its rows are figures
   that ChannelAttribution 2.2.4 was published with on one core of this class of machine, and are
   marked so. */
#include <duckdb.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "intake/path_file.h"
#include "measure/bootstrap.h"
#include "measure/credit.h"
#include "measure/jackknife.h"
#include "stats/random.h"

enum { ROUNDS = 5, REPLICATES = 500, PATHS = 1000000, CHANNELS = 20, STEPS_MAX = 60 };

/* Measured work runs in a process of its own, so that its memory is its own. */
struct figures {
  double seconds; /* user and system, of all threads */
  double mib;     /* largest resident set */
};

struct task {
  const char *path;
  uint32_t order_first, order_last;
  int has_rules;
  enum { POINT, JACKKNIFE, BOOTSTRAP } intervals;
};

static void die(const char *what, const char *why)
{
  (void)fprintf(stderr, "bench_attribute: %s: %s\n", what, why);
  _exit(EXIT_FAILURE);
}

static void must(enum hs_status status, const char *what, const struct hs_err *err)
{
  if (status != HS_OK)
    die(what, err->text);
}

static void settle_file(struct hs_arena *arena, const char *path, struct hs_sample *sample)
{
  struct hs_err err = {0};
  struct hs_source *source = NULL;
  struct hs_path_file file;
  must(hs_source_open(arena, hs_io_real(), path, &source, &err), "open", &err);
  must(hs_path_file_read(arena, source, NULL, NULL, NULL, &file, &err), "read", &err);
  hs_source_close(source);
  const struct hs_paths raw = {.channel_count = file.table.channel_count,
                               .channels = file.table.channels,
                               .path_count = file.table.path_count,
                               .first_step = file.table.first_step,
                               .steps = file.table.steps,
                               .conversions = file.table.conversions,
                               .value = file.table.value,
                               .nulls = file.table.nulls};
  must(hs_paths_settle(arena, &raw, sample, &err), "settle", &err);
}

static void credit_file(const void *context)
{
  const struct task *task = context;
  struct hs_arena arena = {0};
  struct hs_err err = {0};
  struct hs_sample sample;
  struct hs_model models[HS_MODEL_KIND_COUNT + HS_MARKOV_ORDER_MAX];
  struct hs_credit_plan *plan = NULL;
  struct hs_model_credits *credits = NULL;
  size_t count = 0;
  must(hs_arena_init(&arena, 8 * HS_GIB, &err), "memory", &err);
  settle_file(&arena, task->path, &sample);
  for (unsigned kind = HS_MODEL_FIRST; task->has_rules && kind <= HS_MODEL_SHAPLEY; kind++)
    models[count++] = hs_model_default((enum hs_model_kind)kind);
  for (uint32_t order = task->order_first; order <= task->order_last; order++) {
    models[count] = hs_model_default(HS_MODEL_MARKOV);
    models[count++].order = order;
  }
  must(hs_credit_plan_make(&arena, &sample, models, count, &plan, &err), "plan", &err);
  must(hs_credit_estimate(&arena, plan, &credits, &err), "estimate", &err);
  struct hs_bootstrap_options bootstrap = hs_bootstrap_default();
  bootstrap.draws = REPLICATES;
  bootstrap.worker_count = 1;
  if (task->intervals == JACKKNIFE)
    must(hs_jackknife_intervals(&arena, plan, 0.9, credits, &err), "jackknife", &err);
  if (task->intervals == BOOTSTRAP)
    must(hs_bootstrap_intervals(&arena, plan, &bootstrap, credits, &err), "bootstrap", &err);
}

static void read_by_peer(const void *context)
{
  duckdb_database database = NULL;
  duckdb_connection connection = NULL;
  char sql[8192];
  (void)snprintf(sql, sizeof sql, "CREATE TABLE paths AS SELECT * FROM read_csv('%s')",
                 (const char *)context);
  if (duckdb_open(NULL, &database) != DuckDBSuccess ||
      duckdb_connect(database, &connection) != DuckDBSuccess ||
      duckdb_query(connection, "SET threads TO 1", NULL) != DuckDBSuccess ||
      duckdb_query(connection, sql, NULL) != DuckDBSuccess)
    die("DuckDB", "cannot read the file");
  duckdb_disconnect(&connection);
  duckdb_close(&database);
}

static struct figures run_once(void (*work)(const void *), const void *context)
{
  struct rusage usage;
  int state = 0;
  pid_t child = fork();
  if (child == 0) {
    work(context);
    _exit(EXIT_SUCCESS);
  }
  if (child < 0 || wait4(child, &state, 0, &usage) != child || state != 0)
    exit(EXIT_FAILURE);
  return (struct figures){
      (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
          (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
      (double)usage.ru_maxrss / 1024,
  };
}

static int by_seconds(const void *left, const void *right)
{
  const struct figures *a = left;
  const struct figures *b = right;
  return (a->seconds > b->seconds) - (a->seconds < b->seconds);
}

static struct figures median(struct figures *rounds, size_t count)
{
  qsort(rounds, count, sizeof *rounds, by_seconds);
  return rounds[count / 2];
}

/* ---- files ---- */

/* Channels in proportion to (i + 1)^-0.8. */
static void fill_cumulated(double cumulated[CHANNELS])
{
  double sum = 0;
  for (int c = 0; c < CHANNELS; c++)
    cumulated[c] = sum += pow(c + 1, -0.8);
  for (int c = 0; c < CHANNELS; c++)
    cumulated[c] /= sum;
}

static int draw_channel(struct hs_random *rng, const double cumulated[CHANNELS])
{
  double u = hs_random_uniform(rng);
  int channel = 0;
  while (channel + 1 < CHANNELS && u > cumulated[channel])
    channel++;
  return channel;
}

/* 1 to 60 steps, 5.5 in the mean; one path in twelve or so converts, longer ones more often; values
   are log-normal. */
static void write_path(FILE *file, struct hs_random *rng, const double cumulated[CHANNELS])
{
  double drawn = 1 + floor(4.5 * hs_random_exponential(rng));
  int steps = drawn < STEPS_MAX ? (int)drawn : STEPS_MAX;
  for (int i = 0; i < steps; i++)
    (void)fprintf(file, "%schannel%02d", i > 0 ? ">" : "", draw_channel(rng, cumulated));
  int converts = hs_random_uniform(rng) < 0.05 + 0.01 * (steps < 10 ? steps : 10);
  double value = converts ? exp(3.5 + 0.7 * hs_random_normal(rng)) : 0;
  (void)fprintf(file, ",%d,%.2f,%d\n", converts, value, !converts);
}

static void make_paths(const char *path)
{
  double cumulated[CHANNELS];
  struct hs_random rng = hs_random_open(7, 0);
  FILE *file = fopen(path, "w");
  if (file == NULL)
    die(path, "cannot be written");
  fill_cumulated(cumulated);
  (void)fprintf(file, "path,total_conversions,total_conversion_value,total_null\n");
  for (int i = 0; i < PATHS; i++)
    write_path(file, &rng, cumulated);
  if (fclose(file) != 0)
    die(path, "cannot be written");
}

/* ---- rows ---- */

static void print_order_4(void)
{
  char pathdata[4096];
  const char *folder = getenv("HANSA_DATA");
  (void)snprintf(pathdata, sizeof pathdata, "%s/channelattribution_pathdata.csv",
                 folder != NULL ? folder : HANSA_SOURCE_DIR "/../shared/data");
  if (access(pathdata, R_OK) != 0) {
    printf("PathData, Markov 4 | not measured: %s is not here (HANSA_DATA) | 0.5 s\n", pathdata);
    return;
  }
  const struct task order_4 = {pathdata, 4, 4, 0, POINT};
  struct figures rounds[ROUNDS];
  for (size_t r = 0; r < ROUNDS; r++)
    rounds[r] = run_once(credit_file, &order_4);
  struct figures fourth = median(rounds, ROUNDS);
  printf("PathData, Markov 4 (3,975 states), with reading | %.3f s, %.0f MiB | 0.5 s\n",
         fourth.seconds, fourth.mib);
  printf("  peer, published: ChannelAttribution 2.2.4, 3.7 %% error | 0.57 s | -\n");
}

static void print_million(const char *million)
{
  const struct task point = {million, 1, 2, 1, POINT};
  const struct task jackknife = {million, 1, 2, 1, JACKKNIFE};
  const struct task bootstrap = {million, 1, 2, 1, BOOTSTRAP};
  struct figures all[3][ROUNDS];
  for (size_t r = 0; r < ROUNDS; r++) {
    all[0][r] = run_once(credit_file, &point);
    all[1][r] = run_once(read_by_peer, million);
    all[2][r] = run_once(credit_file, &jackknife);
  }
  struct figures ours = median(all[0], ROUNDS);
  struct figures peer = median(all[1], ROUNDS);
  struct figures with_intervals = median(all[2], ROUNDS);
  struct figures replicates = run_once(credit_file, &bootstrap);
  printf("1 M paths: read, rules, Markov 1 and 2, Shapley | %.2f s, %.0f MiB | 1.5 s, 150 MB\n",
         ours.seconds, ours.mib);
  printf("  peer, live: DuckDB only reading the same file | %.2f s, %.0f MiB | -\n", peer.seconds,
         peer.mib);
  printf("  peer, published: ChannelAttribution 2.2.4, 4.6 %% error | 7.9 s, 408 MB | -\n");
  printf("  the same with jackknife intervals | %.2f s, %.0f MiB | -\n", with_intervals.seconds,
         with_intervals.mib);
  printf("  the same with %d bootstrap replicates | %.2f s, %.0f MiB | 10 s\n", REPLICATES,
         replicates.seconds, replicates.mib);
}

int main(int argc, char **argv)
{
  static const char DRAWN[] = HANSA_BINARY_DIR "/bench_paths.csv";
  if (argc < 2)
    make_paths(DRAWN);
  print_million(argc > 1 ? argv[1] : DRAWN);
  print_order_4();
  (void)remove(DRAWN);
  return EXIT_SUCCESS;
}
