/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_MANIFEST_H
#define SOV_UPGRADE_MANIFEST_H

#include <stddef.h>

#include <sov/err.h>
#include <sov/install.h>

/*
 * A manifest lists what was installed, one path a line, absolute and without the root: what rpm's
 * "%files -f" reads, and what CMake leaves as install_manifest.txt.
 */

/* struct sov_manifest - the text of a manifest that grows. Zeroed = nothing. */
struct sov_manifest {
	char *directory; /* where the names lie, absolute, without the root; ends with '/' */
	char *text;
	size_t size;
};

/*
 * sov_manifest_begin - learn how a manifest calls the directory of a place, which is there.
 * Returns 0, for sov_manifest_release(), or -SOV_E_USAGE (a newline in it, which no line can say),
 * -SOV_E_SYSTEM, -SOV_E_NOMEM.
 */
int sov_manifest_begin(struct sov_manifest *manifest, const struct sov_place *place,
		       struct sov_err *err);

/* sov_manifest_check - can a manifest be written there, as far as can be told without doing so?
 * Returns 0 or -SOV_E_SYSTEM. */
int sov_manifest_check(const char *path, struct sov_err *err);

/* sov_manifest_add - one more name in that directory. Returns 0 or -SOV_E_NOMEM. */
int sov_manifest_add(struct sov_manifest *manifest, const char *name, struct sov_err *err);
void sov_manifest_release(struct sov_manifest *manifest);

/* struct sov_listed - a path that a manifest lists, taken apart. */
struct sov_listed {
	char *directory; /* "/usr/lib", "/" */
	char *name;
};

/* struct sov_listing - all of them, sorted by directory, then name. Zeroed = none. */
struct sov_listing {
	struct sov_listed *item;
	size_t count;
};

/*
 * sov_listing_read - read a manifest.
 *
 * Empty lines are passed over. A path that is not absolute, or that is not the name of a library by
 * its form, is refused: this is no list of ours, and nothing it lists is to be removed.
 * Returns 0, for sov_listing_release(), or -SOV_E_CONF with "FILE:LINE", -SOV_E_SYSTEM,
 * -SOV_E_LIMIT, -SOV_E_NOMEM.
 */
int sov_listing_read(struct sov_listing *out, const char *path, struct sov_err *err);
void sov_listing_release(struct sov_listing *listing);

#endif
