/* SPDX-License-Identifier: MIT */
#ifndef SOV_STEP_H
#define SOV_STEP_H

#include <stddef.h>

#include <sov/err.h>

#ifdef __cplusplus
extern "C" {
#endif

/* enum sov_verb - what a step does to one name. */
enum sov_verb {
	SOV_STEP_MKDIR,	  /* make a directory */
	SOV_STEP_BACKUP,  /* give the old file a second name, `target` */
	SOV_STEP_INSTALL, /* put a file */
	SOV_STEP_LINK,	  /* make a link, or lead it elsewhere */
	SOV_STEP_REMOVE,  /* take a name away */
	SOV_STEP_KEEP,	  /* leave it as it is, on purpose; `why` says why */
	SOV_STEP_REFUSE,  /* wanted, and not done: it would be unsafe or wrong; `why` says why */
};

/* sov_verb_name - "mkdir", "backup", "install", "link", "remove", "keep", "refuse"; static. */
SOV_PUBLIC const char *sov_verb_name(enum sov_verb verb);

/* struct sov_step - one change to a tree, planned or done. Raw bytes, owned by the list; NULL where
 * nothing is said. */
struct sov_step {
	enum sov_verb verb;
	char *path;   /* as messages show it: the directory as the user wrote it, and the name */
	char *target; /* of a link: what it says; of a backup: its path */
	char *was;    /* of a link: what it said before */
	char *why;
};

/* struct sov_steps - what an act does, in its order. Zeroed = nothing. Owned by the caller. */
struct sov_steps {
	struct sov_step *step;
	size_t count;
	size_t changes; /* steps that change the tree: all but KEEP and REFUSE */
	size_t refused;
};

/* sov_steps_add - append a step; every text is copied and may be NULL but for the path.
 * Returns 0 or -SOV_E_NOMEM. */
SOV_PUBLIC int sov_steps_add(struct sov_steps *steps, const struct sov_step *step,
			     struct sov_err *err);

/* sov_steps_release - give back what *steps holds and zero it. A zeroed one is fine. */
SOV_PUBLIC void sov_steps_release(struct sov_steps *steps);

#ifdef __cplusplus
}
#endif
#endif
