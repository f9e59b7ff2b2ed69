/* SPDX-License-Identifier: MIT */
#include "upgrade/outdated.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

void sov_outdated_list_release(struct sov_outdated_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->item[i].why);
	free(list->item);
	*list = (struct sov_outdated_list){0};
}

bool sov_outdated_undecided(const struct sov_outdated_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->item[i].why == NULL)
			return true;
	return false;
}

int sov_outdated_excuse(struct sov_outdated *file, struct sov_err *err, const char *fmt, ...)
{
	va_list args;
	int n;

	if (file->why != NULL)
		return 0;
	va_start(args, fmt);
	n = vasprintf(&file->why, fmt, args);
	va_end(args);
	if (n >= 0)
		return 0;
	file->why = NULL;
	return sov_fail_nomem(err, file->entry->name);
}

/* Is the name that of the SONAME with numbers behind it? */
static bool continues_soname(const struct sov_entry *entry)
{
	const char *soname = entry->identity.soname;
	size_t n = strlen(soname);
	struct sov_filename file;

	return sov_filename_parse(&file, soname) && sov_filename_same_stem(&file, &entry->file) &&
	       strncmp(entry->name, soname, n) == 0 && entry->name[n] == '.';
}

/* The link that leads to a file, or NULL. */
static const struct sov_entry *link_to(const struct sov_libdir *libdir,
				       const struct sov_entry *entry)
{
	for (size_t i = 0; i < libdir->count; i++)
		if (libdir->entry[i].type == SOV_ENTRY_LINK && libdir->entry[i].end == entry)
			return &libdir->entry[i];
	return NULL;
}

/* Does the soname lead to a library of that soname? */
static bool soname_lives(const struct sov_entry *link, const char *soname)
{
	return link != NULL && link->type == SOV_ENTRY_LINK && link->end != NULL &&
	       link->end->identity.kind == SOV_KIND_LIBRARY && link->end->identity.soname != NULL &&
	       strcmp(link->end->identity.soname, soname) == 0;
}

static int judge(struct sov_outdated *file, const struct sov_libdir *libdir, struct sov_err *err)
{
	const struct sov_entry *entry = file->entry, *link = link_to(libdir, entry);
	const char *soname = entry->identity.soname;

	if (entry->identity.kind != SOV_KIND_LIBRARY)
		return sov_outdated_excuse(file, err, "is no library that can be examined");
	if (soname == NULL)
		return sov_outdated_excuse(file, err, "has no SONAME");
	if (link != NULL)
		return sov_outdated_excuse(file, err, "%s leads to it", link->name);
	if (!continues_soname(entry))
		return sov_outdated_excuse(file, err, "is no real name of its SONAME %s", soname);
	if (!soname_lives(sov_libdir_find(libdir, soname), soname))
		return sov_outdated_excuse(file, err, "%s leads to no other file of it", soname);
	if (sov_libdir_newest(libdir, soname, NULL) == entry)
		return sov_outdated_excuse(file, err, "is the newest of %s", soname);
	return 0;
}

static int compare_stems(const struct sov_filename *one, const struct sov_filename *other)
{
	size_t n = one->stem_len < other->stem_len ? one->stem_len : other->stem_len;
	int order = memcmp(one->stem, other->stem, n);

	if (order != 0 || one->stem_len == other->stem_len)
		return order;
	return one->stem_len < other->stem_len ? -1 : 1;
}

/* Newest first, within a stem. */
static int by_age(const void *a, const void *b)
{
	const struct sov_filename *one = &((const struct sov_outdated *)a)->entry->file;
	const struct sov_filename *other = &((const struct sov_outdated *)b)->entry->file;
	int order = compare_stems(one, other);

	return order != 0 ? order : sov_filename_compare(other, one);
}

int sov_outdated_list_make(struct sov_outdated_list *out, const struct sov_libdir *libdir,
			   struct sov_err *err)
{
	int code = 0;

	*out = (struct sov_outdated_list){0};
	for (size_t i = 0; code == 0 && i < libdir->count; i++) {
		struct sov_outdated file = {.entry = &libdir->entry[i]};

		if (file.entry->type != SOV_ENTRY_FILE || file.entry->file.count == 0)
			continue;
		code = judge(&file, libdir, err);
		if (code == 0 && sov_vec_grow(&out->item, out->count, sizeof(file)) != 0) {
			free(file.why);
			code = sov_fail_nomem(err, file.entry->name);
		}
		if (code == 0)
			out->item[out->count++] = file;
	}
	if (code != 0)
		sov_outdated_list_release(out);
	else if (out->count > 0)
		qsort(out->item, out->count, sizeof(*out->item), by_age);
	return code;
}
