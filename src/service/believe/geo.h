/* What changed in some regions because of something that began there at a known time: a file's
   columns, a method, and the answer in four forms. */
#ifndef HANSA_SERVICE_BELIEVE_GEO_H
#define HANSA_SERVICE_BELIEVE_GEO_H

#include "base/io.h"
#include "intake/figures.h"
#include "measure/influence/geo.h"
#include "measure/influence/register.h"
#include "service/believe/season.h"
#include "service/programme.h"

#define HS_GEO_LEVEL_DEFAULT 0.95
/* A window may be planned for so many periods. */
#define HS_GEO_PERIODS_MAX 36600.0

/* Everything is borrowed. Lists hold names of units, each entry one name or several with commas
   between them. */
struct hs_geo_request {
  const char *path;                  /* "-" is standard input; NULL for a programme */
  char delimiter;                    /* 0: as the header has it */
  struct hs_str unit, time, outcome; /* columns; of a programme only outcome is read, its metric */
  struct hs_str cost;                /* column of what was spent; absent for none */
  struct hs_str pair;                /* column of which pair a unit is of; absent for none */
  const struct hs_str *treated;
  size_t treated_count;
  const struct hs_str *controls; /* units that may be compared with; none for all the others */
  size_t control_count;
  const struct hs_str *excluded; /* units that may not */
  size_t excluded_count;
  struct hs_str start; /* when it began, as the file's times are written */
  struct hs_str end;   /* the last of the window; absent: the last period. Behind the last period:
                          what there is so far, and no verdict */
  const struct hs_declared_event *events; /* that happened besides; they lower the grade */
  size_t event_count;
  uint32_t season;    /* periods; HS_SEASON_UNSAID for the week where periods are days */
  int absent_is_zero; /* a unit without a row in a period had nothing in it */
  enum hs_geo_method method;
  int without_fixed_effects;
  double lambda; /* NaN: chosen */
  double level;
  size_t replicates;
  uint64_t seed;
};

/* A file as it was read: what every question about regions starts from. */
struct hs_geo_figures {
  struct hs_panel panel; /* of the outcome, up to the window's end */
  struct hs_panel costs; /* with a column of costs; all periods of the file */
  struct hs_str *pairs;  /* of each unit, with a column of pairs; else NULL */
  size_t *treated;
  size_t treated_count;
  size_t *donors; /* that may be compared with */
  size_t donor_count;
  int is_day;  /* times are days */
  double step; /* between most periods */
  size_t start;
  int is_interim;       /* the window's end is still to come */
  size_t planned_count; /* periods of the window when it has come */
  size_t row_count;
  uint64_t reject_count;
};

/* The panel of a file's columns alone: unit, time, outcome, delimiter and absent_is_zero of the
   request are read. Failures are those of hs_figures_read and hs_panel_make. */
[[nodiscard]] enum hs_status hs_geo_read_panel(struct hs_arena *arena, const struct hs_io *io,
                                               const struct hs_geo_request *request,
                                               hs_figures_reject_fn on_reject, void *context,
                                               struct hs_panel *out, int *is_day,
                                               uint64_t *reject_count, struct hs_err *err);

/* HS_USAGE names a unit that the file does not have, with some that it has, and a start or end
   outside of its periods; HS_INVALID a unit of two pairs; otherwise failures are those of
   hs_figures_read and hs_panel_make. Everything lives in the arena. */
[[nodiscard]] enum hs_status hs_geo_read(struct hs_arena *arena, const struct hs_io *io,
                                         const struct hs_geo_request *request,
                                         hs_figures_reject_fn on_reject, void *context,
                                         struct hs_geo_figures *out, struct hs_err *err);

/* The same of a programme: the metric of an imported series, a figure a region and day. */
[[nodiscard]] enum hs_status hs_geo_read_programme(struct hs_arena *arena,
                                                   struct hs_programme *programme,
                                                   const struct hs_geo_request *request,
                                                   struct hs_geo_figures *out, struct hs_err *err);

/* What it cost and brought: the treated units' spending in the window above what it was per period
   before it. NaN without a column of costs; the return also where nothing more was spent, and for
   evidence of grade D, which never carries money. */
struct hs_geo_return {
  double cost;
  double value, low, high; /* of the outcome per unit of cost */
};

struct hs_geo_answer {
  struct hs_geo_request request;
  struct hs_panel panel; /* up to the window's end */
  size_t *treated;
  size_t treated_count;
  struct hs_geo_result result;
  struct hs_geo_return returned;
  size_t events_inside; /* declared events that touch the window */
  size_t planned_count; /* periods of the window when its end has come */
  double days_between;  /* two periods; NaN when they are no days */
  /* How many more periods it takes to tell, if the effect is what it seems; NaN unless the verdict
     is undetermined, and when no window that this history bears would tell. */
  double periods_to_decide;
  size_t row_count;
  uint64_t reject_count;
};

/* Reads the file and asks the method. Failures are those of hs_geo_read and hs_geo_run. */
[[nodiscard]] enum hs_status hs_geo_file(struct hs_arena *arena, const struct hs_io *io,
                                         const struct hs_geo_request *request,
                                         hs_figures_reject_fn on_reject, void *context,
                                         struct hs_geo_answer *out, struct hs_err *err);

/* Of a programme; failures are those of hs_geo_read_programme and hs_geo_run. */
[[nodiscard]] enum hs_status hs_geo_programme(struct hs_arena *arena,
                                              struct hs_programme *programme,
                                              const struct hs_geo_request *request,
                                              struct hs_geo_answer *out, struct hs_err *err);

/* One JSON object; figures in full precision, null for what there is not. */
void hs_geo_json(const struct hs_geo_answer *answer, struct hs_buf *out);
/* One row a period, with a header: what was, what the other regions say, and the difference. */
void hs_geo_csv(const struct hs_geo_answer *answer, struct hs_buf *out);
/* For a terminal of width columns. */
void hs_geo_text(const struct hs_geo_answer *answer, int width, struct hs_buf *out);
/* One page that needs nothing else: the regions with it against what the others say of them, and
   the difference, as pictures; then the same facts as the text. */
void hs_geo_html(const struct hs_geo_answer *answer, struct hs_buf *out);

#endif
