/* SPDX-License-Identifier: MIT */
#ifndef SOV_ELF_LDCONFIG_H
#define SOV_ELF_LDCONFIG_H

#include <stdbool.h>

#include <sov/err.h>

/* enum sov_ldconfig_sees - what ldconfig(8) makes of a file. */
enum sov_ldconfig_sees {
	SOV_LDCONFIG_NOTHING, /* no library of this machine: passed over */
	SOV_LDCONFIG_LIBRARY,
	SOV_LDCONFIG_DEATH, /* it maps the file, reads past its end, and dies of SIGBUS */
};

/* struct sov_ldconfig_view - a file with ldconfig's eyes. */
struct sov_ldconfig_view {
	enum sov_ldconfig_sees sees;
	bool has_soname;
	char soname[SOV_SUBJECT_MAX]; /* any bytes; cut when it is longer than any file name */
};

/*
 * sov_elf_ldconfig_view - read a file as ldconfig does: a shared object of one of this system's
 * machines, DT_SONAME by way of the first DT_STRTAB, and hardly a check. For predictions alone;
 * what is to be believed comes from sov_identity_read().
 *
 * Nothing is mapped, and not a byte is read outside of the file.
 * @fd: open for reading
 * Source: glibc's elf/readlib.c and elf/readelflib.c, by experiment.
 */
void sov_elf_ldconfig_view(struct sov_ldconfig_view *out, int fd);

#endif
