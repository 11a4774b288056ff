/* The cast: thirty partners and one channel of our own, each a set of habits. The numbers are not
   measurements of anybody; they are chosen so that each kind shows what its kind is known for, and
   the seed varies them (world.c). */
#include "market/market_priv.h"

#define EVERYWHERE 0x3FU
#define ALL_TOPICS 0xFFU

static const char CREATOR[] = "creator";
static const char COMPARISON[] = "comparison";
static const char NEWSLETTER[] = "newsletter";
static const char COUPON[] = "coupon";
static const char CASHBACK[] = "cashback";
static const char VANITY[] = "vanity";
static const char CO_MARKETING[] = "co-marketing";
static const char RESELLER[] = "reseller";
static const char ALLIANCE[] = "alliance";

/* clang-format off */
static const struct profile CAST[] = {
    /* Creators: many see, few click, and later they come by name. */
    {.id = "lantern", .name = "Lantern Video", .kind = CREATOR, .touch = TOUCH_CLICK,
     .topics = 0x0F, .regions = EVERYWHERE, .member = .16, .views = .9, .view_awareness = .2,
     .click_fit = .16, .click_idle = .03, .lift = .5, .coupon = "LANTERN10", .media_minor = 240000,
     .content_minor = 60000, .hours = 14},
    {.id = "harbour", .name = "Harbour Podcast", .kind = CREATOR, .touch = TOUCH_CLICK,
     .topics = 0x3C, .regions = EVERYWHERE, .member = .10, .views = 1.1, .view_awareness = .2,
     .coupon = "HARBOUR", .media_minor = 180000, .hours = 8},
    {.id = "compass", .name = "Compass Notes", .kind = CREATOR, .touch = TOUCH_CONTENT,
     .trend = HS_MARKET_COMPOUNDING, .topics = 0xF0, .regions = EVERYWHERE, .member = .12,
     .views = .9, .view_awareness = .16, .click_fit = .30, .click_idle = .06, .lift = .7,
     .media_minor = 60000, .content_minor = 40000, .hours = 10},
    {.id = "mosaic", .name = "Mosaic Stories", .kind = CREATOR, .touch = TOUCH_SOCIAL,
     .trend = HS_MARKET_FADING, .topics = 0x33, .regions = EVERYWHERE, .member = .12, .views = 1.1,
     .view_awareness = .16, .view_seen = .05, .click_fit = .2, .click_idle = .05, .lift = .5,
     .coupon = "MOSAIC5", .media_minor = 150000, .hours = 9},
    {.id = "orchard", .name = "Orchard Channel", .kind = CREATOR, .touch = TOUCH_CLICK,
     .topics = 0x5A, .regions = 0x21, .start = .5, .member = .30, .views = 1.2,
     .view_awareness = .24, .click_fit = .14, .click_idle = .02, .lift = .5, .media_minor = 120000,
     .content_minor = 30000, .hours = 12},
    {.id = "willow", .name = "Willow Reviews", .kind = CREATOR, .touch = TOUCH_CLICK,
     .topics = 0xC3, .regions = EVERYWHERE, .effort_growth = .07, .member = .08, .views = .6,
     .view_awareness = .18, .click_fit = .24, .click_idle = .04, .lift = .6, .media_minor = 70000,
     .content_minor = 20000, .hours = 8},
    /* Comparison sites: asked by those who have a need already, and they decide. */
    {.id = "sidebyside", .name = "Side by Side", .kind = COMPARISON, .touch = TOUCH_CLICK,
     .topics = 0x7F, .regions = EVERYWHERE, .member = .18, .visit = .42, .lift = .9,
     .tools_minor = 15000, .hours = 6},
    {.id = "pricegrid", .name = "Price Grid", .kind = COMPARISON, .touch = TOUCH_CLICK,
     .topics = ALL_TOPICS, .regions = EVERYWHERE, .member = .132, .visit = .40, .lift = .6,
     .tools_minor = 15000, .hours = 5},
    {.id = "benchlist", .name = "Bench List", .kind = COMPARISON, .touch = TOUCH_CLICK,
     .trend = HS_MARKET_COMPOUNDING, .topics = 0x1E, .regions = EVERYWHERE, .member = .108,
     .visit = .34, .lift = .8, .tools_minor = 10000, .hours = 6},
    {.id = "firstpick", .name = "First Pick", .kind = COMPARISON, .touch = TOUCH_CLICK,
     .robots = ROBOTS_BURSTS, .topics = ALL_TOPICS, .regions = EVERYWHERE, .member = .12,
     .visit = .40, .lift = -.7, .tools_minor = 10000, .hours = 4},
    /* Newsletters. */
    {.id = "morningpost", .name = "Morning Post", .kind = NEWSLETTER, .touch = TOUCH_EMAIL,
     .topics = 0x3F, .regions = EVERYWHERE, .member = .14, .views = 1.6, .view_awareness = .048,
     .click_fit = .30, .click_idle = .07, .lift = .6, .subscribe = .3, .media_minor = 90000,
     .hours = 5},
    {.id = "craftletter", .name = "Craft Letter", .kind = NEWSLETTER, .touch = TOUCH_EMAIL,
     .trend = HS_MARKET_COMPOUNDING, .topics = 0x0C, .regions = EVERYWHERE, .member = .10,
     .views = 1.4, .view_awareness = .08, .click_fit = .45, .click_idle = .08, .lift = .9,
     .subscribe = .3, .media_minor = 40000, .hours = 5},
    {.id = "weekender", .name = "The Weekender", .kind = NEWSLETTER, .touch = TOUCH_EMAIL,
     .trend = HS_MARKET_FADING, .topics = 0xF0, .regions = EVERYWHERE, .member = .13, .views = 1.5,
     .view_awareness = .06, .click_fit = .35, .click_idle = .07, .lift = .6, .subscribe = .2,
     .media_minor = 80000, .hours = 4},
    {.id = "gazette", .name = "Gazette of Tools", .kind = NEWSLETTER, .touch = TOUCH_EMAIL,
     .topics = 0x55, .regions = EVERYWHERE, .start = .34, .member = .12, .views = 1.5,
     .view_awareness = .08, .click_fit = .35, .click_idle = .06, .lift = .7, .subscribe = .2,
     .media_minor = 70000, .hours = 5},
    /* Coupon sites: there at the checkout, after the decision. */
    {.id = "codebarn", .name = "Code Barn", .kind = COUPON, .touch = TOUCH_COUPON,
     .topics = ALL_TOPICS, .regions = EVERYWHERE, .member = .27, .close = .434, .coupon = "BARN10",
     .tools_minor = 5000, .hours = 3},
    {.id = "vouchernest", .name = "Voucher Nest", .kind = COUPON, .touch = TOUCH_COUPON,
     .topics = ALL_TOPICS, .regions = EVERYWHERE, .member = .21, .close = .315, .coupon = "NEST8",
     .tools_minor = 5000, .hours = 3},
    {.id = "cartclip", .name = "Cart Clip", .kind = COUPON, .touch = TOUCH_COUPON,
     .robots = ROBOTS_BURSTS, .topics = ALL_TOPICS, .regions = EVERYWHERE, .member = .18,
     .close = .49, .coupon = "CLIP", .hours = 2},
    /* Cashback: mostly at the checkout, sometimes a reason to buy. One lives in the browser. */
    {.id = "pennyback", .name = "Penny Back", .kind = CASHBACK, .touch = TOUCH_CLICK,
     .topics = ALL_TOPICS, .regions = EVERYWHERE, .member = .132, .visit = .10, .lift = .5,
     .close = .35, .tools_minor = 5000, .hours = 3},
    {.id = "kickbacker", .name = "Kickbacker", .kind = CASHBACK, .touch = TOUCH_CLICK,
     .topics = ALL_TOPICS, .regions = EVERYWHERE, .member = .084, .visit = .06, .lift = .4,
     .close = .385, .is_software = 1, .hours = 2},
    /* Vanity: lists that grow and never buy. */
    {.id = "prizewheel", .name = "Prize Wheel", .kind = VANITY, .audience = AUDIENCE_NEVER_BUYS,
     .touch = TOUCH_CONTENT, .topics = ALL_TOPICS, .regions = EVERYWHERE, .member = .66,
     .views = .8, .click_idle = .35, .subscribe = 1, .media_minor = 190000, .content_minor = 40000,
     .hours = 9},
    {.id = "badgehunt", .name = "Badge Hunt", .kind = VANITY, .audience = AUDIENCE_NEVER_BUYS,
     .touch = TOUCH_CONTENT, .topics = ALL_TOPICS, .regions = EVERYWHERE, .member = .40,
     .views = .7, .click_idle = .30, .subscribe = 1, .media_minor = 110000, .hours = 6},
    /* Co-marketing: made together; the second is only an exchange of audiences. */
    {.id = "fieldguide", .name = "Field Guide", .kind = CO_MARKETING, .touch = TOUCH_EVENT,
     .trend = HS_MARKET_COMPOUNDING, .topics = 0x0F, .regions = EVERYWHERE, .member = .10,
     .views = .5, .view_awareness = .2, .click_fit = .5, .click_idle = .12, .lift = 1.1,
     .subscribe = .3, .content_minor = 110000, .tools_minor = 10000, .hours = 30},
    {.id = "swapmeet", .name = "Swap Meet", .kind = CO_MARKETING, .touch = TOUCH_EMAIL,
     .trend = HS_MARKET_FADING, .topics = 0x80, .regions = EVERYWHERE, .member = .14, .views = .8,
     .view_awareness = .012, .click_fit = .15, .click_idle = .08, .lift = .1, .subscribe = .3,
     .content_minor = 60000, .hours = 16},
    {.id = "longtable", .name = "Long Table", .kind = CO_MARKETING, .touch = TOUCH_CONTENT,
     .topics = 0x78, .regions = EVERYWHERE, .member = .11, .views = .7, .view_awareness = .12,
     .view_seen = .1, .click_fit = .3, .click_idle = .07, .lift = .7, .content_minor = 80000,
     .hours = 18},
    /* Resellers and an alliance: few, large orders of teams, registered as leads. */
    {.id = "northdesk", .name = "North Desk", .kind = RESELLER, .clientele = CLIENTELE_TEAMS,
     .touch = TOUCH_CLICK, .topics = ALL_TOPICS, .regions = 0x07, .member = .40, .visit = .55,
     .lift = 1.5, .lead = .7, .tools_minor = 20000, .hours = 22},
    {.id = "brightline", .name = "Brightline Systems", .kind = RESELLER,
     .clientele = CLIENTELE_TEAMS, .trend = HS_MARKET_FADING, .touch = TOUCH_CLICK,
     .topics = ALL_TOPICS, .regions = EVERYWHERE, .member = .28, .visit = .5, .lift = 1.2,
     .lead = .7, .tools_minor = 20000, .hours = 20},
    {.id = "keystone", .name = "Keystone Works", .kind = ALLIANCE, .clientele = CLIENTELE_TEAMS,
     .trend = HS_MARKET_COMPOUNDING, .touch = TOUCH_EVENT, .topics = ALL_TOPICS,
     .regions = EVERYWHERE, .member = .35, .visit = .5, .lift = 1.7, .lead = .6,
     .content_minor = 60000, .tools_minor = 30000, .hours = 45},
    /* Too small to be judged. */
    {.id = "pebble", .name = "Pebble Blog", .kind = CREATOR, .touch = TOUCH_CLICK, .topics = 0x11,
     .regions = EVERYWHERE, .member = .0022, .views = .8, .view_awareness = .16, .click_fit = .25,
     .click_idle = .05, .lift = .6, .hours = 1},
    {.id = "acorn", .name = "Acorn Dispatch", .kind = NEWSLETTER, .touch = TOUCH_EMAIL,
     .topics = 0x22, .regions = EVERYWHERE, .member = .0030, .views = 1.3, .view_awareness = .06,
     .click_fit = .35, .click_idle = .07, .lift = .6, .media_minor = 8000, .hours = 1},
    {.id = "thimble", .name = "Thimble Finder", .kind = COMPARISON, .touch = TOUCH_CLICK,
     .topics = 0x44, .regions = EVERYWHERE, .member = .0028, .visit = .35, .lift = .7, .hours = 1},
    /* Our own paid search: no partner, but money is spent on it, so it is judged alike. */
    {.id = "", .name = "Paid search", .kind = "paid_search", .touch = TOUCH_PAID_SEARCH,
     .topics = ALL_TOPICS, .regions = EVERYWHERE, .member = .9, .visit = .22, .lift = .2,
     .hours = 12},
};
/* clang-format on */

size_t hs_market_cast_size(void) { return sizeof CAST / sizeof *CAST; }

const struct profile *hs_market_cast(size_t index)
{
  HS_ASSERT(index < hs_market_cast_size());
  return &CAST[index];
}

const char *hs_market_trend_name(enum hs_market_trend trend)
{
  static const char *const NAMES[] = {"plateau", "compounding", "fading"};
  return NAMES[trend];
}

static const struct {
  const char *name;
  double loss;
} KINDS[TOUCH_KIND_COUNT] = {
    [TOUCH_CLICK] = {"click", .12},   [TOUCH_IMPRESSION] = {"impression", .40},
    [TOUCH_COUPON] = {"coupon", .03}, [TOUCH_CONTENT] = {"content", .20},
    [TOUCH_EMAIL] = {"email", .10},   [TOUCH_EVENT] = {"event", .05},
    [TOUCH_DIRECT] = {"direct", .08}, [TOUCH_ORGANIC] = {"organic", .10},
    [TOUCH_SOCIAL] = {"social", .25}, [TOUCH_PAID_SEARCH] = {"paid_search", .10},
};

const char *hs_market_kind_name(enum touch_kind kind) { return KINDS[kind].name; }
double hs_market_kind_loss(enum touch_kind kind) { return KINDS[kind].loss; }

const char *hs_market_agent(size_t index)
{
  static const char *const AGENTS[] = {
      "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0",
      ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
       "Gecko) Version/17.5 Mobile/15E148 Safari/604.1"),
      ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Chrome/126.0.0.0 Mobile Safari/537.36"),
      "Mozilla/5.0 (Android 13; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0",
      "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
      ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Chrome/126.0.0.0 Safari/537.36"),
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:128.0) Gecko/20100101 Firefox/128.0",
      "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
      "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
      "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
      "python-requests/2.31.0",
      "curl/8.5.0",
      "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
      "WhatsApp/2.23.20.0",
      "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
      "TelegramBot (like TwitterBot)",
  };
  HS_ASSERT(index < sizeof AGENTS / sizeof *AGENTS);
  return AGENTS[index];
}
