/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <sov/links.h>

#include "tool/steps.h"
#include "tool/stop.h"

#define LOCK_WAIT_MS 60000 /* of an installation, a manager of packages may be at work */

/* What an option without a value switches on. */
enum choice {
	DRY_RUN = 1 << 0,
	CHECK = 1 << 1,
	LINKER_NAMES = 1 << 2,
	PRUNE_DANGLING = 1 << 3,
	LIKE_LDCONFIG = 1 << 4,
	SYNC = 1 << 5,
	NO_SYNC = 1 << 6,
};

/* struct request - what the command line asks for. */
struct request {
	unsigned choices;
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
	if (option->detail == SYNC || option->detail == NO_SYNC) /* the last one counts */
		request->choices &= ~(unsigned)(option->detail == SYNC ? NO_SYNC : SYNC);
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

/* clang-format off */
static const struct sov_option links_options[] = {
	{"root", 0, "ROOT", "each DIR lies below this one; no link leads out", take_root, 0},
	{"dry-run", 0, NULL, "say what would be done, and change nothing", take_choice, DRY_RUN},
	{"check", 0, NULL, "the same, and exit 1 when anything would change", take_choice, CHECK},
	{"linker-names", 0, NULL, "make linker names where none leads to a library", take_choice,
	 LINKER_NAMES},
	{"prune-dangling", 0, NULL, "remove links STEM.so.N that lead to nothing", take_choice,
	 PRUNE_DANGLING},
	{"like-ldconfig", 0, NULL, "say what ldconfig -n would do, and change nothing", take_choice,
	 LIKE_LDCONFIG},
	{"sync", 0, NULL, "wait for the disk (default without --root)", take_choice, SYNC},
	{"no-sync", 0, NULL, "don't wait (default with --root)", take_choice, NO_SYNC},
	{0},
};
/* clang-format on */

static bool is_planned(const struct request *request)
{
	return (request->choices & (DRY_RUN | CHECK | LIKE_LDCONFIG)) != 0;
}

static bool wants_sync(const struct request *request)
{
	if ((request->choices & (SYNC | NO_SYNC)) != 0)
		return (request->choices & SYNC) != 0;
	return !tool_packs(request->root);
}

/* One directory. Returns the exit status that it asks for, but for its steps. */
static int put_right(const struct tool *tool, const struct request *request, const char *directory,
		     struct sov_steps *steps)
{
	const struct sov_relink relink = {
		.place =
			{
				.root = request->root,
				.directory = directory,
				.dry_run = is_planned(request),
				.sync = wants_sync(request),
				.wait_ms = LOCK_WAIT_MS,
				.stop = request->stop,
				},
		.linker_names = (request->choices & LINKER_NAMES) != 0,
		.prune_dangling = (request->choices & PRUNE_DANGLING) != 0,
	};
	struct sov_err err, trouble;
	int code;

	sov_err_clear(&trouble);
	if ((request->choices & LIKE_LDCONFIG) != 0)
		code = sov_relink_ldconfig(&relink, steps, &err);
	else
		code = sov_relink(&relink, steps, &trouble, &err);
	if (code != 0)
		return tool_fail(tool, &err);
	return trouble.code != SOV_OK ? tool_fail(tool, &trouble) : EXIT_CLEAN;
}

/* Does ldconfig differ? Then its step says how. */
static bool is_unlike(const struct sov_step *step)
{
	return step->verb != SOV_STEP_REFUSE && step->why != NULL;
}

static int status_of(const struct request *request, const struct sov_steps *steps)
{
	bool found = steps->refused > 0;

	if ((request->choices & LIKE_LDCONFIG) != 0) {
		found = false;
		for (size_t i = 0; i < steps->count; i++)
			found |= is_unlike(&steps->step[i]);
	}
	if ((request->choices & CHECK) != 0)
		found |= steps->changes > 0;
	return found ? EXIT_FINDINGS : EXIT_CLEAN;
}

static int put_all_right(const struct tool *tool, const struct output *output,
			 const struct request *request, const struct operands *operands)
{
	struct sov_steps steps = {0};
	const struct steps shown = {
		.list = &steps,
		.planned = is_planned(request),
		.shown = tool->verbosity > 0 || (request->choices & LIKE_LDCONFIG) != 0
				 ? STEPS_ALL
				 : STEPS_CHANGES,
	};
	int status = EXIT_CLEAN;

	for (size_t i = 0; *request->stop == 0 && i < operands->count; i++)
		status = worse(status, put_right(tool, request, operands->item[i], &steps));
	status = worse(status, status_of(request, &steps));
	status = worse(status, steps_write(tool, output, &shown));
	sov_steps_release(&steps);
	return status;
}

static int run_links(struct tool *tool, int argc, char **argv)
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
		sov_fail(&err, SOV_E_USAGE, NULL, "links needs a directory");
	if (operands.count == 0 || tool_directories(operands.item, operands.count, &err) != 0)
		return tool_fail(tool, &err);
	request.stop = stop_begin();
	status = put_all_right(tool, &output, &request, &operands);
	stop_end();
	return status;
}

const struct command links_command = {
	.name = "links",
	.summary = "lead soname links to the newest libraries, as ldconfig -n, safely",
	.operands = "DIR...",
	.options = {links_options, output_options},
	.formats = steps_formats,
	.run = run_links,
};
