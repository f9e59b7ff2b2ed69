/* SPDX-License-Identifier: MIT */
#ifndef SOV_TOOL_NAMES_H
#define SOV_TOOL_NAMES_H

#include <sov/names.h>

#include "tool/output.h"

/* struct named - a library and its names: what `sov names` writes. */
struct named {
	struct sov_library library;
	const char *os; /* as the user called it */
	struct sov_decl decl;
	struct sov_names names;
};

/* text, sh, make, cmake and json. */
extern const struct format names_formats[];

/* Why the names are what they are: --explain. As a format's write(). */
int names_explain(FILE *out, const void *result, bool color, struct sov_err *err);

/* The same declaration as other tools spell it: --all-forms. As a format's write(). */
int names_all_forms(FILE *out, const void *result, bool color, struct sov_err *err);

#endif
