/* SPDX-License-Identifier: MIT */
#ifndef SOV_PRUNE_H
#define SOV_PRUNE_H

#include <stdbool.h>

#include <sov/err.h>
#include <sov/install.h>
#include <sov/step.h>

#ifdef __cplusplus
extern "C" {
#endif

/* struct sov_prune - which directory shall be rid of its old real files, and how. All is borrowed.
 * place.root is also the tree that is searched for whoever needs them; none = the whole system. */
struct sov_prune {
	struct sov_place place;
	unsigned keep;		/* so many of the newest unused files of each soname stay */
	bool ignore_unreadable; /* what can't be examined uses nothing */
};

/*
 * sov_prune - remove the old real files that upgrades have left, where nobody uses them.
 *
 * A file is old when it is a library, its name is its SONAME with further numbers, a link in the
 * directory bears that SONAME and leads to another file of it there, and yet another one is newer.
 * It is unused when no link leads to it, in the directory or anywhere below the root; no ELF file
 * below the root needs it by its real name (DT_NEEDED, DT_FILTER, DT_AUXILIARY, DT_AUDIT,
 * DT_DEPAUDIT); no linker script and no etc/ld.so.preload mentions it; and no process maps it.
 * A file that is opened by its real name with dlopen(3) from now on can't be known.
 *
 * With the lock of the directory. Just before each file is removed, the directory and the processes
 * are looked at again.
 * @out:     steps are appended: REMOVE, KEEP with the reason, and REFUSE for an unused file that
 *           stays because something could not be examined; after a failure, what was done before it
 * @trouble: receives the first file or directory that could not be examined; SOV_OK = there is none
 * Returns 0, or -code with *err filled: -SOV_E_OBSTACLE (somebody else keeps the lock),
 * -SOV_E_SYSTEM (no /proc; a file can't be removed), -SOV_E_NOMEM.
 * Source: ld.so(8), which looks for what DT_NEEDED says; proc(5).
 */
SOV_PUBLIC int sov_prune(const struct sov_prune *prune, struct sov_steps *out,
			 struct sov_err *trouble, struct sov_err *err);

#ifdef __cplusplus
}
#endif
#endif
