/* The inside of a reader, for this folder alone: slots that each turn a block of records into a
   batch, and the order in which they tell what they found. */
#ifndef HANSA_INTAKE_INTAKE_PRIV_H
#define HANSA_INTAKE_INTAKE_PRIV_H

#include <pthread.h>

#include "intake/blocks.h"
#include "intake/convert.h"
#include "intake/json_line.h"
#include "intake/keys.h"
#include "intake/rate_table.h"

struct hs_kept_reject {
  uint64_t line;
  const char *column;
  enum hs_intake_reason reason;
  size_t value_bytes;
  char value[HS_INTAKE_VALUE_BYTES_MAX];
  char words[160];
};

/* What one batch adds to the report. */
struct hs_tally {
  uint64_t rows_good;
  uint64_t rejected_by[HS_INTAKE_REASON_COUNT];
  int64_t first_us, last_us;
};

/* One thread's own: nothing here is touched by another slot's thread. */
struct hs_intake_slot {
  struct hs_block block;
  struct hs_vector columns[HS_COLUMNS_MAX];
  struct hs_convert_room room;
  struct hs_str cells[HS_TARGET_COUNT];
  struct hs_str *fields;       /* of CSV: HS_INTAKE_FIELDS_MAX */
  struct hs_json_field *pairs; /* of NDJSON: as many */
  struct hs_keys keys;         /* of NDJSON: those that this slot has met */
  size_t keys_told;            /* how many of them the report knows */
  struct hs_text_batch text;   /* of Parquet: what is being read … */
  size_t text_at;              /* … and its row that comes next */
  struct hs_kept_reject *rejects;
  size_t reject_count;
  struct hs_tally tally;
  /* The beginning of the row at hand as the file has it, for rows that reading changes in place. */
  char begin[HS_INTAKE_VALUE_BYTES_MAX];
};

struct hs_intake {
  const struct hs_io *io;
  struct hs_intake_options options;
  struct hs_mapping mapping;
  struct hs_convert convert;
  struct hs_rate_table rate_table; /* of kind rates, where a row of the file has many of ours */
  enum hs_intake_format format;
  const char *name;
  uint64_t total; /* for showing progress; 0 when nobody knows */

  struct hs_source *source;
  struct hs_blocks blocks;
  struct hs_text_source text;
  uint64_t text_ticket;
  size_t header_count;              /* of CSV */
  int field_of[HS_TARGET_COUNT];    /* of CSV and Parquet */
  int fed_count;                    /* targets that have a field … */
  int fed_targets[HS_TARGET_COUNT]; /* … and which they are */

  struct hs_intake_slot *slots;
  unsigned slot_count;

  pthread_mutex_t input; /* the file, the blocks and the hash */
  pthread_mutex_t turn;  /* what follows */
  pthread_cond_t turned;
  uint64_t next_ticket;  /* whose turn it is to tell rejects */
  struct hs_err failure; /* HS_OK until something failed */
  struct hs_keys keys;   /* every field of the file */
  struct hs_intake_report report;
  int is_closed;
};

/* The mapping and the blocks have to be settled. */
[[nodiscard]] enum hs_status hs_intake_slot_init(struct hs_arena *arena,
                                                 const struct hs_intake *intake,
                                                 struct hs_intake_slot *slot, struct hs_err *err);

/* The row's cells into slot->cells, or 0 with the fault. */
[[nodiscard]] int hs_intake_read_csv(struct hs_intake *intake, struct hs_intake_slot *slot,
                                     const struct hs_record *record, struct hs_fault *fault);
[[nodiscard]] int hs_intake_read_json(struct hs_intake *intake, struct hs_intake_slot *slot,
                                      const struct hs_record *record, struct hs_fault *fault);

/* Which network's export it is, by the options or by the names of its fields, and what follows from
   that; to be asked before the fields are settled. */
[[nodiscard]] enum hs_status hs_intake_settle_network(struct hs_intake *intake,
                                                      const struct hs_str *fields, size_t count,
                                                      struct hs_err *err);

/* Settles which field feeds which column, by the header or by the first objects. */
[[nodiscard]] enum hs_status hs_intake_settle_csv(struct hs_intake *intake, struct hs_err *err);
[[nodiscard]] enum hs_status hs_intake_settle_json(struct hs_intake *intake, struct hs_err *err);
[[nodiscard]] enum hs_status hs_intake_settle_text(struct hs_intake *intake, struct hs_err *err);

#endif
