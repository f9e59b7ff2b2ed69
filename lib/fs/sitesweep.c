/* SPDX-License-Identifier: MIT */
/* Apart from site.c, so that a static sovcc, which sweeps one name only, stays small. */
#include "fs/site.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "fs/temporary.h"

#define OLD_SECONDS 3600 /* no run keeps a temporary name for so long */
#define DEPTH_MAX   16	 /* of directories that another program made in one of ours */

/* The names of a directory, read by a descriptor of its own. NULL when it can't be read. */
static DIR *read_directory(int dirfd, const char *name)
{
	int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *names = fd >= 0 ? fdopendir(fd) : NULL;

	if (names == NULL && fd >= 0)
		(void)close(fd);
	return names;
}

/* Is an open directory as we make them: nobody else's, and closed to everybody else? */
static bool is_our_directory(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	       (st.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO)) == S_IRWXU;
}

static void remove_below(int dirfd, unsigned depth);

/* One name of a directory that is emptied. A link is taken away, never followed. */
static void remove_one(int parent, const char *name, unsigned depth)
{
	sov_autoclose int fd = -1;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || unlinkat(parent, name, 0) == 0)
		return;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	if (depth < DEPTH_MAX)
		remove_below(fd, depth + 1);
	(void)unlinkat(parent, name, AT_REMOVEDIR);
}

static void remove_below(int dirfd, unsigned depth)
{
	DIR *names = read_directory(dirfd, ".");
	const struct dirent *entry;

	if (names == NULL)
		return;
	while ((entry = readdir(names)) != NULL)
		remove_one(dirfd, entry->d_name, depth);
	(void)closedir(names);
}

void sov_site_empty(int dirfd)
{
	remove_below(dirfd, 0);
}

/* A directory that another program worked in: what is in it, then itself. */
static void sweep_directory(int parent, const char *name)
{
	sov_autoclose int fd =
		openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || !is_our_directory(fd))
		return;
	sov_site_empty(fd);
	(void)unlinkat(parent, name, AT_REMOVEDIR);
}

/* Could we have made it, under a name of that kind, in a run that is over? */
static bool is_left_over(const struct sov_site *site, const char *name, const struct stat *st)
{
	switch (sov_temporary_kind(name)) {
	case SOV_TEMPORARY_ANYTIME:
		return time(NULL) - st->st_ctim.tv_sec > OLD_SECONDS &&
		       (S_ISREG(st->st_mode) || S_ISLNK(st->st_mode) || S_ISDIR(st->st_mode));
	case SOV_TEMPORARY_LOCKED:
		if (!site->locked)
			return false;
		if (strcmp(name, SOV_TEMPORARY_LINK) == 0)
			return S_ISLNK(st->st_mode);
		if (strcmp(name, SOV_TEMPORARY_STRIP) == 0)
			return S_ISDIR(st->st_mode);
		return S_ISREG(st->st_mode);
	default:
		return false;
	}
}

void sov_site_sweep(const struct sov_site *site)
{
	DIR *names = read_directory(site->dirfd, ".");
	const struct dirent *entry;
	struct stat st;

	if (names == NULL)
		return;
	while ((entry = readdir(names)) != NULL) {
		if (sov_temporary_kind(entry->d_name) == SOV_TEMPORARY_NONE ||
		    fstatat(site->dirfd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !is_left_over(site, entry->d_name, &st))
			continue;
		if (S_ISDIR(st.st_mode))
			sweep_directory(site->dirfd, entry->d_name);
		else
			(void)unlinkat(site->dirfd, entry->d_name, 0);
	}
	(void)closedir(names);
}
