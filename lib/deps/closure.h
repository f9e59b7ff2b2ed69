/* SPDX-License-Identifier: MIT */
#ifndef SOV_DEPS_CLOSURE_H
#define SOV_DEPS_CLOSURE_H

#include <sys/types.h>

#include <sov/deps.h>
#include <sov/finding.h>

#include "base/index.h"
#include "deps/search.h"

#define SOV_CLOSURE_MAX 65536 /* objects of one process */

/* struct sov_closure - a process while it is being put together. */
struct sov_closure {
	struct sov_hunt hunt; /* its nodes stand beside out->objects, one for one */
	struct sov_deps *out;
	struct sov_known_name *names; /* every name that leads to an object that was found */
	size_t name_count;
	struct sov_index by_name; /* of them */
	struct sov_index by_file; /* of the files, by address */
	struct sov_report *report;
	struct sov_err *err;
};

/*
 * sov_closure_fill - find everything that will be loaded, breadth first as the dynamic linker does,
 * and report what it will not find or not take.
 *
 * closure->out->objects[0] and its node are there already.
 * Returns 0, -SOV_E_SYSTEM, -SOV_E_LIMIT or -SOV_E_NOMEM.
 * Source: glibc's elf/dl-deps.c.
 */
int sov_closure_fill(struct sov_closure *closure);

/* sov_closure_add - one more object, and its node. @name, @path, @how: of what was found; @loader:
 * who needs it. Returns its number, or -code. */
ssize_t sov_closure_add(struct sov_closure *closure, const char *name,
			const struct sov_catch *found, size_t loader);

/* sov_closure_named - the object that goes by a name; SOV_NONE = none that was found. */
size_t sov_closure_named(const struct sov_closure *closure, const char *name);

/* sov_closure_chain - "prog -> liba.so.1 -> libssl.so.3": who needs an object, from the program on.
 * @out: size bytes. Returns @out. */
char *sov_closure_chain(const struct sov_closure *closure, size_t object, char *out, size_t size);

/* sov_closure_find - a finding about an object of the process. Texts are borrowed; NULL = not
 * said. Returns 0 or -SOV_E_NOMEM. */
int sov_closure_find(struct sov_closure *closure, const char *rule, enum sov_severity severity,
		     const char *object, const char *message, const char *expected,
		     const char *found, const char *fix);

/* sov_closure_missing - report the names that are not found. Returns the same. */
int sov_closure_missing(struct sov_closure *closure, size_t object, size_t needer);

/* sov_closure_check_versions - report symbol versions that are needed and not defined.
 * Source: glibc's elf/dl-version.c. */
int sov_closure_check_versions(struct sov_closure *closure);

/* sov_closure_check_majors - report two libraries that differ in nothing but the numbers behind
 * ".so". */
int sov_closure_check_majors(struct sov_closure *closure);

void sov_closure_release(struct sov_closure *closure);

#endif
