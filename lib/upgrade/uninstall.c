/* SPDX-License-Identifier: MIT */
#include <sov/install.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "upgrade/clearing.h"
#include "upgrade/manifest.h"
#include "upgrade/source.h"

/* struct act - one sov_uninstall() on its way. */
struct act {
	const struct sov_uninstall *uninstall;
	struct sov_sources sources;
	struct sov_listing listing;
	struct sov_clearing *clearing;
	size_t count;
	struct sov_steps steps;
};

static int begin(struct act *act, size_t directories, size_t names, struct sov_err *err)
{
	act->clearing = calloc(directories + 1, sizeof(*act->clearing));
	if (act->clearing == NULL)
		return sov_fail_nomem(err, NULL);
	for (size_t i = 0; i < directories; i++) {
		act->clearing[i].ground = (struct sov_ground)SOV_GROUND_CLOSED;
		act->clearing[i].unwanted = calloc(names + 1, sizeof(struct sov_unwanted));
		act->count++;
		if (act->clearing[i].unwanted == NULL)
			return sov_fail_nomem(err, NULL);
	}
	return 0;
}

static void want_away(struct sov_clearing *clearing, const char *name, const char *soname,
		      bool link)
{
	if (name[0] != '\0')
		clearing->unwanted[clearing->count++] = (struct sov_unwanted){name, soname, link};
}

/* The names that sov_install() would have given, of what there is to give. */
static void want_library_away(struct sov_clearing *clearing, const struct sov_names *names,
			      enum sov_component component)
{
	if (component != SOV_COMPONENT_DEV) {
		want_away(clearing, names->real_name, names->soname, false);
		if (strcmp(names->soname, names->real_name) != 0)
			want_away(clearing, names->soname, names->soname, true);
	}
	if (component != SOV_COMPONENT_RUNTIME && strcmp(names->linker_name, names->soname) != 0 &&
	    strcmp(names->linker_name, names->real_name) != 0)
		want_away(clearing, names->linker_name, names->soname, true);
}

/* A directory that is not there holds none of the names; a root that is not there is a mistake. */
static int open_ground(struct act *act, struct sov_ground *ground, const struct sov_place *place,
		       struct sov_err *err)
{
	int rc = sov_ground_open(ground, place, SOV_SITE_REFUSE, &act->steps, err);
	struct sov_site root = {.dirfd = -1};
	struct sov_err ignored;

	if (rc != -SOV_E_SYSTEM || err->sys_errno != ENOENT || ground->site.dirfd >= 0 ||
	    sov_site_open(&root, place->root, place->root != NULL ? "/" : ".", SOV_SITE_REFUSE,
			  &ignored) != 0)
		return rc;
	sov_site_close(&root);
	sov_err_clear(err);
	ground->site.root = place->root;
	ground->site.directory = place->directory;
	return 0;
}

static int open_libraries(struct act *act, struct sov_err *err)
{
	const struct sov_uninstall *uninstall = act->uninstall;
	int rc = sov_sources_open(&act->sources, uninstall->library, uninstall->count, err);

	if (rc == 0)
		rc = begin(act, 1, 3 * uninstall->count, err);
	for (size_t i = 0; rc == 0 && i < act->sources.count; i++)
		if (act->sources.source[i].same_as == NULL)
			want_library_away(&act->clearing[0], &act->sources.source[i].names,
					  uninstall->component);
	return rc == 0 ? open_ground(act, &act->clearing[0].ground, &uninstall->place, err) : rc;
}

static size_t count_directories(const struct sov_listing *listing)
{
	size_t count = 0;

	for (size_t i = 0; i < listing->count; i++)
		count += i == 0 ||
			 strcmp(listing->item[i].directory, listing->item[i - 1].directory) != 0;
	return count;
}

/* One directory of a manifest; *next is moved behind its names. */
static int open_listed(struct act *act, struct sov_clearing *clearing, size_t *next,
		       struct sov_err *err)
{
	const struct sov_listed *item = act->listing.item;
	struct sov_place place = act->uninstall->place;

	place.directory = item[*next].directory;
	for (; *next < act->listing.count; ++*next) {
		if (strcmp(item[*next].directory, place.directory) != 0)
			break;
		want_away(clearing, item[*next].name, NULL, false);
	}
	return open_ground(act, &clearing->ground, &place, err);
}

/* Locks are taken in the order of the listing, which is sorted: no two of us wait in a circle. */
static int open_manifest(struct act *act, struct sov_err *err)
{
	int rc = sov_listing_read(&act->listing, act->uninstall->manifest, err);
	size_t next = 0;

	if (rc == 0)
		rc = begin(act, count_directories(&act->listing), act->listing.count, err);
	for (size_t i = 0; rc == 0 && i < act->count; i++)
		rc = open_listed(act, &act->clearing[i], &next, err);
	return rc;
}

/* All is planned before the first name goes. */
static int run(struct act *act, struct sov_err *err)
{
	int rc = act->uninstall->count > 0 ? open_libraries(act, err) : open_manifest(act, err);

	for (size_t i = 0; rc == 0 && i < act->count; i++)
		rc = sov_clearing_plan(&act->clearing[i], err);
	for (size_t i = 0; rc == 0 && i < act->count; i++)
		rc = sov_clearing_tell(&act->clearing[i], &act->steps, err);
	for (size_t i = 0; rc == 0 && i < act->count && !act->uninstall->place.dry_run; i++)
		rc = sov_clearing_do(&act->clearing[i], err);
	return rc;
}

int sov_uninstall(const struct sov_uninstall *uninstall, struct sov_steps *out, struct sov_err *err)
{
	struct act act = {.uninstall = uninstall};
	int rc = run(&act, err);

	if (rc == 0) {
		*out = act.steps;
		act.steps = (struct sov_steps){0};
	}
	for (size_t i = 0; i < act.count; i++)
		sov_clearing_release(&act.clearing[i]);
	free(act.clearing);
	sov_listing_release(&act.listing);
	sov_sources_release(&act.sources);
	sov_steps_release(&act.steps);
	return rc;
}
