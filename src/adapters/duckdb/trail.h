/* The open trail, shared by the files that store into it, scan it and ask it. For this folder
   alone. */
#ifndef HANSA_ADAPTERS_DUCKDB_TRAIL_H
#define HANSA_ADAPTERS_DUCKDB_TRAIL_H

#include "adapters/duckdb/feed.h"
#include "adapters/duckdb/sieve.h"

struct trail {
  struct hs_duckdb_options options; /* with copies of the texts */
  uint64_t memory_bytes;            /* what it was opened with; options have what holds now */
  struct engine engine; /* closed after a failed store and while somebody asks; see ready */
  struct feed feed;
  struct sieve sieve;    /* the hashes of the run that is being stored */
  struct hs_arena arena; /* texts of statements and small results of one call */
  /* The connection that a query runs on, for interrupt, which other threads call. */
  pthread_mutex_t asking_lock;
  duckdb_connection asking;
};

/* Opens the database when it is not open. Every call begins with it. */
[[nodiscard]] enum hs_status hs_trail_ready(struct trail *trail, struct hs_err *err);
/* Closes the database; the next call opens it again. */
void hs_trail_suspend(struct trail *trail);
/* The statement's text, or HS_NOMEM. */
[[nodiscard]] enum hs_status hs_trail_run(struct trail *trail, const struct hs_buf *sql,
                                          uint64_t *changed, struct hs_err *err);
[[nodiscard]] enum hs_status hs_trail_stream(struct trail *trail, const struct hs_buf *sql,
                                             hs_chunk_fn each, void *context, struct hs_err *err);
/* The first number of the first row. HS_FAILED when the result is empty. */
[[nodiscard]] enum hs_status hs_trail_number(struct trail *trail, const char *sql, int64_t *out,
                                             struct hs_err *err);

/* Moments are years 1 to 9999; bounds beyond that, which callers use for "all", are drawn in to
   where the engine can read them. */
static inline int64_t hs_drawn_in(int64_t at_us)
{
  const int64_t far_us = INT64_C(300000000000000000);
  return at_us < -far_us ? -far_us : at_us > far_us ? far_us : at_us;
}

/* Numbers of frames and rows as the engine has them: no frame lies beyond. */
static inline int64_t hs_drawn_in_count(uint64_t count)
{
  return count < INT64_MAX ? (int64_t)count : INT64_MAX;
}

/* store.c */
enum hs_status hs_trail_store(void *self, const struct hs_load *loads, size_t load_count,
                              const struct hs_cursor *cursor, struct hs_load_counts *counts,
                              struct hs_err *err);
/* scan.c */
enum hs_status hs_trail_channels(void *self, struct hs_arena *arena, struct hs_str **names,
                                 size_t *count, struct hs_err *err);
enum hs_status hs_trail_scan_touches(void *self, const struct hs_scan *scan,
                                     const struct hs_str *names, size_t count, hs_touch_fn each,
                                     void *context, struct hs_err *err);
enum hs_status hs_trail_scan_orders(void *self, const struct hs_scan *scan, hs_order_fn each,
                                    void *context, struct hs_err *err);
/* A chunk whose first columns are those of hs_order_batch, in its order, as such a batch. */
struct order_texts {
  struct hs_str currency[HS_BATCH_ROWS];
  struct hs_str order_id[HS_BATCH_ROWS];
  struct hs_str coupon[HS_BATCH_ROWS];
};
struct hs_order_batch hs_trail_order_batch(struct order_texts *texts, duckdb_data_chunk chunk);
enum hs_status hs_trail_scan_identities(void *self, int64_t until_us, hs_identity_fn each,
                                        void *context, struct hs_err *err);
enum hs_status hs_trail_scan_paths(void *self,
                                   enum hs_status (*each)(void *context, struct hs_str path,
                                                          double conversions, double value,
                                                          double nulls, struct hs_err *err),
                                   void *context, struct hs_err *err);
enum hs_status hs_trail_partners(void *self, struct hs_arena *arena, struct hs_str **names,
                                 size_t *count, struct hs_err *err);
/* judge.c */
enum hs_status hs_trail_new_orders(void *self, const struct hs_order_page *page,
                                   hs_new_order_fn each, void *context, struct hs_err *err);
enum hs_status hs_trail_orders_between(void *self, const struct hs_order_span *span,
                                       hs_new_order_fn each, void *context, struct hs_err *err);
enum hs_status hs_trail_new_refunds(void *self, uint64_t from_sequence, uint64_t until_sequence,
                                    hs_refund_fn each, void *context, struct hs_err *err);
/* actions.c */
enum hs_status hs_trail_new_actions(void *self, const struct hs_action_page *page,
                                    hs_action_fn each, void *context, struct hs_err *err);
/* network.c */
enum hs_status hs_trail_network_words(void *self, int64_t from_us, int64_t until_us,
                                      hs_network_word_fn each, void *context, struct hs_err *err);
/* beside.c */
enum hs_status hs_trail_rates(void *self, hs_rate_fn each, void *context, struct hs_err *err);
enum hs_status hs_trail_survey_answers(void *self, int64_t from_us, int64_t until_us,
                                       hs_survey_fn each, void *context, struct hs_err *err);
enum hs_status hs_trail_series(void *self, struct hs_str metric, int64_t from_day,
                               int64_t until_day, hs_series_fn each, void *context,
                               struct hs_err *err);
enum hs_status hs_trail_activity_days(void *self, int64_t from_day, int64_t until_day,
                                      hs_activity_fn each, void *context, struct hs_err *err);
enum hs_status hs_trail_links_followed(void *self, int64_t from_us, int64_t until_us,
                                       hs_link_count_fn each, void *context, struct hs_err *err);
/* evidence.c */
enum hs_status hs_trail_evidence(void *self, const struct hs_evidence_ask *ask,
                                 const struct hs_evidence_reader *reader, struct hs_err *err);
/* totals.c */
enum hs_status hs_trail_touch_count(void *self, int64_t from_us, int64_t until_us, uint64_t *out,
                                    struct hs_err *err);
enum hs_status hs_trail_totals(void *self, int64_t from_us, int64_t until_us, hs_total_fn each,
                               void *context, struct hs_err *err);
enum hs_status hs_trail_conflict_count(void *self, uint64_t *out, struct hs_err *err);
enum hs_status hs_trail_stray_refunds(void *self, int64_t from_us, int64_t until_us,
                                      struct hs_stray_refunds *out, struct hs_err *err);
enum hs_status hs_trail_range(void *self, int64_t *first_us, int64_t *last_us, struct hs_err *err);
enum hs_status hs_trail_day_range(void *self, int64_t *first_day, int64_t *last_day,
                                  struct hs_err *err);
/* ask.c */
enum hs_status hs_trail_query(void *self, struct hs_str select, const struct hs_side_table *tables,
                              size_t table_count, const struct hs_result_sink *sink,
                              struct hs_err *err);
enum hs_status hs_trail_export_table(void *self, const char *table,
                                     const struct hs_side_table *side, enum hs_export_format format,
                                     const char *path, uint64_t *row_count, struct hs_err *err);
void hs_trail_interrupt(void *self);

#endif
