/* From a record to its cells, for each format. */
#include <string.h>

#include "intake/intake_priv.h"
#include "intake/rules.h"

static struct hs_str keep_begin(struct hs_intake_slot *slot, const char *text, size_t length)
{
  size_t kept = length < sizeof slot->begin ? length : sizeof slot->begin;
  memcpy(slot->begin, text, kept);
  return (struct hs_str){slot->begin, kept};
}

int hs_intake_read_csv(struct hs_intake *intake, struct hs_intake_slot *slot,
                       const struct hs_record *record, struct hs_fault *fault)
{
  char *text = slot->block.data + record->offset;
  struct hs_str whole = {text, record->extent.text_end};
  if (record->extent.problem != NULL)
    return hs_fault(fault, record->is_too_long ? HS_REASON_TOO_LONG : HS_REASON_QUOTE, "", whole,
                    "%s", record->extent.problem);
  if (record->extent.has_quote)
    whole = keep_begin(slot, text, whole.length);
  size_t count = hs_csv_cut_row(text, &record->extent, intake->options.delimiter, slot->fields,
                                HS_INTAKE_FIELDS_MAX);
  if (count > HS_INTAKE_FIELDS_MAX)
    return hs_fault(fault, HS_REASON_FIELD_COUNT, "", whole,
                    "the row has more than %d fields; the header has %zu", HS_INTAKE_FIELDS_MAX,
                    intake->header_count);
  if (count != intake->header_count)
    return hs_fault(fault, HS_REASON_FIELD_COUNT, "", whole,
                    "the row has %zu %s; the header has %zu", count,
                    hs_plural(count, "field", "fields"), intake->header_count);
  for (int i = 0; i < intake->fed_count; i++) {
    int target = intake->fed_targets[i];
    slot->cells[target] = slot->fields[intake->field_of[target]];
  }
  return 1;
}

static struct hs_target target_of_key(const struct hs_intake *intake, struct hs_intake_slot *slot,
                                      struct hs_str name, size_t *hint)
{
  int index = hs_keys_find(&slot->keys, name, *hint);
  if (index < 0) {
    struct hs_target target = hs_mapping_find(&intake->mapping, name);
    index = hs_keys_add(&slot->keys, name, target);
    if (index < 0)
      return target;
  }
  *hint = (size_t)index + 1;
  return slot->keys.items[index].target;
}

/* Where the caller maps one unit of the amount, the other is a field that nobody reads. */
static void drop_unmapped_amount(const struct hs_mapping *mapping, struct hs_str *cells,
                                 const int *ranks)
{
  for (int m = hs_mapping_money(mapping, -1); m >= 0; m = hs_mapping_money(mapping, m)) {
    int minor = HS_TARGET_MINOR(m);
    if (ranks[m] == HS_RANK_MAP && ranks[minor] != HS_RANK_MAP)
      cells[minor] = (struct hs_str){0};
    else if (ranks[minor] == HS_RANK_MAP && ranks[m] != HS_RANK_MAP)
      cells[m] = (struct hs_str){0};
  }
}

static int takes_json(const struct hs_intake *intake, const struct hs_intake_slot *slot,
                      struct hs_str name)
{
  int known = hs_keys_find(&slot->keys, name, 0);
  int index = known >= 0 ? slot->keys.items[known].target.index
                         : hs_mapping_find(&intake->mapping, name).index;
  return index >= 0 && index < HS_COLUMNS_MAX &&
         hs_column_takes_json(&intake->mapping.spec->columns[index]);
}

/* The first nested value that no column could hold. */
static const struct hs_json_field *find_stray(const struct hs_intake *intake,
                                              const struct hs_intake_slot *slot, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (slot->pairs[i].is_nested && !takes_json(intake, slot, slot->pairs[i].name))
      return &slot->pairs[i];
  return NULL;
}

/* The fields of one line, of which those that are nested have a column that takes them. */
static int read_pairs(const struct hs_intake *intake, const struct hs_intake_slot *slot, char *text,
                      size_t length, size_t *count, struct hs_json_fault *fault)
{
  if (!hs_json_line_nesting(text, length, slot->pairs, HS_INTAKE_FIELDS_MAX, count, fault))
    return 0;
  const struct hs_json_field *stray = find_stray(intake, slot, *count);
  if (stray == NULL)
    return 1;
  *fault = (struct hs_json_fault){HS_JSON_NESTED, (size_t)(stray->value.data - text)};
  return 0;
}

/* Each row names its fields itself, so which one feeds a column is settled row by row, by the same
   ranks as for a header. A null is as good as no field. */
static int place_pairs(struct hs_intake *intake, struct hs_intake_slot *slot, size_t count,
                       struct hs_fault *fault)
{
  int ranks[HS_TARGET_COUNT] = {HS_RANK_NONE};
  int by_second[HS_TARGET_COUNT] = {0};
  memset(slot->cells, 0, sizeof slot->cells);
  size_t hint = 0;
  for (size_t i = 0; i < count; i++) {
    const struct hs_json_field *pair = &slot->pairs[i];
    struct hs_target target = target_of_key(intake, slot, pair->name, &hint);
    if (pair->value.data == NULL || target.index == HS_TARGET_NONE ||
        target.rank < ranks[target.index])
      continue;
    by_second[target.index] = target.rank == ranks[target.index];
    ranks[target.index] = target.rank;
    slot->cells[target.index] = pair->value;
  }
  for (int i = 0; i < HS_TARGET_COUNT; i++)
    if (by_second[i])
      return hs_fault(fault, HS_REASON_REPEATED, hs_target_name(&intake->mapping, i),
                      slot->cells[i],
                      "two fields of the object mean it; keep one or choose by --map");
  drop_unmapped_amount(&intake->mapping, slot->cells, ranks);
  return 1;
}

int hs_intake_read_json(struct hs_intake *intake, struct hs_intake_slot *slot,
                        const struct hs_record *record, struct hs_fault *fault)
{
  char *text = slot->block.data + record->offset;
  struct hs_str whole = {text, record->extent.text_end};
  if (record->extent.problem != NULL)
    return hs_fault(fault, HS_REASON_TOO_LONG, "", whole, "%s", record->extent.problem);
  if (memchr(text, '\\', whole.length) != NULL)
    whole = keep_begin(slot, text, whole.length);
  size_t count = 0;
  struct hs_json_fault json;
  if (!read_pairs(intake, slot, text, record->extent.text_end, &count, &json))
    return hs_fault(fault, HS_REASON_JSON, "", whole, "%s at byte %zu of the line", json.words,
                    json.at + 1);
  return place_pairs(intake, slot, count, fault);
}

static void feed_by_header(struct hs_intake *intake)
{
  intake->fed_count = 0;
  for (int i = 0; i < HS_TARGET_COUNT; i++)
    if (intake->field_of[i] >= 0)
      intake->fed_targets[intake->fed_count++] = i;
}

static void list_header(struct hs_intake *intake, const struct hs_str *fields, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    struct hs_target target = {HS_TARGET_NONE, HS_RANK_NONE};
    for (int t = 0; t < HS_TARGET_COUNT; t++)
      if (intake->field_of[t] == (int)i)
        target = (struct hs_target){t, HS_RANK_NAME};
    struct hs_str name = fields[i];
    if (name.length > HS_KEY_BYTES_MAX)
      name.length = HS_KEY_BYTES_MAX;
    (void)hs_keys_add(&intake->keys, name, target);
  }
}

/* Its columns are many and all read in one way: only what is not read is told by name. */
static int settle_rate_table(struct hs_intake *intake, const struct hs_str *fields, size_t count)
{
  struct hs_rate_table *table = &intake->rate_table;
  if (intake->options.kind != HS_EVENT_RATE || intake->format != HS_INTAKE_FORMAT_CSV)
    return 0;
  hs_rate_table_find(&intake->mapping, fields, count, intake->options.currency, table);
  if (table->count == 0)
    return 0;
  (void)hs_keys_add(&intake->keys, fields[0], (struct hs_target){HS_RATE_DAY, HS_RANK_NAME});
  for (size_t i = 1, c = 0; i < count; i++) {
    if (c < table->count && table->columns[c].field == (int)i)
      c++;
    else if (fields[i].length > 0)
      (void)hs_keys_add(&intake->keys, fields[i], (struct hs_target){HS_TARGET_NONE, HS_RANK_NONE});
  }
  intake->report.rate_columns = table->count;
  return 1;
}

static enum hs_status settle_header(struct hs_intake *intake, const struct hs_str *fields,
                                    size_t count, struct hs_err *err)
{
  if (settle_rate_table(intake, fields, count))
    return HS_OK;
  enum hs_status status = hs_intake_settle_network(intake, fields, count, err);
  if (status == HS_OK)
    status =
        hs_mapping_settle(&intake->mapping, intake->name, fields, count, intake->field_of, err);
  if (status != HS_OK)
    return status;
  feed_by_header(intake);
  list_header(intake, fields, count);
  return HS_OK;
}

/* What file(1) takes for a byte of text too: everything but most control characters. */
static int is_of_text(char byte)
{
  return (unsigned char)byte >= 0x20 || (byte >= '\a' && byte <= '\r') || byte == 0x1B;
}

/* The names of what is no text at all would only be noise in a message. */
static enum hs_status check_text(const struct hs_intake *intake, struct hs_str header,
                                 struct hs_err *err)
{
  for (size_t i = 0; i < header.length; i++)
    if (!is_of_text(header.data[i]))
      return hs_fail(err, HS_INVALID,
                     "%s is no text (there is a byte %d in its first line): CSV, NDJSON, either in "
                     "gzip, and Parquet can be read",
                     intake->name, header.data[i]);
  return HS_OK;
}

/* A header that is one field with another delimiter in it would only be told as "no column for …".
 */
static enum hs_status check_delimiter(const struct hs_intake *intake, struct hs_str header,
                                      struct hs_err *err)
{
  static const char OTHERS[] = {';', '\t', ',', '|'};
  static const char *const NAMES[] = {"semicolons (--delimiter ';')", "tabs (--delimiter tab)",
                                      "commas (--delimiter ',')", "bars, which are not supported"};
  for (size_t i = 0; i < sizeof OTHERS; i++)
    if (OTHERS[i] != intake->options.delimiter &&
        memchr(header.data, OTHERS[i], header.length) != NULL)
      return hs_fail(err, HS_INVALID,
                     "%s: the header is one field; its names seem to stand between %s",
                     intake->name, NAMES[i]);
  return HS_OK;
}

static enum hs_status read_header(struct hs_intake *intake, struct hs_str *fields, size_t *count,
                                  struct hs_err *err)
{
  struct hs_block *block = &intake->slots[0].block;
  enum hs_status status = hs_blocks_next(&intake->blocks, 1, block, err);
  if (status != HS_OK)
    return status;
  if (block->record_count == 0)
    return hs_fail(err, HS_INVALID, "%s is empty; a header row is expected", intake->name);
  const struct hs_record *record = &block->records[0];
  struct hs_str header = {block->data + record->offset, record->extent.text_end};
  status = check_text(intake, header, err);
  if (status != HS_OK)
    return status;
  if (record->extent.problem != NULL)
    return hs_fail(err, HS_INVALID, "%s: line %llu, the header: %s", intake->name,
                   (unsigned long long)record->line, record->extent.problem);
  *count = hs_csv_cut_row(block->data + record->offset, &record->extent, intake->options.delimiter,
                          fields, HS_INTAKE_FIELDS_MAX);
  if (*count > HS_INTAKE_FIELDS_MAX)
    return hs_fail(err, HS_INVALID, "%s: the header has more than %d fields", intake->name,
                   HS_INTAKE_FIELDS_MAX);
  for (size_t i = 0; i < *count; i++)
    fields[i] = hs_str_trim(fields[i]);
  return *count == 1 ? check_delimiter(intake, fields[0], err) : HS_OK;
}

enum hs_status hs_intake_settle_csv(struct hs_intake *intake, struct hs_err *err)
{
  struct hs_str *fields = intake->slots[0].fields;
  enum hs_status status = read_header(intake, fields, &intake->header_count, err);
  if (status == HS_OK)
    status = settle_header(intake, fields, intake->header_count, err);
  /* The header is no row. */
  intake->blocks.row = 1;
  intake->blocks.ticket = 0;
  return status;
}

enum hs_status hs_intake_settle_text(struct hs_intake *intake, struct hs_err *err)
{
  if (intake->text.column_count > HS_INTAKE_FIELDS_MAX)
    return hs_fail(err, HS_INVALID, "%s has more than %d columns", intake->name,
                   HS_INTAKE_FIELDS_MAX);
  return settle_header(intake, intake->text.column_names, intake->text.column_count, err);
}

/* Reads the objects at the beginning of the file for their names; reading changes a line, so it is
   done in the block's memory, which is still free. 1 when one of them could be read. */
static int read_first_objects(struct hs_intake *intake, struct hs_json_fault *first_fault)
{
  struct hs_intake_slot *slot = &intake->slots[0];
  struct hs_str rest = {intake->blocks.kept, intake->blocks.kept_bytes};
  struct hs_csv_extent line;
  size_t hint = 0;
  int any = 0;
  while (rest.length > 0 && hs_csv_find_line(rest, intake->blocks.is_at_end, &line)) {
    size_t count = 0;
    struct hs_json_fault fault;
    memcpy(slot->block.data, rest.data, line.text_end);
    if (read_pairs(intake, slot, slot->block.data, line.text_end, &count, &fault)) {
      any = 1;
      for (size_t i = 0; i < count; i++)
        (void)target_of_key(intake, slot, slot->pairs[i].name, &hint);
    } else if (first_fault->words == NULL) {
      *first_fault = fault;
    }
    rest.data += line.next;
    rest.length -= line.next;
  }
  return any;
}

/* As many objects as were looked at already are enough to tell a file of the wrong kind at once and
   not by a page of rejects. */
enum hs_status hs_intake_settle_json(struct hs_intake *intake, struct hs_err *err)
{
  struct hs_intake_slot *slot = &intake->slots[0];
  struct hs_json_fault fault = {0};
  if (!read_first_objects(intake, &fault)) {
    if (fault.words == NULL)
      return HS_OK; /* the first line is longer than what was looked at: the rows will tell */
    return hs_fail(err, HS_INVALID, "%s: no line at its beginning is one flat JSON object: %s",
                   intake->name, fault.words);
  }
  for (size_t i = 0; i < slot->keys.count; i++)
    slot->fields[i] = slot->keys.items[i].name;
  enum hs_status status = hs_intake_settle_network(intake, slot->fields, slot->keys.count, err);
  if (status != HS_OK)
    return status;
  for (size_t i = 0; intake->mapping.network != NULL && i < slot->keys.count; i++)
    slot->keys.items[i].target = hs_mapping_find(&intake->mapping, slot->keys.items[i].name);
  return hs_mapping_require(&intake->mapping, intake->name, slot->fields, slot->keys.count, err);
}
