/* What a unit of cost brought in pairs of regions of which one was drawn by lot: a file's columns
   and the answer in two forms. */
#ifndef HANSA_SERVICE_BELIEVE_GEO_PAIRS_H
#define HANSA_SERVICE_BELIEVE_GEO_PAIRS_H

#include "measure/influence/trimmed_match.h"
#include "service/believe/geo.h"

struct hs_geo_pairs_answer {
  struct hs_geo_request request;
  size_t pair_count;
  struct hs_trimmed_result result;
  /* The same with the outcomes of as many periods before the start: there is nothing to find. NaN
     with too few of them, or when those outcomes do not tell. */
  double placebo_p;
  enum hs_grade grade;
  const char *grade_because; /* lives for ever */
  enum hs_influence_verdict verdict;
  const char *refused_because; /* NULL unless refused; lives for ever */
  struct hs_str from, until;
  size_t row_count;
  uint64_t reject_count;
};

/* Needs the columns of cost and pair. A pair is one treated and one other unit: HS_INVALID names
   one that is not. The level, the treated, the start and the end are those of the request; what is
   about weights is not read. Otherwise failures are those of hs_geo_read and hs_trimmed_match. */
[[nodiscard]] enum hs_status hs_geo_pairs_file(struct hs_arena *arena, const struct hs_io *io,
                                               const struct hs_geo_request *request,
                                               hs_figures_reject_fn on_reject, void *context,
                                               struct hs_geo_pairs_answer *out, struct hs_err *err);

/* One JSON object; figures in full precision, null for what there is not. */
void hs_geo_pairs_json(const struct hs_geo_pairs_answer *answer, struct hs_buf *out);
/* For a terminal of width columns. */
void hs_geo_pairs_text(const struct hs_geo_pairs_answer *answer, int width, struct hs_buf *out);

#endif
