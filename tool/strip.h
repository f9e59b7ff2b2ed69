/* SPDX-License-Identifier: MIT */
#ifndef SOV_TOOL_STRIP_H
#define SOV_TOOL_STRIP_H

#include <signal.h>

#include <sov/err.h>

/* struct strip - how to run strip. */
struct strip {
	char **word; /* NULL-terminated, owned */
	const volatile sig_atomic_t *stop;
};

/*
 * strip_find - the command that strips: $STRIP, split at blanks as $SOV_CC is, else "strip". A
 * program with a '/' that is not absolute is one below the current directory.
 * Returns 0, for strip_release(), or -SOV_E_NOMEM, -SOV_E_SYSTEM.
 */
int strip_find(struct strip *strip, struct sov_err *err);
void strip_release(struct strip *strip);

/*
 * strip_run - strip one file, in its directory, so that what the program makes beside it is made
 * there. For struct sov_install: @data is a struct strip.
 * Returns 0, or -SOV_E_SYSTEM when it can't be run, ends with other than 0, or is stopped.
 */
int strip_run(void *data, int dirfd, const char *name, struct sov_err *err);

#endif
