/* SPDX-License-Identifier: MIT */
/*
 * Finding and reading sov.conf. The search is on the way of every declared link, so it asks the
 * kernel as little as it can: two questions for a file in the current directory, three more for
 * each directory above it, by relative paths, with no memory but the caller's.
 */
#include <sov/conf.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"

#define CONF_NAME  "sov.conf"
#define READ_TRIES 5 /* of a file that somebody is writing */

static bool same_moment(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* The time of change alone would do on Linux; a network file system may keep only the others. */
static bool same_state(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && same_moment(&a->st_mtim, &b->st_mtim) &&
	       same_moment(&a->st_ctim, &b->st_ctim);
}

static int refuse_size(struct sov_err *err, const char *path)
{
	sov_fail(err, SOV_E_LIMIT, path, "too large for a " CONF_NAME);
	sov_expected(err, "at most %d bytes", SOV_CONF_SIZE_MAX);
	return -SOV_E_LIMIT;
}

/*
 * The text of the file, once. Returns its size, with *changed when it was written to meanwhile, or
 * -code.
 */
static ssize_t read_once(const char *path, char **text, bool *changed, struct sov_err *err)
{
	sov_autoclose int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat before, after;
	ssize_t size;

	if (fd < 0)
		return sov_fail_errno(err, path, "cannot open");
	if (fstat(fd, &before))
		return sov_fail_errno(err, path, "cannot examine");
	if (!S_ISREG(before.st_mode)) {
		sov_fail(err, SOV_E_CONF, path, "not a regular file");
		sov_expected(err, "a text file");
		return sov_found(err, "a %s", sov_mode_name(before.st_mode));
	}
	size = sov_read_all(fd, SOV_CONF_SIZE_MAX, text);
	if (size < 0)
		return errno == EFBIG ? refuse_size(err, path)
				      : sov_fail_errno(err, path, "cannot read");
	if (fstat(fd, &after))
		return sov_fail_errno(err, path, "cannot examine");
	*changed = !same_state(&before, &after);
	return size;
}

int sov_conf_read(struct sov_conf *out, const char *path, struct sov_err *err)
{
	for (int i = 0; i < READ_TRIES; i++) {
		sov_autofree char *text = NULL;
		bool changed = false;
		ssize_t size = read_once(path, &text, &changed, err);

		if (size < 0)
			return (int)size;
		if (!changed)
			return sov_conf_parse(out, path, text, (size_t)size, err);
	}
	errno = EAGAIN;
	sov_fail_errno(err, path, "changes while it is read");
	return sov_fix(err, "run again when nothing writes to it");
}

/* A path that grows at its end: "../../" and, for a moment, a name in that directory. */
struct walk {
	char *path;
	size_t size, length;
};

static int too_deep(struct sov_err *err)
{
	errno = ENAMETOOLONG;
	return sov_fail_errno(err, NULL, "cannot look for " CONF_NAME);
}

/* Put a name behind the directories. False when there is no room. */
static bool name_in(struct walk *walk, const char *name)
{
	return sov_str_copy(walk->path + walk->length, walk->size - walk->length, name);
}

/*
 * A directory that cannot be searched, or is no longer there, holds nothing for us: whoever runs a
 * compiler in a sandbox must not have it fail for that. Other errors are real.
 */
static bool is_absent(void)
{
	return errno == ENOENT || errno == ENOTDIR || errno == EACCES;
}

/* Whoever may write to /tmp must not declare what somebody else builds below it. */
static bool is_foreign(const struct stat *file, const struct stat *directory)
{
	return (directory->st_mode & S_ISVTX) && (directory->st_mode & S_IWOTH) &&
	       file->st_uid != geteuid() && file->st_uid != 0;
}

/*
 * Is there a sov.conf in this directory? 1 when there is one to take, with its name in walk->path;
 * 0 when there is none, or one that was refused; -code. Not through a link: a dangling one is a
 * mistake to report, not a file that is not there, and the owner of the link is who put it here.
 */
static int look(struct walk *walk, const struct stat *directory, char *refused, struct sov_err *err)
{
	struct stat file;

	if (!name_in(walk, CONF_NAME))
		return too_deep(err);
	if (lstat(walk->path, &file))
		return is_absent() ? 0 : sov_fail_errno(err, walk->path, "cannot examine");
	if (!is_foreign(&file, directory))
		return 1;
	if (refused[0] == '\0')
		sov_str_copy(refused, walk->size, walk->path);
	return 0;
}

/* Does the search end in this directory, as the top of a git work tree? A file .git is one, too. */
static bool is_top(struct walk *walk)
{
	struct stat unused;

	return name_in(walk, ".git") && lstat(walk->path, &unused) == 0;
}

/* Go up. 1 when there is a directory above, with its facts in *directory; 0 at "/"; -code. */
static int climb(struct walk *walk, struct stat *directory, struct sov_err *err)
{
	struct stat above;

	if (!name_in(walk, "../"))
		return too_deep(err);
	if (stat(walk->path, &above))
		return is_absent() ? 0 : sov_fail_errno(err, walk->path, "cannot examine");
	if (above.st_dev == directory->st_dev && above.st_ino == directory->st_ino)
		return 0;
	walk->length += strlen("../");
	*directory = above;
	return 1;
}

/* 1 = found, with its name in walk->path; 0 = there is none; -code */
static int search(struct walk *walk, char *refused, struct sov_err *err)
{
	struct stat directory;
	int ret = 1;

	if (stat(".", &directory))
		return is_absent() ? 0 : sov_fail_errno(err, ".", "cannot examine");
	while (ret > 0) {
		int found = look(walk, &directory, refused, err);

		if (found)
			return found;
		ret = is_top(walk) ? 0 : climb(walk, &directory, err);
	}
	return ret;
}

int sov_conf_find(char *path, char *refused, size_t size, struct sov_err *err)
{
	struct walk walk = {path, size, 0};
	int found;

	refused[0] = '\0';
	found = search(&walk, refused, err);
	if (found <= 0)
		path[0] = '\0';
	return found < 0 ? found : 0;
}
