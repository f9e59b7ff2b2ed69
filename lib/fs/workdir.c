/* SPDX-License-Identifier: MIT */
#include "fs/workdir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "fs/draft.h"

#define ATTEMPTS     8 /* to find a name that is free */
#define PRIVATE_MODE 0700

static int make(struct sov_workdir *workdir, const struct sov_site *site)
{
	for (unsigned i = 0; i < ATTEMPTS; i++) {
		if (i == 0 && site->locked)
			(void)sov_str_copy(workdir->name, sizeof(workdir->name),
					   SOV_TEMPORARY_STRIP);
		else
			sov_temporary_name(workdir->name, SOV_TEMPORARY_RANDOM, i);
		if (mkdirat(site->dirfd, workdir->name, PRIVATE_MODE) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	workdir->name[0] = '\0';
	return -1;
}

int sov_workdir_open(struct sov_workdir *workdir, const struct sov_site *site, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];

	if (make(workdir, site) == 0)
		workdir->fd = openat(site->dirfd, workdir->name,
				     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* a umask may have taken bits of ours */
	if (workdir->fd >= 0 && fchmod(workdir->fd, PRIVATE_MODE) == 0)
		return 0;
	sov_fail_errno(err, sov_site_path(site, workdir->name, path),
		       "cannot make a directory to strip in");
	sov_workdir_discard(workdir, site);
	return -(int)err->code;
}

int sov_workdir_copy(const struct sov_workdir *workdir, const struct sov_site *site,
		     const char *name, int from, const char *path, struct sov_err *err)
{
	sov_autoclose int fd =
		openat(workdir->fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		       PRIVATE_MODE);
	struct sov_draft copy = {.fd = fd};

	if (fd < 0)
		return sov_fail_errno(err, path, "cannot be copied to be stripped");
	return sov_draft_copy(&copy, site, from, path, err);
}

void sov_workdir_discard(struct sov_workdir *workdir, const struct sov_site *site)
{
	if (workdir->fd >= 0) {
		sov_site_empty(workdir->fd);
		(void)close(workdir->fd);
	}
	if (workdir->name[0] != '\0')
		(void)unlinkat(site->dirfd, workdir->name, AT_REMOVEDIR);
	*workdir = (struct sov_workdir){.fd = -1};
}
