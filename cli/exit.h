/* SPDX-License-Identifier: MIT */
#ifndef SOV_CLI_EXIT_H
#define SOV_CLI_EXIT_H

#include "cli/report.h"

/* SOV_EXIT_TROUBLE - the exit status for what could not be examined or written. */
#define SOV_EXIT_TROUBLE 3

/*
 * sov_cli_begin - what every program does first.
 *
 * Opens descriptors 0 to 2 where the caller closed them, so that no file of ours is given one of
 * their numbers; writing to such a one fails. Ignores SIGPIPE: a closed pipe is an error of
 * write(2), and temporary files are cleaned up.
 */
void sov_cli_begin(void);

/*
 * sov_cli_finish - close stdout, and see whether everything printed has arrived.
 * Returns @status, or SOV_EXIT_TROUBLE with a message when something did not.
 */
int sov_cli_finish(const struct sov_voice *voice, int status);

#endif
