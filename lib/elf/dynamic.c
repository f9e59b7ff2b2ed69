/* SPDX-License-Identifier: MIT */
#include "elf/dynamic.h"

#include <inttypes.h>
#include <string.h>

#include "base/vec.h"
#include "elf/identity.h"
#include "elf/strings.h"
#include "elf/view.h"

/* struct tag - a dynamic tag of which we want the value. */
struct tag {
	unsigned count;
	uint64_t value; /* of the last one */
};

/* struct tags - what one pass over the entries brings. */
struct tags {
	struct tag strtab, strsz, soname, rpath, runpath, flags_1;
	bool sonames_differ;
};

static struct tag *find_tag(struct tags *tags, int64_t number)
{
	switch (number) {
	case DT_STRTAB:
		return &tags->strtab;
	case DT_STRSZ:
		return &tags->strsz;
	case DT_SONAME:
		return &tags->soname;
	case DT_RPATH:
		return &tags->rpath;
	case DT_RUNPATH:
		return &tags->runpath;
	case DT_FLAGS_1:
		return &tags->flags_1;
	default:
		return NULL;
	}
}

static void take_tags(struct tags *tags, Elf_Data *entries, int count)
{
	GElf_Dyn dyn;

	for (int i = 0; i < count; i++) {
		struct tag *tag;

		if (gelf_getdyn(entries, i, &dyn) == NULL)
			return;
		tag = find_tag(tags, dyn.d_tag);
		if (tag == NULL)
			continue;
		if (tag == &tags->soname && tag->count > 0 && tag->value != dyn.d_un.d_val)
			tags->sonames_differ = true;
		tag->value = dyn.d_un.d_val;
		tag->count++;
	}
}

/* Returns how many entries stand before DT_NULL, or -1 when it is not there. */
static int count_entries(Elf_Data *entries, size_t limit)
{
	GElf_Dyn dyn;

	for (int i = 0; (size_t)i < limit; i++) {
		if (gelf_getdyn(entries, i, &dyn) == NULL)
			return -1;
		if (dyn.d_tag == DT_NULL)
			return i;
	}
	return -1;
}

static int check_tags(struct elf_file *file, const struct tags *tags)
{
	if (tags->strtab.count > 1 || tags->strsz.count > 1)
		return sov_elf_broken(file, "more than one %s",
				      tags->strtab.count > 1 ? "DT_STRTAB" : "DT_STRSZ");
	if (tags->strtab.count == 0 || tags->strsz.count == 0)
		return sov_elf_broken(file, "no %s",
				      tags->strtab.count == 0 ? "DT_STRTAB" : "DT_STRSZ");
	if (tags->sonames_differ) {
		sov_elf_broken(file, "two DT_SONAME that differ");
		sov_expected(file->err, "at most one DT_SONAME");
		return sov_found(file->err, "%u", tags->soname.count);
	}
	return 0;
}

static int add_needed(struct elf_file *file, struct elf_strings *strings, uint64_t index,
		      size_t *bytes)
{
	struct sov_identity *id = file->id;
	int rc;

	if (id->needed_count >= ELF_NEEDED_MAX || *bytes > ELF_STRINGS_MAX) {
		sov_elf_broken(file, "more DT_NEEDED than any library has");
		return sov_expected(file->err, "at most %d of %d bytes in all", ELF_NEEDED_MAX,
				    ELF_STRINGS_MAX);
	}
	if (sov_vec_grow(&id->needed, id->needed_count, sizeof(*id->needed)) < 0)
		return sov_fail_nomem(file->err, file->path);
	rc = sov_elf_strings_get(strings, file, index, "DT_NEEDED", &id->needed[id->needed_count]);
	if (rc < 0)
		return rc;
	*bytes += strlen(id->needed[id->needed_count++]);
	return 0;
}

static int take_needed(struct elf_file *file, struct elf_strings *strings, Elf_Data *entries,
		       int count)
{
	size_t bytes = 0;
	GElf_Dyn dyn;
	int rc = 0;

	for (int i = 0; rc == 0 && i < count; i++)
		if (gelf_getdyn(entries, i, &dyn) != NULL && dyn.d_tag == DT_NEEDED)
			rc = add_needed(file, strings, dyn.d_un.d_val, &bytes);
	return rc;
}

static int take_strings(struct elf_file *file, struct elf_strings *strings, const struct tags *tags)
{
	struct sov_identity *id = file->id;
	const struct {
		const struct tag *tag;
		const char *name;
		char **out;
	} wanted[] = {
		{&tags->soname,	"DT_SONAME",  &id->soname },
		{&tags->rpath,   "DT_RPATH",   &id->rpath  },
		{&tags->runpath, "DT_RUNPATH", &id->runpath},
	};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(wanted) / sizeof(*wanted); i++)
		if (wanted[i].tag->count > 0)
			rc = sov_elf_strings_get(strings, file, wanted[i].tag->value,
						 wanted[i].name, wanted[i].out);
	return rc;
}

static int open_entries(struct elf_file *file, const GElf_Phdr *dynamic, Elf_Data **out, int *count)
{
	uint64_t limit = dynamic->p_filesz / file->layout->dyn;
	int rc;

	if (limit > ELF_DYNAMIC_MAX)
		limit = ELF_DYNAMIC_MAX;
	rc = sov_elf_view_dynamic(file, dynamic->p_offset, (size_t)limit * file->layout->dyn, out);
	if (rc < 0)
		return rc;
	*count = count_entries(*out, (size_t)limit);
	if (*count < 0) {
		sov_elf_broken(file, "no DT_NULL ends PT_DYNAMIC");
		return sov_found(file->err, "%" PRIu64 " entries without it", limit);
	}
	return 0;
}

/* Nothing can link to a program by a soname, and nobody shall make a link of that name to it. */
static void ignore_soname(struct elf_file *file, struct tags *tags)
{
	tags->soname.count = 0;
	tags->sonames_differ = false;
	sov_elf_detail(file, "its DT_SONAME is of no use");
}

int sov_elf_dynamic_read(struct elf_file *file, const struct elf_segments *segments)
{
	struct elf_strings strings;
	struct tags tags = {0};
	Elf_Data *entries;
	int count;
	int rc = sov_elf_segments_check_dynamic(file, segments);

	if (rc == 0)
		rc = open_entries(file, &segments->dynamic, &entries, &count);
	if (rc < 0)
		return rc;
	take_tags(&tags, entries, count);
	file->id->soname_count = tags.soname.count;
	if ((tags.flags_1.value & DF_1_PIE) != 0)
		file->id->kind = SOV_KIND_PROGRAM;
	if (file->id->kind == SOV_KIND_PROGRAM && tags.soname.count > 0)
		ignore_soname(file, &tags);
	rc = check_tags(file, &tags);
	if (rc == 0)
		rc = sov_elf_strings_open(&strings, file, tags.strtab.value, tags.strsz.value);
	if (rc == 0)
		rc = take_needed(file, &strings, entries, count);
	if (rc == 0)
		rc = take_strings(file, &strings, &tags);
	if (rc == 0 && file->linkage != NULL)
		rc = sov_elf_linkage_take(file, &strings, entries, count);
	return rc;
}
