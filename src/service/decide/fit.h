/* hansa fit: before a partnership, whether the other side's people want what ours want. Their side
   is a file; ours is a programme, a file of the same form, or both. What a programme knows of
   intent:

   category       the dearest item of each customer's latest order: its category, or its product
   next_purchase  the same of their latest order that followed another
   landing_page   the page behind each link that was followed, by distinct visitors
   timing         the days from the first touchpoint of the latest order's journey to the order
   country        (demographics) of the latest order that names one

   A file is an aggregate, with columns dimension, value and count (people), and about (intent or
   demographics) for dimensions of names of one's own; or a sample, one row a person, whose columns
   are dimensions. Values are compared without regard to case; of a landing page the path counts;
   a timing may be a number of days. */
#ifndef HANSA_SERVICE_DECIDE_FIT_H
#define HANSA_SERVICE_DECIDE_FIT_H

#include "intake/source.h"
#include "measure/fit/fit.h"
#include "service/programme.h"

#define HS_FIT_TOP 3 /* values that are shown of each side */

struct hs_fit_value {
  struct hs_str text;
  double ours, theirs; /* people */
  double common;       /* the sum of the shares that they are of each side */
};

struct hs_fit_dimension {
  struct hs_str name;
  enum hs_fit_about about;
  struct hs_fit_overlap overlap;
  size_t value_count;
  struct hs_fit_value *values; /* the most common first */
};

struct hs_fit {
  size_t dimension_count;
  struct hs_fit_dimension *dimensions; /* intent first, then in order of appearance */
  struct hs_fit_overlap about[HS_FIT_ABOUT_COUNT];
  enum hs_fit_verdict verdict;
  uint64_t row_count, reject_count; /* of the files */
  size_t unread_count;              /* columns of samples that are no dimension */
  struct hs_str *unread;
};

typedef void (*hs_fit_reject_fn)(void *context, const char *path, uint64_t line,
                                 const char *reason);

struct hs_fit_options {
  const char *theirs;             /* a file, or - */
  const char *ours;               /* a file, or NULL */
  struct hs_programme *programme; /* or NULL; one of the two at least */
  struct hs_period period;        /* of the programme */
  char delimiter;                 /* of the files; 0 is the comma */
  hs_fit_reject_fn on_reject;     /* may be NULL */
  void *context;
};

/* Everything lives in the arena. HS_INVALID for a file without a dimension (the message lists those
   that are known), HS_USAGE without a side of ours, and what reading says. */
[[nodiscard]] enum hs_status hs_fit_make(struct hs_arena *arena, const struct hs_io *io,
                                         const struct hs_fit_options *options, struct hs_fit *out,
                                         struct hs_err *err);

void hs_fit_text(const struct hs_fit *fit, int width, struct hs_buf *out);
void hs_fit_json(const struct hs_fit *fit, struct hs_buf *out);
/* A row a value: the form of an aggregate, with both sides' people. */
void hs_fit_csv(const struct hs_fit *fit, struct hs_buf *out);
/* One self-contained page: no script, nothing fetched, fit to print. */
void hs_fit_html(const struct hs_fit *fit, struct hs_buf *out);
/* "alike", or what keeps it from being told and what would decide. */
void hs_fit_likeness_words(const struct hs_fit_overlap *overlap, struct hs_buf *out);
/* What an overlap is and what it does not say; lives for ever. */
const char *hs_fit_meaning_words(void);
/* The verdict as a sentence for people, and what follows from it. */
const char *hs_fit_verdict_words(enum hs_fit_verdict verdict);

#endif
