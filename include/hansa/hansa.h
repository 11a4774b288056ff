/* libhansa: credit for channels from a file of paths, from C.

   Link with -lhansa (pkg-config hansa). One call reads and computes, the others look at the result:

       struct hs_attribution *result;
       char why[1024];
       if (hs_attribution_open("paths.csv", NULL, &result, why, sizeof why) != 0)
         fprintf(stderr, "%s\n", why);

   A result is constant once it is open and may be read by several threads. The library keeps no
   state of its own, writes nothing, and starts threads only for a bootstrap. The same file and
   options give the same figures to the last bit on the same type of machine, whatever the order of
   the file's rows and the number of threads. */
#ifndef HANSA_HANSA_H
#define HANSA_HANSA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HS_API __attribute__((visibility("default")))

struct hs_attribution;

/* What to read and compute. Start from hs_attribution_defaults and change what differs. */
struct hs_attribution_options {
  /* Names of columns, without regard to ASCII case; NULL finds path, conversions
     (total_conversions), value (total_conversion_value) and null (nulls, total_null). Value and
     null may be missing. */
  const char *path_column, *conversions_column, *value_column, *null_column;
  const char *separator; /* between steps; blanks around it do not count. NULL is ">" */
  /* Names with commas: first, last, last_non_direct, linear, position, decay, shapley, markov. NULL
     is all of them but last_non_direct. */
  const char *models;
  unsigned order;        /* of the Markov chain, 1 to 4 */
  double interval_level; /* such as 0.9; 0 leaves the intervals out */
  size_t draws;        /* bootstrap replicates, 40 to 100,000; 0 is the jackknife, which is fast */
  uint64_t seed;       /* of the bootstrap */
  size_t threads;      /* of the bootstrap; 0 is one per processor */
  size_t memory_bytes; /* bound of the result and all work for it; 0 is 8 GiB. It is address space
                          until it is used */
};

/* Order 1, intervals at 0.9 by the jackknife, seed 1; everything else as NULL and 0 say. */
HS_API struct hs_attribution_options hs_attribution_defaults(void);

/* Reads a CSV file ("-" is standard input, gzip is unpacked, *.tsv has tabs) and computes every
   model. options may be NULL for the defaults; what it points to is borrowed during the call only.
   0 and a result that hs_attribution_close gives back, or the exit code that the command
   `hansa attribute` would end with (2 usage, 4 the file cannot be used, 5 no such file, 8 nothing
   to credit, 10 reading failed, 14 out of memory) and the reason in `why` (why_bytes of room, cut
   if need be; may be NULL). Rows that cannot be used are left out and counted. */
HS_API int hs_attribution_open(const char *path, const struct hs_attribution_options *options,
                               struct hs_attribution **out, char *why, size_t why_bytes);
/* Accepts NULL. Texts that came from the result are gone then. */
HS_API void hs_attribution_close(struct hs_attribution *attribution);

struct hs_attribution_totals {
  double conversions, value, nulls;
  uint64_t rows, rejected_rows;
  size_t models, channels; /* how many there are to ask for */
  double any_touch_ratio;  /* by how much all channels together could over-claim */
};
HS_API struct hs_attribution_totals hs_attribution_totals(const struct hs_attribution *attribution);

/* Models in the order asked for; channels in byte order of their names. An index out of range gives
   NULL. Texts live as long as the result. */
HS_API const char *hs_attribution_model(const struct hs_attribution *attribution, size_t model);
HS_API const char *hs_attribution_channel(const struct hs_attribution *attribution, size_t channel);

/* One channel under one model. NaN is "there is none": removal effects outside Markov, intervals
   left out. */
struct hs_attribution_credit {
  double conversions, value; /* over channels they sum to the totals */
  double share;              /* of the conversions */
  double low, high;          /* interval of conversions, from sampling alone; the unit is a journey:
                                too narrow if persons repeat */
  double value_low, value_high;
  double removal_effect;
  double converting_journeys;
  int is_insufficient; /* fewer than 20 converting journeys: do not rank this channel */
};
/* 0, or 1 when an index is out of range; *out is untouched then. */
HS_API int hs_attribution_credit(const struct hs_attribution *attribution, size_t model,
                                 size_t channel, struct hs_attribution_credit *out);

/* Everything as JSON, as `hansa attribute --json` prints it; lives as long as the result. NULL when
   memory_bytes is too little for it. Made when first asked for: not from two threads at once. */
HS_API const char *hs_attribution_json(struct hs_attribution *attribution);

#ifdef __cplusplus
}
#endif

#endif
