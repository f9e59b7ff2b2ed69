/* SPDX-License-Identifier: MIT */
#ifndef SOV_FS_BELOW_H
#define SOV_FS_BELOW_H

#include <stdbool.h>

/*
 * sov_below_open - open a directory below another one, which no link, "..", or exchange of names
 * meanwhile leads out of: "/" in a link is @rootfd, and ".." stays there.
 *
 * @rootfd: a directory, O_PATH will do; AT_FDCWD = there is no root: the path is the system's
 * @path:   with a root, a leading '/' or not; "" = the root, or the current directory
 * @flags:  O_RDONLY or O_PATH; O_DIRECTORY and O_CLOEXEC are added
 * Returns a descriptor >= 0, for the caller to close, or -1 with errno.
 * Source: openat2(2), RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS; path_resolution(7).
 */
int sov_below_open(int rootfd, const char *path, int flags);

/* sov_below_open_by_hand - the same without openat2(2): for kernels and filters without it. */
int sov_below_open_by_hand(int rootfd, const char *path, int flags);

/*
 * sov_below_make - make a directory and what is missing of the way to it, as `mkdir -p` does, mode
 * 0755 whatever the umask; one that is there stays as it is.
 *
 * @sync: fsync each directory in which one was made
 * Returns 0, or -1 with errno: EEXIST = a dangling link is in the way.
 */
int sov_below_make(int rootfd, const char *path, bool sync);

#endif
