/* A simulated market held in memory, and a reader of the tables that it wrote. */
#ifndef HANSA_TESTS_MARKET_FILES_H
#define HANSA_TESTS_MARKET_FILES_H

#include "market/market.h"

struct market_files {
  struct hs_arena arena; /* of the simulator */
  struct hs_arena text_arena;
  struct hs_buf text[HS_MARKET_FILE_COUNT];
  struct hs_market_truth truth;
};

/* Runs the market and keeps every file. Fails the test when the run fails. */
void market_files_make(struct market_files *files, uint64_t seed, int32_t months, int32_t people);
/* The same with a partner that begins half-way through (struct hs_market_options). */
void market_files_make_late(struct market_files *files, uint64_t seed, int32_t months,
                            int32_t people, const char *late);
void market_files_release(struct market_files *files);

#define MARKET_CELLS_MAX 24
#define MARKET_CELL_BYTES 256
/* A row of a CSV: cells without their quotes, terminated. */
struct market_row {
  size_t count;
  char cells[MARKET_CELLS_MAX][MARKET_CELL_BYTES];
};
/* Takes the next row off *rest; 0 at the end. */
int market_row_next(struct hs_str *rest, struct market_row *row);

#endif
