#include "service/state.h"

#include <string.h>

#define NAME_BYTES_MAX 200
#define URL_BYTES_MAX 4096

static const char *const ENROLMENTS[] = {"invited", "pending", "approved", "declined",
                                         "paused",  "ended",   "banned"};

static enum hs_status check_text(const char *what, struct hs_str text, size_t bytes_max,
                                 struct hs_err *err)
{
  if (text.length == 0 || text.length > bytes_max)
    return hs_fail(err, HS_INVALID, "%s must have 1 to %zu bytes, got %zu", what, bytes_max,
                   text.length);
  if (!hs_str_is_utf8(text))
    return hs_fail(err, HS_INVALID, "%s is not UTF-8", what);
  for (size_t i = 0; i < text.length; i++)
    if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
      return hs_fail(err, HS_INVALID, "%s holds a control character at byte %zu", what, i + 1);
  return HS_OK;
}

/* A name stands in links and files: what would need quoting there is refused. */
static enum hs_status check_name(const char *what, struct hs_str name, struct hs_err *err)
{
  enum hs_status status = check_text(what, name, NAME_BYTES_MAX, err);
  for (size_t i = 0; i < name.length && status == HS_OK; i++)
    if (strchr(" /?#\"'<>,;\\", name.data[i]) != NULL)
      status = hs_fail(err, HS_INVALID, "%s must not hold '%c', got %.*s", what, name.data[i],
                       HS_STR_ARG(name));
  return status;
}

static int64_t now_us(const struct hs_programme *programme)
{
  return programme->io->now_us(programme->io->self);
}

static enum hs_status put_party(void *context, const struct hs_book_writer *writer,
                                struct hs_err *err)
{
  return writer->add_party(writer->self, context, err);
}

static int is_enrolment(struct hs_str word)
{
  for (size_t i = 0; i < sizeof ENROLMENTS / sizeof *ENROLMENTS; i++)
    if (hs_str_equal(word, hs_str_of(ENROLMENTS[i])))
      return 1;
  return 0;
}

enum hs_status hs_state_add_party(struct hs_programme *programme, const struct hs_party *party,
                                  struct hs_err *err)
{
  struct hs_party row = *party;
  enum hs_status status = check_name("a partner's name", row.name, err);
  if (status == HS_OK && row.title.data != NULL)
    status = check_text("a partner's title", row.title, NAME_BYTES_MAX, err);
  if (status == HS_OK && row.kind.data != NULL)
    status = check_name("a partner's kind", row.kind, err);
  if (status == HS_OK && !is_enrolment(row.enrolment))
    status = hs_fail(
        err, HS_INVALID,
        "enrolment must be invited, pending, approved, declined, paused, ended or banned, got %.*s",
        HS_STR_ARG(row.enrolment));
  if (status != HS_OK)
    return status;
  row.id = hs_id_make(&programme->ids, programme->io, "pty");
  row.created_at_us = now_us(programme);
  return programme->book.write(programme->book.self, put_party, &row, err);
}

static enum hs_status put_link(void *context, const struct hs_book_writer *writer,
                               struct hs_err *err)
{
  return writer->add_link(writer->self, context, err);
}

/* Where a visitor is sent stands on the server and nowhere else, so it is checked when it is
 * entered. */
static enum hs_status check_target(struct hs_str target, struct hs_err *err)
{
  enum hs_status status = check_text("a link's target", target, URL_BYTES_MAX, err);
  if (status != HS_OK)
    return status;
  size_t scheme = target.length > 8 && memcmp(target.data, "https://", 8) == 0  ? 8
                  : target.length > 7 && memcmp(target.data, "http://", 7) == 0 ? 7
                                                                                : 0;
  if (scheme == 0 || strchr("/?#@:", target.data[scheme]) != NULL)
    return hs_fail(err, HS_INVALID,
                   "a link's target must begin with https://HOST or http://HOST, got %.*s",
                   HS_STR_ARG(target));
  for (size_t i = 0; i < target.length; i++)
    if (strchr(" \"<>\\^`{|}", target.data[i]) != NULL)
      return hs_fail(err, HS_INVALID, "a link's target must not hold '%c', got %.*s",
                     target.data[i], HS_STR_ARG(target));
  return HS_OK;
}

enum hs_status hs_state_add_link(struct hs_programme *programme, const struct hs_link *link,
                                 struct hs_err *err)
{
  struct hs_link row = *link;
  enum hs_status status = check_name("a link's name", row.name, err);
  if (status == HS_OK)
    status = check_target(row.target, err);
  if (status != HS_OK)
    return status;
  row.id = hs_id_make(&programme->ids, programme->io, "lnk");
  row.created_at_us = now_us(programme);
  return programme->book.write(programme->book.self, put_link, &row, err);
}

static enum hs_status put_coupon(void *context, const struct hs_book_writer *writer,
                                 struct hs_err *err)
{
  return writer->add_coupon(writer->self, context, err);
}

enum hs_status hs_state_add_coupon(struct hs_programme *programme, const struct hs_coupon *coupon,
                                   struct hs_err *err)
{
  struct hs_coupon row = *coupon;
  enum hs_status status = check_name("a coupon's code", row.code, err);
  if (status == HS_OK && row.valid_until_us <= row.valid_from_us)
    status =
        hs_fail(err, HS_INVALID, "coupon %.*s would end before it begins", HS_STR_ARG(row.code));
  if (status != HS_OK)
    return status;
  row.id = hs_id_make(&programme->ids, programme->io, "cpn");
  row.created_at_us = now_us(programme);
  return programme->book.write(programme->book.self, put_coupon, &row, err);
}
