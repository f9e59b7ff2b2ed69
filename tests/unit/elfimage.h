/* SPDX-License-Identifier: MIT */
#ifndef SOV_TEST_ELFIMAGE_H
#define SOV_TEST_ELFIMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * struct elfimage - a small ELF file, laid out byte by byte so that a test can damage any of them:
 * file header, three program headers (PT_LOAD of the whole file, PT_DYNAMIC, one spare), the string
 * table, the dynamic entries. There are no sections.
 */
struct elfimage {
	unsigned bits;
	bool big_endian;
	char strings[16384];
	size_t strings_size;
	struct {
		uint64_t tag, value;
	} entries[512];
	size_t entry_count;
	unsigned char bytes[32768];
	size_t size;
	/* set by elfimage_finish() */
	size_t word, phdrs, phdr_size, strings_offset, dynamic_offset, dynamic_size;
};

/* elfimage_begin - an empty one; its string table begins with the empty string. */
void elfimage_begin(struct elfimage *image, unsigned bits, bool big_endian);

/* elfimage_string - an entry whose value is the offset of a string, which is added. */
void elfimage_string(struct elfimage *image, uint64_t tag, const char *text);

void elfimage_entry(struct elfimage *image, uint64_t tag, uint64_t value);

/* elfimage_finish - add DT_STRTAB, DT_STRSZ, DT_NULL and lay out the bytes, for an e_type. */
void elfimage_finish(struct elfimage *image, unsigned type);

/* elfimage_put - write a number of @width bytes in the image's byte order. */
void elfimage_put(struct elfimage *image, size_t offset, size_t width, uint64_t value);

/* elfimage_phdr - write program header @index; p_paddr is p_vaddr, p_flags is PF_R. */
void elfimage_phdr(struct elfimage *image, size_t index, uint64_t type, uint64_t offset,
		   uint64_t address, uint64_t file_size, uint64_t memory_size, uint64_t align);

/* elfimage_phdr_field - where in the bytes is p_offset, p_vaddr ... of program header @index? */
enum elfimage_field { P_TYPE, P_OFFSET, P_VADDR, P_FILESZ, P_MEMSZ, P_ALIGN };
size_t elfimage_phdr_field(const struct elfimage *image, size_t index, enum elfimage_field field);

/* elfimage_open - an anonymous file that holds n bytes; fails the test when it cannot. */
int elfimage_open(const void *bytes, size_t n);

#endif
