/* SPDX-License-Identifier: MIT */
#ifndef SOV_BASE_INDEX_H
#define SOV_BASE_INDEX_H

#include <stddef.h>
#include <stdint.h>

#define SOV_NONE SIZE_MAX

/*
 * struct sov_index - from a hash to the numbers of all things that have it. Hashes may clash: who
 * asks compares the things themselves. Zeroed = empty.
 */
struct sov_index {
	struct sov_index_node *nodes;
	size_t count;
	size_t *buckets;     /* numbers of nodes */
	size_t bucket_count; /* a power of two */
};

struct sov_index_node {
	uint64_t hash;
	size_t thing;
	size_t next;
};

/* sov_index_add - returns 0, or -1 when out of memory. */
int sov_index_add(struct sov_index *index, uint64_t hash, size_t thing);

/*
 * sov_index_first, sov_index_next - the nodes that have a hash, the one that was added last first;
 * SOV_NONE behind the last. index->nodes[node].thing is what was added.
 */
size_t sov_index_first(const struct sov_index *index, uint64_t hash);
size_t sov_index_next(const struct sov_index *index, size_t node);

void sov_index_release(struct sov_index *index);

/* sov_hash_text - the hash of a number and a text, or of two numbers. */
uint64_t sov_hash_text(uint64_t number, const char *text);
uint64_t sov_hash_numbers(uint64_t a, uint64_t b);

#endif
