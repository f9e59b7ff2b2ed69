/* SPDX-License-Identifier: MIT */
/* The bytes of an ld.so.cache; every name in it is looked for. */
#include "fuzz.h"

#include <string.h>

#include "deps/ldcache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *names[] = {(char *)"x86-64-v3", (char *)"x86-64-v2"};
	const struct sov_strs subdirs = {names, 2};
	const struct sov_ldcache_want want = {
		.flags = 0x303, .other_flags = 3, .subdirs = &subdirs, .isa_level = 2};
	struct sov_ldcache cache;
	const char *why = NULL;
	int rc = sov_ldcache_parse(&cache, fuzz_text(data, size), size, &why);

	REQUIRE(rc == 0 || (rc == 1 && why != NULL));
	REQUIRE(cache.count <= size);
	for (size_t i = 0; i < cache.count; i++) {
		const struct sov_ldcache_entry *entry = &cache.entries[i];
		const char *path = sov_ldcache_find(&cache, entry->name, &want);

		REQUIRE(strlen(entry->name) <= size && strlen(entry->path) <= size);
		REQUIRE(path == NULL || strlen(path) <= size);
		/* the plainest entry of a name is found, itself or one as good */
		if (entry->flags == 0x303 && entry->hwcap == 0 && entry->subdir == NULL)
			REQUIRE(path != NULL);
	}
	sov_ldcache_release(&cache);
	return 0;
}
