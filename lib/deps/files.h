/* SPDX-License-Identifier: MIT */
#ifndef SOV_DEPS_FILES_H
#define SOV_DEPS_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include <sov/elf.h>
#include <sov/err.h>

#include "base/index.h"
#include "elf/linkage.h"
#include "fs/tree.h"

/* struct sov_depfile - what one file says, however many names lead to it. */
struct sov_depfile {
	struct sov_identity identity;
	struct sov_linkage linkage;
	struct sov_err *trouble; /* why it is broken; NULL = it is not */
};

/* struct sov_depfiles - the files of one run, by path and by inode. */
struct sov_depfiles {
	struct sov_root root; /* fd AT_FDCWD: there is none */
	struct sov_depfile **item;
	size_t count;
	struct sov_index by_inode;
	struct sov_known_path *paths;
	size_t path_count;
	struct sov_index by_path;
};

/*
 * struct sov_place - a path, and whether it is the system's although there is a root: the file that
 * was asked about may lie outside, and what is beside it too.
 */
struct sov_place {
	const char *path;
	bool outside;
};

/* sov_depfiles_init - @root: NULL or "" = none; borrowed. Returns 0 or -SOV_E_SYSTEM. */
int sov_depfiles_init(struct sov_depfiles *files, const char *root, struct sov_err *err);
void sov_depfiles_release(struct sov_depfiles *files);

/*
 * sov_depfiles_get - the file at a place.
 *
 * @out: borrowed from @files; NULL when there is none, or none that may be read
 * Returns 0, -SOV_E_SYSTEM or -SOV_E_NOMEM.
 */
int sov_depfiles_get(struct sov_depfiles *files, struct sov_place place,
		     const struct sov_depfile **out, struct sov_err *err);

/* sov_depfiles_has_directory - is there a directory? Returns 0 or -SOV_E_NOMEM. */
int sov_depfiles_has_directory(struct sov_depfiles *files, struct sov_place place, bool *out,
			       struct sov_err *err);

/*
 * sov_depfiles_resolve - follow a path below the root as in a chroot(2). There must be a root.
 * @out: where it leads, from the root, without a '/' at its beginning
 * Returns false with errno when there is nothing.
 */
bool sov_depfiles_resolve(const struct sov_depfiles *files, const char *path,
			  char out[SOV_SUBJECT_MAX]);

/*
 * sov_depfiles_open - a descriptor of what is at a place, to be read, for the caller to close; -1
 * with errno. @flags: 0 or O_DIRECTORY
 */
int sov_depfiles_open(const struct sov_depfiles *files, struct sov_place place, int flags);

#endif
