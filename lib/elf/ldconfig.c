/* SPDX-License-Identifier: MIT */
#include "elf/ldconfig.h"

#include <elf.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"

enum {
	PAGE = 4096, /* the rest of a file's last page reads as zeros; what is behind kills */
	ENTRIES_MAX = 1 << 16, /* dynamic entries that we look at */
};

/* struct layout - where the fields stand in files of one class. */
struct layout {
	unsigned char word; /* bytes of an address or offset */
	unsigned char phoff, phnum;
	unsigned char phdr, p_offset, p_vaddr, p_filesz;
};

static const struct layout layout_32 = {
	.word = 4,
	.phoff = offsetof(Elf32_Ehdr, e_phoff),
	.phnum = offsetof(Elf32_Ehdr, e_phnum),
	.phdr = sizeof(Elf32_Phdr),
	.p_offset = offsetof(Elf32_Phdr, p_offset),
	.p_vaddr = offsetof(Elf32_Phdr, p_vaddr),
	.p_filesz = offsetof(Elf32_Phdr, p_filesz),
};

static const struct layout layout_64 = {
	.word = 8,
	.phoff = offsetof(Elf64_Ehdr, e_phoff),
	.phnum = offsetof(Elf64_Ehdr, e_phnum),
	.phdr = sizeof(Elf64_Phdr),
	.p_offset = offsetof(Elf64_Phdr, p_offset),
	.p_vaddr = offsetof(Elf64_Phdr, p_vaddr),
	.p_filesz = offsetof(Elf64_Phdr, p_filesz),
};

/* struct image - the file as it would lie in memory. */
struct image {
	int fd;
	uint64_t length;
	const struct layout *layout;
	bool dead; /* something was read that would have killed */
	uint64_t page_at;
	size_t page_length; /* 0 = nothing is read yet */
	unsigned char page[PAGE];
};

/* The byte there. A file that can't be read, or becomes shorter, reads as zeros. */
static unsigned char byte_at(struct image *image, uint64_t offset)
{
	uint64_t at = offset / PAGE * PAGE;
	ssize_t n;

	if (offset / PAGE > (image->length - 1) / PAGE) {
		image->dead = true;
		return 0;
	}
	if (image->page_length == 0 || image->page_at != at) {
		memset(image->page, 0, sizeof(image->page));
		n = sov_pread_full(image->fd, image->page, sizeof(image->page), (off_t)at);
		image->page_at = at;
		image->page_length = n > 0 ? (size_t)n : 1;
	}
	return image->page[offset - at];
}

/* A number in this machine's byte order, whatever the file says of its own. */
static uint64_t number_at(struct image *image, uint64_t offset, unsigned width)
{
	unsigned char bytes[8] = {0};
	uint32_t small;
	uint64_t large;
	uint16_t half;

	for (unsigned i = 0; i < width; i++)
		bytes[i] = byte_at(image, offset + i);
	memcpy(&half, bytes, sizeof(half));
	if (width == sizeof(half))
		return half;
	memcpy(&small, bytes, sizeof(small));
	if (width == sizeof(small))
		return small;
	memcpy(&large, bytes, sizeof(large));
	return large;
}

static uint64_t word_at(struct image *image, uint64_t offset)
{
	return number_at(image, offset, image->layout->word);
}

/* ldconfig's one check: a place that lies in the file, its end included. */
static bool inside(const struct image *image, uint64_t offset)
{
	return offset <= image->length;
}

/* Which class is read on this machine, or NULL. ldconfig for x86 looks at the machine as well. */
static const struct layout *layout_of(unsigned class, unsigned machine)
{
#if defined(__x86_64__) || defined(__i386__)
	if (machine != EM_X86_64 && (machine != EM_386 || class != ELFCLASS32))
		return NULL;
	return class == ELFCLASS32 ? &layout_32 : class == ELFCLASS64 ? &layout_64 : NULL;
#elif defined(__aarch64__) || defined(__s390__) || defined(__powerpc__) || defined(__sparc__) ||   \
	defined(__mips__)
	(void)machine;
	return class == ELFCLASS32 ? &layout_32 : class == ELFCLASS64 ? &layout_64 : NULL;
#else
	(void)machine;
	if (class != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32))
		return NULL;
	return sizeof(void *) == 8 ? &layout_64 : &layout_32;
#endif
}

/* PT_DYNAMIC: the last one counts. Returns false when there is none, or a place is outside. */
static bool find_dynamic(struct image *image, uint64_t table, unsigned count, uint64_t *dynamic)
{
	const struct layout *layout = image->layout;
	uint64_t size = 0;

	for (unsigned i = 0; i < count && !image->dead; i++) {
		uint64_t at = table + (uint64_t)i * layout->phdr, offset;
		uint32_t type;

		if (!inside(image, at))
			return false;
		type = (uint32_t)number_at(image, at, 4);
		offset = word_at(image, at + layout->p_offset);
		if (type == PT_INTERP && !inside(image, offset))
			return false;
		if (type != PT_DYNAMIC)
			continue;
		*dynamic = (uint32_t)offset; /* kept in an unsigned int there */
		size = word_at(image, at + layout->p_filesz);
	}
	return size != 0 && inside(image, *dynamic);
}

/* Where an address lies in the file: in the first PT_LOAD that has bytes for it, else as it is. */
static uint64_t offset_of(struct image *image, uint64_t table, unsigned count, uint64_t address)
{
	const struct layout *layout = image->layout;

	for (unsigned i = 0; i < count && !image->dead; i++) {
		uint64_t at = table + (uint64_t)i * layout->phdr;
		uint64_t vaddr = word_at(image, at + layout->p_vaddr), shift;

		if (number_at(image, at, 4) != PT_LOAD || address < vaddr ||
		    address - vaddr >= word_at(image, at + layout->p_filesz))
			continue;
		shift = vaddr - word_at(image, at + layout->p_offset);
		return address - (layout->word == 4 ? (uint32_t)shift : shift);
	}
	return address;
}

/* The first entry of a tag. Returns false when there is none before DT_NULL, or the table leaves
 * the file. */
static bool find_tag(struct image *image, uint64_t dynamic, uint64_t tag, uint64_t *value,
		     bool *outside)
{
	for (uint64_t i = 0; i < ENTRIES_MAX && !image->dead; i++) {
		uint64_t at = dynamic + i * 2 * image->layout->word, found = word_at(image, at);

		if (found == DT_NULL)
			return false;
		*outside = !inside(image, at);
		if (*outside)
			return false;
		if (found == tag) {
			*value = word_at(image, at + image->layout->word);
			return true;
		}
	}
	return false;
}

static void take_soname(struct sov_ldconfig_view *out, struct image *image, uint64_t at)
{
	size_t n = 0;

	while (n < sizeof(out->soname) - 1) {
		out->soname[n] = (char)byte_at(image, at + n);
		if (out->soname[n] == '\0')
			break;
		n++;
	}
	out->soname[n] = '\0';
	out->has_soname = true;
}

/* Returns false for what ldconfig passes over. */
static bool read_shared_object(struct sov_ldconfig_view *out, struct image *image)
{
	uint64_t table = word_at(image, image->layout->phoff), dynamic = 0, strings, name;
	unsigned count = (unsigned)number_at(image, image->layout->phnum, 2);
	bool outside = false;

	if (!inside(image, table) || !find_dynamic(image, table, count, &dynamic) ||
	    !find_tag(image, dynamic, DT_STRTAB, &strings, &outside))
		return false;
	strings = offset_of(image, table, count, strings);
	if (!inside(image, strings))
		return false;
	if (!find_tag(image, dynamic, DT_SONAME, &name, &outside))
		return !outside;
	if (!inside(image, strings + name))
		return false;
	take_soname(out, image, strings + name);
	return true;
}

static bool read_elf(struct sov_ldconfig_view *out, struct image *image)
{
	static const char magic[SELFMAG] = ELFMAG;

	for (uint64_t i = 0; i < SELFMAG; i++)
		if (byte_at(image, i) != (unsigned char)magic[i])
			return false;
	if (number_at(image, offsetof(Elf64_Ehdr, e_type), 2) != ET_DYN)
		return false;
	image->layout = layout_of(byte_at(image, EI_CLASS),
				  (unsigned)number_at(image, offsetof(Elf64_Ehdr, e_machine), 2));
	return image->layout != NULL && read_shared_object(out, image);
}

void sov_elf_ldconfig_view(struct sov_ldconfig_view *out, int fd)
{
	struct image image = {.fd = fd};
	struct stat status;

	out->sees = SOV_LDCONFIG_NOTHING;
	out->has_soname = false;
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		return;
	image.length = (uint64_t)status.st_size;
	if (image.length < (sizeof(void *) == 8 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr)))
		return;
	if (read_elf(out, &image))
		out->sees = SOV_LDCONFIG_LIBRARY;
	if (image.dead)
		out->sees = SOV_LDCONFIG_DEATH;
}
