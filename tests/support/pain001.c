#include "support/pain001.h"

#include <expat.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the schema ---- */

enum { MANY = 1 << 30 };

/* A type with rows here is an element with elements inside; one of TEXTS holds text. In each type
   the rows stand in the order of the schema. */
static const struct rule {
  const char *type, *element, *element_type;
  int least, most;
} RULES[] = {
    {"file", "Document", "Document", 1, 1},
    {"Document", "CstmrCdtTrfInitn", "Initiation", 1, 1},
    {"Initiation", "GrpHdr", "GroupHeader", 1, 1},
    {"Initiation", "PmtInf", "PaymentInstruction", 1, MANY},
    {"GroupHeader", "MsgId", "Max35Text", 1, 1},
    {"GroupHeader", "CreDtTm", "ISODateTime", 1, 1},
    {"GroupHeader", "NbOfTxs", "Max15NumericText", 1, 1},
    {"GroupHeader", "CtrlSum", "DecimalNumber", 0, 1},
    {"GroupHeader", "InitgPty", "Party", 1, 1},
    {"Party", "Nm", "Max140Text", 0, 1},
    {"Party", "PstlAdr", "PostalAddress", 0, 1},
    {"PostalAddress", "StrtNm", "Max70Text", 0, 1},
    {"PostalAddress", "PstCd", "Max16Text", 0, 1},
    {"PostalAddress", "TwnNm", "Max35Text", 0, 1},
    {"PostalAddress", "Ctry", "CountryCode", 0, 1},
    {"PaymentInstruction", "PmtInfId", "Max35Text", 1, 1},
    {"PaymentInstruction", "PmtMtd", "PaymentMethod3Code", 1, 1},
    {"PaymentInstruction", "NbOfTxs", "Max15NumericText", 0, 1},
    {"PaymentInstruction", "CtrlSum", "DecimalNumber", 0, 1},
    {"PaymentInstruction", "PmtTpInf", "PaymentTypeInformation", 0, 1},
    {"PaymentInstruction", "ReqdExctnDt", "DateAndDateTimeChoice", 1, 1},
    {"PaymentInstruction", "Dbtr", "Party", 1, 1},
    {"PaymentInstruction", "DbtrAcct", "CashAccount", 1, 1},
    {"PaymentInstruction", "DbtrAgt", "Agent", 1, 1},
    {"PaymentInstruction", "ChrgBr", "ChargeBearerType1Code", 0, 1},
    {"PaymentInstruction", "CdtTrfTxInf", "Transaction", 1, MANY},
    {"PaymentTypeInformation", "SvcLvl", "ServiceLevelChoice", 0, MANY},
    {"ServiceLevelChoice", "Cd", "ExternalServiceLevel1Code", 1, 1},
    {"DateAndDateTimeChoice", "Dt", "ISODate", 1, 1},
    {"CashAccount", "Id", "AccountChoice", 1, 1},
    {"AccountChoice", "IBAN", "IBAN2007Identifier", 0, 1},
    {"AccountChoice", "Othr", "GenericAccount", 0, 1},
    {"GenericAccount", "Id", "Max34Text", 1, 1},
    {"Agent", "FinInstnId", "FinancialInstitution", 1, 1},
    {"FinancialInstitution", "BICFI", "BICFIDec2014Identifier", 0, 1},
    {"FinancialInstitution", "ClrSysMmbId", "ClearingMember", 0, 1},
    {"FinancialInstitution", "Othr", "GenericInstitution", 0, 1},
    {"GenericInstitution", "Id", "Max35Text", 1, 1},
    {"ClearingMember", "ClrSysId", "ClearingSystemChoice", 0, 1},
    {"ClearingMember", "MmbId", "Max35Text", 1, 1},
    {"ClearingSystemChoice", "Cd", "ExternalClearingSystem1Code", 1, 1},
    {"Transaction", "PmtId", "PaymentIdentification", 1, 1},
    {"Transaction", "Amt", "AmountChoice", 1, 1},
    {"Transaction", "CdtrAgt", "Agent", 0, 1},
    {"Transaction", "Cdtr", "Party", 0, 1},
    {"Transaction", "CdtrAcct", "CashAccount", 0, 1},
    {"Transaction", "RmtInf", "Remittance", 0, 1},
    {"PaymentIdentification", "EndToEndId", "Max35Text", 1, 1},
    {"AmountChoice", "InstdAmt", "ActiveOrHistoricCurrencyAndAmount", 1, 1},
    {"Remittance", "Ustrd", "Max140Text", 0, MANY},
    {"Remittance", "Strd", "StructuredRemittance", 0, MANY},
    {"StructuredRemittance", "CdtrRefInf", "CreditorReferenceInformation", 0, 1},
    {"CreditorReferenceInformation", "Tp", "CreditorReferenceType", 0, 1},
    {"CreditorReferenceInformation", "Ref", "Max35Text", 0, 1},
    {"CreditorReferenceType", "CdOrPrtry", "CreditorReferenceTypeChoice", 1, 1},
    {"CreditorReferenceTypeChoice", "Cd", "DocumentType3Code", 1, 1},
};
#define RULE_COUNT (sizeof RULES / sizeof *RULES)

/* Of these exactly one element is there. */
static const char *const CHOICES[] = {"AccountChoice"};

/* Texts are those of the schema, narrowed to the characters of the SEPA schemes. */
#define SET "[-A-Za-z0-9 /?:().,'+]"
static const struct {
  const char *type, *pattern;
} TEXTS[] = {
    {"Max16Text", "^" SET "{1,16}$"},
    {"Max34Text", "^" SET "{1,34}$"},
    {"Max35Text", "^" SET "{1,35}$"},
    {"Max70Text", "^" SET "{1,70}$"},
    {"Max140Text", "^" SET "{1,140}$"},
    {"Max15NumericText", "^[0-9]{1,15}$"},
    {"DecimalNumber", "^[0-9]{1,18}([.][0-9]{1,17})?$"},
    {"ActiveOrHistoricCurrencyAndAmount", "^[0-9]{1,18}([.][0-9]{1,5})?$"},
    {"ISODate", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    {"ISODateTime", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"},
    {"CountryCode", "^[A-Z]{2}$"},
    {"IBAN2007Identifier", "^[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}$"},
    {"BICFIDec2014Identifier", "^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$"},
    {"PaymentMethod3Code", "^(CHK|TRF|TRA)$"},
    {"ChargeBearerType1Code", "^(DEBT|CRED|SHAR|SLEV)$"},
    {"DocumentType3Code", "^(RADM|RPIN|FXDR|DISP|PUOR|SCOR)$"},
    {"ExternalServiceLevel1Code", "^SEPA$"},
    {"ExternalClearingSystem1Code", "^[A-Z]{5}$"},
};

/* ---- reading ---- */

enum { DEPTH_MAX = 16, IDS_MAX = 20000 };

struct level {
  const char *type, *element;
  size_t last_rule;
  int counts[RULE_COUNT];
  int children;
};

struct reading {
  struct pain001 *out;
  XML_Parser parser;
  struct level levels[DEPTH_MAX];
  size_t depth;
  char text[256];
  size_t text_length;
  char currency[4];
  /* of the file and of the block: what is said and what is there */
  size_t said_count, block_said_count, block_payments;
  int64_t said_sum, block_said_sum, block_sum;
  char id[256], name[256], remittance[256];
  int64_t amount;
  char *ids[IDS_MAX];
  size_t id_count;
};

__attribute__((format(printf, 2, 3))) static void fail(struct reading *r, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  if (r->out->problem[0] == '\0')
    (void)vsnprintf(r->out->problem, sizeof r->out->problem, format, arguments);
  va_end(arguments);
  (void)XML_StopParser(r->parser, XML_FALSE);
}

static int is_choice(const char *type)
{
  for (size_t i = 0; i < sizeof CHOICES / sizeof *CHOICES; i++)
    if (strcmp(type, CHOICES[i]) == 0)
      return 1;
  return 0;
}

static const char *pattern_of(const char *type)
{
  for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
    if (strcmp(type, TEXTS[i].type) == 0)
      return TEXTS[i].pattern;
  return NULL;
}

static void take_attributes(struct reading *r, const char *element, const char **attributes)
{
  size_t count = 0;
  while (attributes[count * 2] != NULL)
    count++;
  if (strcmp(element, "InstdAmt") == 0) {
    if (count != 1 || strcmp(attributes[0], "Ccy") != 0 || strlen(attributes[1]) != 3)
      fail(r, "InstdAmt has no currency");
    else
      memcpy(r->currency, attributes[1], 4);
  } else if (count != 0) {
    fail(r, "%s has an attribute", element);
  }
}

static void begin(void *context, const char *full_name, const char **attributes)
{
  struct reading *r = context;
  const char *name = strrchr(full_name, '|');
  struct level *parent = &r->levels[r->depth];
  if (name == NULL || strncmp(full_name, "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09|",
                              (size_t)(name + 1 - full_name)) != 0) {
    fail(r, "%s is of another namespace", full_name);
    return;
  }
  name++;
  size_t rule = 0;
  while (rule < RULE_COUNT &&
         (strcmp(RULES[rule].type, parent->type) != 0 || strcmp(RULES[rule].element, name) != 0))
    rule++;
  if (rule == RULE_COUNT || r->depth + 1 == DEPTH_MAX) {
    fail(r, "%s has no element %s", parent->type, name);
    return;
  }
  if (rule < parent->last_rule)
    fail(r, "%s stands after %s", name, RULES[parent->last_rule].element);
  if (++parent->counts[rule] > RULES[rule].most)
    fail(r, "%s has %s more than %d times", parent->type, name, RULES[rule].most);
  parent->last_rule = rule;
  parent->children++;
  r->levels[++r->depth] =
      (struct level){.type = RULES[rule].element_type, .element = RULES[rule].element};
  r->text_length = 0;
  take_attributes(r, name, attributes);
}

static int64_t units_of(struct reading *r, const char *text)
{
  long long whole = 0;
  char fraction[5] = "0000";
  const char *point = strchr(text, '.');
  whole = strtoll(text, NULL, 10);
  if (point != NULL && strlen(point + 1) > 4)
    fail(r, "%s has more than four digits after the point", text);
  for (size_t i = 0; point != NULL && i < 4 && point[1 + i] != '\0'; i++)
    fraction[i] = point[1 + i];
  return whole * 10000 + strtoll(fraction, NULL, 10);
}

static void take_leaf(struct reading *r, const char *element)
{
  const char *above = r->levels[r->depth - 1].type;
  if (strcmp(element, "NbOfTxs") == 0)
    *(strcmp(above, "GroupHeader") == 0 ? &r->said_count : &r->block_said_count) =
        strtoul(r->text, NULL, 10);
  else if (strcmp(element, "CtrlSum") == 0)
    *(strcmp(above, "GroupHeader") == 0 ? &r->said_sum : &r->block_said_sum) = units_of(r, r->text);
  else if (strcmp(element, "EndToEndId") == 0)
    (void)snprintf(r->id, sizeof r->id, "%s", r->text);
  else if (strcmp(element, "Nm") == 0)
    (void)snprintf(r->name, sizeof r->name, "%s", r->text);
  else if (strcmp(element, "Ustrd") == 0 || strcmp(element, "Ref") == 0)
    (void)snprintf(r->remittance, sizeof r->remittance, "%s", r->text);
  else if (strcmp(element, "InstdAmt") == 0)
    r->amount = units_of(r, r->text);
}

static void end_payment(struct reading *r)
{
  r->block_payments++;
  r->block_sum += r->amount;
  r->out->payment_count++;
  r->out->sum_units += r->amount;
  for (size_t i = 0; i < r->id_count && r->out->payment_count < 2000; i++)
    if (strcmp(r->ids[i], r->id) == 0)
      fail(r, "the id %s is there twice", r->id);
  if (r->id_count < IDS_MAX)
    r->ids[r->id_count++] = strdup(r->id);
  if (r->out->wanted != NULL && strcmp(r->out->wanted, r->id) == 0) {
    memcpy(r->out->name, r->name, sizeof r->name);
    memcpy(r->out->text, r->remittance, sizeof r->remittance);
    memcpy(r->out->currency, r->currency, sizeof r->currency);
    r->out->wanted_units = r->amount;
  }
  r->remittance[0] = '\0';
}

static void end_block(struct reading *r)
{
  if (r->block_said_count != r->block_payments || r->block_said_sum != r->block_sum)
    fail(r, "a block says %zu payments of %lld in all and has %zu of %lld", r->block_said_count,
         (long long)r->block_said_sum, r->block_payments, (long long)r->block_sum);
  r->out->block_count++;
  r->block_payments = 0;
  r->block_sum = 0;
}

static void check_text(struct reading *r, const struct level *level)
{
  regex_t compiled;
  r->text[r->text_length] = '\0';
  const char *pattern = pattern_of(level->type);
  if (pattern == NULL) {
    fail(r, "the type %s has no rule", level->type);
    return;
  }
  if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0) {
    fail(r, "the pattern of %s is wrong", level->type);
    return;
  }
  if (regexec(&compiled, r->text, 0, NULL, 0) != 0)
    fail(r, "%s \"%s\" is no %s", level->element, r->text, level->type);
  regfree(&compiled);
}

static void end(void *context, [[maybe_unused]] const char *name)
{
  struct reading *r = context;
  const struct level *level = &r->levels[r->depth];
  int rules = 0;
  for (size_t rule = 0; rule < RULE_COUNT; rule++) {
    if (strcmp(RULES[rule].type, level->type) != 0)
      continue;
    rules++;
    if (level->counts[rule] < RULES[rule].least)
      fail(r, "%s lacks %s", level->element, RULES[rule].element);
  }
  if (rules > 0 && level->children == 0)
    fail(r, "%s is empty", level->element);
  if (is_choice(level->type) && level->children != 1)
    fail(r, "%s has %d of which one is wanted", level->element, level->children);
  if (rules == 0) {
    check_text(r, level);
    take_leaf(r, level->element);
  }
  if (strcmp(level->type, "Transaction") == 0)
    end_payment(r);
  if (strcmp(level->type, "PaymentInstruction") == 0)
    end_block(r);
  r->text_length = 0; /* blanks between elements are nobody's */
  r->depth--;
}

static void characters(void *context, const char *data, int length)
{
  struct reading *r = context;
  if (r->text_length + (size_t)length >= sizeof r->text) {
    fail(r, "%s has a text longer than any type", r->levels[r->depth].element);
    return;
  }
  memcpy(r->text + r->text_length, data, (size_t)length);
  r->text_length += (size_t)length;
}

void pain001_read(struct hs_str xml, struct pain001 *out)
{
  static struct reading r; /* too large for the stack */
  r = (struct reading){.out = out, .parser = XML_ParserCreateNS(NULL, '|')};
  r.levels[0] = (struct level){.type = "file", .element = "file"};
  out->problem[0] = '\0';
  out->payment_count = out->block_count = 0;
  out->sum_units = 0;
  XML_SetUserData(r.parser, &r);
  XML_SetElementHandler(r.parser, begin, end);
  XML_SetCharacterDataHandler(r.parser, characters);
  if (XML_Parse(r.parser, xml.data, (int)xml.length, 1) == XML_STATUS_ERROR &&
      out->problem[0] == '\0')
    (void)snprintf(out->problem, sizeof out->problem, "line %lu: %s",
                   XML_GetCurrentLineNumber(r.parser), XML_ErrorString(XML_GetErrorCode(r.parser)));
  if (out->problem[0] == '\0' &&
      (r.said_count != out->payment_count || r.said_sum != out->sum_units))
    (void)snprintf(out->problem, sizeof out->problem,
                   "the file says %zu payments of %lld in all and has %zu of %lld", r.said_count,
                   (long long)r.said_sum, out->payment_count, (long long)out->sum_units);
  for (size_t i = 0; i < r.id_count; i++)
    free(r.ids[i]);
  XML_ParserFree(r.parser);
}
