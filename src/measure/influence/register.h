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

/* Days, both included. */
struct hs_declared_event {
  enum hs_declared_kind kind;
  int32_t first_day, last_day;
};

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

/* Two partners that differ in no week and no region in which one was active and the other not have
   one joint effect and nothing else. first and second: 1 where the partner was active, cell by cell
   (a cell is a week of a region). 1 when they can be told apart: each was active somewhere without
   the other. */
[[nodiscard]] int hs_partners_separable(const unsigned char *first, const unsigned char *second,
                                        size_t cell_count);

#endif
