#include "measure/influence/register.h"

static const char *const EVENT_KINDS[HS_DECLARED_KIND_COUNT] = {"promotion", "price", "consent",
                                                                "partner", "other"};

const char *hs_declared_kind_name(enum hs_declared_kind kind) { return EVENT_KINDS[kind]; }

int hs_declared_kind_parse(struct hs_str name, enum hs_declared_kind *out)
{
  for (size_t kind = 0; kind < HS_DECLARED_KIND_COUNT; kind++)
    if (hs_str_equal(name, hs_str_of(EVENT_KINDS[kind]))) {
      *out = (enum hs_declared_kind)kind;
      return 1;
    }
  return 0;
}

static enum hs_grade lower(enum hs_grade grade)
{
  return grade == HS_GRADE_D ? HS_GRADE_D : (enum hs_grade)(grade + 1);
}

static const char *because(const struct hs_register_facts *facts,
                           const struct hs_register_standing *standing)
{
  if (facts->is_altered)
    return "the registered design was changed afterwards";
  if (facts->registered_day > facts->last_day)
    return "it was registered after its end, so that nobody can have followed it";
  if (standing->is_late && standing->events_inside > 0)
    return "it was registered after its start, and other things happened in its window";
  if (standing->is_late)
    return "it was registered after its start";
  return standing->events_inside > 0 ? "other things happened in its window" : NULL;
}

struct hs_register_standing hs_register_stand(const struct hs_register_facts *facts,
                                              enum hs_grade grade)
{
  struct hs_register_standing standing = {.is_interim = facts->seen_day < facts->last_day,
                                          .is_late = facts->registered_day >= facts->first_day,
                                          .grade = grade};
  for (size_t i = 0; i < facts->event_count; i++)
    standing.events_inside += facts->events[i].first_day <= facts->last_day &&
                              facts->events[i].last_day >= facts->first_day;
  if (standing.is_late)
    standing.grade = lower(standing.grade);
  if (standing.events_inside > 0)
    standing.grade = lower(standing.grade);
  if (facts->is_altered || facts->registered_day > facts->last_day)
    standing.grade = HS_GRADE_D;
  standing.because = because(facts, &standing);
  return standing;
}

enum hs_status hs_declared_check(const struct hs_declared_event *events, size_t count, int has_days,
                                 struct hs_err *err)
{
  for (size_t i = 0; i < count; i++)
    if (events[i].is_number == has_days)
      return hs_fail(err, HS_USAGE, "--event %s must be written as the times of the series, %s",
                     hs_declared_kind_name(events[i].kind),
                     has_days ? "in days such as 2026-03-01" : "in numbers such as 71..73");
  return HS_OK;
}

const char *hs_register_meaning(enum hs_grade grade)
{
  static const char *const MEANINGS[] = {
      "drawn by lot, and written down before its start",
      "drawn by lot, with one weakness",
      "drawn by lot, with two weaknesses",
      "association only: sign and range, never money",
  };
  return MEANINGS[grade];
}

int hs_partners_apart(const unsigned char *another, size_t start, size_t end, unsigned char *keeps)
{
  size_t active = 0;
  size_t kept = 0;
  for (size_t row = 0; row < start; row++)
    active += another[row] != 0;
  int usual = 2 * active > start;
  for (size_t row = 0; row < end; row++) {
    keeps[row] = (another[row] != 0) == usual;
    kept += row >= start && keeps[row];
  }
  return kept >= HS_APART_ROWS_MIN && (double)kept >= HS_APART_SHARE_MIN * (double)(end - start);
}
