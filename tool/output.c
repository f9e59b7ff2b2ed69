/* SPDX-License-Identifier: MIT */
#include "tool/output.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sov/err.h>
#include <sov/publish.h>

#include "base/mem.h"
#include "base/str.h"

static const struct format *find_format(const struct format *formats, const char *name, size_t n)
{
	for (; formats->name != NULL; formats++)
		if (strlen(formats->name) == n && memcmp(formats->name, name, n) == 0)
			return formats;
	return NULL;
}

static int fail_unknown(const struct format *formats, const char *option, const char *name,
			size_t n, struct sov_err *err)
{
	const char *names[16];
	char list[256] = "", wrong[64];
	size_t count = 0;
	const char *near;

	for (; formats->name != NULL && count < sizeof(names) / sizeof(names[0]); formats++) {
		sov_str_format(list + strlen(list), sizeof(list) - strlen(list), "%s%s",
			       count > 0 ? ", " : "", formats->name);
		names[count++] = formats->name;
	}
	sov_str_format(wrong, sizeof(wrong), "%.*s", (int)n, name);
	near = sov_str_nearest(wrong, names, count);
	sov_fail(err, SOV_E_USAGE, option, "unknown format");
	sov_expected(err, "%s", list);
	sov_found(err, "%s", wrong);
	return near != NULL ? sov_fix(err, "did you mean %s?", near) : -SOV_E_USAGE;
}

static int take_format(void *target, const struct sov_option *option, const char *value,
		       struct sov_err *err)
{
	struct output *output = target;

	(void)option;
	output->chosen = find_format(output->formats, value, strlen(value));
	return output->chosen != NULL
		       ? 0
		       : fail_unknown(output->formats, "--format", value, strlen(value), err);
}

static int take_copy(void *target, const struct sov_option *option, const char *value,
		     struct sov_err *err)
{
	struct output *output = target;
	size_t n = strcspn(value, "=");
	struct copy copy = {find_format(output->formats, value, n), value + n + 1};

	(void)option;
	if (value[n] == '\0' || *copy.path == '\0') {
		sov_fail(err, SOV_E_USAGE, "-o", "needs a format and a file");
		sov_expected(err, "-o FORMAT=FILE");
		return sov_found(err, "-o %s", value);
	}
	if (copy.format == NULL)
		return fail_unknown(output->formats, "-o", value, n, err);
	if (strcmp(copy.path, "-") == 0) {
		sov_fail(err, SOV_E_USAGE, "-o", "'-' is no file");
		return sov_fix(err, "--format=%s, which goes to standard output",
			       copy.format->name);
	}
	if (output->copy_count == COPIES_MAX)
		return sov_fail(err, SOV_E_USAGE, "-o", "given more than %d times", COPIES_MAX);
	output->copies[output->copy_count++] = copy;
	return 0;
}

const struct sov_option output_options[] = {
	{"format",	   0, "FORMAT", "what standard output carries", take_format, 0},
	{NULL,    'o', "FORMAT=FILE", "write a copy to FILE; repeatable", take_copy, 0},
	{0},
};

static int write_copy(const struct copy *copy, const void *result, struct sov_err *err)
{
	sov_autofree char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int code;

	if (out == NULL)
		return sov_fail_nomem(err, copy->path);
	code = copy->format->write(out, result, false, err);
	if (fclose(out) != 0)
		return sov_fail_nomem(err, copy->path);
	return code != 0 ? code : sov_publish_text(copy->path, text, size, err);
}

int output_write(const struct output *output, const void *result, enum sov_color color,
		 struct sov_err *err)
{
	const struct format *format = output->chosen != NULL ? output->chosen : output->formats;
	int code;

	for (size_t i = 0; i < output->copy_count; i++) {
		code = write_copy(&output->copies[i], result, err);
		if (code != 0)
			return code;
	}
	return format->write(stdout, result, sov_cli_colored(color, STDOUT_FILENO), err);
}

int put_quoted(FILE *out, const char *bytes, struct sov_err *err)
{
	size_t n = strlen(bytes), size = 4 * n + 1;
	sov_autofree char *text = malloc(size);

	if (text == NULL)
		return sov_fail_nomem(err, NULL);
	sov_quote(text, size, bytes, n);
	fputs(text, out);
	return 0;
}
