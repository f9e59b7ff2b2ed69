/* SPDX-License-Identifier: MIT */
#include <sov/links.h>

#include <fcntl.h>
#include <unistd.h>

#include <sov/elf.h>

#include "base/mem.h"
#include "base/str.h"
#include "fs/publish.h"
#include "upgrade/ldconfig.h"
#include "upgrade/libdir.h"
#include "upgrade/linkplan.h"
#include "upgrade/unlike.h"

/* A link that survives a power cut must not lead to a file that has not. A link needs nothing. */
static int flush(const struct sov_site *site, const char *name, struct sov_err *err)
{
	sov_autoclose int fd = site->sync ? sov_identity_open(site->dirfd, name, O_NOFOLLOW) : -1;
	char path[SOV_SUBJECT_MAX];

	return fd < 0 || sov_site_flush(fd) == 0
		       ? 0
		       : sov_fail_errno(err, sov_site_path(site, name, path),
					"cannot be written to the disk");
}

/* Make one step. Its path is the site's and one component. */
static int make(const struct sov_site *site, const struct sov_step *step, struct sov_err *err)
{
	const char *name = sov_str_basename(step->path);

	if (step->verb == SOV_STEP_LINK) {
		int code = flush(site, step->target, err);

		return code == 0 ? sov_publish_link(site, name, step->target, err) : code;
	}
	if (step->verb == SOV_STEP_REMOVE)
		return sov_site_remove(site, name, err);
	return 0;
}

/* Make the steps one by one, and keep account of those that are made. */
static int make_all(struct sov_steps *done, const struct sov_site *site,
		    const struct sov_steps *plan, struct sov_err *err)
{
	int code = 0;

	for (size_t i = 0; code == 0 && i < plan->count; i++) {
		code = sov_site_stopped(site, err);
		if (code == 0)
			code = make(site, &plan->step[i], err);
		if (code == 0)
			code = sov_steps_add(done, &plan->step[i], err);
	}
	if (code == 0 && plan->changes > 0)
		code = sov_site_sync(site, err);
	return code;
}

static int take_over(const struct sov_relink *relink, struct sov_site *site, struct sov_err *err)
{
	int code;

	if (relink->place.dry_run)
		return 0;
	code = sov_site_lock(site, relink->place.wait_ms, err);
	if (code == 0)
		sov_site_sweep(site);
	return code;
}

static int work(struct sov_steps *out, const struct sov_relink *relink, const struct sov_site *site,
		struct sov_err *trouble, struct sov_err *err)
{
	struct sov_steps plan = {0};
	struct sov_libdir libdir;
	int code = sov_libdir_read(&libdir, site, NULL, err);

	if (code != 0)
		return code;
	if (libdir.unreadable > 0)
		*trouble = libdir.trouble;
	if (relink->place.dry_run) {
		code = sov_linkplan_make(out, relink, site, &libdir, err);
	} else {
		code = sov_linkplan_make(&plan, relink, site, &libdir, err);
		if (code == 0)
			code = make_all(out, site, &plan, err);
		sov_steps_release(&plan);
	}
	sov_libdir_release(&libdir);
	return code;
}

int sov_relink(const struct sov_relink *relink, struct sov_steps *out, struct sov_err *trouble,
	       struct sov_err *err)
{
	const struct sov_place *place = &relink->place;
	struct sov_site site = {.dirfd = -1, .sync = place->sync, .stop = place->stop};
	int code = sov_site_open(&site, place->root, place->directory, SOV_SITE_REFUSE, err);

	sov_err_clear(trouble);
	if (code == 0)
		code = take_over(relink, &site, err);
	if (code == 0)
		code = work(out, relink, &site, trouble, err);
	sov_site_close(&site);
	return code;
}

/* What it would do, beside what we would. */
static int compare(struct sov_steps *out, const struct sov_relink *relink,
		   const struct sov_site *site, struct sov_err *err)
{
	struct sov_steps prediction = {0}, plan = {0};
	struct sov_ldconfig_rules rules;
	struct sov_libdir libdir;
	int code = sov_libdir_read(&libdir, site, NULL, err);

	if (code != 0)
		return code;
	sov_ldconfig_rules_here(&rules);
	code = sov_ldconfig_predict(&prediction, site, &rules, err);
	if (code == 0)
		code = sov_linkplan_make(&plan, relink, site, &libdir, err);
	if (code == 0)
		code = sov_unlike_append(out, &prediction, &plan, err);
	sov_steps_release(&prediction);
	sov_steps_release(&plan);
	sov_libdir_release(&libdir);
	return code;
}

int sov_relink_ldconfig(const struct sov_relink *relink, struct sov_steps *out, struct sov_err *err)
{
	const struct sov_place *place = &relink->place;
	struct sov_site site = {.dirfd = -1};
	int code = sov_site_open(&site, place->root, place->directory, SOV_SITE_REFUSE, err);

	if (code == 0)
		code = compare(out, relink, &site, err);
	sov_site_close(&site);
	return code;
}
