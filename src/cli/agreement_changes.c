#include "cli/agreement_changes.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "cli/agreement_drafts.h"
#include "cli/agreement_programme.h"
#include "service/agreed/agreed_history.h"
#include "service/agreed/notice.h"
#include "service/json_member.h"

/* A file is read at any width. */
#define FILE_WIDTH 80

/* ---- where a version stands ---- */

struct standing {
  uint64_t number; /* 0: the newest */
  struct hs_arena *arena;
  struct hs_agreed_line line; /* its texts in arena */
};

static enum hs_status note_line(void *context, const struct hs_agreed_line *line,
                                struct hs_err *err)
{
  struct standing *standing = context;
  if (standing->line.number != 0 || (standing->number != 0 && line->number != standing->number))
    return HS_OK;
  standing->line = *line;
  standing->line.name.data = hs_arena_copy(standing->arena, line->name.data, line->name.length);
  standing->line.open.data =
      line->open.data == NULL ? NULL
                              : hs_arena_copy(standing->arena, line->open.data, line->open.length);
  return standing->line.name.data == NULL ||
                 (line->open.data != NULL && standing->line.open.data == NULL)
             ? hs_arena_full(standing->arena, "a version", err)
             : HS_OK;
}

static enum hs_status find_line(struct hs_cli *cli, struct hs_programme *programme,
                                struct hs_str name, uint64_t number, struct hs_agreed_line *out,
                                struct hs_err *err)
{
  struct standing standing = {.number = number, .arena = hs_cli_arena(cli)};
  enum hs_status status = hs_agreed_list(programme, name, note_line, &standing, err);
  *out = standing.line;
  return status;
}

static void add_line(const struct hs_agreed_line *line, struct hs_buf *out)
{
  hs_json_text(out, "state", line->state);
  hs_json_text(out, "open", line->open);
}

static void say_line(const struct hs_agreed_line *line, struct hs_buf *out)
{
  hs_buf_printf(out, "version %" PRIu64 " of ", line->number);
  (void)hs_buf_add_shown(out, line->name, SIZE_MAX);
  hs_buf_add_text(out, " is ");
  hs_buf_add_str(out, line->state);
  if (line->open.data != NULL) {
    hs_buf_add_text(out, ": ");
    hs_buf_add_str(out, line->open);
  }
  hs_buf_add_char(out, '\n');
}

/* What a decision about a version has come to. */
static enum hs_status print_line(struct hs_cli *cli, const struct hs_args *args,
                                 struct hs_programme *programme, struct hs_str name,
                                 uint64_t number, struct hs_err *err)
{
  struct hs_agreed_line line;
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  enum hs_status status = find_line(cli, programme, name, number, &line, err);
  if (status != HS_OK)
    return status;
  if (hs_args_has(args, "json")) {
    hs_buf_add_char(&out, '{');
    hs_json_text(&out, "agreement", line.name);
    hs_json_key(&out, "version");
    hs_buf_printf(&out, "%" PRIu64, line.number);
    add_line(&line, &out);
    hs_buf_add_text(&out, "}\n");
  } else {
    say_line(&line, &out);
  }
  return hs_cli_write_buf(cli, &out, err);
}

/* ---- the notice ---- */

static int ends_with(struct hs_str text, const char *end)
{
  size_t length = strlen(end);
  return text.length >= length &&
         hs_str_equal((struct hs_str){text.data + text.length - length, length}, hs_str_of(end));
}

/* Writes it in the form that the name asks for, and gives its hash. */
static enum hs_status write_notice(struct hs_cli *cli, struct hs_str path,
                                   const struct hs_notice *notice, char hash[HS_HASH_TEXT],
                                   struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  if (ends_with(path, ".html") || ends_with(path, ".htm"))
    hs_notice_html(notice, &out);
  else if (ends_with(path, ".json"))
    hs_notice_json(notice, &out);
  else
    hs_notice_text(notice, FILE_WIDTH, &out);
  enum hs_status status = hs_buf_status(&out, "the notice", err);
  if (status == HS_OK)
    status = hs_io_replace_file(hs_cli_io(cli), path.data, out.data, out.length, err);
  if (status == HS_OK) {
    struct hs_hash sum = hs_sha256(out.data, out.length);
    hs_hash_format(&sum, hash);
    hs_cli_note(cli, "the notice stands in %.*s", HS_STR_ARG(path));
  }
  return status;
}

struct only_partner {
  struct hs_arena *arena;
  struct hs_str name;
  size_t count;
};

static enum hs_status note_partner(void *context, const struct hs_agreed_partner *partner,
                                   struct hs_err *err)
{
  struct only_partner *only = context;
  if (only->count++ > 0)
    return HS_OK;
  only->name =
      (struct hs_str){hs_arena_copy(only->arena, partner->partner.data, partner->partner.length),
                      partner->partner.length};
  return only->name.data == NULL ? hs_arena_full(only->arena, "a partner", err) : HS_OK;
}

/* To whom a notice is that names nobody: the one partner that takes part. Where there are more they
   read what changes, and nobody's figures. */
static enum hs_status find_addressee(struct hs_cli *cli, struct hs_programme *programme,
                                     struct hs_str agreement, struct hs_str *out,
                                     struct hs_err *err)
{
  struct only_partner only = {.arena = hs_cli_arena(cli)};
  enum hs_status status = hs_agreed_partners(programme, agreement, note_partner, &only, err);
  *out = only.count == 1 ? only.name : (struct hs_str){0};
  return status;
}

static void show_judging(void *context, double share)
{
  hs_cli_progress(context, "judging orders", share, NULL);
}

static enum hs_status weigh(struct hs_cli *cli, struct hs_programme *programme,
                            const struct hs_agreed_change *change, struct hs_agreed_effect *out,
                            struct hs_err *err)
{
  struct hs_simulation simulation = {
      .progress = show_judging, .context = cli, .interrupt = hs_cli_interrupt_flag()};
  enum hs_status status =
      hs_agreed_weigh(programme, change, &simulation, hs_cli_arena(cli), out, err);
  hs_cli_progress_end(cli);
  return status;
}

/* ---- change ---- */

struct changing {
  struct hs_agreed_change change;
  struct hs_term_change *changes;
  size_t change_count;
  struct hs_agreed_effect effect;
  struct hs_agreed_line line; /* of the version, once it is proposed */
};

static enum hs_status read_wish(struct hs_cli *cli, const struct hs_args *args,
                                const struct hs_programme *programme, struct hs_change_wish *out,
                                struct hs_err *err)
{
  size_t count = hs_args_count(args) - 2;
  int64_t last_us = 0;
  struct hs_str *lines = hs_arena_alloc(hs_cli_arena(cli), count, sizeof *lines);
  if (lines == NULL)
    return hs_arena_full(hs_cli_arena(cli), "the changes", err);
  for (size_t i = 0; i < count; i++)
    lines[i] = hs_args_at(args, i + 2);
  *out = (struct hs_change_wish){.lines = lines, .line_count = count};
  if (!hs_args_has(args, "from"))
    return hs_fail(err, HS_USAGE, "--from must name the first day on which the change holds");
  enum hs_status status = hs_args_day(args, "from", programme->zone, &out->from_us, err);
  if (status == HS_OK)
    status = hs_args_day(args, "until", programme->zone, &last_us, err);
  if (status == HS_OK && hs_args_has(args, "until"))
    out->until_us =
        hs_zone_day_start_us(programme->zone, hs_zone_day_of_us(programme->zone, last_us) + 1);
  return status;
}

static enum hs_status draft(struct hs_cli *cli, const struct hs_args *args,
                            struct hs_programme *programme, struct changing *out,
                            struct hs_err *err)
{
  struct hs_change_wish wish;
  struct hs_cli_telling telling = {.cli = cli};
  struct hs_arena *arena = hs_cli_arena(cli);
  enum hs_status status = read_wish(cli, args, programme, &wish, err);
  if (status != HS_OK)
    return status;
  status = hs_agreed_change_draft(programme, hs_args_at(args, 1), &wish, arena, hs_cli_tell_fault,
                                  &telling, &out->change, err);
  hs_cli_tell_rest(&telling);
  if (status == HS_OK)
    status = hs_agreed_changes(&out->change, arena, &out->changes, &out->change_count, err);
  return status == HS_OK ? weigh(cli, programme, &out->change, &out->effect, err) : status;
}

static void say_changing(const struct changing *changing, const struct hs_zone *zone, size_t width,
                         struct hs_buf *out)
{
  hs_buf_printf(out, "instead of version %" PRIu64 ", ", changing->change.standing);
  hs_notice_say_time(&changing->change, zone, out);
  hs_buf_add_text(out, "\n\nWhat changes\n");
  hs_changes_say(changing->changes, changing->change_count, width, out);
  hs_buf_add_char(out, '\n');
  hs_agreed_effect_say(&changing->effect, zone, out);
  hs_buf_add_char(out, '\n');
  if (changing->change.number == 0)
    hs_buf_add_text(out, "a try: nothing is proposed\n");
  else
    say_line(&changing->line, out);
}

static void add_changing(const struct changing *changing, const struct hs_zone *zone,
                         struct hs_buf *out)
{
  const struct hs_agreed_change *change = &changing->change;
  char day[HS_TIME_TEXT];
  hs_format_day(hs_zone_day_of_us(zone, change->from_us), day);
  hs_buf_add_char(out, '{');
  hs_json_text(out, "agreement", change->agreement);
  hs_json_key(out, "version");
  if (change->number == 0)
    hs_buf_add_text(out, "null");
  else
    hs_buf_printf(out, "%" PRIu64, change->number);
  hs_json_key(out, "instead_of");
  hs_buf_printf(out, "%" PRIu64, change->standing);
  hs_json_text(out, "from", hs_str_of(day));
  if (change->until_us != INT64_MAX)
    hs_format_day(hs_zone_day_of_us(zone, change->until_us - 1), day);
  hs_json_text(out, "until", change->until_us == INT64_MAX ? (struct hs_str){0} : hs_str_of(day));
  if (change->number != 0)
    add_line(&changing->line, out);
  hs_json_key(out, "changes");
  hs_changes_json(changing->changes, changing->change_count, out);
  hs_json_key(out, "effect");
  hs_agreed_effect_json(&changing->effect, zone, out);
  hs_buf_add_text(out, "}\n");
}

static enum hs_status write_changing_notice(struct hs_cli *cli, const struct hs_args *args,
                                            struct hs_programme *programme,
                                            const struct changing *changing, struct hs_err *err)
{
  struct hs_str path = hs_args_text(args, "notice");
  char hash[HS_HASH_TEXT];
  struct hs_notice notice = {.change = &changing->change,
                             .zone = programme->zone,
                             .by = hs_args_text(args, "by"),
                             .reason = hs_args_text(args, "reason"),
                             .effect = &changing->effect,
                             .changes = changing->changes,
                             .change_count = changing->change_count};
  enum hs_status status =
      find_addressee(cli, programme, changing->change.agreement, &notice.partner, err);
  return status == HS_OK ? write_notice(cli, path, &notice, hash, err) : status;
}

static enum hs_status propose(struct hs_cli *cli, const struct hs_args *args,
                              struct hs_programme *programme, struct changing *changing,
                              struct hs_err *err)
{
  const struct hs_agreed agreed = {.name = changing->change.agreement,
                                   .by = hs_args_text(args, "by"),
                                   .reason = hs_args_text(args, "reason"),
                                   .party = hs_args_text(args, "party")};
  enum hs_status status = hs_agreed_check_by(&agreed, err);
  if (status == HS_OK)
    status = hs_agreed_change_propose(programme, &agreed, &changing->change, hs_cli_tell_objection,
                                      cli, err);
  if (status == HS_OK)
    status = find_line(cli, programme, agreed.name, changing->change.number, &changing->line, err);
  if (status == HS_OK && hs_args_has(args, "notice"))
    status = write_changing_notice(cli, args, programme, changing, err);
  return status;
}

enum hs_status hs_cli_agreed_change(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_programme *programme, struct hs_err *err)
{
  struct changing changing = {0};
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  enum hs_status status = draft(cli, args, programme, &changing, err);
  if (status == HS_OK && !hs_args_has(args, "dry-run"))
    status = propose(cli, args, programme, &changing, err);
  if (status != HS_OK)
    return status;
  if (hs_args_has(args, "json"))
    add_changing(&changing, programme->zone, &out);
  else
    say_changing(&changing, programme->zone, (size_t)hs_cli_width(cli), &out);
  return hs_cli_write_buf(cli, &out, err);
}

/* ---- notify ---- */

static enum hs_status write_version_notice(struct hs_cli *cli, const struct hs_args *args,
                                           struct hs_programme *programme, char hash[HS_HASH_TEXT],
                                           struct hs_err *err)
{
  struct hs_agreed_change change;
  struct hs_agreed_effect effect;
  struct hs_term_change *changes = NULL;
  struct hs_arena *arena = hs_cli_arena(cli);
  struct hs_str name = hs_args_at(args, 1);
  struct hs_notice notice = {.change = &change,
                             .zone = programme->zone,
                             .partner = hs_args_text(args, "party"),
                             .effect = &effect};
  enum hs_status status = hs_agreed_change_find(
      programme, name, (uint64_t)hs_args_integer(args, "number"), arena, &change, err);
  struct hs_agreed_proposal proposal = {0};
  if (status == HS_OK)
    status = hs_agreed_proposed(programme, name, change.number, arena, &proposal, err);
  if (status == HS_OK)
    status = hs_agreed_changes(&change, arena, &changes, &notice.change_count, err);
  if (status == HS_OK)
    status = weigh(cli, programme, &change, &effect, err);
  if (status == HS_OK && notice.partner.data == NULL)
    status = find_addressee(cli, programme, name, &notice.partner, err);
  notice.changes = changes;
  notice.by = proposal.by;
  notice.reason = proposal.reason;
  return status == HS_OK ? write_notice(cli, hs_args_text(args, "notice"), &notice, hash, err)
                         : status;
}

enum hs_status hs_cli_agreed_notify(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_programme *programme, struct hs_err *err)
{
  char hash[HS_HASH_TEXT];
  const struct hs_agreed agreed = {.name = hs_args_at(args, 1),
                                   .by = hs_args_text(args, "by"),
                                   .reason = hs_args_text(args, "reason")};
  struct hs_change_notice notice = {.number = (uint64_t)hs_args_integer(args, "number"),
                                    .party = hs_args_text(args, "party"),
                                    .method = hs_args_text(args, "how")};
  enum hs_status status = HS_OK;
  if (notice.method.length == 0)
    return hs_fail(err, HS_USAGE, "say how they were told: --how \"mail to partners\"");
  if (hs_args_has(args, "notice")) {
    status = write_version_notice(cli, args, programme, hash, err);
    notice.reference = hs_str_of(hash);
  }
  if (status == HS_OK)
    status = hs_agreed_notify(programme, &agreed, &notice, hs_cli_tell_objection, cli, err);
  return status == HS_OK ? print_line(cli, args, programme, agreed.name, notice.number, err)
                         : status;
}

/* ---- answer ---- */

static enum hs_status read_verdict(struct hs_str word, struct hs_str *out, struct hs_err *err)
{
  static const char *const WORDS[][2] = {
      {"accept", "accepted"}, {"decline", "declined"}, {"counter", "countered"}};
  for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
    if (hs_str_equal(word, hs_str_of(WORDS[i][0]))) {
      *out = hs_str_of(WORDS[i][1]);
      return HS_OK;
    }
  return hs_fail(err, HS_USAGE, "an answer is accept, decline or counter, not \"%.*s\"",
                 HS_STR_ARG(word));
}

enum hs_status hs_cli_agreed_answer(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_programme *programme, struct hs_err *err)
{
  const struct hs_agreed agreed = {.name = hs_args_at(args, 1),
                                   .by = hs_args_text(args, "by"),
                                   .reason = hs_args_text(args, "reason"),
                                   .attested_by = hs_args_text(args, "attest")};
  struct hs_change_answer answer = {.number = (uint64_t)hs_args_integer(args, "number"),
                                    .party = hs_args_text(args, "party")};
  if (answer.party.data == NULL)
    return hs_fail(err, HS_USAGE, "say whose answer it is: --party NAME");
  enum hs_status status = read_verdict(hs_args_at(args, 2), &answer.verdict, err);
  if (status == HS_OK)
    status = hs_agreed_answer(programme, &agreed, &answer, hs_cli_tell_objection, cli, err);
  return status == HS_OK ? print_line(cli, args, programme, agreed.name, answer.number, err)
                         : status;
}

/* ---- diff ---- */

enum hs_status hs_cli_agreed_version(struct hs_cli *cli, struct hs_programme *programme,
                                     struct hs_str text, struct hs_str *agreement,
                                     struct hs_agreement_file *out, struct hs_err *err)
{
  struct hs_str rest = text;
  struct hs_str name = hs_str_cut(&rest, '@');
  struct hs_str document;
  uint64_t number = 0;
  if (rest.data != NULL && (!hs_parse_u64(rest, &number) || number == 0))
    return hs_fail(err, HS_USAGE, "a version is NAME@2, got %.*s", HS_STR_ARG(text));
  *agreement = name;
  enum hs_status status =
      hs_agreed_document(programme, name, &number, hs_cli_arena(cli), &document, err);
  return status == HS_OK ? hs_agreement_read(document, hs_cli_arena(cli), &out->agreement,
                                             &out->terms, NULL, NULL, err)
                         : status;
}

enum hs_status hs_cli_agreed_diff(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_programme *programme, struct hs_err *err)
{
  struct hs_agreement_file before, after;
  struct hs_str name;
  enum hs_status status =
      hs_cli_agreed_version(cli, programme, hs_args_at(args, 1), &name, &before, err);
  if (status == HS_OK)
    status = hs_cli_agreed_version(cli, programme, hs_args_at(args, 2), &name, &after, err);
  return status == HS_OK ? hs_cli_print_changes(cli, args, &before, &after, err) : status;
}
