/* SPDX-License-Identifier: MIT */
#ifndef SOV_FS_BACKUP_H
#define SOV_FS_BACKUP_H

#include <sov/err.h>
#include <sov/names.h>

#include "fs/site.h"

/*
 * sov_backup_name - the first free name for a backup of a file: ".NAME.~1~", ".NAME.~2~"...
 *
 * Spelt as cp(1) --backup=numbered spells it, but hidden: what began with "lib" would be taken for
 * a library by ldconfig.
 * Returns 0, or -SOV_E_SYSTEM when there is none of at most 255 bytes.
 */
int sov_backup_name(char out[SOV_NAME_MAX], const struct sov_site *site, const char *name,
		    struct sov_err *err);

/* sov_backup_make - give a file that second name, by link(2): not a byte is copied.
 * Returns 0 or -SOV_E_SYSTEM. */
int sov_backup_make(const struct sov_site *site, const char *name, const char *backup,
		    struct sov_err *err);

#endif
