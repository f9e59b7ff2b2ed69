/* SPDX-License-Identifier: MIT */
#ifndef SOV_MODEL_NAMES_H
#define SOV_MODEL_NAMES_H

#include <sov/names.h>

/*
 * sov_base_check - can it be the base name of a library: 1 to 200 bytes, no '/', no control bytes?
 * Returns 0, or -SOV_E_USAGE (subject empty).
 */
int sov_base_check(const char *base, struct sov_err *err);

/*
 * struct sov_numbers - the numbers of a library as they stand in its names on ELF systems. A count
 * of 0 = there are none.
 */
struct sov_numbers {
	struct sov_version soversion, version;
};

/*
 * sov_numbers_derive - the numbers that a declaration gives on Linux: of 1.4.2, soversion 1 and
 * version 1.4.2; of libtool's 5:4:2, soversion 3 and version 3.2.4. A release has a soversion only
 * when one is declared beside it, which then is the version as well.
 */
void sov_numbers_derive(struct sov_numbers *out, const struct sov_decl *decl);

#endif
