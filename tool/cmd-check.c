/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sov/check.h>
#include <sov/conf.h>
#include <sov/names.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "tool/declare.h"
#include "tool/findings.h"

/* struct subject - one file, and what it is held against. */
struct subject {
	const char *path;
	struct sov_names names;
	char origin[SOV_SUBJECT_MAX];
	struct sov_expectation want;
	struct sov_err fault; /* why nothing is expected of it; code 0 = something is */
};

/* struct request - what the command line asks for. */
struct request {
	const char *soname; /* --expect-soname; NULL = not given */
	struct declared declared;
	struct sov_conf conf;
};

static int take_soname(void *target, const struct sov_option *option, const char *value,
		       struct sov_err *err)
{
	struct request *request = target;

	(void)option;
	(void)err;
	request->soname = value;
	return 0;
}

static const struct sov_option check_options[] = {
	{"expect-soname", 0, "S", "hold DT_SONAME alone against S; \"\" = there is none",
	 take_soname, 0},
	{0	   },
};

static int fail_base(const char *path, struct sov_err *err)
{
	sov_fail(err, SOV_E_USAGE, path, "is not the file name of a shared library");
	sov_expected(err, "libNAME.so, or with numbers behind it");
	return sov_fix(err, "--expect-soname looks at the SONAME alone");
}

/* The names that @section, or the file's own name, and the declaration give. */
static int derive(struct subject *subject, const struct sov_conf_library *section,
		  const struct sov_decl *decl, struct sov_err *err)
{
	char base[SOV_BASE_MAX + 1];
	struct sov_library library = {.prefix = "lib", .base = base};

	if (section != NULL)
		library.base = section->base;
	else if (!declare_base(base, &library.prefix, sov_str_basename(subject->path), decl))
		return fail_base(subject->path, err);
	return sov_names_derive(&subject->names, &library, decl, err);
}

/* What a declaration asks of a file; that it asks nothing is the file's fault alone. */
static void expect_of(struct subject *subject, const struct sov_conf_library *section,
		      const struct sov_decl *decl, const struct sov_conf *conf)
{
	int code = 0;

	if (!sov_decl_names_a_version(decl))
		code = declare_fail(subject->path, conf, &subject->fault);
	if (code == 0)
		code = derive(subject, section, decl, &subject->fault);
	if (code != 0)
		return;
	subject->want = (struct sov_expectation){
		.names = &subject->names,
		.linker_name = decl->linker_name,
		.linker_name_declared = sov_decl_has(decl, SOV_KEY_LINKER_NAME),
		.origin = sov_decl_origin(decl, subject->origin, sizeof(subject->origin)),
		/* a triple gives its own soversion: none can be declared beside it */
		.relink = sov_decl_has(decl, SOV_KEY_LIBTOOL) ? "" : NULL,
	};
}

/* Returns 0, or -code for a fault of the command line, sov.conf or the environment. */
static int expect_declared(struct subject *subject, const struct request *request,
			   struct sov_err *err)
{
	const struct sov_conf_library *section = NULL;
	struct sov_decl decl;
	int code = sov_conf_select(&request->conf, sov_str_basename(subject->path), &section, err);

	if (code == 0)
		code = declare_merge(&decl, &request->declared, section, err);
	if (code == 0)
		expect_of(subject, section, &decl, &request->conf);
	return code;
}

static int expect(struct subject *subject, const struct request *request, struct sov_err *err)
{
	if (request->soname == NULL)
		return expect_declared(subject, request, err);
	subject->want = (struct sov_expectation){
		.soname = request->soname,
		.origin = "--expect-soname",
	};
	return 0;
}

static int add_good(struct sov_strs *good, const struct subject *subject, struct sov_err *err)
{
	const struct sov_expectation *want = &subject->want;
	const char *soname = want->names != NULL ? want->names->soname : want->soname;
	sov_autofree char *line = NULL;

	if (asprintf(&line, "%s: ok (%s%s)", subject->path,
		     *soname != '\0' ? "soname " : "no soname", soname) < 0) {
		line = NULL;
		return sov_fail_nomem(err, subject->path);
	}
	return sov_strs_add(good, line) == 0 ? 0 : sov_fail_nomem(err, subject->path);
}

static bool is_library(const char *path)
{
	struct sov_identity identity = {0};
	struct sov_err ignored;
	bool library = sov_identity_of(&identity, path, &ignored) == 0 &&
		       identity.kind == SOV_KIND_LIBRARY;

	sov_identity_release(&identity);
	return library;
}

/* Returns 0, or -SOV_E_NOMEM: what cannot be examined is a trouble in the report. */
static int check_file(struct subject *subject, struct sov_report *report, struct sov_strs *good,
		      struct sov_err *err)
{
	size_t findings = report->count;
	struct sov_err trouble;

	if (subject->fault.code != SOV_OK) {
		if (is_library(subject->path))
			return 0;
		/* of what is no library, that is to be said: no declaration would help */
		sov_err_clear(&subject->fault);
		subject->want.soname = "";
	}
	sov_err_clear(&trouble);
	if (sov_check_file(subject->path, &subject->want, report, &trouble) != 0)
		return sov_report_trouble(report, &trouble, err);
	return report->count == findings ? add_good(good, subject, err) : 0;
}

static int check_subjects(struct subject *subjects, size_t count, struct sov_report *report,
			  struct sov_strs *good, struct sov_err *err)
{
	int code = 0;

	for (size_t i = 0; code == 0 && i < count; i++)
		code = check_file(&subjects[i], report, good, err);
	sov_report_sort(report);
	return code;
}

/* Returns the exit status that they ask for. */
static int say_faults(const struct tool *tool, const struct subject *subjects, size_t count)
{
	int status = EXIT_CLEAN;

	for (size_t i = 0; i < count; i++)
		if (subjects[i].fault.code != SOV_OK)
			status = tool_fail(tool, &subjects[i].fault);
	return status;
}

/* Exit statuses are numbered so that the greater one wins. */
static int check_and_write(const struct tool *tool, const struct output *output,
			   struct subject *subjects, size_t count)
{
	struct sov_report report = {0};
	struct sov_strs good = {0};
	const struct findings findings = {
		.report = &report,
		.good = tool->verbosity > 0 ? &good : NULL,
		.infos = tool->verbosity > 0,
	};
	struct sov_err err;
	int status;

	if (check_subjects(subjects, count, &report, &good, &err) == 0) {
		status = say_faults(tool, subjects, count);
		status = worse(status, findings_write(tool, output, &findings));
	} else {
		status = tool_fail(tool, &err);
	}
	sov_strs_release(&good);
	sov_report_release(&report);
	return status;
}

/* Before anything is looked at: a fault of the command line or of sov.conf is every file's. */
static int expect_all(struct subject *subjects, const struct request *request,
		      const struct operands *operands, struct sov_err *err)
{
	int code = 0;

	for (size_t i = 0; code == 0 && i < operands->count; i++) {
		subjects[i].path = operands->item[i];
		code = expect(&subjects[i], request, err);
	}
	return code;
}

static int check_operands(const struct tool *tool, const struct output *output,
			  struct request *request, const struct operands *operands)
{
	sov_autofree struct subject *subjects = calloc(operands->count + 1, sizeof(*subjects));
	struct sov_err err;
	int code = 0;

	if (operands->count == 0)
		code = sov_fail(&err, SOV_E_USAGE, NULL, "check needs a file");
	else if (subjects == NULL)
		code = sov_fail_nomem(&err, NULL);
	else if (request->soname != NULL && request->declared.decl.has != 0)
		code = sov_fail(&err, SOV_E_USAGE, "--expect-soname",
				"the whole of what is expected: no declaration goes with it");
	else if (request->soname == NULL)
		code = declare_conf_for(tool, &request->declared, &request->conf, &err);
	if (code == 0)
		code = expect_all(subjects, request, operands, &err);
	if (code != 0)
		return tool_fail(tool, &err);
	return check_and_write(tool, output, subjects, operands->count);
}

static int run_check(struct tool *tool, int argc, char **argv)
{
	struct request request = {0};
	struct output output = {.formats = findings_formats};
	void *const targets[] = {&request, &request.declared, &output};
	struct operands operands;
	int status;

	if (tool_parse(tool, targets, argc, argv, &operands, &status))
		status = check_operands(tool, &output, &request, &operands);
	sov_conf_release(&request.conf);
	return status;
}

const struct command check_command = {
	.name = "check",
	.summary = "do libraries carry the names that their declaration asks for?",
	.operands = "FILE...",
	.options = {check_options, declare_options, output_options},
	.formats = findings_formats,
	.run = run_check,
};
