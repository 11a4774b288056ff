#include "service/track/state.h"

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

static int is_enrolment(struct hs_str word)
{
  for (size_t i = 0; i < sizeof ENROLMENTS / sizeof *ENROLMENTS; i++)
    if (hs_str_equal(word, hs_str_of(ENROLMENTS[i])))
      return 1;
  return 0;
}

static enum hs_status check_party(const struct hs_party *row, struct hs_err *err)
{
  enum hs_status status = check_name("a partner's name", row->name, err);
  if (status == HS_OK && hs_event_own_channel(row->name).data != NULL)
    status = hs_fail(err, HS_INVALID,
                     "a partner's name must not be that of a channel of our own, got %.*s",
                     HS_STR_ARG(row->name));
  if (status == HS_OK && row->title.data != NULL)
    status = check_text("a partner's title", row->title, NAME_BYTES_MAX, err);
  if (status == HS_OK && row->kind.data != NULL)
    status = check_name("a partner's kind", row->kind, err);
  if (status == HS_OK && !is_enrolment(row->enrolment))
    status = hs_fail(
        err, HS_INVALID,
        "enrolment must be invited, pending, approved, declined, paused, ended or banned, got %.*s",
        HS_STR_ARG(row->enrolment));
  return status;
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

static enum hs_status check_link(const struct hs_link *row, struct hs_err *err)
{
  enum hs_status status = check_name("a link's name", row->name, err);
  return status == HS_OK ? check_target(row->target, err) : status;
}

static enum hs_status check_coupon(const struct hs_coupon *row, struct hs_err *err)
{
  enum hs_status status = check_name("a coupon's code", row->code, err);
  if (status == HS_OK && row->valid_until_us <= row->valid_from_us)
    status =
        hs_fail(err, HS_INVALID, "coupon %.*s would end before it begins", HS_STR_ARG(row->code));
  return status;
}

static enum hs_status check_rows(const struct hs_state_rows *rows, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < rows->party_count && status == HS_OK; i++)
    status = check_party(&rows->parties[i], err);
  for (size_t i = 0; i < rows->link_count && status == HS_OK; i++)
    status = check_link(&rows->links[i], err);
  for (size_t i = 0; i < rows->coupon_count && status == HS_OK; i++)
    status = check_coupon(&rows->coupons[i], err);
  return status;
}

struct adding {
  struct hs_programme *programme;
  const struct hs_state_rows *rows;
  int64_t now_us;
};

static struct hs_id new_id(const struct adding *adding, const char prefix[4])
{
  return hs_id_make(&adding->programme->ids, adding->programme->io, prefix);
}

/* May run on another writer's thread while the one that asked for it waits: the ids have one user
   at a time. */
static enum hs_status put_rows(void *context, const struct hs_book_writer *writer,
                               struct hs_err *err)
{
  const struct adding *adding = context;
  const struct hs_state_rows *rows = adding->rows;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < rows->party_count && status == HS_OK; i++) {
    struct hs_party row = rows->parties[i];
    row.id = new_id(adding, "pty");
    row.created_at_us = adding->now_us;
    status = writer->add_party(writer->self, &row, err);
  }
  for (size_t i = 0; i < rows->link_count && status == HS_OK; i++) {
    struct hs_link row = rows->links[i];
    row.id = new_id(adding, "lnk");
    row.created_at_us = adding->now_us;
    status = writer->add_link(writer->self, &row, err);
  }
  for (size_t i = 0; i < rows->coupon_count && status == HS_OK; i++) {
    struct hs_coupon row = rows->coupons[i];
    row.id = new_id(adding, "cpn");
    row.created_at_us = adding->now_us;
    status = writer->add_coupon(writer->self, &row, err);
  }
  return status;
}

enum hs_status hs_state_add(struct hs_programme *programme, const struct hs_state_rows *rows,
                            struct hs_err *err)
{
  struct adding adding = {programme, rows, programme->io->now_us(programme->io->self)};
  enum hs_status status = check_rows(rows, err);
  return status == HS_OK ? programme->book.write(programme->book.self, put_rows, &adding, err)
                         : status;
}

enum hs_status hs_state_add_party(struct hs_programme *programme, const struct hs_party *party,
                                  struct hs_err *err)
{
  struct hs_state_rows rows = {.parties = party, .party_count = 1};
  return hs_state_add(programme, &rows, err);
}

enum hs_status hs_state_add_link(struct hs_programme *programme, const struct hs_link *link,
                                 struct hs_err *err)
{
  struct hs_state_rows rows = {.links = link, .link_count = 1};
  return hs_state_add(programme, &rows, err);
}

enum hs_status hs_state_add_coupon(struct hs_programme *programme, const struct hs_coupon *coupon,
                                   struct hs_err *err)
{
  struct hs_state_rows rows = {.coupons = coupon, .coupon_count = 1};
  return hs_state_add(programme, &rows, err);
}
