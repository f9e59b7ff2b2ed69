/* SPDX-License-Identifier: MIT */
#ifndef SOV_ELF_VERSIONS_H
#define SOV_ELF_VERSIONS_H

#include "elf/file.h"
#include "elf/strings.h"

/*
 * sov_elf_versions_needed, sov_elf_versions_defined - read the table at an address that DT_VERNEED
 * or DT_VERDEF gives into file->linkage.
 *
 * As the dynamic linker does, the chains are followed from record to record, and DT_VERNEEDNUM and
 * DT_VERDEFNUM are not asked; no more than ELF_VERSIONS_MAX records in all.
 * Return 0, -SOV_E_BROKEN, -SOV_E_SYSTEM or -SOV_E_NOMEM.
 * Source: LSB Core, "Symbol Versioning".
 */
int sov_elf_versions_needed(struct elf_file *file, struct elf_strings *strings, uint64_t address);
int sov_elf_versions_defined(struct elf_file *file, struct elf_strings *strings, uint64_t address);

#endif
