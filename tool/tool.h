/* SPDX-License-Identifier: MIT */
#ifndef SOV_TOOL_H
#define SOV_TOOL_H

#include <stdbool.h>
#include <stddef.h>

#include <sov/err.h>

#include "cli/opt.h"
#include "cli/report.h"
#include "tool/output.h"

/* enum exit_status - what all of `sov` ends with; of two, the greater wins. */
enum exit_status {
	EXIT_CLEAN = 0,
	EXIT_FINDINGS = 1,
	EXIT_USAGE = 2,
	EXIT_TROUBLE = 3, /* something could not be examined or written */
};

/* worse - of two exit statuses, the one to end with. */
static inline int worse(int a, int b)
{
	return a > b ? a : b;
}

/* Tables of options of one command, at most. */
#define COMMAND_TABLES_MAX 3

/* struct tool - what one run of `sov` was told before and besides its command. */
struct tool {
	struct sov_voice voice;
	int verbosity; /* -1 -q, 0, 1 -v */
	bool help;     /* --help */
	bool version;  /* --version, before the command */
	const struct command *command;
};

/* struct command - one command of `sov`, told by its file to the table `commands`. */
struct command {
	const char *name;
	const char *summary;
	const char *operands;				      /* as its usage line shows them */
	const struct sov_option *options[COMMAND_TABLES_MAX]; /* besides the global ones */
	const struct format *formats;			      /* of --format; NULL = it has none */
	/* @argv: argc strings, the command's name first. Returns the exit status. */
	int (*run)(struct tool *tool, int argc, char **argv);
};

/* The commands, each of its own file; ends with NULL. */
extern const struct command *const commands[];
extern const struct command check_command, help_command, lint_command, names_command, show_command;
extern const struct command deps_command;
extern const struct command install_command;
extern const struct command links_command;
extern const struct command users_command;
extern const struct command prune_command;

/* The options that every command takes, before its name or after. */
extern const struct sov_option global_options[];

/* The options that stand before the command only. */
extern const struct sov_option first_options[];

/* struct operands - what is left of a command line without its options. */
struct operands {
	char **item;
	size_t count;
};

/*
 * tool_parse - read the options of a command.
 *
 * @targets: one for each table of tool->command->options
 * Returns true when the command shall go on. Else *status is what it ends with: --help was printed,
 * or the fault was said.
 */
bool tool_parse(struct tool *tool, void *const *targets, int argc, char **argv,
		struct operands *operands, int *status);

/* tool_directories - refuse an empty one among the directories to work on: it is what a script says
 * whose variable is not set, and is not meant to be the current one. Returns 0 or -SOV_E_USAGE. */
int tool_directories(char *const *directory, size_t count, struct sov_err *err);

/* tool_packs - does @root, which may be NULL, name a tree that will be packed, and need not outlive
 * a power cut? Neither none, nor "/", which is the running system. */
bool tool_packs(const char *root);

/* tool_fail - say an error on stderr. Returns the exit status that it asks for. */
int tool_fail(const struct tool *tool, const struct sov_err *err);

/* tool_warn - say the same as a warning, unless -q. */
void tool_warn(const struct tool *tool, const struct sov_err *err);

/* command_named - the row of a command, or NULL with *err naming the nearest. */
const struct command *command_named(const char *name, struct sov_err *err);

/* help_print - the help of a command, or of `sov` when it is NULL, to stdout. */
void help_print(const struct command *command);

#endif
