/* SPDX-License-Identifier: MIT */
#ifndef SOV_DEPS_ASKED_H
#define SOV_DEPS_ASKED_H

#include "deps/search.h"

/*
 * sov_asked_find - the file that the caller asked about: what it says, and where the process will
 * have it.
 *
 * With a root, a path that leads through the root is followed below it, links as programs there
 * have them; any other is this system's, and an absolute one that this system does not have is the
 * tree's. A program stands at its real path, which the kernel gives as /proc/self/exe; a library
 * at the path that it was asked for with, as dlopen(3) has it.
 * @out: file, path, outside
 * Returns 0, -SOV_E_SYSTEM, -SOV_E_BROKEN, -SOV_E_LIMIT or -SOV_E_NOMEM.
 */
int sov_asked_find(struct sov_deps_search *search, const char *file, struct sov_catch *out,
		   struct sov_err *err);

#endif
