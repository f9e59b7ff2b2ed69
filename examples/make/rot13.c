/* SPDX-License-Identifier: MIT */
/* rot13 - a program that uses libdemo. */
#include <stdio.h>

#include "demo.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		demo_rotate(argv[i]);
		printf("%s (%zu letters)\n", argv[i], demo_count(argv[i]));
	}
	return 0;
}
