/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_FOLLOW_H
#define SOV_UPGRADE_FOLLOW_H

#include <stdbool.h>
#include <sys/stat.h>

#include <sov/names.h>

#include "fs/site.h"

/* enum sov_landing_fate - what becomes of whoever follows a path. */
enum sov_landing_fate {
	SOV_LANDING_FOUND,
	SOV_LANDING_NOTHING, /* it leads to nothing, or in a circle */
	SOV_LANDING_UNKNOWN, /* nobody can tell: a directory not to be searched, an I/O error */
};

/* struct sov_landing - where a path from a site ends. Filled for SOV_LANDING_FOUND. */
struct sov_landing {
	struct sov_site site; /* the directory that holds it; its directory text is not kept */
	char name[SOV_NAME_MAX];
	struct stat status; /* never of a link */
	bool here;	    /* that directory is the one from which the path began */
};

/*
 * sov_follow - follow a path from a site, its links too, never out of the site's root.
 *
 * @path: as a link of the site says it, or a name in the site
 * With SOV_LANDING_FOUND *out is for sov_landing_release() to give back; else errno tells more.
 * Source: path_resolution(7), with its limit of links (SOV_LINKS_MAX).
 */
enum sov_landing_fate sov_follow(struct sov_landing *out, const struct sov_site *site,
				 const char *path);
void sov_landing_release(struct sov_landing *landing);

#endif
