/* SPDX-License-Identifier: MIT */
#ifndef SOV_FS_WORKDIR_H
#define SOV_FS_WORKDIR_H

#include <sov/err.h>

#include "fs/site.h"
#include "fs/temporary.h"

/*
 * struct sov_workdir - a directory in a site, mode 0700, where another program may work on a file
 * and leave its own temporaries. Zeroed but for fd = -1 is none.
 */
struct sov_workdir {
	int fd;
	char name[SOV_TEMPORARY_MAX];
};

/* sov_workdir_open - make one. Returns 0, for sov_workdir_discard(), or -SOV_E_SYSTEM. */
int sov_workdir_open(struct sov_workdir *workdir, const struct sov_site *site, struct sov_err *err);

/*
 * sov_workdir_copy - put a copy of an open file into it, mode 0700.
 * @from: the file; its offset is left alone
 * @path: of the file, for messages
 * Returns 0 or -SOV_E_SYSTEM.
 */
int sov_workdir_copy(const struct sov_workdir *workdir, const struct sov_site *site,
		     const char *name, int from, const char *path, struct sov_err *err);

/* sov_workdir_discard - take it away with what is in it; none is fine. */
void sov_workdir_discard(struct sov_workdir *workdir, const struct sov_site *site);

#endif
