/* Credits of every model from a file of paths.
   cc attribute.c $(pkg-config --cflags --libs hansa) -o attribute && ./attribute paths.csv */
#include <hansa/hansa.h>
#include <stdio.h>

int main(int argc, char **argv)
{
  struct hs_attribution *result = NULL;
  char why[1024];
  if (argc != 2) {
    fprintf(stderr, "usage: attribute FILE.csv\n");
    return 2;
  }
  int code = hs_attribution_open(argv[1], NULL, &result, why, sizeof why);
  if (code != 0) {
    fprintf(stderr, "attribute: %s\n", why);
    return code;
  }
  struct hs_attribution_totals totals = hs_attribution_totals(result);
  printf("%g conversions, %zu channels\n", totals.conversions, totals.channels);
  for (size_t m = 0; m < totals.models; m++)
    for (size_t c = 0; c < totals.channels; c++) {
      struct hs_attribution_credit credit;
      (void)hs_attribution_credit(result, m, c, &credit);
      printf("%-10s %-20s %12.4f [%.4f, %.4f]%s\n", hs_attribution_model(result, m),
             hs_attribution_channel(result, c), credit.conversions, credit.low, credit.high,
             credit.is_insufficient ? " insufficient" : "");
    }
  hs_attribution_close(result);
  return 0;
}
