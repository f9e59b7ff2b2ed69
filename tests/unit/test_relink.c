/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include <sov/links.h>

#include "scratch.h"
#include "upgrade/ldconfig.h"

/* The file that can't be examined. */
static const char *refused;

int __real_sov_identity_open(int dirfd, const char *path, int flags);
int __wrap_sov_identity_open(int dirfd, const char *path, int flags);

int __wrap_sov_identity_open(int dirfd, const char *path, int flags)
{
	if (refused == NULL || strcmp(path, refused) != 0)
		return __real_sov_identity_open(dirfd, path, flags);
	errno = EACCES;
	return -1;
}

static int setup(void **state)
{
	refused = NULL;
	return scratch_setup(state);
}

static struct sov_relink relink_of(const struct scratch *scratch)
{
	return (struct sov_relink){.place.directory = scratch->path};
}

static void one_that_cannot_be_examined_keeps_the_links_of_its_stem(void **state)
{
	const struct scratch *scratch = *state;
	const struct sov_relink relink = relink_of(scratch);
	struct sov_steps steps = {0};
	struct sov_err trouble, err;

	scratch_library(scratch, "libx.so.1.0", "libx.so.1");
	scratch_library(scratch, "libx.so.1.2", "libx.so.1");
	scratch_link(scratch, "libx.so.1", "libx.so.1.2");
	scratch_library(scratch, "liby.so.1.0", "liby.so.1");
	refused = "libx.so.1.2";
	assert_int_equal(sov_relink(&relink, &steps, &trouble, &err), 0);
	assert_int_equal(trouble.code, SOV_E_SYSTEM);
	assert_int_equal(trouble.sys_errno, EACCES);
	assert_int_equal(steps.count, 2);
	assert_int_equal(steps.step[0].verb, SOV_STEP_KEEP);
	assert_string_equal(steps.step[0].why, "a file of its stem could not be examined");
	assert_string_equal(scratch_target(scratch, "libx.so.1"), "libx.so.1.2");
	assert_string_equal(scratch_target(scratch, "liby.so.1"), "liby.so.1.0");
	sov_steps_release(&steps);
}

static void told_to_stop_it_gives_up_between_two_steps(void **state)
{
	static const volatile sig_atomic_t stop = 15;
	const struct scratch *scratch = *state;
	struct sov_relink relink = relink_of(scratch);
	struct sov_steps steps = {0};
	struct sov_err trouble, err;

	scratch_library(scratch, "libx.so.1.0", "libx.so.1");
	relink.place.stop = &stop;
	assert_int_equal(sov_relink(&relink, &steps, &trouble, &err), -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, EINTR);
	assert_int_equal(steps.count, 0);
	assert_int_equal(scratch_names(scratch, "."), 1);
}

static void ldconfig_orders_names_with_its_overflow(void **state)
{
	static const struct {
		const char *less, *greater;
	} cases[] = {
		{"libx.so.1.9",		"libx.so.1.10"	      },
		{"libx.so.1.0",		"libx.so.1.0~"	      },
		{"libx.so.1.0",		"libx.so.1.0.1"       },
		{"libx.so",		    "libx.so.1"	       },
		{"libx-.so",	     "libx1.so"	       },
		{"libx.so.1.5",		"libx.so.1.2147483647"},
		{"libx.so.1.2147483700", "libx.so.1.5"	      },
		{"libx.so.1.4294967297", "libx.so.1.5"	      },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(sov_ldconfig_compare(cases[i].less, cases[i].greater) < 0);
		assert_true(sov_ldconfig_compare(cases[i].greater, cases[i].less) > 0);
	}
	assert_int_equal(sov_ldconfig_compare("libx.so.1.07", "libx.so.1.7"), 0);
	assert_int_equal(sov_ldconfig_compare("libx.so.4294967297", "libx.so.1"), 0);
}

static void each_glibc_has_its_rules(void **state)
{
	static const struct {
		const char *version;
		bool subdirectories, implicit, temporaries;
	} cases[] = {
		{"2.31", true,  false, false},
		      {"2.36", true,  false, false},
		{"2.37", false, true,  false},
		      {"2.38", false, false, false},
		{"2.39", false, false, true },
		      {"2.41", false, false, true },
	};
	struct sov_ldconfig_rules rules;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		sov_ldconfig_rules_of(&rules, cases[i].version);
		assert_int_equal(rules.legacy_subdirectories, cases[i].subdirectories);
		assert_int_equal(rules.cuts_implicit_soname, cases[i].implicit);
		assert_int_equal(rules.skips_temporaries, cases[i].temporaries);
	}
}

/* What a glibc of another version would do here. */
static void predict(struct sov_steps *steps, const struct scratch *scratch, const char *version)
{
	const struct sov_site site = {.dirfd = scratch->fd, .directory = scratch->path};
	struct sov_ldconfig_rules rules;
	struct sov_err err;

	sov_ldconfig_rules_of(&rules, version);
	assert_int_equal(sov_ldconfig_predict(steps, &site, &rules, &err), 0);
}

static void other_versions_of_glibc_are_foreseen(void **state)
{
	const struct scratch *scratch = *state;
	struct sov_steps steps = {0};

	scratch_library(scratch, "libx.so.1.0", "libx.so.1");
	scratch_library(scratch, "libx.so.1.0.dpkg-new", "libx.so.1");
	predict(&steps, scratch, "2.38");
	assert_int_equal(steps.count, 1);
	assert_string_equal(steps.step[0].target, "libx.so.1.0.dpkg-new");
	sov_steps_release(&steps);
	predict(&steps, scratch, "2.39");
	assert_string_equal(steps.step[0].target, "libx.so.1.0");
	sov_steps_release(&steps);
	scratch_library(scratch, "libplain.so.3.4", NULL);
	predict(&steps, scratch, "2.38");
	assert_int_equal(steps.count, 1);
	sov_steps_release(&steps);
	predict(&steps, scratch, "2.37");
	assert_int_equal(steps.count, 2);
	sov_steps_release(&steps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			one_that_cannot_be_examined_keeps_the_links_of_its_stem, setup,
			scratch_teardown),
		cmocka_unit_test_setup_teardown(told_to_stop_it_gives_up_between_two_steps, setup,
						scratch_teardown),
		cmocka_unit_test(ldconfig_orders_names_with_its_overflow),
		cmocka_unit_test(each_glibc_has_its_rules),
		cmocka_unit_test_setup_teardown(other_versions_of_glibc_are_foreseen, setup,
						scratch_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
