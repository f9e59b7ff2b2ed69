/* SPDX-License-Identifier: MIT */
#ifndef SOV_FS_SITE_H
#define SOV_FS_SITE_H

#include <signal.h>
#include <stdbool.h>

#include <sov/err.h>

/*
 * struct sov_site - one directory, opened once, in which names are made and taken away. Everything
 * is done by the descriptor and one component: whoever swaps a parent for a link meanwhile moves
 * the path, not us.
 *
 * Zeroed but for dirfd = -1 is "not open". Texts are borrowed.
 */
struct sov_site {
	int dirfd;
	const char *root;      /* as the user wrote it; NULL or "" = none; for messages */
	const char *directory; /* as the user wrote it, below the root; for messages; "" = the
				  current one */
	bool locked;	       /* by us, with flock(2) */
	bool sync;	       /* what is published shall survive a power cut */
	const volatile sig_atomic_t
		*stop; /* not NULL and not 0: give up between two steps, clean up */
};

/* enum sov_site_missing - what to do when the directory is not there. */
enum sov_site_missing {
	SOV_SITE_REFUSE,
	SOV_SITE_CREATE, /* make it, its parents and the root */
};

/*
 * sov_site_open - open a directory below a root, so that no link, planted before or meanwhile,
 * leads out of it.
 *
 * By openat2(2), RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS: an absolute link leads to below the
 * root, as it will when the root is the system's. Where the kernel or a filter lacks that (ENOSYS,
 * EPERM, EINVAL), component by component, O_NOFOLLOW, links followed by hand from the root. Called
 * by way of syscall(3), so that what wraps the C library can refuse it.
 *
 * A directory that is made has mode 0755 whatever the umask, the set-group-ID bit of its parent,
 * and the default ACL of its parent, as every directory has. It is synced into its parent when
 * site->sync. It stays when what follows fails. None is made where a dangling link leads.
 * @site:      dirfd, root and directory are filled; sync and stop stay as they are
 * @root:      "" or NULL = none: the directory is found as open(2) finds it, and so is the root
 * @directory: with a root, relative to it, a leading '/' or not
 * Returns 0; sov_site_close() gives it back. Or -SOV_E_SYSTEM, -SOV_E_OBSTACLE (something that is
 * no directory is in the way, or links that lead in a circle).
 * Source: openat2(2).
 */
int sov_site_open(struct sov_site *site, const char *root, const char *directory,
		  enum sov_site_missing missing, struct sov_err *err);

/* sov_site_stopped - was the work told to stop? Returns 0, or -SOV_E_SYSTEM with EINTR. */
int sov_site_stopped(const struct sov_site *site, struct sov_err *err);

/* sov_site_close - unlock and close; one that is not open is fine. */
void sov_site_close(struct sov_site *site);

/*
 * sov_site_lock - take flock(2) on the directory, for at most wait_ms.
 *
 * Sets site->locked. A file system without locks is no error: site->locked stays false.
 * Returns 0, -SOV_E_OBSTACLE when somebody else kept it all that time, or -SOV_E_SYSTEM when the
 * work was told to stop.
 */
int sov_site_lock(struct sov_site *site, unsigned wait_ms, struct sov_err *err);
void sov_site_unlock(struct sov_site *site);

/*
 * sov_site_sweep - take away what a killed run has left: with the lock, every temporary name that
 * is only used under the lock; with it and without, those of nobody's lock that have not changed
 * for an hour. Of a directory, mode 0700 and our own, what is in it goes as well. What we could not
 * have made stays. Never an error.
 */
void sov_site_sweep(const struct sov_site *site);

/*
 * sov_site_empty - take away all that is in a directory of ours, directories to a depth of 16;
 * links in it are not followed. What can't be taken away stays.
 */
void sov_site_empty(int dirfd);

/* sov_site_sync - fsync the directory when site->sync; a file system that can't is no error.
 * Returns 0 or -SOV_E_SYSTEM. */
int sov_site_sync(const struct sov_site *site, struct sov_err *err);

/* sov_site_flush - fsync(2); a file system that can't is no error. Returns 0, or -1 with errno. */
int sov_site_flush(int fd);

/* sov_site_path - the path of a name for messages: root, directory, name. @name: "" = of the
 * directory itself. Returns @out. */
const char *sov_site_path(const struct sov_site *site, const char *name, char out[SOV_SUBJECT_MAX]);

/* sov_site_remove - unlink a name; one that is not there is fine. Returns 0 or -SOV_E_SYSTEM. */
int sov_site_remove(const struct sov_site *site, const char *name, struct sov_err *err);

#endif
