/* SPDX-License-Identifier: MIT */
#ifndef SOV_ELF_LINKAGE_H
#define SOV_ELF_LINKAGE_H

#include <stdbool.h>
#include <stddef.h>

#include <sov/elf.h>

#include "base/vec.h"

/* struct sov_version_need - a symbol version that a file wants from one of its dependencies. */
struct sov_version_need {
	char *file; /* as DT_NEEDED has it */
	char *version;
	bool weak; /* VER_FLG_WEAK: the dynamic linker does without */
};

/*
 * struct sov_linkage - what a file says to the dynamic linker besides its names. Texts are raw
 * bytes. Zeroed = empty; given back with sov_linkage_release().
 */
struct sov_linkage {
	char *interp;	/* PT_INTERP; NULL = none */
	bool nodeflib;	/* DF_1_NODEFLIB: not from the default directories */
	unsigned flags; /* e_flags */
	bool versioned; /* it defines symbol versions */
	struct sov_strs defined;
	struct sov_version_need *needs;
	size_t need_count;
	struct sov_strs auxiliary, filter; /* loaded like DT_NEEDED; the first may be missing */
	struct sov_strs audit, depaudit;   /* whom the dynamic linker would run to watch */
};

/*
 * sov_linkage_read - sov_identity_read(), and linkage in the same pass.
 *
 * Of what is SOV_KIND_BROKEN nothing is kept in @linkage; a program is broken here too when its
 * dynamic section is, although the kernel would start it.
 * Returns as sov_identity_read(); both are to be given back by the caller.
 * Source: gABI chapter 5; LSB Core, "Symbol Versioning"; glibc's elf/dl-version.c.
 */
int sov_linkage_read(struct sov_identity *out, struct sov_linkage *linkage, int fd,
		     const char *path, struct sov_err *err);

void sov_linkage_release(struct sov_linkage *linkage);

#endif
