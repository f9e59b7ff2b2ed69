/* SPDX-License-Identifier: MIT */
#include "elf/versions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "elf/segments.h"

/* The records are alike in both classes. Offsets within them, in bytes. */
enum {
	RECORD_VERSION = 0, /* vn_version, vd_version: 1 */
	NEED_SIZE = 16,
	NEED_FILE = 4,
	NEED_AUX = 8,
	NEED_NEXT = 12,
	NEED_AUX_SIZE = 16,
	NEED_AUX_FLAGS = 4,
	NEED_AUX_NAME = 8,
	NEED_AUX_NEXT = 12,
	DEF_SIZE = 20,
	DEF_AUX = 12,
	DEF_NEXT = 16,
	DEF_AUX_SIZE = 8,
	DEF_AUX_NAME = 0,
};

/* struct table - one of the two tables: its segment from its address on, as far as we read it. */
struct table {
	struct elf_file *file;
	struct elf_strings *strings;
	const char *tag; /* for messages */
	unsigned char *bytes;
	size_t size;
	size_t records; /* seen so far */
	size_t text;	/* bytes of all strings so far */
};

static int table_open(struct table *table, uint64_t address)
{
	struct elf_file *file = table->file;
	uint64_t offset, room;
	ssize_t n;

	if (!sov_elf_segments_locate(file, address, &offset, &room)) {
		sov_elf_broken(file, "%s is not in the file", table->tag);
		return sov_found(file->err, "0x%" PRIx64, address);
	}
	table->size = room < ELF_VERSIONS_SIZE ? (size_t)room : ELF_VERSIONS_SIZE;
	table->bytes = malloc(table->size);
	if (table->bytes == NULL)
		return sov_fail_nomem(file->err, file->path);
	n = sov_pread_full(file->fd, table->bytes, table->size, (off_t)offset);
	if (n < 0)
		return sov_fail_errno(file->err, file->path, "cannot read");
	table->size = (size_t)n;
	return 0;
}

/* Is there a record of @size bytes? Counts it. */
static int check_record(struct table *table, size_t at, size_t size)
{
	if (at > table->size || size > table->size - at || ++table->records > ELF_VERSIONS_MAX)
		return sov_elf_broken(table->file, "%s has a record that is not there", table->tag);
	return 0;
}

static size_t field(const struct table *table, size_t at, size_t width)
{
	return (size_t)sov_elf_number(table->file, table->bytes + at, width);
}

/* The version of a need or definition itself; there has only ever been one. */
static int check_version(struct table *table, size_t at)
{
	size_t version = field(table, at + RECORD_VERSION, 2);

	if (version == 1)
		return 0;
	sov_elf_broken(table->file, "%s has a record of an unknown form", table->tag);
	sov_expected(table->file->err, "1");
	return sov_found(table->file->err, "%zu", version);
}

static int take_string(struct table *table, uint64_t index, char **out)
{
	int rc = sov_elf_strings_get(table->strings, table->file, index, table->tag, out);

	if (rc < 0)
		return rc;
	table->text += strlen(*out);
	return table->text <= ELF_STRINGS_MAX
		       ? 0
		       : sov_elf_broken(table->file, "%s names more than any library has",
					table->tag);
}

static int take_need(struct table *table, const char *file, size_t at)
{
	struct sov_linkage *linkage = table->file->linkage;
	struct sov_version_need *need;

	if (sov_vec_grow(&linkage->needs, linkage->need_count, sizeof(*linkage->needs)) < 0)
		return sov_fail_nomem(table->file->err, table->file->path);
	need = &linkage->needs[linkage->need_count++];
	need->weak = (field(table, at + NEED_AUX_FLAGS, 2) & VER_FLG_WEAK) != 0;
	need->file = strdup(file);
	if (need->file == NULL)
		return sov_fail_nomem(table->file->err, table->file->path);
	table->text += strlen(file);
	return take_string(table, field(table, at + NEED_AUX_NAME, 4), &need->version);
}

/* The versions that are needed of one file. */
static int take_needs_of(struct table *table, size_t at)
{
	sov_autofree char *file = NULL;
	size_t next = field(table, at + NEED_AUX, 4);
	int rc = take_string(table, field(table, at + NEED_FILE, 4), &file);

	while (rc == 0 && next != 0) {
		at += next;
		rc = check_record(table, at, NEED_AUX_SIZE);
		if (rc < 0)
			return rc;
		rc = take_need(table, file, at);
		next = field(table, at + NEED_AUX_NEXT, 4);
	}
	return rc;
}

static int walk_needs(struct table *table)
{
	size_t at = 0, next = 0;
	int rc;

	do {
		at += next;
		rc = check_record(table, at, NEED_SIZE);
		if (rc == 0)
			rc = check_version(table, at);
		if (rc == 0)
			rc = take_needs_of(table, at);
		if (rc < 0)
			return rc;
		next = field(table, at + NEED_NEXT, 4);
	} while (next != 0);
	return 0;
}

/* The first name of a definition is its own; those that follow are its parents'. */
static int take_definition(struct table *table, size_t at)
{
	size_t aux = at + field(table, at + DEF_AUX, 4);
	sov_autofree char *name = NULL;
	int rc = check_record(table, aux, DEF_AUX_SIZE);

	if (rc == 0)
		rc = take_string(table, field(table, aux + DEF_AUX_NAME, 4), &name);
	if (rc == 0 && sov_strs_add(&table->file->linkage->defined, name) < 0)
		rc = sov_fail_nomem(table->file->err, table->file->path);
	return rc;
}

static int walk_definitions(struct table *table)
{
	size_t at = 0, next = 0;
	int rc;

	table->file->linkage->versioned = true;
	do {
		at += next;
		rc = check_record(table, at, DEF_SIZE);
		if (rc == 0)
			rc = check_version(table, at);
		if (rc == 0)
			rc = take_definition(table, at);
		if (rc < 0)
			return rc;
		next = field(table, at + DEF_NEXT, 4);
	} while (next != 0);
	return 0;
}

int sov_elf_versions_needed(struct elf_file *file, struct elf_strings *strings, uint64_t address)
{
	struct table table = {.file = file, .strings = strings, .tag = "DT_VERNEED"};
	int rc = table_open(&table, address);

	if (rc == 0)
		rc = walk_needs(&table);
	free(table.bytes);
	return rc;
}

int sov_elf_versions_defined(struct elf_file *file, struct elf_strings *strings, uint64_t address)
{
	struct table table = {.file = file, .strings = strings, .tag = "DT_VERDEF"};
	int rc = table_open(&table, address);

	if (rc == 0)
		rc = walk_definitions(&table);
	free(table.bytes);
	return rc;
}
