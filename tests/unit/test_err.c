/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"

static struct sov_err err;

static int fail_everywhere(void)
{
	sov_fail(&err, SOV_E_MISMATCH, "lib/libx.so.1", "SONAME is %s", "wrong");
	sov_expected(&err, "libx.so.%d", 2);
	sov_found(&err, "libx.so.%d", 1);
	sov_rule(&err, "declared-mismatch");
	return sov_fix(&err, "relink");
}

static void an_error_has_the_form_of_a_compiler_diagnostic(void **state)
{
	(void)state;
	assert_int_equal(fail_everywhere(), -SOV_E_MISMATCH);
	assert_string_equal(rendered(&err),
			    "lib/libx.so.1: error: SONAME is wrong [declared-mismatch]\n"
			    "  expected: libx.so.2\n"
			    "  found:    libx.so.1\n"
			    "  fix:      relink\n");
}

static void a_program_puts_its_name_first(void **state)
{
	char text[256];

	(void)state;
	sov_fail(&err, SOV_E_USAGE, "--sov-version", "no value");
	sov_err_render(text, sizeof(text), "sovcc", &err);
	assert_string_equal(text, "sovcc: error: --sov-version: no value\n");
	sov_fail(&err, SOV_E_USAGE, NULL, "no value");
	sov_err_render(text, sizeof(text), "sovcc", &err);
	assert_string_equal(text, "sovcc: error: no value\n");
	assert_string_equal(rendered(&err), "error: no value\n");
}

static void a_second_failure_replaces_every_text_of_the_first(void **state)
{
	(void)state;
	fail_everywhere();
	err.sys_errno = ENOENT;
	assert_int_equal(sov_fail(&err, SOV_E_CONF, NULL, "new"), -SOV_E_CONF);
	assert_string_equal(rendered(&err), "error: new\n");
	assert_int_equal(err.sys_errno, 0);
	sov_err_clear(&err);
	assert_int_equal(err.code, SOV_OK);
	assert_string_equal(rendered(&err), "error: \n");
}

static void a_failure_may_be_told_in_terms_of_itself(void **state)
{
	(void)state;
	fail_everywhere();
	sov_fail(&err, SOV_E_USAGE, err.subject, "%s, found %s", err.message, err.found);
	assert_string_equal(rendered(&err),
			    "lib/libx.so.1: error: SONAME is wrong, found libx.so.1\n");
}

static void errno_is_kept_and_told(void **state)
{
	(void)state;
	errno = ENOENT;
	assert_int_equal(sov_fail_errno(&err, "a", "cannot open %s", "it"), -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, ENOENT);
	assert_string_equal(rendered(&err),
			    "a: error: cannot open it: No such file or directory\n");
	errno = ENOMEM;
	assert_int_equal(sov_fail_errno(&err, "a", "cannot open"), -SOV_E_NOMEM);
	assert_int_equal(sov_fail_nomem(&err, "b"), -SOV_E_NOMEM);
	assert_string_equal(rendered(&err), "b: error: out of memory\n");
}

static void an_error_about_a_line_names_file_and_line(void **state)
{
	(void)state;
	assert_int_equal(sov_fail_at(&err, SOV_E_CONF, "sov.conf", 3, "junk"), -SOV_E_CONF);
	assert_string_equal(rendered(&err), "sov.conf:3: error: junk\n");
	sov_fail_at(&err, SOV_E_CONF, "sov.conf", 0, "junk");
	assert_string_equal(rendered(&err), "sov.conf: error: junk\n");
}

static void a_text_that_does_not_fit_is_cut_and_shows_it(void **state)
{
	static char endless[3 * SOV_SUBJECT_MAX];

	(void)state;
	memset(endless, 'x', sizeof(endless) - 1);
	sov_fail(&err, SOV_E_USAGE, endless, "%s", endless);
	sov_found(&err, "%s", endless);
	assert_int_equal(strlen(err.subject), SOV_SUBJECT_MAX - 1);
	assert_string_equal(err.subject + SOV_SUBJECT_MAX - 5, "x...");
	assert_int_equal(strlen(err.message), SOV_TEXT_MAX - 1);
	assert_string_equal(err.message + SOV_TEXT_MAX - 5, "x...");
	assert_string_equal(err.found + SOV_TEXT_MAX - 5, "x...");
	errno = EIO;
	sov_fail_errno(&err, NULL, "%s", endless);
	assert_string_equal(err.message + SOV_TEXT_MAX - 5, "x...");
	sov_fail_at(&err, SOV_E_CONF, endless, 7, "junk");
	assert_int_equal(strlen(err.subject), SOV_SUBJECT_MAX - 1);
}

static void bytes_of_a_disk_are_quoted(void **state)
{
	(void)state;
	sov_fail(&err, SOV_E_SYSTEM, "a\nb: error: forged", "\033[2J");
	assert_string_equal(rendered(&err), "a\\nb: error: forged: error: \\x1B[2J\n");
}

static void rendering_cuts_to_fit_and_tells_the_whole_length(void **state)
{
	char whole[256], text[256];
	size_t length;

	(void)state;
	fail_everywhere();
	length = sov_err_render(whole, sizeof(whole), NULL, &err);
	assert_int_equal(length, strlen(whole));
	assert_int_equal(sov_err_render(NULL, 0, NULL, &err), length);
	for (size_t size = 1; size <= length; size++) {
		memset(text, '#', sizeof(text));
		assert_int_equal(sov_err_render(text, size, NULL, &err), length);
		assert_int_equal(strlen(text), size - 1);
		assert_memory_equal(text, whole, size - 1);
		assert_int_equal(text[size], '#');
	}
}

static void every_code_has_its_exit_status(void **state)
{
	(void)state;
	assert_int_equal(sov_exit_status(SOV_OK), 0);
	assert_int_equal(sov_exit_status(SOV_E_MISMATCH), 1);
	assert_int_equal(sov_exit_status(SOV_E_OBSTACLE), 1);
	assert_int_equal(sov_exit_status(SOV_E_USAGE), 2);
	assert_int_equal(sov_exit_status(SOV_E_CONF), 2);
	assert_int_equal(sov_exit_status(SOV_E_BROKEN), 3);
	assert_int_equal(sov_exit_status(SOV_E_SYSTEM), 3);
	assert_int_equal(sov_exit_status(SOV_E_NOMEM), 3);
	assert_int_equal(sov_exit_status(SOV_E_LIMIT), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_has_the_form_of_a_compiler_diagnostic),
		cmocka_unit_test(a_program_puts_its_name_first),
		cmocka_unit_test(a_second_failure_replaces_every_text_of_the_first),
		cmocka_unit_test(a_failure_may_be_told_in_terms_of_itself),
		cmocka_unit_test(errno_is_kept_and_told),
		cmocka_unit_test(an_error_about_a_line_names_file_and_line),
		cmocka_unit_test(a_text_that_does_not_fit_is_cut_and_shows_it),
		cmocka_unit_test(bytes_of_a_disk_are_quoted),
		cmocka_unit_test(rendering_cuts_to_fit_and_tells_the_whole_length),
		cmocka_unit_test(every_code_has_its_exit_status),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
