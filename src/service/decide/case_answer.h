/* The answer of a case in words, as it stands on top of every form of the page: which way of
   spending the money is better and how surely, what would change that, and where the next amount
   goes. Each appends one line of plain text without its line break; `choice` is that of the
   measured partners or that of all. */
#ifndef HANSA_SERVICE_DECIDE_CASE_ANSWER_H
#define HANSA_SERVICE_DECIDE_CASE_ANSWER_H

#include "service/decide/case.h"

/* "Partnerships", "Paid channels", "Building it ourselves"; lives for ever. */
const char *hs_capital_way_name(enum hs_way way);
/* Whether the choice weighs that way. */
[[nodiscard]] int hs_capital_is_weighed(const struct hs_choice *choice, enum hs_way way);
[[nodiscard]] const struct hs_estimate *hs_capital_net(const struct hs_choice *choice,
                                                       enum hs_way way);

/* On what the answer rests: "By what was measured, 3 of 30 partners (defensible)". */
void hs_capital_words_basis(const struct hs_capital_case *case_, const struct hs_choice *choice,
                            struct hs_buf *out);
/* Which way is better, or that it cannot be told yet. */
void hs_capital_words_answer(const struct hs_capital_case *case_, const struct hs_choice *choice,
                             struct hs_buf *out);
/* "over 3 years, in present value". */
void hs_capital_words_years(const struct hs_capital_case *case_, struct hs_buf *out);

/* The one answer to "what would this audience cost through paid channels": of the measured partners
   where that can be said, of all otherwise; NULL when neither can. */
[[nodiscard]] const struct hs_choice *hs_capital_times(const struct hs_capital_case *case_);
/* "this audience would cost N times as much through paid channels" with its interval and on what it
   rests, or why nobody can say. */
void hs_capital_words_times(const struct hs_capital_case *case_, struct hs_buf *out);
/* The same of all partners as context, where the one above is of the measured ones; nothing
   otherwise. */
void hs_capital_words_times_of_all(const struct hs_capital_case *case_, struct hs_buf *out);

/* What a caused customer costs here and through paid channels; nothing without those. */
void hs_capital_words_each(const struct hs_capital_case *case_, const struct hs_choice *choice,
                           struct hs_buf *out);
/* The switch-over at which building it would win, or what the plan lacks to weigh it. */
void hs_capital_words_build(const struct hs_capital_case *case_, struct hs_buf *out);

/* The item of the plan that an assumption is, as the plan and JSON call it. Lives for ever. */
const char *hs_capital_assumption_name(enum hs_assumption assumption);
/* Whether the answer against that way turns within the range of the assumption; and how. */
[[nodiscard]] int hs_capital_flips(const struct hs_choice *choice, enum hs_way other,
                                   enum hs_assumption assumption);
void hs_capital_words_flip(const struct hs_capital_case *case_, const struct hs_choice *choice,
                           enum hs_way other, enum hs_assumption assumption, struct hs_buf *out);
/* That none does, and which moves it most; nothing when one flips it or there is no such way. */
void hs_capital_words_no_flip(const struct hs_capital_case *case_, const struct hs_choice *choice,
                              enum hs_way other, struct hs_buf *out);

/* What of the next amount a line gets, and what that brings; nothing when it gets nothing. */
void hs_capital_words_next(const struct hs_capital_case *case_, const struct hs_capital_line *line,
                           struct hs_buf *out);
/* What is kept of it and why; nothing when all is handed out. */
void hs_capital_words_kept(const struct hs_capital_case *case_, struct hs_buf *out);

#endif
