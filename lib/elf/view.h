/* SPDX-License-Identifier: MIT */
#ifndef SOV_ELF_VIEW_H
#define SOV_ELF_VIEW_H

#include "elf/file.h"

/*
 * sov_elf_view_open - let libelf begin: file->whole and file->ehdr are filled.
 *
 * elf_begin() allocates 208 bytes for each section that the header claims, so a file that claims
 * more than ELF_SECTIONS_MAX is shown to it as an excerpt, the header without its section fields
 * and the program headers: the dynamic linker does not care about sections either.
 * Returns 0, -SOV_E_BROKEN, -SOV_E_SYSTEM or -SOV_E_NOMEM.
 */
int sov_elf_view_open(struct elf_file *file);

/*
 * sov_elf_view_dynamic - dynamic entries at [offset, offset + size), which the caller has capped
 * and found to be inside the file.
 * @out: libelf's, valid until sov_elf_view_close()
 * Returns as sov_elf_view_open().
 */
int sov_elf_view_dynamic(struct elf_file *file, uint64_t offset, size_t size, Elf_Data **out);

/* sov_elf_view_close - give back what the views hold. */
void sov_elf_view_close(struct elf_file *file);

#endif
