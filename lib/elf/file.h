/* SPDX-License-Identifier: MIT */
#ifndef SOV_ELF_FILE_H
#define SOV_ELF_FILE_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sov/elf.h>
#include <sov/err.h>

#include "elf/linkage.h"

/* The most that we are willing to look at, whatever a file claims. */
#define ELF_HEAD_SIZE	  64	       /* bytes of the gate: the larger of the two file headers */
#define ELF_SECTIONS_MAX  16384	       /* libelf allocates 208 bytes for each at once */
#define ELF_PHDRS_MAX	  (64 * 1024)  /* bytes of program headers */
#define ELF_DYNAMIC_MAX	  65536	       /* entries of PT_DYNAMIC */
#define ELF_STRING_MAX	  4096	       /* bytes of one string */
#define ELF_STRINGS_MAX	  (8 << 20)    /* bytes of all NEEDED together */
#define ELF_NEEDED_MAX	  4096	       /* DT_NEEDED: each may cost a read from another place */
#define ELF_VERSIONS_MAX  65536	       /* records of a table of symbol versions */
#define ELF_VERSIONS_SIZE (1 << 20)    /* bytes of such a table */
#define ELF_NAMETABLE_MAX (256 * 1024) /* bytes of section names that we search */

/* struct elf_layout - what differs between the two classes; sizes and offsets in bytes. */
struct elf_layout {
	unsigned bits;
	size_t word; /* an address or offset */
	size_t ehdr, phdr, shdr, dyn;
	size_t e_phoff, e_shoff, e_shentsize, e_shnum; /* within the file header */
	size_t sh_size;				       /* within a section header */
	uint64_t address_max;
};

/* struct elf_view - libelf's handle, and the heap block it reads from if it is no file. */
struct elf_view {
	Elf *elf;
	unsigned char *image;
};

/* struct elf_file - one open file while it is being identified. */
struct elf_file {
	int fd;
	const char *path; /* for messages */
	uint64_t size;	  /* by fstat */
	struct sov_identity *id;
	struct sov_linkage *linkage; /* NULL = only the identity is asked for */
	struct sov_err *err;
	unsigned char head[ELF_HEAD_SIZE];
	size_t head_size;
	/* from here on only once it is known to be ELF */
	const struct elf_layout *layout;
	bool big_endian;
	bool sections_usable;  /* `whole` knows them, and they are no more than ELF_SECTIONS_MAX */
	struct elf_view whole; /* the header and program headers; the whole file if it can be */
	struct elf_view dynamic; /* the dynamic entries, when `whole` is only an excerpt */
	GElf_Ehdr ehdr;
};

/*
 * sov_elf_broken - note why the dynamic linker could not use the file.
 *
 * The message becomes the identity's detail and begins an error; the caller may add
 * sov_expected() and sov_found().
 * Returns -SOV_E_BROKEN.
 */
int sov_elf_broken(struct elf_file *file, const char *fmt, ...) SOV_PRINTF(2, 3);

/*
 * sov_elf_libelf_failed - why did libelf return nothing? To be called with errno as libelf left it,
 * set to 0 before: out of memory, a read error, or a file that became shorter than it was.
 * Returns a negative enum sov_code.
 */
int sov_elf_libelf_failed(struct elf_file *file);

/* sov_elf_number - `width` bytes in the byte order of the file. */
uint64_t sov_elf_number(const struct elf_file *file, const unsigned char *bytes, size_t width);

/* sov_elf_detail - more words for the identity, cut to fit. */
void sov_elf_detail(struct elf_file *file, const char *fmt, ...) SOV_PRINTF(2, 3);

#endif
