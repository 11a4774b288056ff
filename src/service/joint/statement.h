/* A statement: the joint P&L of an agreement for a period as one side sees it, with the settlement
   and what both should know about it. Where the lines come from (a file, the ledger) is the
   caller's affair; the writers below compute nothing. */
#ifndef HANSA_SERVICE_JOINT_STATEMENT_H
#define HANSA_SERVICE_JOINT_STATEMENT_H

#include "ledger/fairness.h"
#include "ledger/joint.h"

/* What a statement is made of. Texts and arrays are borrowed. */
struct hs_sheet {
  struct hs_str title;  /* of the agreement */
  struct hs_str period; /* as people write it: "2026-09" */
  struct hs_str number; /* of a self-billed statement; absent where there is none */
  struct hs_currency currency;
  struct hs_str sides[HS_SIDES_MAX]; /* companies; sharing.side_count of them */
  struct hs_sharing sharing;
  size_t line_count;
  const struct hs_joint_line *lines;
  size_t paid_count;
  const struct hs_joint_payment *paid;
  const struct hs_fairness *fairness; /* NULL: no range was agreed */
  size_t history_count;               /* earlier periods, the oldest first */
  const struct hs_str *history_periods;
  const int64_t *history_minor; /* each side's part of the result: [period × side_count + side] */
  size_t note_count;            /* sentences about how it was made, for everybody who sees it */
  const struct hs_str *notes;
};

/* What it brings, what it costs to run, and what follows from the two. */
struct hs_bottom_line {
  int64_t brings_minor, low_minor, high_minor; /* low and high only with an interval */
  int64_t costs_minor;
  int has_interval;
  int has_goods; /* a line says what the goods or services sold cost */
  enum hs_worth worth;
};

struct hs_statement {
  struct hs_sheet sheet; /* its lines are those that the viewer may see, and no others */
  uint32_t viewer;       /* HS_NOBODY: the page for everybody */
  struct hs_joint joint;
  struct hs_bottom_line together;
  struct hs_bottom_line own; /* of the viewer, with its private lines; not for HS_NOBODY */
  size_t settlement_count;
  struct hs_joint_payment settlement[HS_SIDES_MAX];
  struct hs_joint_stake stakes[HS_SIDES_MAX];
  size_t shared_count, confirmed_count; /* shared lines, and those that every side stands by */
  struct hs_balance balance; /* with this period as the last one; where a range was agreed */
};

/* viewer: a side, or HS_NOBODY. HS_INVALID with what cannot be applied: terms, lines, sums that do
   not fit. The view and the series of benefits live in arena. */
[[nodiscard]] enum hs_status hs_statement_make(const struct hs_sheet *sheet, uint32_t viewer,
                                               struct hs_arena *arena, struct hs_statement *out,
                                               struct hs_err *err);

/* How many of what stands before the settlement was carried from earlier periods. */
size_t hs_statement_carried(const struct hs_statement *statement);

/* Whether every side stands by the line. */
[[nodiscard]] int hs_line_is_confirmed(const struct hs_joint_line *line, size_t side_count);

/* For a terminal of width columns. */
void hs_statement_text(const struct hs_statement *statement, size_t width, struct hs_buf *out);
void hs_statement_json(const struct hs_statement *statement, struct hs_buf *out);
/* One row a line, payment, part and settlement; guarded against formula injection. */
void hs_statement_csv(const struct hs_statement *statement, struct hs_buf *out);
/* One page that needs nothing else, for the screen and for paper. */
void hs_statement_html(const struct hs_statement *statement, struct hs_buf *out);

#endif
