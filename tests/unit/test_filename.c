/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include <sov/names.h>

static void a_file_name_is_taken_apart(void **state)
{
	static const struct {
		const char *name, *stem, *digits;
		unsigned count;
	} cases[] = {
		{"libdemo.so",		       "libdemo",	  "",		      0},
		{"libdemo.so.2",		 "libdemo",	    "2",			 1},
		{"libdemo-9.so.1.4.2",	       "libdemo-9",   "1.4.2",		     3},
		{"libdemo-1.2.so",		   "libdemo-1.2", "",		      0},
		{"demo.so.00.1",		 "demo",	 "00.1",		 2},
		{"x.so",			 "x",	      "",			  0},
		{"libx.so.1.so",		 "libx.so.1",   "",			  0},
		{"libx.so.a.so.2",		   "libx.so.a",	"2",		     1},
		{".so.so",			   ".so",	  "",		      0},
		{"libx.so.1.2.3.4.5.6",		"libx",	"1.2.3.4.5.6",	       6},
		{"libx.so.12345678901234567890", "libx",	 "12345678901234567890", 1},
		{"lib 1\n.so.2",		 "lib 1\n",	    "2",			 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sov_filename parts;

		assert_true(sov_filename_parse(&parts, cases[i].name));
		assert_int_equal(parts.stem_len, strlen(cases[i].stem));
		assert_memory_equal(parts.stem, cases[i].stem, parts.stem_len);
		assert_string_equal(parts.digits, cases[i].digits);
		assert_int_equal(parts.count, cases[i].count);
	}
}

static void what_only_resembles_a_library_is_none(void **state)
{
	static const char *const names[] = {
		"",
		".so",
		".so.1",
		"so",
		"libx",
		"libx.a",
		"libx.so.",
		"libx.so.1.",
		"libx.so..1",
		"libx.so.1..2",
		"libx.so.1~",
		"libx.so.1d",
		"libx.so.-1",
		"libx.so.1.0-gdb.py",
		"libx.so1",
		"libxso",
		"libx.so.d.1",
		"libx.SO",
		"1",
		"1.2",
		".",
		"..",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct sov_filename parts;

		assert_false(sov_filename_parse(&parts, names[i]));
	}
}

static int compare(const char *a, const char *b)
{
	struct sov_filename p, q;
	int order;

	assert_true(sov_filename_parse(&p, a));
	assert_true(sov_filename_parse(&q, b));
	order = sov_filename_compare(&p, &q);
	return (order > 0) - (order < 0);
}

static void digits_are_ordered_as_numbers_of_any_length(void **state)
{
	static const char *const ordered[] = {
		"x.so",
		"x.so.0",
		"x.so.1",
		"x.so.1.0",
		"x.so.1.9",
		"x.so.1.10",
		"x.so.1.10.0",
		"x.so.2",
		"x.so.10",
		"x.so.99999999999999999999",
		"x.so.100000000000000000000",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ordered); i++)
		for (size_t j = 0; j < COUNT(ordered); j++)
			assert_int_equal(compare(ordered[i], ordered[j]), (i > j) - (i < j));
	assert_int_equal(compare("x.so.01.002", "y.so.1.2"), 0);
	assert_int_equal(compare("x.so.0", "x.so.000"), 0);
	assert_int_equal(compare("x.so.1.00", "x.so.1"), 1);
}

static bool same_stem(const char *a, const char *b)
{
	struct sov_filename p, q;

	assert_true(sov_filename_parse(&p, a));
	assert_true(sov_filename_parse(&q, b));
	return sov_filename_same_stem(&p, &q);
}

static void names_of_one_stem_differ_in_nothing_but_digits(void **state)
{
	(void)state;
	assert_true(same_stem("libx.so", "libx.so.1"));
	assert_true(same_stem("libx.so.7.8", "libx.so.1"));
	assert_false(same_stem("libx-9.so.1", "libx.so.1"));
	assert_false(same_stem("libx.so", "libxy.so"));
	assert_false(same_stem("libx.so", "liby.so"));
}

static void a_soname_that_must_not_become_a_file_name_is_known(void **state)
{
	char name[300];

	(void)state;
	assert_null(sov_soname_unsafe("libx.so.1"));
	assert_null(sov_soname_unsafe("..."));
	assert_null(sov_soname_unsafe("lib\xC3\xA9 x.so"));
	assert_string_equal(sov_soname_unsafe(""), "is empty");
	assert_string_equal(sov_soname_unsafe("."), "is . or ..");
	assert_string_equal(sov_soname_unsafe(".."), "is . or ..");
	assert_string_equal(sov_soname_unsafe("lib/x.so"), "has a '/'");
	assert_string_equal(sov_soname_unsafe("libx.so\n"), "has control bytes");
	assert_string_equal(sov_soname_unsafe("libx\177.so"), "has control bytes");
	memset(name, 'x', sizeof(name));
	name[256] = '\0';
	assert_string_equal(sov_soname_unsafe(name), "is longer than 255 bytes");
	name[255] = '\0';
	assert_null(sov_soname_unsafe(name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_name_is_taken_apart),
		cmocka_unit_test(what_only_resembles_a_library_is_none),
		cmocka_unit_test(digits_are_ordered_as_numbers_of_any_length),
		cmocka_unit_test(names_of_one_stem_differ_in_nothing_but_digits),
		cmocka_unit_test(a_soname_that_must_not_become_a_file_name_is_known),
	};

	return cmocka_run_group_tests_name("filename", tests, NULL, NULL);
}
