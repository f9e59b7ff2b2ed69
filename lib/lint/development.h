/* SPDX-License-Identifier: MIT */
#ifndef SOV_LINT_DEVELOPMENT_H
#define SOV_LINT_DEVELOPMENT_H

#include <stdbool.h>

#include "lint/facts.h"

/* What in a tree tells that programs are meant to be built against its libraries. */

/* sov_development_is_static - "libdemo.a", "libdemo.la". */
bool sov_development_is_static(const char *name);

/* sov_development_is_pc - "demo.pc" in a directory called pkgconfig. */
bool sov_development_is_pc(const char *directory, const char *name);

/* sov_development_read_pc - note what the Libs of a .pc file link with. Returns 0, or -1 when
 * out of memory. Source: pkg-config(1), "Metadata file syntax". */
int sov_development_read_pc(struct sov_facts *facts, const char *text);

/*
 * sov_development_has_headers - does an include directory of the tree hold anything? Not asked of a
 * whole system (one with an os-release file): its headers are those of other libraries.
 */
bool sov_development_has_headers(int root_fd);

/* sov_development_is_offered - is anything there to build programs with this library? */
bool sov_development_is_offered(const struct sov_facts *facts, const struct sov_entry *entry,
				const struct sov_filename *soname);

#endif
