/* SPDX-License-Identifier: MIT */
#include "fs/temporary.h"

#include <stdbool.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"

#define DIGITS 16

const char *sov_temporary_name(char out[SOV_TEMPORARY_MAX], const char *prefix, unsigned attempt)
{
	unsigned long long random;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != (ssize_t)sizeof(random))
		random = ((unsigned long long)getpid() << 32) + (unsigned long long)time(NULL);
	(void)sov_str_format(out, SOV_TEMPORARY_MAX, "%s%016llx", prefix, random + attempt);
	return out;
}

/* Are these `least` to 16 hexadecimal digits, and nothing behind them? */
static bool are_digits(const char *text, size_t least)
{
	size_t n = strspn(text, "0123456789abcdef");

	return text[n] == '\0' && n >= least && n <= DIGITS;
}

enum sov_temporary sov_temporary_kind(const char *name)
{
	if (!sov_str_starts(name, SOV_TEMPORARY_RANDOM))
		return SOV_TEMPORARY_NONE;
	if (strcmp(name, SOV_TEMPORARY_LINK) == 0 || strcmp(name, SOV_TEMPORARY_STRIP) == 0)
		return SOV_TEMPORARY_LOCKED;
	if (sov_str_starts(name, SOV_TEMPORARY_FILE))
		return are_digits(name + strlen(SOV_TEMPORARY_FILE), 1) ? SOV_TEMPORARY_LOCKED
									: SOV_TEMPORARY_NONE;
	return are_digits(name + strlen(SOV_TEMPORARY_RANDOM), DIGITS) ? SOV_TEMPORARY_ANYTIME
								       : SOV_TEMPORARY_NONE;
}
