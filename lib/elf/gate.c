/* SPDX-License-Identifier: MIT */
#include "elf/gate.h"

#include <inttypes.h>

#include "base/io.h"

static const struct elf_layout layout_32 = {
	.bits = 32,
	.word = sizeof(Elf32_Off),
	.ehdr = sizeof(Elf32_Ehdr),
	.phdr = sizeof(Elf32_Phdr),
	.shdr = sizeof(Elf32_Shdr),
	.dyn = sizeof(Elf32_Dyn),
	.e_phoff = offsetof(Elf32_Ehdr, e_phoff),
	.e_shoff = offsetof(Elf32_Ehdr, e_shoff),
	.e_shentsize = offsetof(Elf32_Ehdr, e_shentsize),
	.e_shnum = offsetof(Elf32_Ehdr, e_shnum),
	.sh_size = offsetof(Elf32_Shdr, sh_size),
	.address_max = UINT32_MAX,
};

static const struct elf_layout layout_64 = {
	.bits = 64,
	.word = sizeof(Elf64_Off),
	.ehdr = sizeof(Elf64_Ehdr),
	.phdr = sizeof(Elf64_Phdr),
	.shdr = sizeof(Elf64_Shdr),
	.dyn = sizeof(Elf64_Dyn),
	.e_phoff = offsetof(Elf64_Ehdr, e_phoff),
	.e_shoff = offsetof(Elf64_Ehdr, e_shoff),
	.e_shentsize = offsetof(Elf64_Ehdr, e_shentsize),
	.e_shnum = offsetof(Elf64_Ehdr, e_shnum),
	.sh_size = offsetof(Elf64_Shdr, sh_size),
	.address_max = UINT64_MAX,
};

static int bad_ident(struct elf_file *file, const char *what, unsigned limit, unsigned found)
{
	sov_elf_broken(file, "impossible %s in the ELF header", what);
	sov_expected(file->err, limit == 1 ? "1" : "1 or %u", limit);
	return sov_found(file->err, "%u", found);
}

static int check_ident(struct elf_file *file)
{
	const unsigned char *ident = file->head;

	if (file->head_size < EI_NIDENT) {
		sov_elf_broken(file, "the file ends within the ELF header");
		sov_expected(file->err, "at least %zu bytes", sizeof(Elf32_Ehdr));
		return sov_found(file->err, "%zu bytes", file->head_size);
	}
	if (ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64)
		return bad_ident(file, "class", 2, ident[EI_CLASS]);
	if (ident[EI_DATA] != ELFDATA2LSB && ident[EI_DATA] != ELFDATA2MSB)
		return bad_ident(file, "byte order", 2, ident[EI_DATA]);
	if (ident[EI_VERSION] != EV_CURRENT)
		return bad_ident(file, "version", 1, ident[EI_VERSION]);
	return 0;
}

/* When e_shnum is 0, the size of section 0 is the number of sections, any 32 or 64 bit number. */
static int read_extended_count(struct elf_file *file, uint64_t offset, uint64_t *count)
{
	const struct elf_layout *layout = file->layout;
	unsigned char bytes[8] = {0};
	ssize_t n;

	if (offset == 0 || file->size < layout->shdr || offset > file->size - layout->shdr)
		return 0;
	n = sov_pread_full(file->fd, bytes, layout->word, (off_t)(offset + layout->sh_size));
	if (n < 0)
		return sov_fail_errno(file->err, file->path, "cannot read");
	*count = sov_elf_number(file, bytes, layout->word);
	return 0;
}

static int check_section_count(struct elf_file *file)
{
	const struct elf_layout *layout = file->layout;
	uint64_t offset = sov_elf_number(file, file->head + layout->e_shoff, layout->word);
	uint64_t count = sov_elf_number(file, file->head + layout->e_shnum, sizeof(Elf64_Half));
	int rc = 0;

	if (count == 0)
		rc = read_extended_count(file, offset, &count);
	file->sections_usable = count <= ELF_SECTIONS_MAX;
	return rc;
}

int sov_elf_gate(struct elf_file *file)
{
	int rc = check_ident(file);

	if (rc < 0)
		return rc;
	file->layout = file->head[EI_CLASS] == ELFCLASS64 ? &layout_64 : &layout_32;
	file->big_endian = file->head[EI_DATA] == ELFDATA2MSB;
	file->id->bits = file->layout->bits;
	file->id->big_endian = file->big_endian;
	if (file->head_size < file->layout->ehdr) {
		sov_elf_broken(file, "the file ends within the ELF header");
		sov_expected(file->err, "at least %zu bytes", file->layout->ehdr);
		return sov_found(file->err, "%zu bytes", file->head_size);
	}
	return check_section_count(file);
}
