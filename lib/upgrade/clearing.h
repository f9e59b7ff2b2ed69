/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_CLEARING_H
#define SOV_UPGRADE_CLEARING_H

#include <stdbool.h>
#include <stddef.h>

#include <sov/step.h>

#include "upgrade/ground.h"

/* struct sov_unwanted - a name that shall go. Borrowed texts. */
struct sov_unwanted {
	const char *name;
	const char *soname; /* the file must bear it; NULL = any library */
	bool link;	    /* only a link is ours to take away */
};

/* enum sov_leave - what becomes of a name that is in the directory. */
enum sov_leave {
	SOV_LEAVE_STAY,
	SOV_LEAVE_GO,
	SOV_LEAVE_TURN, /* a link that leads elsewhere from now on */
};

/* struct sov_leaver - the same of one entry, by its index. */
struct sov_leaver {
	enum sov_leave leave;
	const struct sov_entry *target; /* of TURN */
	const char *why;		/* of what was to go and stays; static; NULL = nothing */
	bool wanted;			/* to go, by its name */
};

/* struct sov_clearing - what is taken away in one directory. Zeroed but for a closed ground = none.
 */
struct sov_clearing {
	struct sov_ground ground;      /* not open: the directory is not there, and holds nothing */
	struct sov_unwanted *unwanted; /* owned; count of them */
	size_t count;
	struct sov_leaver *leaver; /* one for each entry of the libdir */
};

/*
 * sov_clearing_plan - decide what goes; nothing is touched.
 *
 * A soname link to a file that goes is led to the newest file of that soname that stays, or goes;
 * so is a linker name that says the file's own name. Where the file itself bears the soname, a link
 * takes its place. A link that leads to what stays is whoever's that is, and stays, unless linker
 * names are all that shall go. A further link, of library form, that would dangle is an obstacle.
 * Returns 0, or -SOV_E_MISMATCH for a file that is no library or bears another SONAME,
 * -SOV_E_OBSTACLE, also for what is neither file nor link, -SOV_E_NOMEM.
 */
int sov_clearing_plan(struct sov_clearing *clearing, struct sov_err *err);

/* sov_clearing_tell - the same as steps, in the order in which they are made. */
int sov_clearing_tell(const struct sov_clearing *clearing, struct sov_steps *steps,
		      struct sov_err *err);

/* sov_clearing_do - linker names, soname links, then files, so that no link dangles meanwhile. */
int sov_clearing_do(const struct sov_clearing *clearing, struct sov_err *err);
void sov_clearing_release(struct sov_clearing *clearing);

#endif
