/* Where the published data sets lie that the project reads but does not contain. */
#ifndef HANSA_TESTS_SHARED_DATA_H
#define HANSA_TESTS_SHARED_DATA_H

/* Fills path (4,096 bytes) with where the file lies: in the folder that HANSA_DATA names, else in
   ../shared/data beside the source. 0 when it is not there: then the caller's test is named aloud
   as not run. With CI=true a missing file fails the test at once. */
int shared_data_find(const char *file, const char *test, char path[4096]);

#endif
