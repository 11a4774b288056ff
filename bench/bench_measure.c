/* What we believe: each row one analysis of a size that people have, in CPU seconds of one core,
   median of rounds. No R is at hand, so the peers' column holds figures that were measured with
   their packages on one core of this class of machine, and says so.

   bench_measure   runs every row; a topic's rows stand in measure_<topic>.c */
#include <stdio.h>
#include <stdlib.h>

#include "measure_rows.h"

int main(void)
{
  printf("work | Hansa | goal | peer, published\n--- | --- | --- | ---\n");
  bench_influence_rows();
  bench_geo_rows();
  bench_value_rows();
  bench_trend_rows();
  return EXIT_SUCCESS;
}
