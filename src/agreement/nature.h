/* Partnership or alliance? Five questions (are assets, expertise, risks, rewards and control
   shared?) are asked of the paper and of practice, and the answers name what an agreement really
   is, whatever it is called. */
#ifndef HANSA_AGREEMENT_NATURE_H
#define HANSA_AGREEMENT_NATURE_H

#include "agreement/agreement.h"

enum hs_nature_question {
  HS_NATURE_ASSETS,
  HS_NATURE_EXPERTISE,
  HS_NATURE_RISKS,
  HS_NATURE_REWARDS,
  HS_NATURE_CONTROL,
  HS_NATURE_QUESTION_COUNT
};

enum hs_shared { HS_SHARED_NO, HS_SHARED_YES, HS_SHARED_UNKNOWN };

/* What an agreement is by what is shared in it. */
enum hs_nature_kind {
  HS_NATURE_VENDOR_CONTRACT, /* nothing, or risks alone */
  HS_NATURE_AFFILIATE,       /* rewards */
  HS_NATURE_CO_MARKETING,    /* assets or expertise */
  HS_NATURE_JOINT_VENTURE,   /* risks and rewards */
  HS_NATURE_ALLIANCE,        /* all five */
  HS_NATURE_CANNOT_TELL      /* it depends on answers that nobody has */
};

struct hs_nature_answer {
  enum hs_shared on_paper;
  const char *paper;          /* why, as a clause; lives for ever */
  enum hs_shared in_practice; /* UNKNOWN without an answer, and where the evidence is a guess */
  struct hs_str evidence;     /* of practice; absent without an answer */
};

struct hs_nature {
  struct hs_nature_answer answers[HS_NATURE_QUESTION_COUNT];
  enum hs_nature_kind called; /* by its kind */
  enum hs_nature_kind on_paper;
  enum hs_nature_kind in_practice;
};

/* On paper, assets are shared when two sides give data, audiences, rights, channels or content,
   commit resources, or bring something to what a campaign makes together; expertise when two sides
   give people; risks when two sides bear losses; rewards when two sides share the result or a rule
   pays for sales; control when a decision is for both. In practice it is what people answered with
   evidence. */
void hs_agreement_nature(const struct hs_agreement *agreement, struct hs_nature *out);

/* Puts what is known of practice in the place of an answer, and says anew what it is in practice.
   evidence lives as long as *nature. */
void hs_nature_practise(struct hs_nature *nature, enum hs_nature_question question,
                        enum hs_shared in_practice, struct hs_str evidence);

/* What five answers make of an agreement. */
enum hs_nature_kind hs_nature_kind_of(const enum hs_shared shared[HS_NATURE_QUESTION_COUNT]);

/* "assets"; "joint venture". Both live for ever. */
const char *hs_nature_question_words(enum hs_nature_question question);
const char *hs_nature_kind_words(enum hs_nature_kind kind);

#endif
