#include "service/post/decision.h"

#include <inttypes.h>

#include "base/ratio.h"
#include "base/time.h"
#include "intake/json_line.h"

/* ---- the members ---- */

enum member_type { TEXT, FRACTION, MOMENT, NUMBER, AMOUNT, CURRENCY, ID };

enum member {
  BY,
  SECONDED_BY,
  AGREEMENT,
  PARTY,
  NUMBER_OF,
  DOCUMENT,
  FROM,
  UNTIL,
  FIRST,
  LAST,
  MINIMUM,
  COMMISSION,
  DISPUTE,
  PAYOUT,
  ORDER_ID,
  CUSTOMER,
  ABOUT,
  VERDICT,
  STATE,
  METHOD,
  REFERENCE,
  PERIOD,
  CURRENCY_OF,
  AMOUNT_OF,
  REASON,
  WORDS,
  ATTESTED_BY,
  MEMBER_COUNT
};

static const struct {
  const char *name;
  enum member_type type;
  size_t offset;
} MEMBERS[MEMBER_COUNT] = {
    [BY] = {"by", TEXT, offsetof(struct hs_decision, by)},
    [SECONDED_BY] = {"seconded_by", TEXT, offsetof(struct hs_decision, seconded_by)},
    [AGREEMENT] = {"agreement", TEXT, offsetof(struct hs_decision, agreement)},
    [PARTY] = {"party", TEXT, offsetof(struct hs_decision, party)},
    [NUMBER_OF] = {"number", NUMBER, offsetof(struct hs_decision, number)},
    [DOCUMENT] = {"document", TEXT, offsetof(struct hs_decision, document)},
    [FROM] = {"from", MOMENT, offsetof(struct hs_decision, from_us)},
    [UNTIL] = {"until", MOMENT, offsetof(struct hs_decision, until_us)},
    [FIRST] = {"first", FRACTION, offsetof(struct hs_decision, first)},
    [LAST] = {"last", FRACTION, offsetof(struct hs_decision, last)},
    [MINIMUM] = {"minimum", FRACTION, offsetof(struct hs_decision, minimum)},
    [COMMISSION] = {"commission", ID, offsetof(struct hs_decision, commission)},
    [DISPUTE] = {"dispute", ID, offsetof(struct hs_decision, dispute)},
    [PAYOUT] = {"payout", ID, offsetof(struct hs_decision, payout)},
    [ORDER_ID] = {"order_id", TEXT, offsetof(struct hs_decision, order_id)},
    [CUSTOMER] = {"customer", TEXT, offsetof(struct hs_decision, customer)},
    [ABOUT] = {"about", TEXT, offsetof(struct hs_decision, about)},
    [VERDICT] = {"verdict", TEXT, offsetof(struct hs_decision, verdict)},
    [STATE] = {"state", TEXT, offsetof(struct hs_decision, state)},
    [METHOD] = {"method", TEXT, offsetof(struct hs_decision, method)},
    [REFERENCE] = {"reference", TEXT, offsetof(struct hs_decision, reference)},
    [PERIOD] = {"period", TEXT, offsetof(struct hs_decision, period)},
    [CURRENCY_OF] = {"currency", CURRENCY, offsetof(struct hs_decision, currency)},
    [AMOUNT_OF] = {"amount_minor", AMOUNT, offsetof(struct hs_decision, amount_minor)},
    [REASON] = {"reason", TEXT, offsetof(struct hs_decision, reason)},
    [WORDS] = {"words", TEXT, offsetof(struct hs_decision, words)},
    [ATTESTED_BY] = {"attested_by", TEXT, offsetof(struct hs_decision, attested_by)},
};

#define BIT(member) (UINT32_C(1) << (member))

/* ---- the kinds ---- */

static const struct {
  const char *word;
  uint32_t must, may;
} KINDS[HS_DECISION_KIND_COUNT] = {
    [HS_DECISION_PROPOSE] = {"propose",
                             BIT(BY) | BIT(AGREEMENT) | BIT(NUMBER_OF) | BIT(DOCUMENT) | BIT(FROM),
                             BIT(UNTIL) | BIT(PARTY) | BIT(REASON)},
    [HS_DECISION_SIGN] = {"sign", BIT(BY) | BIT(AGREEMENT) | BIT(NUMBER_OF),
                          BIT(PARTY) | BIT(REASON) | BIT(ATTESTED_BY)},
    [HS_DECISION_NOTIFY] = {"notify", BIT(BY) | BIT(AGREEMENT) | BIT(NUMBER_OF) | BIT(METHOD),
                            BIT(PARTY) | BIT(REFERENCE) | BIT(REASON)},
    [HS_DECISION_ANSWER] = {"answer",
                            BIT(BY) | BIT(AGREEMENT) | BIT(NUMBER_OF) | BIT(PARTY) | BIT(VERDICT),
                            BIT(REASON) | BIT(ATTESTED_BY)},
    [HS_DECISION_END] = {"end", BIT(BY) | BIT(AGREEMENT) | BIT(NUMBER_OF) | BIT(FROM), BIT(REASON)},
    [HS_DECISION_ENROL] = {"enrol", BIT(BY) | BIT(AGREEMENT) | BIT(PARTY) | BIT(FROM),
                           BIT(UNTIL) | BIT(REASON) | BIT(ATTESTED_BY)},
    [HS_DECISION_OWN] = {"own", BIT(BY) | BIT(PARTY) | BIT(CUSTOMER) | BIT(STATE), BIT(REASON)},
    [HS_DECISION_POLICY] = {"policy",
                            BIT(BY) | BIT(NUMBER_OF) | BIT(FIRST) | BIT(LAST) | BIT(MINIMUM) |
                                BIT(FROM),
                            BIT(DOCUMENT) | BIT(REASON)},
    [HS_DECISION_LOCK] = {"lock", BIT(UNTIL), BIT(BY)},
    [HS_DECISION_DISPUTE] = {"dispute",
                             BIT(BY) | BIT(DISPUTE) | BIT(PARTY) | BIT(ABOUT) | BIT(CURRENCY_OF) |
                                 BIT(AMOUNT_OF),
                             BIT(COMMISSION) | BIT(ORDER_ID) | BIT(WORDS)},
    [HS_DECISION_JUDGE] = {"judge", BIT(BY) | BIT(DISPUTE) | BIT(VERDICT),
                           BIT(SECONDED_BY) | BIT(AMOUNT_OF) | BIT(WORDS)},
    [HS_DECISION_ADJUST] = {"adjust", BIT(BY) | BIT(SECONDED_BY) | BIT(AMOUNT_OF) | BIT(REASON),
                            BIT(COMMISSION) | BIT(PARTY) | BIT(CURRENCY_OF) | BIT(WORDS)},
    [HS_DECISION_PAYOUT] = {"payout",
                            BIT(BY) | BIT(SECONDED_BY) | BIT(PAYOUT) | BIT(PARTY) |
                                BIT(CURRENCY_OF) | BIT(METHOD),
                            BIT(REFERENCE)},
    [HS_DECISION_PAYOUT_RUN] = {"payout_run",
                                BIT(BY) | BIT(SECONDED_BY) | BIT(REFERENCE) | BIT(METHOD) |
                                    BIT(UNTIL) | BIT(DOCUMENT),
                                0},
    [HS_DECISION_PAYOUT_STATE] = {"payout_state", BIT(BY) | BIT(PAYOUT) | BIT(STATE),
                                  BIT(REASON) | BIT(REFERENCE)},
    [HS_DECISION_CLOSE] = {"close",
                           BIT(BY) | BIT(SECONDED_BY) | BIT(PERIOD) | BIT(FROM) | BIT(UNTIL),
                           BIT(DOCUMENT)},
    [HS_DECISION_SHEET] = {"sheet",
                           BIT(BY) | BIT(AGREEMENT) | BIT(PARTY) | BIT(PERIOD) | BIT(DOCUMENT), 0},
    [HS_DECISION_FUND] = {"fund",
                          BIT(BY) | BIT(AGREEMENT) | BIT(STATE) | BIT(WORDS) | BIT(CURRENCY_OF) |
                              BIT(AMOUNT_OF),
                          BIT(PARTY) | BIT(REFERENCE) | BIT(REASON)},
    [HS_DECISION_CONFIRM] = {"confirm",
                             BIT(BY) | BIT(AGREEMENT) | BIT(PARTY) | BIT(PERIOD) | BIT(DOCUMENT),
                             0},
};

const char *hs_decision_word(enum hs_decision_kind kind)
{
  HS_ASSERT((size_t)kind < HS_DECISION_KIND_COUNT);
  return KINDS[kind].word;
}

static int parse_kind(struct hs_str word, enum hs_decision_kind *out)
{
  for (size_t k = 0; k < HS_DECISION_KIND_COUNT; k++)
    if (hs_str_equal(word, hs_str_of(KINDS[k].word))) {
      *out = (enum hs_decision_kind)k;
      return 1;
    }
  return 0;
}

/* ---- writing ---- */

static int is_absent(const struct hs_decision *decision, enum member member)
{
  const void *at = (const char *)decision + MEMBERS[member].offset;
  switch (MEMBERS[member].type) {
  case TEXT:
  case FRACTION:
    return ((const struct hs_str *)at)->data == NULL;
  case MOMENT:
  case AMOUNT:
    return *(const int64_t *)at == 0;
  case NUMBER:
    return *(const uint64_t *)at == 0;
  case CURRENCY:
  case ID:
  default:
    return *(const char *)at == '\0';
  }
}

static void add_value(struct hs_buf *buf, const struct hs_decision *decision, enum member member)
{
  const void *at = (const char *)decision + MEMBERS[member].offset;
  char text[HS_TIME_TEXT];
  hs_buf_printf(buf, ",\"%s\":", MEMBERS[member].name);
  switch (MEMBERS[member].type) {
  case TEXT:
  case FRACTION:
    hs_buf_add_json(buf, *(const struct hs_str *)at);
    return;
  case MOMENT:
    hs_format_time(*(const int64_t *)at, text);
    hs_buf_printf(buf, "\"%s\"", text);
    return;
  case AMOUNT:
    hs_buf_printf(buf, "%" PRId64, *(const int64_t *)at);
    return;
  case NUMBER:
    hs_buf_printf(buf, "%" PRIu64, *(const uint64_t *)at);
    return;
  case CURRENCY:
  case ID:
  default:
    hs_buf_printf(buf, "\"%s\"", (const char *)at);
  }
}

enum hs_status hs_decision_write(struct hs_arena *arena, const struct hs_decision *decision,
                                 struct hs_str *out, struct hs_err *err)
{
  struct hs_buf buf = hs_buf_in(arena);
  const char *word = hs_decision_word(decision->kind);
  hs_buf_printf(&buf, "{\"id\":\"%s\",\"decision\":\"%s\"", decision->id.text, word);
  for (int m = 0; m < MEMBER_COUNT; m++) {
    enum member member = (enum member)m;
    int is_must = (KINDS[decision->kind].must & BIT(m)) != 0;
    if (!is_must && (KINDS[decision->kind].may & BIT(m)) == 0)
      continue;
    if (!is_absent(decision, member))
      add_value(&buf, decision, member);
    else if (is_must)
      return hs_fail(err, HS_INVALID, "a decision to %s must say %s", word, MEMBERS[m].name);
  }
  hs_buf_add_char(&buf, '}');
  *out = hs_buf_str(&buf);
  return hs_buf_status(&buf, "the decision", err);
}

/* ---- reading ---- */

static int read_value(struct hs_decision *decision, enum member member, struct hs_str value)
{
  void *at = (char *)decision + MEMBERS[member].offset;
  enum hs_zone_said said;
  struct hs_ratio ratio;
  switch (MEMBERS[member].type) {
  case FRACTION:
    if (!hs_ratio_parse(value, &ratio))
      return 0;
    [[fallthrough]];
  case TEXT:
    *(struct hs_str *)at = value;
    return 1;
  case MOMENT:
    return hs_parse_time(value, at, &said) && said == HS_ZONE_OFFSET;
  case AMOUNT:
    return hs_parse_i64(value, at);
  case NUMBER:
    return hs_parse_u64(value, at);
  case CURRENCY:
    return hs_currency_parse(value, at);
  case ID:
  default:
    return hs_id_parse(value, NULL, at);
  }
}

#define FIELDS_MAX (2 * (size_t)MEMBER_COUNT)

static struct hs_str find_field(const struct hs_json_field *fields, size_t count, const char *name)
{
  for (size_t i = 0; i < count; i++)
    if (hs_str_equal(fields[i].name, hs_str_of(name)))
      return fields[i].value;
  return (struct hs_str){0};
}

/* NULL when all is well, or the name of the member that is missing or wrong. */
static const char *read_members(const struct hs_json_field *fields, size_t count,
                                struct hs_decision *decision)
{
  uint32_t must = KINDS[decision->kind].must;
  uint32_t has = must | KINDS[decision->kind].may;
  for (int m = 0; m < MEMBER_COUNT; m++) {
    if ((has & BIT(m)) == 0)
      continue;
    struct hs_str value = find_field(fields, count, MEMBERS[m].name);
    if (value.data == NULL ? (must & BIT(m)) != 0 : !read_value(decision, (enum member)m, value))
      return MEMBERS[m].name;
  }
  return NULL;
}

enum hs_status hs_decision_read(struct hs_arena *arena, unsigned version, struct hs_str payload,
                                struct hs_decision *out, struct hs_err *err)
{
  if (version != HS_DECISION_FRAME_VERSION)
    return hs_fail(err, HS_UNSUPPORTED,
                   "a decision's frame of version %u; this Hansa knows version %d", version,
                   HS_DECISION_FRAME_VERSION);
  struct hs_json_field fields[FIELDS_MAX];
  struct hs_json_fault fault;
  struct hs_decision decision = {0};
  size_t count = 0;
  char *text = hs_arena_copy(arena, payload.data, payload.length);
  if (text == NULL)
    return hs_arena_full(arena, "a decision's frame", err);
  if (!hs_str_is_utf8(payload) ||
      !hs_json_line(text, payload.length, fields, FIELDS_MAX, &count, &fault))
    return hs_fail(err, HS_CORRUPT, "a decision's frame is no JSON object: %.*s",
                   (int)(payload.length < 300 ? payload.length : 300), payload.data);
  struct hs_str word = find_field(fields, count, "decision");
  if (!parse_kind(word, &decision.kind))
    return hs_fail(err, HS_UNSUPPORTED, "a newer Hansa decided to \"%.*s\"", HS_STR_ARG(word));
  if (!hs_id_parse(find_field(fields, count, "id"), "dec", &decision.id))
    return hs_fail(err, HS_CORRUPT, "a decision without its id");
  const char *wrong = read_members(fields, count, &decision);
  if (wrong != NULL)
    return hs_fail(err, HS_CORRUPT, "a decision to %s without a proper %s",
                   KINDS[decision.kind].word, wrong);
  *out = decision;
  return HS_OK;
}
