/* SPDX-License-Identifier: MIT */
#ifndef SOV_TESTS_SCRATCH_H
#define SOV_TESTS_SCRATCH_H

#include <stdbool.h>

/* struct scratch - a temporary directory. Its functions fail the test when something fails. */
struct scratch {
	char path[256];
	int fd;
};

/* cmocka's setup and teardown of a test: *state is a struct scratch. */
int scratch_setup(void **state);
int scratch_teardown(void **state);

/* Paths are relative to the scratch directory; parents are made as needed. */
void scratch_directory(const struct scratch *scratch, const char *path);
void scratch_file(const struct scratch *scratch, const char *path, const char *text);
void scratch_link(const struct scratch *scratch, const char *path, const char *target);

/* scratch_library - a small ELF library. @soname: NULL = it has none */
void scratch_library(const struct scratch *scratch, const char *path, const char *soname);

bool scratch_exists(const struct scratch *scratch, const char *path);

/* scratch_target - what a link says; fails when it is none. Static: the next call replaces it. */
const char *scratch_target(const struct scratch *scratch, const char *path);

/* scratch_names - how many names a directory holds. */
unsigned scratch_names(const struct scratch *scratch, const char *path);

#endif
