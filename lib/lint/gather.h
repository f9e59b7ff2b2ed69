/* SPDX-License-Identifier: MIT */
#ifndef SOV_LINT_GATHER_H
#define SOV_LINT_GATHER_H

#include "lint/facts.h"

/*
 * sov_facts_gather - read a tree: names, links, where they lead, and what each file is.
 *
 * @report: counts, and troubles with what cannot be read
 * Returns 0 with *out filled, or -code with *err filled and *out empty.
 */
int sov_facts_gather(struct sov_facts *out, const struct sov_lint_options *options,
		     const char *root, struct sov_report *report, struct sov_err *err);

#endif
