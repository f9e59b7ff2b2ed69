/* SPDX-License-Identifier: MIT */
#ifndef SOV_FS_PUBLISH_H
#define SOV_FS_PUBLISH_H

#include <stdbool.h>

#include <sov/err.h>

#include "fs/draft.h"
#include "fs/site.h"

/*
 * sov_publish_can_name - can an open file without a name (O_TMPFILE) be given one here? By
 * linkat(2), with AT_EMPTY_PATH or by /proc/self/fd. Changes nothing.
 * Source: linkat(2); open(2), O_TMPFILE.
 */
bool sov_publish_can_name(int fd, const struct sov_site *site);

/*
 * sov_publish_draft - give a draft its name by rename(2), over what file or link bore it. No signal
 * comes in between; a failure leaves what was there, and the draft to sov_draft_discard().
 *
 * @name: one component, safe; never a directory
 * Returns 0 (the draft is empty then), or -SOV_E_SYSTEM.
 */
int sov_publish_draft(struct sov_draft *draft, const struct sov_site *site, const char *name,
		      struct sov_err *err);

/*
 * sov_publish_link - make one link, or leave it alone when it is right; read it back.
 *
 * Replaces a link only; sov_publish_link_over() a regular file too, for callers who would take that
 * file away: so there is no instant without the name.
 * @target: what the link says
 * Returns 0, -SOV_E_OBSTACLE, or -SOV_E_SYSTEM.
 */
int sov_publish_link(const struct sov_site *site, const char *name, const char *target,
		     struct sov_err *err);
int sov_publish_link_over(const struct sov_site *site, const char *name, const char *target,
			  struct sov_err *err);

#endif
