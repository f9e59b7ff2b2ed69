/* SPDX-License-Identifier: MIT */
/*
 * caller - call functions through libffi in a loop, as an interpreter does, and be asked meanwhile.
 *
 * For each line that comes in it says `ok` and how many calls there have been since the last one.
 * A wrong result ends it with status 1, the end of the input with 0.
 */
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include <ffi.h>

#define PAUSE_MS 2

static double mix(int a, double b, long c)
{
	return a * b + (double)c;
}

static int call(int i)
{
	ffi_type *types[] = {&ffi_type_sint, &ffi_type_double, &ffi_type_slong};
	double b = 0.5, result = 0;
	long c = 100 - i;
	void *values[] = {&i, &b, &c};
	ffi_cif cif;

	if (ffi_prep_cif(&cif, FFI_DEFAULT_ABI, 3, &ffi_type_double, types) != FFI_OK)
		return 0;
	ffi_call(&cif, FFI_FN(mix), &result, values);
	return result == mix(i, b, c);
}

int main(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	char line[64];

	for (int i = 0, calls = 1;; i = (i + 1) % 1000, calls++) {
		if (!call(i))
			return 1;
		if (poll(&input, 1, PAUSE_MS) == 0)
			continue;
		if (fgets(line, sizeof(line), stdin) == NULL)
			return 0;
		printf("ok %d\n", calls);
		fflush(stdout);
		calls = 0;
	}
}
