/* SPDX-License-Identifier: MIT */
#ifndef SOV_ELF_OTHER_H
#define SOV_ELF_OTHER_H

#include <sys/stat.h>

#include "elf/file.h"

/*
 * sov_elf_other - say what a regular file is that does not begin with the magic of ELF: kind and
 * detail of the identity. Returns 0 or -SOV_E_SYSTEM.
 */
int sov_elf_other(struct elf_file *file);

/* sov_elf_special - kind and detail of what is no regular file. */
void sov_elf_special(struct sov_identity *id, mode_t mode);

#endif
