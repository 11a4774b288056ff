/* What a reader of documents says is wrong with one. */
#ifndef HANSA_TESTS_SUPPORT_FAULTS_H
#define HANSA_TESTS_SUPPORT_FAULTS_H

/* Starts as zeroes. */
struct faults_told {
  char all[4000]; /* a line each: "place: words" */
};

/* A hs_fault_fn; context is a struct faults_told. */
void take_fault(void *context, const char *path, const char *words);

#endif
