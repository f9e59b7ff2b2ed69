/* SPDX-License-Identifier: MIT */
#include "elf/segments.h"

#include <errno.h>
#include <inttypes.h>

/* The smallest page of any system, and so the least that p_offset and p_vaddr must agree in. */
#define PAGE_MIN 4096

static int check_table(struct elf_file *file)
{
	const GElf_Ehdr *ehdr = &file->ehdr;
	uint64_t size = (uint64_t)ehdr->e_phnum * file->layout->phdr;

	if (ehdr->e_phnum == 0)
		return sov_elf_broken(file, "no program headers");
	if (ehdr->e_phentsize != file->layout->phdr) {
		sov_elf_broken(file, "e_phentsize is not the size of a program header");
		sov_expected(file->err, "%zu", file->layout->phdr);
		return sov_found(file->err, "%u", ehdr->e_phentsize);
	}
	if (size > ELF_PHDRS_MAX) {
		sov_elf_broken(file, "more program headers than any library has");
		sov_expected(file->err, "at most %u", ELF_PHDRS_MAX / (unsigned)file->layout->phdr);
		return sov_found(file->err, "e_phnum %u", ehdr->e_phnum);
	}
	if (ehdr->e_phoff > file->size || size > file->size - ehdr->e_phoff) {
		sov_elf_broken(file, "program headers past the end of the file");
		sov_expected(file->err, "inside %" PRIu64 " bytes", file->size);
		return sov_found(file->err, "%" PRIu64 " bytes at offset %" PRIu64, size,
				 ehdr->e_phoff);
	}
	return 0;
}

/* One p_type's p_offset and p_filesz against the size of the file. */
static int check_extent(struct elf_file *file, const GElf_Phdr *phdr, const char *name)
{
	if (phdr->p_offset <= file->size && phdr->p_filesz <= file->size - phdr->p_offset)
		return 0;
	sov_elf_broken(file, "%s past the end of the file", name);
	sov_expected(file->err, "inside %" PRIu64 " bytes", file->size);
	sov_found(file->err, "%" PRIu64 " bytes at offset %" PRIu64, phdr->p_filesz,
		  phdr->p_offset);
	return sov_fix(file->err, "the file is cut short: build or copy it again");
}

static int check_alignment(struct elf_file *file, const GElf_Phdr *load)
{
	uint64_t align = load->p_align;

	if (align <= 1)
		return 0;
	if ((align & (align - 1)) != 0) {
		sov_elf_broken(file, "PT_LOAD with an impossible p_align");
		sov_expected(file->err, "a power of two");
		return sov_found(file->err, "0x%" PRIx64, align);
	}
	if (align > PAGE_MIN)
		align = PAGE_MIN;
	if (((load->p_vaddr - load->p_offset) & (align - 1)) != 0) {
		sov_elf_broken(file, "PT_LOAD whose address and offset are not congruent");
		sov_expected(file->err, "equal modulo %" PRIu64, align);
		return sov_found(file->err, "p_vaddr 0x%" PRIx64 ", p_offset 0x%" PRIx64,
				 load->p_vaddr, load->p_offset);
	}
	return 0;
}

static int check_load(struct elf_file *file, const GElf_Phdr *load)
{
	int rc = check_extent(file, load, "PT_LOAD");

	if (rc < 0)
		return rc;
	if (load->p_memsz < load->p_filesz) {
		sov_elf_broken(file, "PT_LOAD smaller in memory than in the file");
		sov_expected(file->err, "p_memsz of at least %" PRIu64, load->p_filesz);
		return sov_found(file->err, "%" PRIu64, load->p_memsz);
	}
	if (load->p_memsz > file->layout->address_max - load->p_vaddr) {
		sov_elf_broken(file, "PT_LOAD past the end of the address space");
		return sov_found(file->err, "%" PRIu64 " bytes at address 0x%" PRIx64,
				 load->p_memsz, load->p_vaddr);
	}
	return check_alignment(file, load);
}

/* The dynamic linker maps from the first to the last PT_LOAD, and trusts that they ascend. */
static int check_order(struct elf_file *file)
{
	uint64_t end = 0;
	GElf_Phdr phdr;

	for (int i = 0; i < file->ehdr.e_phnum; i++) {
		if (gelf_getphdr(file->whole.elf, i, &phdr) == NULL || phdr.p_type != PT_LOAD)
			continue;
		if (phdr.p_vaddr < end) {
			sov_elf_broken(file, "PT_LOADs overlap or are out of order");
			sov_expected(file->err, "0x%" PRIx64 " or above", end);
			return sov_found(file->err, "p_vaddr 0x%" PRIx64, phdr.p_vaddr);
		}
		end = phdr.p_vaddr + phdr.p_memsz;
	}
	return 0;
}

static int take_segment(struct elf_file *file, const GElf_Phdr *phdr, struct elf_segments *out,
			unsigned *load_count)
{
	switch (phdr->p_type) {
	case PT_LOAD:
		++*load_count;
		out->has_bytes |= phdr->p_filesz != 0;
		return check_load(file, phdr);
	case PT_DYNAMIC:
		if (out->dynamic_count++ == 0)
			out->dynamic = *phdr;
		return 0;
	case PT_INTERP:
		file->id->has_interp = 1;
		out->interp = *phdr;
		return 0;
	default:
		return 0;
	}
}

int sov_elf_segments_read(struct elf_file *file, struct elf_segments *out)
{
	unsigned load_count = 0;
	GElf_Phdr phdr;
	int rc = check_table(file);

	*out = (struct elf_segments){0};
	errno = 0;
	for (int i = 0; rc == 0 && i < file->ehdr.e_phnum; i++) {
		if (gelf_getphdr(file->whole.elf, i, &phdr) == NULL)
			return sov_elf_libelf_failed(file);
		rc = take_segment(file, &phdr, out, &load_count);
	}
	if (rc < 0)
		return rc;
	if (load_count == 0)
		return sov_elf_broken(file, "no PT_LOAD");
	if (out->dynamic_count > 0 && out->dynamic.p_filesz == 0)
		out->has_bytes = false;
	return out->has_bytes ? check_order(file) : 0;
}

bool sov_elf_segments_locate(const struct elf_file *file, uint64_t address, uint64_t *offset,
			     uint64_t *room)
{
	GElf_Phdr phdr;

	for (int i = 0; i < file->ehdr.e_phnum; i++) {
		if (gelf_getphdr(file->whole.elf, i, &phdr) == NULL || phdr.p_type != PT_LOAD)
			continue;
		if (address < phdr.p_vaddr || address - phdr.p_vaddr >= phdr.p_filesz)
			continue;
		*offset = phdr.p_offset + (address - phdr.p_vaddr);
		*room = phdr.p_filesz - (address - phdr.p_vaddr);
		return true;
	}
	return false;
}

int sov_elf_segments_check_dynamic(struct elf_file *file, const struct elf_segments *segments)
{
	const GElf_Phdr *dynamic = &segments->dynamic;
	uint64_t offset, room;
	int rc;

	if (segments->dynamic_count > 1) {
		sov_elf_broken(file, "more than one PT_DYNAMIC");
		return sov_found(file->err, "%u", segments->dynamic_count);
	}
	rc = check_extent(file, dynamic, "PT_DYNAMIC");
	if (rc < 0)
		return rc;
	if (!sov_elf_segments_locate(file, dynamic->p_vaddr, &offset, &room) ||
	    room < file->layout->dyn) {
		sov_elf_broken(file, "PT_DYNAMIC outside every PT_LOAD");
		return sov_found(file->err, "address 0x%" PRIx64, dynamic->p_vaddr);
	}
	if (offset != dynamic->p_offset) {
		sov_elf_broken(file, "address and offset of PT_DYNAMIC disagree");
		sov_expected(file->err,
			     "offset %" PRIu64 ", where address 0x%" PRIx64 " is loaded from",
			     offset, dynamic->p_vaddr);
		return sov_found(file->err, "offset %" PRIu64, dynamic->p_offset);
	}
	return 0;
}
