/* SPDX-License-Identifier: MIT */
/*
 * publish - the one place that renames.
 *
 * The problem. A program that starts while `ln -sf libdemo.so.2.1.0 libdemo.so.2` runs may find no
 * libdemo.so.2 at all: ln removes the old link before it makes the new one. rename(2) has no such
 * gap: a path walk meets the old link or the new one. So a link is made under a temporary name and
 * renamed over the final one.
 *
 * The order, and what a crash after each step leaves:
 *
 *	1. flock the directory		nothing; the kernel drops the lock of a dead process
 *	2. look for obstacles		nothing
 *	3. sweep a stray .sov-link	nothing
 *	4. is the link right already?	nothing; the next link then
 *	5. symlink to .sov-link		a stray .sov-link, which no reader looks for
 *	6. rename over the soname	the soname link is new, the linker name is old: both work
 *	7. read it back			as 6
 *	8. 4 to 7 for the linker name	as 5 and 6
 *
 * The soname link comes first: the linker name may point at it. The real file is there before
 * either (checked in step 2), so that no link dangles at any time.
 *
 * The temporary name is fixed, not random, because whoever holds the lock is the only one to use
 * it: what bears it when the lock is taken is the left-over of a run that was killed between 5 and
 * 6, found with one system call. Random names could be found again only by a scan of the directory,
 * which with 10,000 objects in it costs more than all the rest. The name does not begin with "lib",
 * for ldconfig makes links to whatever does.
 *
 * INT, TERM, HUP and the like can't leave a stray: all signals are blocked from 5 to 6, two system
 * calls. Only kill -9 and a power cut can.
 *
 * Where there is no lock to be had (a file system without flock; a lock that somebody else keeps,
 * as `flock . make` does around the whole build) the work goes on under a random name: each link is
 * still replaced atomically, only two runs at once may interleave theirs. A stray of a killed run
 * stays in that case, since nothing tells it from one in use.
 *
 * Nothing is synced: what a link editor wrote a moment ago is not either, and a build directory
 * that lost power is built again.
 */
#include <sov/publish.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"

enum {
	ATTEMPTS = 8,	  /* to put one link, when something else keeps changing it */
	LOCK_TRIES = 100, /* a set of links takes well under a millisecond; ... */
	LOCK_NAP_MS = 10, /* ... a lock that is held for a second is not for us */
	TEMPORARY_SIZE = 32,
};

#define TEMPORARY_LOCKED ".sov-link"

/* struct site - the directory that is published into. */
struct site {
	int dirfd;
	const char *directory;
	bool locked;
};

/* The path of a name for messages. */
static const char *site_path(const struct site *site, const char *name, char out[SOV_SUBJECT_MAX])
{
	const char *directory = site->directory != NULL ? site->directory : "";
	size_t n = strlen(directory);
	const char *slash = n == 0 || directory[n - 1] == '/' ? "" : "/";

	(void)sov_str_format(out, SOV_SUBJECT_MAX, "%s%s%s", directory, slash, name);
	return out;
}

void sov_links_targets(const struct sov_links *links, const char **soname_target,
		       const char **linker_name_target)
{
	const struct sov_names *names = links->names;
	bool soname_is_link =
		names->soname[0] != '\0' && strcmp(names->soname, names->real_name) != 0;
	const char *linker = names->real_name;

	*soname_target = soname_is_link ? names->real_name : "";
	if (links->linker_name == SOV_LINKER_NAME_SONAME && soname_is_link)
		linker = names->soname;
	if (links->linker_name == SOV_LINKER_NAME_NONE || names->linker_name[0] == '\0' ||
	    strcmp(names->linker_name, linker) == 0 ||
	    strcmp(names->linker_name, names->real_name) == 0)
		linker = "";
	*linker_name_target = linker;
}

/* Names are single components: whoever computed them, none may lead into another directory. */
static int refuse_unsafe(const struct site *site, const struct sov_names *names,
			 struct sov_err *err)
{
	const char *const all[] = {names->real_name, names->soname, names->linker_name};
	char path[SOV_SUBJECT_MAX];

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const char *why = i > 0 && all[i][0] == '\0' ? NULL : sov_soname_unsafe(all[i]);

		if (why != NULL)
			return sov_fail(err, SOV_E_USAGE, site_path(site, all[i], path),
					"a name to publish that %s", why);
	}
	return 0;
}

static int obstacle(const struct site *site, const char *name, const char *message,
		    const char *expected, const char *found, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];

	sov_fail(err, SOV_E_OBSTACLE, site_path(site, name, path), "%s", message);
	sov_expected(err, "%s", expected);
	sov_found(err, "a %s", found);
	return sov_fix(err, "move it away, then try again");
}

/* Returns 1 when it is there, 0 when not, or -SOV_E_SYSTEM. */
static int look(const struct site *site, const char *name, int flags, struct stat *st,
		struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];

	if (fstatat(site->dirfd, name, st, flags) == 0)
		return 1;
	if (errno == ENOENT)
		return 0;
	return sov_fail_errno(err, site_path(site, name, path), "cannot look at it");
}

/*
 * Would the real file be written over something that is not a file? A link is one as well: link
 * editors write through a dangling one, and what they make of others differs.
 */
static int real_obstacle(const struct site *site, const char *name, struct sov_err *err)
{
	struct stat st;
	int there = look(site, name, AT_SYMLINK_NOFOLLOW, &st, err);

	if (there <= 0 || S_ISREG(st.st_mode))
		return there < 0 ? there : 0;
	return obstacle(site, name, "no file can be written here", "a regular file, or nothing",
			sov_mode_name(st.st_mode), err);
}

/* Would a link replace something that is not one? */
static int link_obstacle(const struct site *site, const char *name, const char *target,
			 const char *replaceable, struct sov_err *err)
{
	char expected[SOV_TEXT_MAX];
	struct stat st;
	int there;

	if (target[0] == '\0')
		return 0;
	there = look(site, name, AT_SYMLINK_NOFOLLOW, &st, err);
	if (there <= 0 || S_ISLNK(st.st_mode))
		return there < 0 ? there : 0;
	if (S_ISREG(st.st_mode) && replaceable != NULL && strcmp(name, replaceable) == 0)
		return 0;
	(void)sov_str_format(expected, sizeof(expected), "a link to %s, or nothing", target);
	return obstacle(site, name, "no link can be made here", expected, sov_mode_name(st.st_mode),
			err);
}

static int links_obstacle(const struct site *site, const struct sov_links *links,
			  struct sov_err *err)
{
	const struct sov_names *names = links->names;
	const char *soname_target, *linker_target;
	int rc;

	sov_links_targets(links, &soname_target, &linker_target);
	rc = link_obstacle(site, names->soname, soname_target, links->replaceable, err);
	if (rc == 0)
		rc = link_obstacle(site, names->linker_name, linker_target, links->replaceable,
				   err);
	return rc;
}

int sov_links_obstacle(int dirfd, const struct sov_links *links, struct sov_err *err)
{
	const struct site site = {.dirfd = dirfd, .directory = links->directory};
	int rc = refuse_unsafe(&site, links->names, err);

	if (rc == 0)
		rc = real_obstacle(&site, links->names->real_name, err);
	if (rc == 0)
		rc = links_obstacle(&site, links, err);
	return rc;
}

/* Wait for the lock, but not for ever: a lock around a whole build would never come free. */
static bool lock_directory(int dirfd)
{
	const struct timespec nap = {.tv_nsec = LOCK_NAP_MS * 1000000L};

	for (int i = 0; i < LOCK_TRIES; i++) {
		if (flock(dirfd, LOCK_EX | LOCK_NB) == 0)
			return true;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return false;
		nanosleep(&nap, NULL);
	}
	return false;
}

static bool link_says(const struct site *site, const char *name, const char *target)
{
	char found[SOV_NAME_MAX + 1];
	size_t want = strlen(target);
	ssize_t n = readlinkat(site->dirfd, name, found, sizeof(found));

	return n >= 0 && (size_t)n == want && memcmp(found, target, want) == 0;
}

/* Take away the left-over of a killed run, if it is a link. Only the holder of the lock may. */
static void sweep(const struct site *site)
{
	struct stat st;

	if (site->locked && fstatat(site->dirfd, TEMPORARY_LOCKED, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISLNK(st.st_mode))
		(void)unlinkat(site->dirfd, TEMPORARY_LOCKED, 0);
}

static void random_name(char out[TEMPORARY_SIZE], unsigned attempt)
{
	unsigned long long random;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != (ssize_t)sizeof(random))
		random = ((unsigned long long)getpid() << 32) + (unsigned long long)time(NULL);
	(void)sov_str_format(out, TEMPORARY_SIZE, ".sov-%016llx", random + attempt);
}

/* Make the temporary link. Returns 0 with its name, or -1 with errno. */
static int make_temporary(const struct site *site, const char *target, char out[TEMPORARY_SIZE])
{
	for (unsigned i = 0; i < ATTEMPTS; i++) {
		/* The fixed name may be taken for good: by another user, in a sticky directory. */
		if (i == 0 && site->locked)
			(void)sov_str_copy(out, TEMPORARY_SIZE, TEMPORARY_LOCKED);
		else
			random_name(out, i);
		if (symlinkat(target, site->dirfd, out) == 0)
			return 0;
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

/* Steps 5 and 6. Returns 0 when the link is worth another look, or -1 with errno. */
static int rename_temporary(const struct site *site, const char *name, const char *target)
{
	char temporary[TEMPORARY_SIZE];
	int saved;

	if (make_temporary(site, target, temporary) != 0)
		return -1;
	if (renameat(site->dirfd, temporary, site->dirfd, name) == 0)
		return 0;
	saved = errno;
	(void)unlinkat(site->dirfd, temporary, 0);
	errno = saved;
	/* ENOENT: somebody took the temporary link away. */
	return errno == ENOENT ? 0 : -1;
}

/* rename_temporary(), with no signal in between. */
static int replace_link(const struct site *site, const char *name, const char *target)
{
	sigset_t all, before;
	int rc, saved;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	rc = rename_temporary(site, name, target);
	saved = errno;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = saved;
	return rc;
}

/* The look at the head of a round is both "right already?" and the reading back. */
static int put_link(const struct site *site, const char *name, const char *target,
		    struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];

	if (target[0] == '\0')
		return 0;
	for (int i = 0; i < ATTEMPTS; i++) {
		if (link_says(site, name, target))
			return 0;
		if (replace_link(site, name, target) != 0)
			return sov_fail_errno(err, site_path(site, name, path),
					      "cannot make the link to %s", target);
	}
	sov_fail(err, SOV_E_OBSTACLE, site_path(site, name, path),
		 "the link does not stay as it is made");
	sov_expected(err, "a link to %s", target);
	return sov_fix(err, "look for another program that works on this directory");
}

/* A link to a file that is not there would be worse than none. */
static int require_real(const struct site *site, const char *name, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];
	struct stat st;

	if (fstatat(site->dirfd, name, &st, 0) != 0)
		return sov_fail_errno(err, site_path(site, name, path),
				      "no link can be made to it");
	if (!S_ISREG(st.st_mode))
		return obstacle(site, name, "no link can be made to it", "a regular file",
				sov_mode_name(st.st_mode), err);
	return 0;
}

static int publish_locked(const struct site *site, const struct sov_links *links,
			  struct sov_err *err)
{
	const struct sov_names *names = links->names;
	const char *soname_target, *linker_target;
	int rc;

	sov_links_targets(links, &soname_target, &linker_target);
	rc = require_real(site, names->real_name, err);
	if (rc == 0)
		rc = links_obstacle(site, links, err);
	if (rc != 0)
		return rc;
	sweep(site);
	rc = put_link(site, names->soname, soname_target, err);
	if (rc == 0)
		rc = put_link(site, names->linker_name, linker_target, err);
	return rc;
}

int sov_links_publish(int dirfd, const struct sov_links *links, struct sov_err *err)
{
	struct site site = {.dirfd = dirfd, .directory = links->directory};
	int rc = refuse_unsafe(&site, links->names, err);

	if (rc != 0)
		return rc;
	site.locked = lock_directory(dirfd);
	rc = publish_locked(&site, links, err);
	if (site.locked)
		(void)flock(dirfd, LOCK_UN);
	return rc;
}

static int write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t written = write(fd, bytes, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		bytes += written;
		n -= (size_t)written;
	}
	return 0;
}

/* write_all(), and close in any case. */
static int write_and_close(int fd, const char *bytes, size_t n)
{
	int rc = write_all(fd, bytes, n);
	int saved = errno;

	/* the last word on whether it arrived: a quota, a file server */
	if (close(fd) != 0 && rc == 0)
		return -1;
	errno = saved;
	return rc;
}

static int write_through(const char *path, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	return fd < 0 ? -1 : write_and_close(fd, bytes, n);
}

/* A new file beside @path. Returns its descriptor with its name, or -1 with errno. */
static int open_temporary(const char *path, char out[SOV_SUBJECT_MAX])
{
	char directory[SOV_SUBJECT_MAX], name[TEMPORARY_SIZE];
	const struct site site = {.directory = directory};
	int fd = -1;

	if (!sov_str_dirname(directory, sizeof(directory), path) ||
	    strlen(directory) + TEMPORARY_SIZE >= SOV_SUBJECT_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (unsigned i = 0; fd < 0 && i < ATTEMPTS; i++) {
		random_name(name, i);
		site_path(&site, name, out);
		fd = open(out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd < 0 && errno != EEXIST)
			return -1;
	}
	return fd;
}

/* @old: the file that is replaced, or NULL */
static int replace_text(const char *path, const struct stat *old, const char *bytes, size_t n)
{
	char temporary[SOV_SUBJECT_MAX];
	int fd = open_temporary(path, temporary), saved;

	if (fd < 0)
		return -1;
	if (old != NULL)
		(void)fchmod(fd, old->st_mode & 07777);
	if (write_and_close(fd, bytes, n) == 0 && rename(temporary, path) == 0)
		return 0;
	saved = errno;
	(void)unlink(temporary);
	errno = saved;
	return -1;
}

/* With no signal in between, that leaves the temporary file to nobody. */
static int replace_text_blocked(const char *path, const struct stat *old, const char *bytes,
				size_t n)
{
	sigset_t all, before;
	int rc, saved;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	rc = replace_text(path, old, bytes, n);
	saved = errno;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = saved;
	return rc;
}

int sov_publish_text(const char *path, const void *bytes, size_t n, struct sov_err *err)
{
	sov_autofree char *file = NULL;
	struct stat old;
	int rc;

	if (stat(path, &old) != 0) {
		rc = errno == ENOENT ? replace_text_blocked(path, NULL, bytes, n) : -1;
	} else if (S_ISREG(old.st_mode)) {
		file = realpath(path, NULL);
		rc = file != NULL ? replace_text_blocked(file, &old, bytes, n) : -1;
	} else {
		rc = write_through(path, bytes, n);
	}
	return rc == 0 ? 0 : sov_fail_errno(err, path, "cannot be written");
}
