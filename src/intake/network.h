/* What the exports of partner networks and referral tools look like, in one table: which fields
   tell whose export it is, which field feeds which of our columns, how amounts and moments are
   written, and which of our four words each of theirs means. A row then goes the usual way of
   intake.h and comes out as kind network_commissions.

   The names are facts from the vendors' public documentation; each network has the page that they
   come from. What no public page says is not in the table: such a field is mapped by the caller
   (--map), and a zone, a unit or a currency that the export does not say has to be named. */
#ifndef HANSA_INTAKE_NETWORK_H
#define HANSA_INTAKE_NETWORK_H

#include "intake/mapping.h"

/* What a field may feed beside the columns of the kind. */
#define HS_NETWORK_PAID "paid" /* true, 1 or yes: an approved commission was paid */
#define HS_NETWORK_UNIT "unit" /* a row counted in anything but "cash" is rejected */

#define HS_NETWORK_FIELDS_MAX 32
#define HS_NETWORK_WORDS_MAX 12
#define HS_NETWORK_HEADER_MAX 5

enum hs_network_clock {
  HS_CLOCK_SAID,  /* moments carry their offset */
  HS_CLOCK_UTC,   /* documented to be UTC */
  HS_CLOCK_ASKED, /* as whoever asked for the export chose: has to be named */
};

struct hs_network {
  const char *name;                          /* as typed: "awin" */
  const char *title;                         /* "Awin" */
  const char *source;                        /* the public pages that the names come from */
  const char *header[HS_NETWORK_HEADER_MAX]; /* fields that no other export has all of */
  /* The first field of a column that the file has is the one that is read. Names are compared by
     their letters and digits alone, without case, since the same field is saleAmount in an answer
     of an interface, sale_amount in a table of it and Sale Amount in a report. */
  struct {
    const char *column;
    const char *field;
  } fields[HS_NETWORK_FIELDS_MAX];
  struct {
    const char *theirs; /* compared without case */
    const char *ours;   /* a word of the column status */
  } words[HS_NETWORK_WORDS_MAX];
  const char *currency;    /* of every row, where that is so; or NULL */
  enum hs_amounts amounts; /* UNSTATED: has to be named */
  enum hs_network_clock clock;
  int counts_ms;      /* moments are milliseconds since 1970 */
  int names_by_order; /* the commission's name is that of the order */
};

/* All of them, in the order of their names; one with a name of NULL ends the list. */
const struct hs_network *hs_networks(void);
/* By name; NULL when there is none. */
const struct hs_network *hs_network_named(struct hs_str name);
/* The one whose header stands among the fields; NULL when there is none or more than one, with
 *count as many as there are. */
const struct hs_network *hs_network_find(const struct hs_str *fields, size_t field_count,
                                         size_t *count);
/* The column that the field feeds, or NULL; *place is its place in the list. */
const char *hs_network_column(const struct hs_network *network, struct hs_str field, int *place);

/* Puts a row's status into our word, with theirs beside it, and names the network. cells as for
   hs_convert_row; what is put there lives for ever. 0 with the fault. */
struct hs_fault;
[[nodiscard]] int hs_network_translate(const struct hs_network *network, struct hs_str *cells,
                                       struct hs_fault *fault);

#endif
