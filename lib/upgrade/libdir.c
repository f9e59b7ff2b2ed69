/* SPDX-License-Identifier: MIT */
#include "upgrade/libdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "fs/tree.h"
#include "upgrade/follow.h"

enum { LOOKS = 4 }; /* at a name that somebody keeps changing */

/* struct reading - a directory being read. */
struct reading {
	struct sov_libdir *out;
	const struct sov_site *site;
	const struct sov_curiosity *curiosity;
};

static enum sov_entry_type type_of_mode(mode_t mode)
{
	if (S_ISREG(mode))
		return SOV_ENTRY_FILE;
	if (S_ISLNK(mode))
		return SOV_ENTRY_LINK;
	return S_ISDIR(mode) ? SOV_ENTRY_DIRECTORY : SOV_ENTRY_OTHER;
}

static void release(struct sov_entry *entry)
{
	free(entry->name);
	free(entry->target);
	sov_identity_release(&entry->identity);
}

void sov_libdir_release(struct sov_libdir *libdir)
{
	for (size_t i = 0; i < libdir->count; i++)
		release(&libdir->entry[i]);
	free(libdir->entry);
	*libdir = (struct sov_libdir){0};
}

static bool wanted(const struct reading *reading, const struct sov_entry *entry)
{
	const struct sov_curiosity *curiosity = reading->curiosity;

	return curiosity == NULL || curiosity->wants == NULL ||
	       curiosity->wants(curiosity->data, &entry->file);
}

/* A file that can't be examined is still there: it counts, and its name is taken. */
static void note_trouble(struct reading *reading, const struct sov_err *trouble)
{
	if (reading->out->unreadable++ == 0)
		reading->out->trouble = *trouble;
}

/*
 * What a file says of itself. Returns 1, 0 when it is no longer what it was, or -SOV_E_NOMEM.
 */
static int look_at_file(struct reading *reading, struct sov_entry *entry, struct sov_err *err)
{
	sov_autoclose int fd = sov_identity_open(reading->site->dirfd, entry->name, O_NOFOLLOW);
	char path[SOV_SUBJECT_MAX];
	struct sov_err trouble;
	int rc;

	if (fd < 0 && (errno == ENOENT || errno == ELOOP))
		return 0;
	sov_site_path(reading->site, entry->name, path);
	sov_err_clear(&trouble);
	if (fd < 0)
		rc = sov_fail_errno(&trouble, path, "cannot be opened");
	else
		rc = sov_identity_read(&entry->identity, fd, path, &trouble);
	if (rc == 0 && entry->identity.kind == SOV_KIND_BROKEN)
		note_trouble(reading, &trouble);
	if (rc == 0 && entry->identity.kind != SOV_KIND_SPECIAL)
		return 1;
	if (rc == 0)
		sov_identity_release(&entry->identity);
	entry->identity.kind = SOV_KIND_SPECIAL;
	if (rc == 0)
		return 0;
	if (rc == -SOV_E_NOMEM) {
		*err = trouble;
		return rc;
	}
	note_trouble(reading, &trouble);
	return 1;
}

/* What a link says. Returns as look_at_file(). */
static int look_at_link(struct reading *reading, struct sov_entry *entry, struct sov_err *err)
{
	char target[SOV_SUBJECT_MAX];
	ssize_t n = readlinkat(reading->site->dirfd, entry->name, target, sizeof(target) - 1);

	if (n < 0)
		return 0;
	target[n] = '\0';
	entry->target = strdup(target);
	return entry->target != NULL ? 1 : sov_fail_nomem(err, entry->name);
}

/*
 * Fill an entry, of which the directory said the type; look again when it turns out to be another.
 * Returns 1, 0 when it is gone, or -SOV_E_NOMEM.
 */
static int look(struct reading *reading, struct sov_entry *entry, unsigned type,
		struct sov_err *err)
{
	struct stat st;
	int rc = 0;

	for (int i = 0; i < LOOKS && rc == 0; i++) {
		if (i == 0 && type != DT_UNKNOWN)
			entry->type = type_of_mode(DTTOIF(type));
		else if (fstatat(reading->site->dirfd, entry->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			entry->type = type_of_mode(st.st_mode);
		else
			return 0;
		if (entry->type == SOV_ENTRY_FILE && wanted(reading, entry))
			rc = look_at_file(reading, entry, err);
		else if (entry->type == SOV_ENTRY_LINK)
			rc = look_at_link(reading, entry, err);
		else
			rc = 1;
	}
	return rc;
}

/* One name of the directory. Returns 0 or -SOV_E_NOMEM. */
static int meet(struct reading *reading, const struct dirent *name, struct sov_err *err)
{
	struct sov_libdir *out = reading->out;
	struct sov_entry entry = {.identity.kind = SOV_KIND_SPECIAL};
	int rc;

	/* A hidden one is somebody's temporary file, or a backup. */
	if (name->d_name[0] == '.' || !sov_filename_parse(&entry.file, name->d_name))
		return 0;
	entry.name = strdup(name->d_name);
	if (entry.name == NULL || sov_vec_grow(&out->entry, out->count, sizeof(entry)) != 0) {
		free(entry.name);
		return sov_fail_nomem(err, name->d_name);
	}
	(void)sov_filename_parse(&entry.file, entry.name);
	rc = look(reading, &entry, name->d_type, err);
	if (rc == 1) {
		out->entry[out->count++] = entry;
		return 0;
	}
	release(&entry);
	return rc;
}

static int read_names(struct reading *reading, DIR *names, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];
	const struct dirent *name;
	int rc = 0;

	while (rc == 0) {
		errno = 0;
		name = readdir(names);
		if (name == NULL)
			break;
		rc = meet(reading, name, err);
		if (rc == 0)
			rc = sov_site_stopped(reading->site, err);
	}
	if (rc == 0 && errno != 0)
		rc = sov_fail_errno(err, sov_site_path(reading->site, "", path),
				    "cannot read the directory");
	return rc;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct sov_entry *)a)->name, ((const struct sov_entry *)b)->name);
}

/* The place of the first entry whose name is not less than @name. */
static size_t lower_bound(const struct sov_libdir *libdir, const char *name)
{
	size_t low = 0, high = libdir->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(libdir->entry[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct sov_entry *sov_libdir_find(const struct sov_libdir *libdir, const char *name)
{
	size_t i = lower_bound(libdir, name);

	return i < libdir->count && strcmp(libdir->entry[i].name, name) == 0 ? &libdir->entry[i]
									     : NULL;
}

/* Does a path lead to the site's own directory? */
static bool is_here(const struct sov_site *site, const char *path)
{
	struct sov_landing landing;
	struct stat here;
	bool is = sov_follow(&landing, site, path) == SOV_LANDING_FOUND &&
		  fstat(site->dirfd, &here) == 0 && here.st_dev == landing.status.st_dev &&
		  here.st_ino == landing.status.st_ino;

	sov_landing_release(&landing);
	return is;
}

/* The name that a link gives in its own directory, or NULL. */
static const char *find_beside(const struct reading *reading, const struct sov_entry *link)
{
	const char *name = link->target, *slash;
	char directory[SOV_SUBJECT_MAX];

	while (sov_str_starts(name, "./"))
		name += strlen("./") + strspn(name + strlen("./"), "/");
	slash = strrchr(name, '/');
	if (slash == NULL || !wanted(reading, link))
		return slash == NULL ? name : NULL;
	(void)sov_str_format(directory, sizeof(directory), "%.*s", (int)(slash + 1 - name), name);
	return is_here(reading->site, directory) ? slash + 1 : NULL;
}

/* Where a link ends that leads out of the directory, if that is in it again. */
static const struct sov_entry *come_back(const struct reading *reading, const char *target)
{
	const struct sov_entry *entry = NULL;
	struct sov_landing landing;

	if (sov_follow(&landing, reading->site, target) == SOV_LANDING_FOUND && landing.here)
		entry = sov_libdir_find(reading->out, landing.name);
	sov_landing_release(&landing);
	return entry;
}

static const struct sov_entry *find_end(const struct reading *reading,
					const struct sov_entry *start)
{
	const struct sov_entry *entry = start;

	for (int i = 0; entry != NULL && entry->type == SOV_ENTRY_LINK; i++) {
		const char *target = entry->target;

		if (i == SOV_LINKS_MAX)
			return NULL;
		entry = entry->beside != NULL ? sov_libdir_find(reading->out, entry->beside) : NULL;
		if (entry == NULL && wanted(reading, start))
			entry = come_back(reading, target);
	}
	return entry != NULL && entry->type == SOV_ENTRY_FILE ? entry : NULL;
}

/*
 * Where links end, and what the file there is, of whatever stem, when the link was asked about.
 * Returns 0 or -SOV_E_NOMEM.
 */
static int look_at_ends(struct reading *reading, struct sov_err *err)
{
	struct sov_libdir *out = reading->out;
	int rc = 0;

	for (size_t i = 0; i < out->count; i++)
		if (out->entry[i].type == SOV_ENTRY_LINK)
			out->entry[i].beside = find_beside(reading, &out->entry[i]);
	for (size_t i = 0; rc >= 0 && i < out->count; i++) {
		struct sov_entry *entry = &out->entry[i], *end;

		entry->end = find_end(reading, entry);
		end = entry->end != NULL ? &out->entry[entry->end - out->entry] : NULL;
		if (end != NULL && end != entry && end->identity.kind == SOV_KIND_SPECIAL &&
		    wanted(reading, entry) && !wanted(reading, end))
			rc = look_at_file(reading, end, err);
	}
	return rc < 0 ? rc : 0;
}

int sov_libdir_read(struct sov_libdir *out, const struct sov_site *site,
		    const struct sov_curiosity *curiosity, struct sov_err *err)
{
	struct reading reading = {.out = out, .site = site, .curiosity = curiosity};
	int fd = openat(site->dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;
	DIR *names = fd >= 0 ? fdopendir(fd) : NULL;
	char path[SOV_SUBJECT_MAX];

	*out = (struct sov_libdir){0};
	if (names == NULL) {
		rc = sov_fail_errno(err, sov_site_path(site, "", path),
				    "cannot read the directory");
		if (fd >= 0)
			(void)close(fd);
		return rc;
	}
	rc = read_names(&reading, names, err);
	(void)closedir(names);
	if (out->count > 0)
		qsort(out->entry, out->count, sizeof(*out->entry), by_name);
	if (rc == 0)
		rc = look_at_ends(&reading, err);
	if (rc != 0)
		sov_libdir_release(out);
	return rc;
}

const struct sov_entry *sov_libdir_newest_that(const struct sov_libdir *libdir, const char *soname,
					       bool (*counts)(const void *data,
							      const struct sov_entry *entry),
					       const void *data)
{
	const struct sov_entry *newest = NULL;
	struct sov_filename want;
	char first[SOV_NAME_MAX];

	if (!sov_filename_parse(&want, soname) ||
	    !sov_str_format(first, sizeof(first), "%.*s.so", (int)want.stem_len, want.stem))
		return NULL;
	/* All names of one stem stand together. */
	for (size_t i = lower_bound(libdir, first); i < libdir->count; i++) {
		const struct sov_entry *entry = &libdir->entry[i];

		if (!sov_str_starts(entry->name, first))
			break;
		if (entry->type != SOV_ENTRY_FILE || entry->identity.kind != SOV_KIND_LIBRARY ||
		    entry->identity.soname == NULL || strcmp(entry->identity.soname, soname) != 0 ||
		    !sov_filename_same_stem(&entry->file, &want) || !counts(data, entry))
			continue;
		if (newest == NULL || sov_filename_compare(&newest->file, &entry->file) < 0)
			newest = entry;
	}
	return newest;
}

static bool is_not_named(const void *name, const struct sov_entry *entry)
{
	return name == NULL || strcmp(entry->name, name) != 0;
}

const struct sov_entry *sov_libdir_newest(const struct sov_libdir *libdir, const char *soname,
					  const char *except)
{
	return sov_libdir_newest_that(libdir, soname, is_not_named, except);
}
