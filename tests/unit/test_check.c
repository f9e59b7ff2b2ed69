/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sov/check.h>

#include "scratch.h"

static const struct sov_names demo = {
	.linker_name = "libdemo.so",
	.soname = "libdemo.so.2",
	.real_name = "libdemo.so.2.1.0",
};

static const struct sov_expectation want_demo = {.names = &demo, .origin = "sov.conf:3"};

static const char *soname_message(const struct sov_identity *identity,
				  const struct sov_expectation *want)
{
	static struct sov_err err;

	sov_err_clear(&err);
	if (sov_check_soname(identity, "libdemo.so.2.1.0", want, &err) == 0)
		return "";
	assert_int_equal(err.code, SOV_E_MISMATCH);
	return rendered(&err);
}

static const char *message_for(const char *soname, const struct sov_expectation *want)
{
	const struct sov_identity identity = {
		.kind = SOV_KIND_LIBRARY,
		.soname = (char *)soname,
		.soname_count = soname != NULL ? 1 : 0,
	};

	return soname_message(&identity, want);
}

static void the_declared_soname_is_accepted(void **state)
{
	(void)state;
	assert_string_equal(message_for("libdemo.so.2", &want_demo), "");
}

static void another_soname_is_said_with_what_was_declared_and_how_to_mend_it(void **state)
{
	(void)state;
	assert_string_equal(message_for("libdemo.so.1", &want_demo),
			    "libdemo.so.2.1.0: error: SONAME does not match the declared version "
			    "[declared-mismatch]\n"
			    "  expected: libdemo.so.2 (sov.conf:3)\n"
			    "  found:    libdemo.so.1\n"
			    "  fix:      relink with sovcc, or declare soversion = 1\n");
}

static void only_what_can_be_declared_is_proposed(void **state)
{
	static const struct {
		const char *found, *fix;
	} cases[] = {
		{"libdemo.so.1.2",	   "or declare soversion = 1.2\n"},
		{"libdemo.so.01",	  "relink with sovcc\n"	       },
		{"libdemo.so.1.2.3.4.5", "relink with sovcc\n"	      },
		{"libdemo.so",	       "relink with sovcc\n"	    },
		{"libother.so.1",	  "relink with sovcc\n"	       },
		{"libdemo.so.1d",	  "relink with sovcc\n"	       },
		{"",		     "relink with sovcc\n"	  },
		{NULL,		       "relink with sovcc\n"	    },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *message = message_for(cases[i].found, &want_demo);
		size_t n = strlen(message), m = strlen(cases[i].fix);

		assert_true(n > m);
		assert_string_equal(message + n - m, cases[i].fix);
	}
}

static void a_caller_that_knows_better_says_what_to_declare(void **state)
{
	struct sov_expectation want = want_demo;

	(void)state;
	want.relink = "libtool = 1:0:0";
	assert_non_null(strstr(message_for("libdemo.so.1", &want),
			       "relink with sovcc, or declare libtool = 1:0:0\n"));
	want.relink = "";
	assert_non_null(
		strstr(message_for("libdemo.so.1", &want), "fix:      relink with sovcc\n"));
}

static void no_soname_and_an_empty_one_are_told_apart(void **state)
{
	(void)state;
	assert_non_null(strstr(message_for(NULL, &want_demo), "found:    no SONAME\n"));
	assert_non_null(strstr(message_for("", &want_demo), "found:    an empty SONAME\n"));
}

static void two_sonames_are_one_too_many(void **state)
{
	const struct sov_identity identity = {
		.kind = SOV_KIND_LIBRARY, .soname = (char *)"libdemo.so.2", .soname_count = 2};

	(void)state;
	assert_non_null(strstr(soname_message(&identity, &want_demo),
			       "found:    2 SONAMEs, the last libdemo.so.2\n"));
}

static void a_system_without_sonames_wants_none(void **state)
{
	const struct sov_names names = {.real_name = "libdemo.so.2.1"};
	const struct sov_expectation want = {.names = &names, .origin = "--version"};

	(void)state;
	assert_string_equal(message_for(NULL, &want), "");
	assert_non_null(
		strstr(message_for("libdemo.so.2", &want), "expected: no SONAME (--version)\n"));
	assert_non_null(strstr(message_for("", &want), "found:    an empty SONAME\n"));
}

static void a_soname_alone_can_be_expected(void **state)
{
	struct sov_expectation want = {.soname = "libdemo.so.2"};

	(void)state;
	assert_string_equal(message_for("libdemo.so.2", &want), "");
	assert_string_equal(message_for("libdemo.so.1", &want),
			    "libdemo.so.2.1.0: error: SONAME is not the expected one "
			    "[declared-mismatch]\n"
			    "  expected: libdemo.so.2\n"
			    "  found:    libdemo.so.1\n"
			    "  fix:      relink with -Wl,-soname,libdemo.so.2\n");
	want.soname = "";
	assert_string_equal(message_for(NULL, &want), "");
	assert_non_null(strstr(message_for("x", &want), "fix:      relink without -soname\n"));
}

static void what_is_no_library_does_not_match(void **state)
{
	struct sov_identity identity = {.kind = SOV_KIND_OBJECT, .detail = "LTO object"};
	struct sov_err err;

	(void)state;
	assert_string_equal(soname_message(&identity, &want_demo),
			    "libdemo.so.2.1.0: error: not a shared library [declared-mismatch]\n"
			    "  found:    object, LTO object\n");
	identity = (struct sov_identity){.kind = SOV_KIND_BROKEN, .detail = "cut short"};
	sov_err_clear(&err);
	assert_int_equal(sov_check_soname(&identity, "x", &want_demo, &err), -SOV_E_BROKEN);
	assert_string_equal(err.message, "cut short");
}

/* All that sov_check_file() found, as "path: message; found" lines. */
static const char *found_in(const struct scratch *scratch, const char *path,
			    const struct sov_expectation *want)
{
	static char text[4096];
	struct sov_report report = {0};
	char whole[512];
	size_t n = 0;
	struct sov_err err;

	snprintf(whole, sizeof(whole), "%s/%s", scratch->path, path);
	sov_err_clear(&err);
	assert_int_equal(sov_check_file(whole, want, &report, &err), 0);
	text[0] = '\0';
	for (size_t i = 0; i < report.count; i++) {
		const struct sov_finding *finding = &report.findings[i];

		assert_string_equal(finding->rule, "declared-mismatch");
		assert_int_equal(finding->severity, SOV_ERROR);
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s: %s; %s\n",
				      finding->path + strlen(scratch->path) + 1, finding->message,
				      finding->found);
	}
	assert_int_equal(report.files, 1);
	sov_report_release(&report);
	return text;
}

static void make_demo(const struct scratch *scratch)
{
	scratch_library(scratch, "lib/libdemo.so.2.1.0", "libdemo.so.2");
	scratch_link(scratch, "lib/libdemo.so.2", "libdemo.so.2.1.0");
	scratch_link(scratch, "lib/libdemo.so", "libdemo.so.2");
}

static void a_library_as_declared_is_clean_by_each_of_its_names(void **state)
{
	const struct scratch *scratch = *state;

	make_demo(scratch);
	scratch_link(scratch, "usr/lib/libdemo.so", "../../lib/libdemo.so.2");
	assert_string_equal(found_in(scratch, "lib/libdemo.so.2.1.0", &want_demo), "");
	assert_string_equal(found_in(scratch, "lib/libdemo.so.2", &want_demo), "");
	assert_string_equal(found_in(scratch, "lib/libdemo.so", &want_demo), "");
	assert_string_equal(found_in(scratch, "usr/lib/libdemo.so", &want_demo), "");
}

static void paths_stay_in_the_words_of_the_user(void **state)
{
	const struct scratch *scratch = *state;

	make_demo(scratch);
	scratch_link(scratch, "linked", "lib");
	unlinkat(scratch->fd, "lib/libdemo.so", 0);
	scratch_link(scratch, "lib/libdemo.so", "nothing");
	scratch_link(scratch, "lib/alias.so", "libdemo.so.2");
	assert_string_equal(found_in(scratch, "linked/alias.so", &want_demo),
			    "linked/libdemo.so: the linker name does not lead to this file; "
			    "libdemo.so -> nothing\n");
}

static void both_layouts_are_right_unless_one_is_declared(void **state)
{
	const struct scratch *scratch = *state;
	struct sov_expectation want = want_demo;

	make_demo(scratch);
	want.linker_name_declared = true;
	want.linker_name = SOV_LINKER_NAME_SONAME;
	assert_string_equal(found_in(scratch, "lib/libdemo.so.2.1.0", &want), "");
	want.linker_name = SOV_LINKER_NAME_REAL;
	assert_string_equal(found_in(scratch, "lib/libdemo.so.2.1.0", &want),
			    "lib/libdemo.so: the linker name does not point where it is declared "
			    "to; libdemo.so -> libdemo.so.2\n");
	unlinkat(scratch->fd, "lib/libdemo.so", 0);
	scratch_link(scratch, "lib/libdemo.so", "libdemo.so.2.1.0");
	assert_string_equal(found_in(scratch, "lib/libdemo.so.2.1.0", &want), "");
	want.linker_name = SOV_LINKER_NAME_SONAME;
	assert_string_not_equal(found_in(scratch, "lib/libdemo.so.2.1.0", &want), "");
	want.linker_name_declared = false;
	assert_string_equal(found_in(scratch, "lib/libdemo.so.2.1.0", &want), "");
}

static void hard_links_are_as_good_as_links(void **state)
{
	const struct scratch *scratch = *state;

	scratch_library(scratch, "lib/libdemo.so.2.1.0", "libdemo.so.2");
	assert_int_equal(
		linkat(scratch->fd, "lib/libdemo.so.2.1.0", scratch->fd, "lib/libdemo.so.2", 0), 0);
	assert_int_equal(
		linkat(scratch->fd, "lib/libdemo.so.2.1.0", scratch->fd, "lib/libdemo.so", 0), 0);
	assert_string_equal(found_in(scratch, "lib/libdemo.so.2.1.0", &want_demo), "");
	assert_string_equal(found_in(scratch, "lib/libdemo.so", &want_demo), "");
}

static void another_file_name_is_found(void **state)
{
	const struct scratch *scratch = *state;

	scratch_library(scratch, "libdemo.so.2.0.9", "libdemo.so.2");
	scratch_link(scratch, "libdemo.so.2", "libdemo.so.2.0.9");
	scratch_link(scratch, "libdemo.so", "libdemo.so.2");
	assert_string_equal(found_in(scratch, "libdemo.so", &want_demo),
			    "libdemo.so: file name does not match the declared version; "
			    "libdemo.so.2.0.9\n");
}

static void missing_and_wrong_links_are_found(void **state)
{
	const struct scratch *scratch = *state;
	struct sov_expectation want = want_demo;

	scratch_library(scratch, "libdemo.so.2.1.0", "libdemo.so.2");
	assert_string_equal(found_in(scratch, "libdemo.so.2.1.0", &want),
			    "libdemo.so.2.1.0: the soname link is missing; nothing\n"
			    "libdemo.so.2.1.0: the linker name is missing; nothing\n");
	want.linker_name_optional = true;
	assert_string_equal(found_in(scratch, "libdemo.so.2.1.0", &want),
			    "libdemo.so.2.1.0: the soname link is missing; nothing\n");
	scratch_library(scratch, "libdemo.so.2", "libdemo.so.2");
	scratch_link(scratch, "libdemo.so", "libdemo.so.2");
	assert_string_equal(found_in(scratch, "libdemo.so.2.1.0", &want),
			    "libdemo.so.2: the soname link does not lead to this file; "
			    "libdemo.so.2 is another file, not a link\n");
	unlinkat(scratch->fd, "libdemo.so.2", 0);
	scratch_link(scratch, "libdemo.so.2", "libdemo.so.2.0.0");
	want.linker_name = SOV_LINKER_NAME_NONE;
	assert_string_equal(found_in(scratch, "libdemo.so.2.1.0", &want),
			    "libdemo.so.2: the soname link does not lead to this file; "
			    "libdemo.so.2 -> libdemo.so.2.0.0\n");
}

static void a_link_that_points_right_is_not_blamed_for_the_next(void **state)
{
	const struct scratch *scratch = *state;
	struct sov_expectation want = want_demo;

	make_demo(scratch);
	unlinkat(scratch->fd, "lib/libdemo.so.2", 0);
	scratch_link(scratch, "lib/libdemo.so.2", "libdemo.so.2.0.0");
	assert_string_equal(found_in(scratch, "lib/libdemo.so.2.1.0", &want),
			    "lib/libdemo.so.2: the soname link does not lead to this file; "
			    "libdemo.so.2 -> libdemo.so.2.0.0\n");
	/* but for where it points, when that is declared */
	want.linker_name = SOV_LINKER_NAME_REAL;
	want.linker_name_declared = true;
	assert_string_equal(found_in(scratch, "lib/libdemo.so.2.1.0", &want),
			    "lib/libdemo.so.2: the soname link does not lead to this file; "
			    "libdemo.so.2 -> libdemo.so.2.0.0\n"
			    "lib/libdemo.so: the linker name does not lead to this file; "
			    "libdemo.so -> libdemo.so.2\n");
}

static void the_links_of_another_version_are_not_judged(void **state)
{
	const struct scratch *scratch = *state;

	scratch_library(scratch, "libdemo.so.1.9", "libdemo.so.1");
	assert_string_equal(found_in(scratch, "libdemo.so.1.9", &want_demo),
			    "libdemo.so.1.9: SONAME does not match the declared version; "
			    "libdemo.so.1\n"
			    "libdemo.so.1.9: file name does not match the declared version; "
			    "libdemo.so.1.9\n");
	scratch_library(scratch, "libdemo.so.2.1.0", "libdemo.so.2");
	assert_string_equal(found_in(scratch, "libdemo.so.1.9", &want_demo),
			    "libdemo.so.1.9: the file of another version, beside that of the "
			    "declared one; libdemo.so.1.9, SONAME libdemo.so.1\n");
	scratch_library(scratch, "libother.so.1.9", "libdemo.so.2");
	assert_string_equal(found_in(scratch, "libother.so.1.9", &want_demo),
			    "libother.so.1.9: file name does not match the declared version; "
			    "libother.so.1.9\n");
}

static void a_soname_alone_asks_for_no_links(void **state)
{
	const struct scratch *scratch = *state;
	const struct sov_expectation want = {.soname = "libdemo.so.2"};

	scratch_library(scratch, "anything.so", "libdemo.so.2");
	assert_string_equal(found_in(scratch, "anything.so", &want), "");
	scratch_library(scratch, "other.so", NULL);
	assert_string_equal(found_in(scratch, "other.so", &want),
			    "other.so: SONAME is not the expected one; no SONAME\n");
}

static void a_file_that_cannot_be_read_is_an_error(void **state)
{
	const struct scratch *scratch = *state;
	struct sov_report report = {0};
	char path[512];
	struct sov_err err;

	snprintf(path, sizeof(path), "%s/nothing", scratch->path);
	sov_err_clear(&err);
	assert_int_equal(sov_check_file(path, &want_demo, &report, &err), -SOV_E_SYSTEM);
	assert_string_equal(err.subject, path);
	scratch_file(scratch, "cut", "\177ELF");
	snprintf(path, sizeof(path), "%s/cut", scratch->path);
	sov_err_clear(&err);
	assert_int_equal(sov_check_file(path, &want_demo, &report, &err), -SOV_E_BROKEN);
	assert_int_equal(report.count, 0);
	sov_report_release(&report);
}

static void what_is_no_library_is_one_finding(void **state)
{
	const struct scratch *scratch = *state;

	scratch_file(scratch, "libdemo.so.2.1.0", "INPUT(-lc)\n");
	assert_string_equal(found_in(scratch, "libdemo.so.2.1.0", &want_demo),
			    "libdemo.so.2.1.0: not a shared library; script, linker script\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_declared_soname_is_accepted),
		cmocka_unit_test(another_soname_is_said_with_what_was_declared_and_how_to_mend_it),
		cmocka_unit_test(only_what_can_be_declared_is_proposed),
		cmocka_unit_test(a_caller_that_knows_better_says_what_to_declare),
		cmocka_unit_test(no_soname_and_an_empty_one_are_told_apart),
		cmocka_unit_test(two_sonames_are_one_too_many),
		cmocka_unit_test(a_system_without_sonames_wants_none),
		cmocka_unit_test(a_soname_alone_can_be_expected),
		cmocka_unit_test(what_is_no_library_does_not_match),
		TEST(a_library_as_declared_is_clean_by_each_of_its_names),
		TEST(paths_stay_in_the_words_of_the_user),
		TEST(both_layouts_are_right_unless_one_is_declared),
		TEST(hard_links_are_as_good_as_links),
		TEST(another_file_name_is_found),
		TEST(missing_and_wrong_links_are_found),
		TEST(a_link_that_points_right_is_not_blamed_for_the_next),
		TEST(the_links_of_another_version_are_not_judged),
		TEST(a_soname_alone_asks_for_no_links),
		TEST(a_file_that_cannot_be_read_is_an_error),
		TEST(what_is_no_library_is_one_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
