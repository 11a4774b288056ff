/* The case as one JSON object; what cannot be had is null. */
#include "service/decide/case_answer.h"
#include "service/decide/case_words.h"

#include <math.h>

#include "service/json_member.h"

static void estimate(struct hs_buf *out, const char *name, const struct hs_estimate *e)
{
  hs_buf_printf(out, ",\"%s\":{", name);
  hs_json_number(out, "middle", e->middle);
  hs_json_number(out, "low", e->low);
  hs_json_number(out, "high", e->high);
  hs_buf_add_char(out, '}');
}

static void cost(const struct hs_capital_line *line, struct hs_buf *out)
{
  const struct hs_cost *c = &line->cost;
  hs_buf_add_text(out, ",\"cost\":{");
  hs_json_number(out, "total", line->total);
  hs_json_number(out, "commission", c->commission);
  hs_json_number(out, "discount", c->discount);
  hs_json_number(out, "spent", c->spent);
  hs_json_number(out, "joint", c->joint);
  hs_json_number(out, "hours", c->hours);
  hs_buf_printf(out, ",\"other_currency\":%s}", c->has_other_currency ? "true" : "false");
}

static void idle(const struct hs_capital_line *line, struct hs_buf *out)
{
  hs_buf_add_text(out, ",\"activity_without_sales\":");
  if (!line->has_idle) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_add_char(out, '{');
  hs_json_number(out, "subscribers", (double)line->cost.subscribers);
  hs_json_number(out, "orders", line->orders_touched);
  hs_json_number(out, "rate_high", line->idle.rate_high);
  hs_json_number(out, "break_even_rate", line->idle.break_even);
  hs_json_number(out, "p_usual", line->idle.p_usual);
  hs_buf_printf(out, ",\"cost_centre\":%s}", line->idle.is_cost_centre ? "true" : "false");
}

static void evidence(const struct hs_capital_line *line, struct hs_buf *out)
{
  const struct hs_evidence *e = &line->evidence;
  hs_json_key(out, "evidence");
  if (e->kind == HS_EVIDENCE_NONE) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_add_char(out, '{');
  hs_json_text(out, "file", e->path);
  hs_json_text(out, "sha256", e->sha256);
  hs_json_text(out, "kind", hs_str_of(hs_evidence_kind_name(e->kind)));
  hs_json_text(out, "grade", hs_str_of(hs_grade_name(e->grade)));
  hs_json_text(out, "verdict", e->verdict);
  hs_json_flag(out, "sound", e->is_sound);
  hs_json_text(out, "because", hs_str_of(e->because));
  hs_buf_add_char(out, '}');
}

static void share(const struct hs_capital_line *line, struct hs_buf *out)
{
  hs_buf_add_text(out, ",\"incremental_share\":");
  if (!line->venture.has_share) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_add_char(out, '{');
  hs_json_number(out, "low", line->venture.share.low);
  hs_json_number(out, "likely", line->venture.share.likely);
  hs_json_number(out, "high", line->venture.share.high);
  hs_json_text(out, "source", line->share_source);
  hs_json_flag(out, "measured", line->is_measured);
  evidence(line, out);
  hs_buf_add_char(out, '}');
}

static void line_object(const struct hs_capital_case *case_, const struct hs_capital_line *line,
                        struct hs_buf *out)
{
  const struct hs_venture_economics *e = &line->economics;
  struct hs_buf words = hs_buf_in(out->arena);
  hs_capital_words_line(case_, line, &words);
  hs_buf_fail_with(out, &words);
  hs_buf_add_text(out, "{\"name\":");
  hs_buf_add_json(out, line->name);
  hs_json_text(out, "title", line->title);
  hs_buf_printf(out, ",\"partner\":%s,\"basis\":\"%s\",\"verdict\":\"%s\"",
                line->is_partner ? "true" : "false",
                hs_capital_is_defensible(line) ? "defensible" : "context",
                hs_capital_verdict_name(line->verdict));
  hs_json_text(out, "because", hs_buf_str(&words));
  cost(line, out);
  hs_json_number(out, "tracked_customers", line->tracked);
  share(line, out);
  estimate(out, "incremental_customers", &e->incremental);
  estimate(out, "customer_value", &e->value);
  hs_json_number(out, "cost_per_tracked_customer", e->cost_each_tracked);
  estimate(out, "cost_per_incremental_customer", &e->cost_each);
  estimate(out, "value_to_cost", &e->value_to_cost);
  estimate(out, "payback_weeks", &e->payback_weeks);
  estimate(out, "net_present_value", &e->net);
  hs_json_number(out, "p_pays", e->p_pays);
  estimate(out, "incremental_share_needed", &e->share_needed);
  idle(line, out);
  estimate(out, "marginal_return", &line->next.marginal);
  hs_json_number(out, "p_marginal_pays", line->next.p_marginal_pays);
  hs_json_number(out, "next_amount", line->next.amount);
  estimate(out, "next_returns", &line->next.returns);
  hs_buf_add_char(out, '}');
}

static void swings(const char *against, const struct hs_swing *of, struct hs_buf *out)
{
  for (size_t i = 0; i < HS_ASSUMPTION_COUNT; i++) {
    if (isnan(of[i].p_low))
      continue;
    struct hs_str so_far = hs_buf_str(out);
    hs_buf_add_text(out, so_far.data[so_far.length - 1] == '[' ? "{" : ",{");
    hs_json_text(out, "against", hs_str_of(against));
    hs_json_text(out, "item", hs_str_of(hs_capital_assumption_name((enum hs_assumption)i)));
    hs_json_number(out, "p_partners_better_at_low", of[i].p_low);
    hs_json_number(out, "p_partners_better_at_high", of[i].p_high);
    hs_json_number(out, "flips_at", of[i].flips_at);
    hs_buf_add_char(out, '}');
  }
}

static void choice(const struct hs_capital_case *case_, const char *name, int is_there,
                   const struct hs_choice *c, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"%s\":", name);
  if (!is_there) {
    hs_buf_add_text(out, "null");
    return;
  }
  struct hs_buf words = hs_buf_in(out->arena);
  hs_capital_words_answer(case_, c, &words);
  hs_buf_fail_with(out, &words);
  hs_buf_add_char(out, '{');
  hs_json_text(out, "answer", hs_buf_str(&words));
  hs_json_count(out, "partners",
                c == &case_->measured ? case_->measured_members : case_->all_members);
  hs_json_number(out, "p_partners_best", c->p_best[HS_WAY_PARTNERS]);
  hs_json_number(out, "p_paid_best", c->p_best[HS_WAY_PAID]);
  hs_json_number(out, "p_building_best", c->p_best[HS_WAY_BUILD]);
  hs_json_number(out, "p_better_than_paid", c->p_over_paid);
  hs_json_number(out, "p_better_than_building", c->p_over_build);
  hs_json_number(out, "flips_at_paid_cost", c->paid_flip);
  hs_json_number(out, "flips_at_switch_over", c->switch_over_flip);
  estimate(out, "times_dearer_through_paid", &c->times_dearer);
  estimate(out, "paid_cost_per_incremental_customer", &c->paid_cost_each);
  estimate(out, "partners_net", &c->partners);
  estimate(out, "paid_net", &c->paid);
  estimate(out, "building_net", &c->build);
  hs_json_key(out, "hangs_on");
  hs_buf_add_char(out, '[');
  swings("paid", c->over_paid, out);
  swings("building", c->over_build, out);
  hs_buf_add_char(out, ']');
  hs_buf_add_char(out, '}');
}

static void plan(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_buf_add_text(out, ",\"assumptions\":[");
  for (int i = 0; i < HS_PLAN_ITEM_COUNT; i++) {
    const struct hs_plan_entry *entry = &case_->options.plan.items[i];
    hs_buf_printf(out, "%s{\"item\":\"%s\"", i ? "," : "", hs_plan_name((enum hs_plan_item)i));
    hs_json_number(out, "low", entry->range.low);
    hs_json_number(out, "likely", entry->range.likely);
    hs_json_number(out, "high", entry->range.high);
    hs_buf_printf(out, ",\"given\":%s", entry->is_given ? "true" : "false");
    hs_json_text(out, "source", entry->source);
    hs_json_text(out, "meaning", hs_str_of(hs_plan_meaning((enum hs_plan_item)i)));
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

void hs_capital_json(const struct hs_capital_case *case_, struct hs_buf *out)
{
  const struct hs_capital_options *o = &case_->options;
  hs_buf_printf(out, "{\"currency\":\"%s\"", case_->currency.code);
  hs_json_number(out, "weeks", case_->worth.customers.weeks);
  hs_json_number(out, "orders", (double)case_->worth.customers.order_count);
  hs_json_number(out, "customers", (double)case_->worth.customers.customers.count);
  hs_json_number(out, "event", (double)case_->cursor.sequence);
  hs_json_number(out, "cost", case_->cost);
  hs_json_number(out, "tracked_customers", case_->tracked_customers);
  hs_json_number(out, "measured_partners", (double)case_->measured_count);
  hs_json_number(out, "horizon_weeks", o->horizon_weeks);
  hs_json_number(out, "margin", o->margin);
  hs_json_number(out, "discount", o->discount);
  hs_json_number(out, "level", o->level);
  hs_buf_printf(out, ",\"draws\":%u,\"seed\":%llu", o->draws, (unsigned long long)o->seed);
  choice(case_, "defensible", case_->has_measured, &case_->measured, out);
  choice(case_, "context", case_->has_all, &case_->all, out);
  hs_buf_add_text(out, ",\"lines\":[");
  for (size_t i = 0; i < case_->count; i++) {
    hs_buf_add_text(out, i ? "," : "");
    line_object(case_, &case_->lines[i], out);
  }
  hs_buf_add_char(out, ']');
  hs_json_number(out, "next_amount", o->next_amount);
  hs_json_number(out, "next_kept", case_->next_kept);
  plan(case_, out);
  hs_buf_add_text(out, "}\n");
}
