/* SPDX-License-Identifier: MIT */
#ifndef SOV_TOOL_STOP_H
#define SOV_TOOL_STOP_H

#include <signal.h>

/*
 * stop_begin - from now on INT, TERM and HUP only set a flag, which the library looks at between
 * two steps: it gives up and cleans up. One that was ignored when we were started (nohup) stays
 * ignored; system calls that wait are interrupted.
 * Returns the flag, for struct sov_place and its kind: 0, or the signal's number.
 */
const volatile sig_atomic_t *stop_begin(void);

/* stop_end - die of the signal that came meanwhile, as if it had not been caught. Returns when none
 * did. */
void stop_end(void);

#endif
