/* A statement for programs: JSON, and CSV with one row for each line, payment, part and settlement.
   Amounts are minor units in JSON; in CSV they are decimals, as spreadsheets expect them. */
#include <inttypes.h>
#include <string.h>

#include "service/joint/statement_words.h"
#include "service/json_member.h"

/* ---- JSON ---- */

static void minor(struct hs_buf *out, const char *name, int64_t amount_minor)
{
  hs_json_key(out, name);
  hs_buf_printf(out, "%" PRId64, amount_minor);
}

static void ratio(struct hs_buf *out, const char *name, struct hs_ratio value)
{
  char digits[HS_RATIO_TEXT];
  hs_ratio_format(value, digits);
  hs_json_text(out, name, hs_str_of(digits));
}

static void side(struct hs_buf *out, const char *name, const struct hs_statement *statement,
                 uint32_t index)
{
  hs_json_text(out, name, index == HS_NOBODY ? (struct hs_str){0} : statement->sheet.sides[index]);
}

static void begin_list(struct hs_buf *out, const char *name)
{
  hs_json_key(out, name);
  hs_buf_add_char(out, '[');
}

static void begin_item(struct hs_buf *out)
{
  hs_buf_add_text(out, out->data != NULL && out->data[out->length - 1] == '[' ? "{" : ",\n{");
}

static void bottom_line(struct hs_buf *out, const char *name, const struct hs_bottom_line *line)
{
  static const char *const WORTH[] = {[HS_WORTH_JUSTIFIED] = "justified",
                                      [HS_WORTH_NOT] = "not_justified",
                                      [HS_WORTH_CANNOT_TELL] = "cannot_tell"};
  hs_json_key(out, name);
  hs_buf_add_char(out, '{');
  minor(out, "brings_minor", line->brings_minor);
  if (line->has_interval) {
    minor(out, "brings_low_minor", line->low_minor);
    minor(out, "brings_high_minor", line->high_minor);
  }
  minor(out, "costs_minor", line->costs_minor);
  hs_json_flag(out, "before_cost_of_goods", !line->has_goods);
  hs_json_text(out, "verdict", hs_str_of(WORTH[line->worth]));
  hs_buf_add_char(out, '}');
}

static void confirmed_by(struct hs_buf *out, const struct hs_statement *statement,
                         uint32_t confirmed)
{
  begin_list(out, "confirmed_by");
  for (size_t s = 0; s < statement->joint.side_count; s++)
    if ((confirmed >> s & 1U) != 0) {
      hs_buf_add_text(out, out->data != NULL && out->data[out->length - 1] == '[' ? "" : ",");
      hs_buf_add_json(out, statement->sheet.sides[s]);
    }
  hs_buf_add_char(out, ']');
}

static void add_lines(const struct hs_statement *statement, struct hs_buf *out)
{
  begin_list(out, "lines");
  for (size_t i = 0; i < statement->sheet.line_count; i++) {
    const struct hs_joint_line *line = &statement->sheet.lines[i];
    begin_item(out);
    hs_json_text(out, "kind", hs_str_of(hs_line_kind_name(line->kind)));
    hs_json_text(out, "what", line->what);
    side(out, "side", statement, line->side);
    side(out, "to", statement, line->to);
    hs_json_flag(out, "private", line->is_private);
    minor(out, "amount_minor", line->amount_minor);
    if (line->has_interval) {
      minor(out, "low_minor", line->low_minor);
      minor(out, "high_minor", line->high_minor);
    }
    confirmed_by(out, statement, line->confirmed);
    hs_json_flag(out, "confirmed", hs_line_is_confirmed(line, statement->joint.side_count));
    hs_json_text(out, "valued_by", line->valued_by);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

static void add_payment(const struct hs_statement *statement, uint32_t from, uint32_t to,
                        const struct hs_joint_payment *payment, struct hs_buf *out)
{
  begin_item(out);
  side(out, "from", statement, from);
  side(out, "to", statement, to);
  minor(out, "amount_minor", payment->amount_minor);
  hs_json_text(out, "what", payment->what);
  hs_buf_add_char(out, '}');
}

static void add_settlement(const struct hs_statement *statement, struct hs_buf *out)
{
  begin_list(out, "settlement");
  for (size_t i = 0; i < statement->settlement_count; i++)
    add_payment(statement, statement->settlement[i].from, statement->settlement[i].to,
                &statement->settlement[i], out);
  hs_buf_add_char(out, ']');
}

/* What was paid; or what is owed since earlier periods, from whoever owes it. */
static void add_before(const struct hs_statement *statement, const char *name, int is_carried,
                       struct hs_buf *out)
{
  begin_list(out, name);
  for (size_t i = 0; i < statement->sheet.paid_count; i++) {
    const struct hs_joint_payment *paid = &statement->sheet.paid[i];
    if (paid->is_carried != is_carried)
      continue;
    add_payment(statement, is_carried ? paid->to : paid->from, is_carried ? paid->from : paid->to,
                paid, out);
  }
  hs_buf_add_char(out, ']');
}

static void add_notes(const struct hs_sheet *sheet, struct hs_buf *out)
{
  begin_list(out, "notes");
  for (size_t i = 0; i < sheet->note_count; i++) {
    hs_buf_add_text(out, i > 0 ? "," : "");
    hs_buf_add_json(out, sheet->notes[i]);
  }
  hs_buf_add_char(out, ']');
}

static void add_sides(const struct hs_statement *statement, struct hs_buf *out)
{
  const struct hs_sharing *sharing = &statement->sheet.sharing;
  begin_list(out, "sides");
  for (uint32_t s = 0; s < statement->joint.side_count; s++) {
    const struct hs_joint_part *part = &statement->joint.parts[s];
    begin_item(out);
    side(out, "party", statement, s);
    if (sharing->kind != HS_SHARING_KEPT) {
      ratio(out, "share", sharing->share[s]);
      ratio(out, "loss_share", sharing->loss[s]);
    }
    minor(out, "took_in_minor", part->brought_minor);
    minor(out, "bore_minor", part->costs_minor);
    minor(out, "earned_minor", part->earned_minor);
    minor(out, "part_minor", part->entitled_minor);
    minor(out, "had_minor", part->had_minor);
    minor(out, "settlement_minor", part->settles_minor);
    minor(out, "put_in_minor", statement->stakes[s].put_in_minor);
    minor(out, "at_stake_minor", statement->stakes[s].lost_minor);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

static void amounts(const struct hs_statement *statement, const char *name,
                    const int64_t *amounts_minor, struct hs_buf *out)
{
  begin_list(out, name);
  for (size_t s = 0; s < statement->joint.side_count; s++)
    hs_buf_printf(out, "%s%" PRId64, s > 0 ? "," : "", amounts_minor[s]);
  hs_buf_add_char(out, ']');
}

static void add_waterfall(const struct hs_statement *statement, struct hs_buf *out)
{
  const struct hs_waterfall *waterfall = &statement->joint.waterfall;
  begin_list(out, "waterfall");
  for (size_t i = 0; i < waterfall->step_count; i++) {
    struct hs_buf words = hs_buf_in(out->arena);
    hs_say_step(statement, i, &words);
    hs_buf_fail_with(out, &words);
    begin_item(out);
    hs_json_text(out, "step", hs_buf_str(&words));
    minor(out, "there_minor", waterfall->steps[i].there_minor);
    amounts(statement, "given_minor", waterfall->steps[i].given_minor, out);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
  amounts(statement, "unrecouped_minor", waterfall->unrecouped_minor, out);
}

static void add_balance(const struct hs_statement *statement, struct hs_buf *out)
{
  static const char *const STATES[] = {[HS_BALANCE_TOO_EARLY] = "too_early",
                                       [HS_BALANCE_INSIDE] = "inside",
                                       [HS_BALANCE_OUTSIDE] = "outside"};
  const struct hs_balance *balance = &statement->balance;
  const struct hs_sheet *sheet = &statement->sheet;
  hs_json_key(out, "balance");
  hs_buf_add_char(out, '{');
  hs_json_text(out, "state", hs_str_of(STATES[balance->state]));
  amounts(statement, "benefit_minor", balance->benefit_minor, out);
  hs_json_flag(out, "renegotiation", balance->state == HS_BALANCE_OUTSIDE);
  if (balance->state == HS_BALANCE_OUTSIDE) {
    hs_json_text(out, "since",
                 balance->since < sheet->history_count ? sheet->history_periods[balance->since]
                                                       : sheet->period);
    side(out, "side", statement, balance->side);
    minor(out, "gap_minor", balance->gap_minor);
  }
  hs_buf_add_char(out, '}');
}

void hs_statement_json(const struct hs_statement *statement, struct hs_buf *out)
{
  static const char *const SHARING[] = {[HS_SHARING_KEPT] = "kept",
                                        [HS_SHARING_SHARES] = "shares",
                                        [HS_SHARING_WATERFALL] = "waterfall"};
  const struct hs_sheet *sheet = &statement->sheet;
  hs_buf_add_char(out, '{');
  hs_json_text(out, "title", sheet->title);
  hs_json_text(out, "period", sheet->period);
  hs_json_text(out, "number", sheet->number);
  hs_json_text(out, "currency", hs_str_of(sheet->currency.code));
  side(out, "seen_by", statement, statement->viewer);
  bottom_line(out, "together", &statement->together);
  if (statement->viewer != HS_NOBODY)
    bottom_line(out, "own", &statement->own);
  minor(out, "shared_lines", (int64_t)statement->shared_count);
  minor(out, "confirmed_lines", (int64_t)statement->confirmed_count);
  minor(out, "result_minor", statement->joint.result_minor);
  hs_json_text(out, "sharing", hs_str_of(SHARING[sheet->sharing.kind]));
  add_sides(statement, out);
  if (sheet->sharing.kind == HS_SHARING_WATERFALL)
    add_waterfall(statement, out);
  add_settlement(statement, out);
  add_before(statement, "paid", 0, out);
  add_before(statement, "carried", 1, out);
  if (sheet->fairness != NULL)
    add_balance(statement, out);
  add_lines(statement, out);
  add_notes(sheet, out);
  hs_buf_add_text(out, "}\n");
}

/* ---- CSV ---- */

static void field(struct hs_buf *out, struct hs_str value)
{
  hs_buf_add_char(out, ',');
  hs_buf_add_csv_safe(out, value);
}

static void side_field(const struct hs_statement *statement, uint32_t index, struct hs_buf *out)
{
  field(out, index == HS_NOBODY ? (struct hs_str){0} : statement->sheet.sides[index]);
}

static void amount_field(const struct hs_statement *statement, int64_t amount_minor,
                         struct hs_buf *out)
{
  char digits[HS_MONEY_TEXT];
  hs_money_format_number((struct hs_money){amount_minor, statement->sheet.currency}, digits);
  field(out, hs_str_of(digits));
}

/* What every row begins with: what it is, which side, towards which. */
static void begin_row(const struct hs_statement *statement, const char *row, const char *kind,
                      struct hs_str what, uint32_t from, uint32_t to, int64_t amount_minor,
                      struct hs_buf *out)
{
  hs_buf_add_text(out, row);
  field(out, hs_str_of(kind));
  field(out, what);
  side_field(statement, from, out);
  side_field(statement, to, out);
  amount_field(statement, amount_minor, out);
  field(out, hs_str_of(statement->sheet.currency.code));
}

static void line_row(const struct hs_statement *statement, const struct hs_joint_line *line,
                     struct hs_buf *out)
{
  struct hs_buf who = hs_buf_in(out->arena);
  hs_say_who(statement, line, &who);
  hs_buf_fail_with(out, &who);
  begin_row(statement, "line", hs_line_kind_name(line->kind), line->what, line->side, line->to,
            line->amount_minor, out);
  if (line->has_interval) {
    amount_field(statement, line->low_minor, out);
    amount_field(statement, line->high_minor, out);
  } else {
    hs_buf_add_text(out, ",,");
  }
  field(out, hs_buf_str(&who));
  field(out, line->valued_by);
  hs_buf_add_char(out, '\n');
}

static void plain_row(const struct hs_statement *statement, const char *row, struct hs_str what,
                      uint32_t from, uint32_t to, int64_t amount_minor, struct hs_buf *out)
{
  begin_row(statement, row, "", what, from, to, amount_minor, out);
  hs_buf_add_text(out, ",,,,\n");
}

void hs_statement_csv(const struct hs_statement *statement, struct hs_buf *out)
{
  const struct hs_str none = {0};
  hs_buf_add_text(out, "row,kind,what,side,to,amount,currency,low,high,confirmed_by,valued_by\n");
  for (size_t i = 0; i < statement->sheet.line_count; i++)
    line_row(statement, &statement->sheet.lines[i], out);
  for (size_t i = 0; i < statement->sheet.paid_count; i++) {
    const struct hs_joint_payment *paid = &statement->sheet.paid[i];
    if (paid->is_carried)
      plain_row(statement, "carried", paid->what, paid->to, paid->from, paid->amount_minor, out);
    else
      plain_row(statement, "paid", paid->what, paid->from, paid->to, paid->amount_minor, out);
  }
  for (uint32_t s = 0; s < statement->joint.side_count; s++)
    plain_row(statement, "part", none, s, HS_NOBODY, statement->joint.parts[s].entitled_minor, out);
  for (size_t i = 0; i < statement->settlement_count; i++) {
    const struct hs_joint_payment *payment = &statement->settlement[i];
    plain_row(statement, "settlement", none, payment->from, payment->to, payment->amount_minor,
              out);
  }
}
