/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <stdio.h>
#include <string.h>

#include <sov/version.h>

#include "base/str.h"
#include "cli/exit.h"

const struct command *const commands[] = {
	&names_command,	  &show_command,  &check_command, &lint_command,
	&install_command, &links_command, &deps_command,  &users_command,
	&prune_command,	  &help_command,  NULL,
};

static int take_verbosity(void *target, const struct sov_option *option, const char *value,
			  struct sov_err *err)
{
	struct tool *tool = target;

	(void)value;
	(void)err;
	tool->verbosity = option->detail;
	return 0;
}

static int take_color(void *target, const struct sov_option *option, const char *value,
		      struct sov_err *err)
{
	static const char *const words[] = {
		[SOV_COLOR_AUTO] = "auto",
		[SOV_COLOR_ALWAYS] = "always",
		[SOV_COLOR_NEVER] = "never",
	};
	struct tool *tool = target;

	(void)option;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i], value) == 0) {
			tool->voice.color = (enum sov_color)i;
			return 0;
		}
	}
	sov_fail(err, SOV_E_USAGE, "--color", "unknown word");
	sov_expected(err, "auto, always, never");
	return sov_found(err, "%s", value);
}

static int take_help(void *target, const struct sov_option *option, const char *value,
		     struct sov_err *err)
{
	struct tool *tool = target;

	(void)option;
	(void)value;
	(void)err;
	tool->help = true;
	return SOV_OPT_STOP;
}

static int take_version(void *target, const struct sov_option *option, const char *value,
			struct sov_err *err)
{
	struct tool *tool = target;

	(void)option;
	(void)value;
	(void)err;
	tool->version = true;
	return SOV_OPT_STOP;
}

/* clang-format off */
const struct sov_option global_options[] = {
	{"quiet", 'q', NULL, "print results and errors only", take_verbosity, -1},
	{"verbose", 'v', NULL, "also print what is right, or good to know", take_verbosity, 1},
	{"color", 0, "WHEN", "auto, always or never", take_color, 0},
	{"help", 'h', NULL, "print this help", take_help, 0},
	{0},
};
/* clang-format on */

const struct sov_option first_options[] = {
	{"version", 0, NULL, "print the version of sov", take_version, 0},
	{0	  },
};

int tool_directories(char *const *directory, size_t count, struct sov_err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (directory[i][0] != '\0')
			continue;
		sov_fail(err, SOV_E_USAGE, NULL, "the directory has no name");
		sov_expected(err, "a directory");
		sov_found(err, "\"\"");
		return sov_fix(err, "the current one is '.'");
	}
	return 0;
}

int tool_fail(const struct tool *tool, const struct sov_err *err)
{
	/* What a file is at fault for begins with the file, for editors and CI to find. */
	bool ours = err->code == SOV_E_USAGE || err->subject[0] == '\0';
	const struct sov_voice voice = {ours ? tool->voice.program : NULL, tool->voice.color};

	sov_cli_say(&voice, SOV_ERROR, err);
	return sov_exit_status(err->code);
}

void tool_warn(const struct tool *tool, const struct sov_err *err)
{
	const struct sov_voice voice = {NULL, tool->voice.color};

	if (tool->verbosity >= 0)
		sov_cli_say(&voice, SOV_WARNING, err);
}

bool tool_packs(const char *root)
{
	return root != NULL && root[strspn(root, "/")] != '\0';
}

bool tool_parse(struct tool *tool, void *const *targets, int argc, char **argv,
		struct operands *operands, int *status)
{
	struct sov_option_group groups[COMMAND_TABLES_MAX + 1];
	struct sov_err err;
	int first;

	for (size_t i = 0; i < COMMAND_TABLES_MAX; i++) {
		groups[i].options = tool->command->options[i];
		groups[i].target = groups[i].options != NULL ? targets[i] : NULL;
	}
	groups[COMMAND_TABLES_MAX] = (struct sov_option_group){global_options, tool};
	first = sov_opt_parse(groups, COMMAND_TABLES_MAX + 1, SOV_OPERANDS_BETWEEN, argc, argv,
			      &err);
	if (first < 0) {
		*status = tool_fail(tool, &err);
		return false;
	}
	if (tool->help) {
		help_print(tool->command);
		*status = EXIT_CLEAN;
		return false;
	}
	*operands = (struct operands){argv + first, (size_t)(argc - first)};
	return true;
}

const struct command *command_named(const char *name, struct sov_err *err)
{
	const char *names[sizeof(commands) / sizeof(commands[0])];
	const char *near;
	size_t count = 0;

	for (; commands[count] != NULL; count++) {
		if (strcmp(commands[count]->name, name) == 0)
			return commands[count];
		names[count] = commands[count]->name;
	}
	near = sov_str_nearest(name, names, count);
	sov_fail(err, SOV_E_USAGE, NULL, "unknown command %s", name);
	if (near != NULL)
		sov_fix(err, "did you mean sov %s?", near);
	else
		sov_fix(err, "sov --help lists the commands");
	return NULL;
}

static int run_command(struct tool *tool, int argc, char **argv)
{
	struct sov_err err;

	if (argc == 0) {
		sov_fail(&err, SOV_E_USAGE, NULL, "no command given");
		sov_fix(&err, "sov --help lists the commands");
		return tool_fail(tool, &err);
	}
	tool->command = command_named(argv[0], &err);
	if (tool->command == NULL)
		return tool_fail(tool, &err);
	return tool->command->run(tool, argc, argv);
}

static int run(struct tool *tool, int argc, char **argv)
{
	const struct sov_option_group groups[] = {
		{global_options, tool},
		{first_options,	tool},
	};
	struct sov_err err;
	int first = sov_opt_parse(groups, 2, SOV_OPERANDS_LAST, argc, argv, &err);

	if (first < 0)
		return tool_fail(tool, &err);
	if (tool->help) {
		help_print(NULL);
		return EXIT_CLEAN;
	}
	if (tool->version) {
		printf("sov %s (SoVersion)\n", sov_release());
		return EXIT_CLEAN;
	}
	return run_command(tool, argc - first, argv + first);
}

int main(int argc, char **argv)
{
	struct tool tool = {.voice = {.program = "sov"}};
	int status;

	sov_cli_begin();
	status = run(&tool, argc, argv);
	return sov_cli_finish(&tool.voice, status);
}
