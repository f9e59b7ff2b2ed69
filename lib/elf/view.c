/* SPDX-License-Identifier: MIT */
#include "elf/view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"

static void put_number(const struct elf_file *file, unsigned char *bytes, size_t width,
		       uint64_t value)
{
	for (size_t i = 0; i < width; i++, value >>= 8)
		bytes[file->big_endian ? width - 1 - i : i] = (unsigned char)value;
}

/* The file header, told that it has no sections and that the program headers follow at once. */
static void copy_header(const struct elf_file *file, unsigned char *image)
{
	const struct elf_layout *layout = file->layout;

	memcpy(image, file->head, layout->ehdr);
	memset(image + layout->e_shoff, 0, layout->word);
	memset(image + layout->e_shentsize, 0, layout->ehdr - layout->e_shentsize);
	put_number(file, image + layout->e_phoff, layout->word, layout->ehdr);
}

/* A small ELF file in memory: our header, then `size` bytes from elsewhere in the file. */
static int open_excerpt(struct elf_file *file, struct elf_view *view, uint64_t offset, size_t size)
{
	size_t head = file->layout->ehdr;
	ssize_t n;

	view->image = malloc(head + size);
	if (view->image == NULL)
		return sov_fail_nomem(file->err, file->path);
	copy_header(file, view->image);
	n = sov_pread_full(file->fd, view->image + head, size, (off_t)offset);
	if (n < 0)
		return sov_fail_errno(file->err, file->path, "cannot read");
	errno = 0;
	view->elf = elf_memory((char *)view->image, head + (size_t)n);
	if (view->elf == NULL)
		return sov_elf_libelf_failed(file);
	return 0;
}

/* The program headers as far as they are there and as we shall look at them; the checks follow. */
static int open_header_excerpt(struct elf_file *file)
{
	uint64_t offset =
		sov_elf_number(file, file->head + file->layout->e_phoff, file->layout->word);
	size_t size = ELF_PHDRS_MAX;

	if (offset > file->size)
		offset = file->size;
	if (size > file->size - offset)
		size = (size_t)(file->size - offset);
	return open_excerpt(file, &file->whole, offset, size);
}

int sov_elf_view_open(struct elf_file *file)
{
	int rc = 0;

	elf_version(EV_CURRENT);
	errno = 0;
	if (file->sections_usable) {
		file->whole.elf = elf_begin(file->fd, ELF_C_READ, NULL);
		if (file->whole.elf == NULL)
			return sov_elf_libelf_failed(file);
	} else {
		rc = open_header_excerpt(file);
	}
	if (rc == 0 && gelf_getehdr(file->whole.elf, &file->ehdr) == NULL)
		rc = sov_elf_libelf_failed(file);
	if (rc == 0) /* which an excerpt has elsewhere */
		file->ehdr.e_phoff = sov_elf_number(file, file->head + file->layout->e_phoff,
						    file->layout->word);
	return rc;
}

int sov_elf_view_dynamic(struct elf_file *file, uint64_t offset, size_t size, Elf_Data **out)
{
	Elf *elf = file->whole.elf;
	int rc;

	if (file->whole.image != NULL) {
		rc = open_excerpt(file, &file->dynamic, offset, size);
		if (rc < 0)
			return rc;
		elf = file->dynamic.elf;
		offset = file->layout->ehdr;
	}
	errno = 0;
	*out = elf_getdata_rawchunk(elf, (int64_t)offset, size, ELF_T_DYN);
	return *out != NULL ? 0 : sov_elf_libelf_failed(file);
}

static void close_view(struct elf_view *view)
{
	elf_end(view->elf);
	free(view->image);
	*view = (struct elf_view){0};
}

void sov_elf_view_close(struct elf_file *file)
{
	close_view(&file->dynamic);
	close_view(&file->whole);
}
