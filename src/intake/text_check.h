/* What every text that comes in is held to: UTF-8 without control characters. */
#ifndef HANSA_INTAKE_TEXT_CHECK_H
#define HANSA_INTAKE_TEXT_CHECK_H

#include "base/text.h"

/* What is wrong with the text ("is not valid UTF-8"), or NULL. Lives for ever. */
const char *hs_text_problem(struct hs_str text);

#endif
