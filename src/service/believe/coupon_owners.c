#include "service/believe/coupon_owners.h"

#include "base/room.h"

struct coupon_list {
  struct hs_arena *arena;
  struct hs_coupon_owner *owners;
  size_t count, capacity;
};

static enum hs_status add_owner(void *context, const struct hs_coupon *coupon, struct hs_err *err)
{
  struct coupon_list *list = context;
  struct hs_coupon_owner *owners =
      hs_arena_room(list->arena, list->owners, list->count, 1, &list->capacity, sizeof *owners);
  if (owners == NULL)
    return hs_arena_full(list->arena, "the coupons", err);
  list->owners = owners;
  struct hs_coupon_owner owner = {.code = coupon->code,
                                  .partner = coupon->party,
                                  .valid_from_us = coupon->valid_from_us,
                                  .valid_until_us = coupon->valid_until_us};
  if (!hs_str_keep(list->arena, &owner.code) || !hs_str_keep(list->arena, &owner.partner))
    return hs_arena_full(list->arena, "the coupons", err);
  list->owners[list->count++] = owner;
  return HS_OK;
}

enum hs_status hs_coupon_owners_read(struct hs_book *book, struct hs_arena *arena,
                                     struct hs_coupon_owner **owners, size_t *count,
                                     struct hs_err *err)
{
  struct coupon_list list = {.arena = arena};
  enum hs_status status = book->coupons(book->self, add_owner, &list, err);
  if (status != HS_OK)
    return status;
  hs_coupons_sort(list.owners, list.count);
  *owners = list.owners;
  *count = list.count;
  return HS_OK;
}
