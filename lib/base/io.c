/* SPDX-License-Identifier: MIT */
#include "base/io.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

#define FIRST_BLOCK   ((size_t)8192)
#define COMPARE_BLOCK ((size_t)65536)
#define HOPS_MAX      40 /* links that the kernel follows: path_resolution(7) */

ssize_t sov_pread_full(int fd, void *buf, size_t n, off_t offset)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = pread(fd, (char *)buf + done, n - done, offset + (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

/* Fill buf up to n bytes; less only at the end of the file. */
static ssize_t read_full(int fd, char *buf, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = read(fd, buf + done, n - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

ssize_t sov_read_all(int fd, size_t limit, char **out)
{
	sov_autofree char *block = NULL;
	size_t capacity = 0, have = 0;

	/* One byte more than allowed is asked for: it tells "too large" from "just fits". */
	while (have == capacity && have <= limit) {
		size_t larger = capacity ? 2 * capacity : FIRST_BLOCK;
		char *grown;
		ssize_t got;

		if (larger < capacity || larger > limit)
			larger = limit + 1;
		grown = realloc(block, larger + 1);
		if (!grown)
			return -1;
		block = grown;
		capacity = larger;
		got = read_full(fd, block + have, capacity - have);
		if (got < 0)
			return -1;
		have += (size_t)got;
	}
	if (have > limit) {
		errno = EFBIG;
		return -1;
	}
	block[have] = '\0';
	*out = sov_take(block);
	return (ssize_t)have;
}

int sov_same_bytes(int a, int b)
{
	char ours[COMPARE_BLOCK], theirs[COMPARE_BLOCK];
	struct stat one, other;
	ssize_t n, m;

	if (fstat(a, &one) != 0 || fstat(b, &other) != 0)
		return -1;
	if (one.st_dev == other.st_dev && one.st_ino == other.st_ino)
		return 1;
	if (one.st_size != other.st_size)
		return 0;
	for (off_t at = 0;; at += n) {
		n = sov_pread_full(a, ours, sizeof(ours), at);
		m = sov_pread_full(b, theirs, sizeof(theirs), at);
		if (n < 0 || m < 0)
			return -1;
		if (n != m || memcmp(ours, theirs, (size_t)n) != 0)
			return 0;
		if ((size_t)n < sizeof(ours))
			return 1;
	}
}

/* Where a link leads, from where we are. @path: of the link, and receives it. */
static int follow(char path[PATH_MAX])
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	size_t skip = (size_t)(sov_str_basename(path) - path);

	if (n < 0)
		return errno == EINVAL ? 0 : -1;
	target[n] = '\0';
	if (target[0] == '/')
		skip = 0;
	if (skip + (size_t)n >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(path + skip, target, (size_t)n + 1);
	return 1;
}

int sov_last_name(char *out, size_t size, const char *path)
{
	char at[PATH_MAX];
	int rc = 1;

	if (!sov_str_copy(at, sizeof(at), path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (int hops = 0; rc == 1 && hops <= HOPS_MAX; hops++)
		rc = follow(at);
	if (rc == 1)
		errno = ELOOP;
	if (rc == 0 && !sov_str_copy(out, size, sov_str_basename(at))) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return rc == 0 ? 0 : -1;
}

const char *sov_mode_name(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return "regular file";
	case S_IFDIR:
		return "directory";
	case S_IFLNK:
		return "link";
	case S_IFIFO:
		return "fifo";
	case S_IFSOCK:
		return "socket";
	case S_IFCHR:
		return "character device";
	default:
		return "block device";
	}
}
