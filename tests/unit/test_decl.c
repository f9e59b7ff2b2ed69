/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include <sov/names.h>

static struct sov_err err;

static int declare_at(struct sov_decl *decl, enum sov_key key, const char *text, const char *where,
		      unsigned line)
{
	return sov_decl_set(decl, key, text, (struct sov_origin){where, line}, &err);
}

static void declare(struct sov_decl *decl, enum sov_key key, const char *text, const char *where)
{
	assert_int_equal(declare_at(decl, key, text, where, 0), 0);
}

static void every_key_is_declared_by_its_text(void **state)
{
	struct sov_decl decl = {0};

	(void)state;
	assert_false(sov_decl_has(&decl, SOV_KEY_VERSION));
	declare(&decl, SOV_KEY_VERSION, "1.4.2", "--version");
	declare(&decl, SOV_KEY_SOVERSION, "7", "--soversion");
	declare(&decl, SOV_KEY_POLICY, "minor", "--policy");
	declare(&decl, SOV_KEY_RELEASE, "9.1", "--release");
	declare(&decl, SOV_KEY_LINKER_NAME, "real", "--linker-name");
	assert_int_equal(decl.version.part[1], 4);
	assert_int_equal(decl.soversion.part[0], 7);
	assert_int_equal(decl.policy, SOV_POLICY_MINOR);
	assert_int_equal(decl.release.part[1], 1);
	assert_int_equal(decl.linker_name, SOV_LINKER_NAME_REAL);
	for (enum sov_key key = 0; key < SOV_KEY_COUNT; key++)
		assert_int_equal(sov_decl_has(&decl, key), key != SOV_KEY_LIBTOOL);
	assert_string_equal(decl.from[SOV_KEY_POLICY].where, "--policy");
	memset(&decl, 0, sizeof(decl));
	declare(&decl, SOV_KEY_LIBTOOL, "5:4:2", "--libtool");
	assert_int_equal(decl.libtool.age, 2);
}

static void the_keys_have_the_words_of_sov_conf(void **state)
{
	static const char *const words[SOV_KEY_COUNT] = {
		"version", "libtool", "soversion", "policy", "release", "linker-name",
	};

	(void)state;
	for (enum sov_key key = 0; key < SOV_KEY_COUNT; key++)
		assert_string_equal(sov_key_name(key), words[key]);
}

static void a_bad_value_is_refused_where_it_stands(void **state)
{
	struct sov_decl decl = {0};

	(void)state;
	assert_int_equal(declare_at(&decl, SOV_KEY_SOVERSION, "01", "sov.conf", 3), -SOV_E_USAGE);
	assert_string_equal(
		rendered(&err),
		"sov.conf:3: error: soversion: a leading zero\n"
		"  expected: 1 to 4 numbers of at most nine digits without leading zeros, "
		"joined by dots: 1.4.2\n"
		"  found:    01\n"
		"  fix:      write 1\n");
	assert_int_equal(declare_at(&decl, SOV_KEY_LINKER_NAME, "reel", "SOV_LINKER_NAME", 0),
			 -SOV_E_USAGE);
	assert_string_equal(rendered(&err), "SOV_LINKER_NAME: error: linker-name: unknown target\n"
					    "  expected: soname, real or none\n"
					    "  found:    reel\n"
					    "  fix:      write real\n");
	assert_int_equal(declare_at(&decl, SOV_KEY_VERSION, "", NULL, 0), -SOV_E_USAGE);
	assert_string_equal(err.subject, "");
	assert_string_equal(err.message, "version: no number");
	assert_int_equal(decl.has, 0);
}

static void a_key_twice_is_refused_with_both_places(void **state)
{
	(void)state;
	for (enum sov_key key = 0; key < SOV_KEY_COUNT; key++) {
		static const char *const values[SOV_KEY_COUNT] = {"1",	   "1", "1",
								  "major", "1", "real"};
		struct sov_decl decl = {0};
		char found[128];

		assert_int_equal(declare_at(&decl, key, values[key], "sov.conf", 3), 0);
		assert_int_equal(declare_at(&decl, key, values[key], "sov.conf", 5), -SOV_E_USAGE);
		assert_string_equal(err.subject, "sov.conf:5");
		snprintf(found, sizeof(found), "%s (sov.conf:3) and %s (sov.conf:5)",
			 sov_key_name(key), sov_key_name(key));
		assert_string_equal(err.found, found);
	}
}

/* first, second: contradictory in either order */
static const enum sov_key contradictions[][2] = {
	{SOV_KEY_VERSION,	  SOV_KEY_LIBTOOL},
	{SOV_KEY_SOVERSION, SOV_KEY_LIBTOOL},
	{SOV_KEY_POLICY,	 SOV_KEY_LIBTOOL},
};

static bool contradict(enum sov_key a, enum sov_key b)
{
	for (size_t i = 0; i < COUNT(contradictions); i++)
		if ((a == contradictions[i][0] && b == contradictions[i][1]) ||
		    (a == contradictions[i][1] && b == contradictions[i][0]))
			return true;
	return false;
}

static void of_every_pair_of_keys_just_the_contradictory_are_refused(void **state)
{
	static const char *const values[SOV_KEY_COUNT] = {"1", "1", "1", "major", "1", "real"};

	(void)state;
	for (enum sov_key a = 0; a < SOV_KEY_COUNT; a++) {
		for (enum sov_key b = 0; b < SOV_KEY_COUNT; b++) {
			struct sov_decl decl = {0};

			if (a == b)
				continue;
			declare(&decl, a, values[a], "first");
			assert_int_equal(declare_at(&decl, b, values[b], "second", 0),
					 contradict(a, b) ? -SOV_E_USAGE : 0);
			assert_int_equal(sov_decl_has(&decl, b), !contradict(a, b));
		}
	}
}

static void a_contradiction_names_both_places(void **state)
{
	struct sov_decl decl = {0};

	(void)state;
	assert_int_equal(declare_at(&decl, SOV_KEY_VERSION, "1.4.2", "sov.conf", 3), 0);
	assert_int_equal(declare_at(&decl, SOV_KEY_LIBTOOL, "5:4:2", "sov.conf", 4), -SOV_E_USAGE);
	assert_string_equal(rendered(&err),
			    "sov.conf:4: error: libtool contradicts version\n"
			    "  expected: one of the two\n"
			    "  found:    version (sov.conf:3) and libtool (sov.conf:4)\n"
			    "  fix:      remove one of them\n");
}

static void who_gives_the_version_owns_the_declaration(void **state)
{
	static const enum sov_key owners[] = {SOV_KEY_VERSION, SOV_KEY_LIBTOOL};

	(void)state;
	for (size_t i = 0; i < COUNT(owners); i++) {
		struct sov_decl lower = {0}, higher = {0};

		declare(&lower, SOV_KEY_VERSION, "1.4.2", "sov.conf");
		declare(&lower, SOV_KEY_SOVERSION, "7", "sov.conf");
		declare(&lower, SOV_KEY_RELEASE, "9", "sov.conf");
		declare(&lower, SOV_KEY_LINKER_NAME, "none", "sov.conf");
		declare(&higher, owners[i], "3", "--version");
		assert_int_equal(sov_decl_merge(&lower, &higher, &err), 0);
		assert_int_equal(lower.has, 1U << owners[i]);
		assert_memory_equal(&lower, &higher, sizeof(lower));
	}
}

static void a_lone_key_of_a_higher_source_replaces_that_key(void **state)
{
	struct sov_decl lower = {0}, higher = {0};

	(void)state;
	declare(&lower, SOV_KEY_VERSION, "1.4.2", "sov.conf");
	declare(&lower, SOV_KEY_SOVERSION, "7", "sov.conf");
	declare(&higher, SOV_KEY_SOVERSION, "8", "SOV_SOVERSION");
	declare(&higher, SOV_KEY_RELEASE, "9", "SOV_RELEASE");
	declare(&higher, SOV_KEY_LINKER_NAME, "real", "SOV_LINKER_NAME");
	declare(&higher, SOV_KEY_POLICY, "exact", "SOV_POLICY");
	assert_int_equal(sov_decl_merge(&lower, &higher, &err), 0);
	assert_int_equal(lower.version.part[1], 4);
	assert_int_equal(lower.soversion.part[0], 8);
	assert_int_equal(lower.release.part[0], 9);
	assert_int_equal(lower.linker_name, SOV_LINKER_NAME_REAL);
	assert_int_equal(lower.policy, SOV_POLICY_EXACT);
	assert_string_equal(lower.from[SOV_KEY_VERSION].where, "sov.conf");
	assert_string_equal(lower.from[SOV_KEY_SOVERSION].where, "SOV_SOVERSION");
}

static void a_lone_key_over_a_triple_that_it_contradicts_is_refused(void **state)
{
	static const struct {
		enum sov_key key;
		const char *text;
	} higher_keys[] = {
		{SOV_KEY_SOVERSION, "7"    },
		  {SOV_KEY_POLICY,	   "minor"}
	   };

	(void)state;
	for (size_t i = 0; i < COUNT(higher_keys); i++) {
		struct sov_decl lower = {0}, higher = {0}, before;

		assert_int_equal(declare_at(&lower, SOV_KEY_LIBTOOL, "5:4:2", "sov.conf", 2), 0);
		declare(&higher, SOV_KEY_RELEASE, "9", "--release");
		declare(&higher, higher_keys[i].key, higher_keys[i].text, "--it");
		before = lower;
		assert_int_equal(sov_decl_merge(&lower, &higher, &err), -SOV_E_USAGE);
		assert_string_equal(err.subject, "--it");
		assert_non_null(strstr(err.found, "libtool (sov.conf:2)"));
		assert_non_null(strstr(err.found, "(--it)"));
		assert_memory_equal(&lower, &before, sizeof(lower));
	}
}

static void nothing_over_something_changes_nothing(void **state)
{
	struct sov_decl lower = {0}, higher = {0}, before;

	(void)state;
	declare(&lower, SOV_KEY_VERSION, "1", "x");
	before = lower;
	assert_int_equal(sov_decl_merge(&lower, &higher, &err), 0);
	assert_memory_equal(&lower, &before, sizeof(lower));
}

static void only_version_libtool_and_release_name_a_version(void **state)
{
	static const char *const values[SOV_KEY_COUNT] = {"1", "1", "1", "major", "1", "real"};

	(void)state;
	for (enum sov_key key = 0; key < SOV_KEY_COUNT; key++) {
		struct sov_decl decl = {0};

		assert_false(sov_decl_names_a_version(&decl));
		declare(&decl, key, values[key], "x");
		assert_int_equal(sov_decl_names_a_version(&decl), key == SOV_KEY_VERSION ||
									  key == SOV_KEY_LIBTOOL ||
									  key == SOV_KEY_RELEASE);
	}
}

static void the_origin_is_that_of_the_key_which_decides_the_soname(void **state)
{
	struct sov_decl decl = {0};
	char origin[32];

	(void)state;
	assert_string_equal(sov_decl_origin(&decl, origin, sizeof(origin)), "");
	declare(&decl, SOV_KEY_RELEASE, "9", "SOV_RELEASE");
	assert_string_equal(sov_decl_origin(&decl, origin, sizeof(origin)), "SOV_RELEASE");
	assert_int_equal(declare_at(&decl, SOV_KEY_VERSION, "1", "sov.conf", 12), 0);
	assert_string_equal(sov_decl_origin(&decl, origin, sizeof(origin)), "sov.conf:12");
	declare(&decl, SOV_KEY_SOVERSION, "1", "--soversion");
	assert_string_equal(sov_decl_origin(&decl, origin, sizeof(origin)), "--soversion");
	assert_string_equal(sov_decl_origin(&decl, origin, 8), "--so...");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_declared_by_its_text),
		cmocka_unit_test(the_keys_have_the_words_of_sov_conf),
		cmocka_unit_test(a_bad_value_is_refused_where_it_stands),
		cmocka_unit_test(a_key_twice_is_refused_with_both_places),
		cmocka_unit_test(of_every_pair_of_keys_just_the_contradictory_are_refused),
		cmocka_unit_test(a_contradiction_names_both_places),
		cmocka_unit_test(who_gives_the_version_owns_the_declaration),
		cmocka_unit_test(a_lone_key_of_a_higher_source_replaces_that_key),
		cmocka_unit_test(a_lone_key_over_a_triple_that_it_contradicts_is_refused),
		cmocka_unit_test(nothing_over_something_changes_nothing),
		cmocka_unit_test(only_version_libtool_and_release_name_a_version),
		cmocka_unit_test(the_origin_is_that_of_the_key_which_decides_the_soname),
	};

	return cmocka_run_group_tests_name("decl", tests, NULL, NULL);
}
