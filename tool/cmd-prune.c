/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sov/prune.h>

#include "tool/steps.h"
#include "tool/stop.h"

#define LOCK_WAIT_MS 60000 /* of an installation, a manager of packages may be at work */

/* What an option without a value switches on. */
enum choice {
	YES = 1 << 0,
	DRY_RUN = 1 << 1, /* counts more than YES, wherever it stands */
	IGNORE_UNREADABLE = 1 << 2,
};

/* struct request - what the command line asks for. */
struct request {
	unsigned choices;
	unsigned keep;
	const char *root;
	const volatile sig_atomic_t *stop;
};

static int take_choice(void *target, const struct sov_option *option, const char *value,
		       struct sov_err *err)
{
	struct request *request = target;

	(void)value;
	(void)err;
	request->choices |= (unsigned)option->detail;
	return 0;
}

static int take_root(void *target, const struct sov_option *option, const char *value,
		     struct sov_err *err)
{
	struct request *request = target;

	(void)option;
	(void)err;
	request->root = value;
	return 0;
}

static int take_keep(void *target, const struct sov_option *option, const char *value,
		     struct sov_err *err)
{
	struct request *request = target;
	unsigned long number;
	char *end;

	(void)option;
	errno = 0;
	number = strtoul(value, &end, 10);
	if (value[0] >= '0' && value[0] <= '9' && *end == '\0' && errno == 0 &&
	    number <= UINT_MAX) {
		request->keep = (unsigned)number;
		return 0;
	}
	sov_fail(err, SOV_E_USAGE, "--keep", "is no number of files");
	return sov_found(err, "%s", value);
}

/* clang-format off */
static const struct sov_option prune_options[] = {
	{"yes", 0, NULL, "remove; without it, only say what would be removed", take_choice, YES},
	{"dry-run", 0, NULL, "remove nothing, also with --yes (the default)", take_choice, DRY_RUN},
	{"keep", 0, "N", "keep the N newest unused files of each soname (default 0)", take_keep, 0},
	{"root", 0, "DIR", "each DIR lies below this one, and so does whoever needs its files",
	 take_root, 0},
	{"ignore-unreadable", 0, NULL, "what may not be examined uses nothing", take_choice,
	 IGNORE_UNREADABLE},
	{0},
};
/* clang-format on */

static bool is_planned(const struct request *request)
{
	return (request->choices & YES) == 0 || (request->choices & DRY_RUN) != 0;
}

/* What could not be examined: an error, unless it shall count for nothing. */
static int say_trouble(const struct tool *tool, const struct request *request,
		       const struct sov_err *trouble)
{
	if (trouble->code == SOV_OK)
		return EXIT_CLEAN;
	if ((request->choices & IGNORE_UNREADABLE) == 0)
		return tool_fail(tool, trouble);
	tool_warn(tool, trouble);
	return EXIT_CLEAN;
}

/* One directory. Returns the exit status that it asks for, but for its steps. */
static int prune(const struct tool *tool, const struct request *request, const char *directory,
		 struct sov_steps *steps)
{
	const struct sov_prune asked = {
		.place =
			{
				.root = request->root,
				.directory = directory,
				.dry_run = is_planned(request),
				.sync = !tool_packs(request->root),
				.wait_ms = LOCK_WAIT_MS,
				.stop = request->stop,
				},
		.keep = request->keep,
		.ignore_unreadable = (request->choices & IGNORE_UNREADABLE) != 0,
	};
	struct sov_err err, trouble;
	int code = sov_prune(&asked, steps, &trouble, &err);

	if (code != 0)
		return tool_fail(tool, &err);
	return say_trouble(tool, request, &trouble);
}

/* Files are refused for one reason: what may not be examined may use them. */
static void say_refused(const struct tool *tool, const struct sov_steps *steps)
{
	struct sov_err note;

	if (steps->refused == 0)
		return;
	sov_fail(&note, SOV_E_OBSTACLE, "sov prune",
		 "%zu files stay, for not all that may use them could be examined", steps->refused);
	sov_fix(&note, "run it as who may examine all, or --ignore-unreadable takes the risk");
	tool_warn(tool, &note);
}

static int prune_all(const struct tool *tool, const struct output *output,
		     const struct request *request, const struct operands *operands)
{
	struct sov_steps steps = {0};
	const struct steps shown = {
		.list = &steps,
		.planned = is_planned(request),
		.shown = tool->verbosity > 0 ? STEPS_ALL : STEPS_CHANGES,
	};
	int status = EXIT_CLEAN;

	for (size_t i = 0; *request->stop == 0 && i < operands->count; i++)
		status = worse(status, prune(tool, request, operands->item[i], &steps));
	status = worse(status, steps.refused > 0 ? EXIT_FINDINGS : EXIT_CLEAN);
	status = worse(status, steps_write(tool, output, &shown));
	say_refused(tool, &steps);
	if (is_planned(request) && steps.changes > 0 && tool->verbosity >= 0) {
		fflush(stdout); /* behind the list, where both go to one file */
		fputs("nothing removed; --yes removes\n", stderr);
	}
	sov_steps_release(&steps);
	return status;
}

static int run_prune(struct tool *tool, int argc, char **argv)
{
	struct request request = {0};
	struct output output = {.formats = steps_formats};
	void *const targets[] = {&request, &output};
	struct operands operands;
	struct sov_err err;
	int status;

	if (!tool_parse(tool, targets, argc, argv, &operands, &status))
		return status;
	if (operands.count == 0)
		sov_fail(&err, SOV_E_USAGE, NULL, "prune needs a directory");
	if (operands.count == 0 || tool_directories(operands.item, operands.count, &err) != 0)
		return tool_fail(tool, &err);
	request.stop = stop_begin();
	status = prune_all(tool, &output, &request, &operands);
	stop_end();
	return status;
}

const struct command prune_command = {
	.name = "prune",
	.summary = "remove old real files that no link, no program and no process uses",
	.operands = "DIR...",
	.options = {prune_options, output_options},
	.formats = steps_formats,
	.run = run_prune,
};
