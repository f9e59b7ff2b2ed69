/* SPDX-License-Identifier: MIT */
#ifndef SOV_TOOL_STEPS_H
#define SOV_TOOL_STEPS_H

#include <stdbool.h>

#include <sov/step.h>

#include "tool/output.h"
#include "tool/tool.h"

/* enum steps_shown - which steps text carries; JSON always has all of them. */
enum steps_shown {
	STEPS_NONE,
	STEPS_CHANGES, /* and what was refused */
	STEPS_ALL,     /* what was kept, too */
};

/* struct steps - what an act did, or would do: the result of steps_formats. */
struct steps {
	const struct sov_steps *list;
	bool planned; /* by --dry-run or --check: nothing was changed */
	enum steps_shown shown;
};

/*
 * text and json.
 *
 *     install stage/usr/lib/libdemo.so.2.1.0
 *     link stage/usr/lib/libdemo.so.2 -> libdemo.so.2.1.0 (was libdemo.so.2.0.0)
 *     keep stage/usr/lib/libdemo.so (leads to libdemo.so.3)
 *
 * A document has "planned", "steps" (each "verb", "path" and, where said, "target", "was", "why")
 * and "summary": how many are "changes", how many are "refused", how many are "kept".
 */
extern const struct format steps_formats[];

/* steps_write - steps to where they are wanted. Returns EXIT_CLEAN, or the status of an error that
 * was said. */
int steps_write(const struct tool *tool, const struct output *output, const struct steps *steps);

#endif
