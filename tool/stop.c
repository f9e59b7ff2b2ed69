/* SPDX-License-Identifier: MIT */
#include "tool/stop.h"

#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

/* What a signal handler may touch must be a variable of the file. */
static volatile sig_atomic_t stopped;

static void note(int signal)
{
	stopped = signal;
}

const volatile sig_atomic_t *stop_begin(void)
{
	struct sigaction action = {.sa_handler = note}, before;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < SIGNALS; i++)
		if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	return &stopped;
}

void stop_end(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};

	if (stopped == 0)
		return;
	(void)fflush(stdout); /* what was done until then */
	sigaction(stopped, &action, NULL);
	kill(getpid(), stopped);
	_exit(128 + stopped); /* it is blocked */
}
