/* One line of NDJSON: one flat object of JSON (RFC 8259) in memory, read without copying. Numbers
   are given as the text that stands there: amounts must be exact, and a library that makes a double
   of 12.10 has lost the text. What is nested is refused, for most columns could not hold it, or
   given as it stands there to be read on its own. */
#ifndef HANSA_INTAKE_JSON_LINE_H
#define HANSA_INTAKE_JSON_LINE_H

#include "base/text.h"

/* Slices of the line. value is a string without its quotes and escapes, or a number, true or false
   as it stands; {NULL, 0} for null. Of a nested list or object it is all of its text, from bracket
   to bracket, of which only the brackets and strings were looked at. */
struct hs_json_field {
  struct hs_str name;
  struct hs_str value;
  int is_nested;
};

struct hs_json_fault {
  const char *words; /* lives for ever: "a nested object or array" */
  size_t at;         /* the byte of the line, from 0, where it was seen */
};

/* Reads one object and nothing behind it but blanks. Escapes are resolved in place, so the line is
   changed even when this fails. Whether strings are UTF-8 is not looked at. 1 with *count fields in
   their order, the same name twice included; 0 with the fault. */
[[nodiscard]] int hs_json_line(char *line, size_t length, struct hs_json_field *fields,
                               size_t count_max, size_t *count, struct hs_json_fault *fault);
/* The same, with what is nested among the fields. */
[[nodiscard]] int hs_json_line_nesting(char *line, size_t length, struct hs_json_field *fields,
                                       size_t count_max, size_t *count,
                                       struct hs_json_fault *fault);
#define HS_JSON_NESTED "a nested object or array; only flat objects can be read"

/* The bytes from an opening bracket or brace to the one that closes it; 0 when there is none. */
size_t hs_json_extent(struct hs_str text);

#endif
