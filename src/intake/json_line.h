/* One line of NDJSON: one flat object of JSON (RFC 8259) in memory, read without copying. Numbers
   are given as the text that stands there: amounts must be exact, and a library that makes a double
   of 12.10 has lost the text. What is nested is refused: no column could hold it. */
#ifndef HANSA_INTAKE_JSON_LINE_H
#define HANSA_INTAKE_JSON_LINE_H

#include "base/text.h"

/* Slices of the line. value is a string without its quotes and escapes, or a number, true or false
   as it stands; {NULL, 0} for null. */
struct hs_json_field {
  struct hs_str name;
  struct hs_str value;
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

#endif
