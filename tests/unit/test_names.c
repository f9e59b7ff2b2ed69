/* SPDX-License-Identifier: MIT */
#include "declare.h"

#include "base/str.h"

static struct sov_err err;

/* The names of demo as one text: linker name, soname, real name; "-" = there is none. */
static const char *names_of(enum sov_os os, const char *prefix, const char *declaration)
{
	static char text[4 * SOV_NAME_MAX];
	const struct sov_library library = {prefix, "demo", os};
	const struct sov_decl decl = declared(declaration);
	struct sov_names names;

	if (sov_names_derive(&names, &library, &decl, &err))
		return "error";
	sov_str_format(text, sizeof(text), "%s %s %s",
		       names.linker_name[0] ? names.linker_name : "-",
		       names.soname[0] ? names.soname : "-", names.real_name);
	return text;
}

static void the_names_are_those_of_the_contract(void **state)
{
	/* clang-format off */
	static const struct {
		enum sov_os os;
		const char *declaration, *names;
	} cases[] = {
		{SOV_OS_LINUX, "version=2.1.0", "libdemo.so libdemo.so.2 libdemo.so.2.1.0"},
		{SOV_OS_LINUX, "version=1.4.2", "libdemo.so libdemo.so.1 libdemo.so.1.4.2"},
		{SOV_OS_LINUX, "version=1.4.2 soversion=7",
		 "libdemo.so libdemo.so.7 libdemo.so.1.4.2"},
		{SOV_OS_LINUX, "version=1.4.2 soversion=7 policy=exact",
		 "libdemo.so libdemo.so.7 libdemo.so.1.4.2"},
		{SOV_OS_LINUX, "version=1.4.2 policy=minor",
		 "libdemo.so libdemo.so.1.4 libdemo.so.1.4.2"},
		{SOV_OS_LINUX, "version=0.4.2 policy=semver",
		 "libdemo.so libdemo.so.0.4 libdemo.so.0.4.2"},
		{SOV_OS_LINUX, "libtool=5:4:2", "libdemo.so libdemo.so.3 libdemo.so.3.2.4"},
		{SOV_OS_LINUX, "libtool=5", "libdemo.so libdemo.so.5 libdemo.so.5.0.0"},
		{SOV_OS_LINUX, "version=1.4.2 release=9",
		 "libdemo.so libdemo-9.so.1 libdemo-9.so.1.4.2"},
		{SOV_OS_LINUX, "libtool=5:4:2 release=9",
		 "libdemo.so libdemo-9.so.3 libdemo-9.so.3.2.4"},
		{SOV_OS_LINUX, "release=1.2", "libdemo.so libdemo-1.2.so libdemo-1.2.so"},
		{SOV_OS_LINUX, "release=1.2 policy=minor",
		 "libdemo.so libdemo-1.2.so libdemo-1.2.so"},
		{SOV_OS_LINUX, "release=1.2 soversion=3",
		 "libdemo.so libdemo-1.2.so.3 libdemo-1.2.so.3"},
		{SOV_OS_LINUX, "version=7", "libdemo.so libdemo.so.7 libdemo.so.7"},
		{SOV_OS_LINUX, "version=1.2.3.4", "libdemo.so libdemo.so.1 libdemo.so.1.2.3.4"},
		{SOV_OS_LINUX, "version=1.4.2 linker-name=none", "- libdemo.so.1 libdemo.so.1.4.2"},
		{SOV_OS_LINUX, "version=1.4.2 linker-name=real",
		 "libdemo.so libdemo.so.1 libdemo.so.1.4.2"},
		{SOV_OS_NETBSD, "version=1.4.2", "libdemo.so libdemo.so.1 libdemo.so.1.4"},
		{SOV_OS_NETBSD, "version=1", "libdemo.so libdemo.so.1 libdemo.so.1.0"},
		{SOV_OS_NETBSD, "version=1.4.2 soversion=7",
		 "libdemo.so libdemo.so.7 libdemo.so.7.4"},
		{SOV_OS_NETBSD, "libtool=5:4:2", "libdemo.so libdemo.so.5 libdemo.so.5.4"},
		{SOV_OS_NETBSD, "release=9", "libdemo.so libdemo-9.so libdemo-9.so"},
		{SOV_OS_NETBSD, "release=9 soversion=3",
		 "libdemo.so libdemo-9.so.3 libdemo-9.so.3.0"},
		{SOV_OS_OPENBSD, "version=1.4.2", "- - libdemo.so.1.4"},
		{SOV_OS_OPENBSD, "libtool=5:4:2", "- - libdemo.so.5.4"},
		{SOV_OS_OPENBSD, "release=9 version=1.4", "- - libdemo-9.so.1.4"},
		{SOV_OS_ANDROID, "version=1.4.2", "libdemo.so libdemo.so libdemo.so"},
		{SOV_OS_ANDROID, "libtool=5:4:2 release=9", "- libdemo-9.so libdemo-9.so"},
		{SOV_OS_DARWIN, "version=2.1.0", "libdemo.dylib libdemo.2.dylib libdemo.2.dylib"},
		{SOV_OS_DARWIN, "release=1.2 version=2.1",
		 "libdemo.dylib libdemo-1.2.2.dylib libdemo-1.2.2.dylib"},
		{SOV_OS_DARWIN, "release=1.2", "libdemo.dylib libdemo-1.2.dylib libdemo-1.2.dylib"},
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(names_of(cases[i].os, NULL, cases[i].declaration),
				    cases[i].names);
}

static void a_prefix_may_be_another_or_none(void **state)
{
	(void)state;
	assert_string_equal(names_of(SOV_OS_LINUX, "", "version=1.4.2"),
			    "demo.so demo.so.1 demo.so.1.4.2");
	assert_string_equal(names_of(SOV_OS_LINUX, "mod_", "version=1"),
			    "mod_demo.so mod_demo.so.1 mod_demo.so.1");
	assert_string_equal(names_of(SOV_OS_LINUX, "a/", "version=1"), "error");
	assert_string_equal(err.message, "a '/' or control byte in the prefix of a name");
}

static void mach_o_has_the_version_numbers_of_libtool(void **state)
{
	/* clang-format off */
	static const struct {
		const char *declaration, *compatibility, *current;
	} cases[] = {
		{"version=1.4.2", "6", "6.2"}, /* current 5, revision 2 */
		{"libtool=5:2:4", "6", "6.2"}, /* the same library */
		{"version=1.4.2 soversion=7", "6", "6.2"},
		{"version=2", "3", "3.0"},
		{"version=1.4.2.9", "6", "6.2"},
		{"libtool=0", "1", "1.0"},
		{"version=999999999.999999999.7", "1999999999", "1999999999.7"},
		{"release=9", "", ""},
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct sov_library library = {NULL, "demo", SOV_OS_DARWIN};
		const struct sov_decl decl = declared(cases[i].declaration);
		struct sov_names names;

		assert_int_equal(sov_names_derive(&names, &library, &decl, &err), 0);
		assert_string_equal(names.compatibility_version, cases[i].compatibility);
		assert_string_equal(names.current_version, cases[i].current);
	}
	assert_string_equal(names_of(SOV_OS_LINUX, NULL, "version=1"),
			    "libdemo.so libdemo.so.1 libdemo.so.1");
}

static void the_words_of_systems_are_known(void **state)
{
	static const struct {
		const char *word;
		enum sov_os os;
	} cases[] = {
		{"linux",	  SOV_OS_LINUX  },
		   {"gnu",	   SOV_OS_LINUX  },
		{"musl",	 SOV_OS_LINUX  },
		{"hurd",	 SOV_OS_LINUX  },
		   {"freebsd", SOV_OS_LINUX  },
		{"solaris", SOV_OS_LINUX	},
		{"netbsd",  SOV_OS_NETBSD },
		   {"openbsd", SOV_OS_OPENBSD},
		{"android", SOV_OS_ANDROID},
		{"darwin",  SOV_OS_DARWIN },
	};
	enum sov_os os = SOV_OS_LINUX;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(sov_os_parse(&os, cases[i].word, &err), 0);
		assert_int_equal(os, cases[i].os);
	}
	assert_int_equal(sov_os_parse(&os, "opensbd", &err), -SOV_E_USAGE);
	assert_string_equal(
		rendered(&err),
		"error: unknown system\n"
		"  expected: linux, gnu, musl, hurd, freebsd, solaris, netbsd, openbsd, "
		"android or darwin\n"
		"  found:    opensbd\n"
		"  fix:      write openbsd\n");
	assert_int_equal(os, SOV_OS_DARWIN);
}

static void what_declares_no_version_gives_no_names(void **state)
{
	(void)state;
	assert_string_equal(names_of(SOV_OS_LINUX, NULL, ""), "error");
	assert_string_equal(rendered(&err),
			    "error: demo declares no version\n"
			    "  expected: version, libtool or release\n"
			    "  found:    nothing\n"
			    "  fix:      declare its version: version = MAJOR.MINOR.PATCH\n");
	assert_string_equal(names_of(SOV_OS_LINUX, NULL, "soversion=7 linker-name=real"), "error");
	assert_string_equal(err.found, "only keys that go with them");
}

static void a_soversion_of_two_numbers_cannot_be_said_on_netbsd_and_openbsd(void **state)
{
	(void)state;
	assert_string_equal(names_of(SOV_OS_NETBSD, NULL, "version=1.4.2 policy=minor"), "error");
	assert_string_equal(
		rendered(&err),
		"test: error: a soversion of more than one number cannot be said on NetBSD and "
		"OpenBSD\n"
		"  expected: one number\n"
		"  found:    1.4\n"
		"  fix:      declare soversion = 1\n");
	assert_string_equal(names_of(SOV_OS_OPENBSD, NULL, "version=2 soversion=1.4"), "error");
}

static int derive(const char *prefix, const char *base, const char *declaration)
{
	const struct sov_library library = {prefix, base, SOV_OS_LINUX};
	const struct sov_decl decl = declared(declaration);
	struct sov_names names;

	memset(&names, '#', sizeof(names));
	if (sov_names_derive(&names, &library, &decl, &err) == 0)
		return 0;
	assert_int_equal(names.soname[0], '#'); /* untouched on failure */
	return -(int)err.code;
}

static void what_cannot_be_a_base_name_is_refused(void **state)
{
	static const struct {
		const char *base, *message, *fix;
	} cases[] = {
		{"",	     "an empty base name",		   ""	     },
		{"a/demo",   "a '/' in a base name",	   "write demo"},
		{"demo/",	  "a '/' in a base name",	  ""	    },
		{"de\nmo",   "a control byte in a base name", ""	      },
		{"demo\177", "a control byte in a base name", ""		},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(derive(NULL, cases[i].base, "version=1"), -SOV_E_USAGE);
		assert_string_equal(err.message, cases[i].message);
		assert_string_equal(err.fix, cases[i].fix);
		assert_string_equal(err.expected,
				    "what -l takes: 1 to 200 bytes without '/' and control bytes");
	}
}

static void a_base_name_may_look_odd(void **state)
{
	static const char *const bases[] = {"libdemo", "demo.so", ".",	"..",	"-",
					    "a b",     "\xFF",	  "++", "%s%n", "demo.so.1"};

	(void)state;
	for (size_t i = 0; i < COUNT(bases); i++)
		assert_int_equal(derive(NULL, bases[i], "version=1"), 0);
}

static void lengths_are_kept_to_what_a_file_name_may_have(void **state)
{
	char base[SOV_BASE_MAX + 2];

	(void)state;
	memset(base, 'x', sizeof(base));
	base[SOV_BASE_MAX + 1] = '\0';
	assert_int_equal(derive(NULL, base, "version=1"), -SOV_E_USAGE);
	assert_string_equal(err.message, "a base name of 201 bytes");
	base[SOV_BASE_MAX] = '\0';
	assert_int_equal(derive(NULL, base, "version=1.2.3"), 0);
	/* 3 + 200 + 1 + 9 + 3 + 1 + 39 = 256 */
	assert_int_equal(derive(NULL, base,
				"release=111111111 "
				"version=111111111.111111111.111111111.111111111"),
			 -SOV_E_USAGE);
	assert_string_equal(rendered(&err),
			    "error: the real name would be too long for a file name\n"
			    "  expected: at most 255 bytes\n"
			    "  found:    256 bytes\n"
			    "  fix:      shorten the base name or the release\n");
	assert_int_equal(derive(NULL, base,
				"release=11111111 "
				"version=111111111.111111111.111111111.111111111"),
			 0);
	assert_int_equal(derive(NULL, base,
				"release=1.1.1.111111111 soversion=111111111.111111111.111111111 "
				"version=1 "),
			 0);
	base[100] = '\0';
	assert_int_equal(derive(base, base, "version=1"), 0);
}

static void each_name_that_is_too_long_is_called_by_its_term(void **state)
{
	char prefix[300], base[SOV_BASE_MAX + 1];

	(void)state;
	memset(base, 'x', SOV_BASE_MAX);
	base[SOV_BASE_MAX] = '\0';
	memset(prefix, 'y', sizeof(prefix));
	prefix[53] = '\0';
	assert_int_equal(derive(prefix, base, "version=1"), -SOV_E_USAGE);
	assert_string_equal(err.message, "the linker name would be too long for a file name");
	prefix[52] = '\0';
	assert_int_equal(derive(prefix, base, "version=1"), -SOV_E_USAGE);
	assert_string_equal(err.message, "the soname would be too long for a file name");
	prefix[50] = '\0';
	assert_int_equal(derive(prefix, base, "version=1"), 0);
	assert_int_equal(derive(prefix, base, "version=1.2"), -SOV_E_USAGE);
	assert_string_equal(err.message, "the real name would be too long for a file name");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_names_are_those_of_the_contract),
		cmocka_unit_test(a_prefix_may_be_another_or_none),
		cmocka_unit_test(mach_o_has_the_version_numbers_of_libtool),
		cmocka_unit_test(the_words_of_systems_are_known),
		cmocka_unit_test(what_declares_no_version_gives_no_names),
		cmocka_unit_test(a_soversion_of_two_numbers_cannot_be_said_on_netbsd_and_openbsd),
		cmocka_unit_test(what_cannot_be_a_base_name_is_refused),
		cmocka_unit_test(a_base_name_may_look_odd),
		cmocka_unit_test(lengths_are_kept_to_what_a_file_name_may_have),
		cmocka_unit_test(each_name_that_is_too_long_is_called_by_its_term),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
