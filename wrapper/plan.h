/* SPDX-License-Identifier: MIT */
#ifndef SOVCC_PLAN_H
#define SOVCC_PLAN_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include <sov/conf.h>
#include <sov/err.h>
#include <sov/names.h>
#include <sov/publish.h>

#include "wrapper/args.h"
#include "wrapper/request.h"

/*
 * struct plan - what will be done with one command: leave it alone, or link a declared library.
 * Zeroed = not made yet.
 */
struct plan {
	bool declared;		       /* links a declared library; else the compiler's own */
	char untouched[PATH_MAX + 64]; /* when not declared: why */
	char refused[PATH_MAX];	       /* a sov.conf that was not taken for its owner, or "" */
	struct sov_conf conf;	       /* the declaration borrows its texts */
	struct sov_decl decl;
	struct sov_names names;
	char origin[PATH_MAX];	  /* where it was declared, "sov.conf:3" */
	bool names_are_ours;	  /* the command gives no soname: arguments are added, links made */
	char **argv;		  /* the command to run; request->argv or a longer copy of it */
	char directory[PATH_MAX]; /* of the output, "" = the current one */
	int dirfd;		  /* it, open; -1 when it cannot be opened */
	char output[PATH_MAX];	  /* the file that the link editor will write */
	const char *replaceable;  /* the name that the driver's -o gives, or NULL */
	struct stat before;	  /* that file before the link; st_nlink 0 = there was none */
	const char *given;	  /* the output as the command spells it */
	struct stat given_before; /* the same of that file */
};

/*
 * plan_make - decide what to do with a command that was read.
 *
 * Everything that is wrong with the declaration is found here, before the compiler is started.
 * Returns 0, or a negative enum sov_code (release *plan all the same).
 */
int plan_make(struct plan *plan, const struct request *request, const struct ccline *line,
	      struct sov_err *err);

/* plan_links - the links beside the real file, as the publisher takes them. Borrows from *plan. */
struct sov_links plan_links(const struct plan *plan);

/* plan_print - the command and links of a dry run, on stdout. Returns 0 or -code. */
int plan_print(const struct plan *plan, struct sov_err *err);

void plan_release(struct plan *plan, const struct request *request);

#endif
