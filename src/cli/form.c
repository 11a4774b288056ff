#include "cli/form.h"

#include <string.h>

enum hs_status hs_form_read(const struct hs_args *args, enum hs_form *out, struct hs_err *err)
{
  int json = hs_args_has(args, "json");
  int csv = hs_args_has(args, "csv");
  int html = hs_args_has(args, "html");
  if (json + csv + html > 1)
    return hs_fail(err, HS_USAGE, "--json, --csv and --html exclude each other");
  if (html && hs_args_text(args, "html").length == 0)
    return hs_fail(err, HS_USAGE, "--html needs the name of a file, or - for standard output");
  *out = json ? HS_FORM_JSON : csv ? HS_FORM_CSV : html ? HS_FORM_HTML : HS_FORM_TEXT;
  return HS_OK;
}

enum hs_status hs_form_print(struct hs_cli *cli, const struct hs_args *args, enum hs_form form,
                             const struct hs_buf *text, const char *what, struct hs_err *err)
{
  enum hs_status status = hs_buf_status(text, what, err);
  const char *path = form == HS_FORM_HTML ? hs_args_text(args, "html").data : "-";
  if (status != HS_OK)
    return status;
  if (strcmp(path, "-") == 0) {
    hs_cli_write(cli, hs_buf_str(text));
    return HS_OK;
  }
  status = hs_io_replace_file(hs_cli_io(cli), path, text->data, text->length, err);
  if (status == HS_OK)
    hs_cli_printf(cli, "%s stands in %s\n", what, path);
  return status;
}
