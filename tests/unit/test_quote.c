/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

/* clang-format off */
static const struct {
	const char *bytes, *shown;
} cases[] = {
	{"", ""},
	{"libdemo-gl++_1.so.2 ~", "libdemo-gl++_1.so.2 ~"},
	{"a\nb\tc\rd\\e", "a\\nb\\tc\\rd\\\\e"},
	{"\a\b\033\177", "\\x07\\x08\\x1B\\x7F"},
	{"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"},
	{"\xC2\x80\xC2\x9F\xC2\xA0", "\\xC2\\x80\\xC2\\x9F\xC2\xA0"}, /* C1 controls */
	{"\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\x8F", "\\xE2\\x80\\xAE\\xE2\\x81\\xA6\\xE2\\x80\\x8F"},
	{"\xD8\x9C", "\\xD8\\x9C"}, /* Arabic letter mark */
	{"\xC0\xAF\xE0\x80\xAF\xF0\x80\x80\xAF", "\\xC0\\xAF\\xE0\\x80\\xAF\\xF0\\x80\\x80\\xAF"},
	{"\xED\xA0\x80", "\\xED\\xA0\\x80"}, /* a surrogate */
	{"\xF4\x90\x80\x80\xF5", "\\xF4\\x90\\x80\\x80\\xF5"}, /* beyond U+10FFFF */
	{"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"}, /* U+10FFFF */
	{"\xE2\x82", "\\xE2\\x82"}, /* cut short */
	{"\xE2\x82z\xFF\x80", "\\xE2\\x82z\\xFF\\x80"},
};
/* clang-format on */

static void bytes_are_shown_as_text_or_as_c_escapes(void **state)
{
	char text[64];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t n = strlen(cases[i].bytes);

		assert_int_equal(sov_quote(text, sizeof(text), cases[i].bytes, n),
				 strlen(cases[i].shown));
		assert_string_equal(text, cases[i].shown);
	}
}

static void a_nul_byte_is_a_byte_like_any_other(void **state)
{
	char text[16];

	(void)state;
	assert_int_equal(sov_quote(text, sizeof(text), "a\0b", 3), 6);
	assert_string_equal(text, "a\\x00b");
}

static void a_cut_is_between_characters(void **state)
{
	char text[16];

	(void)state;
	for (size_t size = 2; size < 6; size++) {
		assert_int_equal(sov_quote(text, size, "x\001y", 3), 6);
		assert_string_equal(text, "x");
	}
	assert_int_equal(sov_quote(text, 6, "x\001y", 3), 6);
	assert_string_equal(text, "x\\x01");
	assert_int_equal(sov_quote(text, 3,
				   "\xE2\x82\xAC"
				   "y",
				   4),
			 4);
	assert_string_equal(text, "");
	assert_int_equal(sov_quote(NULL, 0, "x\001y", 3), 6);
}

static void four_bytes_for_each_always_suffice(void **state)
{
	unsigned char every[256];
	char text[4 * 256 + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(every); i++)
		every[i] = (unsigned char)i;
	assert_true(sov_quote(text, sizeof(text), every, sizeof(every)) < sizeof(text));
	for (const char *p = text; *p; p++)
		assert_in_range(*p, 0x20, 0x7E);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_shown_as_text_or_as_c_escapes),
		cmocka_unit_test(a_nul_byte_is_a_byte_like_any_other),
		cmocka_unit_test(a_cut_is_between_characters),
		cmocka_unit_test(four_bytes_for_each_always_suffice),
	};

	return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
