/* SPDX-License-Identifier: MIT */
#ifndef SOV_FS_COPY_H
#define SOV_FS_COPY_H

#include <signal.h>

/*
 * sov_copy_bytes - copy all bytes of one open file to the beginning of another, empty one: by
 * reflink, else in the kernel, else by read and write. No offset is used or moved.
 *
 * @stop: not NULL: looked at now and then; EINTR when it is not 0
 * Returns 0, or -1 with errno; EAGAIN when the source has changed meanwhile.
 * Source: ioctl_ficlone(2), copy_file_range(2) with its errors that mean "not here".
 */
int sov_copy_bytes(int to, int from, const volatile sig_atomic_t *stop);

#endif
