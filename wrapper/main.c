/* SPDX-License-Identifier: MIT */
/*
 * sovcc - a drop-in cc that gives a shared library its one name.
 *
 * read the request -> read the compiler's line -> make a plan -> leave the command alone (one
 * execvp), or run it, verify the file, publish its links.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <sov/publish.h>

#include "cli/report.h"
#include "wrapper/args.h"
#include "wrapper/plan.h"
#include "wrapper/request.h"
#include "wrapper/run.h"
#include "wrapper/verify.h"

static void tell(const struct request *request, const char *fmt, ...) SOV_PRINTF(2, 3);

static void tell(const struct request *request, const char *fmt, ...)
{
	char text[SOV_TEXT_MAX], quoted[4 * sizeof(text)]; /* a longer text is cut */
	va_list args;
	int n;

	if (!request->verbose)
		return;
	va_start(args, fmt);
	n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (n >= (int)sizeof(text))
		n = (int)sizeof(text) - 1;
	sov_quote(quoted, sizeof(quoted), text, n < 0 ? 0 : (size_t)n);
	fprintf(stderr, "sovcc: %s\n", quoted);
}

/* Make the links of a library that was linked and found right. */
static int publish(const struct plan *plan, const struct request *request, struct sov_err *err)
{
	struct sov_links links = plan_links(plan);
	const char *soname, *linker_name;
	int rc = sov_links_publish(plan->dirfd, &links, err);

	if (rc < 0)
		return rc;
	sov_links_targets(&links, &soname, &linker_name);
	if (*soname)
		tell(request, "%s: link to %s", plan->names.soname, soname);
	if (*linker_name)
		tell(request, "%s: link to %s", plan->names.linker_name, linker_name);
	return 0;
}

/* Run a declared link; *status: what the compiler exited with. */
static int link_declared(const struct plan *plan, const struct request *request, int *status,
			 struct sov_err *err)
{
	bool library = false;
	int rc = run_child(plan->argv, status, err);

	if (rc < 0 || *status != 0)
		return rc;
	rc = verify_output(plan, &library, err);
	if (rc < 0)
		return rc;
	if (!library) {
		tell(request, "%s: no shared library was written, nothing to check", plan->output);
		return 0;
	}
	tell(request, "%s: soname %s (%s)", plan->output, plan->names.soname, plan->origin);
	if (!plan->names_are_ours) {
		tell(request, "the command names the soname itself: no link is made");
		return 0;
	}
	return publish(plan, request, err);
}

/* Said without being asked: somebody put a sov.conf where this user's builds look for one. */
static void warn_refused(const char *path)
{
	struct sov_voice voice = {.program = "sovcc"};
	struct sov_err err;

	sov_fail(&err, SOV_E_CONF, path,
		 "is not taken: it belongs to somebody else, in a directory that all may write to");
	sov_fix(&err, "name it with --sov-conf if it is meant, or remove it");
	sov_cli_say(&voice, SOV_WARNING, &err);
}

static int act(const struct plan *plan, const struct request *request, const char *called,
	       int *status, struct sov_err *err)
{
	int rc;

	if (plan->refused[0])
		warn_refused(plan->refused);
	if (request->dry_run)
		return plan_print(plan, err);
	rc = compiler_enter(called, err);
	if (rc < 0)
		return rc;
	if (plan->declared)
		return link_declared(plan, request, status, err);
	tell(request, "the command is left untouched: %s", plan->untouched);
	return run_instead(plan->argv, err);
}

static int read_and_act(struct request *request, struct ccline *line, struct plan *plan, int argc,
			char *argv[], int *status, struct sov_err *err)
{
	int rc = request_read(request, argc, argv, err);

	if (rc < 0)
		return rc;
	if (request->help)
		return request_help(err);
	if (ccline_read(line, request->argc, request->argv) < 0)
		return sov_fail_nomem(err, argv[0]);
	rc = plan_make(plan, request, line, err);
	return rc < 0 ? rc : act(plan, request, argv[0], status, err);
}

int main(int argc, char *argv[])
{
	struct request request = {0};
	struct ccline line = {0};
	struct plan plan = {.dirfd = -1};
	struct sov_err err;
	int status = EXIT_SUCCESS;

	sov_err_clear(&err);
	if (read_and_act(&request, &line, &plan, argc, argv, &status, &err) < 0) {
		sov_cli_error("sovcc", &err);
		status = EXIT_FAILURE;
	}
	plan_release(&plan, &request);
	ccline_release(&line);
	request_release(&request);
	return status;
}
