/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "greet.h"

void greet(char *out, size_t size, const char *name)
{
	snprintf(out, size, "Hello, %s, and welcome!", name);
}

void greet_leave(char *out, size_t size, const char *name)
{
	snprintf(out, size, "Goodbye, %s.", name);
}

const char *greet_version(void)
{
	return GREET_VERSION;
}
