/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <sov/elf.h>
#include <sov/err.h>

#include "cli/json.h"

/* struct shown - one file of the command line. */
struct shown {
	const char *path;
	struct sov_identity identity;
};

/* struct shown_files - what could be looked at, in the order of the command line. */
struct shown_files {
	struct shown *item;
	size_t count;
};

static int put_line(FILE *out, const char *key, const char *bytes, struct sov_err *err)
{
	int code = 0;

	if (bytes == NULL)
		return 0;
	fprintf(out, "%s=", key);
	code = put_quoted(out, bytes, err);
	fputc('\n', out);
	return code;
}

static int put_names(FILE *out, const struct sov_identity *id, struct sov_err *err)
{
	int code = put_line(out, "soname", id->soname, err);

	for (size_t i = 0; code == 0 && i < id->needed_count; i++)
		code = put_line(out, "needed", id->needed[i], err);
	if (code == 0)
		code = put_line(out, "rpath", id->rpath, err);
	return code == 0 ? put_line(out, "runpath", id->runpath, err) : code;
}

static int put_file(FILE *out, const struct shown *file, struct sov_err *err)
{
	const struct sov_identity *id = &file->identity;
	char machine[32];
	int code = put_line(out, "file", file->path, err);

	fprintf(out, "kind=%s\n", sov_kind_name(id->kind));
	if (code == 0 && id->detail[0] != '\0')
		code = put_line(out, "detail", id->detail, err);
	if (code == 0)
		code = put_names(out, id, err);
	if (id->bits != 0)
		fprintf(out, "class=%u\ndata=%s\nmachine=%s\n", id->bits,
			id->big_endian ? "big" : "little", sov_machine_name(machine, id->machine));
	return code;
}

static int write_text(FILE *out, const void *result, bool color, struct sov_err *err)
{
	const struct shown_files *files = result;
	int code = 0;

	(void)color;
	for (size_t i = 0; code == 0 && i < files->count; i++) {
		fputs(i > 0 ? "\n" : "", out);
		code = put_file(out, &files->item[i], err);
	}
	return code;
}

static int set_elf(json_t *object, const struct sov_identity *id)
{
	char machine[32];
	int failed = 0;

	if (id->bits == 0)
		return 0;
	failed |= json_object_set_new(object, "class", json_integer(id->bits));
	failed |=
		json_object_set_new(object, "data", json_string(id->big_endian ? "big" : "little"));
	failed |= json_object_set_new(object, "machine",
				      json_string(sov_machine_name(machine, id->machine)));
	return failed;
}

static json_t *file_object(const struct shown *file)
{
	const struct sov_identity *id = &file->identity;
	json_t *object = json_object();
	int failed = sov_json_bytes(object, "file", file->path);

	failed |= json_object_set_new(object, "kind", json_string(sov_kind_name(id->kind)));
	if (id->detail[0] != '\0')
		failed |= sov_json_bytes(object, "detail", id->detail);
	failed |= sov_json_bytes(object, "soname", id->soname);
	if (id->bits != 0)
		failed |= sov_json_list(object, "needed", id->needed, id->needed_count);
	failed |= sov_json_bytes(object, "rpath", id->rpath);
	failed |= sov_json_bytes(object, "runpath", id->runpath);
	failed |= set_elf(object, id);
	if (failed == 0)
		return object;
	json_decref(object);
	return NULL;
}

static int write_json(FILE *out, const void *result, bool color, struct sov_err *err)
{
	const struct shown_files *files = result;
	json_t *document = sov_json_document(), *list = json_array();
	int failed = 0;

	(void)color;
	for (size_t i = 0; i < files->count; i++)
		failed |= json_array_append_new(list, file_object(&files->item[i]));
	failed |= json_object_set_new(document, "files", list);
	if (failed == 0)
		sov_json_print(out, document, 0);
	json_decref(document);
	return failed == 0 ? 0 : sov_fail_nomem(err, NULL);
}

static int write_jsonl(FILE *out, const void *result, bool color, struct sov_err *err)
{
	const struct shown_files *files = result;
	json_t *object;

	(void)color;
	for (size_t i = 0; i < files->count; i++) {
		object = file_object(&files->item[i]);
		if (object == NULL)
			return sov_fail_nomem(err, files->item[i].path);
		sov_json_print(out, object, 1);
		json_decref(object);
	}
	return 0;
}

static const struct format show_formats[] = {
	{"text",	 write_text},
	{"json",		 write_json},
	{"jsonl",write_jsonl},
	{0	  },
};

/* Returns the exit status that this file asks for. */
static int look_at(const struct tool *tool, const char *path, struct shown_files *files)
{
	struct shown *file = &files->item[files->count];
	struct sov_err err;

	sov_err_clear(&err);
	file->path = path;
	if (sov_identity_of(&file->identity, path, &err) != 0)
		return tool_fail(tool, &err);
	files->count++;
	return file->identity.kind == SOV_KIND_BROKEN ? tool_fail(tool, &err) : EXIT_CLEAN;
}

static void release_files(struct shown_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		sov_identity_release(&files->item[i].identity);
	free(files->item);
}

/* Every file is shown that can be, whatever the others are. */
static int show_files(const struct tool *tool, const struct output *output,
		      const struct operands *operands)
{
	struct shown_files files = {calloc(operands->count, sizeof(struct shown)), 0};
	struct sov_err err;
	int status = EXIT_CLEAN;

	if (files.item == NULL) {
		sov_fail_nomem(&err, NULL);
		return tool_fail(tool, &err);
	}
	for (size_t i = 0; i < operands->count; i++)
		if (look_at(tool, operands->item[i], &files) != EXIT_CLEAN)
			status = EXIT_TROUBLE;
	if (output_write(output, &files, tool->voice.color, &err) != 0)
		status = tool_fail(tool, &err);
	release_files(&files);
	return status;
}

static int run_show(struct tool *tool, int argc, char **argv)
{
	struct output output = {.formats = show_formats};
	void *const targets[] = {&output};
	struct operands operands;
	struct sov_err err;
	int status;

	if (!tool_parse(tool, targets, argc, argv, &operands, &status))
		return status;
	if (operands.count > 0)
		return show_files(tool, &output, &operands);
	sov_fail(&err, SOV_E_USAGE, NULL, "show needs a file");
	return tool_fail(tool, &err);
}

const struct command show_command = {
	.name = "show",
	.summary = "tell what files are, without trusting them",
	.operands = "FILE...",
	.options = {output_options},
	.formats = show_formats,
	.run = run_show,
};
