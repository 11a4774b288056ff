#include "service/decide/evidence.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/hash.h"

/* A result with a series of a few thousand days is below a mebibyte. */
#define FILE_BYTES_MAX (16 * HS_MIB)

const char *hs_evidence_kind_name(enum hs_evidence_kind kind)
{
  static const char *const NAMES[] = {
      [HS_EVIDENCE_NONE] = "none",
      [HS_EVIDENCE_INFLUENCE] = "a series before and after",
      [HS_EVIDENCE_GEO] = "a comparison of regions",
      [HS_EVIDENCE_DESIGN] = "a registered design",
      [HS_EVIDENCE_HOLDOUT] = "a registered hold-out",
  };
  return NAMES[kind];
}

static const char *text_of(const json_t *object, const char *name)
{
  return json_string_value(json_object_get(object, name));
}

static double number_of(const json_t *object, const char *name)
{
  const json_t *value = json_object_get(object, name);
  return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

/* By the members that each analysis has and no other. */
static enum hs_evidence_kind kind_of(const json_t *object)
{
  if (json_object_get(object, "verdict") == NULL)
    return HS_EVIDENCE_NONE;
  if (text_of(object, "estimator") != NULL && text_of(object, "sha256") != NULL)
    return json_object_get(object, "offered_units") != NULL ? HS_EVIDENCE_HOLDOUT
                                                            : HS_EVIDENCE_DESIGN;
  if (text_of(object, "method") != NULL && json_object_get(object, "att") != NULL)
    return HS_EVIDENCE_GEO;
  return text_of(object, "mode") != NULL && json_is_object(json_object_get(object, "average"))
             ? HS_EVIDENCE_INFLUENCE
             : HS_EVIDENCE_NONE;
}

static enum hs_grade grade_of(const json_t *object)
{
  const char *name = text_of(object, "grade");
  for (int grade = HS_GRADE_A; name != NULL && grade <= HS_GRADE_C; grade++)
    if (hs_str_equal(hs_str_of(name), hs_str_of(hs_grade_name((enum hs_grade)grade))))
      return (enum hs_grade)grade;
  return HS_GRADE_D;
}

static const char *fault_of(const json_t *object, enum hs_grade grade)
{
  const char *verdict = text_of(object, "verdict");
  if (json_is_string(json_object_get(object, "refused_because")))
    return "the analysis refused to judge";
  /* "interim" of a series or of regions, "interim, no verdict" of a design. */
  if (verdict != NULL && strncmp(verdict, "interim", strlen("interim")) == 0)
    return "the experiment had not ended";
  return grade == HS_GRADE_D ? "it is an indication only (grade D)" : NULL;
}

static enum hs_status take(struct hs_arena *arena, const json_t *object, const char *path,
                           struct hs_evidence *out, struct hs_err *err)
{
  const char *verdict = text_of(object, "verdict");
  out->kind = kind_of(object);
  if (out->kind == HS_EVIDENCE_NONE && json_object_get(object, "hansa_design") != NULL)
    return hs_fail(err, HS_INVALID,
                   "%s is a registered design and no result: give what hansa design --analyse "
                   "--json wrote",
                   path);
  if (out->kind == HS_EVIDENCE_NONE)
    return hs_fail(err, HS_INVALID,
                   "%s is no result that hansa influence, geo or design --analyse wrote with "
                   "--json",
                   path);
  out->verdict = hs_str_of(verdict == NULL ? "" : verdict);
  if (!hs_str_keep(arena, &out->verdict))
    return hs_arena_full(arena, "evidence", err);
  out->grade = grade_of(object);
  out->because = fault_of(object, out->grade);
  out->is_sound = out->because == NULL;
  out->share_low = out->share = out->share_high = (double)NAN;
  if (out->kind == HS_EVIDENCE_HOLDOUT) {
    out->share_low = number_of(object, "low");
    out->share = number_of(object, "kappa");
    out->share_high = number_of(object, "high");
  }
  return HS_OK;
}

static enum hs_status check_hash(struct hs_str text, const char *path, struct hs_str sha256,
                                 struct hs_err *err)
{
  struct hs_hash said, found = hs_sha256(text.data, text.length);
  char shown[HS_HASH_TEXT];
  if (!hs_hash_parse(sha256.data, sha256.length, &said))
    return hs_fail(err, HS_INVALID, "sha256 must be 64 hexadecimal digits, got '%.*s'",
                   HS_STR_ARG(sha256));
  hs_hash_format(&found, shown);
  return hs_hash_equal(&said, &found)
             ? HS_OK
             : hs_fail(err, HS_CONFLICT,
                       "%s is not the file that the plan names: its SHA-256 is %s", path, shown);
}

enum hs_status hs_evidence_read(struct hs_arena *arena, const struct hs_io *io, const char *path,
                                struct hs_str sha256, struct hs_evidence *out, struct hs_err *err)
{
  struct hs_str text = {0};
  struct hs_evidence read = {.path = hs_str_of(path), .sha256 = sha256};
  enum hs_status status = hs_io_read_file(io, arena, path, FILE_BYTES_MAX, &text, err);
  if (!status)
    status = check_hash(text, path, sha256, err);
  if (status)
    return status;
  json_t *object = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, NULL);
  status = take(arena, object, path, &read, err);
  json_decref(object);
  if (!status)
    *out = read;
  return status;
}
