/* SPDX-License-Identifier: MIT */
#ifndef SOV_ELF_SECTIONS_H
#define SOV_ELF_SECTIONS_H

#include "elf/file.h"

/*
 * Sections give a second name to what the segments have settled already; they are believed in
 * nothing that the dynamic linker would do.
 */

/*
 * sov_elf_sections_debug - are there executable sections without content? That is the mark of a
 * separate debug file whose program headers still describe the original, as eu-strip -f leaves
 * them.
 */
bool sov_elf_sections_debug(const struct elf_file *file);

/* sov_elf_sections_lto - does an object hold a compiler's intermediate code (gcc -flto)? */
bool sov_elf_sections_lto(const struct elf_file *file);

#endif
