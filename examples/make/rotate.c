/* SPDX-License-Identifier: MIT */
#include "demo.h"

static char rotated(char c, char first)
{
	return (char)(first + (c - first + 13) % 26);
}

void demo_rotate(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text >= 'a' && *text <= 'z')
			*text = rotated(*text, 'a');
		else if (*text >= 'A' && *text <= 'Z')
			*text = rotated(*text, 'A');
	}
}
