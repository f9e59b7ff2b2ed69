/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include <sov/finding.h>

static void add(struct sov_report *report, const char *rule, enum sov_severity severity,
		const char *root, const char *path)
{
	const struct sov_finding finding = {
		.rule = rule, .severity = severity, .root = (char *)root, .path = (char *)path};
	struct sov_err err;

	assert_int_equal(sov_report_add(report, &finding, &err), 0);
}

static void every_severity_has_a_word(void **state)
{
	(void)state;
	assert_string_equal(sov_severity_name(SOV_ERROR), "error");
	assert_string_equal(sov_severity_name(SOV_WARNING), "warning");
	assert_string_equal(sov_severity_name(SOV_INFO), "info");
	assert_string_equal(sov_severity_name(SOV_OFF), "off");
}

static void a_finding_is_copied_whole(void **state)
{
	char texts[7][8] = {"root", "path", "object", "message", "expect", "found", "fix"};
	const struct sov_finding finding = {"rule",   SOV_ERROR, texts[0], texts[1], texts[2],
					    texts[3], texts[4],	 texts[5], texts[6]};
	const struct sov_finding bare = {.rule = "rule", .severity = SOV_INFO};
	struct sov_report report = {0};
	struct sov_err err;

	(void)state;
	assert_int_equal(sov_report_add(&report, &finding, &err), 0);
	assert_int_equal(sov_report_add(&report, &bare, &err), 0);
	memset(texts, 'x', sizeof(texts));
	assert_int_equal(report.count, 2);
	assert_string_equal(report.findings[0].root, "root");
	assert_string_equal(report.findings[0].path, "path");
	assert_string_equal(report.findings[0].object, "object");
	assert_string_equal(report.findings[0].message, "message");
	assert_string_equal(report.findings[0].expected, "expect");
	assert_string_equal(report.findings[0].found, "found");
	assert_string_equal(report.findings[0].fix, "fix");
	assert_null(report.findings[1].path);
	assert_null(report.findings[1].fix);
	sov_report_release(&report);
	assert_int_equal(report.count, 0);
	assert_null(report.findings);
}

static void findings_are_counted_by_severity(void **state)
{
	struct sov_report report = {0};

	(void)state;
	add(&report, "r", SOV_ERROR, NULL, "a");
	add(&report, "r", SOV_WARNING, NULL, "a");
	add(&report, "r", SOV_WARNING, NULL, "a");
	add(&report, "r", SOV_INFO, NULL, "a");
	assert_int_equal(report.errors, 1);
	assert_int_equal(report.warnings, 2);
	assert_int_equal(report.infos, 1);
	sov_report_release(&report);
}

static void the_order_is_by_root_path_and_rule_bytewise(void **state)
{
	static const struct {
		const char *rule, *root, *path;
	} sorted[] = {
		{"a", NULL, "z"	       },
		    {"a", "r1", "lib/libx.so"  },
		{"b", "r1", "lib/libx.so"	 },
		    {"a", "r1", "lib/libx.so.1"},
		{"a", "r1", "lib/\xff"     },
		    {"a", "r2", "a"		   },
	};
	struct sov_report report = {0};

	(void)state;
	for (size_t i = COUNT(sorted); i-- > 0;)
		add(&report, sorted[i].rule, SOV_ERROR, sorted[i].root, sorted[i].path);
	sov_report_sort(&report);
	for (size_t i = 0; i < COUNT(sorted); i++) {
		assert_string_equal(report.findings[i].rule, sorted[i].rule);
		assert_string_equal(report.findings[i].path, sorted[i].path);
	}
	sov_report_release(&report);
}

static void findings_alike_but_for_one_text_have_one_order(void **state)
{
	struct sov_report report = {0};
	struct sov_finding finding = {.rule = "r", .severity = SOV_ERROR, .path = (char *)"p"};
	struct sov_err err;

	(void)state;
	finding.object = (char *)"b";
	assert_int_equal(sov_report_add(&report, &finding, &err), 0);
	finding.object = (char *)"a";
	finding.found = (char *)"2";
	assert_int_equal(sov_report_add(&report, &finding, &err), 0);
	finding.found = (char *)"1";
	assert_int_equal(sov_report_add(&report, &finding, &err), 0);
	sov_report_sort(&report);
	assert_string_equal(report.findings[0].found, "1");
	assert_string_equal(report.findings[1].found, "2");
	assert_string_equal(report.findings[2].object, "b");
	sov_report_release(&report);
}

static void trouble(struct sov_report *report, const char *subject)
{
	struct sov_err why, err;

	sov_err_clear(&why);
	sov_fail(&why, SOV_E_SYSTEM, subject, "cannot read it");
	assert_int_equal(sov_report_trouble(report, &why, &err), 0);
}

static void the_exit_status_is_the_worst_of_all(void **state)
{
	struct sov_report report = {0};

	(void)state;
	assert_int_equal(sov_report_exit_status(&report), 0);
	add(&report, "r", SOV_INFO, NULL, "a");
	assert_int_equal(sov_report_exit_status(&report), 0);
	add(&report, "r", SOV_WARNING, NULL, "a");
	assert_int_equal(sov_report_exit_status(&report), 1);
	trouble(&report, "b");
	assert_int_equal(sov_report_exit_status(&report), 3);
	sov_report_release(&report);
	add(&report, "r", SOV_ERROR, NULL, "a");
	assert_int_equal(sov_report_exit_status(&report), 1);
	sov_report_release(&report);
}

static void troubles_are_kept_and_sorted(void **state)
{
	struct sov_report report = {0};

	(void)state;
	trouble(&report, "b");
	trouble(&report, "a");
	sov_report_sort(&report);
	assert_int_equal(report.unreadable, 2);
	assert_int_equal(report.trouble_count, 2);
	assert_string_equal(report.troubles[0].subject, "a");
	assert_string_equal(report.troubles[1].message, "cannot read it");
	sov_report_release(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_severity_has_a_word),
		cmocka_unit_test(a_finding_is_copied_whole),
		cmocka_unit_test(findings_are_counted_by_severity),
		cmocka_unit_test(the_order_is_by_root_path_and_rule_bytewise),
		cmocka_unit_test(findings_alike_but_for_one_text_have_one_order),
		cmocka_unit_test(the_exit_status_is_the_worst_of_all),
		cmocka_unit_test(troubles_are_kept_and_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
