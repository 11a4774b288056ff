/* ISO 20022 CustomerPaymentStatusReport, read with expat. Versions differ in parts that nothing
   here reads, so all of pain.002.001 are taken. Only the elements of a few paths count, known by
   their own name and that of the element around them. */
#include "service/pay/payout_status_priv.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>

#define NAMESPACE "urn:iso:std:iso:20022:tech:xsd:pain.002.001."
#define DEPTH_MAX 32
/* The longest text of the message has 105 characters of up to four bytes; reasons may be several.
 */
#define TEXT_MAX ((size_t)512)
#define REASON_MAX ((size_t)1024)

enum holder { HOLDER_FILE, HOLDER_BLOCK, HOLDER_PAYMENT, HOLDER_COUNT };

enum part { PART_ID, PART_STATE, PART_REFERENCE, PART_REASON, PART_WORDS, PART_COUNT };

/* Which text is which part of its holder. A later row of a part counts only where there was none
   before: the clearing's reference stands in for the bank's. */
static const struct {
  const char *around, *element;
  enum part part;
} PATHS[] = {
    {"OrgnlGrpInfAndSts", "OrgnlMsgId", PART_ID},
    {"OrgnlGrpInfAndSts", "GrpSts", PART_STATE},
    {"OrgnlPmtInfAndSts", "OrgnlPmtInfId", PART_ID},
    {"OrgnlPmtInfAndSts", "PmtInfSts", PART_STATE},
    {"TxInfAndSts", "OrgnlEndToEndId", PART_ID},
    {"TxInfAndSts", "TxSts", PART_STATE},
    {"TxInfAndSts", "AcctSvcrRef", PART_REFERENCE},
    {"TxInfAndSts", "ClrSysRef", PART_REFERENCE},
    {"Rsn", "Cd", PART_REASON},
    {"Rsn", "Prtry", PART_REASON},
    {"StsRsnInf", "AddtlInf", PART_WORDS},
};
#define NO_PATH (sizeof PATHS / sizeof *PATHS)

static const char *const HOLDERS[HOLDER_COUNT] = {"OrgnlGrpInfAndSts", "OrgnlPmtInfAndSts",
                                                  "TxInfAndSts"};

/* ISO 20022 external code set, payment transaction status. The others say how far a payment has
   come. */
static const struct hs_status_word STATES[] = {
    {"ACCC", HS_PAYMENT_COMPLETED}, /* on the receiver's account */
    {"ACSC", HS_PAYMENT_COMPLETED}, /* settled on ours */
    {"RJCT", HS_PAYMENT_FAILED},    {"CANC", HS_PAYMENT_FAILED}, {NULL, HS_PAYMENT_PENDING},
};

/* Of the external code set of status reasons, those that a payer meets. */
static const struct {
  const char *code, *words;
} REASONS[] = {
    {"AC01", "the account number is wrong"},
    {"AC03", "the receiver's account number is wrong"},
    {"AC04", "the account is closed"},
    {"AC06", "the account is blocked"},
    {"AC14", "the receiver's account is of a kind that takes no such payment"},
    {"AG01", "the account does not allow such a payment"},
    {"AG03", "the bank does not support such a payment"},
    {"AM02", "the amount is not allowed"},
    {"AM03", "the currency is not allowed"},
    {"AM04", "there is not enough on our account"},
    {"AM05", "it was sent twice"},
    {"AM09", "the amount is not what was agreed"},
    {"AM10", "the control sum is wrong"},
    {"AM18", "the number of payments is wrong"},
    {"BE01", "the name does not go with the account"},
    {"BE04", "the receiver's address is missing"},
    {"BE05", "the sender is not known"},
    {"BE06", "the receiver is not known"},
    {"BE07", "the payer's address is missing"},
    {"CNOR", "the receiver's bank takes no part in this way of paying"},
    {"CURR", "the currency is wrong"},
    {"DT01", "the day is wrong"},
    {"DUPL", "it was sent twice"},
    {"ED05", "the banks could not settle it"},
    {"FF01", "the file is not what the bank expects"},
    {"FOCR", "it was cancelled at our request"},
    {"MD07", "the owner of the account has died"},
    {"MS02", "the receiver refused it"},
    {"MS03", "the bank gives no reason"},
    {"NARR", "the bank explains it in words"},
    {"RC01", "the bank is wrong"},
    {"RF01", "its id was used before"},
    {"RR01", "the payer's account is missing, as the law wants it"},
    {"RR02", "the payer's name or address is missing, as the law wants it"},
    {"RR03", "the receiver's name or address is missing, as the law wants it"},
    {"RR04", "the law does not allow it"},
    {"TM01", "it came too late for the day"},
};

/* ---- reading ---- */

struct record {
  char parts[PART_COUNT][TEXT_MAX];
  char reason[REASON_MAX];
  uint64_t line;
};

struct reading {
  struct hs_status_reading *out;
  XML_Parser parser;
  char elements[DEPTH_MAX][32]; /* names, cut: none that counts is longer */
  size_t depth;
  struct record records[HOLDER_COUNT];
  int is_open[HOLDER_COUNT];
  size_t path; /* of the element that is being read, or NO_PATH */
  char text[TEXT_MAX];
  size_t text_length;
  int has_report, is_refused;
};

static uint64_t line_of(const struct reading *r)
{
  return (uint64_t)XML_GetCurrentLineNumber(r->parser);
}

/* The whole file is refused: nothing in it can be relied upon. */
static void refuse(struct reading *r, const char *words)
{
  if (!r->is_refused)
    hs_status_fault(r->out, line_of(r), NULL, "%s", words);
  r->is_refused = 1;
  (void)XML_StopParser(r->parser, XML_FALSE);
}

static struct record *innermost(struct reading *r)
{
  for (int h = HOLDER_COUNT; h-- > 0;)
    if (r->is_open[h])
      return &r->records[h];
  return NULL;
}

static void open_holder(struct reading *r, const char *name)
{
  for (int h = 0; h < HOLDER_COUNT; h++) {
    if (strcmp(name, HOLDERS[h]) != 0)
      continue;
    if (r->is_open[h]) {
      refuse(r, "a payment stands inside of another one");
      return;
    }
    memset(&r->records[h], 0, sizeof r->records[h]);
    r->records[h].line = line_of(r);
    r->is_open[h] = 1;
  }
}

static void begin(void *context, const char *full_name, [[maybe_unused]] const char **attributes)
{
  struct reading *r = context;
  const char *name = strrchr(full_name, '|');
  name = name != NULL ? name + 1 : full_name;
  if (r->depth == DEPTH_MAX) {
    refuse(r, "has more than 32 elements inside each other");
    return;
  }
  if (r->depth == 0 &&
      (strncmp(full_name, NAMESPACE, sizeof NAMESPACE - 1) != 0 || strcmp(name, "Document") != 0)) {
    refuse(r, "is no payment status report: a document of " NAMESPACE "10 is wanted");
    return;
  }
  (void)snprintf(r->elements[r->depth], sizeof r->elements[0], "%s", name);
  r->has_report |= r->depth == 1 && strcmp(name, "CstmrPmtStsRpt") == 0;
  open_holder(r, name);
  const char *around = r->depth > 0 ? r->elements[r->depth - 1] : "";
  r->depth++;
  r->text_length = 0;
  r->path = 0;
  while (r->path < NO_PATH &&
         (strcmp(PATHS[r->path].element, name) != 0 || strcmp(PATHS[r->path].around, around) != 0))
    r->path++;
}

static void characters(void *context, const char *data, int length)
{
  struct reading *r = context;
  if (r->path == NO_PATH)
    return;
  if (r->text_length + (size_t)length >= TEXT_MAX) {
    refuse(r, "has a text that is longer than the message allows");
    return;
  }
  memcpy(r->text + r->text_length, data, (size_t)length);
  r->text_length += (size_t)length;
}

/* ---- what was read ---- */

static const char *reason_words(const char *code)
{
  for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
    if (strcmp(code, REASONS[i].code) == 0)
      return REASONS[i].words;
  return NULL;
}

/* "AC04 the account is closed; ask your branch": what does not fit is cut. */
static void add_reason(struct record *record, enum part part, const char *text)
{
  size_t length = strlen(record->reason);
  const char *words = part == PART_REASON ? reason_words(text) : NULL;
  (void)snprintf(record->reason + length, sizeof record->reason - length, "%s%s%s%s",
                 length > 0 ? "; " : "", text, words != NULL ? " " : "",
                 words != NULL ? words : "");
}

static void take_text(struct reading *r)
{
  struct record *record = innermost(r);
  struct hs_str text = hs_str_trim((struct hs_str){r->text, r->text_length});
  enum part part = PATHS[r->path].part;
  char terminated[TEXT_MAX];
  r->path = NO_PATH;
  if (record == NULL || text.length == 0)
    return;
  memcpy(terminated, text.data, text.length);
  terminated[text.length] = '\0';
  if (part == PART_REASON || part == PART_WORDS)
    add_reason(record, part, terminated);
  else if (record->parts[part][0] == '\0')
    memcpy(record->parts[part], terminated, text.length + 1);
  else if (part != PART_REFERENCE)
    hs_status_fault(r->out, line_of(r), r->elements[r->depth - 1], "stands there twice");
}

static struct hs_str text_or_absent(const char *text)
{
  return *text != '\0' ? hs_str_of(text) : (struct hs_str){0};
}

static void add_row(struct reading *r, enum holder holder, const char *state)
{
  static const enum hs_status_scope SCOPES[HOLDER_COUNT] = {HS_STATUS_OF_FILE, HS_STATUS_OF_BLOCK,
                                                            HS_STATUS_OF_PAYMENT};
  const struct record *record = &r->records[holder];
  struct hs_payout_status_row row = {
      .scope = SCOPES[holder],
      .state = hs_status_of_word(STATES, hs_str_of(state)),
      .said = hs_str_of(state),
      .reference = text_or_absent(record->parts[PART_REFERENCE]),
      .reason = text_or_absent(record->reason),
      .batch = text_or_absent(r->records[HOLDER_FILE].parts[PART_ID]),
      .line = record->line,
  };
  if (holder >= HOLDER_BLOCK)
    row.block = text_or_absent(r->records[HOLDER_BLOCK].parts[PART_ID]);
  if (holder == HOLDER_PAYMENT)
    row.id = text_or_absent(record->parts[PART_ID]);
  hs_status_add(r->out, &row);
}

/* A payment without a state of its own has that of its block, or that of the file. */
static void end_payment(struct reading *r)
{
  const struct record *record = &r->records[HOLDER_PAYMENT];
  const char *state = "";
  for (int h = HOLDER_COUNT; h-- > 0 && *state == '\0';)
    state = r->records[h].parts[PART_STATE];
  if (record->parts[PART_ID][0] == '\0')
    hs_status_fault(r->out, record->line, "TxInfAndSts", "has no OrgnlEndToEndId");
  else if (*state == '\0')
    hs_status_fault(r->out, record->line, "TxInfAndSts", "has no TxSts, and nothing around it has");
  else
    add_row(r, HOLDER_PAYMENT, state);
}

static void close_holder(struct reading *r, const char *name)
{
  for (int h = 0; h < HOLDER_COUNT; h++) {
    if (strcmp(name, HOLDERS[h]) != 0)
      continue;
    const char *state = r->records[h].parts[PART_STATE];
    r->is_open[h] = 0;
    if (h == HOLDER_PAYMENT)
      end_payment(r);
    else if (*state != '\0')
      add_row(r, (enum holder)h, state);
    /* What follows a block is not in it; what follows the file's own part is. */
    if (h != HOLDER_FILE)
      memset(&r->records[h], 0, sizeof r->records[h]);
  }
}

static void end(void *context, [[maybe_unused]] const char *name)
{
  struct reading *r = context;
  if (r->is_refused)
    return;
  if (r->path != NO_PATH)
    take_text(r);
  r->depth--;
  close_holder(r, r->elements[r->depth]);
}

static void refuse_doctype(void *context, [[maybe_unused]] const char *name,
                           [[maybe_unused]] const char *system, [[maybe_unused]] const char *public,
                           [[maybe_unused]] int has_subset)
{
  refuse(context, "has a document type, which a bank's report never has");
}

enum hs_status hs_pain002_read(struct hs_status_reading *reading, struct hs_str text)
{
  struct reading *r = hs_arena_alloc(reading->arena, 1, sizeof *r);
  if (r == NULL)
    return hs_arena_full(reading->arena, "a report", reading->err);
  *r = (struct reading){.out = reading, .path = NO_PATH};
  if (text.length > HS_STATUS_BYTES_MAX)
    return hs_fail(reading->err, HS_INVALID, "has %zu bytes; at most %zu are read", text.length,
                   (size_t)HS_STATUS_BYTES_MAX);
  r->parser = XML_ParserCreateNS(NULL, '|');
  if (r->parser == NULL)
    return hs_fail(reading->err, HS_NOMEM, "there is no memory for reading XML");
  XML_SetUserData(r->parser, r);
  XML_SetElementHandler(r->parser, begin, end);
  XML_SetCharacterDataHandler(r->parser, characters);
  XML_SetStartDoctypeDeclHandler(r->parser, refuse_doctype);
  reading->statuses.format = HS_STATUS_PAIN002;
  /* In one piece: fed byte by byte, long tokens would be read again and again. */
  if (XML_Parse(r->parser, text.data, (int)text.length, 1) == XML_STATUS_ERROR && !r->is_refused)
    hs_status_fault(reading, line_of(r), NULL, "is no XML: %s",
                    XML_ErrorString(XML_GetErrorCode(r->parser)));
  else if (!r->is_refused && !r->has_report)
    hs_status_fault(reading, 1, NULL, "has no CstmrPmtStsRpt");
  else if (!r->is_refused && reading->fault_count == 0 && reading->statuses.row_count == 0)
    hs_status_fault(reading, 1, NULL, "says nothing of any payment");
  XML_ParserFree(r->parser);
  return reading->fault_count == 0 ? HS_OK : HS_INVALID;
}
