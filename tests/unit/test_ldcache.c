/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "deps/ldcache.h"

/* struct made - a cache being written, in either byte order. */
struct made {
	bool big_endian;
	unsigned char bytes[4096];
	size_t size;
};

static void put(struct made *made, size_t at, size_t width, uint64_t value)
{
	for (size_t i = 0; i < width; i++, value >>= 8)
		made->bytes[at + (made->big_endian ? width - 1 - i : i)] = (unsigned char)value;
}

enum { HEADER = 48, ENTRY = 24 };

static void begin(struct made *made, bool big_endian, unsigned count)
{
	memset(made, 0, sizeof(*made));
	made->big_endian = big_endian;
	memcpy(made->bytes, "glibc-ld.so.cache1.1", 20);
	put(made, 20, 4, count);
	put(made, 28, 1, big_endian ? 3 : 2);
	made->size = HEADER + (size_t)count * ENTRY;
}

static size_t add_text(struct made *made, const char *text)
{
	size_t at = made->size;

	memcpy(made->bytes + at, text, strlen(text) + 1);
	made->size += strlen(text) + 1;
	return at;
}

static void entry(struct made *made, unsigned index, unsigned flags, const char *name,
		  const char *path, uint64_t hwcap)
{
	size_t at = HEADER + (size_t)index * ENTRY;

	put(made, at, 4, flags);
	put(made, at + 4, 4, add_text(made, name));
	put(made, at + 8, 4, add_text(made, path));
	put(made, at + 16, 8, hwcap);
}

/* Name the subdirectories of glibc-hwcaps that hwcap numbers stand for. */
static void name_subdirs(struct made *made, const char *const *names, size_t count)
{
	size_t texts[8], at;

	assert_true(count <= COUNT(texts));
	for (size_t i = 0; i < count; i++)
		texts[i] = add_text(made, names[i]);
	made->size = at = (made->size + 3) & ~(size_t)3;
	put(made, 32, 4, at);
	put(made, at, 4, 0xEAA42174);
	put(made, at + 4, 4, 1);
	put(made, at + 8, 4, 1);
	put(made, at + 16, 4, at + 24);
	put(made, at + 20, 4, 4 * count);
	for (size_t i = 0; i < count; i++)
		put(made, at + 24 + 4 * i, 4, texts[i]);
	made->size = at + 24 + 4 * count;
}

static uint64_t subdir(unsigned index, unsigned level)
{
	return (uint64_t)1 << 62 | (uint64_t)level << 32 | index;
}

static int parse(struct sov_ldcache *cache, const struct made *made)
{
	char *bytes = calloc(1, made->size + 1);
	const char *why = NULL;
	int rc;

	assert_non_null(bytes);
	memcpy(bytes, made->bytes, made->size);
	rc = sov_ldcache_parse(cache, bytes, made->size, &why);
	assert_true(rc == 0 || why != NULL);
	return rc;
}

static const struct sov_strs none = {0};

static const char *find(const struct sov_ldcache *cache, const char *name)
{
	const struct sov_ldcache_want want = {
		.flags = 0x303, .other_flags = 0x303, .subdirs = &none};

	return sov_ldcache_find(cache, name, &want);
}

static void a_name_leads_to_its_path_in_both_byte_orders(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		struct sov_ldcache cache;
		struct made made;

		begin(&made, big_endian != 0, 2);
		entry(&made, 0, 0x303, "libb.so.1", "/lib/libb.so.1", 0);
		entry(&made, 1, 0x303, "liba.so.1", "/lib/liba.so.1", 0);
		assert_int_equal(parse(&cache, &made), 0);
		assert_string_equal(find(&cache, "liba.so.1"), "/lib/liba.so.1");
		assert_string_equal(find(&cache, "libb.so.1"), "/lib/libb.so.1");
		assert_null(find(&cache, "libc.so.1"));
		assert_null(find(&cache, ""));
		sov_ldcache_release(&cache);
	}
}

static void entries_of_another_machine_are_passed_over(void **state)
{
	struct sov_ldcache cache;
	struct made made;

	(void)state;
	begin(&made, false, 3);
	entry(&made, 0, 3, "libx.so.1", "/lib32/libx.so.1", 0);
	entry(&made, 1, 0x303, "libx.so.1", "/first/libx.so.1", 0);
	entry(&made, 2, 0x303, "libx.so.1", "/second/libx.so.1", 0);
	assert_int_equal(parse(&cache, &made), 0);
	assert_string_equal(find(&cache, "libx.so.1"), "/first/libx.so.1");
	sov_ldcache_release(&cache);
}

static void numbers_in_names_are_compared_as_numbers(void **state)
{
	struct sov_ldcache cache;
	struct made made;

	(void)state;
	begin(&made, false, 3);
	entry(&made, 0, 0x303, "libx.so.10", "/10", 0);
	entry(&made, 1, 0x303, "libx.so.9", "/9", 0);
	entry(&made, 2, 0x303, "libx.so.99999999999999999999", "/large", 0);
	assert_int_equal(parse(&cache, &made), 0);
	assert_string_equal(find(&cache, "libx.so.10"), "/10");
	assert_string_equal(find(&cache, "libx.so.09"), "/9");
	assert_string_equal(find(&cache, "libx.so.99999999999999999999"), "/large");
	assert_null(find(&cache, "libx.so.99999999999999999998"));
	sov_ldcache_release(&cache);
}

static void the_best_subdirectory_that_the_processor_has_wins(void **state)
{
	static const char *const names[] = {"x86-64-v2", "x86-64-v3"};
	char *list[] = {(char *)"x86-64-v3", (char *)"x86-64-v2"};
	const struct sov_strs both = {list, 2}, second = {list + 1, 1};
	struct sov_ldcache_want want = {.flags = 0x303, .other_flags = 0x303, .isa_level = 2};
	struct sov_ldcache cache;
	struct made made;

	(void)state;
	begin(&made, false, 4);
	entry(&made, 0, 0x303, "libx.so.1", "/v2", subdir(0, 1));
	entry(&made, 1, 0x303, "libx.so.1", "/v3", subdir(1, 2));
	entry(&made, 2, 0x303, "libx.so.1", "/out-of-range", subdir(7, 0));
	entry(&made, 3, 0x303, "libx.so.1", "/plain", 0);
	name_subdirs(&made, names, 2);
	assert_int_equal(parse(&cache, &made), 0);
	want.subdirs = &both;
	assert_string_equal(sov_ldcache_find(&cache, "libx.so.1", &want), "/v3");
	want.isa_level = 1; /* what the library asks for counts too */
	assert_string_equal(sov_ldcache_find(&cache, "libx.so.1", &want), "/v2");
	want.subdirs = &second;
	assert_string_equal(sov_ldcache_find(&cache, "libx.so.1", &want), "/v2");
	want.subdirs = &none;
	assert_string_equal(sov_ldcache_find(&cache, "libx.so.1", &want), "/plain");
	sov_ldcache_release(&cache);
}

static void older_hardware_bits_are_for_older_dynamic_linkers(void **state)
{
	struct sov_ldcache_want want = {.flags = 0x303, .other_flags = 0x303, .subdirs = &none};
	struct sov_ldcache cache;
	struct made made;

	(void)state;
	begin(&made, false, 2);
	entry(&made, 0, 0x303, "libx.so.1", "/haswell", 4);
	entry(&made, 1, 0x303, "libx.so.1", "/plain", 0);
	assert_int_equal(parse(&cache, &made), 0);
	assert_string_equal(sov_ldcache_find(&cache, "libx.so.1", &want), "/plain");
	want.legacy = true;
	assert_string_equal(sov_ldcache_find(&cache, "libx.so.1", &want), "/haswell");
	sov_ldcache_release(&cache);
}

static void what_leads_out_of_the_file_is_left_out(void **state)
{
	struct sov_ldcache cache;
	struct made made;

	(void)state;
	begin(&made, false, 3);
	entry(&made, 0, 0x303, "liba.so.1", "/a", 0);
	entry(&made, 1, 0x303, "libb.so.1", "/b", 0);
	entry(&made, 2, 0x303, "libc.so.1", "/c", 0);
	put(&made, HEADER + 4, 4, made.size);
	put(&made, HEADER + ENTRY + 8, 4, 0xFFFFFFFF);
	assert_int_equal(parse(&cache, &made), 0);
	assert_null(find(&cache, "liba.so.1"));
	assert_null(find(&cache, "libb.so.1"));
	assert_string_equal(find(&cache, "libc.so.1"), "/c");
	sov_ldcache_release(&cache);
}

static void a_cache_cut_anywhere_is_none_or_holds_less(void **state)
{
	struct made made;
	size_t whole;

	(void)state;
	begin(&made, false, 1);
	entry(&made, 0, 0x303, "libx.so.1", "/x", 0);
	whole = made.size;
	for (made.size = 0; made.size < whole; made.size++) {
		struct sov_ldcache cache;

		assert_int_equal(parse(&cache, &made), made.size < HEADER + ENTRY ? 1 : 0);
		sov_ldcache_release(&cache);
	}
}

static void a_count_beyond_the_file_and_a_cache_that_says_invalid_are_refused(void **state)
{
	struct sov_ldcache cache;
	struct made made;

	(void)state;
	begin(&made, false, 1);
	entry(&made, 0, 0x303, "libx.so.1", "/x", 0);
	put(&made, 28, 1, 1);
	assert_int_equal(parse(&cache, &made), 1);
	put(&made, 28, 1, 2);
	put(&made, 20, 4, 0xFFFFFFFF);
	assert_int_equal(parse(&cache, &made), 1);
	assert_null(cache.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_leads_to_its_path_in_both_byte_orders),
		cmocka_unit_test(entries_of_another_machine_are_passed_over),
		cmocka_unit_test(numbers_in_names_are_compared_as_numbers),
		cmocka_unit_test(the_best_subdirectory_that_the_processor_has_wins),
		cmocka_unit_test(older_hardware_bits_are_for_older_dynamic_linkers),
		cmocka_unit_test(what_leads_out_of_the_file_is_left_out),
		cmocka_unit_test(a_cache_cut_anywhere_is_none_or_holds_less),
		cmocka_unit_test(a_count_beyond_the_file_and_a_cache_that_says_invalid_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
