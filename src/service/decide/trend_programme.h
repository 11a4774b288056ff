/* Trends of all agreements of a programme, out of its ledger and its trail, month by month:
   ours      what the orders that pay a commission under the agreement came to, each in the part
   that the policy credits, as ordered theirs    the commission earned on them and on everything
   else that the agreement pays for effort    costs imported for the partner, where every month has
   some company   everything sold, less what is ours here

   Where the agreement shares the result, ours and theirs are the parts of it that the joint profit
   and loss gives to us and to the others, all partners of the agreement together.

   Months are those of the programme's zone; the first and the last month of the record are left out
   when it begins or ends within them, and an agreement begins with its first month that has value
   on both sides. Growth of the company is netted out where the rest of it sold something every
   month. With less than two years of months the season is taken for the company's own, which
   netting takes out as well; without a company to net, two years are needed. With two years there
   is a cohort stack too: see trend_cohorts.h. */
#ifndef HANSA_SERVICE_DECIDE_TREND_PROGRAMME_H
#define HANSA_SERVICE_DECIDE_TREND_PROGRAMME_H

#include "service/decide/trend.h"
#include "service/programme.h"

/* A record longer than this has a wrong date in it. */
#define HS_TREND_MONTHS_MAX 1200

struct hs_trend_agreement {
  struct hs_str name;    /* of the agreement */
  struct hs_str partner; /* who is paid */
  int is_result_shared;  /* the sides' values are their parts of the joint result */
  int is_season_assumed; /* to be the company's */
  struct hs_trend_answer answer;
};

struct hs_trend_programme {
  struct hs_trend_rules rules;
  struct hs_str currency;
  size_t count;
  struct hs_trend_agreement *agreements; /* by name and partner */
};

/* Brings the ledger up to date first. Verdicts are those that survive the number of agreements that
   were asked about. Everything lives in the arena. HS_INSUFFICIENT when the record holds no two
   whole months or no commission; what ledger and trail say. */
[[nodiscard]] enum hs_status hs_trend_of_programme(struct hs_arena *arena,
                                                   struct hs_programme *programme,
                                                   const struct hs_trend_rules *rules,
                                                   struct hs_trend_programme *out,
                                                   struct hs_err *err);

void hs_trend_programme_json(const struct hs_trend_programme *trends, struct hs_buf *out);
void hs_trend_programme_text(const struct hs_trend_programme *trends, int width,
                             struct hs_buf *out);
void hs_trend_programme_csv(const struct hs_trend_programme *trends, struct hs_buf *out);
void hs_trend_programme_html(const struct hs_trend_programme *trends, struct hs_buf *out);

#endif
