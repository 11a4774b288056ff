/* The space of all orders, as far as a set of rules can tell them apart. Each axis of the
   conditions falls into cells between which no rule distinguishes, so that finitely many cases
   stand for all orders and a statement about every order can be checked on them exactly. */
#ifndef HANSA_AGREEMENT_RULE_PRIV_H
#define HANSA_AGREEMENT_RULE_PRIV_H

#include "agreement/rule_check.h"

/* Rules by their place in the terms, one bit each. */
__extension__ typedef unsigned __int128 hs_rule_set;

#define HS_RULE_BIT(index) ((hs_rule_set)1 << (index))

/* The first by rank, or -1 of the empty set. */
int hs_rule_set_first(hs_rule_set set);

struct hs_rule_cell {
  hs_rule_set holds;  /* which rules let it pass */
  struct hs_str text; /* code, country, product; absent: none that a rule names */
  int64_t figure;     /* the least value of an order in the cell; months */
  int64_t item;       /* the least value of an item */
  int is_new;
};

struct hs_rule_axis_cells {
  struct hs_rule_cell *cells; /* no two with the same rules; of such ones the first is kept */
  size_t count;
};

/* One kind of case: the rules that hold together in it, and a cell of each axis where they do. */
struct hs_rule_meeting {
  hs_rule_set rules;
  uint32_t cell[HS_RULE_AXIS_COUNT];
};

struct hs_rule_space {
  const struct hs_terms *terms;
  struct hs_rule_axis_cells axes[HS_RULE_AXIS_COUNT];
  struct hs_rule_meeting *room[2]; /* what a search holds in hand */
  uint64_t work_left; /* cases that may still be looked at; 0 from the start where one axis alone
                         has too many */
};

/* In arena. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_rule_space_make(const struct hs_terms *terms,
                                                struct hs_arena *arena, struct hs_rule_space *out,
                                                struct hs_err *err);

/* A part of the space: of each axis one cell, or any. */
struct hs_rule_region {
  int32_t cell[HS_RULE_AXIS_COUNT]; /* -1: any */
};

/* Every set of rules (of those given) that holds together somewhere in the region, each once, with
   the first case in the order of the cells; in storage that lives until the next call. Gives 0 when
   there are more than the space has room or time for. */
[[nodiscard]] int hs_rule_meetings(struct hs_rule_space *space, hs_rule_set rules,
                                   const struct hs_rule_region *region,
                                   const struct hs_rule_meeting **out, size_t *count);

/* What the parts of a check share. */
struct hs_rule_checking {
  const struct hs_terms *terms;
  hs_finding_fn tell;
  void *context;
};
void hs_rule_find(const struct hs_rule_checking *checking, struct hs_finding finding,
                  const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What a rule's own figures say: amounts, tiers, caps. least_minor is the value of the smallest
   order that it pays for, -1 when it never pays. */
void hs_rule_check_figures(const struct hs_rule_checking *checking, const struct hs_rule *rule,
                           int64_t least_minor);

#endif
