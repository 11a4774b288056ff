/* What changed in a series because of something that began on a day: a file's columns, a method,
   and the answer in four forms. */
#ifndef HANSA_SERVICE_BELIEVE_INFLUENCE_H
#define HANSA_SERVICE_BELIEVE_INFLUENCE_H

#include "base/io.h"
#include "measure/influence/register.h"
#include "service/believe/periods_programme.h"

#define HS_INFLUENCE_LEVEL_DEFAULT 0.95

struct hs_influence_request {
  const char *path; /* "-" is standard input */
  struct hs_periods_request file;
  struct hs_str start; /* when it began, as the file's dates are written */
  struct hs_str end;   /* the last of the window; absent: the last row. Behind the last row: what
                          there is so far, and no verdict */
  const struct hs_declared_event *events; /* that happened besides; they lower the grade */
  size_t event_count;
  enum hs_influence_mode mode;
  uint32_t season; /* periods; 0 or 1 for none, or HS_SEASON_UNSAID */
  double level;
  uint32_t draws;
  uint64_t seed;
  size_t threads;
};

struct hs_influence_answer {
  struct hs_influence_request request;
  struct hs_periods periods;
  struct hs_influence_result result;
  size_t events_inside; /* declared events that touch the window */
};

/* Reads the file and asks the method. Everything lives in the arena; the request is borrowed.
   Failures are those of reading and of the method; a refusal of the method is an answer. */
[[nodiscard]] enum hs_status hs_influence_file(struct hs_arena *arena, const struct hs_io *io,
                                               const struct hs_influence_request *request,
                                               hs_figures_reject_fn on_reject, void *context,
                                               struct hs_influence_answer *out, struct hs_err *err);

/* The same of a programme's days: outcome and controls are names of periods_programme.h. path is
   not read. */
[[nodiscard]] enum hs_status hs_influence_programme(struct hs_arena *arena,
                                                    struct hs_programme *programme,
                                                    const struct hs_influence_request *request,
                                                    struct hs_influence_answer *out,
                                                    struct hs_err *err);

/* One JSON object; figures in full precision, null for what there is not. */
void hs_influence_json(const struct hs_influence_answer *answer, struct hs_buf *out);
/* One row a period, with a header. */
void hs_influence_csv(const struct hs_influence_answer *answer, struct hs_buf *out);
/* For a terminal of width columns. */
void hs_influence_text(const struct hs_influence_answer *answer, int width, struct hs_buf *out);
/* One page that needs nothing else: what was against what would have been, the effect of each
   period and in all, as pictures. */
void hs_influence_html(const struct hs_influence_answer *answer, struct hs_buf *out);

#endif
