/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "greet.h"

void greet(const char *language, const char *name, char *out, size_t size)
{
	const char *hello = strcmp(language, "fr") == 0 ? "Bonjour" : "Hello";

	snprintf(out, size, "%s, %s!", hello, name);
}

const char *greet_version(void)
{
	return GREET_VERSION;
}
