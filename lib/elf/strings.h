/* SPDX-License-Identifier: MIT */
#ifndef SOV_ELF_STRINGS_H
#define SOV_ELF_STRINGS_H

#include "elf/file.h"

/*
 * struct elf_strings - the dynamic string table, of which only the strings that are asked for are
 * read: it may claim any size. Neighbours, as DT_NEEDED and DT_SONAME mostly are, share one read.
 */
struct elf_strings {
	uint64_t offset, size; /* of the table, in the file */
	uint64_t window_start; /* what `window` holds, relative to the table */
	size_t window_size;    /* 0 = nothing yet */
	char window[2 * ELF_STRING_MAX];
};

/*
 * sov_elf_strings_open - find the table and check that it ends with a NUL inside its segment.
 *
 * @address, @size: DT_STRTAB and DT_STRSZ
 * Returns 0, -SOV_E_BROKEN or -SOV_E_SYSTEM.
 */
int sov_elf_strings_open(struct elf_strings *strings, struct elf_file *file, uint64_t address,
			 uint64_t size);

/*
 * sov_elf_strings_get - a copy of the string at @index.
 *
 * One of more than ELF_STRING_MAX bytes is cut there, and the identity's detail says so.
 * @tag: "DT_SONAME", for messages
 * @out: receives a heap block, yours
 * Returns 0, -SOV_E_BROKEN, -SOV_E_SYSTEM or -SOV_E_NOMEM.
 */
int sov_elf_strings_get(struct elf_strings *strings, struct elf_file *file, uint64_t index,
			const char *tag, char **out);

#endif
