#include "adapters/duckdb/cells.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

#define WIDE_TEXT 48 /* 39 digits, a sign, a point, leading zeros */

/* ---- numbers ---- */

static void format_wide(wide magnitude, int is_negative, unsigned scale, char out[WIDE_TEXT])
{
  char digits[WIDE_TEXT];
  size_t count = 0;
  do {
    digits[count++] = (char)('0' + (int)(magnitude % 10));
    magnitude /= 10;
  } while (magnitude > 0 || count <= scale);
  size_t length = 0;
  if (is_negative)
    out[length++] = '-';
  while (count > 0) {
    out[length++] = digits[--count];
    if (count == scale && scale > 0)
      out[length++] = '.';
  }
  out[length] = 0;
}

static void add_hugeint(struct hs_buf *out, duckdb_hugeint value, unsigned scale)
{
  char text[WIDE_TEXT];
  wide bits = (wide)(uint64_t)value.upper << 64 | value.lower;
  format_wide(value.upper < 0 ? 0 - bits : bits, value.upper < 0, scale, text);
  hs_buf_add_text(out, text);
}

static void add_decimal(struct hs_buf *out, const void *data, duckdb_logical_type type, idx_t row)
{
  unsigned scale = duckdb_decimal_scale(type);
  duckdb_hugeint value = {0};
  int64_t narrow = 0;
  duckdb_type inner = duckdb_decimal_internal_type(type);
  if (inner == DUCKDB_TYPE_HUGEINT) {
    add_hugeint(out, ((const duckdb_hugeint *)data)[row], scale);
    return;
  }
  if (inner == DUCKDB_TYPE_SMALLINT)
    narrow = ((const int16_t *)data)[row];
  else if (inner == DUCKDB_TYPE_INTEGER)
    narrow = ((const int32_t *)data)[row];
  else
    narrow = ((const int64_t *)data)[row];
  value.lower = (uint64_t)narrow;
  value.upper = narrow < 0 ? -1 : 0;
  add_hugeint(out, value, scale);
}

static int add_real(struct hs_buf *out, double value)
{
  if (!isfinite(value))
    return 0;
  hs_buf_add_double(out, value);
  return 1;
}

/* ---- moments ---- */

static void add_date(struct hs_buf *out, duckdb_date_struct date)
{
  hs_buf_printf(out, "%04d-%02d-%02d", (int)date.year, (int)date.month, (int)date.day);
}

static void add_clock(struct hs_buf *out, duckdb_time_struct time)
{
  hs_buf_printf(out, "%02d:%02d:%02d", (int)time.hour, (int)time.min, (int)time.sec);
  if (time.micros == 0)
    return;
  char fraction[16];
  int length = snprintf(fraction, sizeof fraction, ".%06d", (int)time.micros);
  while (length > 0 && fraction[length - 1] == '0')
    length--;
  hs_buf_add(out, fraction, (size_t)length);
}

static void add_moment(struct hs_buf *out, int64_t micros)
{
  duckdb_timestamp at = {micros};
  if (!duckdb_is_finite_timestamp(at)) {
    hs_buf_add_text(out, micros < 0 ? "-infinity" : "infinity");
    return;
  }
  duckdb_timestamp_struct parts = duckdb_from_timestamp(at);
  add_date(out, parts.date);
  hs_buf_add_char(out, 'T');
  add_clock(out, parts.time);
  hs_buf_add_char(out, 'Z');
}

static void add_day(struct hs_buf *out, duckdb_date date)
{
  if (duckdb_is_finite_date(date))
    add_date(out, duckdb_from_date(date));
  else
    hs_buf_add_text(out, date.days < 0 ? "-infinity" : "infinity");
}

static void add_interval(struct hs_buf *out, duckdb_interval interval)
{
  hs_buf_printf(out, "%" PRId32 " months %" PRId32 " days %" PRId64 " us", interval.months,
                interval.days, interval.micros);
}

/* ---- texts ---- */

static void add_uuid(struct hs_buf *out, duckdb_hugeint value)
{
  /* The engine turns the top bit, so that UUIDs sort as signed numbers. */
  uint64_t high = (uint64_t)value.upper ^ (uint64_t)1 << 63;
  hs_buf_printf(out, "%08" PRIx64 "-%04" PRIx64 "-%04" PRIx64 "-%04" PRIx64 "-%012" PRIx64,
                high >> 32, high >> 16 & 0xffff, high & 0xffff, value.lower >> 48,
                value.lower & UINT64_C(0xffffffffffff));
}

static void add_blob(struct hs_buf *out, struct hs_str bytes)
{
  for (size_t i = 0; i < bytes.length; i++)
    hs_buf_printf(out, "%02x", (unsigned)(unsigned char)bytes.data[i]);
}

static void add_enum(struct hs_buf *out, const void *data, duckdb_logical_type type, idx_t row)
{
  duckdb_type inner = duckdb_enum_internal_type(type);
  idx_t index = inner == DUCKDB_TYPE_UTINYINT    ? ((const uint8_t *)data)[row]
                : inner == DUCKDB_TYPE_USMALLINT ? ((const uint16_t *)data)[row]
                                                 : ((const uint32_t *)data)[row];
  char *word = duckdb_enum_dictionary_value(type, index);
  hs_buf_add_text(out, word);
  duckdb_free(word);
}

/* ---- nested values ---- */

static void add_json_value(struct hs_buf *out, duckdb_vector vector, duckdb_logical_type type,
                           idx_t row)
{
  enum hs_cell kind = hs_cell_of(type);
  struct hs_buf text = hs_buf_in(out->arena);
  if (!hs_cell_add(&text, vector, type, row))
    hs_buf_add_text(out, "null");
  else if (kind == HS_CELL_TEXT)
    hs_buf_add_json(out, hs_buf_str(&text));
  else
    hs_buf_add_str(out, hs_buf_str(&text));
  out->is_bad |= text.is_bad;
}

static void add_items(struct hs_buf *out, duckdb_vector items, duckdb_logical_type type,
                      idx_t offset, idx_t length)
{
  hs_buf_add_char(out, '[');
  for (idx_t i = 0; i < length; i++) {
    if (i > 0)
      hs_buf_add_char(out, ',');
    add_json_value(out, items, type, offset + i);
  }
  hs_buf_add_char(out, ']');
}

static void add_list(struct hs_buf *out, duckdb_vector vector, duckdb_logical_type type, idx_t row)
{
  duckdb_logical_type inner = duckdb_list_type_child_type(type); /* of maps too: key and value */
  duckdb_list_entry entry = ((const duckdb_list_entry *)duckdb_vector_get_data(vector))[row];
  add_items(out, duckdb_list_vector_get_child(vector), inner, entry.offset, entry.length);
  duckdb_destroy_logical_type(&inner);
}

static void add_array(struct hs_buf *out, duckdb_vector vector, duckdb_logical_type type, idx_t row)
{
  duckdb_logical_type inner = duckdb_array_type_child_type(type);
  idx_t length = duckdb_array_type_array_size(type);
  add_items(out, duckdb_array_vector_get_child(vector), inner, row * length, length);
  duckdb_destroy_logical_type(&inner);
}

static void add_struct(struct hs_buf *out, duckdb_vector vector, duckdb_logical_type type,
                       idx_t row)
{
  idx_t count = duckdb_struct_type_child_count(type);
  hs_buf_add_char(out, '{');
  for (idx_t i = 0; i < count; i++) {
    char *name = duckdb_struct_type_child_name(type, i);
    duckdb_logical_type inner = duckdb_struct_type_child_type(type, i);
    if (i > 0)
      hs_buf_add_char(out, ',');
    hs_buf_add_json(out, hs_str_of(name));
    hs_buf_add_char(out, ':');
    add_json_value(out, duckdb_struct_vector_get_child(vector, i), inner, row);
    duckdb_destroy_logical_type(&inner);
    duckdb_free(name);
  }
  hs_buf_add_char(out, '}');
}

/* ---- one cell ---- */

#define AT(cell_type) (((const cell_type *)data)[row])

static void add_signed(struct hs_buf *out, int64_t value) { hs_buf_printf(out, "%" PRId64, value); }

static void add_unsigned(struct hs_buf *out, uint64_t value)
{
  hs_buf_printf(out, "%" PRIu64, value);
}

/* A table: one engine type a line. */
int hs_cell_add(struct hs_buf *out, duckdb_vector vector, duckdb_logical_type type, idx_t row)
{
  if (!hs_is_valid(duckdb_vector_get_validity(vector), row))
    return 0;
  const void *data = duckdb_vector_get_data(vector);
  /* clang-format off */
  switch ((unsigned)duckdb_get_type_id(type)) {
  case DUCKDB_TYPE_BOOLEAN: hs_buf_add_text(out, AT(bool) ? "true" : "false"); break;
  case DUCKDB_TYPE_TINYINT: add_signed(out, AT(int8_t)); break;
  case DUCKDB_TYPE_SMALLINT: add_signed(out, AT(int16_t)); break;
  case DUCKDB_TYPE_INTEGER: add_signed(out, AT(int32_t)); break;
  case DUCKDB_TYPE_BIGINT: add_signed(out, AT(int64_t)); break;
  case DUCKDB_TYPE_UTINYINT: add_unsigned(out, AT(uint8_t)); break;
  case DUCKDB_TYPE_USMALLINT: add_unsigned(out, AT(uint16_t)); break;
  case DUCKDB_TYPE_UINTEGER: add_unsigned(out, AT(uint32_t)); break;
  case DUCKDB_TYPE_UBIGINT: add_unsigned(out, AT(uint64_t)); break;
  case DUCKDB_TYPE_FLOAT: return add_real(out, (double)AT(float));
  case DUCKDB_TYPE_DOUBLE: return add_real(out, AT(double));
  case DUCKDB_TYPE_HUGEINT: add_hugeint(out, AT(duckdb_hugeint), 0); break;
  case DUCKDB_TYPE_UHUGEINT: {
    char text[WIDE_TEXT];
    format_wide((wide)AT(duckdb_uhugeint).upper << 64 | AT(duckdb_uhugeint).lower, 0, 0, text);
    hs_buf_add_text(out, text);
    break;
  }
  case DUCKDB_TYPE_DECIMAL: add_decimal(out, data, type, row); break;
  case DUCKDB_TYPE_VARCHAR: hs_buf_add_str(out, hs_text_at(data, row)); break;
  case DUCKDB_TYPE_BLOB: add_blob(out, hs_text_at(data, row)); break;
  case DUCKDB_TYPE_UUID: add_uuid(out, AT(duckdb_hugeint)); break;
  case DUCKDB_TYPE_ENUM: add_enum(out, data, type, row); break;
  case DUCKDB_TYPE_DATE: add_day(out, AT(duckdb_date)); break;
  case DUCKDB_TYPE_TIME: add_clock(out, duckdb_from_time(AT(duckdb_time))); break;
  case DUCKDB_TYPE_TIMESTAMP:
  case DUCKDB_TYPE_TIMESTAMP_TZ: add_moment(out, AT(int64_t)); break;
  case DUCKDB_TYPE_TIMESTAMP_S: add_moment(out, AT(int64_t) * 1000000); break;
  case DUCKDB_TYPE_TIMESTAMP_MS: add_moment(out, AT(int64_t) * 1000); break;
  case DUCKDB_TYPE_TIMESTAMP_NS: add_moment(out, AT(int64_t) / 1000); break;
  case DUCKDB_TYPE_INTERVAL: add_interval(out, AT(duckdb_interval)); break;
  case DUCKDB_TYPE_LIST:
  case DUCKDB_TYPE_MAP: add_list(out, vector, type, row); break;
  case DUCKDB_TYPE_ARRAY: add_array(out, vector, type, row); break;
  case DUCKDB_TYPE_STRUCT: add_struct(out, vector, type, row); break;
  default: return 0; /* hs_cell_is_known has refused the column */
  }
  /* clang-format on */
  return 1;
}

enum hs_cell hs_cell_of(duckdb_logical_type type)
{
  duckdb_type id = duckdb_get_type_id(type);
  if (id == DUCKDB_TYPE_BOOLEAN)
    return HS_CELL_BOOLEAN;
  if ((id >= DUCKDB_TYPE_TINYINT && id <= DUCKDB_TYPE_DOUBLE) || id == DUCKDB_TYPE_HUGEINT ||
      id == DUCKDB_TYPE_UHUGEINT || id == DUCKDB_TYPE_DECIMAL)
    return HS_CELL_NUMBER;
  if (id == DUCKDB_TYPE_LIST || id == DUCKDB_TYPE_MAP || id == DUCKDB_TYPE_ARRAY ||
      id == DUCKDB_TYPE_STRUCT)
    return HS_CELL_JSON;
  return HS_CELL_TEXT;
}

int hs_cell_is_known(duckdb_logical_type type)
{
  duckdb_type id = duckdb_get_type_id(type);
  int is_known = 1;
  if (id == DUCKDB_TYPE_LIST || id == DUCKDB_TYPE_MAP || id == DUCKDB_TYPE_ARRAY) {
    duckdb_logical_type inner = id == DUCKDB_TYPE_ARRAY ? duckdb_array_type_child_type(type)
                                                        : duckdb_list_type_child_type(type);
    is_known = hs_cell_is_known(inner);
    duckdb_destroy_logical_type(&inner);
    return is_known;
  }
  for (idx_t i = 0; id == DUCKDB_TYPE_STRUCT && i < duckdb_struct_type_child_count(type); i++) {
    duckdb_logical_type inner = duckdb_struct_type_child_type(type, i);
    is_known &= hs_cell_is_known(inner);
    duckdb_destroy_logical_type(&inner);
  }
  return is_known && id != DUCKDB_TYPE_INVALID && id != DUCKDB_TYPE_UNION &&
         id != DUCKDB_TYPE_BIT && id != DUCKDB_TYPE_TIME_TZ && id != DUCKDB_TYPE_TIME_NS &&
         id != DUCKDB_TYPE_BIGNUM;
}
