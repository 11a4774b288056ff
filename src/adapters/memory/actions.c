/* New leads, custom events and clicks: walks over rows that stand in the order of the journal, and
   for each row over those before it. */
#include "adapters/memory/trail.h"

#define ACTION_ROWS 2048

struct action_rows {
  hs_person_key person[ACTION_ROWS];
  int64_t at_us[ACTION_ROWS];
  int64_t began_at_us[ACTION_ROWS];
  struct hs_str name[ACTION_ROWS];
  struct hs_str partner[ACTION_ROWS];
  struct hs_str word[ACTION_ROWS];
  struct hs_str metadata[ACTION_ROWS];
  uint8_t is_repeated[ACTION_ROWS];
  uint64_t sequence[ACTION_ROWS];
  int64_t row_number[ACTION_ROWS];
};

static enum hs_status give_actions(const struct action_rows *rows, size_t *count, hs_action_fn each,
                                   void *context, struct hs_err *err)
{
  if (*count == 0)
    return HS_OK;
  struct hs_action_batch batch = {.count = *count,
                                  .person = rows->person,
                                  .at_us = rows->at_us,
                                  .began_at_us = rows->began_at_us,
                                  .name = rows->name,
                                  .partner = rows->partner,
                                  .word = rows->word,
                                  .metadata = rows->metadata,
                                  .is_repeated = rows->is_repeated,
                                  .sequence = rows->sequence,
                                  .row_number = rows->row_number};
  *count = 0;
  return each(context, &batch, err);
}

/* ---- leads ---- */

static void put_lead(struct action_rows *rows, size_t at, const struct table *leads, size_t index)
{
  const struct row *lead = leads->rows[index];
  rows->name[at] = text_of(lead, HS_EVENT_LEAD, "lead_id");
  rows->word[at] = text_of(lead, HS_EVENT_LEAD, "status");
  rows->at_us[at] = rows->began_at_us[at] = integer_of(lead, HS_EVENT_LEAD, "occurred_at");
  rows->person[at] = 0;
  rows->partner[at] = (struct hs_str){0};
  for (size_t i = 0; i <= index; i++) {
    const struct row *told = leads->rows[i];
    if (!hs_str_equal(text_of(told, HS_EVENT_LEAD, "lead_id"), rows->name[at]))
      continue;
    int64_t told_us = integer_of(told, HS_EVENT_LEAD, "occurred_at");
    if (told_us < rows->began_at_us[at])
      rows->began_at_us[at] = told_us;
    if (rows->partner[at].data == NULL)
      rows->partner[at] = text_of(told, HS_EVENT_LEAD, "partner");
    if (rows->person[at] == 0)
      rows->person[at] = key_or_none(text_of(told, HS_EVENT_LEAD, "person"));
  }
}

/* ---- custom events ---- */

static void put_event(struct action_rows *rows, size_t at, const struct row *event)
{
  rows->name[at] = text_of(event, HS_EVENT_CUSTOM, "event_id");
  rows->word[at] = text_of(event, HS_EVENT_CUSTOM, "name");
  rows->metadata[at] = text_of(event, HS_EVENT_CUSTOM, "metadata");
  rows->partner[at] = text_of(event, HS_EVENT_CUSTOM, "partner");
  rows->at_us[at] = rows->began_at_us[at] = integer_of(event, HS_EVENT_CUSTOM, "occurred_at");
  rows->person[at] = key_or_none(text_of(event, HS_EVENT_CUSTOM, "person"));
}

/* ---- clicks ---- */

static int is_click(const struct row *touch)
{
  return text_of(touch, HS_EVENT_TOUCH, "partner").data != NULL &&
         hs_str_equal(text_of(touch, HS_EVENT_TOUCH, "kind"), HS_STR("click"));
}

static int is_same_click(const struct row *one, const struct row *other)
{
  static const char *const SAME[] = {"person", "partner", "link"};
  int64_t apart_us = integer_of(one, HS_EVENT_TOUCH, "occurred_at") -
                     integer_of(other, HS_EVENT_TOUCH, "occurred_at");
  int is_same = is_click(other) && apart_us < HS_CLICK_APART_US && apart_us > -HS_CLICK_APART_US;
  for (size_t i = 0; i < sizeof SAME / sizeof *SAME && is_same; i++)
    is_same = hs_str_equal(text_of(one, HS_EVENT_TOUCH, SAME[i]),
                           text_of(other, HS_EVENT_TOUCH, SAME[i]));
  return is_same;
}

static void put_click(struct action_rows *rows, size_t at, const struct table *touches,
                      size_t index)
{
  const struct row *click = touches->rows[index];
  rows->name[at] = text_of(click, HS_EVENT_TOUCH, "touch_id");
  rows->word[at] = text_of(click, HS_EVENT_TOUCH, "link");
  rows->partner[at] = text_of(click, HS_EVENT_TOUCH, "partner");
  rows->at_us[at] = rows->began_at_us[at] = integer_of(click, HS_EVENT_TOUCH, "occurred_at");
  rows->person[at] = key_or_none(text_of(click, HS_EVENT_TOUCH, "person"));
  for (size_t i = index; i > 0 && !rows->is_repeated[at]; i--)
    rows->is_repeated[at] = (uint8_t)is_same_click(click, touches->rows[i - 1]);
}

/* ---- pages ---- */

static int is_asked_for(const struct hs_action_page *page, const struct row *row)
{
  static const char *const NAMES[HS_EVENT_KIND_COUNT] = {
      [HS_EVENT_LEAD] = "lead_id", [HS_EVENT_CUSTOM] = "event_id", [HS_EVENT_TOUCH] = "touch_id"};
  if (row->sequence > page->until_sequence || row->sequence < page->after_sequence ||
      (row->sequence == page->after_sequence && row->row_number <= page->after_row))
    return 0;
  return (page->kind != HS_EVENT_TOUCH || is_click(row)) &&
         (page->name.data == NULL ||
          hs_str_equal(page->name, text_of(row, page->kind, NAMES[page->kind])));
}

static void put_action(struct action_rows *rows, size_t at, const struct table *table, size_t index)
{
  rows->is_repeated[at] = 0;
  rows->metadata[at] = (struct hs_str){0};
  if (table->kind == HS_EVENT_LEAD)
    put_lead(rows, at, table, index);
  else if (table->kind == HS_EVENT_CUSTOM)
    put_event(rows, at, table->rows[index]);
  else
    put_click(rows, at, table, index);
  rows->sequence[at] = table->rows[index]->sequence;
  rows->row_number[at] = table->rows[index]->row_number;
}

enum hs_status hs_memory_new_actions(void *self, const struct hs_action_page *page,
                                     hs_action_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  const struct table *table = &trail->tables[page->kind];
  HS_ASSERT(page->kind == HS_EVENT_LEAD || page->kind == HS_EVENT_CUSTOM ||
            page->kind == HS_EVENT_TOUCH);
  hs_arena_reset(&trail->scratch, 0);
  struct action_rows *rows = hs_arena_alloc(&trail->scratch, 1, sizeof *rows);
  if (!rows)
    return hs_arena_full(&trail->scratch, "a scan of leads, events or clicks", err);
  size_t count = 0;
  size_t left = page->count_max;
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && left > 0 && i < table->count; i++) {
    if (!is_asked_for(page, table->rows[i]))
      continue;
    left--;
    put_action(rows, count++, table, i);
    if (count == ACTION_ROWS)
      status = give_actions(rows, &count, each, context, err);
  }
  return status ? status : give_actions(rows, &count, each, context, err);
}
