/* Templates: what is usual, as documents with marks for names and figures. */
#include <string.h>

#include "agreement/change.h"
#include "agreement/terms.h"
#include "base/time.h"

/* Marks: U us, P the partner, R the rate, C the currency, D the day of the first review; each is
   written with a $ before it and becomes a text of JSON with its quotes. */

#define ESCALATION                                                                                 \
  "\"escalation\":[{\"role\":\"owners\",\"days\":5},"                                              \
  "{\"role\":\"heads of both companies\",\"days\":10}],"
#define RULE "\"terms\":{\"currency\":$C,\"rules\":[{\"name\":\"sales\",\"rank\":1,\"rate\":$R}]}"
#define SIDES "\"parties\":[$U,$P],\"sides\":[{\"party\":$U},{\"party\":$P}],\"first_review\":$D,"
#define DECISIONS                                                                                  \
  "\"decisions\":[{\"question\":\"prices\",\"decided_by\":\"both\"},"                              \
  "{\"question\":\"the budget of a year\",\"decided_by\":\"both\"},"                               \
  "{\"question\":\"a third party\",\"decided_by\":\"both\",\"when_divided\":\"nobody joins\"}],"
#define FAIRNESS                                                                                   \
  "\"fairness\":{\"ranges\":[{\"party\":$U,\"low\":\"40%\",\"high\":\"60%\"},"                     \
  "{\"party\":$P,\"low\":\"40%\",\"high\":\"60%\"}]},"
#define HALVES "\"shares\":[{\"party\":$U,\"share\":\"50%\"},{\"party\":$P,\"share\":\"50%\"}]"

static const char AFFILIATE[] =
    "{\"title\":\"Offer for affiliates\",\"weight\":\"standard\",\"kind\":\"affiliate\"," RULE ","
    "\"disclosure\":[{\"country\":\"DE\",\"text\":\"Anzeige\",\"place\":\"above the link\"},"
    "{\"country\":\"GB\",\"text\":\"Ad\",\"place\":\"above the link\"},"
    "{\"country\":\"US\",\"text\":\"Ad: we earn a commission\",\"place\":\"above the link\"}],"
    "\"creators\":{\"must\":[\"that it is an advertisement, before anything else about us\"],"
    "\"must_not\":[\"what the product does not do\"],"
    "\"free\":[\"what you like and what you do not\"]},"
    "\"exit\":{\"notice_days\":14}}";

static const char CO_MARKETING[] =
    "{\"title\":\"A campaign of two\",\"weight\":\"managed\",\"kind\":\"co_marketing\"," SIDES RULE
    ","
    "\"campaign\":{\"sides\":[{\"party\":$U,\"budget\":\"50%\"},{\"party\":$P,\"budget\":\"50%\"}]}"
    "," ESCALATION "\"exit\":{\"notice_days\":60}}";

static const char JOINT_VENTURE[] =
    "{\"title\":\"A venture of two\",\"weight\":\"managed\",\"kind\":\"joint_venture\"," SIDES RULE
    "," DECISIONS "\"sharing\":{\"kind\":\"waterfall\"," HALVES
    ",\"steps\":[{\"kind\":\"recoup\"}]}," FAIRNESS ESCALATION "\"change_notice_days\":60,"
    "\"exit\":{\"notice_days\":180}}";

static const char ALLIANCE[] =
    "{\"title\":\"An alliance of two\",\"weight\":\"alliance\",\"kind\":\"alliance\"," SIDES RULE
    "," DECISIONS "\"sharing\":{\"kind\":\"shares\"," HALVES "}," FAIRNESS
    "\"forums\":[{\"name\":\"steering committee\",\"layer\":\"steering\","
    "\"repeats\":\"FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU\"},"
    "{\"name\":\"alliance managers\",\"layer\":\"managers\","
    "\"repeats\":\"FREQ=MONTHLY;BYDAY=1TU\"},"
    "{\"name\":\"working team\",\"layer\":\"team\",\"repeats\":\"FREQ=WEEKLY;BYDAY=TU\"}],"
    "\"escalation\":[{\"role\":\"owners\",\"days\":5},{\"role\":\"sponsors\",\"days\":10},"
    "{\"role\":\"heads of both companies\",\"days\":15}],"
    "\"renegotiation\":[{\"on\":\"balance\",\"when\":\"a side leaves its fairness range\"},"
    "{\"on\":\"success\",\"when\":\"the joint outcome is reached\"}],"
    "\"change_notice_days\":60,\"exit\":{\"notice_days\":365}}";

static const char *const TEMPLATES[] = {AFFILIATE, CO_MARKETING, JOINT_VENTURE, ALLIANCE};

/* Six weeks: long enough for something to have happened, short enough to change it. */
#define FIRST_REVIEW_DAYS 42

static void expand(const char *marked, const struct hs_template *asked, struct hs_buf *out)
{
  char review[HS_TIME_TEXT];
  hs_format_day(asked->today + FIRST_REVIEW_DAYS, review);
  const struct {
    char mark;
    struct hs_str text;
  } MARKS[] = {{'U', asked->us},
               {'P', asked->partner},
               {'R', asked->rate},
               {'C', asked->currency},
               {'D', hs_str_of(review)}};
  for (const char *at = marked; *at != '\0'; at++) {
    size_t m = 0;
    if (*at != '$') {
      hs_buf_add_char(out, *at);
      continue;
    }
    at++;
    while (MARKS[m].mark != *at)
      m++;
    hs_buf_add_json(out, MARKS[m].text);
  }
}

enum hs_status hs_agreement_template(enum hs_agreement_kind kind, const struct hs_template *asked,
                                     struct hs_arena *arena, struct hs_agreement *out,
                                     struct hs_terms *terms, struct hs_err *err)
{
  struct hs_buf text = hs_buf_in(arena);
  if (kind != HS_KIND_AFFILIATE && asked->partner.length == 0)
    return hs_fail(err, HS_INVALID, "an agreement of two sides needs the partner's name");
  expand(TEMPLATES[kind], asked, &text);
  enum hs_status status = hs_buf_status(&text, "a template", err);
  if (status == HS_OK)
    status = hs_agreement_read(hs_buf_str(&text), arena, out, terms, NULL, NULL, err);
  return status;
}
