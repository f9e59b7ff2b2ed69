/* SPDX-License-Identifier: MIT */
#include "deps/ldcache.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Nobody vouches for a byte of a cache that lies in somebody's tree. Sizes and offsets in bytes. */
static const char magic_old[] = "ld.so-1.7.0";
static const char magic_new[] = "glibc-ld.so.cache1.1";

enum {
	OLD_COUNT = 12, /* behind the magic, aligned */
	OLD_HEADER = 16,
	OLD_ENTRY = 12,
	NEW_COUNT = 20,
	NEW_FLAGS = 28,
	NEW_EXTENSION = 32,
	NEW_HEADER = 48,
	NEW_ENTRY = 24,
	NEW_HWCAP = 16,
	EXTENSION_HEADER = 8,
	EXTENSION_SECTION = 16,
	TAG_HWCAPS = 1,
};

#define EXTENSION_MAGIC	 0xEAA42174U
#define HWCAP_EXTENSION	 (1U << 30) /* of the upper half */
#define HWCAP_LEVEL_MASK 0x3ffU	    /* of the upper half */

/* struct image - the bytes, and what is known of them. */
struct image {
	const unsigned char *bytes;
	size_t size;
	bool big_endian;
	size_t base;   /* what offsets of strings are relative to */
	size_t hwcaps; /* where the offsets of names of subdirectories are */
	size_t hwcap_count;
};

static uint64_t number(const struct image *image, size_t at, size_t width)
{
	uint64_t value = 0;

	for (size_t i = 0; i < width; i++)
		value = value << 8 | image->bytes[at + (image->big_endian ? i : width - 1 - i)];
	return value;
}

static uint32_t word(const struct image *image, size_t at)
{
	return (uint32_t)number(image, at, 4);
}

static bool has(const struct image *image, size_t at, size_t n)
{
	return at <= image->size && n <= image->size - at;
}

/* The string at an offset; there is a NUL behind the last byte. NULL when it is outside. */
static const char *text_at(const struct image *image, uint32_t offset)
{
	if (offset >= image->size - image->base)
		return NULL;
	return (const char *)image->bytes + image->base + offset;
}

static int add_entry(struct sov_ldcache *out, const struct image *image, size_t at)
{
	struct sov_ldcache_entry entry = {
		.flags = word(image, at),
		.name = text_at(image, word(image, at + 4)),
		.path = text_at(image, word(image, at + 8)),
		.order = out->count,
	};

	if (entry.name == NULL || entry.path == NULL)
		return 0;
	if (sov_vec_grow(&out->entries, out->count, sizeof(entry)) < 0)
		return -1;
	out->entries[out->count++] = entry;
	return 0;
}

/* What the new format says more of the entry that was added last; one we cannot use is dropped. */
static void take_hwcap(struct sov_ldcache *out, const struct image *image, size_t at)
{
	struct sov_ldcache_entry *entry = &out->entries[out->count - 1];
	uint64_t hwcap = number(image, at + NEW_HWCAP, 8);
	uint32_t upper = (uint32_t)(hwcap >> 32), index = (uint32_t)hwcap;

	if ((upper & ~HWCAP_LEVEL_MASK) != HWCAP_EXTENSION) {
		entry->hwcap = hwcap;
		return;
	}
	entry->isa_level = upper & HWCAP_LEVEL_MASK;
	if (index < image->hwcap_count)
		entry->subdir = text_at(image, word(image, image->hwcaps + 4 * (size_t)index));
	if (entry->subdir == NULL)
		out->count--;
}

/* Find the names of subdirectories. A damaged extension is as good as none. */
static void find_hwcaps(struct image *image)
{
	size_t at = word(image, image->base + NEW_EXTENSION);
	uint32_t count;

	if (at == 0 || at % 4 != 0 || !has(image, at, EXTENSION_HEADER) ||
	    word(image, at) != EXTENSION_MAGIC)
		return;
	count = word(image, at + 4);
	at += EXTENSION_HEADER;
	for (; count > 0 && has(image, at, EXTENSION_SECTION); count--, at += EXTENSION_SECTION) {
		size_t offset = word(image, at + 8), size = word(image, at + 12);

		if (!has(image, offset, size))
			return;
		if (word(image, at) == TAG_HWCAPS && offset % 4 == 0 && size % 4 == 0) {
			image->hwcaps = offset;
			image->hwcap_count = size / 4;
		}
	}
}

static int read_new(struct sov_ldcache *out, struct image *image, const char **why)
{
	size_t base = image->base;
	unsigned flags = image->bytes[base + NEW_FLAGS] & 3;
	uint32_t count;

	if (flags == 1) {
		*why = "it says of itself that it is invalid";
		return 1;
	}
	/* 0: written before that byte had a meaning; a count that fits tells the byte order */
	image->big_endian = flags == 3;
	if (flags == 0 && word(image, base + NEW_COUNT) > image->size)
		image->big_endian = true;
	count = word(image, base + NEW_COUNT);
	if (count > (image->size - base - NEW_HEADER) / NEW_ENTRY) {
		*why = "it ends before its last entry";
		return 1;
	}
	find_hwcaps(image);
	for (uint32_t i = 0; i < count; i++) {
		size_t at = base + NEW_HEADER + (size_t)i * NEW_ENTRY, before = out->count;

		if (add_entry(out, image, at) < 0)
			return -1;
		if (out->count > before)
			take_hwcap(out, image, at);
	}
	return 0;
}

static bool is_new(const struct image *image, size_t at)
{
	return has(image, at, NEW_HEADER) &&
	       memcmp(image->bytes + at, magic_new, sizeof(magic_new) - 1) == 0;
}

/* The older format: alone, or with the newer one where its strings would begin, aligned to 8. */
static int read_old(struct sov_ldcache *out, struct image *image, const char **why)
{
	size_t strings;
	uint32_t count = word(image, OLD_COUNT);

	if (count > image->size / OLD_ENTRY) {
		image->big_endian = true;
		count = word(image, OLD_COUNT);
	}
	if (count > (image->size - OLD_HEADER) / OLD_ENTRY) {
		*why = "it ends before its last entry";
		return 1;
	}
	strings = OLD_HEADER + (size_t)count * OLD_ENTRY;
	if (is_new(image, (strings + 7) & ~(size_t)7)) {
		image->base = (strings + 7) & ~(size_t)7;
		return read_new(out, image, why);
	}
	image->base = strings;
	for (uint32_t i = 0; i < count; i++)
		if (add_entry(out, image, OLD_HEADER + (size_t)i * OLD_ENTRY) < 0)
			return -1;
	return 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits(const char *text)
{
	size_t n = 0;

	while (is_digit(text[n]))
		n++;
	return n;
}

/* Two runs of digits as numbers of any length; both are passed. */
static int compare_numbers(const char **a, const char **b)
{
	size_t m, n;
	int order;

	while (**a == '0')
		++*a;
	while (**b == '0')
		++*b;
	m = digits(*a);
	n = digits(*b);
	order = m == n ? memcmp(*a, *b, n) : (m < n ? -1 : 1);
	*a += m;
	*b += n;
	return order;
}

/* The order of names that the cache is made for. */
static int compare_names(const char *a, const char *b)
{
	while (*a != '\0' || *b != '\0') {
		if (is_digit(*a) && is_digit(*b)) {
			int order = compare_numbers(&a, &b);

			if (order != 0)
				return order;
		} else if (*a != *b) {
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		} else {
			a++;
			b++;
		}
	}
	return 0;
}

static int compare_entries(const void *left, const void *right)
{
	const struct sov_ldcache_entry *a = left, *b = right;
	int order = compare_names(a->name, b->name);

	if (order != 0)
		return order;
	return a->order < b->order ? -1 : a->order > b->order;
}

int sov_ldcache_parse(struct sov_ldcache *out, char *bytes, size_t n, const char **why)
{
	struct image image = {.bytes = (const unsigned char *)bytes, .size = n};
	int rc = 1;

	*out = (struct sov_ldcache){.bytes = bytes};
	*why = "it does not begin as a cache does";
	if (is_new(&image, 0))
		rc = read_new(out, &image, why);
	else if (has(&image, 0, OLD_HEADER) && memcmp(bytes, magic_old, sizeof(magic_old) - 1) == 0)
		rc = read_old(out, &image, why);
	if (rc != 0)
		sov_ldcache_release(out);
	else if (out->count > 1)
		qsort(out->entries, out->count, sizeof(*out->entries), compare_entries);
	return rc;
}

/* The first of the entries of a name, or of those behind where they would stand. */
static size_t lower_bound(const struct sov_ldcache *cache, const char *name)
{
	size_t low = 0, high = cache->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_names(cache->entries[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* How good is an entry? 0 = the best subdirectory, more = worse; SIZE_MAX = not for us. */
static size_t rank(const struct sov_ldcache_entry *entry, const struct sov_ldcache_want *want)
{
	const struct sov_strs *subdirs = want->subdirs;

	if (!want->any_flags && entry->flags != want->flags && entry->flags != want->other_flags)
		return SIZE_MAX;
	if (entry->subdir == NULL)
		return entry->hwcap == 0 || want->legacy ? subdirs->count : SIZE_MAX;
	if (entry->isa_level > want->isa_level)
		return SIZE_MAX;
	for (size_t i = 0; i < subdirs->count; i++)
		if (strcmp(subdirs->item[i], entry->subdir) == 0)
			return i;
	return SIZE_MAX;
}

const char *sov_ldcache_find(const struct sov_ldcache *cache, const char *name,
			     const struct sov_ldcache_want *want)
{
	size_t best = SIZE_MAX;
	const char *path = NULL;

	for (size_t i = lower_bound(cache, name); i < cache->count; i++) {
		const struct sov_ldcache_entry *entry = &cache->entries[i];
		size_t found;

		if (compare_names(entry->name, name) != 0)
			break;
		found = rank(entry, want);
		if (found < best) {
			best = found;
			path = entry->path;
		}
	}
	return path;
}

void sov_ldcache_release(struct sov_ldcache *cache)
{
	free(cache->entries);
	free(cache->bytes);
	*cache = (struct sov_ldcache){0};
}
