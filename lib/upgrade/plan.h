/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_PLAN_H
#define SOV_UPGRADE_PLAN_H

#include <stddef.h>
#include <sys/stat.h>

#include <sov/install.h>

#include "fs/draft.h"
#include "upgrade/ground.h"
#include "upgrade/source.h"

/* enum sov_fate - what becomes of one name. */
enum sov_fate {
	SOV_FATE_NONE, /* it is no concern of this act */
	SOV_FATE_MAKE, /* it is made, or replaced */
	SOV_FATE_SAME, /* it is as it should be already */
	SOV_FATE_KEEP, /* it is not, and stays */
};

/* struct sov_planned - one name of a library, and what becomes of it. */
struct sov_planned {
	enum sov_fate fate;
	const char *name;	     /* borrowed from the source's names */
	const char *target;	     /* of a link that is made, the same; else NULL */
	const struct sov_entry *was; /* what bears the name now; NULL = nothing */
	char why[SOV_NAME_MAX + 64]; /* of what is kept */
};

/* struct sov_placement - one library on its way into a directory. */
struct sov_placement {
	const struct sov_source *source;
	struct sov_planned real, soname, linker;
	char backup[SOV_NAME_MAX]; /* second name of the file that is replaced; "" = none */
	struct sov_draft draft;
	/* The file that bears the real name, or will bear it: which it is, to know it again by. */
	struct stat bearer;
};

/* struct sov_plan - all placements of an act. Zeroed = none. */
struct sov_plan {
	struct sov_placement *placement;
	size_t count;
};

/*
 * sov_plan_make - decide for every library what becomes of each name; nothing is touched.
 *
 * Whether a real file is the same already is not seen yet: it is planned to be made.
 * Returns 0, or -code as sov_install() has them for obstacles, a newer version that is there, and
 * one name for two; sov_plan_release() in any case.
 */
int sov_plan_make(struct sov_plan *plan, const struct sov_install *install,
		  const struct sov_sources *sources, const struct sov_ground *ground,
		  struct sov_err *err);
void sov_plan_release(struct sov_plan *plan, const struct sov_site *site);

/* sov_plan_tell - the plan as steps, in the order in which they are made. */
int sov_plan_tell(const struct sov_plan *plan, const struct sov_sources *sources,
		  const struct sov_ground *ground, struct sov_steps *steps, struct sov_err *err);

/* sov_leads_to_soname - does a link lead to this soname, by its words or by where it ends? */
bool sov_leads_to_soname(const struct sov_entry *link, const char *soname);

#endif
