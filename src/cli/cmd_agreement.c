#include <stdio.h>
#include <string.h>

#include "cli/agreement_drafts.h"
#include "cli/agreement_programme.h"
#include "cli/commands.h"
#include "service/agreed/agreement_try.h"
#include "service/agreed/agreement_words.h"

/* ---- check ---- */

static enum hs_status conclude(struct hs_cli *cli, const char *path, size_t standing,
                               struct hs_err *err)
{
  if (standing > 0)
    return hs_fail(err, HS_DENIED, "%s cannot be signed yet: %zu %s", path, standing,
                   hs_plural(standing, "thing stands against it", "things stand against it"));
  hs_cli_note(cli, "nothing stands against signing %s", path);
  return HS_OK;
}

static enum hs_status check(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_agreement_file file;
  size_t standing = 0;
  enum hs_status status = hs_cli_read_agreement(cli, hs_args_at(args, 1), &file, err);
  if (status == HS_OK)
    status = hs_cli_print_check(cli, args, &file, &standing, err);
  return status == HS_OK ? conclude(cli, hs_args_at(args, 1).data, standing, err) : status;
}

/* ---- show, diff, schema ---- */

static enum hs_status show(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_agreement_file file;
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  enum hs_status status = hs_cli_read_agreement(cli, hs_args_at(args, 1), &file, err);
  if (status != HS_OK)
    return status;
  if (hs_args_has(args, "json"))
    hs_shape_write(&hs_agreement_shape, &file.agreement, &out);
  else
    hs_agreement_say(&file, &out);
  return hs_cli_write_buf(cli, &out, err);
}

static enum hs_status diff(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_agreement_file before, after;
  enum hs_status status = hs_cli_read_agreement(cli, hs_args_at(args, 1), &before, err);
  if (status == HS_OK)
    status = hs_cli_read_agreement(cli, hs_args_at(args, 2), &after, err);
  return status == HS_OK ? hs_cli_print_changes(cli, args, &before, &after, err) : status;
}

static enum hs_status schema(struct hs_cli *cli, [[maybe_unused]] const struct hs_args *args,
                             struct hs_err *err)
{
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  hs_shape_schema(&hs_agreement_shape, "An agreement of Hansa", &out);
  return hs_cli_write_buf(cli, &out, err);
}

/* ---- try ---- */

static enum hs_status try_order(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_agreement_file file;
  struct hs_tried tried;
  struct hs_buf out = hs_buf_in(hs_cli_arena(cli));
  const struct hs_try asked = {.amount = hs_args_text(args, "amount"),
                               .share = hs_args_text(args, "share"),
                               .refund = hs_args_text(args, "refund"),
                               .before = hs_args_text(args, "revenue"),
                               .nth = hs_args_integer(args, "nth"),
                               .sale = {.is_new = hs_args_has(args, "new"),
                                        .months = (uint32_t)hs_args_integer(args, "months"),
                                        .coupon = hs_args_text(args, "coupon"),
                                        .country = hs_args_text(args, "country"),
                                        .product = hs_args_text(args, "product")}};
  enum hs_status status = hs_cli_read_agreement(cli, hs_args_at(args, 1), &file, err);
  if (status == HS_OK)
    status = hs_agreement_try(&file, &asked, &tried, err);
  if (status != HS_OK)
    return status;
  if (hs_args_has(args, "json"))
    hs_tried_json(&file, &tried, &out);
  else
    hs_tried_say(&file, &tried, &out);
  return hs_cli_write_buf(cli, &out, err);
}

/* ---- the command ---- */

/* FIELD=VALUE on one line; more is a file to be edited. */
#define CHANGES_MAX 60

static const struct {
  const char *name;
  size_t least, most; /* arguments behind the verb */
  const char *takes;
  enum hs_status (*run)(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err);
} VERBS[] = {{"new", 0, 0, "options alone", hs_cli_agreement_new},
             {"fill", 1, CHANGES_MAX + 1, "a file and FIELD=VALUE", hs_cli_agreement_fill},
             {"change", 2, CHANGES_MAX + 1, "a file and FIELD=VALUE", hs_cli_agreement_change},
             {"check", 1, 1, "one file", check},
             {"show", 1, 1, "one file", show},
             {"diff", 2, 2, "two files", diff},
             {"kind", 1, 1, "one file", hs_cli_agreement_kind},
             {"growth", 2, 2, "the file of an agreement and that of a track record",
              hs_cli_agreement_growth},
             {"try", 1, 1, "one file", try_order},
             {"schema", 0, 0, "nothing", schema}};

static enum hs_status unknown_verb(struct hs_str verb, struct hs_err *err)
{
  char known[256] = "";
  size_t count = sizeof VERBS / sizeof *VERBS;
  for (size_t v = 0; v < count; v++) {
    size_t used = strlen(known);
    (void)snprintf(known + used, sizeof known - used, "%s%s",
                   v == 0          ? ""
                   : v + 1 < count ? ", "
                                   : " and ",
                   VERBS[v].name);
  }
  return hs_fail(err, HS_USAGE, "agreement can %s, not \"%.*s\"", known, HS_STR_ARG(verb));
}

static enum hs_status run(struct hs_cli *cli, const struct hs_args *args, struct hs_err *err)
{
  struct hs_str verb = hs_args_at(args, 0);
  size_t count = hs_args_count(args) - 1;
  if (hs_args_has(args, "data"))
    return hs_agreement_programme_run(cli, args, err);
  for (size_t v = 0; v < sizeof VERBS / sizeof *VERBS; v++) {
    if (!hs_str_equal(verb, hs_str_of(VERBS[v].name)))
      continue;
    if (count < VERBS[v].least || count > VERBS[v].most)
      return hs_fail(err, HS_USAGE, "agreement %s takes %s, got %zu %s", VERBS[v].name,
                     VERBS[v].takes, count, hs_plural(count, "argument", "arguments"));
    return VERBS[v].run(cli, args, err);
  }
  return unknown_verb(verb, err);
}

static const struct hs_option OPTIONS[] = {
    HS_AGREEMENT_PROGRAMME_OPTIONS,
    {"json", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as JSON; of show, the agreement in its one form"},
    {"csv", HS_OPTION_FLAG, NULL, NULL, 0, 0, "as CSV, of check and diff"},
    {"template", HS_OPTION_TEXT, "KIND", NULL, 0, 0,
     "new: affiliate, co-marketing, joint-venture or alliance"},
    {"us", HS_OPTION_TEXT, "NAME", "our company", 0, 0, "new: what we are called"},
    {"rate", HS_OPTION_TEXT, "RATE", "10%", 0, 0, "new: of what is paid for sales"},
    {"currency", HS_OPTION_TEXT, "CODE", "EUR", 0, 0, "new: of amounts (ISO 4217)"},
    {"out", HS_OPTION_TEXT, "FILE", NULL, 0, 0,
     "new, change: where it is written, instead of standard output"},
    {"amount", HS_OPTION_TEXT, "AMOUNT", "100", 0, 0,
     "try: of the order, without tax and shipping; fund: how much"},
    {"share", HS_OPTION_TEXT, "PART", NULL, 0, 0,
     "try: the partner's part of it, such as 40% or 1/3"},
    {"nth", HS_OPTION_INTEGER, "N", "1", 1, 1e9, "try: which order of the period it is"},
    {"revenue", HS_OPTION_TEXT, "AMOUNT", NULL, 0, 0,
     "try: of the partner's orders of the period before"},
    {"new", HS_OPTION_FLAG, NULL, NULL, 0, 0, "try: the customer had no order before"},
    {"months", HS_OPTION_INTEGER, "N", "0", 0, 1200, "try: since the customer's first order"},
    {"coupon", HS_OPTION_TEXT, "CODE", NULL, 0, 0, "try: the code that was used"},
    {"country", HS_OPTION_TEXT, "CODE", NULL, 0, 0, "try: where the order is from"},
    {"product", HS_OPTION_TEXT, "NAME", NULL, 0, 0, "try: what was bought"},
    {"refund", HS_OPTION_TEXT, "AMOUNT", NULL, 0, 0, "try: what is returned later"},
    {0},
};

const struct hs_command hs_cmd_agreement = {
    .name = "agreement",
    .synopsis =
        "new --template KIND --partner NAME|fill FILE FIELD=VALUE…|change FILE FIELD=VALUE… "
        "--from DAY|check FILE|show FILE|diff BEFORE AFTER|kind FILE|growth FILE RECORD|try "
        "FILE|schema\n"
        "       hansa agreement add FILE|sign NAME|change NAME FIELD=VALUE…|notify NAME|answer "
        "NAME "
        "accept|decline|counter|enrol NAME|end NAME|simulate NAME@2|list|show NAME|history NAME|"
        "partners NAME|diff NAME@1 NAME@2|kind NAME|growth [NAME]|results NAME|fund NAME "
        "request|approve|decline|claim WHAT|funds NAME --data DIR",
    .summary = "draft, read, check and compare agreements",
    .details =
        "new begins an agreement from a template and says what is still to fill in; fill puts "
        "that in;\n"
        "change makes the next version with other terms, from a day after the agreed notice on.\n"
        "check says whether an agreement can be applied, what stands against signing it and what "
        "its\n"
        "rules do; show puts it in words; diff lists every field in which two differ; try says "
        "what an\n"
        "order would earn, step by step; kind says what an agreement really is,\n"
        "growth whether its next step is earned; schema prints the JSON Schema.\n"
        "An agreement is a JSON file: docs/user/agreements.md. With --data the command works on "
        "the\n"
        "agreements of a programme, where changed terms are proposed, told and answered.",
    .examples =
        "  hansa agreement new --template co-marketing --partner trails.example --out draft.json\n"
        "  hansa agreement fill draft.json 'purpose=Help people who plan their first trip.'\n"
        "  hansa agreement change offer.json sales.rate=12% --from 2027-01-01 --out next.json\n"
        "  hansa agreement check docs/examples/co-marketing.json\n"
        "  hansa agreement try docs/examples/standard-offer.json --amount 250 --nth 11",
    .positional_min = 1,
    .positional_max = CHANGES_MAX + 2,
    .options = OPTIONS,
    .run = run,
};
