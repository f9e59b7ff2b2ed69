/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_UNLIKE_H
#define SOV_UPGRADE_UNLIKE_H

#include <sov/step.h>

/*
 * sov_unlike_append - a prediction, and in its `why` what a plan for the same directory does
 * otherwise; behind it, as KEEP, what only the plan does.
 *
 * @prediction: of ldconfig, in its order: what a name becomes last counts
 * Returns 0 or -SOV_E_NOMEM.
 */
int sov_unlike_append(struct sov_steps *out, const struct sov_steps *prediction,
		      const struct sov_steps *plan, struct sov_err *err);

#endif
