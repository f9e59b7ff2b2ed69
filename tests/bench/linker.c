/* SPDX-License-Identifier: MIT */
/*
 * linker - a compiler driver that links in no time: gives a finished library a second name.
 *
 *     BENCH_LIBRARY=FILE linker [ARG...] -o OUTPUT [ARG...]
 *
 * The last -o counts, also as -Xlinker -o -Xlinker OUTPUT. What a wrapper adds to a link is a
 * hundredth of a real link and drowns in its noise; beside this one it stands out.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const char *library = getenv("BENCH_LIBRARY");
	const char *output = NULL;

	for (int i = 1; i + 1 < argc; i++) {
		if (strcmp(argv[i], "-o") != 0)
			continue;
		if (strcmp(argv[i + 1], "-Xlinker") == 0 && i + 2 < argc)
			i++;
		output = argv[i + 1];
	}
	return library != NULL && output != NULL && link(library, output) == 0 ? 0 : 1;
}
