/* SPDX-License-Identifier: MIT */
#ifndef SOV_FS_DRAFT_H
#define SOV_FS_DRAFT_H

#include <sys/types.h>

#include <sov/err.h>

#include "fs/site.h"
#include "fs/temporary.h"

/*
 * struct sov_draft - a file that is being prepared in a site, before it has its name.
 *
 * Without any name at first (O_TMPFILE) where the file system and the kernel can, so that a kill
 * leaves nothing; else under a temporary name that begins ".sov-". Zeroed but for fd = -1 is none.
 */
struct sov_draft {
	int fd;				   /* open for reading and writing */
	char temporary[SOV_TEMPORARY_MAX]; /* "" = it has no name yet */
};

/* struct sov_attributes - what a published file is given, whatever the umask, the directory's
 * default ACL and the source say. */
struct sov_attributes {
	mode_t mode; /* 07777 */
	uid_t uid;   /* (uid_t)-1 = as it is */
	gid_t gid;
};

/* sov_draft_open - begin a draft; the site must be locked where it can be.
 * Returns 0, for sov_draft_discard() to give back, or -SOV_E_SYSTEM. */
int sov_draft_open(struct sov_draft *draft, const struct sov_site *site, struct sov_err *err);

/*
 * sov_draft_copy - fill a draft with all bytes of an open file: by reflink or copy_file_range(2)
 * where the kernel can, else by read and write. A source that changes meanwhile is an error.
 * @from: its offset is left alone
 * @path: of the source, for messages
 * Returns 0 or -SOV_E_SYSTEM.
 */
int sov_draft_copy(struct sov_draft *draft, const struct sov_site *site, int from, const char *path,
		   struct sov_err *err);

/* sov_draft_settle - owner, then mode (chown takes set-id bits away), no ACL but the mode, then
 * fsync when site->sync. Returns 0 or -SOV_E_SYSTEM. */
int sov_draft_settle(struct sov_draft *draft, const struct sov_site *site,
		     const struct sov_attributes *attributes, struct sov_err *err);

/* sov_draft_discard - close it and take its temporary name away; none is fine. */
void sov_draft_discard(struct sov_draft *draft, const struct sov_site *site);

#endif
