/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sov/deps.h>

#include "base/mem.h"
#include "tool/deps.h"

/* struct request - what the command line asks for. */
struct request {
	struct sov_deps_options options;
	struct output *output; /* --tree chooses its format */
};

/* Which text of the options an option gives. */
enum text { ROOT, LIBRARY_PATH, HWCAPS, PLATFORM };

static int take_text(void *target, const struct sov_option *option, const char *value,
		     struct sov_err *err)
{
	struct sov_deps_options *options = &((struct request *)target)->options;
	const char **const texts[] = {
		[ROOT] = &options->root,
		[LIBRARY_PATH] = &options->library_path,
		[HWCAPS] = &options->hwcaps,
		[PLATFORM] = &options->platform,
	};

	(void)err;
	*texts[option->detail] = value;
	return 0;
}

static int take_env(void *target, const struct sov_option *option, const char *value,
		    struct sov_err *err)
{
	struct request *request = target;

	(void)option;
	(void)value;
	(void)err;
	request->options.library_path = getenv("LD_LIBRARY_PATH");
	return 0;
}

static int take_tree(void *target, const struct sov_option *option, const char *value,
		     struct sov_err *err)
{
	struct request *request = target;

	(void)option;
	(void)value;
	(void)err;
	request->output->chosen = &deps_formats[1];
	return 0;
}

/* clang-format off */
static const struct sov_option deps_options[] = {
	{"root", 0, "DIR", "the tree that will be /, with its libraries and ld.so.cache", take_text,
	 ROOT},
	{"tree", 0, NULL, "who needs what: the same as --format=tree", take_tree, 0},
	{"library-path", 0, "PATH", "as if LD_LIBRARY_PATH were PATH", take_text, LIBRARY_PATH},
	{"env", 0, NULL, "take LD_LIBRARY_PATH from the environment, as ldd does", take_env, 0},
	{"hwcaps", 0, "LIST", "subdirectories of glibc-hwcaps, the best first: A:B", take_text,
	 HWCAPS},
	{"platform", 0, "WORD", "what $PLATFORM stands for", take_text, PLATFORM},
	{0},
};

const struct format deps_formats[] = {
	{"text", deps_write_text},
	{"tree", deps_write_tree},
	{"json", deps_write_json},
	{0},
};
/* clang-format on */

/* Read every file that can be read; what can't is a trouble in the report.
 * Returns 0, or -SOV_E_NOMEM. */
static int read_files(struct sov_deps_search *search, const struct operands *operands,
		      struct sov_deps *files, size_t *count, struct sov_report *report,
		      struct sov_err *err)
{
	int code = 0;

	for (size_t i = 0; code == 0 && i < operands->count; i++) {
		report->files++;
		code = sov_deps_read(&files[*count], search, operands->item[i], report, err);
		if (code == 0)
			report->libraries += files[(*count)++].kind == SOV_KIND_LIBRARY;
		else if (code != -SOV_E_NOMEM)
			code = sov_report_trouble(report, err, err);
	}
	return code;
}

/* As findings_write(): troubles on stderr, the result where it is wanted, the exit status. */
static int write_result(const struct tool *tool, const struct output *output,
			const struct deps_result *result)
{
	return findings_write_as(tool, output, &result->findings, result);
}

static int examine(const struct tool *tool, const struct output *output,
		   struct sov_deps_search *search, const struct request *request,
		   const struct operands *operands)
{
	struct sov_deps *files = calloc(operands->count, sizeof(*files));
	struct sov_report report = {0};
	char *roots[] = {(char *)request->options.root};
	struct deps_result result = {
		.files = files,
		.asked = operands->count,
		.findings = {.report = &report, .roots = roots, .infos = tool->verbosity > 0},
	};
	struct sov_err err;
	int code = files != NULL ? 0 : sov_fail_nomem(&err, NULL), status;

	result.findings.root_count = roots[0] != NULL ? 1 : 0;
	if (code == 0)
		code = read_files(search, operands, files, &result.count, &report, &err);
	status = code == 0 ? write_result(tool, output, &result) : tool_fail(tool, &err);
	for (size_t i = 0; i < result.count; i++)
		sov_deps_release(&files[i]);
	sov_report_release(&report);
	free(files);
	return status;
}

/* Is the variable set, and neither taken nor replaced? That of this system says nothing of another
 * tree. */
static int leaves_environment(const struct sov_deps_options *options)
{
	const char *path = getenv("LD_LIBRARY_PATH");

	return path != NULL && path[0] != '\0' && options->library_path == NULL &&
	       options->root == NULL;
}

static int run_deps(struct tool *tool, int argc, char **argv)
{
	struct output output = {.formats = deps_formats};
	struct request request = {.output = &output};
	void *const targets[] = {&request, &output};
	struct sov_deps_search *search = NULL;
	struct operands operands;
	struct sov_err err;
	int status;

	if (!tool_parse(tool, targets, argc, argv, &operands, &status))
		return status;
	if (operands.count == 0) {
		sov_fail(&err, SOV_E_USAGE, NULL, "deps needs a file");
		return tool_fail(tool, &err);
	}
	request.options.environment_unused = leaves_environment(&request.options);
	if (sov_deps_search_new(&search, &request.options, &err) != 0)
		return tool_fail(tool, &err);
	status = examine(tool, &output, search, &request, &operands);
	sov_deps_search_free(search);
	return status;
}

const struct command deps_command = {
	.name = "deps",
	.summary = "what will be loaded with programs and libraries: ldd without running them",
	.operands = "FILE...",
	.options = {deps_options, output_options},
	.formats = deps_formats,
	.run = run_deps,
};
