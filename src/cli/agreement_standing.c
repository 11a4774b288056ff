#include "cli/agreement_standing.h"

#include "base/room.h"
#include "cli/agreement_drafts.h"
#include "service/agreed/agreed_history.h"
#include "service/agreed/agreement_growth.h"
#include "service/agreed/practice.h"
#include "service/agreed/together_results.h"
#include "service/agreed/track_record.h"
#include "service/believe/report.h"

/* ---- kind ---- */

enum hs_status hs_cli_agreed_kind(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_programme *programme, struct hs_err *err)
{
  struct hs_agreement_file file;
  struct hs_nature nature;
  struct hs_str name = hs_args_at(args, 1);
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  enum hs_status status = hs_agreed_current(programme, name, hs_cli_arena(cli), &file, err);
  if (status == HS_OK)
    status = hs_practice_nature(programme, name, &file.agreement, hs_cli_arena(cli), &nature, err);
  if (status != HS_OK)
    return status;
  if (hs_args_has(args, "json"))
    hs_agreement_kind_json(&nature, &out);
  else
    hs_agreement_kind_say(&nature, (size_t)hs_cli_width(cli), &out);
  return hs_cli_write_buf(cli, &out, err);
}

/* ---- growth ---- */

/* Of an agreement: who takes part. Of a partner: in which agreement it does. */
struct finding {
  struct hs_arena *arena;
  struct hs_str partner, agreement;
  struct hs_programme *programme;
  size_t count;
  int is_met; /* the partner takes part in the agreement that is being looked at */
};

static enum hs_status meet_partner(void *context, const struct hs_agreed_partner *partner,
                                   [[maybe_unused]] struct hs_err *err)
{
  struct finding *finding = context;
  finding->is_met |= hs_str_equal(finding->partner, partner->partner);
  return HS_OK;
}

static enum hs_status note_partner(void *context, const struct hs_agreed_partner *partner,
                                   struct hs_err *err)
{
  struct finding *finding = context;
  if (finding->count++ > 0)
    return HS_OK;
  finding->partner.length = partner->partner.length;
  finding->partner.data =
      hs_arena_copy(finding->arena, partner->partner.data, partner->partner.length);
  return finding->partner.data == NULL ? hs_arena_full(finding->arena, "a partner", err) : HS_OK;
}

/* The one partner of an agreement, where nobody says which. */
static enum hs_status find_partner(struct finding *finding, struct hs_err *err)
{
  enum hs_status status =
      hs_agreed_partners(finding->programme, finding->agreement, note_partner, finding, err);
  if (status == HS_OK && finding->count == 0)
    return hs_fail(err, HS_NOT_FOUND, "nobody takes part in %.*s now",
                   HS_STR_ARG(finding->agreement));
  if (status == HS_OK && finding->count > 1)
    return hs_fail(err, HS_USAGE, "%zu partners take part in %.*s: say which one, --partner NAME",
                   finding->count, HS_STR_ARG(finding->agreement));
  return status;
}

/* Each agreement once: its newest version comes first. */
struct names {
  struct hs_arena *arena;
  struct hs_str *items;
  size_t count, capacity;
};

static enum hs_status note_name(void *context, const struct hs_agreed_line *line,
                                struct hs_err *err)
{
  struct names *names = context;
  if (names->count > 0 && hs_str_equal(names->items[names->count - 1], line->name))
    return HS_OK;
  struct hs_str name = line->name;
  struct hs_str *items =
      hs_arena_room(names->arena, names->items, names->count, 1, &names->capacity, sizeof *items);
  if (items == NULL || !hs_str_keep(names->arena, &name))
    return hs_arena_full(names->arena, "the agreements", err);
  names->items = items;
  names->items[names->count++] = name;
  return HS_OK;
}

/* The agreement that a partner is judged by now. */
static enum hs_status find_agreement(struct finding *finding, struct hs_err *err)
{
  struct names names = {.arena = finding->arena};
  enum hs_status status =
      hs_agreed_list(finding->programme, (struct hs_str){0}, note_name, &names, err);
  for (size_t i = 0; i < names.count && status == HS_OK && !finding->is_met; i++) {
    finding->agreement = names.items[i];
    status = hs_agreed_partners(finding->programme, names.items[i], meet_partner, finding, err);
  }
  return status == HS_OK && !finding->is_met
             ? hs_fail(err, HS_NOT_FOUND, "%.*s takes part in no agreement now",
                       HS_STR_ARG(finding->partner))
             : status;
}

static void show_reading(void *context, double share)
{
  hs_cli_progress(context, "reading orders", share, NULL);
}

static enum hs_status print_growth(struct hs_cli *cli, const struct hs_args *args,
                                   const struct finding *finding, struct hs_err *err)
{
  struct hs_agreement_file file;
  struct hs_track_record record;
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  const struct hs_track_ask ask = {.partner = finding->partner,
                                   .progress = show_reading,
                                   .context = cli,
                                   .interrupt = hs_cli_interrupt_flag()};
  enum hs_status status =
      hs_agreed_current(finding->programme, finding->agreement, finding->arena, &file, err);
  if (status == HS_OK)
    status = hs_track_record_make(finding->programme, &ask, &record, err);
  hs_cli_progress_end(cli);
  if (status != HS_OK)
    return status;
  if (hs_args_has(args, "json")) {
    hs_agreement_growth_json(&file, &record, &out);
  } else {
    (void)hs_buf_add_shown(&out, finding->partner, SIZE_MAX);
    hs_buf_add_text(&out, ", by ");
    (void)hs_buf_add_shown(&out, finding->agreement, SIZE_MAX);
    hs_buf_add_char(&out, '\n');
    hs_agreement_growth_say(&file, &record, &out);
  }
  return hs_cli_write_buf(cli, &out, err);
}

enum hs_status hs_cli_agreed_growth(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_programme *programme, struct hs_err *err)
{
  struct finding finding = {.arena = hs_cli_arena(cli), .programme = programme};
  size_t index = 0;
  (void)hs_args_next(args, "partner", &index, &finding.partner);
  if (hs_args_count(args) > 1)
    finding.agreement = hs_args_at(args, 1);
  enum hs_status status = HS_OK;
  if (finding.agreement.data == NULL && finding.partner.data == NULL)
    return hs_fail(err, HS_USAGE, "say whose growth: the name of an agreement, or --partner NAME");
  if (finding.partner.data == NULL)
    status = find_partner(&finding, err);
  else if (finding.agreement.data == NULL)
    status = find_agreement(&finding, err);
  return status == HS_OK ? print_growth(cli, args, &finding, err) : status;
}

/* ---- results ---- */

static enum hs_status print_results(struct hs_cli *cli, const struct hs_args *args,
                                    const struct finding *finding, struct hs_period period,
                                    struct hs_err *err)
{
  struct hs_programme *programme = finding->programme;
  struct hs_agreement_file file;
  struct hs_together_results results;
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  enum hs_status status =
      hs_agreed_current(programme, finding->agreement, finding->arena, &file, err);
  const struct hs_together_ask ask = {.agreement = finding->agreement,
                                      .partner = finding->partner,
                                      .document = &file.agreement,
                                      .period = period,
                                      .interrupt = hs_cli_interrupt_flag()};
  if (status == HS_OK)
    status = hs_together_results_make(programme, &ask, &results, err);
  if (status != HS_OK)
    return status;
  if (hs_args_has(args, "json"))
    hs_together_results_json(&results, programme->zone, &out);
  else
    hs_together_results_say(&results, programme->zone, (size_t)hs_cli_width(cli), &out);
  return hs_cli_write_buf(cli, &out, err);
}

enum hs_status hs_cli_agreed_results(struct hs_cli *cli, const struct hs_args *args,
                                     struct hs_programme *programme, struct hs_err *err)
{
  struct finding finding = {
      .arena = hs_cli_arena(cli), .programme = programme, .agreement = hs_args_at(args, 1)};
  struct hs_report_options usual;
  size_t index = 0;
  (void)hs_args_next(args, "partner", &index, &finding.partner);
  enum hs_status status = hs_report_usual(programme, &usual, err);
  if (status == HS_OK)
    status = hs_args_period(args, programme->zone, &usual.period, err);
  if (status == HS_OK && finding.partner.data == NULL)
    status = find_partner(&finding, err);
  return status == HS_OK ? print_results(cli, args, &finding, usual.period, err) : status;
}
