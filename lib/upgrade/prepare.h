/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_PREPARE_H
#define SOV_UPGRADE_PREPARE_H

#include "upgrade/plan.h"

/*
 * sov_prepare - make the draft of a placement's real file: copied, stripped, given owner and mode,
 * synced, and read again: its SONAME must be right. One that is there already, with the same bytes,
 * mode and owner, becomes SOV_FATE_SAME and has no draft.
 *
 * In a dry run nothing is made, only compared; what would be stripped counts as new then.
 * Returns 0 or -code; the draft is the plan's to discard.
 */
int sov_prepare(struct sov_placement *placement, const struct sov_install *install,
		const struct sov_site *site, struct sov_err *err);

#endif
