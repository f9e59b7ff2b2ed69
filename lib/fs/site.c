/* SPDX-License-Identifier: MIT */
#include "fs/site.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"

enum {
	LOCK_NAP_MS = 1,       /* a set of links takes well under a millisecond; ... */
	LOCK_LONG_NAP_MS = 10, /* ... whatever takes longer may take long */
	LOCK_LONG_AFTER_MS = 10,
};

/* Put a part of a path behind those before it. */
static void append(char path[SOV_SUBJECT_MAX], const char *part)
{
	size_t n = strlen(path);
	const char *slash = n == 0 || part[0] == '\0' || path[n - 1] == '/' ? "" : "/";

	if (n > 0)
		part += strspn(part, "/");
	(void)sov_str_format(path + n, SOV_SUBJECT_MAX - n, "%s%s", slash, part);
}

const char *sov_site_path(const struct sov_site *site, const char *name, char out[SOV_SUBJECT_MAX])
{
	out[0] = '\0';
	append(out, site->root != NULL ? site->root : "");
	append(out, site->directory != NULL ? site->directory : "");
	append(out, name);
	return out;
}

int sov_site_stopped(const struct sov_site *site, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];

	if (site->stop == NULL || *site->stop == 0)
		return 0;
	errno = EINTR;
	return sov_fail_errno(err, sov_site_path(site, "", path), "given up");
}

void sov_site_close(struct sov_site *site)
{
	if (site->dirfd < 0)
		return;
	sov_site_unlock(site);
	(void)close(site->dirfd);
	site->dirfd = -1;
}

static int lock_is_held(const struct sov_site *site, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];

	sov_fail(err, SOV_E_OBSTACLE, sov_site_path(site, "", path),
		 "somebody else keeps the lock of this directory");
	return sov_fix(err, "wait for the other sov, sovcc or flock that works here (lslocks shows "
			    "who), then try again");
}

int sov_site_lock(struct sov_site *site, unsigned wait_ms, struct sov_err *err)
{
	unsigned waited = 0, nap;

	for (;;) {
		if (flock(site->dirfd, LOCK_EX | LOCK_NB) == 0) {
			site->locked = true;
			return 0;
		}
		if (errno != EWOULDBLOCK && errno != EINTR)
			return 0;
		if (sov_site_stopped(site, err) != 0)
			return -SOV_E_SYSTEM;
		if (waited >= wait_ms)
			return lock_is_held(site, err);
		nap = waited < LOCK_LONG_AFTER_MS ? LOCK_NAP_MS : LOCK_LONG_NAP_MS;
		nanosleep(&(struct timespec){.tv_nsec = nap * 1000000L}, NULL);
		waited += nap;
	}
}

void sov_site_unlock(struct sov_site *site)
{
	if (site->locked)
		(void)flock(site->dirfd, LOCK_UN);
	site->locked = false;
}

int sov_site_flush(int fd)
{
	int rc;

	do
		rc = fsync(fd);
	while (rc != 0 && errno == EINTR);
	if (rc != 0 && (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP))
		rc = 0;
	return rc;
}

int sov_site_sync(const struct sov_site *site, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];

	if (!site->sync || sov_site_flush(site->dirfd) == 0)
		return 0;
	return sov_fail_errno(err, sov_site_path(site, "", path), "cannot be synced to the disk");
}

int sov_site_remove(const struct sov_site *site, const char *name, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];

	if (unlinkat(site->dirfd, name, 0) == 0 || errno == ENOENT)
		return 0;
	return sov_fail_errno(err, sov_site_path(site, name, path), "cannot be removed");
}
