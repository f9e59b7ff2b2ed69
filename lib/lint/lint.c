/* SPDX-License-Identifier: MIT */
#include <sov/lint.h>

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "lint/gather.h"
#include "lint/rule.h"

static const struct sov_rule *const rules[] = {
#define SOV_RULE(name) &sov_rule_##name,
#include "lint/rules.def"
#undef SOV_RULE
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

const struct sov_rule_info *sov_lint_rule(size_t index)
{
	return index < RULES ? &rules[index]->info : NULL;
}

static int refuse_word(const struct sov_conf *conf, const struct sov_conf_lint *line,
		       const char *message, const char *found, const char *nearest,
		       struct sov_err *err)
{
	char excerpt[SOV_EXCERPT_MAX];

	sov_fail_at(err, SOV_E_CONF, conf->path, line->line, "%s", message);
	sov_found(err, "%s", found[0] != '\0' ? sov_str_excerpt(excerpt, found) : "nothing");
	return nearest != NULL ? sov_fix(err, "did you mean %s?", nearest) : -SOV_E_CONF;
}

static int refuse_key(const struct sov_conf *conf, const struct sov_conf_lint *line,
		      struct sov_err *err)
{
	static const char *const keys[] = {"ignore"};

	refuse_word(conf, line, "unknown key of [lint]", line->key,
		    sov_str_nearest(line->key, keys, sizeof(keys) / sizeof(keys[0])), err);
	return sov_expected(err, "ignore");
}

static int refuse_rule(const struct sov_conf *conf, const struct sov_conf_lint *line,
		       const char *rule, struct sov_err *err)
{
	const char *ids[RULES];

	for (size_t i = 0; i < RULES; i++)
		ids[i] = rules[i]->info.id;
	return refuse_word(conf, line, "no such rule to ignore", rule,
			   sov_str_nearest(rule, ids, RULES), err);
}

/* struct ignore - "RULE [GLOB]", taken apart; what a line of sov.conf holds fits. */
struct ignore {
	char rule[SOV_CONF_LINE_MAX + 1];
	const char *glob; /* of paths relative to the root; "" = everywhere */
};

static void parse_ignore(struct ignore *ignore, const char *value)
{
	size_t length = strcspn(value, " \t");

	(void)sov_str_format(ignore->rule, sizeof(ignore->rule), "%.*s", (int)length, value);
	ignore->glob = value + length + strspn(value + length, " \t");
}

static int judge_line(const struct sov_conf *conf, const struct sov_conf_lint *line,
		      struct sov_err *err)
{
	struct ignore ignore;

	if (strcmp(line->key, "ignore") != 0)
		return refuse_key(conf, line, err);
	if (line->value[0] == '\0') {
		sov_fail_at(err, SOV_E_CONF, conf->path, line->line, "a key without a value");
		sov_expected(err, "ignore = RULE [GLOB]");
		return sov_found(err, "%s", line->key);
	}
	parse_ignore(&ignore, line->value);
	for (size_t i = 0; i < RULES; i++)
		if (strcmp(rules[i]->info.id, ignore.rule) == 0)
			return 0;
	return refuse_rule(conf, line, ignore.rule, err);
}

/* The reader of sov.conf keeps the lines of [lint] unread. */
static int judge_lines(const struct sov_conf *conf, struct sov_err *err)
{
	int rc = 0;

	for (size_t i = 0; conf != NULL && rc == 0 && i < conf->lint_count; i++)
		rc = judge_line(conf, &conf->lint[i], err);
	return rc;
}

static bool is_ignored(const struct sov_conf *conf, const char *rule, const char *path)
{
	for (size_t i = 0; conf != NULL && i < conf->lint_count; i++) {
		struct ignore ignore;

		parse_ignore(&ignore, conf->lint[i].value);
		if (strcmp(ignore.rule, rule) == 0 &&
		    (ignore.glob[0] == '\0' || fnmatch(ignore.glob, path, 0) == 0))
			return true;
	}
	return false;
}

static char *said(char *text)
{
	return text[0] != '\0' ? text : NULL;
}

static int report_fault(const struct sov_facts *facts, const struct sov_entry *entry,
			const struct sov_rule *rule, struct sov_fault *fault,
			struct sov_report *report, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];
	const struct sov_finding finding = {
		.rule = rule->info.id,
		.severity = fault->severity,
		.root = (char *)facts->root.path,
		.path = sov_facts_path(facts, entry, path),
		.object = said(fault->object),
		.message = said(fault->says.message),
		.expected = said(fault->says.expected),
		.found = said(fault->says.found),
		.fix = said(fault->says.fix),
	};

	if (is_ignored(facts->options->conf, rule->info.id, path))
		return 0;
	return sov_report_add(report, &finding, err);
}

static int apply_rules(const struct sov_facts *facts, struct sov_report *report,
		       struct sov_err *err)
{
	sov_autofree struct sov_fault *fault = malloc(sizeof(*fault));
	int rc = 0;

	if (fault == NULL)
		return sov_fail_nomem(err, facts->root.path);
	for (size_t i = 0; i < facts->entry_count; i++) {
		const struct sov_entry *entry = &facts->entries[i];

		for (size_t r = 0; r < RULES && !entry->name_only && rc == 0; r++)
			if (rules[r]->check(facts, entry, fault))
				rc = report_fault(facts, entry, rules[r], fault, report, err);
	}
	return rc;
}

static int lint_root(const struct sov_lint_options *options, const char *root,
		     struct sov_report *report, struct sov_err *err)
{
	struct sov_facts facts;
	int rc = sov_facts_gather(&facts, options, root, report, err);

	if (rc != 0)
		return rc;
	rc = apply_rules(&facts, report, err);
	sov_facts_release(&facts);
	return rc;
}

int sov_lint_run(const struct sov_lint_options *options, struct sov_report *report,
		 struct sov_err *err)
{
	int rc = judge_lines(options->conf, err);

	for (size_t i = 0; rc == 0 && i < options->root_count; i++)
		rc = lint_root(options, options->roots[i], report, err);
	sov_report_sort(report);
	return rc;
}
