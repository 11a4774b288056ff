/* The tables of the file: one row a field. What they say to people is what the schema and the
   errors say. */
#include <stddef.h>

#include "ledger/sharing.h"
#include "service/joint/sheet_text.h"
#include "service/joint/statement_file.h"
#include "service/joint/statement_words.h"

/* In the order of the enum. */
static const char *const ROUNDINGS[] = {"half_even", "half_up", NULL};

/* In a currency's unit: far above what anybody owes, far below what does not fit. */
#define AMOUNT_MAX INT64_C(1000000000000000)
#define AMOUNTS .low = -AMOUNT_MAX, .high = AMOUNT_MAX
#define NOT_BELOW_ZERO .low = 0, .high = AMOUNT_MAX

static const struct hs_field SIDE[] = {
    HS_MEMBER(hs_side_text, party, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "The company."),
    HS_MEMBER(hs_side_text, hour_rate, HS_FIELD_DECIMAL, NOT_BELOW_ZERO,
              .meaning = "What an hour of its people costs, blended over roles: never a salary."),
    HS_MEMBER(hs_side_text, unrecouped, HS_FIELD_DECIMAL, NOT_BELOW_ZERO,
              .meaning =
                  "For a waterfall: its costs of earlier periods that were not recouped yet."),
};
HS_SHAPE(SIDE_SHAPE, "side", hs_side_text, SIDE);

/* Who a line belongs to must stand in a file; what a side adds to a programme is its own unless it
   says otherwise. */
#define LINE_FIELDS(...)                                                                           \
  HS_MEMBER(hs_line_text, kind, HS_FIELD_WORD, .words = hs_line_kind_names, .required = HS_ALWAYS, \
            .meaning =                                                                             \
                "What kind of line it is; goods are what the things sold cost, a fee is owed "     \
                "whatever comes."),                                                                \
      HS_MEMBER(hs_line_text, what, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "In words."), \
      HS_MEMBER(hs_line_text, side, HS_FIELD_TEXT, __VA_ARGS__),                                   \
      HS_MEMBER(                                                                                   \
          hs_line_text, to, HS_FIELD_TEXT,                                                         \
          .meaning =                                                                               \
              "Of a commission or fee: the side that earns it; absent for somebody outside."),     \
      HS_NAMED(hs_line_text, is_private, "private", HS_FIELD_FLAG, .fallback = "false",            \
               .meaning = "Only for the eyes of its side."),                                       \
      HS_MEMBER(hs_line_text, amount, HS_FIELD_DECIMAL, AMOUNTS,                                   \
                .meaning = "Costs are positive too; a correction may be negative."),               \
      HS_MEMBER(hs_line_text, low, HS_FIELD_DECIMAL, AMOUNTS,                                      \
                .meaning = "The low end of the interval, for what is brought in."),                \
      HS_MEMBER(hs_line_text, high, HS_FIELD_DECIMAL, AMOUNTS, .meaning = "The high end."),        \
      HS_MEMBER(hs_line_text, hours, HS_FIELD_DECIMAL, NOT_BELOW_ZERO,                             \
                .meaning = "Of hours, instead of an amount: how many."),                           \
      HS_MEMBER(                                                                                   \
          hs_line_text, time, HS_FIELD_DECIMAL, .high = 100,                                       \
          .meaning =                                                                               \
              "Of hours, instead of their number: the share of one person's working time in "      \
              "the period, such as \"20%\"; \"200%\" is two people."),                             \
      HS_MEMBER(hs_line_text, rate, HS_FIELD_DECIMAL, NOT_BELOW_ZERO,                              \
                .meaning = "Of hours: what one costs, where it is not the side's hour_rate."),     \
      HS_MEMBER(hs_line_text, confirmed_by, HS_FIELD_TEXTS, .low = 1, .high = HS_SIDES_MAX,        \
                .meaning = "Which sides stand by it; unconfirmed when absent."),                   \
      HS_MEMBER(hs_line_text, valued_by, HS_FIELD_TEXT,                                            \
                .meaning = "How it was valued or measured; asked for in kind.")

static const struct hs_field LINE[] = {
    LINE_FIELDS(.required = HS_ALWAYS, .meaning = "Who took it in, spent it, or owes it.")};
HS_SHAPE(LINE_SHAPE, "line", hs_line_text, LINE);

static const struct hs_field PAID[] = {
    HS_MEMBER(hs_paid_text, from, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "Who paid."),
    HS_MEMBER(hs_paid_text, to, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "Who got it."),
    HS_MEMBER(hs_paid_text, amount, HS_FIELD_DECIMAL, NOT_BELOW_ZERO, .required = HS_ALWAYS,
              .meaning = "How much."),
    HS_MEMBER(hs_paid_text, what, HS_FIELD_TEXT, .meaning = "In words."),
};
HS_SHAPE(PAID_SHAPE, "payment", hs_paid_text, PAID);

static const struct hs_field BENEFIT[] = {
    HS_MEMBER(hs_benefit_text, party, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "The company."),
    HS_MEMBER(hs_benefit_text, amount, HS_FIELD_DECIMAL, AMOUNTS, .required = HS_ALWAYS,
              .meaning = "Its part of the result."),
};
HS_SHAPE(BENEFIT_SHAPE, "benefit", hs_benefit_text, BENEFIT);

static const struct hs_field HISTORY[] = {
    HS_MEMBER(hs_history_text, period, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "Which one, such as \"2026-08\"."),
    HS_MEMBER(hs_history_text, benefits, HS_FIELD_LIST, .shape = &BENEFIT_SHAPE, .low = 2,
              .high = HS_SIDES_MAX, .required = HS_ALWAYS, .meaning = "For each side."),
};
HS_SHAPE(HISTORY_SHAPE, "history", hs_history_text, HISTORY);

static const struct hs_field SHEET[] = {
    HS_MEMBER(hs_sheet_text, format, HS_FIELD_INTEGER, .low = 1, .high = 1, .fallback = "1",
              .meaning = "The version of this form."),
    HS_MEMBER(hs_sheet_text, title, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "What people call the agreement."),
    HS_MEMBER(hs_sheet_text, period, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "2026, 2026-Q3, 2026-09, a day, or DAY..DAY."),
    HS_MEMBER(hs_sheet_text, number, HS_FIELD_TEXT, .meaning = "Of a self-billed statement."),
    HS_MEMBER(hs_sheet_text, currency, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "Of every amount (ISO 4217)."),
    HS_MEMBER(hs_sheet_text, rounding, HS_FIELD_WORD, .words = ROUNDINGS, .fallback = "half_even",
              .meaning = "How half a cent is rounded."),
    HS_MEMBER(hs_sheet_text, day_hours, HS_FIELD_DECIMAL, .high = 24, .fallback = "8",
              .meaning = "Working hours a day, Monday to Friday."),
    HS_MEMBER(hs_sheet_text, sides, HS_FIELD_LIST, .shape = &SIDE_SHAPE, .low = 2,
              .high = HS_SIDES_MAX, .required = HS_ALWAYS, .meaning = "The companies, ours first."),
    HS_MEMBER(hs_sheet_text, sharing, HS_FIELD_OBJECT, .shape = &hs_sharing_shape,
              .meaning =
                  "How the result is shared, as it stands in the agreement; each side keeps its "
                  "own when absent."),
    HS_MEMBER(hs_sheet_text, lines, HS_FIELD_LIST, .shape = &LINE_SHAPE, .low = 1, .high = 10000,
              .required = HS_ALWAYS, .meaning = "The lines of all sides."),
    HS_MEMBER(hs_sheet_text, paid, HS_FIELD_LIST, .shape = &PAID_SHAPE, .low = 1, .high = 10000,
              .meaning = "What changed hands between the sides for this period already."),
    HS_MEMBER(hs_sheet_text, fairness, HS_FIELD_OBJECT, .shape = &hs_fairness_shape,
              .meaning = "The fairness range, as it stands in the agreement."),
    HS_MEMBER(hs_sheet_text, history, HS_FIELD_LIST, .shape = &HISTORY_SHAPE, .low = 1,
              .high = 1200,
              .meaning = "Earlier periods, the oldest first, for the balance of benefit."),
};

const struct hs_shape hs_sheet_shape = {"joint", sizeof(struct hs_sheet_text),
                                        sizeof SHEET / sizeof *SHEET, SHEET};

static const struct hs_field ADDED_LINE[] = {
    LINE_FIELDS(.meaning = "Who took it in, spent it, or owes it; who adds it when absent.")};
HS_SHAPE(ADDED_LINE_SHAPE, "line", hs_line_text, ADDED_LINE);

static const struct hs_field ADDED[] = {
    HS_MEMBER(hs_added_text, format, HS_FIELD_INTEGER, .low = 1, .high = 1, .fallback = "1",
              .meaning = "The version of this form."),
    HS_MEMBER(hs_added_text, day_hours, HS_FIELD_DECIMAL, .high = 24, .fallback = "8",
              .meaning = "Working hours a day, Monday to Friday."),
    HS_MEMBER(hs_added_text, lines, HS_FIELD_LIST, .shape = &ADDED_LINE_SHAPE, .low = 1,
              .high = 10000, .required = HS_ALWAYS, .meaning = "The lines that a side adds."),
};

const struct hs_shape hs_added_shape = {"lines", sizeof(struct hs_added_text),
                                        sizeof ADDED / sizeof *ADDED, ADDED};
