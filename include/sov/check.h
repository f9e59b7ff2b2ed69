/* SPDX-License-Identifier: MIT */
#ifndef SOV_CHECK_H
#define SOV_CHECK_H

#include <stdbool.h>

#include <sov/elf.h>
#include <sov/finding.h>
#include <sov/names.h>

#ifdef __cplusplus
extern "C" {
#endif

/* struct sov_expectation - what a file is held against. All texts are borrowed. */
struct sov_expectation {
	const char
		*soname; /* this alone is compared when `names` is NULL; "" = there must be none */
	const struct sov_names *names;
	enum sov_linker_name linker_name; /* what `linker_name_declared` holds the linker name to */
	bool linker_name_declared;	  /* else both layouts are right */
	bool linker_name_optional;	  /* an absent linker name is no finding */
	const char *origin;		  /* "sov.conf:3", "--version": shown behind the expected */
	const char *relink; /* what the fix tells to declare, "soversion = 1"; NULL = worked out of
			       what was found; "" = no word (a triple owns its soversion) */
};

/*
 * sov_check_soname - does an identified file carry the soname?
 *
 * The one comparison that sovcc and `sov check` share.
 * @identity: as sov_identity_read() filled it
 * @path:     the file it is of; the subject of the error, copied
 * Returns 0, or -SOV_E_MISMATCH with rule "declared-mismatch" and expected, found, fix filled (also
 * for what is no shared library, and for two DT_SONAME), or -SOV_E_BROKEN.
 * Source: gABI chapter 5, "Dynamic Section", DT_SONAME.
 */
SOV_PUBLIC int sov_check_soname(const struct sov_identity *identity, const char *path,
				const struct sov_expectation *want, struct sov_err *err);

/*
 * sov_check_file - SONAME, file name, and the links beside a file, against an expectation.
 *
 * A file given by one of its link names is looked at through the link; a hard link is as good as a
 * symbolic one. The links are judged only when the file itself is right, and one that leads to a
 * wrong link is not blamed for that. No fix renames a file over another. Findings go to @report,
 * rule "declared-mismatch", root NULL, path as given; the report owns its copies of all texts.
 * Returns 0 when it could be looked at, else -code with *err filled: -SOV_E_SYSTEM, -SOV_E_NOMEM,
 * or -SOV_E_BROKEN.
 * Source: ld.so(8), which looks for the soname; ldconfig(8), which makes the link that bears it;
 * ld(1), -l, which looks for the linker name.
 */
SOV_PUBLIC int sov_check_file(const char *path, const struct sov_expectation *want,
			      struct sov_report *report, struct sov_err *err);

#ifdef __cplusplus
}
#endif
#endif
