/* SPDX-License-Identifier: MIT */
#ifndef SOV_TOOL_OWNER_H
#define SOV_TOOL_OWNER_H

#include <sys/types.h>

#include <sov/err.h>

/* struct owner - whose a file shall be; -1 = not said. */
struct owner {
	uid_t uid;
	gid_t gid;
};

/*
 * owner_parse - "USER", "USER:GROUP", ":GROUP", or "USER:" for that user's login group; each a name
 * or, where there is none such, a number; "+N" is always a number.
 *
 * Returns 0, or -SOV_E_USAGE.
 * Source: chown(1); POSIX chown, "owner operand".
 */
int owner_parse(struct owner *out, const char *text, struct sov_err *err);

#endif
