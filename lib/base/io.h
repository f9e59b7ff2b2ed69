/* SPDX-License-Identifier: MIT */
#ifndef SOV_BASE_IO_H
#define SOV_BASE_IO_H

#include <stddef.h>
#include <sys/types.h>

/* sov_pread_full - pread() until n bytes, end of file or an error other than EINTR.
 * Returns the bytes read, or -1 with errno. */
ssize_t sov_pread_full(int fd, void *buf, size_t n, off_t offset);

/*
 * sov_read_all - what an open file holds, from its present offset, with a NUL behind it.
 *
 * @limit: more than this is refused with errno EFBIG
 * @out:   receives a heap block, yours
 * Returns the bytes read, or -1 with errno.
 */
ssize_t sov_read_all(int fd, size_t limit, char **out);

/* sov_same_bytes - do two open files hold the same bytes? Their offsets are left alone.
 * Returns 1 or 0, or -1 with errno. */
int sov_same_bytes(int a, int b);

/*
 * sov_last_name - the name that a file has at its end: the last component of a path, its links
 * followed. The directories of the path are the kernel's to walk: they need not be readable, nor
 * have an absolute path.
 * @size: bytes at @out
 * Returns 0, or -1 with errno.
 */
int sov_last_name(char *out, size_t size, const char *path);

/* sov_mode_name - what a file is by its st_mode: "regular file", "directory", "link", "fifo",
 * "socket", "character device", "block device"; static. */
const char *sov_mode_name(mode_t mode);

#endif
