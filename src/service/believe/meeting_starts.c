/* Who the partners of a programme are, and what they did and agreed, by day. */
#include <stdlib.h>

#include "service/believe/meeting_priv.h"
#include "service/believe/partner_names.h"

/* ---- names ---- */

static int by_name(const void *a, const void *b)
{
  const struct hs_meeting_partner *x = a;
  const struct hs_meeting_partner *y = b;
  return hs_str_compare(x->name, y->name);
}

size_t hs_meeting_partner_of(const struct hs_meeting *meeting, struct hs_str name)
{
  const struct hs_meeting_partner wanted = {.name = name};
  if (meeting->partner_count == 0 || name.length == 0)
    return MEETING_NOBODY;
  const struct hs_meeting_partner *found = bsearch(
      &wanted, meeting->partners, meeting->partner_count, sizeof *meeting->partners, by_name);
  return found == NULL ? MEETING_NOBODY : (size_t)(found - meeting->partners);
}

static enum hs_status take_party(void *context, const struct hs_party *party, struct hs_err *err)
{
  struct meeting_record *record = context;
  size_t i = hs_meeting_partner_of(record->meeting, party->name);
  struct hs_meeting_partner *partner = &record->meeting->partners[i];
  struct hs_str title = party->title.data != NULL ? party->title : party->name;
  struct hs_str kind = party->kind;
  if (!hs_str_keep(record->arena, &title) || !hs_str_keep(record->arena, &kind))
    return hs_arena_full(record->arena, "the partners of a programme", err);
  partner->title = title;
  partner->kind = kind;
  return HS_OK;
}

static enum hs_status list_partners(struct meeting_record *record, struct hs_err *err)
{
  struct hs_book *book = &record->programme->book;
  struct hs_meeting *meeting = record->meeting;
  struct hs_str *names = NULL;
  enum hs_status status = hs_partner_names(record->programme, record->arena, &record->scratch,
                                           &names, &meeting->partner_count, err);
  if (status != HS_OK)
    return status;
  meeting->partners =
      hs_arena_alloc(record->arena, meeting->partner_count, sizeof *meeting->partners);
  if (meeting->partners == NULL)
    return hs_arena_full(record->arena, "the partners of a programme", err);
  for (size_t i = 0; i < meeting->partner_count; i++)
    meeting->partners[i] =
        (struct hs_meeting_partner){.name = names[i], .title = names[i], .first_day = INT64_MAX};
  return book->parties(book->self, take_party, record, err);
}

/* ---- signs of life ---- */

void hs_meeting_note_sign(struct hs_meeting *meeting, size_t partner, int64_t day, double size)
{
  if (partner == MEETING_NOBODY)
    return;
  struct hs_meeting_partner *p = &meeting->partners[partner];
  p->first_day = day < p->first_day ? day : p->first_day;
  p->size += size;
}

static enum hs_status take_activity(void *context, const struct hs_activity_day *activity,
                                    [[maybe_unused]] struct hs_err *err)
{
  struct meeting_record *record = context;
  if (activity->count > 0)
    hs_meeting_note_sign(record->meeting, hs_meeting_partner_of(record->meeting, activity->partner),
                         activity->day, 1);
  return HS_OK;
}

/* What was agreed before the record began says nothing of when it was first done. */
static enum hs_status take_enrolment(void *context, const struct hs_enrolment_row *row,
                                     [[maybe_unused]] struct hs_err *err)
{
  struct meeting_record *record = context;
  if (row->from_us == INT64_MIN)
    return HS_OK;
  int32_t day = hs_zone_day_of_us(record->programme->zone, row->from_us);
  if (day > record->record_day)
    hs_meeting_note_sign(record->meeting, hs_meeting_partner_of(record->meeting, row->party), day,
                         0);
  return HS_OK;
}

enum hs_status hs_meeting_read_starts(struct meeting_record *record, struct hs_err *err)
{
  const struct hs_trail *trail = &record->programme->trail;
  const struct hs_book *book = &record->programme->book;
  enum hs_status status = list_partners(record, err);
  if (status == HS_OK)
    status = trail->activity_days(trail->self, hs_day_of(1, 1, 1),
                                  (int64_t)hs_day_of(9999, 12, 31) + 1, take_activity, record, err);
  if (status == HS_OK)
    status = book->ledger.enrolments(book->ledger.self, take_enrolment, record, err);
  return status;
}
