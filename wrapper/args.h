/* SPDX-License-Identifier: MIT */
#ifndef SOVCC_ARGS_H
#define SOVCC_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "wrapper/words.h"

/*
 * What a compiler command line asks for, as gcc and clang read it. Two layers: the driver's words,
 * and the link editor's tokens in the order in which the driver hands them on.
 */

/* struct ccsoname - the soname that a command line gives. */
struct ccsoname {
	const char *name;   /* NULL: none is given */
	const char *option; /* the token that gave it: "-soname", "-soname=libx.so.1", "-h" */
	int arg;	    /* index in argv of the argument that holds it */
};

/* struct ccline - a command line that was read. Zeroed = not read yet. */
struct ccline {
	struct ccwords words;	   /* the driver's */
	struct ccwords ld;	   /* the link editor's */
	const char *no_link;	   /* the word for which no shared library is linked; NULL = none */
	bool shared;		   /* -shared stands in it */
	bool ld_shared;		   /* -shared stands among the link editor's tokens */
	bool has_input;		   /* there is something to link: a file, -lNAME, -Wl */
	const char *output;	   /* where the link editor will write; NULL = a.out */
	const char *driver_output; /* what the driver's -o says; NULL = nothing */
	struct ccsoname soname;	   /* the last one wins, as in bfd, gold, lld and mold */
	const char *solaris_h;	   /* a driver's -h or -hNAME, which gcc drops in silence */
	const char *dangling; /* the option at the end of the driver's words that lacks a value */
	const char *ld_dangling; /* the same of the link editor's tokens */
	int append_at;		 /* index in argv before which more arguments may be put */
};

/*
 * ccline_read - read a command line.
 *
 * All texts live as long as argv and *line do.
 * @argv: argv[0] is the compiler, or what runs it; words behind it that are no options and look
 *        like no input ("ccache gcc") belong to it
 * Returns 0, or -1 when out of memory (release *line all the same).
 */
int ccline_read(struct ccline *line, int argc, char *const argv[]);

/* ccline_links_shared - does it link a shared library? */
bool ccline_links_shared(const struct ccline *line);

void ccline_release(struct ccline *line);

/*
 * ccargs_is_input_name - does a name end in a suffix that the driver knows as an input (".c", ".o",
 * ".so.1" ...)?
 */
bool ccargs_is_input_name(const char *name);

#endif
