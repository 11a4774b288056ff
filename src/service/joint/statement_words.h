/* The sentences and figures of a statement that all its forms share. Text of data is appended as it
   came: who shows it escapes it for where it goes. */
#ifndef HANSA_SERVICE_JOINT_STATEMENT_WORDS_H
#define HANSA_SERVICE_JOINT_STATEMENT_WORDS_H

#include "service/joint/statement.h"
#include "service/joint/statement_page.h"

/* "attributed revenue" for people, "revenue" for programs. */
const char *hs_line_kind_words(enum hs_joint_kind kind);
const char *hs_line_kind_name(enum hs_joint_kind kind);
/* The names for programs, NULL at the end. */
extern const char *const hs_line_kind_names[];

/* The parts of a statement in which lines stand. */
enum hs_section { HS_SECTION_BROUGHT, HS_SECTION_BETWEEN, HS_SECTION_COSTS, HS_SECTION_OWN };
#define HS_SECTION_COUNT 4
enum hs_section hs_line_section(const struct hs_joint_line *line);
/* "Brought in", "Costs to run it": HS_SECTION_OWN only in a view with a viewer. */
const char *hs_section_words(enum hs_section section);
/* Whether the amounts of the kind lower what was brought in. */
[[nodiscard]] int hs_line_is_deducted(const struct hs_joint_line *line);

/* "12,500.00 EUR" */
void hs_amount_say(const struct hs_sheet *sheet, int64_t amount_minor, struct hs_buf *out);
/* "157.5", or "1/3" where two digits behind the point do not suffice. */
void hs_number_say(struct hs_ratio number, struct hs_buf *out);
/* "60 %", "12.5 %", "1/3" */
void hs_part_say(struct hs_ratio part, struct hs_buf *out);

/* "joint P&L of 2026-09, as brand.example sees it" */
void hs_say_heading(const struct hs_statement *statement, struct hs_buf *out);
/* "Brings … (… to …), costs … to run: justified." The first line of every agreement. */
void hs_say_together(const struct hs_statement *statement, struct hs_buf *out);
/* The same for the viewer; nothing for the page of everybody. */
void hs_say_own(const struct hs_statement *statement, struct hs_buf *out);
/* How much of it rests on one side's word. */
void hs_say_confirmed(const struct hs_statement *statement, struct hs_buf *out);
/* Who stands by a line: "both sides", "brand.example", "unconfirmed". */
void hs_say_who(const struct hs_statement *statement, const struct hs_joint_line *line,
                struct hs_buf *out);
void hs_say_sharing(const struct hs_statement *statement, struct hs_buf *out);
/* "trails.example recoups its costs"; one more than the last step is the split. */
void hs_say_step(const struct hs_statement *statement, size_t index, struct hs_buf *out);
/* Of the settlement, and of what changed hands before. */
void hs_say_payment(const struct hs_statement *statement, const struct hs_joint_payment *payment,
                    struct hs_buf *out);
/* "Paid before", or with what is open from before. */
const char *hs_paid_heading(const struct hs_statement *statement);
void hs_say_paid(const struct hs_statement *statement, const struct hs_joint_payment *payment,
                 struct hs_buf *out);
void hs_say_stake(const struct hs_statement *statement, uint32_t side, struct hs_buf *out);
/* Nothing where no range was agreed. */
void hs_say_balance(const struct hs_statement *statement, struct hs_buf *out);
/* What the figures leave out. */
void hs_say_limits(const struct hs_statement *statement, struct hs_buf *out);

#endif
