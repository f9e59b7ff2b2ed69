/* SPDX-License-Identifier: MIT */
#ifndef SOV_DEPS_HWCAPS_H
#define SOV_DEPS_HWCAPS_H

#include <stdbool.h>

#include "base/vec.h"

/* struct sov_hwcaps - the subdirectories that are looked into before a directory itself. */
struct sov_hwcaps {
	struct sov_strs names;	 /* of glibc-hwcaps, the best first: "x86-64-v3" */
	struct sov_strs subdirs; /* all, with what is older; the last is "", the directory itself */
	unsigned isa_level;	 /* of x86-64, counted from 0: what a cache entry may ask for */
};

/*
 * sov_hwcaps_init - what is looked into for one dynamic linker.
 *
 * @wanted:   names with colons between; NULL = this machine's
 * @machine, @bits: what the programs are for
 * @platform: the word of AT_PLATFORM; NULL = not known
 * @minor:    of glibc 2.MINOR; 0 = older than 2.33, which has no glibc-hwcaps
 * Returns 0, or -1 when out of memory.
 * Source: ld.so(8), "Hardware capabilities"; the x86-64 psABI for the levels.
 */
int sov_hwcaps_init(struct sov_hwcaps *out, const char *wanted, unsigned machine, unsigned bits,
		    const char *platform, unsigned minor);
void sov_hwcaps_release(struct sov_hwcaps *hwcaps);

/* sov_hwcaps_host - are we ourselves built for this machine? */
bool sov_hwcaps_host(unsigned machine, unsigned bits);

#endif
