/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "base/utf8.h"

/* clang-format off */
static const struct {
	const char *bytes;
	size_t length;
	uint32_t c;
} cases[] = {
	{"", 1, 0}, /* one byte is at hand: the NUL */
	{"a", 1, 'a'},
	{"\x7F", 1, 0x7F},
	{"\xC2\x80", 2, 0x80},
	{"\xDF\xBF", 2, 0x7FF},
	{"\xE0\xA0\x80", 3, 0x800},
	{"\xED\x9F\xBF", 3, 0xD7FF},
	{"\xEE\x80\x80", 3, 0xE000},
	{"\xEF\xBF\xBF", 3, 0xFFFF},
	{"\xF0\x90\x80\x80", 4, 0x10000},
	{"\xF4\x8F\xBF\xBF", 4, 0x10FFFF},
	{"\x80", 0, 0}, /* continues nothing */
	/* overlong */
	{"\xC0\xAF", 0, 0}, {"\xC1\xBF", 0, 0}, {"\xE0\x9F\xBF", 0, 0}, {"\xF0\x8F\xBF\xBF", 0, 0},
	/* surrogates */
	{"\xED\xA0\x80", 0, 0}, {"\xED\xBF\xBF", 0, 0},
	/* beyond U+10FFFF */
	{"\xF4\x90\x80\x80", 0, 0}, {"\xF5\x80\x80\x80", 0, 0}, {"\xFF", 0, 0},
	/* cut short */
	{"\xC3", 0, 0}, {"\xE2\x82", 0, 0}, {"\xF0\x9F\x98", 0, 0},
	{"\xC3z", 0, 0}, {"\xE2\x82z", 0, 0}, {"\xF0\x9F\x98z", 0, 0},
};
/* clang-format on */

static void characters_have_a_length_and_a_code_point(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t n = strlen(cases[i].bytes);
		uint32_t c = 0;

		assert_int_equal(sov_utf8_length(cases[i].bytes, n > 0 ? n : 1, &c),
				 cases[i].length);
		assert_int_equal(c, cases[i].c);
		assert_int_equal(sov_utf8_length(cases[i].bytes, n > 0 ? n : 1, NULL),
				 cases[i].length);
	}
}

static void bytes_past_the_end_are_not_looked_at(void **state)
{
	(void)state;
	for (size_t n = 1; n < 4; n++)
		assert_int_equal(sov_utf8_length("\xF0\x9F\x98\x80", n, NULL), 0);
	assert_int_equal(sov_utf8_length("\xF0\x9F\x98\x80", 4, NULL), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_have_a_length_and_a_code_point),
		cmocka_unit_test(bytes_past_the_end_are_not_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
