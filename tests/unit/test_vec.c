/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

static void an_array_grows_one_by_one_and_keeps_what_it_holds(void **state)
{
	struct point {
		int x, y;
	} *points = NULL;

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		assert_int_equal(sov_vec_grow(&points, i, sizeof(*points)), 0);
		assert_int_equal(points[i].x, 0);
		assert_int_equal(points[i].y, 0);
		points[i] = (struct point){(int)i, -(int)i};
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(points[i].x - points[i].y, 2 * i);
	free(points);
}

static void an_impossible_size_is_out_of_memory(void **state)
{
	char block[1], *array = block;

	(void)state;
	assert_int_equal(sov_vec_grow(&array, SIZE_MAX / 2 + 1, 1), -1);
	assert_int_equal(sov_vec_grow(&array, SIZE_MAX / 4 + 1, 16), -1);
	assert_ptr_equal(array, block);
}

static void a_list_of_strings_ends_with_null_at_any_length(void **state)
{
	struct sov_strs strs = {0};

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		assert_int_equal(sov_strs_add(&strs, i % 2 ? "odd" : "even"), 0);
		assert_int_equal(strs.count, i + 1);
		assert_null(strs.item[i + 1]);
	}
	assert_string_equal(strs.item[99], "odd");
	sov_strs_release(&strs);
	assert_null(strs.item);
	assert_int_equal(strs.count, 0);
	sov_strs_release(&strs);
}

static void a_part_of_a_text_is_copied_with_all_its_bytes(void **state)
{
	struct sov_strs strs = {0};

	(void)state;
	assert_int_equal(sov_strs_addn(&strs, "abcdef", 3), 0);
	assert_int_equal(sov_strs_addn(&strs, "a\0b", 3), 0);
	assert_int_equal(sov_strs_addn(&strs, "", 0), 0);
	assert_string_equal(strs.item[0], "abc");
	assert_memory_equal(strs.item[1], "a\0b", 4);
	assert_string_equal(strs.item[2], "");
	sov_strs_release(&strs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_array_grows_one_by_one_and_keeps_what_it_holds),
		cmocka_unit_test(an_impossible_size_is_out_of_memory),
		cmocka_unit_test(a_list_of_strings_ends_with_null_at_any_length),
		cmocka_unit_test(a_part_of_a_text_is_copied_with_all_its_bytes),
	};

	return cmocka_run_group_tests_name("vec", tests, NULL, NULL);
}
