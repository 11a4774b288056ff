/* `hansa honesty`: a table of partners, tracked beside incremental for each, what all of them sum
   to, and what the tested ones of a kind let one expect of the others. From a file with a row a
   partner, as halo tables and experiments gave them, or from a programme's own record
   (meeting.h), where each partner whose start is known gets its halo table here. */
#ifndef HANSA_SERVICE_BELIEVE_HONESTY_H
#define HANSA_SERVICE_BELIEVE_HONESTY_H

#include "intake/figures.h"
#include "measure/influence/honesty_pool.h"
#include "service/believe/halo.h"

struct hs_partners_asking {
  const char *path; /* "-" is standard input; NULL for a programme */
  char delimiter;
  struct hs_str partner, kind, tracked, incremental, sd; /* columns; kind may be absent */
  struct hs_honesty_options honesty;
  double total; /* all that was sold; NaN for none: the sum is not guarded. Of a programme it is
                   all orders from the first window's start to the last one's end */
  double correlation; /* of the errors of any two partners, [0, 1] */
  hs_figures_reject_fn on_reject;
  void *context;
};

/* What a hold-out of a partner's coupon or link said of κ: shares. */
struct hs_partners_hold_out {
  struct hs_str partner;
  double kappa, sd;
};

/* From a programme. */
struct hs_partners_programme {
  struct hs_meeting_options meeting;
  struct hs_halo_asking halo; /* as of hs_halo_meet; honesty is that of the asking */
  const struct hs_partners_hold_out *hold_outs;
  size_t hold_out_count;
  /* Told before each partner is tested; may be NULL. */
  void (*progress)(void *context, struct hs_str partner, size_t done, size_t count);
  void *progress_context;
};

struct hs_partners_line {
  struct hs_str name, title, kind; /* title is the name where a file says it; kind may be absent */
  double tracked;                  /* NaN where it is not tested and no file says it */
  int is_tested;                /* incremental and its error are there; honesty says what follows */
  const char *untested_because; /* half a sentence; NULL when it is tested */
  struct hs_honesty honesty;
  /* Of a programme's partners that were tested; NULL otherwise. */
  const struct hs_halo_answer *table;
};

struct hs_partners_kind {
  struct hs_str name;
  struct hs_honesty_pool pool; /* of I/T of its tested partners with tracked sales */
};

struct hs_partners {
  struct hs_partners_asking asked;
  int is_programme; /* its lines count orders, of windows of their own */
  enum hs_meeting_model model;
  struct hs_partners_line *lines;
  size_t line_count;
  struct hs_partners_kind *kinds;
  size_t kind_count; /* 0 without kinds */
  size_t tested_count;
  size_t by_chance_count;    /* verdicts taken back because there are so many partners */
  struct hs_honesty_sum sum; /* of the tested ones; nothing in it without a total */
  uint64_t reject_count;
};

/* A row a partner; where incremental and sd are both empty the partner was not tested. Rejected,
   with line, column and value, and the others used: tracked sales below 0 or missing, an effect
   without an error or the other way round, an error of 0 or less. HS_INVALID, with both lines, when
   a partner stands there twice; what reading says. */
[[nodiscard]] enum hs_status hs_partners_ask(struct hs_arena *arena, const struct hs_io *io,
                                             const struct hs_partners_asking *asking,
                                             struct hs_partners *out, struct hs_err *err);
/* What `hansa honesty --data` asks for without options. */
struct hs_partners_programme hs_partners_usual(void);
/* Each tested partner costs a halo table, some tenths of a second a year of days; at most
   HS_MEETING_TESTED_MAX are. Tested ones come first, most orders first; the others by name. */
[[nodiscard]] enum hs_status hs_partners_of_programme(struct hs_arena *arena,
                                                      struct hs_programme *programme,
                                                      const struct hs_partners_asking *asking,
                                                      const struct hs_partners_programme *how,
                                                      struct hs_partners *out, struct hs_err *err);

void hs_partners_text(const struct hs_partners *partners, int width, struct hs_buf *out);
/* Of a programme, to stand in another text below a heading: the tested ones, and of the others the
   reasons. */
void hs_partners_text_section(const struct hs_partners *partners, int width, struct hs_buf *out);
void hs_partners_json(const struct hs_partners *partners, struct hs_buf *out);
/* The same as an object without the line break, to stand in another one. */
void hs_partners_json_object(const struct hs_partners *partners, struct hs_buf *out);
/* A row a partner, with a header. */
void hs_partners_csv(const struct hs_partners *partners, struct hs_buf *out);
/* One page that needs nothing else; and its table and sentences, to stand in another page. */
void hs_partners_html(const struct hs_partners *partners, struct hs_buf *out);
void hs_partners_html_section(const struct hs_partners *partners, struct hs_buf *out);

#endif
