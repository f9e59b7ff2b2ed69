/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "greet.h"

void greet(char *out, size_t size, const char *name)
{
	snprintf(out, size, "Hello, %s!", name);
}

const char *greet_version(void)
{
	return GREET_VERSION;
}
