/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_LDCONFIG_H
#define SOV_UPGRADE_LDCONFIG_H

#include <stdbool.h>

#include <sov/step.h>

#include "fs/site.h"

/* struct sov_ldconfig_rules - what changed from one glibc to the next. */
struct sov_ldconfig_rules {
	bool legacy_subdirectories; /* until 2.36: "tls", "x86_64", "haswell" are gone into */
	bool cuts_implicit_soname;  /* 2.37: without DT_SONAME, libx.so.1.2 is libx.so.1 */
	bool skips_temporaries;	    /* since 2.39: ";", ".dpkg-new", ".dpkg-tmp" */
};

/* sov_ldconfig_rules_of - of a version of glibc, "2.36". */
void sov_ldconfig_rules_of(struct sov_ldconfig_rules *out, const char *version);

/* sov_ldconfig_rules_here - of the glibc in use; elsewhere, of a recent one. */
void sov_ldconfig_rules_here(struct sov_ldconfig_rules *out);

/*
 * sov_ldconfig_predict - what `ldconfig -n` does to a directory and those below it that it goes
 * into, step by step.
 *
 * @out: LINK, REMOVE and REFUSE steps are appended
 * Returns 0, -SOV_E_SYSTEM or -SOV_E_NOMEM.
 */
int sov_ldconfig_predict(struct sov_steps *out, const struct sov_site *site,
			 const struct sov_ldconfig_rules *rules, struct sov_err *err);

/* sov_ldconfig_compare - ldconfig's order of two file names, its overflow at 2 to the 31st
 * included. Returns <0, 0, >0.
 * Source: glibc's _dl_cache_libcmp(), by experiment. */
int sov_ldconfig_compare(const char *a, const char *b);

#endif
