/* The trail in memory, shared by the files that store into it, scan it and ask it. For this folder
   alone; what each function does is said in ports/trail.h. */
#ifndef HANSA_ADAPTERS_MEMORY_TRAIL_H
#define HANSA_ADAPTERS_MEMORY_TRAIL_H

#include "adapters/memory/rows.h"
#include "ports/keep.h"

struct trail {
  const struct hs_io *io;
  struct hs_keep keep;
  struct hs_arena arena;   /* rows and conflicts */
  struct hs_arena scratch; /* one question */
  struct hs_cursor cursor;
  struct table tables[HS_EVENT_KIND_COUNT];
  struct conflicts conflicts;
};

/* A cell by the name of its column, which must be one of the kind's. */
static inline const struct cell *cell_of(const struct row *row, enum hs_event_kind kind,
                                         const char *name)
{
  int column = hs_event_column(kind, name);
  HS_ASSERT(column >= 0);
  return &row->cells[column];
}

static inline struct hs_str text_of(const struct row *row, enum hs_event_kind kind,
                                    const char *name)
{
  return cell_of(row, kind, name)->text;
}

static inline int64_t integer_of(const struct row *row, enum hs_event_kind kind, const char *name)
{
  return cell_of(row, kind, name)->integer;
}

static inline hs_person_key key_or_none(struct hs_str id)
{
  return id.data ? hs_person_key_of(id) : 0;
}

static inline int is_in(int64_t at_us, int64_t from_us, int64_t until_us)
{
  return at_us >= from_us && at_us < until_us;
}

/* scan.c */
enum hs_status hs_memory_channels(void *self, struct hs_arena *arena, struct hs_str **names,
                                  size_t *count, struct hs_err *err);
enum hs_status hs_memory_partners(void *self, struct hs_arena *arena, struct hs_str **names,
                                  size_t *count, struct hs_err *err);
enum hs_status hs_memory_scan_touches(void *self, const struct hs_scan *scan,
                                      const struct hs_str *names, size_t name_count,
                                      hs_touch_fn each, void *context, struct hs_err *err);
enum hs_status hs_memory_scan_orders(void *self, const struct hs_scan *scan, hs_order_fn each,
                                     void *context, struct hs_err *err);
enum hs_status hs_memory_new_orders(void *self, const struct hs_order_page *page,
                                    hs_new_order_fn each, void *context, struct hs_err *err);
enum hs_status hs_memory_orders_between(void *self, const struct hs_order_span *span,
                                        hs_new_order_fn each, void *context, struct hs_err *err);
enum hs_status hs_memory_scan_identities(void *self, int64_t until_us, hs_identity_fn each,
                                         void *context, struct hs_err *err);
enum hs_status hs_memory_scan_paths(void *self,
                                    enum hs_status (*each)(void *context, struct hs_str path,
                                                           double conversions, double value,
                                                           double nulls, struct hs_err *err),
                                    void *context, struct hs_err *err);
/* refunds.c */
enum hs_status hs_memory_new_refunds(void *self, uint64_t from_sequence, uint64_t until_sequence,
                                     hs_refund_fn each, void *context, struct hs_err *err);
/* actions.c */
enum hs_status hs_memory_new_actions(void *self, const struct hs_action_page *page,
                                     hs_action_fn each, void *context, struct hs_err *err);
/* network.c */
enum hs_status hs_memory_network_words(void *self, int64_t from_us, int64_t until_us,
                                       hs_network_word_fn each, void *context, struct hs_err *err);
/* beside.c */
enum hs_status hs_memory_rates(void *self, hs_rate_fn each, void *context, struct hs_err *err);
enum hs_status hs_memory_survey_answers(void *self, int64_t from_us, int64_t until_us,
                                        hs_survey_fn each, void *context, struct hs_err *err);
enum hs_status hs_memory_series(void *self, struct hs_str metric, int64_t from_day,
                                int64_t until_day, hs_series_fn each, void *context,
                                struct hs_err *err);
enum hs_status hs_memory_activity_days(void *self, int64_t from_day, int64_t until_day,
                                       hs_activity_fn each, void *context, struct hs_err *err);
enum hs_status hs_memory_links_followed(void *self, int64_t from_us, int64_t until_us,
                                        hs_link_count_fn each, void *context, struct hs_err *err);
/* evidence.c */
enum hs_status hs_memory_evidence(void *self, const struct hs_evidence_ask *ask,
                                  const struct hs_evidence_reader *reader, struct hs_err *err);
/* totals.c */
enum hs_status hs_memory_totals(void *self, int64_t from_us, int64_t until_us, hs_total_fn each,
                                void *context, struct hs_err *err);
enum hs_status hs_memory_conflict_count(void *self, uint64_t *out, struct hs_err *err);
enum hs_status hs_memory_touch_count(void *self, int64_t from_us, int64_t until_us, uint64_t *out,
                                     struct hs_err *err);
enum hs_status hs_memory_stray_refunds(void *self, int64_t from_us, int64_t until_us,
                                       struct hs_stray_refunds *out, struct hs_err *err);
enum hs_status hs_memory_range(void *self, int64_t *first_us, int64_t *last_us, struct hs_err *err);
enum hs_status hs_memory_day_range(void *self, int64_t *first_day, int64_t *last_day,
                                   struct hs_err *err);
/* ask.c */
enum hs_status hs_memory_query(void *self, struct hs_str select, const struct hs_side_table *tables,
                               size_t table_count, const struct hs_result_sink *sink,
                               struct hs_err *err);
void hs_memory_interrupt(void *self);
enum hs_status hs_memory_export_table(void *self, const char *table,
                                      const struct hs_side_table *side,
                                      enum hs_export_format format, const char *path,
                                      uint64_t *row_count, struct hs_err *err);

#endif
