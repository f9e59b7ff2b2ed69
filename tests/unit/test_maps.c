/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "upgrade/maps.h"

static void a_line_is_taken_apart(void **state)
{
	struct sov_mapping m;

	(void)state;
	assert_true(sov_mapping_parse(&m, "7f9cb9ef6000-7f9cba04c000 r-xp 00026000 fe:0a 332835   "
					  "                  /usr/lib/libc.so.6"));
	assert_int_equal(m.start, 0x7f9cb9ef6000);
	assert_int_equal(m.end, 0x7f9cba04c000);
	assert_true(m.read && !m.write && m.execute && !m.shared);
	assert_int_equal(m.offset, 0x26000);
	assert_int_equal(m.major, 0xfe);
	assert_int_equal(m.minor, 0x0a);
	assert_int_equal(m.inode, 332835);
	assert_string_equal(m.path, "/usr/lib/libc.so.6");
}

static void every_flag_is_told_from_its_absence(void **state)
{
	struct sov_mapping m;

	(void)state;
	assert_true(sov_mapping_parse(&m, "1000-2000 -w-s 00000000 00:05 1 /dev/zero (deleted)"));
	assert_true(!m.read && m.write && !m.execute && m.shared);
	assert_true(sov_mapping_parse(&m, "1000-2000 ---p 00000000 00:05 1 /x"));
	assert_true(!m.read && !m.write && !m.execute && !m.shared);
}

static void what_maps_no_file_has_no_path_or_a_word(void **state)
{
	struct sov_mapping m;

	(void)state;
	assert_true(sov_mapping_parse(&m, "1000-2000 rw-p 00000000 00:00 0 "));
	assert_int_equal(m.inode, 0);
	assert_string_equal(m.path, "");
	assert_true(sov_mapping_parse(&m, "1000-2000 rw-p 00000000 00:00 0"));
	assert_string_equal(m.path, "");
	assert_true(sov_mapping_parse(&m, "1000-2000 rw-p 00000000 00:00 0          [heap]"));
	assert_string_equal(m.path, "[heap]");
	assert_true(sov_mapping_parse(&m, "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0"
					  "                  [vsyscall]"));
	assert_true(m.start == UINT64_C(0xffffffffff600000));
}

static void a_path_keeps_its_blanks(void **state)
{
	struct sov_mapping m;

	(void)state;
	assert_true(
		sov_mapping_parse(&m, "1000-2000 r-xp 00000000 fe:00 7    /a  b c.so (deleted)"));
	assert_string_equal(m.path, "/a  b c.so (deleted)");
}

static void an_inode_of_64_bits_and_a_large_device_are_read(void **state)
{
	struct sov_mapping m;

	(void)state;
	assert_true(
		sov_mapping_parse(&m, "1000-2000 r-xp 00000000 fff:fffff 18446744073709551615 /x"));
	assert_true(m.inode == UINT64_MAX);
	assert_int_equal(m.major, 0xfff);
	assert_int_equal(m.minor, 0xfffff);
}

static void another_line_is_refused(void **state)
{
	static const char *const lines[] = {
		"",
		" ",
		"1000",
		"1000-2000",
		"1000-2000 r-xp",
		"1000-2000 r-xp 0 00:00",
		"1000-2000 r-xp 0 00:00 ",
		"-2000 r-xp 0 00:00 0 ",
		"1000- r-xp 0 00:00 0 ",
		" 1000-2000 r-xp 0 00:00 0 ",
		"0x1000-2000 r-xp 0 00:00 0 ",
		"+1000-2000 r-xp 0 00:00 0 ",
		"1000 2000 r-xp 0 00:00 0 ",
		"1000-2000 rwx 0 00:00 0 ",
		"1000-2000 xrwp 0 00:00 0 ",
		"1000-2000 r-xpp 0 00:00 0 ",
		"1000-2000 r-xq 0 00:00 0 ",
		"1000-2000 r-xp 0 00 0 ",
		"1000-2000 r-xp 0 100000000:00 0 ",
		"1000-2000 r-xp 0 00:00 -1 ",
		"1000-2000 r-xp 0 00:00 f /x",
		"1000-2000 r-xp 0 00:00 1x /x",
		"10000000000000000-20000000000000000 r-xp 0 00:00 0 ",
		"1000-2000 r-xp 0 00:00 18446744073709551616 /x",
		"Size:                  4 kB",
	};
	struct sov_mapping m = {.inode = 77};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		if (sov_mapping_parse(&m, lines[i]))
			fail_msg("taken: %s", lines[i]);
		assert_int_equal(m.inode, 77);
	}
}

static void the_words_behind_a_deleted_file_are_seen(void **state)
{
	(void)state;
	assert_true(sov_mapping_deleted("/x.so (deleted)"));
	assert_true(sov_mapping_deleted("/x.so (deleted) (deleted)"));
	assert_false(sov_mapping_deleted("/x.so"));
	assert_false(sov_mapping_deleted("/x.so (deleted)~"));
	assert_false(sov_mapping_deleted("/x.so(deleted)"));
	assert_false(sov_mapping_deleted(" (deleted)"));
	assert_false(sov_mapping_deleted(""));
}

static void an_escaped_newline_becomes_one_and_nothing_else_does(void **state)
{
	char path[] = "/a\\012b\\012\\012c\\040d\\\\012";
	char plain[] = "/a\\01";

	(void)state;
	assert_true(sov_mapping_unescape(path));
	assert_string_equal(path, "/a\nb\n\nc\\040d\\\n");
	assert_false(sov_mapping_unescape(plain));
	assert_string_equal(plain, "/a\\01");
}

static void every_line_of_our_own_is_understood(void **state)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	struct sov_mapping m;
	char line[8192];
	size_t lines = 0, code = 0;

	(void)state;
	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (!sov_mapping_parse(&m, line))
			fail_msg("not taken: %s", line);
		assert_true(m.start < m.end);
		code += m.execute && m.path[0] == '/';
		lines++;
	}
	fclose(maps);
	assert_true(lines > 5 && code >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_taken_apart),
		cmocka_unit_test(every_flag_is_told_from_its_absence),
		cmocka_unit_test(what_maps_no_file_has_no_path_or_a_word),
		cmocka_unit_test(a_path_keeps_its_blanks),
		cmocka_unit_test(an_inode_of_64_bits_and_a_large_device_are_read),
		cmocka_unit_test(another_line_is_refused),
		cmocka_unit_test(the_words_behind_a_deleted_file_are_seen),
		cmocka_unit_test(an_escaped_newline_becomes_one_and_nothing_else_does),
		cmocka_unit_test(every_line_of_our_own_is_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
