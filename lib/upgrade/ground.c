/* SPDX-License-Identifier: MIT */
#include "upgrade/ground.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "fs/tree.h"

int sov_ground_step(const struct sov_ground *ground, struct sov_steps *steps, enum sov_verb verb,
		    const char *name, const struct sov_step *texts, struct sov_err *err)
{
	struct sov_step step = texts != NULL ? *texts : (struct sov_step){0};
	char path[SOV_SUBJECT_MAX];

	sov_site_path(&ground->site, name, path);
	step.verb = verb;
	step.path = path;
	return sov_steps_add(steps, &step, err);
}

int sov_ground_obstacle(const struct sov_ground *ground, const struct sov_entry *entry,
			const char *message, const char *expected, struct sov_err *err)
{
	static const char *const words[] = {
		[SOV_ENTRY_FILE] = "a regular file",
		[SOV_ENTRY_LINK] = "a link",
		[SOV_ENTRY_DIRECTORY] = "a directory",
		[SOV_ENTRY_OTHER] = "neither file, link nor directory",
	};
	char path[SOV_SUBJECT_MAX];

	sov_fail(err, SOV_E_OBSTACLE, sov_site_path(&ground->site, entry->name, path), "%s",
		 message);
	sov_expected(err, "%s", expected);
	sov_found(err, "%s%s%s", words[entry->type], entry->target != NULL ? " to " : "",
		  entry->target != NULL ? entry->target : "");
	return sov_fix(err, "move it away, then try again");
}

bool sov_entry_circles(const struct sov_libdir *libdir, const struct sov_entry *entry)
{
	for (int hops = 0; hops < SOV_LINKS_MAX; hops++) {
		if (entry->beside == NULL)
			return false;
		entry = sov_libdir_find(libdir, entry->beside);
		if (entry == NULL)
			return false;
	}
	return true;
}

static int open_directory(struct sov_ground *ground, const struct sov_place *place,
			  enum sov_site_missing missing, struct sov_steps *steps,
			  struct sov_err *err)
{
	int rc = sov_site_open(&ground->site, place->root, place->directory, SOV_SITE_REFUSE, err);

	if (rc != -SOV_E_SYSTEM || err->sys_errno != ENOENT || missing == SOV_SITE_REFUSE)
		return rc;
	ground->site.root = place->root;
	ground->site.directory = place->directory;
	rc = sov_ground_step(ground, steps, SOV_STEP_MKDIR, "", NULL, err);
	if (rc != 0 || place->dry_run)
		return rc;
	return sov_site_open(&ground->site, place->root, place->directory, SOV_SITE_CREATE, err);
}

static int lock(struct sov_ground *ground, const struct sov_place *place, struct sov_steps *steps,
		struct sov_err *err)
{
	static const struct sov_step lockless = {
		.why = (char *)"no locks on this file system: going on without",
	};
	int rc = sov_site_lock(&ground->site, place->wait_ms, err);

	if (rc == 0 && !ground->site.locked)
		rc = sov_ground_step(ground, steps, SOV_STEP_KEEP, "", &lockless, err);
	if (rc == 0)
		sov_site_sweep(&ground->site);
	return rc;
}

int sov_ground_open(struct sov_ground *ground, const struct sov_place *place,
		    enum sov_site_missing missing, struct sov_steps *steps, struct sov_err *err)
{
	int rc;

	ground->site.sync = place->sync;
	ground->site.stop = place->stop;
	rc = open_directory(ground, place, missing, steps, err);
	if (rc != 0 || ground->site.dirfd < 0)
		return rc;
	if (!place->dry_run)
		rc = lock(ground, place, steps, err);
	if (rc != 0)
		return rc;
	return sov_libdir_read(&ground->libdir, &ground->site, &ground->curiosity, err);
}

void sov_ground_close(struct sov_ground *ground)
{
	sov_libdir_release(&ground->libdir);
	sov_site_close(&ground->site);
}
