#include "cli/agreement_drafts.h"

#include "cli/result.h"
#include "service/agreed/agreement_draft.h"
#include "service/agreed/agreement_growth.h"

enum hs_status hs_cli_read_agreement(struct hs_cli *cli, struct hs_str path,
                                     struct hs_agreement_file *out, struct hs_err *err)
{
  struct hs_cli_telling telling = {.cli = cli};
  enum hs_status status = hs_agreement_file_read(hs_cli_io(cli), path.data, hs_cli_arena(cli), out,
                                                 hs_cli_tell_fault, &telling, err);
  hs_cli_tell_rest(&telling);
  return status;
}

/* ---- writing ---- */

enum hs_status hs_cli_write_buf(struct hs_cli *cli, const struct hs_buf *out, struct hs_err *err)
{
  enum hs_status status = hs_buf_status(out, "an agreement", err);
  if (status == HS_OK)
    hs_cli_write(cli, hs_buf_str(out));
  return status;
}

/* To --out, or to standard output where there is none. */
static enum hs_status write_agreement(struct hs_cli *cli, const struct hs_args *args,
                                      const struct hs_agreement_file *file, struct hs_err *err)
{
  struct hs_str path = hs_args_text(args, "out");
  struct hs_buf form = hs_buf_in(hs_cli_arena(cli));
  if (path.data != NULL)
    return hs_agreement_file_write(hs_cli_io(cli), path.data, file, HS_AGREEMENT_WRITE_NEW,
                                   hs_cli_arena(cli), err);
  hs_shape_write(&hs_agreement_shape, &file->agreement, &form);
  return hs_cli_write_buf(cli, &form, err);
}

/* ---- what stands against signing ---- */

static const char *const CHECK_COLUMNS[] = {"level", "code",         "where",
                                            "what",  "set_aside_by", "because"};

/* Rows go to the sink, or as sentences to the terminal. */
struct checking {
  struct hs_cli *cli;
  const struct hs_result_sink *sink; /* NULL: sentences */
  enum hs_status status;
  struct hs_err *err;
};

static void say_check(struct checking *checking, const struct hs_check_row *row)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(checking->cli));
  hs_check_say(row, (size_t)hs_cli_width(checking->cli), &out);
  checking->status = hs_buf_status(&out, "what stands against signing", checking->err);
  if (checking->status == HS_OK)
    hs_cli_write(checking->cli, hs_buf_str(&out));
}

static void print_check(void *context, const struct hs_check_row *row)
{
  struct checking *checking = context;
  const struct hs_override *override = row->overridden;
  struct hs_str values[] = {hs_str_of(hs_check_level_words(row->level)),
                            hs_str_of(row->code),
                            hs_str_of(row->path),
                            hs_str_of(row->words),
                            override != NULL ? override->by : (struct hs_str){0},
                            override != NULL ? override->reason : (struct hs_str){0}};
  if (checking->status != HS_OK)
    return;
  if (checking->sink == NULL)
    say_check(checking, row);
  else
    checking->status = checking->sink->row(checking->sink->self, values, checking->err);
}

enum hs_status hs_cli_print_check(struct hs_cli *cli, const struct hs_args *args,
                                  const struct hs_agreement_file *file, size_t *standing,
                                  struct hs_err *err)
{
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  struct checking checking = {.cli = cli, .err = err};
  enum hs_status status = HS_OK;
  if (hs_args_has(args, "json") || hs_args_has(args, "csv")) {
    status = hs_result_texts_begin(cli, args, 6, CHECK_COLUMNS, &sink, &printer, err);
    checking.sink = &sink;
  }
  if (status == HS_OK)
    status = hs_agreement_check(file, hs_cli_arena(cli), print_check, &checking, standing, err);
  if (status == HS_OK)
    status = checking.status;
  return status == HS_OK && printer != NULL ? hs_result_printer_end(printer, err) : status;
}

/* Where the agreement itself has gone to standard output, the remarks go to the other. */
static enum hs_status tell_missing(struct hs_cli *cli, const struct hs_args *args,
                                   const struct hs_agreement_file *file, int is_answer,
                                   struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  size_t standing = 0;
  if (is_answer && (hs_args_has(args, "json") || hs_args_has(args, "csv")))
    return hs_cli_print_check(cli, args, file, &standing, err);
  enum hs_status status =
      hs_agreement_say_missing(file, (size_t)hs_cli_width(cli), hs_cli_arena(cli), &out, err);
  if (status == HS_OK && is_answer)
    hs_cli_write(cli, hs_buf_str(&out));
  else if (status == HS_OK)
    hs_cli_note(cli, "%.*s", (int)out.length - 1, out.data);
  return status;
}

/* ---- changes ---- */

static const char *const DIFF_COLUMNS[] = {"where", "before", "after"};

struct printing {
  const struct hs_result_sink *sink;
  enum hs_status status;
  struct hs_err *err;
};

static void print_change(void *context, const char *path, const char *before, const char *after)
{
  struct printing *printing = context;
  struct hs_str values[] = {hs_str_of(path), hs_str_of(before), hs_str_of(after)};
  if (printing->status == HS_OK)
    printing->status = printing->sink->row(printing->sink->self, values, printing->err);
}

enum hs_status hs_cli_print_changes(struct hs_cli *cli, const struct hs_args *args,
                                    const struct hs_agreement_file *before,
                                    const struct hs_agreement_file *after, struct hs_err *err)
{
  struct hs_result_sink sink;
  struct hs_result_printer *printer = NULL;
  struct printing printing = {.sink = &sink, .err = err};
  enum hs_status status = hs_result_texts_begin(cli, args, 3, DIFF_COLUMNS, &sink, &printer, err);
  if (status == HS_OK)
    status = hs_shape_compare(&hs_agreement_shape, &before->agreement, &after->agreement,
                              hs_cli_arena(cli), print_change, &printing, err);
  if (status == HS_OK)
    status = printing.status;
  return status == HS_OK ? hs_result_printer_end(printer, err) : status;
}

/* ---- new ---- */

enum hs_status hs_cli_agreement_new(struct hs_cli *cli, const struct hs_args *args,
                                    struct hs_err *err)
{
  struct hs_agreement_file file;
  size_t index = 0;
  struct hs_str partner = {0};
  (void)hs_args_next(args, "partner", &index, &partner);
  const struct hs_draft asked = {.kind = hs_args_text(args, "template"),
                                 .us = hs_args_text(args, "us"),
                                 .partner = partner,
                                 .rate = hs_args_text(args, "rate"),
                                 .currency = hs_args_text(args, "currency")};
  enum hs_status status = hs_agreement_new(hs_cli_io(cli), &asked, hs_cli_arena(cli), &file, err);
  if (status == HS_OK)
    status = write_agreement(cli, args, &file, err);
  if (status == HS_OK)
    status = tell_missing(cli, args, &file, hs_args_has(args, "out"), err);
  return status;
}

/* ---- fill and change ---- */

/* The arguments behind the file. */
static enum hs_status apply_lines(struct hs_cli *cli, const struct hs_args *args,
                                  struct hs_agreement_file *file, struct hs_err *err)
{
  size_t count = hs_args_count(args) - 2;
  struct hs_cli_telling telling = {.cli = cli};
  struct hs_str *lines = hs_arena_alloc(hs_cli_arena(cli), count, sizeof *lines);
  if (lines == NULL)
    return hs_arena_full(hs_cli_arena(cli), "the changes", err);
  for (size_t i = 0; i < count; i++)
    lines[i] = hs_args_at(args, i + 2);
  enum hs_status status =
      hs_agreement_fill(file, lines, count, hs_cli_arena(cli), hs_cli_tell_fault, &telling, err);
  hs_cli_tell_rest(&telling);
  return status;
}

enum hs_status hs_cli_agreement_fill(struct hs_cli *cli, const struct hs_args *args,
                                     struct hs_err *err)
{
  struct hs_agreement_file file;
  struct hs_str path = hs_args_at(args, 1);
  enum hs_status status = hs_cli_read_agreement(cli, path, &file, err);
  if (status == HS_OK)
    status = apply_lines(cli, args, &file, err);
  if (status == HS_OK && hs_args_count(args) > 2)
    status = hs_agreement_file_write(hs_cli_io(cli), path.data, &file, HS_AGREEMENT_WRITE_REPLACE,
                                     hs_cli_arena(cli), err);
  return status == HS_OK ? tell_missing(cli, args, &file, 1, err) : status;
}

/* The version before stays as it is, in its file: orders whose touchpoint came under it are judged
   by it. */
enum hs_status hs_cli_agreement_change(struct hs_cli *cli, const struct hs_args *args,
                                       struct hs_err *err)
{
  struct hs_agreement_file before, after;
  struct hs_str path = hs_args_at(args, 1);
  int32_t from = 0;
  enum hs_status status = hs_cli_read_agreement(cli, path, &before, err);
  if (status == HS_OK)
    status = hs_cli_read_agreement(cli, path, &after, err);
  if (status == HS_OK)
    status =
        hs_agreement_may_change(hs_cli_io(cli), &before, hs_args_text(args, "from"), &from, err);
  if (status == HS_OK)
    status = apply_lines(cli, args, &after, err);
  if (status == HS_OK)
    status = write_agreement(cli, args, &after, err);
  if (status == HS_OK && hs_args_has(args, "out"))
    status = hs_cli_print_changes(cli, args, &before, &after, err);
  if (status == HS_OK)
    hs_cli_note(cli, "to hold from %s on, and for no order whose touchpoint came before",
                hs_args_text(args, "from").data);
  return status;
}

/* ---- kind and growth ---- */

enum hs_status hs_cli_agreement_kind(struct hs_cli *cli, const struct hs_args *args,
                                     struct hs_err *err)
{
  struct hs_agreement_file file;
  struct hs_nature nature;
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  enum hs_status status = hs_cli_read_agreement(cli, hs_args_at(args, 1), &file, err);
  if (status != HS_OK)
    return status;
  hs_agreement_nature(&file.agreement, &nature);
  if (hs_args_has(args, "json"))
    hs_agreement_kind_json(&nature, &out);
  else
    hs_agreement_kind_say(&nature, (size_t)hs_cli_width(cli), &out);
  return hs_cli_write_buf(cli, &out, err);
}

enum hs_status hs_cli_agreement_growth(struct hs_cli *cli, const struct hs_args *args,
                                       struct hs_err *err)
{
  struct hs_agreement_file file;
  struct hs_track_record record;
  struct hs_cli_telling telling = {.cli = cli};
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  enum hs_status status = hs_cli_read_agreement(cli, hs_args_at(args, 1), &file, err);
  if (status == HS_OK)
    status = hs_track_record_file_read(hs_cli_io(cli), hs_args_at(args, 2).data, hs_cli_arena(cli),
                                       &record, hs_cli_tell_fault, &telling, err);
  hs_cli_tell_rest(&telling);
  if (status != HS_OK)
    return status;
  if (hs_args_has(args, "json"))
    hs_agreement_growth_json(&file, &record, &out);
  else
    hs_agreement_growth_say(&file, &record, &out);
  return hs_cli_write_buf(cli, &out, err);
}
