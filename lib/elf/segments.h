/* SPDX-License-Identifier: MIT */
#ifndef SOV_ELF_SEGMENTS_H
#define SOV_ELF_SEGMENTS_H

#include "elf/file.h"

/* struct elf_segments - what the program headers say, once they have been checked. */
struct elf_segments {
	bool has_bytes; /* something that is loaded is in the file; else it is a debug file */
	unsigned dynamic_count;
	GElf_Phdr dynamic; /* the first PT_DYNAMIC */
	GElf_Phdr interp;  /* the last PT_INTERP; p_type 0 = none */
};

/*
 * sov_elf_segments_read - look at every program header and check what libelf does not.
 *
 * Also sets the identity's has_interp. PT_DYNAMIC itself is checked by
 * sov_elf_segments_check_dynamic().
 * Returns 0, -SOV_E_BROKEN, -SOV_E_SYSTEM or -SOV_E_NOMEM.
 * Source: gABI chapter 5, "Program Header"; glibc's elf/dl-load.c and dl-map-segments.h.
 */
int sov_elf_segments_read(struct elf_file *file, struct elf_segments *out);

/* sov_elf_segments_check_dynamic - is the one PT_DYNAMIC inside the file, and loaded from where it
 * lies? Returns 0 or -SOV_E_BROKEN. */
int sov_elf_segments_check_dynamic(struct elf_file *file, const struct elf_segments *segments);

/*
 * sov_elf_segments_locate - where in the file is what is loaded at @address?
 *
 * @offset: receives it
 * @room:   receives how many bytes of that segment are in the file from there on
 * Returns true, or false when no PT_LOAD brings this address from the file.
 */
bool sov_elf_segments_locate(const struct elf_file *file, uint64_t address, uint64_t *offset,
			     uint64_t *room);

#endif
