/* SPDX-License-Identifier: MIT */
#ifndef SOVCC_DECLARE_H
#define SOVCC_DECLARE_H

#include <limits.h>
#include <stdbool.h>

#include <sov/conf.h>
#include <sov/err.h>
#include <sov/names.h>

#include "wrapper/request.h"

/* struct declaration - what is declared of one output. Zeroed = nothing. */
struct declaration {
	bool found;	      /* something declares the output */
	struct sov_conf conf; /* decl borrows its texts */
	struct sov_decl decl;
	char prefix[8];		     /* "lib", or "" for an output without it */
	char base[SOV_BASE_MAX + 1]; /* when found */
	char note[PATH_MAX + 64];    /* when not: why */
	char refused[PATH_MAX];	     /* a sov.conf that was not taken for its owner, or "" */
};

/*
 * declaration_find - the declaration of an output: the command line's, else the section of sov.conf
 * that names the library, else the environment's, else (SOV_FROM_NAME) the output's own name; a
 * higher one's lone keys laid over a lower one's.
 *
 * @output: file name of the output, without directory
 * Returns 0, also when nothing declares it; or a negative enum sov_code (release it all the same).
 */
int declaration_find(struct declaration *declaration, const struct request *request,
		     const char *output, struct sov_err *err);

/* declaration_is_library_name - is a name lib*.so*, of which sov.conf and the environment speak? */
bool declaration_is_library_name(const char *output);

void declaration_release(struct declaration *declaration);

#endif
