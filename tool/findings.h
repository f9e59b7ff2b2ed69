/* SPDX-License-Identifier: MIT */
#ifndef SOV_TOOL_FINDINGS_H
#define SOV_TOOL_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <sov/finding.h>

#include "base/vec.h"
#include "tool/output.h"
#include "tool/tool.h"

/* struct findings - what check and lint write: the result of findings_formats. */
struct findings {
	const struct sov_report *report;
	char *const *roots; /* as the user gave them */
	size_t root_count;
	const struct sov_strs *good; /* lines about files that are right; text only; NULL = none */
	bool infos;		     /* in text too */
	bool summary;		     /* a closing line on stderr */
};

/* text and json. */
extern const struct format findings_formats[];

/*
 * findings_write - what a check or a lint found: troubles to stderr, findings to where they are
 * wanted.
 * Returns the exit status.
 */
int findings_write(const struct tool *tool, const struct output *output,
		   const struct findings *findings);

/* findings_write_as - the same for a command whose formats write more than findings.
 * @result: what they are given */
int findings_write_as(const struct tool *tool, const struct output *output,
		      const struct findings *findings, const void *result);

/* findings_put - findings as text. Returns 0 or -SOV_E_NOMEM. */
int findings_put(FILE *out, const struct findings *findings, bool color, struct sov_err *err);

#endif
