/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_GROUND_H
#define SOV_UPGRADE_GROUND_H

#include <stdbool.h>

#include <sov/install.h>
#include <sov/step.h>

#include "fs/site.h"
#include "upgrade/libdir.h"

/* struct sov_ground - the directory of an act, open, locked, swept, and what is in it. */
struct sov_ground {
	struct sov_site site; /* dirfd < 0: it is not there, and nothing is made in a dry run */
	struct sov_libdir libdir;
	struct sov_curiosity curiosity; /* set by whoever opens it; zeroed = all */
};

#define SOV_GROUND_CLOSED                                                                          \
	{                                                                                          \
		.site = {.dirfd = -1 }                                                             \
	}

/*
 * sov_ground_open - open a place, take its lock, sweep it, and look at it. In a dry run: only open
 * and look.
 * @missing: what to do when the directory is not there
 * @steps:   told when it is, or would be, made, and when there are no locks to be had
 * Returns 0, or -code as sov_site_open(), sov_site_lock() and sov_libdir_read();
 * sov_ground_close() in any case.
 */
int sov_ground_open(struct sov_ground *ground, const struct sov_place *place,
		    enum sov_site_missing missing, struct sov_steps *steps, struct sov_err *err);
void sov_ground_close(struct sov_ground *ground);

/* sov_ground_step - append a step about a name in the directory; the texts may be NULL. */
int sov_ground_step(const struct sov_ground *ground, struct sov_steps *steps, enum sov_verb verb,
		    const char *name, const struct sov_step *texts, struct sov_err *err);

/* sov_ground_obstacle - something stands where @what must go. Returns -SOV_E_OBSTACLE. */
int sov_ground_obstacle(const struct sov_ground *ground, const struct sov_entry *entry,
			const char *message, const char *expected, struct sov_err *err);

/* sov_entry_circles - is it a link that leads in a circle, as far as this directory goes? */
bool sov_entry_circles(const struct sov_libdir *libdir, const struct sov_entry *entry);

#endif
