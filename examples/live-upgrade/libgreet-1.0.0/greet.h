/* SPDX-License-Identifier: MIT */
#ifndef GREET_H
#define GREET_H

#include <stddef.h>

#define GREET_MAJOR 1

/* greet - greet somebody. Writes at most size bytes to out, as snprintf does. */
void greet(char *out, size_t size, const char *name);

/* greet_version - the version of the code that runs, such as "1.0.0". */
const char *greet_version(void);

#endif
