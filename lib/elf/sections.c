/* SPDX-License-Identifier: MIT */
#include "elf/sections.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"

/* Is there a table of at most ELF_SECTIONS_MAX entries, all of it inside the file? */
static bool have_sections(const struct elf_file *file)
{
	const GElf_Ehdr *ehdr = &file->ehdr;
	size_t count;

	return file->sections_usable && ehdr->e_shentsize == file->layout->shdr &&
	       elf_getshdrnum(file->whole.elf, &count) == 0 && count > 0 &&
	       ehdr->e_shoff <= file->size &&
	       count * file->layout->shdr <= file->size - ehdr->e_shoff;
}

bool sov_elf_sections_debug(const struct elf_file *file)
{
	Elf_Scn *section = NULL;
	GElf_Shdr shdr;

	if (!have_sections(file))
		return false;
	while ((section = elf_nextscn(file->whole.elf, section)) != NULL)
		if (gelf_getshdr(section, &shdr) != NULL && shdr.sh_type == SHT_NOBITS &&
		    (shdr.sh_flags & SHF_ALLOC) != 0 && (shdr.sh_flags & SHF_EXECINSTR) != 0)
			return true;
	return false;
}

/* The section names, as many as we take. Returns the bytes read, NUL-terminated, 0 for none. */
static size_t read_names(const struct elf_file *file, char **out)
{
	size_t index, size;
	GElf_Shdr shdr;
	ssize_t n;

	if (elf_getshdrstrndx(file->whole.elf, &index) < 0 ||
	    gelf_getshdr(elf_getscn(file->whole.elf, index), &shdr) == NULL ||
	    shdr.sh_type != SHT_STRTAB || shdr.sh_offset > file->size)
		return 0;
	size = shdr.sh_size < ELF_NAMETABLE_MAX ? (size_t)shdr.sh_size : ELF_NAMETABLE_MAX;
	*out = calloc(1, size + 1);
	if (*out == NULL)
		return 0;
	n = sov_pread_full(file->fd, *out, size, (off_t)shdr.sh_offset);
	return n > 0 ? (size_t)n : 0;
}

bool sov_elf_sections_lto(const struct elf_file *file)
{
	sov_autofree char *names = NULL;
	Elf_Scn *section = NULL;
	GElf_Shdr shdr;
	size_t size;

	if (!have_sections(file))
		return false;
	size = read_names(file, &names);
	while (size > 0 && (section = elf_nextscn(file->whole.elf, section)) != NULL)
		if (gelf_getshdr(section, &shdr) != NULL && shdr.sh_name < size &&
		    sov_str_starts(names + shdr.sh_name, ".gnu.lto_"))
			return true;
	return false;
}
