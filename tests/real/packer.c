/* SPDX-License-Identifier: MIT */
/*
 * packer - compress and decompress in a loop with zlib, as a server would, and be asked meanwhile.
 *
 * For each line that comes in it says `ok`, the version of the zlib whose code runs, and how many
 * round trips there have been since the last one; at least one. A round trip that does not give
 * back what went in ends it with status 1, the end of the input with 0.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#define PLAIN_SIZE 20000
#define PAUSE_MS   2

static unsigned char plain[PLAIN_SIZE], packed[2 * PLAIN_SIZE], again[PLAIN_SIZE];

/* fill - something else every time, neither constant nor noise. */
static void fill(unsigned seed)
{
	for (size_t i = 0; i < sizeof(plain); i++) {
		seed = seed * 1103515245 + 12345;
		plain[i] = (unsigned char)("greetings"[seed >> 29] + (seed >> 16 & i >> 12));
	}
}

static int round_trip(unsigned seed)
{
	uLongf packed_size = sizeof(packed), again_size = sizeof(again);

	fill(seed);
	return compress2(packed, &packed_size, plain, sizeof(plain), (int)(seed % 10)) == Z_OK &&
	       uncompress(again, &again_size, packed, packed_size) == Z_OK &&
	       again_size == sizeof(plain) && memcmp(plain, again, sizeof(plain)) == 0;
}

int main(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	char line[64];

	for (unsigned seed = 0, rounds = 1;; seed++, rounds++) {
		if (!round_trip(seed))
			return 1;
		if (poll(&input, 1, PAUSE_MS) == 0)
			continue;
		if (fgets(line, sizeof(line), stdin) == NULL)
			return 0;
		printf("ok %s %u\n", zlibVersion(), rounds);
		fflush(stdout);
		rounds = 0;
	}
}
