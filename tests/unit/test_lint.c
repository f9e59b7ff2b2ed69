/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sov/lint.h>

#include "base/index.h"
#include "lint/layout.h"
#include "scratch.h"

static void directories_of_libraries_are_public(void **state)
{
	static const char *const public[] = {
		"",
		"lib",
		"lib32",
		"lib64",
		"libx32",
		"usr/lib",
		"usr/lib64",
		"usr/local/lib",
		"usr/local/lib32",
		"local/lib",
		"lib/x86_64-linux-gnu",
		"usr/lib/x86_64-linux-gnux32",
		"usr/lib/arm-linux-gnueabihf",
		"usr/local/lib/s390x-linux-gnu",
		"usr/lib/i386-gnu",
		"usr/lib/aarch64-linux-musl",
		"x86_64-linux-gnu",
	};
	static const char *const private[] = {
		"libexec",	     "usr",
		"usr/libexec",	     "usr/local",
		"usr/lib/systemd",   "usr/lib/x86_64-linux-gnu/gconv",
		"usr/lib/debug",     "opt/x/lib",
		"lib/lib",	     "usr/x86_64-linux-gnu",
		"usr/usr/lib",	     "usr/lib/gcc/x86_64-linux-gnu",
		"lib/python3-linux",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(public); i++)
		assert_true(sov_layout_is_public(public[i]));
	for (size_t i = 0; i < COUNT(private); i++)
		assert_false(sov_layout_is_public(private[i]));
}

static void a_root_that_is_part_of_a_tree_is_known_by_its_name(void **state)
{
	static const struct {
		const char *path, *anchor;
	} cases[] = {
		{"/",				   ""			},
		{"/srv/stage",			       ""			 },
		{"/srv/stage/lib",			   ""			     },
		{"/lib",				"lib"		      },
		{"/lib/x86_64-linux-gnu",		  "lib/x86_64-linux-gnu"	},
		{"/usr",				"usr"		      },
		{"/usr/lib",			     "usr/lib"		      },
		{"/srv/stage/usr/lib",		       "usr/lib"			},
		{"/srv/stage/usr/lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"},
		{"/usr/local",			       "usr/local"		  },
		{"/srv/usr/local/lib64",		 "usr/local/lib64"	  },
		{"/usr/lib/systemd",		     ""			       },
		{"/usr/src/x",			       ""			 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(sov_layout_anchor(cases[i].path), cases[i].anchor);
}

static void an_index_finds_all_that_has_a_hash(void **state)
{
	enum { THINGS = 10000, HASHES = 500 };
	struct sov_index index = {0};
	size_t node, count = 0;

	(void)state;
	assert_int_equal(sov_index_first(&index, 7), SOV_NONE);
	for (size_t i = 0; i < THINGS; i++)
		assert_int_equal(sov_index_add(&index, (i % HASHES) << 32, i), 0);
	for (node = sov_index_first(&index, 7UL << 32); node != SOV_NONE;
	     node = sov_index_next(&index, node)) {
		assert_int_equal(index.nodes[node].thing % HASHES, 7);
		count++;
	}
	assert_int_equal(count, THINGS / HASHES);
	assert_int_equal(sov_index_first(&index, 7), SOV_NONE);
	sov_index_release(&index);
	assert_int_not_equal(sov_hash_text(0, "libx.so"), sov_hash_text(1, "libx.so"));
	assert_int_not_equal(sov_hash_text(0, "libx.so"), sov_hash_text(0, "liby.so"));
	assert_int_not_equal(sov_hash_numbers(1, 2), sov_hash_numbers(2, 1));
}

static void every_rule_has_an_id_a_severity_and_a_summary(void **state)
{
	const struct sov_rule_info *rule;
	size_t count = 0;

	(void)state;
	for (; (rule = sov_lint_rule(count)) != NULL; count++) {
		assert_int_equal(strspn(rule->id, "abcdefghijklmnopqrstuvwxyz-"), strlen(rule->id));
		assert_true(rule->severity == SOV_ERROR || rule->severity == SOV_WARNING);
		assert_true(strlen(rule->summary) > 10);
		if (count > 0)
			assert_true(strcmp(sov_lint_rule(count - 1)->id, rule->id) < 0);
	}
	assert_int_equal(count, 15);
}

/* Lint one directory of the scratch. */
static int lint(const struct scratch *scratch, const char *directory, const struct sov_conf *conf,
		struct sov_report *report, struct sov_err *err)
{
	char root[512];
	const char *roots[] = {root};
	const struct sov_lint_options options = {.roots = roots, .root_count = 1, .conf = conf};

	snprintf(root, sizeof(root), "%s%s%s", scratch->path, directory[0] != '\0' ? "/" : "",
		 directory);
	*report = (struct sov_report){0};
	sov_err_clear(err);
	return sov_lint_run(&options, report, err);
}

static void a_root_that_is_no_directory_is_an_error(void **state)
{
	const struct scratch *scratch = *state;
	struct sov_report report;
	struct sov_err err;

	assert_int_equal(lint(scratch, "nothing", NULL, &report, &err), -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, ENOENT);
	assert_int_equal(report.count, 0);
	scratch_file(scratch, "file", "x");
	assert_int_equal(lint(scratch, "file", NULL, &report, &err), -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, ENOTDIR);
}

static void a_sysroot_that_is_not_there_is_an_error(void **state)
{
	const struct scratch *scratch = *state;
	const char *const sysroots[] = {"/nothing/at/all"};
	const char *roots[] = {scratch->path};
	const struct sov_lint_options options = {
		.roots = roots, .root_count = 1, .sysroots = sysroots, .sysroot_count = 1};
	struct sov_report report = {0};
	struct sov_err err;

	sov_err_clear(&err);
	assert_int_equal(sov_lint_run(&options, &report, &err), -SOV_E_SYSTEM);
	assert_string_equal(err.subject, "/nothing/at/all");
}

static void files_and_libraries_are_counted(void **state)
{
	const struct scratch *scratch = *state;
	struct sov_report report;
	struct sov_err err;

	scratch_library(scratch, "lib/libx.so.1", "libx.so.1");
	scratch_link(scratch, "lib/libx.so", "libx.so.1");
	scratch_file(scratch, "lib/liby.so", "INPUT(-lx)\n");
	scratch_file(scratch, "lib/readme", "x");
	scratch_file(scratch, "lib/dbus.socket", "x");
	assert_int_equal(lint(scratch, "", NULL, &report, &err), 0);
	assert_int_equal(report.files, 2);
	assert_int_equal(report.libraries, 1);
	assert_int_equal(report.count, 0);
	sov_report_release(&report);
}

/* A sov.conf of one line of [lint], the fourth of the file. Its texts are borrowed. */
static struct sov_conf conf_of(struct sov_conf_lint *lint, const char *key, const char *value)
{
	*lint = (struct sov_conf_lint){(char *)key, (char *)value, 4};
	return (struct sov_conf){.path = (char *)"sov.conf", .lint = lint, .lint_count = 1};
}

static void a_line_of_lint_that_says_nothing_is_an_error(void **state)
{
	static const struct {
		const char *key, *value, *text;
	} cases[] = {
		{"ignore", "soname-mising usr/*",
		 "sov.conf:4: error: no such rule to ignore\n"
		 "  found:    soname-mising\n"
		 "  fix:      did you mean soname-missing?\n"},
		{"ingore", "soname-missing",
		 "sov.conf:4: error: unknown key of [lint]\n"
		 "  expected: ignore\n"
		 "  found:    ingore\n"
		 "  fix:      did you mean ignore?\n"	     },
		{"",	     "soname-missing",
		 "sov.conf:4: error: unknown key of [lint]\n"
		 "  expected: ignore\n"
		 "  found:    nothing\n"			},
		{"ignore", "",
		 "sov.conf:4: error: a key without a value\n"
		 "  expected: ignore = RULE [GLOB]\n"
		 "  found:    ignore\n"		       },
	};
	const struct scratch *scratch = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sov_conf_lint line;
		const struct sov_conf conf = conf_of(&line, cases[i].key, cases[i].value);
		struct sov_report report;
		struct sov_err err;

		assert_int_equal(lint(scratch, "", &conf, &report, &err), -SOV_E_CONF);
		assert_string_equal(rendered(&err), cases[i].text);
	}
}

static void an_ignored_finding_is_left_out(void **state)
{
	struct sov_conf_lint line;
	const struct sov_conf conf = conf_of(&line, "ignore", "soname-missing");
	const struct scratch *scratch = *state;
	struct sov_report report;
	struct sov_err err;

	scratch_library(scratch, "usr/lib/libx.so", NULL);
	scratch_library(scratch, "usr/lib/liby.so", NULL);
	assert_int_equal(lint(scratch, "", &conf, &report, &err), 0);
	assert_int_equal(report.errors, 0);
	sov_report_release(&report);
	line.value = (char *)"soname-missing \t */libx.so";
	assert_int_equal(lint(scratch, "", &conf, &report, &err), 0);
	assert_int_equal(report.errors, 1);
	assert_string_equal(report.findings[0].path, "usr/lib/liby.so");
	sov_report_release(&report);
}

/* Half of them names of one inode, half with as many findings as can be. */
static void ten_thousand_libraries_in_one_directory_are_all_looked_at(void **state)
{
	enum { HALF = 5000 };
	const struct scratch *scratch = *state;
	struct sov_report report;
	char name[64], text[64];
	struct sov_err err;

	scratch_file(scratch, "usr/include/x.h", "");
	scratch_library(scratch, "usr/lib/libone.so.1.0", "libone.so.1");
	for (int i = 0; i < HALF; i++) {
		snprintf(name, sizeof(name), "usr/lib/libone%d.so.1.0", i);
		assert_int_equal(linkat(scratch->fd, "usr/lib/libone.so.1.0", scratch->fd, name, 0),
				 0);
		snprintf(name, sizeof(name), "usr/lib/libmany%d.so.1.0", i);
		snprintf(text, sizeof(text), "libmany%d.so.1", i);
		scratch_library(scratch, name, text);
	}
	assert_int_equal(lint(scratch, "", NULL, &report, &err), 0);
	assert_int_equal(report.files, 2 * HALF + 1);
	assert_int_equal(report.errors, HALF + 1);   /* no soname link */
	assert_int_equal(report.warnings, HALF + 1); /* no linker name */
	sov_report_release(&report);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(directories_of_libraries_are_public),
		cmocka_unit_test(a_root_that_is_part_of_a_tree_is_known_by_its_name),
		cmocka_unit_test(an_index_finds_all_that_has_a_hash),
		cmocka_unit_test(every_rule_has_an_id_a_severity_and_a_summary),
		TEST(a_root_that_is_no_directory_is_an_error),
		TEST(a_sysroot_that_is_not_there_is_an_error),
		TEST(files_and_libraries_are_counted),
		TEST(a_line_of_lint_that_says_nothing_is_an_error),
		TEST(an_ignored_finding_is_left_out),
		TEST(ten_thousand_libraries_in_one_directory_are_all_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
