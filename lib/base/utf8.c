/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

size_t sov_utf8_length(const void *bytes, size_t n, uint32_t *out)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *s = bytes;
	size_t len = s[0] < 0x80 ? 1 : s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
	uint32_t c = len == 1 ? s[0] : s[0] & (0xFFU >> (len + 1));

	if ((len > 1 && (s[0] < 0xC2 || s[0] > 0xF4)) || len > n)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3FU);
	}
	if (c < smallest[len] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return 0;
	if (out != NULL)
		*out = c;
	return len;
}
