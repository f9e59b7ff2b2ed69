/* SPDX-License-Identifier: MIT */
#include "upgrade/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "fs/tree.h"

/* struct walk - one component is looked at, at a time: those before it are the kernel's. */
struct walk {
	const char *root;
	char directory[SOV_SUBJECT_MAX]; /* of the component, below the root */
	struct sov_site at;		 /* open */
	bool opened;			 /* by us, not borrowed from whoever asked */
	char path[SOV_SUBJECT_MAX];	 /* what is still to follow, from `at` */
};

static void walk_release(struct walk *walk)
{
	if (walk->opened)
		sov_site_close(&walk->at);
}

static int too_long(void)
{
	errno = ENAMETOOLONG;
	return -1;
}

/* Go to the directory that holds the last component of walk->path. Returns 0 or -1 with errno. */
static int enter(struct walk *walk)
{
	char *slash = strrchr(walk->path, '/'), directory[SOV_SUBJECT_MAX];
	struct sov_site next = {.dirfd = -1};
	struct sov_err err;
	size_t n;

	if (slash == NULL)
		return 0;
	n = slash == walk->path ? 1 : (size_t)(slash - walk->path);
	if (walk->path[0] == '/' || walk->directory[0] == '\0') {
		memcpy(directory, walk->path, n);
		directory[n] = '\0';
	} else if (!sov_str_format(directory, sizeof(directory), "%s/%.*s", walk->directory, (int)n,
				   walk->path)) {
		return too_long();
	}
	if (sov_site_open(&next, walk->root, directory, SOV_SITE_REFUSE, &err) != 0) {
		errno = err.code == SOV_E_OBSTACLE ? ENOTDIR : err.sys_errno;
		return -1;
	}
	walk_release(walk);
	walk->at = next;
	walk->opened = true;
	memmove(walk->path, slash + 1, strlen(slash + 1) + 1);
	memcpy(walk->directory, directory, sizeof(directory));
	return 0;
}

/* Look at the component. Returns 1 when it is where the path ends, 0 when it is a link and
 * walk->path what it says, -1 with errno. */
static int look(struct walk *walk, struct stat *status)
{
	const char *name = walk->path[0] != '\0' ? walk->path : ".";
	char target[SOV_SUBJECT_MAX];
	ssize_t n;

	if (fstatat(walk->at.dirfd, name, status, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	if (!S_ISLNK(status->st_mode))
		return 1;
	n = readlinkat(walk->at.dirfd, name, target, sizeof(target) - 1);
	if (n < 0)
		return -1;
	target[n] = '\0';
	memcpy(walk->path, target, (size_t)n + 1);
	return 0;
}

static int land(struct sov_landing *out, struct walk *walk, const struct sov_site *from)
{
	struct stat here, there;

	out->here = !walk->opened;
	if (walk->opened && fstat(from->dirfd, &here) == 0 && fstat(walk->at.dirfd, &there) == 0)
		out->here = here.st_dev == there.st_dev && here.st_ino == there.st_ino;
	if (!sov_str_copy(out->name, sizeof(out->name), walk->path))
		return too_long();
	out->site = walk->at;
	out->site.directory = NULL;
	if (!walk->opened)
		out->site.dirfd = fcntl(from->dirfd, F_DUPFD_CLOEXEC, 0);
	out->site.locked = false;
	walk->opened = false;
	return out->site.dirfd < 0 ? -1 : 0;
}

static int run(struct sov_landing *out, struct walk *walk, const struct sov_site *from)
{
	for (int links = 0; links <= SOV_LINKS_MAX; links++) {
		int ends;

		if (enter(walk) != 0)
			return -1;
		ends = look(walk, &out->status);
		if (ends < 0)
			return -1;
		if (ends > 0)
			return land(out, walk, from);
	}
	errno = ELOOP;
	return -1;
}

static bool is_nothing(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ELOOP || error == ENAMETOOLONG;
}

enum sov_landing_fate sov_follow(struct sov_landing *out, const struct sov_site *site,
				 const char *path)
{
	struct walk walk = {.root = site->root, .at = *site};
	int rc = -1, error;

	*out = (struct sov_landing){.site.dirfd = -1};
	if (!sov_str_copy(walk.directory, sizeof(walk.directory), site->directory) ||
	    !sov_str_copy(walk.path, sizeof(walk.path), path))
		(void)too_long();
	else
		rc = run(out, &walk, site);
	error = errno;
	walk_release(&walk);
	errno = error;
	if (rc == 0)
		return SOV_LANDING_FOUND;
	return is_nothing(error) ? SOV_LANDING_NOTHING : SOV_LANDING_UNKNOWN;
}

void sov_landing_release(struct sov_landing *landing)
{
	sov_site_close(&landing->site);
}
