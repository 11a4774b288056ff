/* Worked examples that books print with their data, beyond those of test_structural.c.

   Commandeur and Koopman, "An Introduction to State Space Time Series Analysis" (Oxford, 2007):
   road casualties in Norway (section 2.3), Finland (3.4) and the United Kingdom (3.2). The book
   prints log-likelihoods divided by the number of observations. Variances of the British drivers
   are those of R's KFAS on the same model.

   Durbin and Koopman, "Time Series Analysis by State Space Methods" (2nd edition, 2012), section
   5.6: the exact diffuse start of the local linear trend in closed form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "stats/structural.h"
#include "support/near.h"

enum { YEARS = 34, MONTHS = 192 };

static const int NORWAY[YEARS] = {560, 533, 490, 511, 509, 539, 471, 442, 434, 437, 362, 338,
                                  401, 409, 407, 402, 452, 398, 378, 381, 332, 323, 325, 281,
                                  283, 305, 255, 303, 352, 304, 341, 275, 312, 280};
static const int FINLAND[YEARS] = {1055, 1143, 1156, 1086, 865, 910, 804, 709, 610, 650, 551, 555,
                                   569,  604,  541,  541,  612, 581, 653, 734, 649, 632, 601, 484,
                                   480,  441,  404,  438,  400, 431, 396, 433, 415, 379};
/* Drivers killed or seriously injured, by month from January 1969. */
static const int DRIVERS[MONTHS] = {
    1687, 1508, 1507, 1385, 1632, 1511, 1559, 1630, 1579, 1653, 2152, 2148, 1752, 1765, 1717, 1558,
    1575, 1520, 1805, 1800, 1719, 2008, 2242, 2478, 2030, 1655, 1693, 1623, 1805, 1746, 1795, 1926,
    1619, 1992, 2233, 2192, 2080, 1768, 1835, 1569, 1976, 1853, 1965, 1689, 1778, 1976, 2397, 2654,
    2097, 1963, 1677, 1941, 2003, 1813, 2012, 1912, 2084, 2080, 2118, 2150, 1608, 1503, 1548, 1382,
    1731, 1798, 1779, 1887, 2004, 2077, 2092, 2051, 1577, 1356, 1652, 1382, 1519, 1421, 1442, 1543,
    1656, 1561, 1905, 2199, 1473, 1655, 1407, 1395, 1530, 1309, 1526, 1327, 1627, 1748, 1958, 2274,
    1648, 1401, 1411, 1403, 1394, 1520, 1528, 1643, 1515, 1685, 2000, 2215, 1956, 1462, 1563, 1459,
    1446, 1622, 1657, 1638, 1643, 1683, 2050, 2262, 1813, 1445, 1762, 1461, 1556, 1431, 1427, 1554,
    1645, 1653, 2016, 2207, 1665, 1361, 1506, 1360, 1453, 1522, 1460, 1552, 1548, 1827, 1737, 1941,
    1474, 1458, 1542, 1404, 1522, 1385, 1641, 1510, 1681, 1938, 1868, 1726, 1456, 1445, 1456, 1365,
    1487, 1558, 1488, 1684, 1594, 1850, 1998, 2079, 1494, 1057, 1218, 1168, 1236, 1076, 1174, 1139,
    1427, 1487, 1483, 1513, 1357, 1165, 1282, 1110, 1297, 1185, 1222, 1284, 1444, 1575, 1737, 1763};

static double room[20000];
static double y[MONTHS];

static struct hs_kalman begin(struct hs_kalman_model model)
{
  struct hs_kalman k;
  assert_true(hs_kalman_room(&model) <= sizeof room / sizeof room[0]);
  hs_kalman_init(&k, &model, room);
  return k;
}

static struct hs_kalman fit(struct hs_kalman_model model, const int *counts)
{
  struct hs_kalman k = begin(model);
  for (size_t t = 0; t < model.count; t++)
    y[t] = log(counts[t]);
  assert_int_equal(hs_structural_fit(&k, y, NULL), HS_OK);
  return k;
}

/* The book has seven digits of it. */
static void assert_likelihood(const struct hs_kalman *k, double printed)
{
  assert_near(k->log_likelihood / (double)k->model.count, printed, 6e-8);
}

static void casualties_in_norway_are_a_local_level([[maybe_unused]] void **state)
{
  struct hs_kalman k = fit(hs_structural_model(HS_STRUCTURAL_LEVEL, YEARS, 0), NORWAY);
  assert_likelihood(&k, 0.8468622);
}

/* A variance of 0 is not searched: the level has none of its own. */
static void casualties_in_finland_are_a_smooth_trend([[maybe_unused]] void **state)
{
  struct hs_kalman_model model = hs_structural_model(HS_STRUCTURAL_TREND, YEARS, 0);
  model.level.variance = 0;
  struct hs_kalman k = fit(model, FINLAND);
  assert_likelihood(&k, 0.7864746);
}

/* The slope hardly moves: KFAS stops at a variance of 2.8e-9, the best is 0 and higher by that
   little, and both are within the six digits that so flat a top fixes. */
static void british_drivers_are_a_local_linear_trend([[maybe_unused]] void **state)
{
  struct hs_kalman k = fit(hs_structural_model(HS_STRUCTURAL_TREND, MONTHS, 0), DRIVERS);
  assert_near(k.log_likelihood / MONTHS, 0.6247935, 1e-6);
  assert_close(k.model.noise_variance, 0.00211807, 1e-3);
  assert_close(k.model.level.variance, 0.0121285, 1e-3);
  assert_near(k.model.slope.variance, 0, 1e-8);
}

/* After two observations the trend is known, and with it how well: D&K's a₃ and P₃. */
static void two_observations_settle_a_diffuse_trend([[maybe_unused]] void **state)
{
  const double noise = 2, level = 0.6, slope = 0.5;
  const double q_level = level / noise, q_slope = slope / noise;
  struct hs_kalman_model model = hs_structural_model(HS_STRUCTURAL_TREND, 2, 0);
  model.noise_variance = noise;
  model.level.variance = level;
  model.slope.variance = slope;
  struct hs_kalman k = begin(model);
  const double two[] = {3, 10};
  hs_kalman_filter(&k, two);
  size_t l = k.layout.level, s = k.layout.slope, m = k.layout.stride;
  assert_int_equal(k.diffuse_count, 0);
  assert_near(k.a[l], 2 * two[1] - two[0], 1e-12);
  assert_near(k.a[s], two[1] - two[0], 1e-12);
  assert_near(k.p[l * m + l], noise * (5 + 2 * q_level + q_slope), 1e-12);
  assert_near(k.p[l * m + s], noise * (3 + q_level + q_slope), 1e-12);
  assert_near(k.p[s * m + s], noise * (2 + q_level + 2 * q_slope), 1e-12);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(casualties_in_norway_are_a_local_level),
      cmocka_unit_test(casualties_in_finland_are_a_smooth_trend),
      cmocka_unit_test(british_drivers_are_a_local_linear_trend),
      cmocka_unit_test(two_observations_settle_a_diffuse_trend),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
