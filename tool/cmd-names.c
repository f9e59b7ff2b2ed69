/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <stdio.h>
#include <string.h>

#include <sov/conf.h>
#include <sov/names.h>

#include "base/str.h"
#include "tool/declare.h"
#include "tool/names.h"

/* struct request - what the command line asks for. */
struct request {
	const char *base; /* NULL = that of the only section of sov.conf */
	const char *os;
	enum sov_os system;
	const struct format *instead; /* --explain, --all-forms: what stdout carries; NULL = not */
	struct declared declared;
};

static int take_os(void *target, const struct sov_option *option, const char *value,
		   struct sov_err *err)
{
	struct request *request = target;

	(void)option;
	request->os = value;
	if (sov_os_parse(&request->system, value, err) == 0)
		return 0;
	sov_str_copy(err->subject, sizeof(err->subject), "--os");
	return -(int)err->code;
}

static const struct format explain = {"--explain", names_explain};
static const struct format all_forms = {"--all-forms", names_all_forms};

static int take_instead(void *target, const struct sov_option *option, const char *value,
			struct sov_err *err)
{
	struct request *request = target;

	(void)value;
	(void)err;
	request->instead = option->detail ? &all_forms : &explain;
	return 0;
}

/* clang-format off */
static const struct sov_option names_options[] = {
	{"os", 0, "OS", "as on linux (default), freebsd, netbsd, openbsd, darwin, ...", take_os, 0},
	{"explain", 0, NULL, "say why the names are what they are", take_instead, 0},
	{"all-forms", 0, NULL, "print the declaration as libtool, CMake and meson spell it",
	 take_instead, 1},
	{0},
};
/* clang-format on */

/* "demo, demo-gl" */
static int fail_several(const struct sov_conf *conf, struct sov_err *err)
{
	char list[SOV_TEXT_MAX] = "", word[5 * SOV_BASE_MAX + 3]; /* if each byte is a quote */

	for (size_t i = 0; i < conf->library_count; i++)
		sov_str_format(list + strlen(list), sizeof(list) - strlen(list), "%s%s",
			       i > 0 ? ", " : "", conf->libraries[i].base);
	sov_fail(err, SOV_E_USAGE, NULL, "which library? %s declares %zu", conf->path,
		 conf->library_count);
	sov_expected(err, "one of %s", list);
	sov_shell_word(word, sizeof(word), conf->libraries[0].base);
	return sov_fix(err, "sov names %s%s", conf->libraries[0].base[0] == '-' ? "-- " : "", word);
}

static int fail_nameless(const struct sov_conf *conf, struct sov_err *err)
{
	sov_fail(err, SOV_E_USAGE, NULL, "which library? %s%s",
		 conf->path != NULL ? conf->path : "there is no sov.conf",
		 conf->path != NULL ? " declares none" : "");
	return sov_fix(err, "sov names BASE --version V");
}

/* The section that speaks for the library; *section is NULL when none does. */
static int choose(struct request *request, const struct sov_conf *conf,
		  const struct sov_conf_library **section, struct sov_err *err)
{
	*section = NULL;
	if (request->base != NULL) {
		*section = sov_conf_library_named(conf, request->base);
		return 0;
	}
	if (conf->library_count > 1)
		return fail_several(conf, err);
	if (conf->library_count == 0)
		return fail_nameless(conf, err);
	*section = &conf->libraries[0];
	request->base = conf->libraries[0].base;
	return 0;
}

/* sov.conf is asked for the base name too. */
static int read_conf(const struct tool *tool, const struct request *request, struct sov_conf *conf,
		     struct sov_err *err)
{
	if (request->base == NULL)
		return declare_conf(tool, request->declared.conf, conf, err);
	return declare_conf_for(tool, &request->declared, conf, err);
}

static int derive(struct named *named, struct request *request, const struct sov_conf *conf,
		  struct sov_err *err)
{
	const struct sov_conf_library *section;
	int code = choose(request, conf, &section, err);

	if (code == 0)
		code = declare_merge(&named->decl, &request->declared, section, err);
	if (code == 0 && !sov_decl_names_a_version(&named->decl))
		code = declare_fail(request->base, conf, err);
	if (code != 0)
		return code;
	named->os = request->os;
	named->library = (struct sov_library){"lib", request->base, request->system};
	return sov_names_derive(&named->names, &named->library, &named->decl, err);
}

static int write_names(const struct tool *tool, struct output *output,
		       const struct request *request, const struct named *named,
		       struct sov_err *err)
{
	if (request->instead != NULL && output->chosen != NULL)
		return sov_fail(err, SOV_E_USAGE, NULL, "%s and --format=%s: one of them",
				request->instead->name, output->chosen->name);
	if (request->instead != NULL)
		output->chosen = request->instead;
	return output_write(output, named, tool->voice.color, err);
}

static int print_names(const struct tool *tool, struct output *output, struct request *request)
{
	struct sov_conf conf = {0};
	struct named named = {0};
	struct sov_err err;
	int code = read_conf(tool, request, &conf, &err);
	int status = EXIT_CLEAN;

	if (code == 0)
		code = derive(&named, request, &conf, &err);
	if (code == 0)
		code = write_names(tool, output, request, &named, &err);
	if (code != 0)
		status = tool_fail(tool, &err);
	sov_conf_release(&conf);
	return status;
}

static int run_names(struct tool *tool, int argc, char **argv)
{
	struct request request = {.os = "linux"};
	struct output output = {.formats = names_formats};
	void *const targets[] = {&request, &request.declared, &output};
	struct operands operands;
	struct sov_err err;
	int status;

	if (!tool_parse(tool, targets, argc, argv, &operands, &status))
		return status;
	if (operands.count > 1) {
		sov_fail(&err, SOV_E_USAGE, NULL, "names takes one base name");
		sov_found(&err, "%s and %s", operands.item[0], operands.item[1]);
		return tool_fail(tool, &err);
	}
	request.base = operands.count > 0 ? operands.item[0] : NULL;
	return print_names(tool, &output, &request);
}

const struct command names_command = {
	.name = "names",
	.summary = "print the linker name, soname and real name of a library",
	.operands = "[BASE]",
	.options = {names_options, declare_options, output_options},
	.formats = names_formats,
	.run = run_names,
};
