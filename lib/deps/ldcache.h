/* SPDX-License-Identifier: MIT */
#ifndef SOV_DEPS_LDCACHE_H
#define SOV_DEPS_LDCACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

#define SOV_LDCACHE_MAX (16 << 20) /* bytes of a cache that we read */

/* struct sov_ldcache_entry - one library in the cache. */
struct sov_ldcache_entry {
	const char *name; /* borrows from the cache */
	const char *path;
	uint32_t flags;	    /* for which class and machine */
	size_t order;	    /* its place in the file */
	uint64_t hwcap;	    /* bits of the kernel's, until glibc 2.36; 0 = none */
	const char *subdir; /* of glibc-hwcaps; NULL = none */
	unsigned isa_level; /* of x86-64, that the library asks for; only with subdir */
};

/* struct sov_ldcache - /etc/ld.so.cache, read. Zeroed = none. */
struct sov_ldcache {
	char *bytes;
	struct sov_ldcache_entry *entries; /* by name, then as they stand in the file */
	size_t count;
};

/*
 * sov_ldcache_parse - take a cache apart: the format of glibc 2.2 and later, alone or behind the
 * older one, or the older one alone; in the byte order of the machine that it is for.
 *
 * Entries whose offsets lead out of the file are left out, as the dynamic linker passes over them.
 * @bytes: n bytes and a NUL behind them, on the heap; the cache owns them from now on
 * @why:   receives why it is no cache; static
 * Returns 0, 1 when it is none (the dynamic linker goes on without), or -1 when out of memory.
 * Source: glibc's sysdeps/generic/dl-cache.h.
 */
int sov_ldcache_parse(struct sov_ldcache *out, char *bytes, size_t n, const char **why);

/* struct sov_ldcache_want - which entries a dynamic linker takes. */
struct sov_ldcache_want {
	uint32_t flags, other_flags;	/* either of them; the first ends the search */
	bool any_flags;			/* of a machine that we do not know */
	const struct sov_strs *subdirs; /* names of glibc-hwcaps, the best first */
	unsigned isa_level;
	bool legacy; /* those with bits of the kernel's too */
};

/*
 * sov_ldcache_find - the path that the dynamic linker takes for a name; NULL = none. As there, runs
 * of digits are compared as numbers, so that libx.so.01 finds libx.so.1.
 */
const char *sov_ldcache_find(const struct sov_ldcache *cache, const char *name,
			     const struct sov_ldcache_want *want);

void sov_ldcache_release(struct sov_ldcache *cache);

#endif
