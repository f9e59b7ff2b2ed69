/* SPDX-License-Identifier: MIT */
#include "upgrade/unlike.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"

static bool changes(const struct sov_step *step)
{
	return step->verb == SOV_STEP_LINK || step->verb == SOV_STEP_REMOVE;
}

/* The last step about that path from `first` on, or NULL. */
static const struct sov_step *find(const struct sov_steps *steps, size_t first, const char *path)
{
	for (size_t i = steps->count; i > first; i--)
		if (strcmp(steps->step[i - 1].path, path) == 0)
			return &steps->step[i - 1];
	return NULL;
}

static bool agree(const struct sov_step *a, const struct sov_step *b)
{
	return b != NULL && a->verb == b->verb &&
	       (a->verb != SOV_STEP_LINK || strcmp(a->target, b->target) == 0);
}

/* What a plan does with a name, in words; "leaves it alone" when it says nothing. */
static const char *tell(char *out, size_t size, const struct sov_step *step)
{
	if (step == NULL)
		return "sov leaves it alone";
	if (step->verb == SOV_STEP_LINK)
		(void)sov_str_format(out, size, "sov: -> %s", step->target);
	else if (step->verb == SOV_STEP_REMOVE)
		(void)sov_str_format(out, size, "sov removes it");
	else
		(void)sov_str_format(out, size, "sov %ss it: %s", sov_verb_name(step->verb),
				     step->why != NULL ? step->why : "");
	return out;
}

static int append_prediction(struct sov_steps *out, const struct sov_steps *prediction,
			     const struct sov_steps *plan, struct sov_err *err)
{
	char why[SOV_TEXT_MAX];
	int code = 0;

	for (size_t i = 0; code == 0 && i < prediction->count; i++) {
		struct sov_step step = prediction->step[i];
		const struct sov_step *ours = find(plan, 0, step.path);

		if (changes(&step) && find(prediction, i + 1, step.path) == NULL &&
		    !agree(&step, ours))
			step.why = (char *)tell(why, sizeof(why), ours);
		code = sov_steps_add(out, &step, err);
	}
	return code;
}

int sov_unlike_append(struct sov_steps *out, const struct sov_steps *prediction,
		      const struct sov_steps *plan, struct sov_err *err)
{
	char why[SOV_TEXT_MAX];
	int code = append_prediction(out, prediction, plan, err);

	for (size_t i = 0; code == 0 && i < plan->count; i++) {
		const struct sov_step *step = &plan->step[i],
				      *theirs = find(prediction, 0, step->path);
		const struct sov_step kept = {
			.verb = SOV_STEP_KEEP,
			.path = step->path,
			.target = step->was,
			.why = (char *)tell(why, sizeof(why), step),
		};

		if (changes(step) && (theirs == NULL || !changes(theirs)))
			code = sov_steps_add(out, &kept, err);
	}
	return code;
}
