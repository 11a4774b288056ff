#include "service/decide/lifetime_write.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "service/json_member.h"

void hs_text_sentence(struct hs_buf *out, int width, int indent, const char *format, ...)
{
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  HS_ASSERT(length > 0 && (size_t)length < sizeof text);
  hs_buf_printf(out, "%*s", indent, "");
  hs_buf_add_wrapped(out, hs_str_of(text), (size_t)width, (size_t)indent);
}

/* ---- JSON --------------------------------------------------------------------------------------
 */

static void json_gap(const char *name, enum hs_lifetime_gap gap, struct hs_buf *out)
{
  if (gap != HS_LIFETIME_NO_GAP)
    hs_json_text(out, name, hs_str_of(hs_lifetime_gap_words(gap)));
}

/* Why something that was asked for is not there; nothing when it is, or nobody asked. */
static void json_refused(const char *name, const struct hs_err *refused, struct hs_buf *out)
{
  if (refused->text[0] != 0)
    hs_json_text(out, name, hs_str_of(refused->text));
}

static void json_figure(const char *name, const struct hs_lifetime_figure *figure,
                        int has_bootstrap, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"%s\":{", name);
  hs_json_number(out, "value", figure->value);
  hs_json_number(out, "low", figure->low);
  hs_json_number(out, "high", figure->high);
  if (has_bootstrap) {
    hs_json_number(out, "bootstrap_low", figure->bootstrap_low);
    hs_json_number(out, "bootstrap_high", figure->bootstrap_high);
  }
  json_gap("no_interval", figure->gap, out);
  if (has_bootstrap)
    json_gap("no_bootstrap_interval", figure->bootstrap_gap, out);
  hs_buf_add_char(out, '}');
}

static void json_model(const struct hs_lifetime_model *model, struct hs_buf *out)
{
  enum hs_buyers_model which = model->fit.parameters.model;
  int is_bgnbd = which == HS_BUYERS_BGNBD;
  hs_buf_printf(out, "{\"model\":\"%s\"", is_bgnbd ? "bg_nbd" : "pareto_nbd");
  hs_json_number(out, "log_likelihood", model->fit.log_likelihood);
  for (int i = HS_LIFETIME_R; i <= HS_LIFETIME_ALIVE; i++)
    json_figure(hs_lifetime_name(which, (enum hs_lifetime_kind)i), &model->figures[i], is_bgnbd,
                out);
  hs_buf_add_char(out, '}');
}

static void json_spend(const struct hs_lifetime *lifetime, struct hs_buf *out)
{
  const struct hs_lifetime_figure *figures = lifetime->bgnbd.figures;
  if (!lifetime->has_values) {
    hs_buf_add_text(out, ",\"spend\":null,\"correlation\":null,\"value\":null");
    return;
  }
  hs_buf_add_text(out, ",\"spend\":{\"model\":\"gamma_gamma\"");
  hs_json_number(out, "customers", (double)lifetime->spender_count);
  hs_json_number(out, "log_likelihood", lifetime->spend.log_likelihood);
  for (int i = HS_LIFETIME_P; i <= HS_LIFETIME_SPEND; i++)
    json_figure(hs_lifetime_name(HS_BUYERS_BGNBD, (enum hs_lifetime_kind)i), &figures[i], 1, out);
  hs_buf_add_text(out, "},\"correlation\":{");
  hs_json_number(out, "frequency_and_spend", lifetime->correlation);
  hs_json_number(out, "low", lifetime->correlation_low);
  hs_json_number(out, "high", lifetime->correlation_high);
  hs_buf_add_text(out, "},\"value\":{\"model\":\"bg_nbd\"");
  for (int i = HS_LIFETIME_NEW_VALUE; i <= HS_LIFETIME_NEXT_VALUE; i++)
    json_figure(hs_lifetime_name(HS_BUYERS_BGNBD, (enum hs_lifetime_kind)i), &figures[i], 1, out);
  hs_buf_add_char(out, '}');
}

void hs_lifetime_json(const struct hs_lifetime *lifetime, struct hs_buf *out)
{
  const struct hs_lifetime_options *o = &lifetime->options;
  hs_json_number(out, "customers", (double)lifetime->buyers.customer_count);
  hs_json_number(out, "repeat_customers", (double)lifetime->buyers.repeat_count);
  hs_json_number(out, "repeat_purchases", (double)lifetime->buyers.purchase_count);
  hs_json_number(out, "horizon", o->horizon);
  hs_json_number(out, "discount_per_unit", o->discount);
  hs_json_number(out, "margin", o->margin);
  hs_json_number(out, "level", o->level);
  hs_buf_printf(out, ",\"draws\":%u,\"seed\":%llu,\"models\":[", o->draws,
                (unsigned long long)o->seed);
  json_model(&lifetime->bgnbd, out);
  if (lifetime->has_pareto) {
    hs_buf_add_char(out, ',');
    json_model(&lifetime->pareto, out);
  }
  hs_buf_add_char(out, ']');
  json_refused("pareto_refused", &lifetime->pareto_refused, out);
  json_refused("spend_refused", &lifetime->spend_refused, out);
  json_spend(lifetime, out);
}

static void json_row(const struct hs_lifetime *lifetime, const struct hs_holdout_row *row,
                     struct hs_buf *out)
{
  hs_json_number(out, "customers", row->customers);
  hs_json_number(out, "actual", row->actual);
  hs_json_number(out, "bg_nbd", row->bgnbd);
  if (lifetime->has_pareto)
    hs_json_number(out, "pareto_nbd", row->pareto);
}

void hs_lifetime_json_holdout(const struct hs_lifetime *lifetime, struct hs_buf *out)
{
  if (!lifetime->has_holdout) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_add_text(out, "{\"rows\":[");
  for (size_t i = 0; i < HS_HOLDOUT_CLASSES; i++) {
    hs_buf_printf(out, "%s{\"repeat_purchases\":\"%zu%s\"", i ? "," : "", i,
                  i + 1 == HS_HOLDOUT_CLASSES ? "+" : "");
    json_row(lifetime, &lifetime->holdout[i], out);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_text(out, "],\"total\":{");
  json_row(lifetime, &lifetime->holdout_total, out);
  hs_buf_add_text(out, "}}");
}

/* ---- text --------------------------------------------------------------------------------------
 */

static void text_interval(double low, double high, struct hs_buf *out)
{
  char text[64] = "-";
  if (!isnan(low))
    (void)snprintf(text, sizeof text, "[%.5g, %.5g]", low, high);
  hs_buf_printf(out, " %25s", text);
}

static void text_figure(const char *name, const struct hs_lifetime_figure *figure,
                        int has_bootstrap, struct hs_buf *out)
{
  hs_buf_printf(out, "  %-26s %11.5g", name, figure->value);
  text_interval(figure->low, figure->high, out);
  if (has_bootstrap)
    text_interval(figure->bootstrap_low, figure->bootstrap_high, out);
  hs_buf_add_char(out, '\n');
}

const char *hs_lifetime_words(enum hs_buyers_model model, enum hs_lifetime_kind kind)
{
  switch (kind) {
  case HS_LIFETIME_NEW_PURCHASES:
    return "repeats of a new customer";
  case HS_LIFETIME_NEXT_PURCHASES:
    return "next purchases of all";
  case HS_LIFETIME_ALIVE:
    return "customers still there";
  case HS_LIFETIME_SPEND:
    return "mean value of a purchase";
  case HS_LIFETIME_NEW_VALUE:
    return "value of a new customer";
  case HS_LIFETIME_NEXT_VALUE:
    return "next value of all";
  case HS_LIFETIME_R:
  case HS_LIFETIME_ALPHA:
  case HS_LIFETIME_A_OR_S:
  case HS_LIFETIME_B_OR_BETA:
  case HS_LIFETIME_P:
  case HS_LIFETIME_Q:
  case HS_LIFETIME_V:
  case HS_LIFETIME_COUNT:
    break;
  }
  return hs_lifetime_name(model, kind);
}

static void text_head(const char *what, int has_bootstrap, struct hs_buf *out)
{
  hs_buf_printf(out, "\n%-28s %11s %25s%s%s\n", what, "", "by curvature",
                has_bootstrap ? "              " : "", has_bootstrap ? "by resampling" : "");
}

/* Every reason for which a figure from first to last has no interval, once. */
static void text_gaps(const struct hs_lifetime_figure *figures, int first, int last,
                      int has_bootstrap, int width, struct hs_buf *out)
{
  for (int gap = HS_LIFETIME_NOT_ASKED; gap <= HS_LIFETIME_NO_REPLICATES; gap++) {
    int is_there = 0;
    for (int i = first; i <= last; i++)
      is_there = is_there || (int)figures[i].gap == gap ||
                 (has_bootstrap && (int)figures[i].bootstrap_gap == gap);
    if (is_there)
      hs_text_sentence(out, width, 2, "no interval (-): %s",
                       hs_lifetime_gap_words((enum hs_lifetime_gap)gap));
  }
}

static void text_model(const struct hs_lifetime_model *model, int width, struct hs_buf *out)
{
  enum hs_buyers_model which = model->fit.parameters.model;
  int is_bgnbd = which == HS_BUYERS_BGNBD;
  text_head(is_bgnbd ? "BG/NBD" : "Pareto/NBD", is_bgnbd, out);
  for (int i = HS_LIFETIME_R; i <= HS_LIFETIME_ALIVE; i++)
    text_figure(hs_lifetime_words(which, (enum hs_lifetime_kind)i), &model->figures[i], is_bgnbd,
                out);
  hs_buf_printf(out, "  %-26s %11.2f\n", "log-likelihood", model->fit.log_likelihood);
  text_gaps(model->figures, HS_LIFETIME_R, HS_LIFETIME_ALIVE, is_bgnbd, width, out);
}

/* A parameter that runs away is a finding about customers. */
static void text_fenced(const struct hs_lifetime_model *model, int width, struct hs_buf *out)
{
  const int *is_fenced = model->fit.is_fenced;
  if (is_fenced[0] || is_fenced[1])
    hs_text_sentence(
        out, width, 2,
        "the likelihood rises for ever towards customers who all buy at one rate: r and "
        "alpha stand for \"very large\"");
  if (is_fenced[2] || is_fenced[3])
    hs_text_sentence(out, width, 2,
                     "the likelihood rises for ever in how customers stop (nobody does, or all do "
                     "alike): its two parameters stand for \"very large\" or \"very small\"");
}

static void text_spend(const struct hs_lifetime *lifetime, int width, struct hs_buf *out)
{
  const struct hs_lifetime_figure *figures = lifetime->bgnbd.figures;
  text_head("Gamma-Gamma, and both", 1, out);
  for (int i = HS_LIFETIME_P; i <= HS_LIFETIME_NEXT_VALUE; i++)
    text_figure(hs_lifetime_words(HS_BUYERS_BGNBD, (enum hs_lifetime_kind)i), &figures[i], 1, out);
  text_gaps(figures, HS_LIFETIME_P, HS_LIFETIME_NEXT_VALUE, 1, width, out);
  if (isfinite(lifetime->correlation))
    hs_text_sentence(
        out, width, 2,
        "how often and how much correlate by %.3f [%.3f, %.3f] over %zu customers with a repeat; "
        "the models take that to be 0",
        lifetime->correlation, lifetime->correlation_low, lifetime->correlation_high,
        lifetime->spender_count);
  else
    hs_text_sentence(out, width, 2,
                     "whether how often and how much correlate cannot be told over %zu customers "
                     "with a repeat; the models take that to be 0",
                     lifetime->spender_count);
  if (!isfinite(figures[HS_LIFETIME_SPEND].value))
    hs_text_sentence(out, width, 2,
                     "the values scatter so widely that they have no mean (q is %.3g, 1 or less): "
                     "no value of a customer is given",
                     lifetime->spend.parameters.q);
}

void hs_lifetime_words_head(const struct hs_lifetime *lifetime, struct hs_str unit,
                            struct hs_buf *out)
{
  const struct hs_lifetime_options *o = &lifetime->options;
  hs_buf_printf(out,
                "%zu customers, %zu of them bought again, %llu times in all. Over %g %.*s at a "
                "margin of %g %%, discounted by %.3g %% each; intervals hold %g %%.",
                lifetime->buyers.customer_count, lifetime->buyers.repeat_count,
                (unsigned long long)lifetime->buyers.purchase_count, o->horizon, HS_STR_ARG(unit),
                100 * o->margin, 100 * expm1(o->discount), 100 * o->level);
}

void hs_lifetime_text(const struct hs_lifetime *lifetime, struct hs_str unit, int width,
                      struct hs_buf *out)
{
  struct hs_buf head = hs_buf_in(out->arena);
  hs_lifetime_words_head(lifetime, unit, &head);
  hs_buf_fail_with(out, &head);
  hs_buf_add_wrapped(out, hs_buf_str(&head), (size_t)width, 0);
  text_model(&lifetime->bgnbd, width, out);
  text_fenced(&lifetime->bgnbd, width, out);
  if (lifetime->has_pareto) {
    text_model(&lifetime->pareto, width, out);
    text_fenced(&lifetime->pareto, width, out);
  }
  if (lifetime->pareto_refused.text[0] != 0)
    hs_text_sentence(out, width, 0, "The Pareto/NBD, a second opinion, is not there: %.900s.",
                     lifetime->pareto_refused.text);
  if (lifetime->has_values)
    text_spend(lifetime, width, out);
  if (lifetime->spend_refused.text[0] != 0)
    hs_text_sentence(out, width, 0, "What customers are worth cannot be said: %.900s.",
                     lifetime->spend_refused.text);
}

void hs_lifetime_text_holdout(const struct hs_lifetime *lifetime, int width, struct hs_buf *out)
{
  int has_pareto = lifetime->has_pareto;
  if (!lifetime->has_holdout) {
    hs_buf_add_char(out, '\n');
    hs_text_sentence(out, width, 0,
                     "No hold-out: nothing here was kept from the models to hold them against.");
    return;
  }
  hs_buf_printf(out, "\n%-10s %10s %10s %10s %10s\n", "repeats", "customers", "bought", "BG/NBD",
                has_pareto ? "Pareto/NBD" : "");
  for (size_t i = 0; i <= HS_HOLDOUT_CLASSES; i++) {
    int is_total = i == HS_HOLDOUT_CLASSES;
    const struct hs_holdout_row *row = is_total ? &lifetime->holdout_total : &lifetime->holdout[i];
    char name[8];
    (void)snprintf(name, sizeof name, "%zu%s", i, i + 1 == HS_HOLDOUT_CLASSES ? "+" : "");
    hs_buf_printf(out, "%-10s %10.0f %10.0f %10.1f", is_total ? "all" : name, row->customers,
                  row->actual, row->bgnbd);
    if (has_pareto)
      hs_buf_printf(out, " %10.1f", row->pareto);
    hs_buf_add_char(out, '\n');
  }
}
