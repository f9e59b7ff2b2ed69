/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include <sov/version.h>

#include "base/str.h"

#define EXPECTED_VERSION                                                                           \
	"  expected: 1 to 4 numbers of at most nine digits without leading zeros, joined by "      \
	"dots: "                                                                                   \
	"1.4.2\n"
#define EXPECTED_TRIPLE                                                                            \
	"  expected: current:revision:age, 1 to 3 numbers of at most nine digits without leading " \
	"zeros: 5:4:2\n"

static void what_the_grammar_allows_is_read_and_written_back(void **state)
{
	static const char *const texts[] = {
		"0",
		"1",
		"7",
		"10",
		"999999999",
		"1.2",
		"0.0",
		"2.1.0",
		"1.4.2",
		"1.2.3.4",
		"0.0.0.0",
		"100.200.300",
		"999999999.999999999.999999999.999999999",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		char out[SOV_VERSION_TEXT_MAX];
		struct sov_version version;
		struct sov_err err;

		assert_int_equal(sov_version_parse(&version, texts[i], &err), 0);
		assert_string_equal(sov_version_format(out, &version), texts[i]);
	}
}

static void the_numbers_are_those_of_the_text(void **state)
{
	struct sov_version version;
	struct sov_err err;

	(void)state;
	assert_int_equal(sov_version_parse(&version, "2.10.999999999", &err), 0);
	assert_int_equal(version.count, 3);
	assert_int_equal(version.part[0], 2);
	assert_int_equal(version.part[1], 10);
	assert_int_equal(version.part[2], SOV_NUMBER_MAX);
	assert_int_equal(version.part[3], 0);
}

/* text, what is wrong, what is found, the fix; NULL = none */
/* clang-format off */
static const struct refused {
	const char *text, *message, *found, *fix;
} refused_versions[] = {
	{"", "no number", "nothing", NULL},
	{"01", "a leading zero", "01", "write 1"},
	{"00", "a leading zero", "00", "write 0"},
	{"1.02.3", "a leading zero", "1.02.3", "write 1.2.3"},
	{"v1", "a prefix", "v1", "write 1"},
	{"v1.2", "a prefix", "v1.2", "write 1.2"},
	{"V1", "a prefix", "V1", "write 1"},
	{"release-1.2", "not a version", "release-1.2", "write 1.2"},
	{"'1.2'", "quotes are not part of a version", "'1.2'", "write 1.2"},
	{"\"1.2\"", "quotes are not part of a version", "\"1.2\"", "write 1.2"},
	{"one", "not a version", "one", NULL},
	{"v", "not a version", "v", NULL},
	{"version", "not a version", "version", NULL},
	{"1.2-rc1", "a suffix", "1.2-rc1", "write 1.2"},
	{"1.2.3-rc1", "a suffix", "1.2.3-rc1", "write 1.2.3"},
	{"1.2.3+git", "a suffix", "1.2.3+git", "write 1.2.3"},
	{"1.0d", "a suffix", "1.0d", "write 1.0"},
	{"1/2", "a suffix", "1/2", "write 1"},
	{"1.x", "something else than a number", "1.x", "write 1"},
	{"1.-2", "something else than a number", "1.-2", "write 1"},
	{"+1", "a sign", "+1", "write 1"},
	{"-1", "a sign", "-1", "write 1"},
	{" 1", "a blank", " 1", "write 1"},
	{"1 ", "a blank", "1 ", "write 1"},
	{"1.2\n", "a blank", "1.2\\n", "write 1.2"},
	{"1. 2", "a blank", "1. 2", "write 1"},
	{"1..2", "an empty part", "1..2", "write 1.2"},
	{".1", "an empty part", ".1", "write 1"},
	{"1.", "an empty part", "1.", "write 1"},
	{".", "an empty part", ".", NULL},
	{"1.2.3.4.5", "more than four numbers", "1.2.3.4.5", "write 1.2.3.4"},
	{"1234567890", "a number of more than nine digits", "1234567890", NULL},
	{"1.1234567890", "a number of more than nine digits", "1.1234567890", NULL},
	{"0000000000012", "a number of more than nine digits", "0000000000012", "write 12"},
	{"5:4:2", "a suffix", "5:4:2", "declare it as libtool = 5:4:2"},
	{"v01..2-rc1", "a prefix", "v01..2-rc1", "write 1.2"},
	{"\xFF", "not a version", "\\xFF", NULL},
};

static const struct refused refused_triples[] = {
	{"", "no number", "nothing", NULL},
	{":", "an empty part", ":", NULL},
	{"1:", "an empty part", "1:", "write 1"},
	{"1::2", "an empty part", "1::2", "write 1:2"},
	{"5:04:2", "a leading zero", "5:04:2", "write 5:4:2"},
	{"1:2:3:4", "more than three numbers", "1:2:3:4", "write 1:2:3"},
	{"1.4.2", "a suffix", "1.4.2", "declare it as version = 1.4.2"},
	{"-5:4:2", "a sign", "-5:4:2", "write 5:4:2"},
	{"5:4:2 ", "a blank", "5:4:2 ", "write 5:4:2"},
	{"1000000000:0:0", "a number of more than nine digits", "1000000000:0:0", NULL},
	{"five", "not a triple", "five", NULL},
	{"'5:4:2'", "quotes are not part of a triple", "'5:4:2'", "write 5:4:2"},
};
/* clang-format on */

static void assert_refused(const struct refused *refused, const char *expected,
			   const struct sov_err *err)
{
	char text[1024];

	assert_int_equal(err->code, SOV_E_USAGE);
	sov_str_format(text, sizeof(text), "error: %s\n%s  found:    %s\n%s%s%s", refused->message,
		       expected, refused->found, refused->fix ? "  fix:      " : "",
		       refused->fix ? refused->fix : "", refused->fix ? "\n" : "");
	assert_string_equal(rendered(err), text);
}

static void what_is_no_version_is_refused_with_what_it_should_be(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused_versions); i++) {
		const char *text = refused_versions[i].text;
		struct sov_version version = {
			9, {9, 9, 9, 9}
		       };
		struct sov_err err;

		assert_int_equal(sov_version_parse(&version, text, &err), -SOV_E_USAGE);
		assert_refused(&refused_versions[i], EXPECTED_VERSION, &err);
		assert_int_equal(version.count, 9);
	}
}

/* A fix that is followed must be accepted. */
static void what_a_fix_says_to_write_is_a_version(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused_versions); i++) {
		const char *fix = refused_versions[i].fix;
		struct sov_version version;
		struct sov_err err;

		if (fix && sov_str_starts(fix, "write "))
			assert_int_equal(sov_version_parse(&version, fix + 6, &err), 0);
	}
}

static void five_thousand_digits_are_shown_by_their_beginning(void **state)
{
	static char endless[5001];
	struct sov_version version;
	struct sov_err err;

	(void)state;
	memset(endless, '7', sizeof(endless) - 1);
	assert_int_equal(sov_version_parse(&version, endless, &err), -SOV_E_USAGE);
	assert_string_equal(err.message, "a number of more than nine digits");
	assert_int_equal(strlen(err.found), SOV_EXCERPT_MAX - 1);
	assert_string_equal(err.found + strlen(err.found) - 4, "7...");
	assert_string_equal(err.fix, "");
}

static void versions_are_ordered_by_number_and_then_by_length(void **state)
{
	static const char *const ordered[] = {"0", "0.9", "1", "1.0", "1.0.0", "1.2", "1.10", "2"};

	(void)state;
	for (size_t i = 0; i < COUNT(ordered); i++) {
		for (size_t j = 0; j < COUNT(ordered); j++) {
			struct sov_version a, b;
			struct sov_err err;
			int order;

			assert_int_equal(sov_version_parse(&a, ordered[i], &err), 0);
			assert_int_equal(sov_version_parse(&b, ordered[j], &err), 0);
			order = sov_version_compare(&a, &b);
			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
	}
}

static void a_triple_has_zeros_for_what_it_leaves_out(void **state)
{
	static const struct {
		const char *text, *whole;
	} cases[] = {
		{"5:4:2",			  "5:4:2"			 },
		{"5:4",			   "5:4:0"			       },
		{"5",			     "5:0:0"			     },
		{"0:0:0",			  "0:0:0"			 },
		{"3:9:3",			  "3:9:3"			 },
		{"999999999:999999999:999999999", "999999999:999999999:999999999"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char out[SOV_VERSION_TEXT_MAX];
		struct sov_triple triple;
		struct sov_err err;

		assert_int_equal(sov_triple_parse(&triple, cases[i].text, &err), 0);
		assert_string_equal(sov_triple_format(out, &triple), cases[i].whole);
	}
}

static void what_is_no_triple_is_refused_with_what_it_should_be(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused_triples); i++) {
		struct sov_triple triple = {9, 9, 9};
		struct sov_err err;

		assert_int_equal(sov_triple_parse(&triple, refused_triples[i].text, &err),
				 -SOV_E_USAGE);
		assert_refused(&refused_triples[i], EXPECTED_TRIPLE, &err);
		assert_int_equal(triple.current, 9);
	}
}

static void an_age_above_current_is_refused(void **state)
{
	struct sov_triple triple;
	struct sov_err err;

	(void)state;
	assert_int_equal(sov_triple_parse(&triple, "2:1:3", &err), -SOV_E_USAGE);
	assert_string_equal(rendered(&err), "error: an age greater than current\n"
					    "  expected: an age of 0 to 2\n"
					    "  found:    2:1:3\n"
					    "  fix:      lower the age, or raise current\n");
	/* nor is it advised to somebody who wrote it where a version belongs */
	assert_int_equal(sov_version_parse(&(struct sov_version){0}, "2:1:3", &err), -SOV_E_USAGE);
	assert_string_equal(err.fix, "write 2");
}

static void the_library_tells_its_own_version(void **state)
{
	struct sov_version version;
	struct sov_err err;

	(void)state;
	assert_int_equal(sov_version_parse(&version, sov_release(), &err), 0);
	assert_int_equal(version.count, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_grammar_allows_is_read_and_written_back),
		cmocka_unit_test(the_numbers_are_those_of_the_text),
		cmocka_unit_test(what_is_no_version_is_refused_with_what_it_should_be),
		cmocka_unit_test(what_a_fix_says_to_write_is_a_version),
		cmocka_unit_test(five_thousand_digits_are_shown_by_their_beginning),
		cmocka_unit_test(versions_are_ordered_by_number_and_then_by_length),
		cmocka_unit_test(a_triple_has_zeros_for_what_it_leaves_out),
		cmocka_unit_test(what_is_no_triple_is_refused_with_what_it_should_be),
		cmocka_unit_test(an_age_above_current_is_refused),
		cmocka_unit_test(the_library_tells_its_own_version),
	};

	return cmocka_run_group_tests_name("version", tests, NULL, NULL);
}
