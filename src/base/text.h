/* Text: a borrowed slice, a buffer that grows in an arena, exact parsing of numbers and escaping
   for where text goes. All of it is bytes; UTF-8 is checked at the border (hs_str_is_utf8) and
   never assumed. */
#ifndef HANSA_BASE_TEXT_H
#define HANSA_BASE_TEXT_H

#include <stdint.h>

#include "base/arena.h"

/* A borrowed run of bytes, not terminated. {NULL, 0} is the absent text and differs from the empty
   one only where a function says so. */
struct hs_str {
  const char *data;
  size_t length;
};

#define HS_STR(literal) ((struct hs_str){(literal), sizeof(literal) - 1})
/* For printf: ("%.*s", HS_STR_ARG(s)). */
#define HS_STR_ARG(s) (int)(s).length, (s).data

struct hs_str hs_str_of(const char *terminated); /* NULL gives the absent text */
/* Makes a borrowed text, or each of count texts, a zero-terminated copy in arena; absent text stays
   absent. 0 when the arena is full. */
[[nodiscard]] int hs_str_keep(struct hs_arena *arena, struct hs_str *text);
[[nodiscard]] int hs_strs_keep(struct hs_arena *arena, struct hs_str *const *texts, size_t count);
[[nodiscard]] int hs_str_equal(struct hs_str a, struct hs_str b);
[[nodiscard]] int hs_str_equal_ascii_fold(struct hs_str a,
                                          struct hs_str b);         /* A to Z count as a to z */
[[nodiscard]] int hs_str_compare(struct hs_str a, struct hs_str b); /* by bytes; <0, 0, >0 */
[[nodiscard]] int hs_str_compare_ascii_fold(struct hs_str a,
                                            struct hs_str b); /* the same as if all were a to z */
/* one for 1 and many for any other count: "1 row", "0 rows". Both live as long as the caller needs.
 */
const char *hs_plural(uint64_t count, const char *one, const char *many);
/* The same for a figure that is shown without digits ("%.0f"): what is shown as 1 is one. */
const char *hs_plural_rounded(double figure, const char *one, const char *many);
struct hs_str hs_str_trim(struct hs_str s); /* without ASCII blanks at both ends */
[[nodiscard]] int
hs_str_is_utf8(struct hs_str s); /* well-formed by RFC 3629: no overlong form, no surrogate */
/* Cuts s at the first separator: gives what stands before it and leaves the rest in s (absent when
 * there was none). */
struct hs_str hs_str_cut(struct hs_str *s, char separator);

/* The whole of s as a number, without blanks, or 0 for "is none" (out of range, empty, rest). 1 on
   success; *out is untouched otherwise. Doubles are read in the C locale whatever the environment
   says; NaN and infinity are refused. */
[[nodiscard]] int hs_parse_i64(struct hs_str s, int64_t *out);
[[nodiscard]] int hs_parse_u64(struct hs_str s, uint64_t *out);
[[nodiscard]] int hs_parse_double(struct hs_str s, double *out);
/* The shortest decimal text that reads back as the same double, in JSON's grammar; at most
   HS_DOUBLE_TEXT bytes with the terminating zero. value must be finite. */
#define HS_DOUBLE_TEXT 32
void hs_format_double(double value, char out[HS_DOUBLE_TEXT]);

/* A text under construction. Once the arena is full the buffer turns bad and stays so; appending
   goes on without effect, so that one check at the end (hs_buf_status) is enough. data is always
   zero-terminated unless NULL. */
struct hs_buf {
  struct hs_arena *arena;
  char *data;
  size_t length;
  size_t capacity;
  int is_bad;
};

struct hs_buf hs_buf_in(struct hs_arena *arena);
void hs_buf_add(struct hs_buf *buf, const char *data, size_t length);
void hs_buf_add_text(struct hs_buf *buf, const char *terminated);
void hs_buf_add_str(struct hs_buf *buf, struct hs_str s);
void hs_buf_add_char(struct hs_buf *buf, char c);
void hs_buf_printf(struct hs_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void hs_buf_add_double(struct hs_buf *buf,
                       double value); /* as hs_format_double; what is not finite becomes null */
/* Escaped for where the text goes: a JSON string with its quotes; HTML text or a double-quoted
   attribute; an RFC 4180 field. _csv_safe also puts ' before a field that a spreadsheet would run
   as a formula (= + - @ tab CR at the start, unless the field is a plain number). */
void hs_buf_add_json(struct hs_buf *buf, struct hs_str s);
void hs_buf_add_html(struct hs_buf *buf, struct hs_str s);
void hs_buf_add_csv(struct hs_buf *buf, struct hs_str s);
void hs_buf_add_csv_safe(struct hs_buf *buf, struct hs_str s);
/* For a terminal, which must not obey data: at most width_max characters, the last one … when there
   are more; control characters (C0, DEL, C1) and marks that turn the direction of writing become
   blanks. Gives the number of characters, counting every code point as one. */
size_t hs_buf_add_shown(struct hs_buf *buf, struct hs_str s, size_t width_max);
/* Prose for a terminal of width columns, of which the last two stay free: broken at blanks, and in
   a word that is longer than a line where the line ends. The first line begins where buf stands,
   which is taken to be behind indent characters; the others begin with so many blanks, and the last
   one ends too. The text is shown as it stands: of data, hs_buf_add_shown comes first. Where less
   than 20 columns are left, lines have 20. */
void hs_buf_add_wrapped(struct hs_buf *buf, struct hs_str text, size_t width, size_t indent);
/* For messages: s with what a terminal would obey and bytes that are not UTF-8 written as \xHH.
   Characters of `kept` stay as they are. Writes at most out_bytes with the terminating zero and
   stops before what does not fit whole. */
void hs_format_shown(struct hs_str s, const char *kept, char *out, size_t out_bytes);
/* Turns buf bad when a part that was written aside is bad: else the whole would lack it in silence.
 */
void hs_buf_fail_with(struct hs_buf *buf, const struct hs_buf *part);
void hs_buf_clear(struct hs_buf *buf); /* empty again, keeping its room */
struct hs_str hs_buf_str(const struct hs_buf *buf);
/* HS_OK, or HS_NOMEM with the arena's bound and the name of what was being written. */
[[nodiscard]] enum hs_status hs_buf_status(const struct hs_buf *buf, const char *what,
                                           struct hs_err *err);

#endif
