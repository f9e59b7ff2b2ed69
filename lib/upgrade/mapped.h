/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_MAPPED_H
#define SOV_UPGRADE_MAPPED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include <sov/users.h>

#include "upgrade/processes.h"

/* struct sov_sonames - sonames of files that were read once. Zeroed = none. */
struct sov_sonames {
	struct sov_soname_entry *item;
	size_t count;
};

void sov_sonames_release(struct sov_sonames *sonames);

/* struct sov_mapped - a file that a process maps. */
struct sov_mapped {
	struct sov_mapping mapping; /* one line of it; without a path */
	char *path;		    /* as the process sees it, without " (deleted)" */
	bool runs;		    /* mapped executable */
	bool named;		    /* the path leads to the file */
	bool found;		    /* the path leads to something */
	bool lost;		    /* where the path leads can't be looked up */
	bool exact;		    /* device and inode are those that stat(2) says */
	uint64_t device, inode;
	const char *soname; /* borrowed from a struct sov_sonames; NULL = none, or not to be read */
};

/*
 * sov_mapped_look - which file is it that a line of maps is of, and does its path still lead there?
 *
 * @raw: the path as the line has it
 * Returns 0; free(out->path). Or -SOV_E_NOMEM.
 */
int sov_mapped_look(struct sov_mapped *out, const struct sov_process *process,
		    const struct sov_mapping *mapping, struct sov_sonames *sonames,
		    struct sov_err *err);

/*
 * sov_mapped_judge - what has become of it.
 *
 * @soname: to be looked for beside it
 * @now:    receives the real file that the soname, or else its name, leads to when it is another
 *          one, yours; NULL when there is none
 * Returns 0 or -SOV_E_NOMEM.
 */
int sov_mapped_judge(const struct sov_mapped *mapped, const struct sov_process *process,
		     const char *soname, enum sov_use_state *state, char **now,
		     struct sov_err *err);

/* sov_mapped_is - is it the file that stat(2) describes so? */
bool sov_mapped_is(const struct sov_mapped *mapped, const struct stat *st);

/* sov_mapped_apart - is its directory another one than what bears that path for us? */
bool sov_mapped_apart(const struct sov_mapped *mapped, const struct sov_process *process);

#endif
