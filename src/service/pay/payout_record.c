#include "service/pay/payout_record.h"

#include <stdio.h>

#include "base/hash.h"

#define FOLDER "payouts"
#define LONGEST_KEPT_NAME 96 /* "payouts/", a hash, ".json" */
#define LINES_MAX 100000

/* ---- the forms ---- */

#define FIELD(holder, member, field_kind, ...)                                                     \
  {                                                                                                \
    .name = #member, .kind = field_kind, .offset = offsetof(struct holder, member), __VA_ARGS__    \
  }
#define SHAPE(text, holder, rows)                                                                  \
  {                                                                                                \
    text, sizeof(struct holder), sizeof(rows) / sizeof(rows)[0], rows                              \
  }

static const struct hs_field LINE[] = {
    FIELD(hs_run_line, payout, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "Its id."),
    FIELD(hs_run_line, partner, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "Who is paid."),
    FIELD(hs_run_line, currency, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "In what."),
    FIELD(hs_run_line, invoice, HS_FIELD_TEXT, .required = HS_ALWAYS,
          .meaning = "The invoice's number."),
    FIELD(hs_run_line, credit_note, HS_FIELD_TEXT, .meaning = "That of the credit note."),
    FIELD(hs_run_line, sent, HS_FIELD_INTEGER, .required = HS_ALWAYS, .meaning = "What is paid."),
    FIELD(hs_run_line, set_off, HS_FIELD_INTEGER, .required = HS_ALWAYS,
          .meaning = "What is set off."),
    FIELD(hs_run_line, tax, HS_FIELD_INTEGER, .required = HS_ALWAYS,
          .meaning = "Tax of the invoice."),
    FIELD(hs_run_line, withheld, HS_FIELD_INTEGER, .required = HS_ALWAYS,
          .meaning = "What is kept back of it."),
    FIELD(hs_run_line, credit_tax, HS_FIELD_INTEGER, .required = HS_ALWAYS,
          .meaning = "Tax of the credit note."),
    FIELD(hs_run_line, credit_withheld, HS_FIELD_INTEGER, .required = HS_ALWAYS,
          .meaning = "What was kept back of it."),
};
static const struct hs_shape LINE_SHAPE = SHAPE("line", hs_run_line, LINE);

static const struct hs_field DOCUMENT[] = {
    FIELD(hs_run_document, kept, HS_FIELD_TEXT, .required = HS_ALWAYS,
          .meaning = "The hash of the kept file."),
    FIELD(hs_run_document, lines, HS_FIELD_LIST, .shape = &LINE_SHAPE, .low = 1, .high = LINES_MAX,
          .required = HS_ALWAYS, .meaning = "The payouts."),
};
const struct hs_shape hs_run_document_shape = SHAPE("payout run", hs_run_document, DOCUMENT);

static const char *const TREATMENTS[] = {
#define TREATMENT(symbol, word, says) word,
    HS_TAX_TABLE(TREATMENT)
#undef TREATMENT
        NULL};

static const struct hs_field PAYEE[] = {
    FIELD(hs_kept_payee, partner, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "Whose it is."),
    FIELD(hs_kept_payee, name, HS_FIELD_TEXT, .meaning = "Of the company or person."),
    FIELD(hs_kept_payee, street, HS_FIELD_TEXT, .meaning = "Address."),
    FIELD(hs_kept_payee, postcode, HS_FIELD_TEXT, .meaning = "Address."),
    FIELD(hs_kept_payee, town, HS_FIELD_TEXT, .meaning = "Address."),
    FIELD(hs_kept_payee, country, HS_FIELD_TEXT, .meaning = "Where it is taxed."),
    FIELD(hs_kept_payee, treatment, HS_FIELD_WORD, .words = TREATMENTS, .required = HS_ALWAYS,
          .meaning = "How it is taxed."),
    FIELD(hs_kept_payee, rate, HS_FIELD_DECIMAL, .high = 1, .fallback = "0",
          .meaning = "The tax on top."),
    FIELD(hs_kept_payee, withholding, HS_FIELD_DECIMAL, .high = 1, .fallback = "0",
          .meaning = "What is kept back."),
    FIELD(hs_kept_payee, note, HS_FIELD_TEXT, .meaning = "What the law wants to be said."),
};
static const struct hs_shape PAYEE_SHAPE = SHAPE("payee", hs_kept_payee, PAYEE);

static const struct hs_field KEPT[] = {
    FIELD(hs_kept_run, run, HS_FIELD_TEXT, .required = HS_ALWAYS, .meaning = "The run's name."),
    FIELD(hs_kept_run, payer, HS_FIELD_OBJECT, .shape = &hs_payer_shape, .meaning = "Who pays."),
    FIELD(hs_kept_run, payees, HS_FIELD_LIST, .shape = &PAYEE_SHAPE, .low = 1, .high = LINES_MAX,
          .required = HS_ALWAYS, .meaning = "Who is paid."),
    FIELD(hs_kept_run, file, HS_FIELD_TEXT, .required = HS_ALWAYS,
          .meaning = "The payment file, to the byte."),
};
const struct hs_shape hs_kept_run_shape = SHAPE("kept payout run", hs_kept_run, KEPT);

/* ---- the kept file ---- */

static void path_of(const struct hs_programme *programme, struct hs_str hash,
                    char out[HS_PATH_BYTES])
{
  char name[LONGEST_KEPT_NAME];
  (void)snprintf(name, sizeof name, FOLDER "/%.*s.json", HS_STR_ARG(hash));
  hs_programme_path(programme, name, out);
}

/* The folder comes with the first run. */
static enum hs_status make_folder(const struct hs_programme *programme, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  const struct hs_io *io = programme->io;
  hs_programme_path(programme, FOLDER, path);
  enum hs_status status = io->make_directory(io->self, path, err);
  if (status == HS_CONFLICT)
    status = HS_OK;
  return status == HS_OK ? hs_io_sync_parent(io, path, err) : status;
}

enum hs_status hs_kept_run_write(const struct hs_programme *programme,
                                 const struct hs_kept_run *kept, struct hs_arena *arena,
                                 struct hs_str *hash, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  char *text = hs_arena_alloc_raw(arena, HS_HASH_TEXT, 1);
  struct hs_buf json = hs_buf_in(arena); /* last in the arena, so that it grows in its place */
  if (text == NULL)
    return hs_arena_full(arena, "a payout run", err);
  hs_shape_write(&hs_kept_run_shape, kept, &json);
  enum hs_status status = hs_buf_status(&json, "a payout run", err);
  if (status == HS_OK)
    status = make_folder(programme, err);
  if (status != HS_OK)
    return status;
  struct hs_hash sum = hs_sha256(json.data, json.length);
  hs_hash_format(&sum, text);
  *hash = hs_str_of(text);
  path_of(programme, *hash, path);
  return hs_io_replace_file(programme->io, path, json.data, json.length, err);
}

enum hs_status hs_kept_run_read(const struct hs_programme *programme, struct hs_str hash,
                                struct hs_arena *arena, struct hs_kept_run *out, struct hs_err *err)
{
  char path[HS_PATH_BYTES];
  char text[HS_HASH_TEXT];
  struct hs_str json = {0};
  path_of(programme, hash, path);
  enum hs_status status =
      hs_io_read_file(programme->io, arena, path, 2 * HS_PAYOUT_BYTES_MAX, &json, err);
  if (status != HS_OK)
    return status;
  struct hs_hash sum = hs_sha256(json.data, json.length);
  hs_hash_format(&sum, text);
  if (!hs_str_equal(hs_str_of(text), hash))
    return hs_fail(err, HS_CORRUPT,
                   "%s was changed: its SHA-256 is now %s; put the file back from a backup", path,
                   text);
  return hs_shape_read(&hs_kept_run_shape, json, arena, out, NULL, NULL, err);
}

const struct hs_kept_payee *hs_kept_run_payee(const struct hs_kept_run *kept, struct hs_str partner)
{
  const struct hs_kept_payee *items = kept->payees.items;
  for (size_t p = 0; p < kept->payees.count; p++)
    if (hs_str_equal(items[p].partner, partner))
      return &items[p];
  return NULL;
}
