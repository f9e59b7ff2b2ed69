/* SPDX-License-Identifier: MIT */
#ifndef SOVCC_RUN_H
#define SOVCC_RUN_H

#include <sov/err.h>

/*
 * run_instead - become the compiler: one execvp(3). Returns only when that failed, -SOV_E_SYSTEM.
 * @argv: argv[0] is the program's absolute path
 */
int run_instead(char *const argv[], struct sov_err *err);

/*
 * run_child - run the compiler and wait for it.
 *
 * INT, TERM, HUP and QUIT that reach sovcc meanwhile go on to the compiler's process; when it has
 * ended, sovcc dies of the same signal, as it does when the compiler died of one.
 * @status: receives the exit status of a compiler that exited
 * Returns 0, or -SOV_E_SYSTEM when it could not be started.
 */
int run_child(char *const argv[], int *status, struct sov_err *err);

#endif
