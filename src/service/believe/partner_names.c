#include "service/believe/partner_names.h"

#include <stdlib.h>

#include "base/room.h"

struct naming {
  struct hs_arena *arena;
  struct hs_str *names;
  size_t count, capacity;
};

static enum hs_status add_name(struct naming *naming, struct hs_str name, struct hs_err *err)
{
  struct hs_str *names = hs_arena_room(naming->arena, naming->names, naming->count, 1,
                                       &naming->capacity, sizeof *names);
  if (names == NULL || !hs_str_keep(naming->arena, &name))
    return hs_arena_full(naming->arena, "the names of partners", err);
  naming->names = names;
  names[naming->count++] = name;
  return HS_OK;
}

static enum hs_status add_party(void *context, const struct hs_party *party, struct hs_err *err)
{
  return add_name(context, party->name, err);
}

static int compare_names(const void *a, const void *b)
{
  return hs_str_compare(*(const struct hs_str *)a, *(const struct hs_str *)b);
}

enum hs_status hs_partner_names(struct hs_programme *programme, struct hs_arena *arena,
                                struct hs_arena *scratch, struct hs_str **names, size_t *count,
                                struct hs_err *err)
{
  struct hs_trail *trail = &programme->trail;
  struct hs_book *book = &programme->book;
  struct naming naming = {.arena = arena};
  struct hs_str *told = NULL;
  size_t told_count = 0;
  size_t kept = 0;
  enum hs_status status = trail->partners(trail->self, scratch, &told, &told_count, err);
  for (size_t i = 0; status == HS_OK && i < told_count; i++)
    status = add_name(&naming, told[i], err);
  if (status == HS_OK)
    status = book->parties(book->self, add_party, &naming, err);
  if (status != HS_OK)
    return status;
  if (naming.count > 1)
    qsort(naming.names, naming.count, sizeof *naming.names, compare_names);
  for (size_t i = 0; i < naming.count; i++)
    if (kept == 0 || !hs_str_equal(naming.names[kept - 1], naming.names[i]))
      naming.names[kept++] = naming.names[i];
  *names = naming.names;
  *count = kept;
  return HS_OK;
}

size_t hs_partner_names_find(const struct hs_str *names, size_t count, struct hs_str name)
{
  const struct hs_str *found =
      count == 0 ? NULL : bsearch(&name, names, count, sizeof name, compare_names);
  return found == NULL ? SIZE_MAX : (size_t)(found - names);
}
