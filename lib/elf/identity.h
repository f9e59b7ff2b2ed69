/* SPDX-License-Identifier: MIT */
#ifndef SOV_ELF_IDENTITY_H
#define SOV_ELF_IDENTITY_H

#include "elf/file.h"
#include "elf/strings.h"

/* sov_elf_identify - what sov_identity_read() and sov_linkage_read() have in common.
 * @linkage: zeroed; NULL = only the identity is asked for */
int sov_elf_identify(struct sov_identity *out, struct sov_linkage *linkage, int fd,
		     const char *path, struct sov_err *err);

/* sov_elf_linkage_take - what the dynamic entries say, into file->linkage.
 * Returns 0, -SOV_E_BROKEN, -SOV_E_SYSTEM or -SOV_E_NOMEM. */
int sov_elf_linkage_take(struct elf_file *file, struct elf_strings *strings, Elf_Data *entries,
			 int count);

/* sov_elf_linkage_interp - the text of PT_INTERP, into file->linkage. Returns the same. */
int sov_elf_linkage_interp(struct elf_file *file, const GElf_Phdr *interp);

#endif
