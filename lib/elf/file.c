/* SPDX-License-Identifier: MIT */
#include "elf/file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

void sov_elf_detail(struct elf_file *file, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(file->id->detail, sizeof(file->id->detail), fmt, args);
	va_end(args);
}

int sov_elf_broken(struct elf_file *file, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(file->id->detail, sizeof(file->id->detail), fmt, args);
	va_end(args);
	sov_fail(file->err, SOV_E_BROKEN, file->path, "%s", file->id->detail);
	sov_rule(file->err, "elf-corrupt");
	return sov_fix(file->err, "link or copy the file again");
}

int sov_elf_libelf_failed(struct elf_file *file)
{
	if (errno == ENOMEM)
		return sov_fail_nomem(file->err, file->path);
	if (errno != 0)
		return sov_fail_errno(file->err, file->path, "cannot read");
	return sov_elf_broken(file, "the file changed while it was read");
}

uint64_t sov_elf_number(const struct elf_file *file, const unsigned char *bytes, size_t width)
{
	uint64_t value = 0;

	for (size_t i = 0; i < width; i++)
		value = value << 8 | bytes[file->big_endian ? i : width - 1 - i];
	return value;
}
