/* A row's end is found first (by memchr when it has no quote), and only then is it cut, so that a
   row that was not whole yet can be looked at again after more was read. */
#include "intake/csv_cut.h"

#include <string.h>

int hs_csv_find_line(struct hs_str data, int is_at_end, struct hs_csv_extent *out)
{
  const char *newline = data.length == 0 ? NULL : memchr(data.data, '\n', data.length);
  if (newline == NULL && !is_at_end)
    return 0;
  size_t end = newline == NULL ? data.length : (size_t)(newline - data.data);
  *out = (struct hs_csv_extent){.text_end = end,
                                .next = newline == NULL ? end : end + 1,
                                .lines = end > 0 || newline != NULL};
  if (end > 0 && data.data[end - 1] == '\r')
    out->text_end--;
  return 1;
}

/* What may stand after a closing quote: the delimiter or the end of the row. */
static int closes_field(struct hs_str data, size_t at, char delimiter)
{
  if (at == data.length)
    return 1;
  char c = data.data[at];
  if (c == '\r')
    return at + 1 == data.length || data.data[at + 1] == '\n';
  return c == delimiter || c == '\n';
}

static uint64_t count_newlines(const char *from, const char *to)
{
  uint64_t count = 0;
  while ((from = memchr(from, '\n', (size_t)(to - from))) != NULL) {
    count++;
    from++;
  }
  return count;
}

/* The place behind the closing quote of the field whose opening quote stands at `at`; 0 when it is
   not closed in data. */
static size_t pass_quoted(struct hs_str data, size_t at, uint64_t *lines)
{
  const char *end = data.data + data.length;
  const char *from = data.data + at + 1;
  for (const char *p = from; (p = memchr(p, '"', (size_t)(end - p))) != NULL; p += 2) {
    if (p + 1 < end && p[1] == '"')
      continue;
    *lines += count_newlines(from, p);
    return (size_t)(p - data.data) + 1;
  }
  return 0;
}

/* Over what stands unquoted up to the delimiter or the end of the line; quotes there are ordinary
   characters. */
static size_t pass_plain(struct hs_str data, size_t at, char delimiter)
{
  while (at < data.length && data.data[at] != delimiter && data.data[at] != '\n')
    at++;
  return at;
}

static int find_quoted_row(struct hs_str data, int is_at_end, char delimiter,
                           struct hs_csv_extent *out)
{
  uint64_t lines = 1;
  size_t at = 0;
  for (;;) {
    if (at < data.length && data.data[at] == '"') {
      size_t behind = pass_quoted(data, at, &lines);
      /* A quote on data's edge may be the first of a doubled one; a CR there may be half an end of
         line. */
      if (!is_at_end && (behind == 0 || behind + 1 >= data.length))
        return 0;
      if (behind == 0)
        out->problem = "a quote is opened and never closed";
      else if (!closes_field(data, behind, delimiter))
        out->problem = "text stands after a closing quote";
      if (out->problem != NULL)
        return 1;
      at = behind;
    }
    at = pass_plain(data, at, delimiter);
    if (at == data.length || data.data[at] == '\n')
      break;
    at++; /* the delimiter */
  }
  if (at == data.length && !is_at_end)
    return 0;
  *out = (struct hs_csv_extent){
      .text_end = at, .next = at + (at < data.length), .lines = lines, .has_quote = 1};
  if (at > 0 && data.data[at - 1] == '\r')
    out->text_end--;
  return 1;
}

int hs_csv_find_row(struct hs_str data, int is_at_end, char delimiter, struct hs_csv_extent *out)
{
  struct hs_csv_extent line;
  if (!hs_csv_find_line(data, is_at_end, &line))
    return 0;
  *out = line;
  if (line.text_end == 0 || memchr(data.data, '"', line.text_end) == NULL)
    return 1;
  return find_quoted_row(data, is_at_end, delimiter, out);
}

/* The field whose opening quote stands at `at`; gives the place behind its closing quote. Only a
   doubled quote makes bytes move. */
static char *cut_quoted(char *at, const char *end, struct hs_str *field)
{
  char *from = at + 1;
  char *to = from;
  for (char *run = from;; run += 2) {
    char *quote = memchr(run, '"', (size_t)(end - run));
    HS_ASSERT(quote != NULL); /* find_row saw it closed */
    size_t length = (size_t)(quote - run);
    if (to != run)
      memmove(to, run, length);
    to += length;
    if (quote + 1 == end || quote[1] != '"') {
      *field = (struct hs_str){from, (size_t)(to - from)};
      return quote + 1;
    }
    *to++ = '"';
    run = quote;
  }
}

static char *cut_plain(char *at, const char *end, char delimiter, struct hs_str *field)
{
  char *from = at;
  while (at < end && *at != delimiter)
    at++;
  *field = (struct hs_str){from, (size_t)(at - from)};
  return at;
}

size_t hs_csv_cut_row(char *row, const struct hs_csv_extent *extent, char delimiter,
                      struct hs_str *fields, size_t count_max)
{
  char *at = row;
  const char *end = row + extent->text_end;
  for (size_t count = 0;; at++) {
    if (count == count_max)
      return count_max + 1;
    struct hs_str *field = &fields[count++];
    at = extent->has_quote && at < end && *at == '"' ? cut_quoted(at, end, field)
                                                     : cut_plain(at, end, delimiter, field);
    if (at >= end)
      return count;
  }
}
