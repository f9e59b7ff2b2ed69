/* SPDX-License-Identifier: MIT */
#include "rotate.h"

static char rotated(char c, char first)
{
	return (char)(first + (c - first + 13) % 26);
}

void rotate_text(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text >= 'a' && *text <= 'z')
			*text = rotated(*text, 'a');
		else if (*text >= 'A' && *text <= 'Z')
			*text = rotated(*text, 'A');
	}
}
