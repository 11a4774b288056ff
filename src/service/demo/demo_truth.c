/* The file is one nested document, which intake's reader of flat objects refuses, so jansson reads
   it. Every figure that is taken is a whole number: what jansson makes of 12.10 never shows. */
#include "service/demo/demo_truth.h"

#include <jansson.h>

#define TRUTH_BYTES_MAX (4 * HS_MIB) /* 60 months of the largest world stay below 100 KiB */

struct reading {
  struct hs_arena *arena;
  int is_bad;
};

static int64_t integer_of(struct reading *reading, const json_t *object, const char *name)
{
  const json_t *member = json_object_get(object, name);
  reading->is_bad |= !json_is_integer(member);
  return json_is_integer(member) ? json_integer_value(member) : 0;
}

static struct hs_str text_of(struct reading *reading, const json_t *object, const char *name)
{
  const json_t *member = json_object_get(object, name);
  char *copy = json_is_string(member) ? hs_arena_copy(reading->arena, json_string_value(member),
                                                      json_string_length(member))
                                      : NULL;
  reading->is_bad |= copy == NULL;
  return hs_str_of(copy);
}

static void read_totals(struct reading *reading, const json_t *root, struct hs_demo_truth *truth)
{
  size_t index = 0;
  json_t *kind = NULL;
  const json_t *totals = json_object_get(root, "totals");
  truth->sold_minor = integer_of(reading, json_object_get(totals, "orders"), "net_minor");
  truth->sold_without_partners_minor =
      integer_of(reading, json_object_get(totals, "without_partners"), "net_minor");
  json_array_foreach(json_object_get(root, "tracking_loss"), index, kind)
  {
    truth->touches += integer_of(reading, kind, "touches");
    truth->touches_lost += integer_of(reading, kind, "lost");
  }
}

static enum hs_status read_partners(struct reading *reading, const json_t *root,
                                    struct hs_demo_truth *truth, struct hs_err *err)
{
  size_t index = 0;
  json_t *row = NULL;
  const json_t *rows = json_object_get(root, "partners");
  truth->partners = hs_arena_alloc(reading->arena, json_array_size(rows), sizeof *truth->partners);
  if (truth->partners == NULL)
    return hs_arena_full(reading->arena, "the truth of a demonstration", err);
  json_array_foreach(rows, index, row)
  {
    truth->partners[truth->partner_count++] = (struct hs_demo_partner){
        .name = text_of(reading, row, "partner"),
        .kind = text_of(reading, row, "channel"),
        .orders_tracked = integer_of(reading, json_object_get(row, "tracked"), "orders"),
        .incremental_minor = integer_of(reading, json_object_get(row, "incremental"), "net_minor"),
        .halo_minor = integer_of(reading, json_object_get(row, "halo"), "net_minor")};
  }
  return HS_OK;
}

enum hs_status hs_demo_truth_read(struct hs_arena *arena, const struct hs_io *io, const char *path,
                                  struct hs_demo_truth *out, struct hs_err *err)
{
  json_error_t problem;
  struct hs_str text = {0};
  struct hs_demo_truth truth = {0};
  struct reading reading = {.arena = arena};
  enum hs_status status = hs_io_read_file(io, arena, path, TRUTH_BYTES_MAX, &text, err);
  if (status == HS_INVALID) { /* nothing that the simulator writes is that large */
    status = HS_CORRUPT;
    if (err != NULL)
      err->status = status;
  }
  if (status != HS_OK)
    return status;
  json_t *root = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, &problem);
  if (root == NULL)
    return hs_fail(err, HS_CORRUPT, "%s, line %d: %s", path, problem.line, problem.text);
  read_totals(&reading, root, &truth);
  status = read_partners(&reading, root, &truth, err);
  json_decref(root);
  if (status == HS_OK && reading.is_bad)
    status = hs_fail(err, HS_CORRUPT, "%s is not what the simulator writes", path);
  if (status == HS_OK)
    *out = truth;
  return status;
}
