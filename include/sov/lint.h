/* SPDX-License-Identifier: MIT */
#ifndef SOV_LINT_H
#define SOV_LINT_H

#include <stddef.h>

#include <sov/conf.h>
#include <sov/finding.h>

#ifdef __cplusplus
extern "C" {
#endif

/* struct sov_lint_options - what to lint, and against what. Borrowed texts. */
struct sov_lint_options {
	const char *const *roots; /* directories: a DESTDIR, a package's root, /usr/lib */
	size_t root_count;
	const char *const *sysroots; /* trees that may satisfy links, not linted themselves */
	size_t sysroot_count;
	const char *const *libdirs; /* further public directories, relative to a root */
	size_t libdir_count;
	const struct sov_conf *conf; /* declared names are checked exactly; NULL = none */
};

/*
 * sov_lint_run - find what is wrong in install trees.
 *
 * Reads names that hold ".so"; never runs, loads or writes anything, never follows a link out of its
 * root. The findings are sorted. What could not be examined is a trouble in the report, and the rest
 * is examined all the same.
 * Returns 0, or -code with *err filled when a root itself cannot be read or memory runs out.
 */
SOV_PUBLIC int sov_lint_run(const struct sov_lint_options *options, struct sov_report *report,
			    struct sov_err *err);

/* struct sov_rule_info - a rule as help and the manual show it. Static. */
struct sov_rule_info {
	const char *id;
	enum sov_severity severity;
	const char *summary;
};

/* sov_lint_rule - rule number @index, counted from 0, or NULL past the last. */
SOV_PUBLIC const struct sov_rule_info *sov_lint_rule(size_t index);

#ifdef __cplusplus
}
#endif
#endif
