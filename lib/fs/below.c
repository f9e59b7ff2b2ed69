/* SPDX-License-Identifier: MIT */
#include "fs/below.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SYS_openat2
#include <linux/openat2.h>
#endif

#include <sov/names.h>

#include "base/mem.h"
#include "base/str.h"
#include "fs/site.h"
#include "fs/tree.h"

enum { RACES_MAX = 64 }; /* tries, while somebody changes the path under our feet */

/* As the kernel opens it. ENOSYS and the like: it does not know how. */
static int open_by_kernel(int rootfd, const char *path, int flags)
{
#ifdef SYS_openat2
	const struct open_how how = {
		.flags = (unsigned)(flags | O_DIRECTORY | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	for (int i = 0; i < RACES_MAX; i++) {
		long fd = syscall(SYS_openat2, rootfd, path, &how, sizeof(how));

		/* EAGAIN: something was renamed while a ".." was followed. */
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			return (int)fd;
	}
	return -1;
#else
	(void)rootfd;
	(void)path;
	(void)flags;
	errno = ENOSYS;
	return -1;
#endif
}

/* Open one component, never a link. */
static int open_component(int dirfd, const char *name, size_t n)
{
	char component[SOV_NAME_MAX];

	if (n >= sizeof(component)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(component, name, n);
	component[n] = '\0';
	/* There is none in a path that was resolved, but behind a name that is not there. */
	if (strcmp(component, "..") == 0) {
		errno = ENOENT;
		return -1;
	}
	return openat(dirfd, component, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Go down a path in which there is no link. Returns a descriptor, or -1 with errno. */
static int descend(int rootfd, const char *path, int flags)
{
	sov_autoclose int fd = -1;

	while (*path != '\0') {
		size_t n = strcspn(path, "/");
		int next = n > 0 ? open_component(fd >= 0 ? fd : rootfd, path, n) : fd;

		if (n > 0 && fd >= 0)
			(void)close(fd);
		fd = next;
		if (n > 0 && fd < 0)
			return -1;
		path += n + (path[n] == '/' ? 1 : 0);
	}
	return openat(fd >= 0 ? fd : rootfd, ".", flags | O_DIRECTORY | O_CLOEXEC);
}

/* Where a path leads, ".." above the root being the root. */
static enum sov_link_end resolve(int rootfd, const char *path, char resolved[SOV_SUBJECT_MAX])
{
	const struct sov_root root = {.fd = rootfd, .path = "", .anchor = ""};
	enum sov_link_end end = sov_tree_resolve(&root, "", path, resolved);
	char rest[SOV_SUBJECT_MAX];

	for (int i = 0; end == SOV_LINK_ESCAPES && i < SOV_LINKS_MAX; i++) {
		memcpy(rest, resolved, sizeof(rest));
		end = sov_tree_resolve(&root, "", rest, resolved);
	}
	return end;
}

int sov_below_open_by_hand(int rootfd, const char *path, int flags)
{
	char resolved[SOV_SUBJECT_MAX];

	for (int i = 0; i < RACES_MAX; i++) {
		enum sov_link_end end = resolve(rootfd, path, resolved);
		int fd;

		if (end == SOV_LINK_LOOP || end == SOV_LINK_ESCAPES) {
			errno = ELOOP;
			return -1;
		}
		if (strlen(resolved) + 1 == sizeof(resolved)) {
			errno = ENAMETOOLONG;
			return -1;
		}
		fd = descend(rootfd, resolved, flags);
		if (fd >= 0 && end == SOV_LINK_FOUND)
			return fd;
		if (fd >= 0) { /* it is there since a moment */
			(void)close(fd);
			errno = ENOENT;
		} else if (errno != ELOOP && errno != ENOTDIR) {
			return -1;
		}
	}
	return -1;
}

int sov_below_open(int rootfd, const char *path, int flags)
{
	int fd;

	if (path[0] == '\0')
		path = ".";
	if (rootfd == AT_FDCWD)
		return open(path, flags | O_DIRECTORY | O_CLOEXEC);
	fd = open_by_kernel(rootfd, path, flags);
	if (fd < 0 && (errno == ENOSYS || errno == EPERM || errno == EINVAL || errno == EAGAIN))
		fd = sov_below_open_by_hand(rootfd, path, flags);
	return fd;
}

/* Where there is no /proc. */
static int chmod_opened(int pathfd, mode_t mode)
{
	sov_autoclose int fd = openat(pathfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -1 : fchmod(fd, mode);
}

/*
 * Mode 0755 for a directory that we have just made, or that somebody has put there since: then it
 * is not ours, and stays as it is.
 */
static int settle(int dirfd, const char *name)
{
	sov_autoclose int fd = openat(dirfd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	char path[64];
	struct stat st;
	mode_t mode;

	if (fd < 0 || fstat(fd, &st) != 0)
		return -1;
	mode = 0755 | (st.st_mode & S_ISGID);
	if (st.st_uid != geteuid() || (st.st_mode & 07777) == mode)
		return 0;
	/* A umask may have taken the right to open it from ourselves: by a descriptor for the path
	 * alone, which fchmod(2) does not take. */
	(void)sov_str_format(path, sizeof(path), "/proc/self/fd/%d", fd);
	return chmod(path, mode) == 0 ? 0 : chmod_opened(fd, mode);
}

static int sync_directory(int dirfd)
{
	sov_autoclose int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -1 : sov_site_flush(fd);
}

/* Make one directory. Somebody else may be faster: that is as good. */
static int make_one(int dirfd, const char *name, bool sync)
{
	if (mkdirat(dirfd, name, 0755) != 0)
		return errno == EEXIST ? 0 : -1;
	if (settle(dirfd, name) != 0)
		return -1;
	return sync ? sync_directory(dirfd) : 0;
}

/*
 * Open the directory that the beginning of a path names, made when it is not there, in @parent.
 * Returns a descriptor, or -1 with errno.
 */
static int enter(int rootfd, int parent, const char *beginning, bool sync)
{
	int fd = sov_below_open(rootfd, beginning, O_PATH);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	if (make_one(parent, sov_str_basename(beginning), sync) != 0)
		return -1;
	fd = sov_below_open(rootfd, beginning, O_PATH);
	if (fd < 0 && errno == ENOENT)
		errno = EEXIST;
	return fd;
}

int sov_below_make(int rootfd, const char *path, bool sync)
{
	char beginning[SOV_SUBJECT_MAX] = "";
	sov_autoclose int fd = sov_below_open(rootfd, path[0] == '/' ? "/" : "", O_PATH);
	size_t n = strspn(path, "/");

	if (!sov_str_copy(beginning, sizeof(beginning), path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	while (fd >= 0 && path[n] != '\0') {
		int next;

		n += strcspn(path + n, "/");
		beginning[n] = '\0';
		next = enter(rootfd, fd, beginning, sync);
		(void)close(fd);
		fd = next;
		beginning[n] = path[n];
		n += strspn(path + n, "/");
	}
	return fd >= 0 ? 0 : -1;
}
