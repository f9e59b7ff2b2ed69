/* SPDX-License-Identifier: MIT */
#ifndef SOVCC_REQUEST_H
#define SOVCC_REQUEST_H

#include <stdbool.h>

#include <sov/err.h>
#include <sov/names.h>

#include "wrapper/compiler.h"

/* struct request - what one call of sovcc asks for. Zeroed = not read yet. */
struct request {
	struct compiler compiler;
	char **argv; /* the command to run, NULL-terminated; argv[0] is absolute */
	int argc;
	struct sov_decl declared; /* by --sov-* arguments */
	const char *conf;	  /* --sov-conf, else SOV_CONF; NULL = look for one */
	bool spoken;		  /* a --sov-* argument declares something */
	bool require, from_name, off, dry_run, verbose, help;
};

/*
 * request_read - find the compiler, take the --sov-* arguments out of the line and read the
 * environment's switches.
 * Returns 0, or a negative enum sov_code (release *request all the same).
 */
int request_read(struct request *request, int argc, char *argv[], struct sov_err *err);

/* request_help - print sovcc's own version and options to stdout. Returns 0, or -SOV_E_SYSTEM. */
int request_help(struct sov_err *err);

void request_release(struct request *request);

#endif
