/* SPDX-License-Identifier: MIT */
#include "fs/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

int sov_backup_name(char out[SOV_NAME_MAX], const struct sov_site *site, const char *name,
		    struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];
	struct stat st;

	for (unsigned n = 1;; n++) {
		if (!sov_str_format(out, SOV_NAME_MAX, ".%s.~%u~", name, n)) {
			errno = ENAMETOOLONG;
			break;
		}
		if (fstatat(site->dirfd, out, &st, AT_SYMLINK_NOFOLLOW) == 0)
			continue;
		if (errno == ENOENT)
			return 0;
		break;
	}
	return sov_fail_errno(err, sov_site_path(site, name, path), "no name for a backup of it");
}

int sov_backup_make(const struct sov_site *site, const char *name, const char *backup,
		    struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];

	if (linkat(site->dirfd, name, site->dirfd, backup, 0) == 0)
		return 0;
	return sov_fail_errno(err, sov_site_path(site, backup, path), "cannot make the backup");
}
