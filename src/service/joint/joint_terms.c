#include "service/joint/joint_terms.h"

#include <stdio.h>

/* ---- months ---- */

int32_t hs_month_parse(struct hs_str text)
{
  int64_t year = 0;
  int64_t month = 0;
  if (text.length != HS_MONTH_TEXT - 1 || text.data[4] != '-' ||
      !hs_parse_i64((struct hs_str){text.data, 4}, &year) ||
      !hs_parse_i64((struct hs_str){text.data + 5, 2}, &month) || year < 1 || month < 1 ||
      month > 12)
    return -1;
  return (int32_t)(12 * year + month - 1);
}

void hs_month_format(int32_t month, char out[HS_MONTH_TEXT])
{
  HS_ASSERT(month >= 12 && month < 12 * 10000);
  (void)snprintf(out, HS_MONTH_TEXT, "%04d-%02d", (int)(month / 12) % 10000, (int)(month % 12) + 1);
}

int32_t hs_month_at(const struct hs_zone *zone, int64_t at_us)
{
  struct hs_civil civil = hs_civil_of_us(at_us + hs_zone_offset_s(zone, at_us) * HS_SECOND_US);
  return (int32_t)(12 * civil.year + civil.month - 1);
}

/* ---- the version ---- */

/* Which of two versions that both do not hold at the month's end says what the month is computed
   by: the one that held longer, and of those the newer, which comes first. */
static const struct hs_agreed_version *later(const struct hs_agreed_version *a,
                                             const struct hs_agreed_version *b)
{
  return a == NULL || b->until_us > a->until_us ? b : a;
}

/* Versions stand by agreement, the newest first. *is_known: there is one, whatever its state. */
static const struct hs_agreed_version *find_version(const struct hs_in_force *in_force,
                                                    struct hs_str agreement,
                                                    const struct hs_period *period, int *is_known)
{
  const struct hs_agreed_version *ended = NULL;
  *is_known = 0;
  for (size_t i = 0; i < in_force->version_count; i++) {
    const struct hs_agreed_version *version = &in_force->versions[i];
    if (!hs_str_equal(version->agreement, agreement))
      continue;
    *is_known = 1;
    if (!version->is_signed || version->from_us >= period->until_us)
      continue;
    if (version->until_us >= period->until_us)
      return version;
    ended = later(ended, version);
  }
  return ended;
}

/* ---- the sides ---- */

static void add_side(struct hs_joint_terms *terms, struct hs_str name)
{
  size_t index = terms->lines.side_count++;
  terms->lines.sides[index] = name;
  terms->lines.hour_rates[index] = (struct hs_decimal){0, -1};
}

static void note_hour_rates(struct hs_joint_terms *terms)
{
  const struct hs_agreement *document = &terms->version->document;
  const struct hs_side *sides = document->sides.items;
  for (size_t i = 0; i < document->sides.count; i++) {
    uint32_t side = hs_line_terms_find(&terms->lines, sides[i].party);
    if (side != HS_NOBODY)
      terms->lines.hour_rates[side] = sides[i].hour_rate;
  }
}

static enum hs_status find_sides(const struct hs_in_force *in_force, struct hs_joint_terms *terms,
                                 struct hs_err *err)
{
  const struct hs_list *parties = &terms->version->document.parties;
  const struct hs_str *names = parties->items;
  size_t partner_count = 0;
  terms->ours = terms->others = HS_NOBODY;
  if (parties->count + 2 > HS_SIDES_MAX)
    return hs_fail(err, HS_INVALID, "a joint P&L has at most %d sides, the agreement has %zu",
                   HS_SIDES_MAX - 2, parties->count);
  for (size_t i = 0; i < parties->count; i++)
    partner_count += hs_in_force_partner(in_force, names[i]) != HS_NO_PARTNER;
  if (partner_count == parties->count) {
    terms->ours = 0;
    add_side(terms, HS_SIDE_US);
  }
  for (uint32_t i = 0; i < parties->count; i++) {
    if (terms->ours == HS_NOBODY && hs_in_force_partner(in_force, names[i]) == HS_NO_PARTNER)
      terms->ours = i;
    add_side(terms, names[i]);
  }
  if (terms->lines.side_count < 2) {
    terms->others = (uint32_t)terms->lines.side_count;
    add_side(terms, HS_SIDE_PARTNERS);
  }
  note_hour_rates(terms);
  return HS_OK;
}

enum hs_status hs_joint_terms_of(const struct hs_in_force *in_force, struct hs_str agreement,
                                 struct hs_str period, struct hs_joint_terms *out,
                                 struct hs_err *err)
{
  struct hs_joint_terms terms = {0};
  struct hs_period days = {0};
  int is_known = 0;
  if (hs_month_parse(period) < 0)
    return hs_fail(err, HS_INVALID, "a joint P&L is of a month, such as 2026-09, got \"%.*s\"",
                   HS_STR_ARG(period));
  enum hs_status status = hs_parse_period(period, in_force->zone, &terms.period, err);
  if (status == HS_OK)
    status = hs_parse_period(period, hs_zone_utc(), &days, err);
  if (status != HS_OK)
    return status;
  terms.version = find_version(in_force, agreement, &terms.period, &is_known);
  if (!is_known)
    return hs_fail(err, HS_NOT_FOUND, "there is no agreement %.*s", HS_STR_ARG(agreement));
  if (terms.version == NULL)
    return hs_fail(err, HS_NOT_FOUND, "no signed version of agreement %.*s held by %.*s",
                   HS_STR_ARG(agreement), HS_STR_ARG(period));
  terms.lines = (struct hs_line_terms){.day_hours = {8, 0},
                                       .from_day = (int32_t)(days.from_us / HS_DAY_US),
                                       .until_day = (int32_t)(days.until_us / HS_DAY_US),
                                       .currency = terms.version->terms.currency,
                                       .rounding = terms.version->terms.rounding};
  status = find_sides(in_force, &terms, err);
  if (status == HS_OK)
    *out = terms;
  return status;
}

uint32_t hs_joint_side_of(const struct hs_joint_terms *terms, struct hs_str partner)
{
  return terms->others != HS_NOBODY ? terms->others : hs_line_terms_find(&terms->lines, partner);
}

enum hs_status hs_joint_side(const struct hs_joint_terms *terms, struct hs_str name, uint32_t *out,
                             struct hs_err *err)
{
  char known[512] = "";
  size_t used = 0;
  uint32_t side = hs_line_terms_find(&terms->lines, name);
  if (side != HS_NOBODY) {
    *out = side;
    return HS_OK;
  }
  for (size_t s = 0; s < terms->lines.side_count && used < sizeof known; s++)
    used += (size_t)snprintf(known + used, sizeof known - used, "%s%.*s", s > 0 ? ", " : "",
                             HS_STR_ARG(terms->lines.sides[s]));
  return hs_fail(err, HS_NOT_FOUND, "there is no side \"%.*s\"; the sides are %s", HS_STR_ARG(name),
                 known);
}
