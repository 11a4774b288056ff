/* A sheet as it is written in a file, field by field; statement_file.c makes a struct hs_sheet of
   it. */
#ifndef HANSA_SERVICE_JOINT_SHEET_TEXT_H
#define HANSA_SERVICE_JOINT_SHEET_TEXT_H

#include "agreement/together.h"

struct hs_side_text {
  struct hs_str party;
  struct hs_decimal hour_rate;
  struct hs_decimal unrecouped;
};

struct hs_line_text {
  int32_t kind;
  struct hs_str what, side, to;
  int32_t is_private;
  struct hs_decimal amount, low, high;
  struct hs_decimal hours, time, rate; /* of hours, instead of an amount */
  struct hs_list confirmed_by;         /* struct hs_str */
  struct hs_str valued_by;
};

struct hs_paid_text {
  struct hs_str from, to, what;
  struct hs_decimal amount;
};

struct hs_benefit_text {
  struct hs_str party;
  struct hs_decimal amount;
};

struct hs_history_text {
  struct hs_str period;
  struct hs_list benefits; /* struct hs_benefit_text */
};

struct hs_sheet_text {
  int64_t format;
  struct hs_str title, period, number, currency;
  int32_t rounding;
  struct hs_decimal day_hours;
  struct hs_list sides; /* struct hs_side_text */
  struct hs_sharing_text *sharing;
  struct hs_list lines; /* struct hs_line_text */
  struct hs_list paid;  /* struct hs_paid_text */
  struct hs_fairness_text *fairness;
  struct hs_list history; /* struct hs_history_text */
};

/* What a side adds to the joint P&L of an agreement in a programme. */
struct hs_added_text {
  int64_t format;
  struct hs_decimal day_hours;
  struct hs_list lines; /* struct hs_line_text */
};

/* The fields of it, for reading and for its schema. */
extern const struct hs_shape hs_added_shape;

#endif
