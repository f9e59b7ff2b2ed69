/* SPDX-License-Identifier: MIT */
#include "base/index.h"

#include <stdlib.h>

#include "base/vec.h"

enum { BUCKETS_MIN = 64 };

static void put(struct sov_index *index, size_t node)
{
	size_t *bucket = &index->buckets[index->nodes[node].hash & (index->bucket_count - 1)];

	index->nodes[node].next = *bucket;
	*bucket = node;
}

/* Twice the buckets; the nodes stay where they are, and in their order. */
static int spread(struct sov_index *index)
{
	size_t count = index->bucket_count == 0 ? BUCKETS_MIN : 2 * index->bucket_count;
	size_t *buckets = malloc(count * sizeof(*buckets));

	if (buckets == NULL)
		return -1;
	for (size_t i = 0; i < count; i++)
		buckets[i] = SOV_NONE;
	free(index->buckets);
	index->buckets = buckets;
	index->bucket_count = count;
	for (size_t i = 0; i < index->count; i++)
		put(index, i);
	return 0;
}

int sov_index_add(struct sov_index *index, uint64_t hash, size_t thing)
{
	if (index->count == index->bucket_count && spread(index) != 0)
		return -1;
	if (sov_vec_grow(&index->nodes, index->count, sizeof(*index->nodes)) != 0)
		return -1;
	index->nodes[index->count] = (struct sov_index_node){.hash = hash, .thing = thing};
	put(index, index->count++);
	return 0;
}

static size_t skip_others(const struct sov_index *index, size_t node, uint64_t hash)
{
	while (node != SOV_NONE && index->nodes[node].hash != hash)
		node = index->nodes[node].next;
	return node;
}

size_t sov_index_first(const struct sov_index *index, uint64_t hash)
{
	if (index->count == 0)
		return SOV_NONE;
	return skip_others(index, index->buckets[hash & (index->bucket_count - 1)], hash);
}

size_t sov_index_next(const struct sov_index *index, size_t node)
{
	return skip_others(index, index->nodes[node].next, index->nodes[node].hash);
}

void sov_index_release(struct sov_index *index)
{
	free(index->nodes);
	free(index->buckets);
	*index = (struct sov_index){0};
}

/* FNV-1a, its low bits stirred: they choose the bucket. */
uint64_t sov_hash_text(uint64_t number, const char *text)
{
	uint64_t hash = 0xcbf29ce484222325U ^ sov_hash_numbers(number, 0);

	for (const unsigned char *p = (const void *)text; *p != '\0'; p++)
		hash = (hash ^ *p) * 0x100000001b3U;
	return hash ^ hash >> 32;
}

/* The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
uint64_t sov_hash_numbers(uint64_t a, uint64_t b)
{
	uint64_t z = a + 0x9e3779b97f4a7c15U * (b + 1);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}
