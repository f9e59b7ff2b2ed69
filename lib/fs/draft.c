/* SPDX-License-Identifier: MIT */
#include "fs/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/mem.h"
#include "fs/copy.h"
#include "fs/publish.h"

#define ATTEMPTS 8 /* to find a name that is free */

/* Nobody else reads it before it is settled. */
#define PRIVATE_MODE 0600

/* A file without a name, if it can be given one later. */
static int open_unnamed(const struct sov_site *site)
{
	int fd = openat(site->dirfd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, PRIVATE_MODE);

	if (fd >= 0 && !sov_publish_can_name(fd, site)) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

static int open_named(const struct sov_site *site, char name[SOV_TEMPORARY_MAX])
{
	const char *prefix = site->locked ? SOV_TEMPORARY_FILE : SOV_TEMPORARY_RANDOM;
	int fd = -1;

	for (unsigned i = 0; fd < 0 && i < ATTEMPTS; i++) {
		sov_temporary_name(name, prefix, i);
		fd = openat(site->dirfd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			    PRIVATE_MODE);
		if (fd < 0 && errno != EEXIST && errno != EINTR)
			break;
	}
	if (fd < 0)
		name[0] = '\0';
	return fd;
}

int sov_draft_open(struct sov_draft *draft, const struct sov_site *site, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];

	draft->temporary[0] = '\0';
	draft->fd = open_unnamed(site);
	/* Whatever is the reason: EOPNOTSUPP, EISDIR of an old kernel ... If it is a good one, such
	 * as a full disk, it comes again. */
	if (draft->fd < 0)
		draft->fd = open_named(site, draft->temporary);
	if (draft->fd >= 0)
		return 0;
	return sov_fail_errno(err, sov_site_path(site, "", path),
			      "no file can be made in this directory");
}

int sov_draft_copy(struct sov_draft *draft, const struct sov_site *site, int from, const char *path,
		   struct sov_err *err)
{
	char directory[SOV_SUBJECT_MAX];

	if (sov_copy_bytes(draft->fd, from, site->stop) == 0)
		return 0;
	if (errno == EAGAIN) {
		sov_fail_errno(err, path, "changes while it is copied");
		return sov_fix(err, "run again when nothing writes to it");
	}
	return sov_fail_errno(err, path, "cannot be copied to %s",
			      sov_site_path(site, "", directory));
}

/* The mode alone decides, and not what the directory's default ACL has added. */
static int remove_acl(int fd)
{
	if (fremovexattr(fd, "system.posix_acl_access") == 0 || errno == ENODATA ||
	    errno == EOPNOTSUPP || errno == ENOSYS)
		return 0;
	return -1;
}

/* What can't be done to it, with errno; NULL when all is done. */
static const char *settle(int fd, const struct sov_attributes *attributes, bool sync)
{
	if ((attributes->uid != (uid_t)-1 || attributes->gid != (gid_t)-1) &&
	    fchown(fd, attributes->uid, attributes->gid) != 0)
		return "cannot be given its owner";
	if (remove_acl(fd) != 0)
		return "cannot be rid of the directory's default ACL";
	if (fchmod(fd, attributes->mode) != 0)
		return "cannot be given its mode";
	if (sync && sov_site_flush(fd) != 0)
		return "cannot be synced to the disk";
	return NULL;
}

int sov_draft_settle(struct sov_draft *draft, const struct sov_site *site,
		     const struct sov_attributes *attributes, struct sov_err *err)
{
	const char *what = settle(draft->fd, attributes, site->sync);
	char path[SOV_SUBJECT_MAX];

	if (what == NULL)
		return 0;
	return sov_fail_errno(err, sov_site_path(site, draft->temporary, path), "a new file %s",
			      what);
}

void sov_draft_discard(struct sov_draft *draft, const struct sov_site *site)
{
	if (draft->temporary[0] != '\0')
		(void)unlinkat(site->dirfd, draft->temporary, 0);
	if (draft->fd >= 0)
		(void)close(draft->fd);
	draft->temporary[0] = '\0';
	draft->fd = -1;
}
