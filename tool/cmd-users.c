/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sov/users.h>

#include "base/str.h"
#include "cli/json.h"

/* struct result - what the formats are given. */
struct result {
	const struct sov_users *users;
	const struct operands *asked;
	bool summary; /* -v */
};

/* The name of a user, or the number where nobody bears it here. */
static const char *user_name(uint32_t uid, char out[64])
{
	const struct passwd *entry = getpwuid(uid);

	if (entry != NULL && sov_str_copy(out, 64, entry->pw_name))
		return out;
	(void)sov_str_format(out, 64, "%" PRIu32, uid);
	return out;
}

/* "old, libx.so.1 leads to libx.so.1.1": the file alone where it lies beside the old one. */
static int put_now(FILE *out, const struct sov_use *use, struct sov_err *err)
{
	const char *now = use->now, *name = sov_str_basename(now);
	size_t n = (size_t)(name - now);
	int code = 0;

	if (n == (size_t)(sov_str_basename(use->path) - use->path) &&
	    strncmp(now, use->path, n) == 0)
		now = name;
	fputs(", ", out);
	code = put_quoted(out, use->soname != NULL ? use->soname : "its soname", err);
	fputs(" leads to ", out);
	return code == 0 ? put_quoted(out, now, err) : code;
}

static int put_use(FILE *out, const struct sov_use *use, struct sov_err *err)
{
	char user[64];
	int code;

	fprintf(out, "%" PRId64 " ", use->pid);
	code = put_quoted(out, use->comm, err);
	fputc(' ', out);
	if (code == 0)
		code = put_quoted(out, user_name(use->uid, user), err);
	fputc(' ', out);
	if (code == 0)
		code = put_quoted(out, use->path, err);
	fprintf(out, " %s", sov_use_state_name(use->state));
	if (code == 0 && use->state == SOV_USE_OLD && use->now != NULL)
		code = put_now(out, use, err);
	fputs(use->apart ? ", in another root" : "", out);
	fputs(use->runs ? "" : ", only read", out);
	fputs(sov_use_stale(use) ? ", needs restart\n" : "\n", out);
	return code;
}

static void put_summary(FILE *out, const struct sov_users *users)
{
	fprintf(out, "%zu of %zu processes need%s a restart", users->stale, users->processes,
		users->stale == 1 ? "s" : "");
	if (users->unreadable > 0)
		fprintf(out, ", %zu could not be examined", users->unreadable);
	fputc('\n', out);
}

static int write_text(FILE *out, const void *data, bool color, struct sov_err *err)
{
	const struct result *result = data;
	int code = 0;

	(void)color;
	for (size_t i = 0; code == 0 && i < result->users->count; i++)
		code = put_use(out, &result->users->use[i], err);
	if (result->summary)
		put_summary(out, result->users);
	return code;
}

static json_t *use_object(const struct sov_use *use)
{
	json_t *object = json_pack("{s:I}", "pid", (json_int_t)use->pid);
	char user[64];
	int failed = object == NULL;

	failed |= sov_json_bytes(object, "command", use->comm);
	failed |= sov_json_bytes(object, "user", user_name(use->uid, user));
	failed |= json_object_set_new(object, "uid", json_integer(use->uid));
	failed |= sov_json_bytes(object, "file", use->path);
	failed |= sov_json_bytes(object, "soname", use->soname);
	failed |= json_object_set_new(object, "state", json_string(sov_use_state_name(use->state)));
	failed |= sov_json_bytes(object, "now", use->now);
	failed |= json_object_set_new(object, "runs", json_boolean(use->runs));
	failed |= json_object_set_new(object, "another_root", json_boolean(use->apart));
	failed |= json_object_set_new(object, "needs_restart", json_boolean(sov_use_stale(use)));
	if (failed == 0)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *summary_object(const struct sov_users *users)
{
	return json_pack("{s:I, s:I, s:I, s:b}", "processes", (json_int_t)users->processes,
			 "need_restart", (json_int_t)users->stale, "unreadable",
			 (json_int_t)users->unreadable, "hidden", users->hidden ? 1 : 0);
}

static int write_json(FILE *out, const void *data, bool color, struct sov_err *err)
{
	const struct result *result = data;
	const struct sov_users *users = result->users;
	json_t *document = sov_json_document(), *array = json_array();
	int failed = sov_json_list(document, "asked", result->asked->item, result->asked->count);

	(void)color;
	for (size_t i = 0; i < users->count; i++)
		failed |= json_array_append_new(array, use_object(&users->use[i]));
	failed |= json_object_set_new(document, "users", array);
	failed |= json_object_set_new(document, "summary", summary_object(users));
	if (failed == 0)
		sov_json_print(out, document, 0);
	json_decref(document);
	return failed == 0 ? 0 : sov_fail_nomem(err, NULL);
}

static const struct format users_formats[] = {
	{"text",	 write_text},
	{"json",		 write_json},
	{0},
};

/* What the answer leaves open: it is an answer all the same. */
static void say_limits(const struct tool *tool, const struct sov_users *users)
{
	struct sov_err note;

	for (size_t i = 0; i < users->absent_count; i++) {
		sov_fail(&note, SOV_E_SYSTEM, users->absent[i],
			 "nothing has this name now; asked for who still maps it");
		tool_warn(tool, &note);
	}
	if (users->unreadable > 0) {
		sov_fail(&note, SOV_E_SYSTEM, "/proc",
			 "%zu of %zu processes may not be examined and are left out",
			 users->unreadable, users->processes);
		sov_fix(&note, geteuid() == 0 ? "run sov users with CAP_SYS_PTRACE"
					      : "run sov users as root");
		tool_warn(tool, &note);
	}
	if (users->hidden) {
		sov_fail(&note, SOV_E_SYSTEM, "/proc",
			 "does not show the processes of other users: they are left out");
		sov_fix(&note, "run sov users as root");
		tool_warn(tool, &note);
	}
}

static int find_users(const struct tool *tool, const struct output *output,
		      const struct operands *operands)
{
	struct sov_users users = {0};
	const struct result result = {&users, operands, tool->verbosity > 0};
	struct sov_err err;
	int status;

	sov_err_clear(&err);
	if (sov_users_find(&users, operands->item, operands->count, &err) != 0)
		return tool_fail(tool, &err);
	status = users.stale > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
	say_limits(tool, &users);
	if (output_write(output, &result, tool->voice.color, &err) != 0)
		status = tool_fail(tool, &err);
	sov_users_release(&users);
	return status;
}

static int run_users(struct tool *tool, int argc, char **argv)
{
	struct output output = {.formats = users_formats};
	void *const targets[] = {&output};
	struct operands operands;
	struct sov_err err;
	int status;

	if (!tool_parse(tool, targets, argc, argv, &operands, &status))
		return status;
	if (operands.count > 0)
		return find_users(tool, &output, &operands);
	sov_fail(&err, SOV_E_USAGE, NULL, "users needs a library, a SONAME or a directory");
	return tool_fail(tool, &err);
}

const struct command users_command = {
	.name = "users",
	.summary = "which running processes map which real file of a library?",
	.operands = "LIB|SONAME|DIR...",
	.options = {output_options},
	.formats = users_formats,
	.run = run_users,
};
