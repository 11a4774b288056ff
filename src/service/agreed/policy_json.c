#include "service/agreed/policy_json.h"

#include <inttypes.h>

#include "intake/json_line.h"

static const char *const RENEWALS[] = {[HS_RENEWALS_UNTOUCHED] = "untouched",
                                       [HS_RENEWALS_ALWAYS] = "always",
                                       [HS_RENEWALS_NEVER] = "never"};

const char *hs_renewals_word(enum hs_renewals renewals) { return RENEWALS[renewals]; }

int hs_renewals_parse(struct hs_str word, enum hs_renewals *out)
{
  for (size_t i = 0; i < sizeof RENEWALS / sizeof *RENEWALS; i++)
    if (hs_str_equal(word, hs_str_of(RENEWALS[i]))) {
      *out = (enum hs_renewals)i;
      return 1;
    }
  return 0;
}

static struct hs_str ratio_text(struct hs_ratio ratio, struct hs_arena *arena)
{
  char text[HS_RATIO_TEXT];
  hs_ratio_format(ratio, text);
  struct hs_str from = hs_str_of(text);
  return (struct hs_str){hs_arena_copy(arena, from.data, from.length), from.length};
}

enum hs_status hs_policy_write(const struct hs_policy *policy, struct hs_arena *arena,
                               struct hs_policy_texts *out, struct hs_err *err)
{
  struct hs_policy_texts texts = {.first = ratio_text(policy->first, arena),
                                  .last = ratio_text(policy->last, arena),
                                  .minimum = ratio_text(policy->minimum, arena)};
  struct hs_buf buf = hs_buf_in(arena);
  hs_buf_printf(&buf,
                "{\"coupon_first\":%s,\"cart_barrier\":%s,\"self_referral\":%s,\"stand_down_us\":"
                "%" PRId64 ",\"renewals\":\"%s\"}",
                policy->is_coupon_first ? "true" : "false",
                policy->is_cart_barrier ? "true" : "false",
                policy->allows_self_referral ? "true" : "false", policy->stand_down_us,
                RENEWALS[policy->renewals]);
  texts.rest = hs_buf_str(&buf);
  if (texts.first.data == NULL || texts.last.data == NULL || texts.minimum.data == NULL)
    return hs_arena_full(arena, "the policy", err);
  *out = texts;
  return hs_buf_status(&buf, "the policy", err);
}

static int read_flag(struct hs_str value, int *out)
{
  *out = hs_str_equal(value, HS_STR("true"));
  return *out || hs_str_equal(value, HS_STR("false"));
}

static int read_member(const struct hs_json_field *field, struct hs_policy *policy)
{
  if (hs_str_equal(field->name, HS_STR("coupon_first")))
    return read_flag(field->value, &policy->is_coupon_first);
  if (hs_str_equal(field->name, HS_STR("cart_barrier")))
    return read_flag(field->value, &policy->is_cart_barrier);
  if (hs_str_equal(field->name, HS_STR("self_referral")))
    return read_flag(field->value, &policy->allows_self_referral);
  if (hs_str_equal(field->name, HS_STR("stand_down_us")))
    return hs_parse_i64(field->value, &policy->stand_down_us);
  if (hs_str_equal(field->name, HS_STR("renewals")))
    return hs_renewals_parse(field->value, &policy->renewals);
  return 0;
}

#define MEMBERS_MAX 8

static int read_rest(struct hs_str rest, struct hs_arena *arena, struct hs_policy *policy)
{
  struct hs_json_field fields[MEMBERS_MAX];
  struct hs_json_fault fault;
  size_t count = 0;
  char *text = hs_arena_copy(arena, rest.data, rest.length);
  int is_whole =
      text != NULL && hs_json_line(text, rest.length, fields, MEMBERS_MAX, &count, &fault);
  for (size_t i = 0; i < count && is_whole; i++)
    is_whole = read_member(&fields[i], policy);
  return is_whole;
}

enum hs_status hs_policy_read(const struct hs_policy_texts *texts, struct hs_arena *arena,
                              struct hs_policy *out, struct hs_err *err)
{
  struct hs_policy policy = HS_POLICY_LAST;
  if (!hs_ratio_parse(texts->first, &policy.first) || !hs_ratio_parse(texts->last, &policy.last) ||
      !hs_ratio_parse(texts->minimum, &policy.minimum) ||
      (texts->rest.data != NULL && !read_rest(texts->rest, arena, &policy)))
    return hs_fail(err, HS_CORRUPT, "the policy cannot be read: %.*s, %.*s, %.*s, %.*s",
                   HS_STR_ARG(texts->first), HS_STR_ARG(texts->last), HS_STR_ARG(texts->minimum),
                   HS_STR_ARG(texts->rest));
  *out = policy;
  return hs_policy_check(&policy, err);
}
