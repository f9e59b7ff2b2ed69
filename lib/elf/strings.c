/* SPDX-License-Identifier: MIT */
#include "elf/strings.h"

#include <inttypes.h>
#include <string.h>

#include "base/io.h"
#include "elf/segments.h"

static int read_at(struct elf_file *file, void *buf, size_t n, uint64_t offset)
{
	ssize_t got = sov_pread_full(file->fd, buf, n, (off_t)offset);

	if (got < 0)
		return sov_fail_errno(file->err, file->path, "cannot read");
	if ((size_t)got < n)
		return sov_elf_broken(file, "the file changed while it was read");
	return 0;
}

static int move_window(struct elf_strings *strings, struct elf_file *file, uint64_t index)
{
	uint64_t n = strings->size - index;
	int rc;

	if (n > sizeof(strings->window))
		n = sizeof(strings->window);
	strings->window_size = 0;
	rc = read_at(file, strings->window, (size_t)n, strings->offset + index);
	if (rc < 0)
		return rc;
	strings->window_start = index;
	strings->window_size = (size_t)n;
	return 0;
}

/*
 * The table must end with a NUL. What is read for that is its whole end: link editors put the names
 * of libraries there, behind those of symbols, so that this is most often the only read.
 */
static int check_end(struct elf_strings *strings, struct elf_file *file)
{
	uint64_t n = sizeof(strings->window);
	int rc = move_window(strings, file, strings->size > n ? strings->size - n : 0);

	if (rc == 0 && strings->window[strings->window_size - 1] != '\0')
		return sov_elf_broken(file, "the dynamic string table does not end with a NUL");
	return rc;
}

int sov_elf_strings_open(struct elf_strings *strings, struct elf_file *file, uint64_t address,
			 uint64_t size)
{
	uint64_t room;

	strings->size = size;
	strings->window_size = 0;
	if (!sov_elf_segments_locate(file, address, &strings->offset, &room)) {
		sov_elf_broken(file, "DT_STRTAB is not in the file");
		sov_expected(file->err, "an address that a PT_LOAD brings from the file");
		return sov_found(file->err, "0x%" PRIx64, address);
	}
	if (size == 0 || size > room) {
		sov_elf_broken(file, size == 0 ? "DT_STRSZ is 0"
					       : "DT_STRSZ past the end of its segment");
		sov_expected(file->err, "1 to %" PRIu64, room);
		return sov_found(file->err, "%" PRIu64, size);
	}
	return check_end(strings, file);
}

/* Does the window hold the string at @index with its NUL, or more of it than we take? */
static bool in_window(const struct elf_strings *strings, uint64_t index)
{
	size_t skip;

	if (index < strings->window_start || index - strings->window_start >= strings->window_size)
		return false;
	skip = (size_t)(index - strings->window_start);
	return strings->window_size - skip > ELF_STRING_MAX ||
	       memchr(strings->window + skip, '\0', strings->window_size - skip) != NULL;
}

int sov_elf_strings_get(struct elf_strings *strings, struct elf_file *file, uint64_t index,
			const char *tag, char **out)
{
	const char *text;
	size_t length;
	int rc = 0;

	if (index >= strings->size) {
		sov_elf_broken(file, "%s outside the dynamic string table", tag);
		sov_expected(file->err, "an offset below %" PRIu64, strings->size);
		return sov_found(file->err, "%" PRIu64, index);
	}
	if (!in_window(strings, index))
		rc = move_window(strings, file, index);
	if (rc < 0)
		return rc;
	text = strings->window + (index - strings->window_start);
	length = strnlen(text, strings->window_size - (size_t)(index - strings->window_start));
	if (length > ELF_STRING_MAX) {
		length = ELF_STRING_MAX;
		sov_elf_detail(file, "%s is cut after %d bytes", tag, ELF_STRING_MAX);
	}
	*out = strndup(text, length);
	return *out != NULL ? 0 : sov_fail_nomem(file->err, file->path);
}
