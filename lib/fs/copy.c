/* SPDX-License-Identifier: MIT */
#include "fs/copy.h"

#include <errno.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"

#define BLOCK ((size_t)256 * 1024)
#define CHUNK ((size_t)16 * 1024 * 1024) /* between two looks at `stop` */

static bool is_stopped(const volatile sig_atomic_t *stop)
{
	if (stop == NULL || *stop == 0)
		return false;
	errno = EINTR;
	return true;
}

/* Does the kernel, the file system or a filter say that it can't copy, not that it failed? */
static bool is_unable(int error)
{
	switch (error) {
	case EXDEV:
	case EINVAL:
	case ENOSYS:
	case EOPNOTSUPP:
	case EBADF: /* the source was opened O_PATH, a file system of the user's says so too */
	case EPERM:
	case ETXTBSY:
		return true;
	default:
		return false;
	}
}

/*
 * In the kernel, from *at on, which is moved. 0 bytes may be the end or a file of /proc, whose size
 * nobody knows: whoever reads on will see. Returns 0, or -1 with errno.
 */
static int copy_in_kernel(int to, int from, off_t *at, const volatile sig_atomic_t *stop)
{
	off_t in = *at, out = *at;

	while (!is_stopped(stop)) {
		ssize_t n = copy_file_range(from, &in, to, &out, CHUNK, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 || is_unable(errno) ? 0 : -1;
		*at = in;
	}
	return -1;
}

static int write_at(int fd, const char *bytes, size_t n, off_t at)
{
	while (n > 0) {
		ssize_t written = pwrite(fd, bytes, n, at);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		bytes += written;
		n -= (size_t)written;
		at += written;
	}
	return 0;
}

static int copy_by_hand(int to, int from, off_t *at, const volatile sig_atomic_t *stop)
{
	sov_autofree char *block = malloc(BLOCK);

	if (block == NULL)
		return -1;
	while (!is_stopped(stop)) {
		ssize_t n = sov_pread_full(from, block, BLOCK, *at);

		if (n <= 0)
			return (int)n;
		if (write_at(to, block, (size_t)n, *at) != 0)
			return -1;
		*at += n;
	}
	return -1;
}

/* All bytes, *at of them in the end. */
static int copy_all(int to, int from, off_t *at, const volatile sig_atomic_t *stop)
{
	struct stat st;

	if (ioctl(to, FICLONE, from) == 0) {
		if (fstat(to, &st) != 0)
			return -1;
		*at = st.st_size;
		return 0;
	}
	if (copy_in_kernel(to, from, at, stop) != 0)
		return -1;
	return copy_by_hand(to, from, at, stop);
}

static bool same_moment(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* Are these one state of a file, of which so many bytes were read? Files of /proc have size 0. */
static bool same_state(const struct stat *before, const struct stat *after, off_t copied)
{
	return before->st_size == after->st_size &&
	       (copied == after->st_size || after->st_size == 0) &&
	       same_moment(&before->st_mtim, &after->st_mtim) &&
	       same_moment(&before->st_ctim, &after->st_ctim);
}

int sov_copy_bytes(int to, int from, const volatile sig_atomic_t *stop)
{
	struct stat before, after;
	off_t copied = 0;

	if (fstat(from, &before) != 0 || copy_all(to, from, &copied, stop) != 0 ||
	    fstat(from, &after) != 0)
		return -1;
	if (same_state(&before, &after, copied))
		return 0;
	errno = EAGAIN;
	return -1;
}
