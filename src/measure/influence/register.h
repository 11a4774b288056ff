/* The analyst's guard: what a design is allowed to say, given when it was written down and how far
   it has come. Who looks every week and stops at the first good figure is wrong in 27 of 100 cases
   at 5 %, so a look before the registered end gives figures and no verdict; and what happened
   besides in the window is declared and lowers the grade. */
#ifndef HANSA_MEASURE_INFLUENCE_REGISTER_H
#define HANSA_MEASURE_INFLUENCE_REGISTER_H

#include "measure/influence/influence.h"

enum hs_declared_kind {
  HS_DECLARED_PROMOTION,
  HS_DECLARED_PRICE,
  HS_DECLARED_CONSENT, /* what may be tracked changed */
  HS_DECLARED_PARTNER, /* another partner began or ended */
  HS_DECLARED_OTHER,
};
#define HS_DECLARED_KIND_COUNT ((size_t)5)
/* "promotion", "price", "consent", "partner", "other"; lives for ever. */
const char *hs_declared_kind_name(enum hs_declared_kind kind);
[[nodiscard]] int hs_declared_kind_parse(struct hs_str name, enum hs_declared_kind *out);

/* Days, both included; or numbers, where the times of a series are such. */
struct hs_declared_event {
  enum hs_declared_kind kind;
  int32_t first_day, last_day;
  int is_number;
};

/* HS_USAGE for one that is not written as the times of the series are. */
[[nodiscard]] enum hs_status hs_declared_check(const struct hs_declared_event *events, size_t count,
                                               int has_days, struct hs_err *err);

struct hs_register_facts {
  int32_t registered_day;
  int32_t first_day, last_day;            /* of the design's window */
  int32_t seen_day;                       /* the last day that can be judged by now */
  int is_altered;                         /* the registered text is not what its hash says */
  const struct hs_declared_event *events; /* borrowed */
  size_t event_count;
};

struct hs_register_standing {
  int is_interim; /* no verdict */
  int is_late;    /* registered on its first day or later */
  enum hs_grade grade;
  size_t events_inside; /* declared events that touch the window */
  const char *because;  /* why the grade is not the design's own; NULL when it is. Lives for ever */
};

/* grade is what the design would deserve. One step down for a late registration, one for declared
   events whatever their number, and straight to D when the text was altered: then nothing is known
   of what was meant. */
[[nodiscard]] struct hs_register_standing hs_register_stand(const struct hs_register_facts *facts,
                                                            enum hs_grade grade);

/* Half a sentence on what a grade means of a design that drew by lot: hs_grade_meaning speaks of
   methods that did not. Lives for ever. */
const char *hs_register_meaning(enum hs_grade grade);

/* Where a share of the window below this is left, nothing of a partner is told by itself. */
#define HS_APART_SHARE_MIN .25
#define HS_APART_ROWS_MIN ((size_t)3)

/* Which rows tell a partner, active in rows [start, end) and in none before, from another one,
   active where another is 1 (end entries): those in which the other stood as in most rows before
   the start, so that it is the same on both sides. keeps gets end entries, 1 for these. 1 when they
   are at least HS_APART_SHARE_MIN of the window and HS_APART_ROWS_MIN rows; 0 when there is one
   joint effect and nothing else to tell. */
[[nodiscard]] int hs_partners_apart(const unsigned char *another, size_t start, size_t end,
                                    unsigned char *keeps);

#endif
