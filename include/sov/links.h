/* SPDX-License-Identifier: MIT */
#ifndef SOV_LINKS_H
#define SOV_LINKS_H

#include <stdbool.h>

#include <sov/err.h>
#include <sov/install.h>
#include <sov/step.h>

#ifdef __cplusplus
extern "C" {
#endif

/* struct sov_relink - one directory whose links shall be put right. All is borrowed. */
struct sov_relink {
	struct sov_place place;
	bool linker_names;   /* make linker names that are absent, dangling or another library's */
	bool prune_dangling; /* take away links of a versioned name that lead to nothing */
};

/*
 * sov_relink - lead the soname links of a directory to its newest libraries: a safe `ldconfig -n`.
 *
 * A file counts when its name reads `libSTEM.so` or `libSTEM.so.N[.N...]` (`ld-STEM...`, ld.so.N
 * and ld64.so.N too), it is a library, and its SONAME has that stem. Of several with one SONAME the
 * one of the greatest numbers is chosen; of several machines, only that which the link serves
 * already. Each link is one name in the directory that says one name in it, replaced by rename(2).
 *
 * Kept: a link that leads into another directory to a library of its SONAME, and every dangling one
 * that nothing here can mend, unless prune_dangling. Refused, with the rest of the directory still
 * done: a SONAME that is not fit for a file name, one of another stem, a file or directory where a
 * link must go, libraries of two machines that no link chooses between.
 * @out:     steps are appended, what was kept and refused among them; after a failure, those that
 *           were done before it
 * @trouble: receives the first file that could not be examined or is SOV_KIND_BROKEN; code SOV_OK =
 *           there was none. Links of its stem are kept.
 * Returns 0, or -code with *err filled: -SOV_E_OBSTACLE (somebody else keeps the lock),
 * -SOV_E_SYSTEM, -SOV_E_NOMEM.
 * Source: ldconfig(8); ld.so(8), which looks for the soname.
 */
SOV_PUBLIC int sov_relink(const struct sov_relink *relink, struct sov_steps *out,
			  struct sov_err *trouble, struct sov_err *err);

/*
 * sov_relink_ldconfig - what `ldconfig -n` of this system would do to the directory. Nothing is
 * changed, nothing is run.
 *
 * "This system" is the machine that libsov was built for and the version of glibc in use; elsewhere
 * than on glibc, a recent one. With a root, as `ldconfig -r ROOT -n DIRECTORY` run by root.
 * @out: steps are appended, in ldconfig's order: LINK, REMOVE, and REFUSE for what it leaves undone
 *       with a word on stderr. `why` says what sov_relink() does otherwise; a step that only
 *       sov_relink() would do is a KEEP.
 * Returns 0, -SOV_E_SYSTEM or -SOV_E_NOMEM.
 * Source: ldconfig(8); glibc's elf/ldconfig.c and elf/readelflib.c, by experiment.
 */
SOV_PUBLIC int sov_relink_ldconfig(const struct sov_relink *relink, struct sov_steps *out,
				   struct sov_err *err);

#ifdef __cplusplus
}
#endif
#endif
