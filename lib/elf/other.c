/* SPDX-License-Identifier: MIT */
#include "elf/other.h"

#include <ctype.h>
#include <string.h>

#include "base/io.h"
#include "base/str.h"

#define TEXT_SIZE 4096 /* bytes that are looked at to tell text from data */

/* struct magic - how a kind of file begins. */
struct magic {
	const char *bytes;
	unsigned char size;
	enum sov_kind kind;
	const char *detail;
};

#define MAGIC(text, kind, detail)                                                                  \
	{                                                                                          \
		text, sizeof(text) - 1, kind, detail                                               \
	}

static const struct magic magics[] = {
	MAGIC("!<arch>\n", SOV_KIND_ARCHIVE, ""),
	MAGIC("!<thin>\n", SOV_KIND_ARCHIVE, "thin archive"),
	MAGIC("<bigaf>\n", SOV_KIND_ARCHIVE, "AIX archive"),
	MAGIC("BC\xc0\xde", SOV_KIND_NOT_ELF, "LLVM bitcode"),
	MAGIC("\xde\xc0\x17\x0b", SOV_KIND_NOT_ELF, "LLVM bitcode"),
	MAGIC("\x1f\x8b", SOV_KIND_NOT_ELF, "gzip"),
	MAGIC("\xfd"
	      "7zXZ\0",
	      SOV_KIND_NOT_ELF, "xz"),
	MAGIC("BZh", SOV_KIND_NOT_ELF, "bzip2"),
	MAGIC("\x28\xb5\x2f\xfd", SOV_KIND_NOT_ELF, "zstd"),
	MAGIC("\x04\x22\x4d\x18", SOV_KIND_NOT_ELF, "lz4"),
	MAGIC("LZIP", SOV_KIND_NOT_ELF, "lzip"),
	MAGIC("PK\x03\x04", SOV_KIND_NOT_ELF, "zip"),
	MAGIC("\xce\xfa\xed\xfe", SOV_KIND_NOT_ELF, "Mach-O"),
	MAGIC("\xcf\xfa\xed\xfe", SOV_KIND_NOT_ELF, "Mach-O"),
	MAGIC("\xfe\xed\xfa\xce", SOV_KIND_NOT_ELF, "Mach-O"),
	MAGIC("\xfe\xed\xfa\xcf", SOV_KIND_NOT_ELF, "Mach-O"),
	MAGIC("\xca\xfe\xba\xbe", SOV_KIND_NOT_ELF, "universal Mach-O or Java class"),
	MAGIC("MZ", SOV_KIND_NOT_ELF, "PE or DOS program"),
	MAGIC("\0asm", SOV_KIND_NOT_ELF, "WebAssembly"),
	MAGIC("\x01\xdf", SOV_KIND_NOT_ELF, "XCOFF"),
	MAGIC("\x01\xf7", SOV_KIND_NOT_ELF, "XCOFF"),
	MAGIC("gpch", SOV_KIND_NOT_ELF, "precompiled header"),
	MAGIC("CPCH", SOV_KIND_NOT_ELF, "precompiled header"),
	MAGIC("\x89PNG", SOV_KIND_NOT_ELF, "PNG"),
	MAGIC("%PDF", SOV_KIND_NOT_ELF, "PDF"),
	MAGIC("#!", SOV_KIND_SCRIPT, "#! script"),
};

static const struct magic *find_magic(const struct elf_file *file)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if (file->head_size >= magics[i].size &&
		    memcmp(file->head, magics[i].bytes, magics[i].size) == 0)
			return &magics[i];
	return NULL;
}

/* Text of any encoding that is a superset of ASCII: no control bytes but those of layout. */
static bool is_text(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if ((byte < ' ' && !isspace(byte)) || byte == 0x7f)
			return false;
	}
	return true;
}

/* What begins a linker script that stands in for a library; ld takes any text for one. */
static bool is_linker_script(const char *text)
{
	static const char *const commands[] = {"INPUT", "GROUP", "OUTPUT_FORMAT", "SEARCH_DIR",
					       "/* GNU ld script"};

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (strstr(text, commands[i]) != NULL)
			return true;
	return false;
}

static const char *name_text(const char *text)
{
	if (is_linker_script(text))
		return "linker script";
	if (strstr(text, "a libtool library file") != NULL)
		return "libtool library file";
	return "text";
}

int sov_elf_other(struct elf_file *file)
{
	const struct magic *magic = find_magic(file);
	struct sov_identity *id = file->id;
	char text[TEXT_SIZE + 1];
	ssize_t n;

	id->kind = SOV_KIND_NOT_ELF;
	if (file->head_size == 0) {
		sov_elf_detail(file, "empty");
		return 0;
	}
	if (magic != NULL) {
		id->kind = magic->kind;
		sov_elf_detail(file, "%s", magic->detail);
		return 0;
	}
	n = sov_pread_full(file->fd, text, TEXT_SIZE, 0);
	if (n < 0)
		return sov_fail_errno(file->err, file->path, "cannot read");
	text[n] = '\0';
	if (is_text(text, (size_t)n)) {
		id->kind = SOV_KIND_SCRIPT;
		sov_elf_detail(file, "%s", name_text(text));
	} else {
		sov_elf_detail(file, "data");
	}
	return 0;
}

void sov_elf_special(struct sov_identity *id, mode_t mode)
{
	id->kind = SOV_KIND_SPECIAL;
	sov_str_copy(id->detail, sizeof(id->detail), sov_mode_name(mode));
}
