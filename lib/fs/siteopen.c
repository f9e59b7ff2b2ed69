/* SPDX-License-Identifier: MIT */
/* Apart from site.c, so that a static sovcc, which opens its directory by itself, stays small. */
#include "fs/site.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/mem.h"
#include "fs/below.h"

/* Why a directory can't be opened, or made: errno. */
static int refuse(const struct sov_site *site, enum sov_site_missing missing, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];
	const char *found;

	sov_site_path(site, "", path);
	if (errno == ENOTDIR)
		found = "something that is no directory";
	else if (errno == ELOOP)
		found = "links that lead in a circle";
	else if (errno == EEXIST && missing == SOV_SITE_CREATE)
		found = "a link to nothing";
	else
		return sov_fail_errno(err, path, "cannot open the directory");
	sov_fail(err, SOV_E_OBSTACLE, path, "cannot open the directory");
	sov_expected(err, "a directory, all the way");
	return sov_found(err, "%s", found);
}

static int open_or_make(int rootfd, const char *path, int flags, bool sync,
			enum sov_site_missing missing)
{
	int fd = sov_below_open(rootfd, path, flags);

	if (fd >= 0 || errno != ENOENT || missing != SOV_SITE_CREATE)
		return fd;
	if (sov_below_make(rootfd, path, sync) != 0)
		return -1;
	return sov_below_open(rootfd, path, flags);
}

int sov_site_open(struct sov_site *site, const char *root, const char *directory,
		  enum sov_site_missing missing, struct sov_err *err)
{
	sov_autoclose int opened = -1;
	int rootfd = AT_FDCWD;

	site->root = root;
	site->directory = "";
	site->locked = false;
	if (root != NULL && root[0] != '\0')
		rootfd = opened = open_or_make(AT_FDCWD, root, O_PATH, site->sync, missing);
	if (rootfd == -1)
		return refuse(site, missing, err);
	site->directory = directory;
	site->dirfd = open_or_make(rootfd, directory, O_RDONLY, site->sync, missing);
	return site->dirfd >= 0 ? 0 : refuse(site, missing, err);
}
