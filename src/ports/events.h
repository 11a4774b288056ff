/* The kinds of event and their columns, in one table. Readers of files (intake/), both trails
   (adapters/), `hansa sql`, exports and the reference documentation are made from it: a column that
   is not here does not exist. */
#ifndef HANSA_PORTS_EVENTS_H
#define HANSA_PORTS_EVENTS_H

#include "base/text.h"

enum hs_event_kind {
  HS_EVENT_TOUCH,
  HS_EVENT_ORDER,
  HS_EVENT_REFUND,
  HS_EVENT_LEAD,
  HS_EVENT_IDENTITY,
  HS_EVENT_SERIES,
  HS_EVENT_COST,
  HS_EVENT_ACTIVITY,
  HS_EVENT_PATH, /* an aggregated path with its counts, from a table that somebody else made */
  HS_EVENT_NETWORK_COMMISSION, /* what a network said of a commission, in one of its exports */
  HS_EVENT_CUSTOM, /* what agreements may pay for under a name of their own: a trial that began */
  HS_EVENT_SURVEY, /* what a customer said on being asked how they came to us */
  HS_EVENT_RATE,   /* what one unit of a currency was worth in another one on a day */
  HS_EVENT_KIND_COUNT
};

enum hs_type {
  HS_TYPE_TEXT,
  HS_TYPE_TIME,     /* int64 UTC microseconds */
  HS_TYPE_DAY,      /* int64 days since 1970-01-01 */
  HS_TYPE_INTEGER,  /* int64 */
  HS_TYPE_REAL,     /* double, finite */
  HS_TYPE_MONEY,    /* int64 minor units of the row's currency; read from a decimal or, as
                       <name>_minor, from an integer */
  HS_TYPE_CURRENCY, /* text, three capital letters of ISO 4217 */
  HS_TYPE_COUNTRY,  /* text, two capital letters of ISO 3166 */
  HS_TYPE_ITEMS,    /* text, a list of line items in JSON (intake/items.h) */
  HS_TYPE_FACTS     /* text, one flat JSON object whose values are texts */
};

/* Whether a value of the type is text. */
static inline int hs_type_is_text(enum hs_type type)
{
  return type == HS_TYPE_TEXT || type == HS_TYPE_CURRENCY || type == HS_TYPE_COUNTRY ||
         type == HS_TYPE_ITEMS || type == HS_TYPE_FACTS;
}

enum hs_column_rule {
  HS_COLUMN_REQUIRED = 1, /* a row without it is rejected */
  HS_COLUMN_KEY = 2, /* part of the natural key; when the key column is missing in a file, the key
                        is the whole row */
  HS_COLUMN_PERSONAL = 4, /* says something about a person: erased on request, never logged */
};

#define HS_ALIASES_MAX 8

struct hs_column_spec {
  const char *name; /* canonical; the stable name in `hansa sql` (money: amount_minor) */
  enum hs_type type;
  unsigned rules; /* of hs_column_rule */
  const char
      *words; /* for a text column with a fixed vocabulary: "click impression …"; NULL otherwise */
  const char *aliases[HS_ALIASES_MAX]; /* other headers that mean it, compared without case;
                                          NULL-terminated */
  const char *meaning;                 /* one line for the reference documentation */
};

static inline int hs_column_takes_json(const struct hs_column_spec *column)
{
  return column->type == HS_TYPE_ITEMS || column->type == HS_TYPE_FACTS;
}

#define HS_COLUMNS_MAX 20

struct hs_event_spec {
  const char *name;     /* plural, as typed: "touches"; also the table's and the view's name */
  const char *singular; /* "touch" */
  size_t column_count;
  struct hs_column_spec columns[HS_COLUMNS_MAX];
};

const struct hs_event_spec *hs_event_spec(enum hs_event_kind kind);
/* By plural name; 0 when there is none. */
[[nodiscard]] int hs_event_kind_parse(struct hs_str name, enum hs_event_kind *out);
/* The kind of touch of that name, in any case, among those that have a meaning of their own; absent
   when there is none. A touch without a partner is counted under its kind, so a partner of such a
   name would be one with that channel in every figure: nobody may have it. Lives for ever. */
struct hs_str hs_event_own_channel(struct hs_str name);
/* The index of the canonical column, or -1. */
int hs_event_column(enum hs_event_kind kind, const char *name);
/* The column's name in kept files, `hansa sql` and exports: its own, with _minor behind it for
   money. */
#define HS_COLUMN_NAME 32
void hs_column_stable_name(const struct hs_column_spec *column, char out[HS_COLUMN_NAME]);

#endif
