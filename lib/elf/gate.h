/* SPDX-License-Identifier: MIT */
#ifndef SOV_ELF_GATE_H
#define SOV_ELF_GATE_H

#include "elf/file.h"

/*
 * sov_elf_gate - what must be known before libelf sees the file: the class, the byte order, that
 * the file header is all there, and that it does not make libelf allocate without measure.
 *
 * file->head holds the first bytes, and they begin with the magic of ELF.
 * Returns 0 with layout, big_endian and sections_usable set, -SOV_E_BROKEN, or -SOV_E_SYSTEM.
 */
int sov_elf_gate(struct elf_file *file);

#endif
