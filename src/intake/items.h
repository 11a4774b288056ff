/* What an order says in JSON: its line items, and the facts of its metadata. Files bring them as
   people and shops write them; they are kept in one form, so that the same order is the same text
   whoever wrote it:
     [{"product":"pro","category":"plan","quantity":2,"amount_minor":4990,"cost_minor":1200}]
     {"channel":"app","plan":"pro"}
   with members in this order, those that were not said left out, and facts sorted by key. */
#ifndef HANSA_INTAKE_ITEMS_H
#define HANSA_INTAKE_ITEMS_H

#include "base/money.h"
#include "intake/convert.h"

#define HS_ITEM_QUANTITY_MAX INT64_C(1000000000)
#define HS_FACTS_MAX 64
#define HS_FACT_KEY_BYTES_MAX 128

/* Figures are those of all pieces together, in minor units of the order's currency. */
struct hs_line_item {
  struct hs_str product;
  struct hs_str category; /* {NULL, 0} when not said */
  int64_t quantity;       /* 1 to HS_ITEM_QUANTITY_MAX; 1 when not said */
  int64_t amount_minor;   /* 0 or more: before the order's discount, without tax and shipping */
  int64_t cost_minor;     /* 0 or more; −1 when not said */
  int64_t
      discount_minor; /* 0 or more: what is taken off in amount_minor already; 0 when not said */
};

/* A list as it is read, item by item. */
struct hs_items {
  struct hs_currency currency; /* of amounts in its unit; not needed for what was kept */
  char *begin, *at, *end;
  size_t number; /* of the item that was read last, from 1 */
};

/* The text is changed while it is read, and what is read borrows from it. */
struct hs_items hs_items_begin(char *text, size_t length, struct hs_currency currency);
/* 1 with the next item, 0 behind the last one, −1 with the fault: its words name the item. */
[[nodiscard]] int hs_items_next(struct hs_items *items, struct hs_line_item *out,
                                struct hs_fault *fault);

/* The text of a cell into the form that is kept, in the room; absent for an empty list or object,
   which say nothing. *sum_minor becomes that of the items' amounts. 0 with the fault, which is that
   of a column named column. */
[[nodiscard]] int hs_items_settle(struct hs_str text, struct hs_currency currency,
                                  const char *column, struct hs_convert_room *room,
                                  struct hs_str *out, int64_t *sum_minor, struct hs_fault *fault);
[[nodiscard]] int hs_facts_settle(struct hs_str text, const char *column,
                                  struct hs_convert_room *room, struct hs_str *out,
                                  struct hs_fault *fault);

#endif
