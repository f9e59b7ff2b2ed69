/* SPDX-License-Identifier: MIT */
/*
 * install - several libraries put into one directory as one act.
 *
 * What can be refused is refused, and what can run out (space, descriptors) runs out, before the
 * first name is touched. The order, and what a crash after each step leaves:
 *
 *	1. identify every source	nothing
 *	2. open, lock, sweep, read	the directory, if it was not there
 *	3. plan every name		nothing
 *	4. draft every real file	nothing (O_TMPFILE), or a stray .sov-file-*, .sov-strip
 *	5. rename each real file	the new files are there, whole; every link leads as before,
 *	   over its name		to the old file or, where the real name stayed, the new
 *	6. fsync the directory		as 5, whatever the power does
 *	7. rename each soname link	each is old or new, and leads to a file that is there
 *	8. rename each linker name	the same
 *	9. fsync the directory		the new state
 *	10. read every name back	the new state
 *	11. write the manifest		the new state, without it
 *
 * An error leaves what a crash leaves, less the strays, and less a new real file to which no link
 * leads yet.
 *
 * The old real file is left alone: a program that is starting may have read the old link and not
 * yet opened what it names. `sov prune` takes it away when nobody needs it.
 *
 * Links come after the files of all libraries, so that none ever leads to what is not there; the
 * linker name comes last, since it may lead to the soname link. Between two renames one library is
 * new and another old: no system call renames two names at once.
 */
#include <sov/install.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sov/publish.h>

#include "base/io.h"
#include "base/mem.h"
#include "fs/backup.h"
#include "fs/publish.h"
#include "upgrade/ground.h"
#include "upgrade/manifest.h"
#include "upgrade/plan.h"
#include "upgrade/prepare.h"
#include "upgrade/source.h"

/* struct act - one sov_install() on its way. */
struct act {
	const struct sov_install *install;
	struct sov_sources sources;
	struct sov_ground ground;
	struct sov_plan plan;
	struct sov_steps steps;
	struct sov_manifest manifest;
};

static int prepare_all(struct act *act, struct sov_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < act->plan.count; i++) {
		rc = sov_site_stopped(&act->ground.site, err);
		if (rc == 0)
			rc = sov_prepare(&act->plan.placement[i], act->install, &act->ground.site,
					 err);
	}
	return rc;
}

static int publish_real(struct act *act, struct sov_placement *placement, struct sov_err *err)
{
	const struct sov_site *site = &act->ground.site;
	struct sov_err ignored;
	int rc = 0;

	if (placement->real.fate != SOV_FATE_MAKE)
		return 0;
	if (placement->backup[0] != '\0')
		rc = sov_backup_make(site, placement->real.name, placement->backup, err);
	if (rc != 0)
		return rc;
	rc = sov_publish_draft(&placement->draft, site, placement->real.name, err);
	if (rc != 0 && placement->backup[0] != '\0')
		(void)sov_site_remove(site, placement->backup, &ignored);
	return rc;
}

static int publish_link(const struct act *act, const struct sov_planned *link, struct sov_err *err)
{
	int rc = sov_site_stopped(&act->ground.site, err);

	if (rc == 0 && link->fate == SOV_FATE_MAKE)
		rc = sov_publish_link(&act->ground.site, link->name, link->target, err);
	return rc;
}

static int publish_reals(struct act *act, struct sov_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < act->plan.count; i++) {
		rc = sov_site_stopped(&act->ground.site, err);
		if (rc == 0)
			rc = publish_real(act, &act->plan.placement[i], err);
	}
	return rc == 0 ? sov_site_sync(&act->ground.site, err) : rc;
}

static bool leads_to(const struct act *act, const struct sov_planned *link, const char *name)
{
	char found[SOV_NAME_MAX + 1];
	ssize_t n = readlinkat(act->ground.site.dirfd, link->name, found, sizeof(found));

	return n == (ssize_t)strlen(name) && memcmp(found, name, (size_t)n) == 0;
}

/* The number of a file that somebody took away may be given to the next: its number is not all. */
static bool is_bearer(const struct sov_placement *placement, const struct stat *st)
{
	const struct stat *bearer = &placement->bearer;

	return st->st_dev == bearer->st_dev && st->st_ino == bearer->st_ino &&
	       st->st_uid == bearer->st_uid && st->st_size == bearer->st_size &&
	       st->st_mtim.tv_sec == bearer->st_mtim.tv_sec &&
	       st->st_mtim.tv_nsec == bearer->st_mtim.tv_nsec;
}

/* Has it put a file under a new name, to which its soname link does not lead yet? */
static bool is_stranded(const struct act *act, const struct sov_placement *placement)
{
	const struct sov_planned *real = &placement->real;
	struct stat st;

	return real->fate == SOV_FATE_MAKE && real->was == NULL &&
	       placement->soname.fate == SOV_FATE_MAKE &&
	       !leads_to(act, &placement->soname, real->name) &&
	       fstatat(act->ground.site.dirfd, real->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       is_bearer(placement, &st);
}

/* The names could not all be made. What is stranded goes again: the next ldconfig would make it the
 * one that counts. */
static void withdraw(const struct act *act)
{
	struct sov_err ignored;

	for (size_t i = 0; i < act->plan.count; i++)
		if (is_stranded(act, &act->plan.placement[i]))
			(void)sov_site_remove(&act->ground.site, act->plan.placement[i].real.name,
					      &ignored);
}

static int publish_links(const struct act *act, struct sov_err *err)
{
	const struct sov_placement *placement = act->plan.placement;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < act->plan.count; i++)
		rc = publish_link(act, &placement[i].soname, err);
	for (size_t i = 0; rc == 0 && i < act->plan.count; i++)
		rc = publish_link(act, &placement[i].linker, err);
	return rc == 0 ? sov_site_sync(&act->ground.site, err) : rc;
}

static int fail_read_back(const struct act *act, const char *name, const char *want,
			  struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];

	sov_fail(err, SOV_E_OBSTACLE, sov_site_path(&act->ground.site, name, path),
		 "does not stay as it was made");
	sov_expected(err, "%s", want);
	return sov_fix(err, "look for another program that works on this directory");
}

/*
 * Is it the file that was put there, or, where somebody else has put another meanwhile, one of the
 * same bytes? Two runs on a file system without locks do that; so would the owner of the directory.
 */
static bool is_ours(const struct act *act, const struct sov_placement *placement, int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && is_bearer(placement, &st))
		return true;
	return act->install->strip == NULL && sov_same_bytes(fd, placement->source->fd) == 1;
}

static int read_real_back(const struct act *act, const struct sov_placement *placement,
			  struct sov_err *err)
{
	const char *soname = placement->source->names.soname;
	const struct sov_planned *real = &placement->real;
	char path[SOV_SUBJECT_MAX];
	sov_autoclose int fd = -1;
	struct sov_identity identity = {0};
	int rc;

	if (real->fate == SOV_FATE_NONE)
		return 0;
	fd = sov_identity_open(act->ground.site.dirfd, real->name, O_NOFOLLOW);
	sov_site_path(&act->ground.site, real->name, path);
	if (fd < 0)
		return sov_fail_errno(err, path, "cannot be read back");
	rc = sov_identity_read(&identity, fd, path, err);
	if (rc == 0 && (identity.soname == NULL || strcmp(identity.soname, soname) != 0 ||
			!is_ours(act, placement, fd)))
		rc = fail_read_back(act, real->name, "the file that was put there", err);
	sov_identity_release(&identity);
	return rc;
}

/* One that `ldconfig -n` has taken away, to make it anew, is made again: it means no harm. One that
 * leads elsewhere now is somebody's who may be right, a newer version's perhaps: it stays. */
static int read_link_back(const struct act *act, const struct sov_planned *link,
			  struct sov_err *err)
{
	const struct sov_site *site = &act->ground.site;
	struct stat st;
	int rc = 0;

	if ((link->fate != SOV_FATE_MAKE && link->fate != SOV_FATE_SAME) ||
	    leads_to(act, link, link->target))
		return 0;
	if (fstatat(site->dirfd, link->name, &st, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT) {
		rc = sov_publish_link(site, link->name, link->target, err);
		if (rc == 0)
			rc = sov_site_sync(site, err);
	}
	if (rc != 0 || leads_to(act, link, link->target))
		return rc;
	return fail_read_back(act, link->name, link->target, err);
}

static int read_back(const struct act *act, struct sov_err *err)
{
	const struct sov_placement *placement = act->plan.placement;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < act->plan.count; i++) {
		rc = read_real_back(act, &placement[i], err);
		if (rc == 0)
			rc = read_link_back(act, &placement[i].soname, err);
		if (rc == 0)
			rc = read_link_back(act, &placement[i].linker, err);
	}
	return rc;
}

static int list_name(struct act *act, const struct sov_planned *planned, struct sov_err *err)
{
	if (planned->fate != SOV_FATE_MAKE && planned->fate != SOV_FATE_SAME)
		return 0;
	return sov_manifest_add(&act->manifest, planned->name, err);
}

/* Made before anything is published: what can't be listed is not installed. */
static int list_names(struct act *act, struct sov_err *err)
{
	const struct sov_placement *placement = act->plan.placement;
	int rc;

	if (act->install->manifest == NULL)
		return 0;
	rc = sov_manifest_check(act->install->manifest, err);
	if (rc == 0)
		rc = sov_manifest_begin(&act->manifest, &act->install->place, err);
	for (size_t i = 0; rc == 0 && i < act->plan.count; i++) {
		rc = list_name(act, &placement[i].real, err);
		if (rc == 0)
			rc = list_name(act, &placement[i].soname, err);
		if (rc == 0)
			rc = list_name(act, &placement[i].linker, err);
	}
	return rc;
}

static int publish(struct act *act, struct sov_err *err)
{
	int rc = list_names(act, err);

	if (rc == 0)
		rc = publish_reals(act, err);
	if (rc == 0)
		rc = publish_links(act, err);
	if (rc != 0)
		withdraw(act);
	if (rc == 0)
		rc = read_back(act, err);
	if (rc == 0 && act->install->manifest != NULL)
		rc = sov_publish_text(act->install->manifest, act->manifest.text,
				      act->manifest.size, err);
	return rc;
}

static int run(struct act *act, struct sov_err *err)
{
	const struct sov_install *install = act->install;
	int rc = sov_sources_open(&act->sources, install->library, install->count, err);

	act->ground.curiosity = (struct sov_curiosity){sov_sources_curious, &act->sources};
	if (rc == 0)
		rc = sov_ground_open(&act->ground, &install->place, SOV_SITE_CREATE, &act->steps,
				     err);
	if (rc == 0)
		rc = sov_plan_make(&act->plan, install, &act->sources, &act->ground, err);
	if (rc == 0)
		rc = prepare_all(act, err);
	if (rc == 0)
		rc = sov_plan_tell(&act->plan, &act->sources, &act->ground, &act->steps, err);
	if (rc == 0 && !install->place.dry_run)
		rc = publish(act, err);
	return rc;
}

int sov_install(const struct sov_install *install, struct sov_steps *out, struct sov_err *err)
{
	struct act act = {.install = install, .ground = SOV_GROUND_CLOSED};
	int rc = run(&act, err);

	if (rc == 0) {
		*out = act.steps;
		act.steps = (struct sov_steps){0};
	}
	sov_plan_release(&act.plan, &act.ground.site);
	sov_ground_close(&act.ground);
	sov_sources_release(&act.sources);
	sov_steps_release(&act.steps);
	sov_manifest_release(&act.manifest);
	return rc;
}
