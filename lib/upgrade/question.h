/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_QUESTION_H
#define SOV_UPGRADE_QUESTION_H

#include <stdbool.h>
#include <stdint.h>

#include <sov/names.h>

#include "upgrade/mapped.h"

/* struct sov_question - whose users are asked for: one operand of `sov users`. */
struct sov_question {
	char *directory; /* its real path; NULL = anywhere */
	uint64_t directory_device, directory_inode;
	bool below;  /* every library there and below; the rest is empty then */
	bool absent; /* a path that nothing has */
	bool there;  /* the file is there: */
	uint64_t device, inode;
	char *name;   /* its real name, or the SONAME that is asked for */
	char *soname; /* that the file bears; NULL = none, or there is no file */
};

/*
 * sov_question_read - what an operand means: see sov_users_find().
 * Returns 0, for sov_question_release() to give back, or -SOV_E_USAGE, -SOV_E_SYSTEM,
 * -SOV_E_NOMEM.
 */
int sov_question_read(struct sov_question *out, const char *operand, struct sov_err *err);
void sov_question_release(struct sov_question *question);

/* sov_question_may_want - can a line of maps be of a wanted file? Cheap; most lines are not. */
bool sov_question_may_want(const struct sov_question *question, const struct sov_mapping *mapping);

/* sov_question_wants - is this file of one process asked for? */
bool sov_question_wants(const struct sov_question *question, const struct sov_mapped *mapped,
			const struct sov_process *process);

/* sov_question_soname - the soname that would lead to the wanted file; NULL = nobody knows. */
const char *sov_question_soname(const struct sov_question *question);

#endif
