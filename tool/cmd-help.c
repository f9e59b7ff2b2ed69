/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <stdio.h>

#include "cli/opt.h"

static void print_overview(void)
{
	printf("usage: sov [-q|-v] [--color=WHEN] COMMAND ...\n"
	       "Names of shared libraries: declared once, computed, checked.\n\n"
	       "Commands:\n");
	for (const struct command *const *row = commands; *row != NULL; row++)
		printf("  %-8s%s\n", (*row)->name, (*row)->summary);
	printf("\nOptions:\n");
	sov_opt_print(stdout, first_options);
	sov_opt_print(stdout, global_options);
	printf("\nExit status: 0 clean, 1 findings, 2 usage or configuration, 3 something could "
	       "not\n"
	       "be examined or written.\n");
}

static void print_formats(const struct format *formats)
{
	if (formats == NULL)
		return;
	printf("\nFormats: %s (default)", formats->name);
	while ((++formats)->name != NULL)
		printf(", %s", formats->name);
	printf("\n");
}

void help_print(const struct command *command)
{
	if (command == NULL) {
		print_overview();
		return;
	}
	printf("usage: sov %s [OPTION...] %s\n", command->name, command->operands);
	printf("sov %s - %s\n\nOptions:\n", command->name, command->summary);
	for (size_t i = 0; i < COMMAND_TABLES_MAX; i++)
		sov_opt_print(stdout, command->options[i]);
	sov_opt_print(stdout, global_options);
	print_formats(command->formats);
}

static int run_help(struct tool *tool, int argc, char **argv)
{
	const struct command *command = NULL;
	struct operands operands;
	struct sov_err err;
	int status;

	if (!tool_parse(tool, NULL, argc, argv, &operands, &status))
		return status;
	if (operands.count > 1) {
		sov_fail(&err, SOV_E_USAGE, NULL, "help explains one command");
		return tool_fail(tool, &err);
	}
	if (operands.count == 1 && (command = command_named(operands.item[0], &err)) == NULL)
		return tool_fail(tool, &err);
	help_print(command);
	return EXIT_CLEAN;
}

const struct command help_command = {
	.name = "help",
	.summary = "explain a command",
	.operands = "[COMMAND]",
	.run = run_help,
};
