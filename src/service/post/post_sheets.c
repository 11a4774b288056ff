/* What sides write on joint P&Ls, and what they confirm. Lines go into the book in money: later
   terms do not reach back to them. */
#include "service/joint/joint_added.h"
#include "service/joint/statement_words.h"
#include "service/post/post_priv.h"

static enum hs_status find_terms(struct hs_posting *posting, const struct hs_decision *decision,
                                 struct hs_joint_terms *terms, uint32_t *side, struct hs_err *err)
{
  enum hs_status status = hs_posting_agreed(posting, err);
  if (status == HS_OK)
    status =
        hs_joint_terms_of(posting->in_force, decision->agreement, decision->period, terms, err);
  return status == HS_OK ? hs_joint_side(terms, decision->party, side, err) : status;
}

/* ---- lines ---- */

static enum hs_status add_line(const struct hs_posting *posting, const struct hs_decision *decision,
                               const struct hs_line_terms *terms, const struct hs_joint_line *line,
                               struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_sheet_line_row row = {.agreement = decision->agreement,
                                  .period = decision->period,
                                  .side = terms->sides[line->side],
                                  .what = line->what,
                                  .added_by = decision->party,
                                  .kind = hs_str_of(hs_line_kind_name(line->kind)),
                                  .is_private = line->is_private,
                                  .amount_minor = line->amount_minor,
                                  .has_interval = line->has_interval,
                                  .low_minor = line->low_minor,
                                  .high_minor = line->high_minor,
                                  .currency = terms->currency,
                                  .valued_by = line->valued_by,
                                  .decided_by = decision->by,
                                  .at_us = posting->at_us,
                                  .sequence = posting->sequence};
  if (line->to != HS_NOBODY)
    row.earned_by = terms->sides[line->to];
  return ledger->add_sheet_line(ledger->self, &row, err);
}

enum hs_status hs_post_sheet(struct hs_posting *posting, const struct hs_decision *decision,
                             struct hs_err *err)
{
  struct hs_joint_terms terms;
  struct hs_joint_added added = {0};
  uint32_t side = 0;
  enum hs_status status = find_terms(posting, decision, &terms, &side, err);
  if (status == HS_OK)
    status = hs_joint_added_read(decision->document, &terms, side, posting->scratch, &added, NULL,
                                 NULL, NULL, err);
  for (size_t i = 0; i < added.count && status == HS_OK; i++)
    status = add_line(posting, decision, &terms.lines, &added.lines[i], err);
  return status;
}

/* ---- confirmations ---- */

enum hs_status hs_post_confirmation(struct hs_posting *posting, const struct hs_decision *decision,
                                    struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_joint_terms terms;
  struct hs_joint_stood_by *lines = NULL;
  size_t count = 0;
  uint32_t side = 0;
  enum hs_status status = find_terms(posting, decision, &terms, &side, err);
  if (status == HS_OK)
    status = hs_joint_stood_by_read(decision->document, posting->scratch, &lines, &count, err);
  for (size_t i = 0; i < count && status == HS_OK; i++) {
    struct hs_sheet_confirmation_row row = {.agreement = decision->agreement,
                                            .period = decision->period,
                                            .side = lines[i].side,
                                            .what = lines[i].what,
                                            .confirmed_by = decision->party,
                                            .amount_minor = lines[i].amount_minor,
                                            .decided_by = decision->by,
                                            .at_us = posting->at_us,
                                            .sequence = posting->sequence};
    status = ledger->add_sheet_confirmation(ledger->self, &row, err);
  }
  return status;
}
