/* A report with one of everything, made by hand, for the tests of its words and forms. */
#ifndef HANSA_TESTS_SUPPORT_REPORT_H
#define HANSA_TESTS_SUPPORT_REPORT_H

#include "service/believe/report.h"

/* The third quarter of 2026 in UTC and EUR: a ranked partner, one with too little data, a channel
   of our own, a partner with activity alone, two channels of imported paths. Lives as long as the
   program; every call gives it back as it was. */
struct hs_report *test_report(void);

/* What stands in it and must be escaped in every form. */
#define TEST_REPORT_TITLE "=Blog & \"S\xC3\xB6hne\" <b>"

#endif
