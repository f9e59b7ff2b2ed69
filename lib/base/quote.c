/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <sov/err.h>

#include "base/utf8.h"

/* Characters that a terminal or an editor obeys instead of showing: C1 controls, and those that
 * turn the direction of text (Unicode Standard Annex 9, "Explicit directional formatting"). */
static const struct {
	uint32_t first, last;
} unsafe[] = {
	{0x80,   0x9F  },
	      {0x061C, 0x061C},
	{0x200E, 0x200F},
	  {0x202A, 0x202E},
	    {0x2066, 0x2069},
};

static bool is_unsafe(uint32_t c)
{
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++)
		if (c >= unsafe[i].first && c <= unsafe[i].last)
			return true;
	return false;
}

/* Length of the harmless character at s that is no ASCII, of n bytes; 0 when there is none. */
static size_t harmless_length(const unsigned char *s, size_t n)
{
	uint32_t c = 0;
	size_t len = sov_utf8_length(s, n, &c);

	return len > 1 && !is_unsafe(c) ? len : 0;
}

/* The escape of one byte, in C. Returns its length. */
static size_t escape(char out[4], unsigned char byte)
{
	static const char hex[] = "0123456789ABCDEF";
	static const char bytes[] = "\n\t\r\\", letters[] = "ntr\\";
	const char *known = byte ? strchr(bytes, byte) : NULL;

	out[0] = '\\';
	if (known) {
		out[1] = letters[known - bytes];
		return 2;
	}
	out[1] = 'x';
	out[2] = hex[byte >> 4];
	out[3] = hex[byte & 15];
	return 4;
}

size_t sov_quote(char *out, size_t size, const void *bytes, size_t n)
{
	const unsigned char *s = bytes;
	size_t length = 0, end = 0;

	for (size_t i = 0, step; i < n; i += step) {
		bool plain = s[i] >= 0x20 && s[i] < 0x7F && s[i] != '\\';
		char text[4];
		size_t len;

		step = plain ? 1 : harmless_length(s + i, n - i);
		len = step;
		if (step > 0) {
			memcpy(text, s + i, step);
		} else {
			step = 1;
			len = escape(text, s[i]);
		}
		/* a character or escape is shown whole or not at all */
		if (end == length && length + len < size) {
			memcpy(out + end, text, len);
			end += len;
		}
		length += len;
	}
	if (size > 0)
		out[end] = '\0';
	return length;
}
