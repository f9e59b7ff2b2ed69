/* SPDX-License-Identifier: MIT */
#include "declare.h"

static struct sov_err err;

static void a_declaration_has_the_forms_that_can_say_it(void **state)
{
	/* six columns do not fit side by side */
	/* clang-format off */
	static const struct {
		const char *declaration, *version, *number, *info, *cmake, *meson;
	} cases[] = {
		{"version=1.4.2",
		 "version = 1.4.2", "-version-number 1:4:2", "-version-info 5:2:4",
		 "VERSION 1.4.2 SOVERSION 1", "version: '1.4.2', soversion: '1'"},
		{"libtool=5:2:4",
		 "version = 1.4.2", "-version-number 1:4:2", "-version-info 5:2:4",
		 "VERSION 1.4.2 SOVERSION 1", "version: '1.4.2', soversion: '1'"},
		{"version=1.4.2 soversion=7",
		 "version = 1.4.2, soversion = 7", "-", "-",
		 "VERSION 1.4.2 SOVERSION 7", "version: '1.4.2', soversion: '7'"},
		{"version=1.4.2 policy=minor",
		 "version = 1.4.2, soversion = 1.4", "-", "-",
		 "VERSION 1.4.2 SOVERSION 1.4", "version: '1.4.2', soversion: '1.4'"},
		{"version=1.4",
		 "version = 1.4", "-", "-",
		 "VERSION 1.4 SOVERSION 1", "version: '1.4', soversion: '1'"},
		{"version=1.2.3.4",
		 "version = 1.2.3.4", "-", "-",
		 "VERSION 1.2.3.4 SOVERSION 1", "-"},
		{"version=1.4.2 release=9",
		 "version = 1.4.2, release = 9",
		 "-release 9 -version-number 1:4:2", "-release 9 -version-info 5:2:4",
		 "-", "-"},
		{"release=1.2",
		 "release = 1.2", "-release 1.2 -avoid-version", "-release 1.2 -avoid-version",
		 "-", "-"},
		{"release=1.2 soversion=3",
		 "soversion = 3, release = 1.2", "-", "-", "-", "-"},
		/* libtool takes five digits at most, and current is the sum of two numbers */
		{"version=99999.0.99999",
		 "version = 99999.0.99999",
		 "-version-number 99999:0:99999", "-version-info 99999:99999:0",
		 "VERSION 99999.0.99999 SOVERSION 99999",
		 "version: '99999.0.99999', soversion: '99999'"},
		{"version=99999.1.0",
		 "version = 99999.1.0", "-", "-",
		 "VERSION 99999.1.0 SOVERSION 99999", "version: '99999.1.0', soversion: '99999'"},
		{"version=1.0.100000",
		 "version = 1.0.100000", "-", "-",
		 "VERSION 1.0.100000 SOVERSION 1", "version: '1.0.100000', soversion: '1'"},
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct sov_library library = {NULL, "demo", SOV_OS_LINUX};
		const struct sov_decl decl = declared(cases[i].declaration);
		struct sov_forms forms;

		assert_int_equal(sov_forms_derive(&forms, &library, &decl, &err), 0);
		assert_string_equal(forms.version, cases[i].version);
		assert_string_equal(forms.version_number, cases[i].number);
		assert_string_equal(forms.version_info, cases[i].info);
		assert_string_equal(forms.cmake, cases[i].cmake);
		assert_string_equal(forms.meson, cases[i].meson);
	}
}

static void the_longest_declaration_is_not_cut(void **state)
{
	const char *const four = "999999999.999999999.999999999.999999999";
	const struct sov_library library = {NULL, "demo", SOV_OS_LINUX};
	char declaration[256], text[256];
	struct sov_forms forms;
	struct sov_decl decl;

	(void)state;
	snprintf(declaration, sizeof(declaration), "version=%s soversion=%s release=%s", four, four,
		 four);
	decl = declared(declaration);
	assert_int_equal(sov_forms_derive(&forms, &library, &decl, &err), 0);
	snprintf(text, sizeof(text), "version = %s, soversion = %s, release = %s", four, four,
		 four);
	assert_string_equal(forms.version, text);
}

static void the_forms_are_those_of_linux_on_every_system(void **state)
{
	const struct sov_library library = {NULL, "demo", SOV_OS_OPENBSD};
	const struct sov_decl decl = declared("version=1.4.2 policy=minor");
	struct sov_forms forms;

	(void)state;
	assert_int_equal(sov_forms_derive(&forms, &library, &decl, &err), 0);
	assert_string_equal(forms.cmake, "VERSION 1.4.2 SOVERSION 1.4");
}

static void what_gives_no_names_has_no_forms(void **state)
{
	const struct sov_library library = {NULL, "demo", SOV_OS_LINUX};
	const struct sov_library nameless = {NULL, "", SOV_OS_LINUX};
	struct sov_decl decl = declared("soversion=1");
	struct sov_forms forms = {.meson = "untouched"};

	(void)state;
	assert_int_equal(sov_forms_derive(&forms, &library, &decl, &err), -SOV_E_USAGE);
	assert_string_equal(err.message, "demo declares no version");
	decl = declared("version=1");
	assert_int_equal(sov_forms_derive(&forms, &nameless, &decl, &err), -SOV_E_USAGE);
	assert_string_equal(err.message, "an empty base name");
	assert_string_equal(forms.meson, "untouched");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_declaration_has_the_forms_that_can_say_it),
		cmocka_unit_test(the_longest_declaration_is_not_cut),
		cmocka_unit_test(the_forms_are_those_of_linux_on_every_system),
		cmocka_unit_test(what_gives_no_names_has_no_forms),
	};

	return cmocka_run_group_tests_name("forms", tests, NULL, NULL);
}
