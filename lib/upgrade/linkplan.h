/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_LINKPLAN_H
#define SOV_UPGRADE_LINKPLAN_H

#include <sov/links.h>

#include "fs/site.h"
#include "upgrade/libdir.h"

/*
 * sov_linkplan_make - what must become of the links of a directory, as steps that nobody has made.
 *
 * Every path of a LINK or REMOVE is the site's and one component. A directory that is right gives
 * KEEP steps only.
 * @out: steps are appended
 * Returns 0 or -SOV_E_NOMEM.
 */
int sov_linkplan_make(struct sov_steps *out, const struct sov_relink *relink,
		      const struct sov_site *site, const struct sov_libdir *libdir,
		      struct sov_err *err);

/* sov_linkplan_is_library_name - does a name begin as ldconfig(8) wants it: lib, ld-, ld.so.,
 * ld64.so.? */
bool sov_linkplan_is_library_name(const char *name);

#endif
