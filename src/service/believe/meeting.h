/* Where the two views meet, from a programme's own record: its orders a day, cut for a partner into
   those that are tracked for it and the other lines of sales, and the days on which partners began.

   A partner's start is its first sign of life: a touchpoint or a code on the way to an order, a day
   of activity, or the day from which an agreement holds, when that lies inside the record. (A
   touchpoint that led to nothing is none: robots follow links before a partner shows them.) It is
   known when the record has HS_MEETING_HISTORY_DAYS before it; a partner that was there when the
   record began changed nothing that can be seen. Its window runs from there for as many days as
   asked for, at most to the end of the record, and to the day on which another partner of a
   comparable size begins. Of two that begin within four weeks of each other nothing is told by
   itself.

   Orders are counted and not their worth: what a partner changed is at best evidence of grade C,
   and money stands only on the other side, in the report's attributed revenue. */
#ifndef HANSA_SERVICE_BELIEVE_MEETING_H
#define HANSA_SERVICE_BELIEVE_MEETING_H

#include <stdatomic.h>

#include "measure/persons.h"
#include "service/believe/periods_programme.h"
#include "service/believe/spaced.h"

/* Rows before a start without which a method has nothing to learn from. */
#define HS_MEETING_HISTORY_DAYS 56
/* A shorter window is left to the record to come. */
#define HS_MEETING_WINDOW_DAYS_MIN 14
#define HS_MEETING_WINDOW_DAYS_DEFAULT 91
/* Partners that begin within so many days of each other have one effect. */
#define HS_MEETING_APART_DAYS 28
/* Another partner counts when it has this share of the partner's orders and days of activity. */
#define HS_MEETING_COMPARABLE .25
/* So many partners are tested at once, those with most to see first: what it costs is bounded. */
#define HS_MEETING_TESTED_MAX 20
/* Joint draws of a halo table, where nobody asks for others. */
#define HS_MEETING_DRAWS 4000

/* Whose orders are tracked for a partner. */
enum hs_meeting_model {
  HS_MEETING_SHAPLEY, /* in equal shares for the channels of its path: the report's usual model */
  HS_MEETING_LAST,    /* of whom the last touchpoint is */
  HS_MEETING_TOUCHED, /* every one that it took part in: what it could claim */
};
/* "shapley", "last", "touched"; lives for ever. */
const char *hs_meeting_model_name(enum hs_meeting_model model);
[[nodiscard]] int hs_meeting_model_parse(struct hs_str name, enum hs_meeting_model *out);

struct hs_meeting_options {
  enum hs_meeting_model model;
  int64_t look_back_us;
  size_t window_days;
  struct hs_str partner; /* this one alone; absent for all */
  /* Days in place of what is found, for that one partner; absent texts for none. */
  struct hs_str start, end;
  /* Metrics of imported series that no partner can have touched. NULL: category_searches where
     there is such a series. */
  const struct hs_str *controls;
  size_t control_count;
  const struct hs_persons *persons; /* NULL: they are joined here */
  const atomic_int *interrupt;      /* as in hs_analysis_options */
};

struct hs_meeting_partner {
  struct hs_str name, title, kind; /* kind may be absent */
  int64_t first_day;               /* of its start; INT64_MAX without a sign */
  double size;                     /* orders it took part in, and days of activity */
  size_t start, end;               /* rows of its window */
  int is_interim;                  /* the asked end lies behind the record */
  const char *untested_because;    /* half a sentence in the arena; NULL when it is tested */
  double **taken; /* [line][row]: orders tracked for it, by the line they would stand in without it;
                     NULL unless it is tested */
};

struct hs_meeting {
  struct hs_meeting_options options;
  struct hs_periods periods; /* days; the outcome is all orders */
  int has_control;
  size_t line_count;
  struct hs_str *line_names; /* our own channels, then "other partners", then "no path" */
  double **lines;            /* [line][row]: all orders by line */
  size_t partner_count;
  struct hs_meeting_partner *partners; /* by name */
  size_t tested_count;
};

/* Goes over the record's orders and their journeys once, in about the time of an analysis without
   models, and holds 24 bytes for each partner of each order while it does. A programme without
   orders, or with fewer than HS_MEETING_HISTORY_DAYS of them, gives partners of whom none can be
   tested. HS_NOT_FOUND for a partner or a control that is not there; HS_USAGE for a start or an end
   that is no day of the record. All lives in the arena. */
[[nodiscard]] enum hs_status hs_meeting_gather(struct hs_arena *arena,
                                               struct hs_programme *programme,
                                               const struct hs_meeting_options *options,
                                               struct hs_meeting *out, struct hs_err *err);

/* The partner of that name; NULL when there is none. */
const struct hs_meeting_partner *hs_meeting_find(const struct hs_meeting *meeting,
                                                 struct hs_str name);

/* The series of a tested partner: tracked, then its lines, then the controls. Lines with too few
   orders before the start to be told by themselves are one line, "other". names gets the lines. */
[[nodiscard]] enum hs_status hs_meeting_series(struct hs_arena *arena,
                                               const struct hs_meeting *meeting,
                                               const struct hs_meeting_partner *partner,
                                               struct hs_spaced *out, const struct hs_str **names,
                                               size_t *name_count, struct hs_err *err);

#endif
