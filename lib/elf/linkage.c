/* SPDX-License-Identifier: MIT */
#include "elf/linkage.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "elf/dynamic.h"
#include "elf/file.h"
#include "elf/identity.h"
#include "elf/segments.h"
#include "elf/versions.h"

/* Where the texts of a tag go; NULL for a tag of which we want no text. */
static struct sov_strs *list_of(struct sov_linkage *linkage, int64_t tag, const char **name)
{
	switch (tag) {
	case DT_AUXILIARY:
		*name = "DT_AUXILIARY";
		return &linkage->auxiliary;
	case DT_FILTER:
		*name = "DT_FILTER";
		return &linkage->filter;
	case DT_AUDIT:
		*name = "DT_AUDIT";
		return &linkage->audit;
	case DT_DEPAUDIT:
		*name = "DT_DEPAUDIT";
		return &linkage->depaudit;
	default:
		return NULL;
	}
}

static int take_text(struct elf_file *file, struct elf_strings *strings, const GElf_Dyn *dyn)
{
	const char *name = NULL;
	struct sov_strs *list = list_of(file->linkage, dyn->d_tag, &name);
	char *text = NULL;
	int rc;

	if (list == NULL)
		return 0;
	if (list->count >= ELF_NEEDED_MAX)
		return sov_elf_broken(file, "more %s than any library has", name);
	rc = sov_elf_strings_get(strings, file, dyn->d_un.d_val, name, &text);
	if (rc == 0 && sov_strs_add(list, text) < 0)
		rc = sov_fail_nomem(file->err, file->path);
	free(text);
	return rc;
}

int sov_elf_linkage_take(struct elf_file *file, struct elf_strings *strings, Elf_Data *entries,
			 int count)
{
	GElf_Dyn dyn;
	uint64_t needed = 0, defined = 0;
	int rc = 0;

	for (int i = 0; rc == 0 && i < count; i++) {
		if (gelf_getdyn(entries, i, &dyn) == NULL)
			break;
		if (dyn.d_tag == DT_FLAGS_1)
			file->linkage->nodeflib = (dyn.d_un.d_val & DF_1_NODEFLIB) != 0;
		else if (dyn.d_tag == DT_VERNEED)
			needed = dyn.d_un.d_ptr;
		else if (dyn.d_tag == DT_VERDEF)
			defined = dyn.d_un.d_ptr;
		else
			rc = take_text(file, strings, &dyn);
	}
	if (rc == 0 && needed != 0)
		rc = sov_elf_versions_needed(file, strings, needed);
	if (rc == 0 && defined != 0)
		rc = sov_elf_versions_defined(file, strings, defined);
	return rc;
}

int sov_elf_linkage_interp(struct elf_file *file, const GElf_Phdr *interp)
{
	char text[ELF_STRING_MAX + 1];
	size_t size = interp->p_filesz < sizeof(text) ? (size_t)interp->p_filesz : sizeof(text);
	bool inside = interp->p_offset <= INT64_MAX; /* pread(2) takes no more */
	ssize_t n = inside ? sov_pread_full(file->fd, text, size, (off_t)interp->p_offset) : 0;

	if (n < 0)
		return sov_fail_errno(file->err, file->path, "cannot read");
	if (n == 0 || (size_t)n < size || memchr(text, '\0', size) == NULL) {
		sov_elf_broken(file, "PT_INTERP is no text that ends with a NUL");
		return sov_found(file->err, "%" PRIu64 " bytes at offset %" PRIu64,
				 interp->p_filesz, interp->p_offset);
	}
	file->linkage->interp = strdup(text);
	return file->linkage->interp != NULL ? 0 : sov_fail_nomem(file->err, file->path);
}

int sov_linkage_read(struct sov_identity *out, struct sov_linkage *linkage, int fd,
		     const char *path, struct sov_err *err)
{
	int rc;

	memset(linkage, 0, sizeof(*linkage));
	rc = sov_elf_identify(out, linkage, fd, path, err);
	if (rc < 0 || out->kind == SOV_KIND_BROKEN)
		sov_linkage_release(linkage);
	return rc;
}

void sov_linkage_release(struct sov_linkage *linkage)
{
	for (size_t i = 0; i < linkage->need_count; i++) {
		free(linkage->needs[i].file);
		free(linkage->needs[i].version);
	}
	free(linkage->needs);
	free(linkage->interp);
	sov_strs_release(&linkage->defined);
	sov_strs_release(&linkage->auxiliary);
	sov_strs_release(&linkage->filter);
	sov_strs_release(&linkage->audit);
	sov_strs_release(&linkage->depaudit);
	memset(linkage, 0, sizeof(*linkage));
}
