#include "intake/network.h"

#include <stdio.h>
#include <string.h>

#include "intake/intake_priv.h"
#include "intake/rules.h"

const struct hs_network *hs_network_named(struct hs_str name)
{
  for (const struct hs_network *network = hs_networks(); network->name != NULL; network++)
    if (hs_str_equal_ascii_fold(name, hs_str_of(network->name)))
      return network;
  return NULL;
}

/* ---- names of fields ---- */

static int is_letter_or_digit(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (unsigned char)c >= 0x80;
}

/* The next letter or digit at or behind *at, in lower case; 0 at the end. */
static char next_letter(struct hs_str text, size_t *at)
{
  while (*at < text.length && !is_letter_or_digit(text.data[*at]))
    (*at)++;
  if (*at == text.length)
    return 0;
  char c = text.data[(*at)++];
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int same_letters(struct hs_str a, struct hs_str b)
{
  size_t i = 0;
  size_t j = 0;
  char c = 0;
  do {
    c = next_letter(a, &i);
    if (c != next_letter(b, &j))
      return 0;
  } while (c != 0);
  return 1;
}

static int has_field(const struct hs_str *fields, size_t count, const char *name)
{
  for (size_t i = 0; i < count; i++)
    if (same_letters(fields[i], hs_str_of(name)))
      return 1;
  return 0;
}

static int has_header(const struct hs_network *network, const struct hs_str *fields, size_t count)
{
  for (size_t i = 0; i < HS_NETWORK_HEADER_MAX && network->header[i] != NULL; i++)
    if (!has_field(fields, count, network->header[i]))
      return 0;
  return 1;
}

const struct hs_network *hs_network_find(const struct hs_str *fields, size_t field_count,
                                         size_t *count)
{
  const struct hs_network *found = NULL;
  *count = 0;
  for (const struct hs_network *network = hs_networks(); network->name != NULL; network++)
    if (has_header(network, fields, field_count)) {
      found = network;
      (*count)++;
    }
  return *count == 1 ? found : NULL;
}

const char *hs_network_column(const struct hs_network *network, struct hs_str field, int *place)
{
  for (int i = 0; i < HS_NETWORK_FIELDS_MAX && network->fields[i].column != NULL; i++)
    if (same_letters(field, hs_str_of(network->fields[i].field))) {
      *place = i;
      return network->fields[i].column;
    }
  return NULL;
}

/* ---- a file ---- */

/* The names of all networks, for a message. */
static void list_names(char out[256])
{
  size_t length = 0;
  for (const struct hs_network *network = hs_networks(); network->name != NULL; network++)
    length +=
        (size_t)snprintf(out + length, 256 - length, "%s%s", length > 0 ? ", " : "", network->name);
}

/* Without one, columns go by their own names: an export of ours, or one that the caller maps. */
static enum hs_status find(struct hs_intake *intake, const struct hs_str *fields,
                           size_t field_count, struct hs_err *err)
{
  size_t count = 0;
  char names[256];
  intake->mapping.network = hs_network_find(fields, field_count, &count);
  if (count < 2)
    return HS_OK;
  list_names(names);
  return hs_fail(err, HS_INVALID,
                 "%s: the names of its fields fit %zu networks; say which it is (--network %s)",
                 intake->name, count, names);
}

static enum hs_status take_amounts(struct hs_intake *intake, struct hs_err *err)
{
  const struct hs_network *network = intake->mapping.network;
  enum hs_amounts said = intake->options.amounts;
  intake->mapping.amounts = said != HS_AMOUNTS_UNSTATED ? said : network->amounts;
  if (intake->mapping.amounts != HS_AMOUNTS_UNSTATED)
    return HS_OK;
  return hs_fail(err, HS_USAGE,
                 "%s is read as an export of %s, whose documentation does not say how amounts are "
                 "written: say --amounts unit (12.50) or --amounts minor (1250)",
                 intake->name, network->title);
}

static enum hs_status take_clock(struct hs_intake *intake, struct hs_err *err)
{
  const struct hs_network *network = intake->mapping.network;
  if (intake->convert.zone != NULL || network->clock == HS_CLOCK_SAID)
    return HS_OK;
  if (network->clock == HS_CLOCK_ASKED)
    return hs_fail(err, HS_USAGE,
                   "%s is read as an export of %s, which does not say its time zone: name the one "
                   "that it was made in (--time-zone Europe/Berlin)",
                   intake->name, network->title);
  intake->convert.zone = hs_zone_utc();
  return HS_OK;
}

static void take_currency(struct hs_intake *intake)
{
  const struct hs_network *network = intake->mapping.network;
  struct hs_currency *currency = &intake->convert.default_currency;
  if (currency->code[0] == '\0' && network->currency != NULL)
    HS_ASSERT(hs_currency_parse(hs_str_of(network->currency), currency));
  intake->mapping.has_default_currency = currency->code[0] != '\0';
}

enum hs_status hs_intake_settle_network(struct hs_intake *intake, const struct hs_str *fields,
                                        size_t count, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  if (intake->options.kind != HS_EVENT_NETWORK_COMMISSION)
    return HS_OK;
  intake->mapping.network = intake->options.network;
  if (intake->mapping.network == NULL && intake->options.finds_network)
    status = find(intake, fields, count, err);
  intake->report.network = intake->mapping.network;
  if (status != HS_OK || intake->mapping.network == NULL)
    return status;
  take_currency(intake);
  status = take_amounts(intake, err);
  return status == HS_OK ? take_clock(intake, err) : status;
}

/* ---- a row ---- */

static const char *our_word(const struct hs_network *network, struct hs_str theirs)
{
  for (size_t i = 0; i < HS_NETWORK_WORDS_MAX && network->words[i].theirs != NULL; i++)
    if (hs_str_equal_ascii_fold(theirs, hs_str_of(network->words[i].theirs)))
      return network->words[i].ours;
  return NULL;
}

static int fail_word(const struct hs_network *network, struct hs_str theirs, struct hs_fault *fault)
{
  char words[120];
  size_t length = 0;
  for (size_t i = 0; i < HS_NETWORK_WORDS_MAX && network->words[i].theirs != NULL; i++)
    length +=
        (size_t)snprintf(words + length, sizeof words - length, " %s", network->words[i].theirs);
  HS_ASSERT(length < sizeof words);
  return hs_fault(fault, HS_REASON_WORD, "status", theirs, "is none of %s's words:%s",
                  network->title, words);
}

static int is_true(struct hs_str cell)
{
  cell = hs_str_trim(cell);
  return hs_str_equal_ascii_fold(cell, HS_STR("true")) ||
         hs_str_equal_ascii_fold(cell, HS_STR("yes")) || hs_str_equal(cell, HS_STR("1"));
}

int hs_network_translate(const struct hs_network *network, struct hs_str *cells,
                         struct hs_fault *fault)
{
  struct hs_str theirs = hs_str_trim(cells[HS_NETWORK_COMMISSION_STATUS]);
  struct hs_str unit = hs_str_trim(cells[HS_TARGET_UNIT]);
  if (unit.length > 0 && !hs_str_equal_ascii_fold(unit, HS_STR("cash")))
    return hs_fault(fault, HS_REASON_RULE, HS_NETWORK_UNIT, unit, "is no commission in money");
  cells[HS_NETWORK_COMMISSION_NETWORK] = hs_str_of(network->name);
  cells[HS_NETWORK_COMMISSION_NETWORK_STATUS] = theirs;
  if (network->names_by_order)
    cells[HS_NETWORK_COMMISSION_ORDER_ID] = cells[HS_NETWORK_COMMISSION_ID];
  if (theirs.length == 0)
    return 1; /* is told as missing */
  const char *ours = our_word(network, theirs);
  if (ours == NULL)
    return fail_word(network, theirs, fault);
  if (strcmp(ours, "approved") == 0 && is_true(cells[HS_TARGET_PAID]))
    ours = "paid";
  cells[HS_NETWORK_COMMISSION_STATUS] = hs_str_of(ours);
  return 1;
}
