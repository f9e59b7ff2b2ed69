/* SPDX-License-Identifier: MIT */
#ifndef SOV_TOOL_DEPS_H
#define SOV_TOOL_DEPS_H

#include <stddef.h>

#include <sov/deps.h>
#include <sov/finding.h>

#include "tool/findings.h"
#include "tool/output.h"

/* struct deps_result - what `sov deps` writes. */
struct deps_result {
	const struct sov_deps *files; /* in the order of the command line */
	size_t count;
	size_t asked; /* files on the command line: one that can't be read is not among `files` */
	char *root;   /* NULL = none */
	struct findings findings;
};

/* text, tree and json. */
extern const struct format deps_formats[];

int deps_write_text(FILE *out, const void *result, bool color, struct sov_err *err);
int deps_write_tree(FILE *out, const void *result, bool color, struct sov_err *err);
int deps_write_json(FILE *out, const void *result, bool color, struct sov_err *err);

#endif
