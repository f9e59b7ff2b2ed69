/* SPDX-License-Identifier: MIT */
#ifndef SOVCC_LDARGS_H
#define SOVCC_LDARGS_H

#include "wrapper/args.h"

/*
 * ldargs_read - read the tokens in line->ld as bfd, gold, lld and mold do: fills line->soname,
 * line->output, line->ld_dangling, and line->no_link for a relocatable link. Never fails.
 */
void ldargs_read(struct ccline *line);

#endif
