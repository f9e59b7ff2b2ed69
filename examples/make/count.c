/* SPDX-License-Identifier: MIT */
#include <ctype.h>

#include "demo.h"

size_t demo_count(const char *text)
{
	size_t letters = 0;

	for (; *text != '\0'; text++)
		letters += isalpha((unsigned char)*text) != 0;
	return letters;
}
