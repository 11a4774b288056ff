/* Activity without sales: whether so few orders from so large an audience say that it cannot pay,
   or only that it is too early. */
#ifndef HANSA_MEASURE_VALUE_IDLE_H
#define HANSA_MEASURE_VALUE_IDLE_H

struct hs_idle {
  double rate;        /* orders over audience */
  double rate_high;   /* what more than 5 % of audiences with that rate would have shown fewer of:
                         Clopper and Pearson's upper limit (Biometrika 26, 1934), one-sided 95 % */
  double break_even;  /* the rate at which the cost comes back; infinity when an order is worth
                         nothing */
  double p_usual;     /* the chance of so few orders if the audience bought like the others */
  int is_cost_centre; /* even at rate_high the cost does not come back */
};

/* orders (0 or more) of an audience (above 0, orders at most) that cost so much, each order worth
   so much. usual_rate is that of the programme's other audiences, NaN where there is none. */
[[nodiscard]] struct hs_idle hs_idle_judge(double orders, double audience, double cost,
                                           double worth, double usual_rate);

#endif
