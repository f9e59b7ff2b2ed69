/* SPDX-License-Identifier: MIT */
#ifndef SOV_CLI_REPORT_H
#define SOV_CLI_REPORT_H

#include <stdbool.h>

#include <sov/err.h>
#include <sov/finding.h>

/* enum sov_color - what --color asks for. */
enum sov_color {
	SOV_COLOR_AUTO,
	SOV_COLOR_ALWAYS,
	SOV_COLOR_NEVER,
};

/* struct sov_voice - how a program speaks on stderr. Zeroed = by sov_err_render() without program,
 * coloured as the environment asks. */
struct sov_voice {
	const char *program; /* before a message without place of its own; NULL = none */
	enum sov_color color;
};

/*
 * sov_cli_colored - shall what goes to @fd be coloured?
 *
 * --color decides; else NO_COLOR (not empty: no), else CLICOLOR_FORCE (neither empty nor 0: yes),
 * else whether @fd is a terminal that is not dumb.
 * Source: https://no-color.org, https://bixense.com/clicolors.
 */
bool sov_cli_colored(enum sov_color when, int fd);

/* sov_cli_color_of - the escape sequence that a severity's word begins with; static. */
const char *sov_cli_color_of(enum sov_severity severity);

/* SOV_COLOR_END - ends what sov_cli_color_of() began. */
#define SOV_COLOR_END "\033[0m"

/*
 * sov_cli_say - print an error, or the same text as a warning or a note, to stderr: one write(2),
 * so that the lines of parallel jobs do not mix.
 */
void sov_cli_say(const struct sov_voice *voice, enum sov_severity severity,
		 const struct sov_err *err);

/*
 * sov_cli_error - sov_cli_say() of an error, coloured as the environment asks.
 * @program: NULL for none
 */
void sov_cli_error(const char *program, const struct sov_err *err);

#endif
