/* What the readers of statuses share. */
#ifndef HANSA_SERVICE_PAY_PAYOUT_STATUS_PRIV_H
#define HANSA_SERVICE_PAY_PAYOUT_STATUS_PRIV_H

#include "service/pay/payout_status.h"

/* One reading: rows as they are found, faults as they are told. */
struct hs_status_reading {
  struct hs_arena *arena;
  struct hs_payout_statuses statuses;
  size_t capacity;
  hs_fault_fn fault;
  void *context;
  struct hs_err *err;
  size_t fault_count;
  int is_full; /* the arena is */
};

void hs_status_fault(struct hs_status_reading *reading, uint64_t line, const char *field,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Its texts are copied. */
void hs_status_add(struct hs_status_reading *reading, const struct hs_payout_status_row *row);

/* A word and what it means; ends with a row whose word is NULL. */
struct hs_status_word {
  const char *word;
  enum hs_payment_state state;
};
/* Pending for a word that the table does not have; without regard to ASCII case. */
enum hs_payment_state hs_status_of_word(const struct hs_status_word *table, struct hs_str word);

[[nodiscard]] enum hs_status hs_pain002_read(struct hs_status_reading *reading, struct hs_str text);
[[nodiscard]] enum hs_status hs_status_csv_read(struct hs_status_reading *reading,
                                                struct hs_str text, enum hs_status_format format,
                                                char delimiter);

#endif
