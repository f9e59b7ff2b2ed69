/* SPDX-License-Identifier: MIT */
#include <sov/step.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

const char *sov_verb_name(enum sov_verb verb)
{
	static const char *const names[] = {
		[SOV_STEP_MKDIR] = "mkdir",	[SOV_STEP_BACKUP] = "backup",
		[SOV_STEP_INSTALL] = "install", [SOV_STEP_LINK] = "link",
		[SOV_STEP_REMOVE] = "remove",	[SOV_STEP_KEEP] = "keep",
		[SOV_STEP_REFUSE] = "refuse",
	};

	return names[verb];
}

static void release(struct sov_step *step)
{
	free(step->path);
	free(step->target);
	free(step->was);
	free(step->why);
}

/* A copy of a text that may be NULL. Returns false when out of memory. */
static bool copy(char **out, const char *text)
{
	*out = text != NULL ? strdup(text) : NULL;
	return text == NULL || *out != NULL;
}

int sov_steps_add(struct sov_steps *steps, const struct sov_step *step, struct sov_err *err)
{
	struct sov_step own = {.verb = step->verb};

	if (!copy(&own.path, step->path) || !copy(&own.target, step->target) ||
	    !copy(&own.was, step->was) || !copy(&own.why, step->why) ||
	    sov_vec_grow(&steps->step, steps->count, sizeof(own)) != 0) {
		release(&own);
		return sov_fail_nomem(err, step->path);
	}
	steps->step[steps->count++] = own;
	if (step->verb == SOV_STEP_REFUSE)
		steps->refused++;
	else if (step->verb != SOV_STEP_KEEP)
		steps->changes++;
	return 0;
}

void sov_steps_release(struct sov_steps *steps)
{
	for (size_t i = 0; i < steps->count; i++)
		release(&steps->step[i]);
	free(steps->step);
	*steps = (struct sov_steps){0};
}
