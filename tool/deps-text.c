/* SPDX-License-Identifier: MIT */
/* Dependencies as ldd(1) writes them, without addresses; and as a tree. */
#include "tool/deps.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* "libz.so.1 => /usr/lib/libz.so.1", or one of the two where they are the same. */
static int put_object(FILE *out, const struct sov_deps_object *object, struct sov_err *err)
{
	int code = put_quoted(out, object->name, err);

	if (code != 0 || (object->path != NULL && strcmp(object->path, object->name) == 0))
		return code;
	fputs(" => ", out);
	if (object->path != NULL)
		return put_quoted(out, object->path, err);
	fputs("not found", out);
	return 0;
}

/* What has no dependencies: why. */
static int put_reason(FILE *out, const struct sov_deps *deps)
{
	if (deps->kind == SOV_KIND_PROGRAM || deps->kind == SOV_KIND_LIBRARY)
		fputs("\tstatically linked\n", out);
	else
		fprintf(out, "\tnot a dynamic executable (%s)\n", sov_kind_name(deps->kind));
	return 0;
}

static int put_flat(FILE *out, const struct sov_deps *deps, struct sov_err *err)
{
	int code = 0;

	for (size_t i = 1; code == 0 && i < deps->count; i++) {
		fputc('\t', out);
		code = put_object(out, &deps->objects[i], err);
		fputc('\n', out);
	}
	return code;
}

/* struct branch - a tree being written. */
struct branch {
	FILE *out;
	const struct sov_deps *deps;
	bool *seen; /* an object's own needs are written once */
	struct sov_err *err;
};

/* @depth: no deeper than there are objects, since each is entered once */
static int put_branch(struct branch *branch, size_t object, size_t depth)
{
	const struct sov_deps_object *o = &branch->deps->objects[object];
	int code = 0;

	if (branch->seen[object])
		return 0;
	branch->seen[object] = true;
	for (size_t i = 0; code == 0 && i < o->need_count; i++) {
		const struct sov_deps_object *needed = &branch->deps->objects[o->needs[i]];
		bool again = branch->seen[o->needs[i]] && needed->need_count > 0;

		fprintf(branch->out, "%*s", (int)(4 * depth), "");
		code = put_object(branch->out, needed, branch->err);
		fputs(again ? " (above)\n" : "\n", branch->out);
		if (code == 0)
			code = put_branch(branch, o->needs[i], depth + 1);
	}
	return code;
}

static int put_tree(FILE *out, const struct sov_deps *deps, struct sov_err *err)
{
	struct branch branch = {out, deps, calloc(deps->count + 1, sizeof(bool)), err};
	int code = branch.seen != NULL ? 0 : sov_fail_nomem(err, deps->file);

	if (code == 0 && deps->count > 0)
		code = put_branch(&branch, 0, 1);
	free(branch.seen);
	return code;
}

static int put_files(FILE *out, const struct deps_result *result, bool tree, struct sov_err *err)
{
	int code = 0;

	for (size_t i = 0; code == 0 && i < result->count; i++) {
		const struct sov_deps *deps = &result->files[i];

		/* As ldd does, a single file is not named; a tree has it as its root. */
		if (result->asked > 1 || tree) {
			code = put_quoted(out, deps->file, err);
			fputs(tree ? "\n" : ":\n", out);
		}
		if (code == 0 && !deps->is_dynamic)
			code = put_reason(out, deps);
		else if (code == 0)
			code = tree ? put_tree(out, deps, err) : put_flat(out, deps, err);
	}
	return code;
}

int deps_write_text(FILE *out, const void *result, bool color, struct sov_err *err)
{
	const struct deps_result *deps = result;
	int code = put_files(out, deps, false, err);

	return code == 0 ? findings_put(out, &deps->findings, color, err) : code;
}

int deps_write_tree(FILE *out, const void *result, bool color, struct sov_err *err)
{
	const struct deps_result *deps = result;
	int code = put_files(out, deps, true, err);

	return code == 0 ? findings_put(out, &deps->findings, color, err) : code;
}
