/* SPDX-License-Identifier: MIT */
#include "elfimage.h"

#include "unit.h"

#include <elf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PHDR_COUNT 3

void elfimage_begin(struct elfimage *image, unsigned bits, bool big_endian)
{
	memset(image, 0, sizeof(*image));
	image->bits = bits;
	image->big_endian = big_endian;
	image->strings_size = 1;
}

void elfimage_entry(struct elfimage *image, uint64_t tag, uint64_t value)
{
	assert_true(image->entry_count < COUNT(image->entries));
	image->entries[image->entry_count].tag = tag;
	image->entries[image->entry_count].value = value;
	image->entry_count++;
}

void elfimage_string(struct elfimage *image, uint64_t tag, const char *text)
{
	size_t n = strlen(text) + 1;

	assert_true(image->strings_size + n <= sizeof(image->strings));
	memcpy(image->strings + image->strings_size, text, n);
	elfimage_entry(image, tag, image->strings_size);
	image->strings_size += n;
}

void elfimage_put(struct elfimage *image, size_t offset, size_t width, uint64_t value)
{
	assert_true(offset + width <= sizeof(image->bytes));
	for (size_t i = 0; i < width; i++, value >>= 8)
		image->bytes[offset + (image->big_endian ? width - 1 - i : i)] = (uint8_t)value;
}

size_t elfimage_phdr_field(const struct elfimage *image, size_t index, enum elfimage_field field)
{
	static const size_t in_64[] = {0, 8, 16, 32, 40, 48};
	static const size_t in_32[] = {0, 4, 8, 16, 20, 28};

	return image->phdrs + index * image->phdr_size +
	       (image->bits == 64 ? in_64[field] : in_32[field]);
}

void elfimage_phdr(struct elfimage *image, size_t index, uint64_t type, uint64_t offset,
		   uint64_t address, uint64_t file_size, uint64_t memory_size, uint64_t align)
{
	const uint64_t values[] = {
		[P_TYPE] = type,	[P_OFFSET] = offset,	 [P_VADDR] = address,
		[P_FILESZ] = file_size, [P_MEMSZ] = memory_size, [P_ALIGN] = align};

	for (enum elfimage_field field = P_TYPE; field <= P_ALIGN; field++)
		elfimage_put(image, elfimage_phdr_field(image, index, field),
			     field == P_TYPE ? 4 : image->word, values[field]);
}

static void put_header(struct elfimage *image, unsigned type)
{
	size_t word = image->word, after = 24 + 3 * word; /* e_flags */

	memcpy(image->bytes, ELFMAG, SELFMAG);
	image->bytes[EI_CLASS] = image->bits == 64 ? ELFCLASS64 : ELFCLASS32;
	image->bytes[EI_DATA] = image->big_endian ? ELFDATA2MSB : ELFDATA2LSB;
	image->bytes[EI_VERSION] = EV_CURRENT;
	elfimage_put(image, 16, 2, type);
	elfimage_put(image, 18, 2, image->bits == 64 ? EM_X86_64 : EM_386);
	elfimage_put(image, 20, 4, EV_CURRENT);
	elfimage_put(image, 24 + word, word, image->phdrs);
	elfimage_put(image, after + 4, 2, image->phdrs); /* e_ehsize */
	elfimage_put(image, after + 6, 2, image->phdr_size);
	elfimage_put(image, after + 8, 2, PHDR_COUNT);
}

static void put_entries(struct elfimage *image)
{
	size_t offset = image->dynamic_offset;

	for (size_t i = 0; i < image->entry_count; i++, offset += 2 * image->word) {
		elfimage_put(image, offset, image->word, image->entries[i].tag);
		elfimage_put(image, offset + image->word, image->word, image->entries[i].value);
	}
}

void elfimage_finish(struct elfimage *image, unsigned type)
{
	bool wide = image->bits == 64;

	image->word = wide ? 8 : 4;
	image->phdrs = wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
	image->phdr_size = wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	image->strings_offset = image->phdrs + PHDR_COUNT * image->phdr_size;
	image->dynamic_offset = (image->strings_offset + image->strings_size + 15) / 16 * 16;
	elfimage_entry(image, DT_STRTAB, image->strings_offset);
	elfimage_entry(image, DT_STRSZ, image->strings_size);
	elfimage_entry(image, DT_NULL, 0);
	image->dynamic_size = image->entry_count * 2 * image->word;
	image->size = image->dynamic_offset + image->dynamic_size;
	assert_true(image->size <= sizeof(image->bytes));
	memcpy(image->bytes + image->strings_offset, image->strings, image->strings_size);
	put_entries(image);
	put_header(image, type);
	elfimage_phdr(image, 0, PT_LOAD, 0, 0, image->size, image->size + 64, 4096);
	elfimage_phdr(image, 1, PT_DYNAMIC, image->dynamic_offset, image->dynamic_offset,
		      image->dynamic_size, image->dynamic_size, image->word);
	elfimage_phdr(image, 2, PT_NULL, 0, 0, 0, 0, 0);
}

int elfimage_open(const void *bytes, size_t n)
{
	int fd = memfd_create("elfimage", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	return fd;
}
