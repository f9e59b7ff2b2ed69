/* SPDX-License-Identifier: MIT */
#include "tool/steps.h"

#include <stdio.h>

#include "cli/json.h"

/* " -> TARGET" and the like, of a text that may be NULL. */
static int put_part(FILE *out, const char *before, const char *text, struct sov_err *err)
{
	if (text == NULL)
		return 0;
	fputs(before, out);
	return put_quoted(out, text, err);
}

static int put_step(FILE *out, const struct sov_step *step, struct sov_err *err)
{
	int code;

	fprintf(out, "%s ", sov_verb_name(step->verb));
	code = put_quoted(out, step->path, err);
	if (code == 0)
		code = put_part(out, " -> ", step->target, err);
	if (code == 0)
		code = put_part(out, " (was ", step->was, err);
	if (code == 0)
		code = put_part(out, step->was != NULL ? "; " : " (", step->why, err);
	fputs(step->was != NULL || step->why != NULL ? ")\n" : "\n", out);
	return code;
}

static int write_text(FILE *out, const void *result, bool color, struct sov_err *err)
{
	const struct steps *steps = result;
	int code = 0;

	(void)color;
	for (size_t i = 0; code == 0 && i < steps->list->count; i++) {
		const struct sov_step *step = &steps->list->step[i];

		if (steps->shown == STEPS_ALL ||
		    (steps->shown == STEPS_CHANGES && step->verb != SOV_STEP_KEEP))
			code = put_step(out, step, err);
	}
	return code;
}

static json_t *step_object(const struct sov_step *step)
{
	json_t *object = json_pack("{s:s}", "verb", sov_verb_name(step->verb));
	int failed = object == NULL;

	failed |= sov_json_bytes(object, "path", step->path);
	failed |= sov_json_bytes(object, "target", step->target);
	failed |= sov_json_bytes(object, "was", step->was);
	failed |= sov_json_bytes(object, "why", step->why);
	if (failed == 0)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *summary_object(const struct sov_steps *list)
{
	return json_pack("{s:I, s:I, s:I}", "changes", (json_int_t)list->changes, "kept",
			 (json_int_t)(list->count - list->changes - list->refused), "refused",
			 (json_int_t)list->refused);
}

static json_t *steps_document(const struct steps *steps)
{
	json_t *document = sov_json_document(), *array = json_array();
	int failed = json_object_set_new(document, "planned", json_boolean(steps->planned));

	for (size_t i = 0; i < steps->list->count; i++)
		failed |= json_array_append_new(array, step_object(&steps->list->step[i]));
	failed |= json_object_set_new(document, "steps", array);
	failed |= json_object_set_new(document, "summary", summary_object(steps->list));
	if (failed == 0)
		return document;
	json_decref(document);
	return NULL;
}

static int write_json(FILE *out, const void *result, bool color, struct sov_err *err)
{
	json_t *document = steps_document(result);

	(void)color;
	if (document == NULL)
		return sov_fail_nomem(err, NULL);
	sov_json_print(out, document, 0);
	json_decref(document);
	return 0;
}

const struct format steps_formats[] = {
	{"text",	 write_text},
	{"json",		 write_json},
	{0},
};

int steps_write(const struct tool *tool, const struct output *output, const struct steps *steps)
{
	struct sov_err err;

	if (output_write(output, steps, tool->voice.color, &err) != 0)
		return tool_fail(tool, &err);
	return EXIT_CLEAN;
}
