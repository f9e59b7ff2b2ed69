/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <stdio.h>

#include <sov/conf.h>
#include <sov/finding.h>
#include <sov/lint.h>

#include "base/vec.h"
#include "tool/declare.h"
#include "tool/findings.h"

/* struct request - what the command line asks for. */
struct request {
	const char *conf;
	struct sov_strs sysroots;
	struct sov_strs libdirs;
	bool list_rules;
};

static int take_conf(void *target, const struct sov_option *option, const char *value,
		     struct sov_err *err)
{
	struct request *request = target;

	(void)option;
	(void)err;
	request->conf = value;
	return 0;
}

static int take_sysroot(void *target, const struct sov_option *option, const char *value,
			struct sov_err *err)
{
	struct request *request = target;

	(void)option;
	return sov_strs_add(&request->sysroots, value) == 0 ? 0 : sov_fail_nomem(err, NULL);
}

static int take_libdir(void *target, const struct sov_option *option, const char *value,
		       struct sov_err *err)
{
	struct request *request = target;

	(void)option;
	return sov_strs_add(&request->libdirs, value) == 0 ? 0 : sov_fail_nomem(err, NULL);
}

static int take_list_rules(void *target, const struct sov_option *option, const char *value,
			   struct sov_err *err)
{
	struct request *request = target;

	(void)option;
	(void)value;
	(void)err;
	request->list_rules = true;
	return 0;
}

/* clang-format off */
static const struct sov_option lint_options[] = {
	{"conf", 0, "FILE", "hold libraries against what FILE declares", take_conf, 0},
	{"sysroot", 0, "DIR", "what DIR holds satisfies links too; repeatable", take_sysroot, 0},
	{"libdir", 0, "DIR", "a further public directory of PATH; repeatable", take_libdir, 0},
	{"list-rules", 0, NULL, "print every rule: id, severity, what it finds", take_list_rules,
	 0},
	{0},
};
/* clang-format on */

static void print_rules(void)
{
	const struct sov_rule_info *rule;

	for (size_t i = 0; (rule = sov_lint_rule(i)) != NULL; i++)
		printf("%-26s %-8s %s\n", rule->id, sov_severity_name(rule->severity),
		       rule->summary);
}

static int lint(const struct tool *tool, const struct output *output,
		const struct sov_lint_options *options)
{
	struct sov_report report = {0};
	struct findings findings = {
		.report = &report,
		.roots = (char *const *)options->roots,
		.root_count = options->root_count,
		.infos = tool->verbosity > 0,
		.summary = tool->verbosity >= 0,
	};
	struct sov_err err;
	int status;

	if (sov_lint_run(options, &report, &err) == 0)
		status = findings_write(tool, output, &findings);
	else
		status = tool_fail(tool, &err);
	sov_report_release(&report);
	return status;
}

/*
 * What sov.conf has to say: what to ignore, from the nearest one as from a named one; declarations
 * only from one that somebody names, for the trees of a system are full of libraries that are not
 * this project's.
 */
static int take_declarations(const struct tool *tool, const struct request *request,
			     struct sov_conf *conf, struct sov_err *err)
{
	int code = declare_conf(tool, request->conf, conf, err);

	if (code == 0 && declare_conf_named(request->conf) == NULL)
		conf->library_count = 0;
	return code;
}

static int lint_operands(const struct tool *tool, const struct output *output,
			 const struct request *request, const struct operands *operands)
{
	struct sov_conf conf = {0};
	const struct sov_lint_options options = {
		.roots = (const char *const *)operands->item,
		.root_count = operands->count,
		.sysroots = (const char *const *)request->sysroots.item,
		.sysroot_count = request->sysroots.count,
		.libdirs = (const char *const *)request->libdirs.item,
		.libdir_count = request->libdirs.count,
		.conf = &conf,
	};
	struct sov_err err;
	int status;

	if (operands->count == 0) {
		sov_fail(&err, SOV_E_USAGE, NULL, "lint needs a path");
		return tool_fail(tool, &err);
	}
	if (take_declarations(tool, request, &conf, &err) == 0)
		status = lint(tool, output, &options);
	else
		status = tool_fail(tool, &err);
	sov_conf_release(&conf);
	return status;
}

static int run_lint(struct tool *tool, int argc, char **argv)
{
	struct request request = {0};
	struct output output = {.formats = findings_formats};
	void *const targets[] = {&request, &output};
	struct operands operands;
	int status;

	if (tool_parse(tool, targets, argc, argv, &operands, &status)) {
		if (request.list_rules) {
			print_rules();
			status = EXIT_CLEAN;
		} else {
			status = lint_operands(tool, &output, &request, &operands);
		}
	}
	sov_strs_release(&request.sysroots);
	sov_strs_release(&request.libdirs);
	return status;
}

const struct command lint_command = {
	.name = "lint",
	.summary = "find what is wrong in install trees",
	.operands = "PATH...",
	.options = {lint_options, output_options},
	.formats = findings_formats,
	.run = run_lint,
};
