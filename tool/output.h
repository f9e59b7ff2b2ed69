/* SPDX-License-Identifier: MIT */
#ifndef SOV_TOOL_OUTPUT_H
#define SOV_TOOL_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <sov/err.h>

#include "cli/opt.h"
#include "cli/report.h"

#define COPIES_MAX 8 /* of -o on one command line */

/* struct format - one word of --format and -o, and what writes it. A table ends with a row of
 * zeros; its first row is the default of --format. */
struct format {
	const char *name;
	/* @color: on a terminal. Returns 0, or -code with *err filled; a write error may be left to
	 * whoever closes @out. */
	int (*write)(FILE *out, const void *result, bool color, struct sov_err *err);
};

/* struct copy - one -o F=FILE. */
struct copy {
	const struct format *format;
	const char *path;
};

/* struct output - what a command writes, where to. The target of output_options. */
struct output {
	const struct format *formats; /* what there is to choose from */
	const struct format *chosen;  /* by --format; NULL = not given */
	struct copy copies[COPIES_MAX];
	size_t copy_count;
};

/* --format and -o. */
extern const struct sov_option output_options[];

/*
 * output_write - write a result to the files of -o, then to stdout.
 * Returns 0, or -code with *err filled.
 */
int output_write(const struct output *output, const void *result, enum sov_color color,
		 struct sov_err *err);

/* put_quoted - bytes from a disk, quoted by sov_quote(). Returns 0 or -SOV_E_NOMEM. */
int put_quoted(FILE *out, const char *bytes, struct sov_err *err);

#endif
