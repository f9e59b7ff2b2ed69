/* SPDX-License-Identifier: MIT */
#include "tool/findings.h"

#include <stdio.h>
#include <string.h>

#include "cli/json.h"
#include "cli/report.h"

/* The path as the user would type it: "lib" and "libx.so.1" give "lib/libx.so.1". */
static int put_path(FILE *out, const struct sov_finding *finding, struct sov_err *err)
{
	const char *root = finding->root != NULL ? finding->root : "";
	const char *path = finding->path != NULL ? finding->path : "";
	size_t n = strlen(root);
	int code = put_quoted(out, root, err);

	if (n > 0 && root[n - 1] != '/' && *path != '\0')
		fputc('/', out);
	return code == 0 ? put_quoted(out, path, err) : code;
}

static int put_detail(FILE *out, const char *label, const char *text, struct sov_err *err)
{
	int code;

	if (text == NULL)
		return 0;
	fputs(label, out);
	code = put_quoted(out, text, err);
	fputc('\n', out);
	return code;
}

static int put_finding(FILE *out, const struct sov_finding *finding, bool color,
		       struct sov_err *err)
{
	int code = put_path(out, finding, err);

	fprintf(out, ": %s%s%s: ", color ? sov_cli_color_of(finding->severity) : "",
		sov_severity_name(finding->severity), color ? SOV_COLOR_END : "");
	if (code == 0)
		code = put_quoted(out, finding->message != NULL ? finding->message : "", err);
	fprintf(out, " [%s]\n", finding->rule);
	if (code == 0)
		code = put_detail(out, "  expected: ", finding->expected, err);
	if (code == 0)
		code = put_detail(out, "  found:    ", finding->found, err);
	return code == 0 ? put_detail(out, "  fix:      ", finding->fix, err) : code;
}

static int put_good(FILE *out, const struct sov_strs *good, struct sov_err *err)
{
	int code = 0;

	for (size_t i = 0; code == 0 && good != NULL && i < good->count; i++) {
		code = put_quoted(out, good->item[i], err);
		fputc('\n', out);
	}
	return code;
}

int findings_put(FILE *out, const struct findings *findings, bool color, struct sov_err *err)
{
	const struct sov_report *report = findings->report;
	int code = put_good(out, findings->good, err);

	for (size_t i = 0; code == 0 && i < report->count; i++)
		if (report->findings[i].severity != SOV_INFO || findings->infos)
			code = put_finding(out, &report->findings[i], color, err);
	return code;
}

static int write_text(FILE *out, const void *result, bool color, struct sov_err *err)
{
	return findings_put(out, result, color, err);
}

static int write_json(FILE *out, const void *result, bool color, struct sov_err *err)
{
	const struct findings *findings = result;
	json_t *document = sov_json_report(findings->report, findings->roots, findings->root_count);

	(void)color;
	if (document == NULL)
		return sov_fail_nomem(err, NULL);
	sov_json_print(out, document, 0);
	json_decref(document);
	return 0;
}

const struct format findings_formats[] = {
	{"text",	 write_text},
	{"json",		 write_json},
	{0},
};

static void print_summary(const struct sov_report *report)
{
	fprintf(stderr, "%zu error%s, %zu warning%s in %zu librar%s\n", report->errors,
		report->errors == 1 ? "" : "s", report->warnings, report->warnings == 1 ? "" : "s",
		report->libraries, report->libraries == 1 ? "y" : "ies");
}

/* Findings stand before the summary also where both go to one file. */
static int write_stdout_first(const struct tool *tool, const struct output *output,
			      const void *result, struct sov_err *err)
{
	int code = output_write(output, result, tool->voice.color, err);

	if (code != 0 || fflush(stdout) == 0)
		return code;
	sov_fail_errno(err, NULL, "cannot write the results");
	clearerr(stdout); /* said here, with its reason */
	return -(int)err->code;
}

int findings_write(const struct tool *tool, const struct output *output,
		   const struct findings *findings)
{
	return findings_write_as(tool, output, findings, findings);
}

int findings_write_as(const struct tool *tool, const struct output *output,
		      const struct findings *findings, const void *result)
{
	const struct sov_report *report = findings->report;
	struct sov_err err;

	for (size_t i = 0; i < report->trouble_count; i++)
		tool_fail(tool, &report->troubles[i]);
	if (write_stdout_first(tool, output, result, &err) != 0)
		return tool_fail(tool, &err);
	if (findings->summary)
		print_summary(report);
	return sov_report_exit_status(report);
}
