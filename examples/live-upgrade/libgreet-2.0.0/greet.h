/* SPDX-License-Identifier: MIT */
#ifndef GREET_H
#define GREET_H

#include <stddef.h>

#define GREET_MAJOR 2

/* greet - greet somebody in a language ("en", "fr"). Up to 1.1.0 it had other arguments: what was
 * compiled for those would crash here. */
void greet(const char *language, const char *name, char *out, size_t size);

/* greet_version - the version of the code that runs, such as "1.0.0". */
const char *greet_version(void);

#endif
