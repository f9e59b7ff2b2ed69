/* SPDX-License-Identifier: MIT */
#include "upgrade/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "fs/workdir.h"

/* Whose a new file is when nobody says: only then is one of somebody else's not the same. */
static struct sov_attributes attributes_of(const struct sov_install *install)
{
	return (struct sov_attributes){install->mode, install->uid, install->gid};
}

static bool same_attributes(const struct stat *st, const struct sov_install *install)
{
	uid_t uid = install->uid != (uid_t)-1 ? install->uid : geteuid();

	return (st->st_mode & 07777) == install->mode && st->st_uid == uid &&
	       (install->gid == (gid_t)-1 || st->st_gid == install->gid);
}

static int remember(struct sov_placement *placement, int fd, struct sov_err *err)
{
	if (fstat(fd, &placement->bearer) == 0)
		return 0;
	return sov_fail_errno(err, placement->source->library->path, "cannot look at its copy");
}

/*
 * Is the file that bears the name the one we would put there? One that is, but was written without
 * sync, is synced now.
 * Returns 1 or 0, or -SOV_E_SYSTEM.
 */
static int is_the_same(struct sov_placement *placement, const struct sov_install *install,
		       const struct sov_site *site, int content, struct sov_err *err)
{
	const char *name = placement->source->names.real_name;
	char path[SOV_SUBJECT_MAX];
	sov_autoclose int fd = sov_identity_open(site->dirfd, name, O_NOFOLLOW);
	struct stat st;
	int same;

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || !same_attributes(&st, install))
		return 0;
	same = sov_same_bytes(fd, content);
	if (same < 0)
		return sov_fail_errno(err, sov_site_path(site, name, path), "cannot be compared");
	if (same == 1 && site->sync && !install->place.dry_run && sov_site_flush(fd) != 0)
		return sov_fail_errno(err, sov_site_path(site, name, path),
				      "cannot be synced to the disk");
	placement->bearer = st;
	return same;
}

/* A draft, or what strip has made, says of itself what its source said. */
static int verify(int fd, const struct sov_placement *placement, const char *message,
		  struct sov_err *err)
{
	const char *path = placement->source->library->path;
	const char *want = placement->source->names.soname;
	struct sov_identity identity = {0};
	int rc = sov_identity_read(&identity, fd, path, err);

	if (rc == 0 && (identity.kind != SOV_KIND_LIBRARY || identity.soname == NULL ||
			strcmp(identity.soname, want) != 0)) {
		sov_fail(err, SOV_E_SYSTEM, path, "%s", message);
		sov_expected(err, "a shared library, SONAME %s", want);
		rc = sov_found(err, "%s, %s%s", sov_kind_name(identity.kind),
			       identity.soname != NULL ? "SONAME " : "no SONAME",
			       identity.soname != NULL ? identity.soname : "");
	}
	sov_identity_release(&identity);
	return rc;
}

static int make_draft(struct sov_placement *placement, const struct sov_install *install,
		      const struct sov_site *site, int content, struct sov_err *err)
{
	const struct sov_attributes attributes = attributes_of(install);
	struct sov_draft *draft = &placement->draft;
	int rc = sov_draft_open(draft, site, err);

	if (rc == 0)
		rc = sov_draft_copy(draft, site, content, placement->source->library->path, err);
	if (rc == 0)
		rc = sov_draft_settle(draft, site, &attributes, err);
	if (rc == 0)
		rc = remember(placement, draft->fd, err);
	return rc == 0 ? verify(draft->fd, placement, "its copy is not what it was", err) : rc;
}

static int prepare_from(struct sov_placement *placement, const struct sov_install *install,
			const struct sov_site *site, int content, struct sov_err *err)
{
	int same = 0;

	if (placement->real.was != NULL)
		same = is_the_same(placement, install, site, content, err);
	if (same < 0)
		return same;
	if (same == 1)
		placement->real.fate = SOV_FATE_SAME;
	if (same == 1 || install->place.dry_run)
		return 0;
	return make_draft(placement, install, site, content, err);
}

/* What strip leaves, open; its own name, for strip(1) may have replaced the file. */
static int strip_in(const struct sov_workdir *workdir, int *out,
		    const struct sov_placement *placement, const struct sov_install *install,
		    const struct sov_site *site, struct sov_err *err)
{
	const char *path = placement->source->library->path;
	const char *name = placement->source->names.real_name;
	int rc = sov_workdir_copy(workdir, site, name, placement->source->fd, path, err);

	if (rc == 0)
		rc = install->strip(install->data, workdir->fd, name, err);
	if (rc != 0)
		return rc;
	*out = sov_identity_open(workdir->fd, name, O_NOFOLLOW);
	if (*out < 0)
		return sov_fail_errno(err, path, "cannot open what strip has left");
	return verify(*out, placement, "strip has made something else of it", err);
}

static int prepare_stripped(struct sov_placement *placement, const struct sov_install *install,
			    const struct sov_site *site, struct sov_err *err)
{
	struct sov_workdir workdir = {.fd = -1};
	sov_autoclose int content = -1;
	int rc = sov_workdir_open(&workdir, site, err);

	if (rc == 0)
		rc = strip_in(&workdir, &content, placement, install, site, err);
	if (rc == 0)
		rc = prepare_from(placement, install, site, content, err);
	sov_workdir_discard(&workdir, site);
	return rc;
}

int sov_prepare(struct sov_placement *placement, const struct sov_install *install,
		const struct sov_site *site, struct sov_err *err)
{
	if (placement->real.fate != SOV_FATE_MAKE)
		return 0;
	if (install->strip == NULL)
		return prepare_from(placement, install, site, placement->source->fd, err);
	return install->place.dry_run ? 0 : prepare_stripped(placement, install, site, err);
}
