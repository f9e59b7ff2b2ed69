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
 * Reads names that hold ".so", and .pc files; never runs, loads or writes anything, never follows a
 * link out of its root. The findings are sorted. What could not be examined is a trouble in the
 * report, and the rest is examined all the same.
 *
 * Public directories, where programs find libraries unasked, are lib, lib32, lib64, libx32, the
 * same in usr and usr/local, a multiarch triplet in any of them, what options->libdirs adds, and
 * the root itself: whoever names a directory of libraries wants them looked at. So with the root
 * /usr/lib, the files directly in it and those in x86_64-linux-gnu/ are public. Every other
 * directory is private, a place of plugins.
 *
 * An absolute link begins at the root. A root that is called usr, usr/local, or is a public
 * directory in one of them is known to be a part of a tree: links may then climb out of it as far
 * as the top of that tree, and what lies outside the root is known only if a sysroot, a whole tree,
 * holds it.
 *
 * A finding that options->conf ignores is left out: `ignore = RULE [GLOB]`, the glob by fnmatch(3)
 * over the whole path relative to the root, '*' matching '/' too.
 * @report: zeroed by the caller, who gives it back with sov_report_release(), after a failure too
 * Returns 0, or -code with *err filled when a root or a sysroot itself cannot be read
 * (-SOV_E_SYSTEM), a line of [lint] has an unknown key or rule, or two sections name one library
 * (-SOV_E_CONF), or memory runs out.
 * Source: ld.so(8) and ldconfig(8) for what is looked for and where; ld(1), -l, for linker names;
 * hier(7); path_resolution(7) for links.
 */
SOV_PUBLIC int sov_lint_run(const struct sov_lint_options *options, struct sov_report *report,
			    struct sov_err *err);

/* struct sov_rule_info - a rule as help and the manual show it. Static. */
struct sov_rule_info {
	const char *id;
	enum sov_severity severity;
	const char *summary;
};

/* sov_lint_rule - rule number @index, counted from 0, or NULL past the last; static. */
SOV_PUBLIC const struct sov_rule_info *sov_lint_rule(size_t index);

#ifdef __cplusplus
}
#endif
#endif
