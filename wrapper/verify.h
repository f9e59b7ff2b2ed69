/* SPDX-License-Identifier: MIT */
#ifndef SOVCC_VERIFY_H
#define SOVCC_VERIFY_H

#include <stdbool.h>

#include <sov/err.h>

#include "wrapper/plan.h"

/*
 * verify_output - after a link that ended well: does the file carry the declared names?
 *
 * A file that this link did not write, or that is no shared library, is nobody's claim. One that
 * disagrees is removed (only if it is still the inode that was read) and is an error.
 * @library: receives whether this link wrote a shared library, and a right one
 * Returns 0, -SOV_E_MISMATCH, -SOV_E_BROKEN, or -SOV_E_SYSTEM.
 */
int verify_output(const struct plan *plan, bool *library, struct sov_err *err);

#endif
