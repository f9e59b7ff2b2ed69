/* SPDX-License-Identifier: MIT */
#ifndef SOV_CLI_OPT_H
#define SOV_CLI_OPT_H

#include <stddef.h>
#include <stdio.h>

#include <sov/err.h>

/* What a row's take() returns to end the parsing at once: --help, --version. */
#define SOV_OPT_STOP 1

/*
 * struct sov_option - one option: how it is spelt, what it says in --help, and what it does. A
 * table of them ends with a row of zeros.
 */
struct sov_option {
	const char *name;    /* "format" for --format; NULL = it has only a letter */
	char letter;	     /* 'v' for -v; 0 = it has only a name */
	const char *metavar; /* how help calls its value; NULL = it takes none */
	const char *help;
	/* @value is NULL when it takes none. Returns 0, SOV_OPT_STOP, or -code with *err filled. */
	int (*take)(void *target, const struct sov_option *option, const char *value,
		    struct sov_err *err);
	int detail; /* for take(), where several rows share one */
};

/* struct sov_option_group - a table of options and what they are told to. */
struct sov_option_group {
	const struct sov_option *options; /* NULL = none */
	void *target;
};

/* enum sov_operands - where operands may stand. */
enum sov_operands {
	SOV_OPERANDS_LAST,    /* the first operand ends the options: a command follows */
	SOV_OPERANDS_BETWEEN, /* among the options, until "--" */
};

/*
 * sov_opt_parse - read a command line by getopt_long(3) and tables of options.
 *
 * @groups: the earlier table wins where two know the same option
 * @argv:   argc strings behind a program's or command's name at argv[0]; operands are moved to its
 *          end
 * Returns the index of the first operand in @argv, or -SOV_E_USAGE with the nearest option named,
 * or what a row's take() failed with.
 */
int sov_opt_parse(const struct sov_option_group *groups, size_t group_count,
		  enum sov_operands operands, int argc, char **argv, struct sov_err *err);

/* sov_opt_print - the options of a table as lines of help. */
void sov_opt_print(FILE *out, const struct sov_option *options);

#endif
