/* The inside of the simulator, for this folder alone.

   A person is simulated in two steps. The first (person.c) draws everything that no partner can
   change: traits, needs, and each contact that a partner would make. The second (decide.c) is a
   function of these draws and of the set of partners that exist, and says what was bought. A
   counterfactual is the second step again without one partner, on the same draws; that is why the
   truth about thirty partners costs little more than the story itself. Draws are addressed by
   (seed, purpose, subject, a, b) and never by their order, so no draw moves when another is left
   out. */
#ifndef HANSA_MARKET_MARKET_PRIV_H
#define HANSA_MARKET_MARKET_PRIV_H

#include "base/money.h"
#include "base/time.h"
#include "market/market.h"

#define REGION_COUNT 6
#define TOPIC_COUNT 8
#define NEEDS_MAX 96          /* of one person; a need more than that does not arise */
#define VIEWS_PER_MONTH_MAX 6 /* of one person with one partner */
#define PARTNERS_MAX 64       /* sets of partners are bits of one word */
#define NO_PARTNER 255
#define NO_NEED (-1)
#define MEMORY_US (80.0 * (double)HS_DAY_US) /* familiarity fades: half is gone in eight weeks */
/* Who bought once knows us. */
#define CUSTOMER_FAMILIARITY .35
#define WINDOW_US (30 * HS_DAY_US) /* how long a touch reaches an order, for the truth's tables */

/* What a draw is for. The numbers are part of the simulator's output: a new purpose gets a new
   number, none is used twice. */
enum purpose {
  DRAW_JITTER = 1,
  DRAW_SHOCK = 2,
  DRAW_TRAITS = 3,
  DRAW_HABITS = 4,
  DRAW_MEMBER = 5,
  DRAW_NEED = 6,
  DRAW_PURCHASE = 7,
  DRAW_FATE = 8,
  DRAW_VIEW_COUNT = 9,
  DRAW_VIEW = 10,
  DRAW_VISIT = 11,
  DRAW_OWN_VISIT = 12,
  DRAW_OWN_COUNT = 13,
  DRAW_CLOSING = 14,
  DRAW_CLOSER = 15,
  DRAW_COUPON = 16,
  DRAW_TOUCH = 17,
  DRAW_DELIVERY = 18,
  DRAW_ORDER = 19,
  DRAW_LEAD = 20,
  DRAW_HOUSEHOLD = 21,
  DRAW_SUBSCRIBER = 22,
  DRAW_ROBOT = 23,
  DRAW_BACKGROUND = 24,
  DRAW_NEED_COUNT = 25,
  DRAW_COST = 26,
  DRAW_ROBOT_COUNT = 27,
  DRAW_SURVEY = 28,
};

/* Four independent uniforms inside (0, 1), of 32 bits each. a has 24 bits. */
struct chance {
  double u[4];
};
struct chance hs_market_chance(uint64_t seed, enum purpose purpose, uint32_t subject, uint32_t a,
                               uint32_t b);
/* The Poisson count at quantile u, cut at max: rising in u and in mean. */
uint32_t hs_market_poisson(double u, double mean, uint32_t max);
/* exp(mean + sd·z) with z the normal quantile of u. */
double hs_market_lognormal(double u, double mean, double sd);

enum touch_kind {
  TOUCH_CLICK,
  TOUCH_IMPRESSION,
  TOUCH_COUPON,
  TOUCH_CONTENT,
  TOUCH_EMAIL,
  TOUCH_EVENT,
  TOUCH_DIRECT,
  TOUCH_ORGANIC,
  TOUCH_PAID_SEARCH,
  TOUCH_SOCIAL,
  TOUCH_KIND_COUNT
};
const char *hs_market_kind_name(enum touch_kind kind);
/* The share of touches of a kind that never reach the files: blocked scripts, cut parameters,
   closed pages. */
double hs_market_kind_loss(enum touch_kind kind);

enum audience {
  AUDIENCE_ALL,
  AUDIENCE_NEVER_BUYS, /* people who come for prizes */
};

/* Only needs of teams (larger, rarer) interest some partners. */
enum clientele { CLIENTELE_ANY, CLIENTELE_TEAMS };

enum robots { ROBOTS_FEW, ROBOTS_BURSTS };

/* One partner as the world is written down, before the seed varies it. Shares are probabilities;
   money is euro cents a month. */
struct profile {
  const char *id;
  const char *name;
  const char *kind; /* creator, comparison, newsletter, coupon, cashback, vanity, … */
  enum audience audience;
  enum clientele clientele;
  enum robots robots;
  enum hs_market_trend trend;
  enum touch_kind touch; /* what its clicks and visits are called */
  int is_software;       /* in the customer's browser: its touches say that they stand down */
  unsigned topics;       /* bits: the needs that it speaks to */
  unsigned regions;      /* bits: where it works */
  double start;          /* share of the run after which it begins */
  double effort_growth;  /* a month; value follows with elasticity .9, costs follow fully */
  double member;         /* share of persons in its audience */
  double views;          /* a month, of a member */
  double view_awareness; /* what one view adds to familiarity with the brand */
  double view_seen;      /* share of views that leave an impression or content touch of ours */
  double click_fit;      /* share of views clicked while a fitting need is open */
  double click_idle;     /* and otherwise */
  double visit;          /* share of fitting needs in which a member goes there */
  double lift;           /* what a click or visit within a need adds to the log odds of buying */
  double close;          /* share of orders of deal seekers that it touches at the checkout */
  double lead;           /* share of visits that become a registered lead */
  double subscribe;      /* share of members who appear as subscribers in the activity */
  const char *coupon;    /* NULL without one */
  int32_t media_minor, content_minor, tools_minor, hours;
};

size_t hs_market_cast_size(void);
const struct profile *hs_market_cast(size_t index);

struct partner {
  struct profile profile;              /* with the seed's variation applied */
  double level[HS_MARKET_MONTHS_MAX];  /* 0 before it begins */
  double effort[HS_MARKET_MONTHS_MAX]; /* 0 before it begins */
  int32_t start_month;
  int is_own; /* a channel of our own: its touches name no partner */
};

struct world {
  uint64_t seed;
  uint32_t people;
  int32_t months;
  int32_t first_day;
  int32_t days;
  int64_t from_us, until_us;
  int32_t *day_month;                          /* days */
  int32_t month_day[HS_MARKET_MONTHS_MAX + 1]; /* first day of each, from first_day on */
  double *demand[REGION_COUNT];                /* days: how strongly needs arise, around 1 */
  double *demand_before[REGION_COUNT];         /* days + 1: the sum of the days before */
  size_t partner_count;                        /* our own paid search is the last */
  struct partner partners[PARTNERS_MAX];
  uint64_t own_mask;
};

const char *hs_market_region_name(size_t region);
[[nodiscard]] enum hs_status hs_market_world_build(const struct hs_market_options *options,
                                                   struct hs_arena *arena, struct world *world,
                                                   struct hs_err *err);
/* The microsecond of a day at quantile u of the day's traffic. */
int64_t hs_market_time_of_day(double u);
[[nodiscard]] int hs_market_is_in_run(const struct world *world, int64_t at_us);
/* Day since first_day and month of a moment inside the run. */
int32_t hs_market_day(const struct world *world, int64_t at_us);
int32_t hs_market_month(const struct world *world, int64_t at_us);

enum consent { CONSENT_GRANTED, CONSENT_DENIED, CONSENT_UNKNOWN };

struct need {
  int64_t at_us;
  int64_t decide_us; /* when the person buys or lets it be; may lie outside the run */
  double threshold;  /* bought when the probability exceeds it */
  double generic;    /* draw: found us by a generic search */
  double brand;      /* draw: thought of us by name */
  int64_t amount_minor;
  int64_t refund_minor; /* 0 when nothing is taken back inside the run */
  int64_t refund_us;
  uint32_t topic;
  int is_team;
};

/* A moment at which a partner would reach the person, whatever the other partners do. */
struct contact {
  int64_t at_us;
  double awareness;
  double lift;
  int32_t need; /* the one whose consideration it falls into, NO_NEED */
  uint8_t partner;
  uint8_t kind;     /* enum touch_kind */
  uint8_t is_touch; /* leaves one; otherwise it was only seen */
  uint8_t is_view;  /* counts among the partner's impressions */
};

struct person {
  uint32_t index;
  uint32_t region;
  int never_buys;
  double activity;    /* needs a year */
  double familiarity; /* with the brand, before the run */
  double taste;       /* log odds of buying from us */
  double deal;        /* how keen on deals, 0 to 1 */
  uint32_t topics[2];
  enum consent consent;
  int has_laptop, has_shared, has_kiosk;
  uint32_t agent[2];   /* of phone and laptop */
  int32_t cookie_days; /* life of a visitor id; 0: for ever */
  uint64_t member_of;  /* partners whose audience includes the person */
  size_t need_count;
  struct need needs[NEEDS_MAX];
  size_t contact_count;
  struct contact *contacts; /* room for hs_market_contacts_max */
};

size_t hs_market_contacts_max(const struct world *world);
/* Draws person number index into *person, whose contacts the caller has given room. */
void hs_market_person_draw(const struct world *world, uint32_t index, struct person *person);

struct outcome {
  uint8_t is_engaged[NEEDS_MAX];   /* came to know of us in time */
  uint8_t is_by_itself[NEEDS_MAX]; /* and would have without a partner's click */
  uint8_t is_bought[NEEDS_MAX];
  double familiarity[NEEDS_MAX];
};

/* What the person did in a world without the partners of the mask. */
void hs_market_decide(const struct world *world, const struct person *person, uint64_t removed,
                      struct outcome *outcome);

/* What one person left behind, for the truth: which partners reached an order, and how. */
struct reach {
  uint64_t met; /* who touched the person or showed something; masks of partners, as below */
  uint64_t reached[NEEDS_MAX];
  uint64_t tracked[NEEDS_MAX];
};

struct row_ref {
  int64_t arrival_us;
  uint64_t offset;
  uint32_t bytes;
};

/* Rows as text, in any order, until they are sorted by arrival. */
struct rows {
  struct hs_arena *arena;
  struct hs_buf text;
  struct row_ref *refs;
  size_t count, capacity;
  uint64_t open_at; /* where the row under construction begins */
  int is_bad;
};
struct rows hs_market_rows_in(struct hs_arena *arena);
struct hs_buf *hs_market_row_begin(struct rows *rows);
void hs_market_row_end(struct rows *rows, int64_t arrival_us);

struct touch {
  int64_t arrival_us;
  int64_t at_us;
  uint64_t id; /* codes, turned into text when written */
  uint64_t visitor;
  uint8_t partner;
  uint8_t kind;
  uint8_t agent;
  uint8_t consent;
  uint8_t campaign;
  uint8_t is_customer; /* visitor is a customer's code */
};

struct touches {
  struct hs_arena *arena;
  struct touch *list;
  size_t count, capacity;
  int is_bad;
};

enum metric {
  METRIC_ORGANIC,
  METRIC_DIRECT,
  METRIC_BRAND,
  METRIC_CATEGORY, /* searches for what we sell, by anybody: no partner moves it */
  METRIC_SALES,
  METRIC_COUNT
};

/* Everything that waits to be written, and the counts behind the truth. */
struct store {
  const struct world *world;
  struct touches touches;
  struct rows orders, refunds, leads, identities, activity, costs, surveys, persons, traffic,
      survey_truths;
  uint32_t *series[METRIC_COUNT]; /* region × day */
  uint32_t *views;                /* partner × day */
  uint32_t *sign_ups;             /* partner × day, of subscribers whose id is not known */
  uint32_t *monthly_reach;        /* partner × month */
  int64_t kind_touches[TOUCH_KIND_COUNT], kind_lost[TOUCH_KIND_COUNT];
  struct hs_market_effect *effects; /* partner × (months + 1), the last is the total */
  struct hs_market_truth truth;     /* the figures; pointers are set at the end */
};
[[nodiscard]] enum hs_status hs_market_store_init(struct store *store, const struct world *world,
                                                  struct hs_arena *arena, struct hs_err *err);
/* HS_NOMEM when something did not fit. */
[[nodiscard]] enum hs_status hs_market_store_status(const struct store *store, struct hs_err *err);
void hs_market_store_touch(struct store *store, const struct touch *touch);
struct hs_market_effect *hs_market_effect_of(struct store *store, size_t partner, int32_t month);
struct hs_market_effect *hs_market_effect_total(struct store *store, size_t partner);
uint32_t *hs_market_series_cell(struct store *store, enum metric metric, size_t region,
                                int32_t day);

#define EPOCHS_MAX 128 /* of a visitor id: 60 months at 20 days, rounded up */

/* Names of things. A code is (subject, slot, ordinal) in 40 bits; its name is the prefix and the
   code mixed one-to-one, differently for each prefix, so that a name tells nothing about others. */
#define NAME_TEXT 16
enum slot { SLOT_PHONE, SLOT_LAPTOP, SLOT_SHARED, SLOT_ONCE, SLOT_KIOSK, SLOT_ROBOT, SLOT_OTHER };
uint64_t hs_market_code(uint32_t subject, enum slot slot, uint32_t ordinal);
void hs_market_name(char prefix, uint64_t code, char out[NAME_TEXT]);

/* User agents: people's first, then what names itself a robot, then what fetches previews. */
#define AGENTS_PHONE 4
#define AGENTS_LAPTOP 4
#define AGENT_ROBOT_FIRST (AGENTS_PHONE + AGENTS_LAPTOP)
#define AGENTS_ROBOT 5
#define AGENT_PREVIEW_FIRST (AGENT_ROBOT_FIRST + AGENTS_ROBOT)
#define AGENTS_PREVIEW 4
const char *hs_market_agent(size_t index);

/* What one person leaves behind, while it is being written down. */
struct trace {
  struct store *store;
  const struct world *world;
  const struct person *person;
  const struct outcome *outcome;
  struct reach *reach;
  uint32_t ordinal;    /* of the person's touches, lost ones included */
  uint32_t identities; /* of its identity rows */
  uint32_t once;       /* of ids that last for one page */
  int64_t account_us;  /* when the customer account was opened; INT64_MAX without one */
  uint64_t named[3][EPOCHS_MAX / 64]; /* visitor ids that stand in the truth already */
  int is_kiosk_named;
};

/* Sets the record of who is who: this id belongs to the traced person. */
void hs_market_person_named(struct trace *trace, char prefix, uint64_t code, const char *kind,
                            int is_shared);
uint64_t hs_market_customer_code(const struct trace *trace);
/* The id that a device shows at that moment: it changes where cookies live short, is the
   household's on the shared computer, and new on every page of who refused consent. */
uint64_t hs_market_visitor_code(struct trace *trace, enum slot device, int64_t at_us);
void hs_market_identity_add(struct trace *trace, int64_t at_us, uint64_t visitor,
                            const char *evidence);
/* Says in truth_traffic.csv that a row is not what it seems. */
void hs_market_traffic_note(struct store *store, char prefix, uint64_t code, const char *file,
                            const char *class);
/* One touch, or its loss, with all that follows for the truth. Gives the visitor id that it
   showed. */
uint64_t hs_market_touch_leave(struct trace *trace, int64_t at_us, uint8_t partner,
                               enum touch_kind kind, enum slot device, int is_logged_in);

/* Asks the buyer of order number k how they heard of us: most do not answer, some guess. order and
   visitor are the ids that the order shows. */
void hs_market_survey_leave(struct trace *trace, size_t k, const char *order, const char *visitor);

/* Writes down what happened to one person in the world as it is; gives which orders were reached.
 */
void hs_market_trace(struct store *store, const struct person *person,
                     const struct outcome *outcome, struct reach *reach);
/* Asks, for each partner that reached the person, what would have been without it. */
void hs_market_judge(struct store *store, const struct person *person,
                     const struct outcome *outcome, const struct reach *reach);
/* Robots, the market's other visitors, costs and the partners' own figures. */
void hs_market_traffic(struct store *store);
void hs_market_background(struct store *store);
void hs_market_costs(struct store *store);
void hs_market_activity(struct store *store);

struct place {
  int64_t arrival_us;
  size_t index;
};

/* The way out: pieces of a few hundred kilobytes to the sink. */
struct outlet {
  const struct hs_market_sink *sink;
  const struct hs_market_watch *watch;
  struct hs_err *err;
  enum hs_status status; /* the first failure; nothing is written after it */
  enum hs_market_file file;
  struct hs_buf buf;
  struct place *places; /* room to sort the longest table */
};
void hs_market_outlet_flush(struct outlet *outlet);
void hs_market_outlet_room(struct outlet *outlet); /* flushes when much has gathered */
[[nodiscard]] enum hs_status hs_market_write_tables(struct store *store, struct outlet *outlet,
                                                    struct hs_arena *arena);
[[nodiscard]] enum hs_status hs_market_write_truth(struct store *store, struct outlet *outlet);

void hs_market_add_money(struct hs_buf *buf, int64_t amount_minor);
void hs_market_add_time(struct hs_buf *buf, int64_t at_us);
void hs_market_add_day(struct hs_buf *buf, int32_t day);

#endif
