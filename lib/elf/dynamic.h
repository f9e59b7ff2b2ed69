/* SPDX-License-Identifier: MIT */
#ifndef SOV_ELF_DYNAMIC_H
#define SOV_ELF_DYNAMIC_H

#include "elf/segments.h"

/*
 * sov_elf_dynamic_read - what PT_DYNAMIC says: soname, needed, rpath, runpath, and by DF_1_PIE
 * whether it is a program (then the identity's kind becomes SOV_KIND_PROGRAM).
 *
 * @segments: of sov_elf_segments_read(), with a PT_DYNAMIC
 * Returns 0 with the identity filled, -SOV_E_BROKEN, -SOV_E_SYSTEM or -SOV_E_NOMEM.
 * Source: gABI chapter 5, "Dynamic Section"; as in glibc the last of repeated tags counts.
 */
int sov_elf_dynamic_read(struct elf_file *file, const struct elf_segments *segments);

#endif
