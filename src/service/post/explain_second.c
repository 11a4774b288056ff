/* Evidence is read by jansson, as in explain.c, and for the same reason that is safe. */
#include "service/post/explain_second.h"

#include <inttypes.h>
#include <jansson.h>

#include "base/time.h"
#include "ledger/allocate.h"

struct explaining {
  struct hs_programme *programme;
  const struct hs_commission_row *commission;
  struct hs_buf *out;
  json_t *first, *second; /* evidence of both judgements; NULL until read */
  int is_found;
};

/* ---- out of the evidence ---- */

static struct hs_str text_of(const json_t *object, const char *name)
{
  const char *text = json_string_value(json_object_get(object, name));
  return hs_str_of(text != NULL ? text : "");
}

static void say_moment(const struct explaining *explaining, int64_t at_us)
{
  char text[HS_TIME_TEXT];
  hs_format_time_in(explaining->programme->zone, at_us, text);
  hs_buf_printf(explaining->out, "%.10s %.5s", text, text + 11);
}

/* That a touchpoint counts does not give its partner a part yet: the shares say that. */
static const char *verdict_words(struct hs_str name)
{
  if (hs_str_equal(name, hs_str_of(hs_share_verdict_name(HS_SHARE_GIVEN))))
    return "it counts";
  for (int v = HS_SHARE_AFTER_ORDER; v < HS_SHARE_GIVEN; v++)
    if (hs_str_equal(name, hs_str_of(hs_share_verdict_name((enum hs_share_verdict)v))))
      return hs_share_verdict_words((enum hs_share_verdict)v);
  return "";
}

/* Touchpoints are told apart by partner and moment. */
static int was_known(const struct explaining *explaining, const json_t *touch)
{
  size_t index;
  const json_t *known;
  json_array_foreach(json_object_get(explaining->first, "touchpoints"), index, known)
  {
    if (json_equal(json_object_get(known, "partner"), json_object_get(touch, "partner")) &&
        json_equal(json_object_get(known, "at"), json_object_get(touch, "at")))
      return 1;
  }
  return 0;
}

/* ---- in words ---- */

static void say_touches(const struct explaining *explaining)
{
  size_t index;
  const json_t *touch;
  json_array_foreach(json_object_get(explaining->second, "touchpoints"), index, touch)
  {
    int64_t at_us = 0;
    enum hs_zone_said said;
    hs_buf_add_text(explaining->out, "  ");
    if (hs_parse_time(text_of(touch, "at"), &at_us, &said))
      say_moment(explaining, at_us);
    hs_buf_add_text(explaining->out, "  ");
    hs_buf_add_shown(explaining->out, text_of(touch, "partner"), 60);
    hs_buf_printf(explaining->out, ": %s%s\n", verdict_words(text_of(touch, "verdict")),
                  was_known(explaining, touch) ? "" : " (learnt since)");
  }
}

static void say_shares(const struct explaining *explaining)
{
  const json_t *shares = json_object_get(explaining->second, "shares");
  size_t index;
  const json_t *share;
  if (json_array_size(shares) == 0)
    hs_buf_add_text(explaining->out, "  nobody shares the order since\n");
  json_array_foreach(shares, index, share)
  {
    hs_buf_add_text(explaining->out, "  the part of ");
    hs_buf_add_shown(explaining->out, text_of(share, "partner"), 60);
    hs_buf_printf(explaining->out, " is %.*s since, by ", HS_STR_ARG(text_of(share, "part")));
    hs_buf_add_shown(explaining->out, text_of(share, "agreement"), 100);
    hs_buf_printf(explaining->out, ", version %" PRId64 "\n",
                  (int64_t)json_integer_value(json_object_get(share, "version")));
  }
}

static enum hs_status read_evidence(struct hs_str text, json_t **out, struct hs_err *err)
{
  json_error_t fault;
  *out = json_loadb(text.data, text.length, 0, &fault);
  return *out == NULL ? hs_fail(err, HS_CORRUPT, "evidence cannot be read: %s", fault.text) : HS_OK;
}

static enum hs_status say(void *context, const struct hs_judged_again_row *row, struct hs_err *err)
{
  struct explaining *explaining = context;
  if (explaining->commission->sequence >= row->sequence) {
    hs_buf_add_text(explaining->out, "\nby the second judgement of the order, ");
    say_moment(explaining, row->locked_at_us);
    hs_buf_add_char(explaining->out, '\n');
    return HS_OK;
  }
  enum hs_status status = read_evidence(explaining->commission->evidence, &explaining->first, err);
  if (status == HS_OK)
    status = read_evidence(row->evidence, &explaining->second, err);
  if (status != HS_OK)
    return status;
  hs_buf_add_text(explaining->out, "\nthe order was judged again ");
  say_moment(explaining, row->locked_at_us);
  hs_buf_add_text(explaining->out, ", with what had become known by then\n");
  say_touches(explaining);
  say_shares(explaining);
  return HS_OK;
}

/* ---- as JSON ---- */

static enum hs_status put(void *context, const struct hs_judged_again_row *row,
                          [[maybe_unused]] struct hs_err *err)
{
  struct explaining *explaining = context;
  char at[HS_TIME_TEXT];
  hs_format_time(row->locked_at_us, at);
  hs_buf_printf(explaining->out, "{\"judgement\":\"%s\",\"ends_at\":\"%s\",\"evidence\":%.*s}",
                explaining->commission->sequence < row->sequence ? "first" : "second", at,
                HS_STR_ARG(row->evidence));
  explaining->is_found = 1;
  return HS_OK;
}

/* ---- both ---- */

static enum hs_status explain(struct explaining *explaining, hs_judged_again_row_fn each,
                              struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &explaining->programme->book.ledger;
  if (!hs_str_equal(explaining->commission->type, HS_STR("sale")))
    return HS_OK;
  enum hs_status status =
      ledger->judged_again(ledger->self, explaining->commission->order_id, each, explaining, err);
  json_decref(explaining->first);
  json_decref(explaining->second);
  return status;
}

enum hs_status hs_second_judgement_say(struct hs_programme *programme,
                                       const struct hs_commission_row *commission,
                                       struct hs_buf *out, struct hs_err *err)
{
  struct explaining explaining = {.programme = programme, .commission = commission, .out = out};
  return explain(&explaining, say, err);
}

enum hs_status hs_second_judgement_json(struct hs_programme *programme,
                                        const struct hs_commission_row *commission,
                                        struct hs_buf *out, struct hs_err *err)
{
  struct explaining explaining = {.programme = programme, .commission = commission, .out = out};
  enum hs_status status = explain(&explaining, put, err);
  if (status == HS_OK && !explaining.is_found)
    hs_buf_add_text(out, "null");
  return status;
}
