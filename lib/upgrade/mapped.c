/* SPDX-License-Identifier: MIT */
/*
 * A line of maps tells device, inode and path of a file. None of them alone says what has become
 * of it:
 *
 * - The path is that of the directory entry, followed through renames. The kernel puts " (deleted)"
 *   behind it when the entry was removed or another file was renamed over it; a file may also be
 *   called so.
 * - An inode number is given to another file once this one is gone from every process; not before,
 *   so that it is good for comparing.
 * - The device is that of the super block. btrfs tells stat(2) another one, and so did overlayfs,
 *   inode included, before Linux 6.8; on these the file behind map_files is asked, and who may not
 *   do that has the path to go by.
 * - The path is from our root where our root is above it. In another mount namespace it is from the
 *   top of that, and may be looked up by /proc/PID/root.
 */
#include "upgrade/mapped.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <sov/elf.h>
#include <sov/names.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"

/* struct sov_soname_entry - what one file said, by what it was told from others. */
struct sov_soname_entry {
	uint64_t device, inode;
	char *soname; /* NULL = it has none */
};

void sov_sonames_release(struct sov_sonames *sonames)
{
	for (size_t i = 0; i < sonames->count; i++)
		free(sonames->item[i].soname);
	free(sonames->item);
	*sonames = (struct sov_sonames){0};
}

bool sov_mapped_is(const struct sov_mapped *mapped, const struct stat *st)
{
	return mapped->inode == (uint64_t)st->st_ino &&
	       (!mapped->exact || mapped->device == (uint64_t)st->st_dev);
}

/* What lies at a path of the process. Returns false with errno. */
static bool look(const struct sov_process *process, const char *path, struct stat *st)
{
	sov_autoclose int fd = sov_process_look(process, path);

	return fd >= 0 && fstat(fd, st) == 0;
}

/* On overlayfs neither number of maps need be one that stat(2) says. */
static bool is_overlay(const struct sov_process *process, const char *path)
{
	sov_autoclose int fd = sov_process_look(process, path);
	struct statfs fs;

	return fd >= 0 && fstatfs(fd, &fs) == 0 && fs.f_type == OVERLAYFS_SUPER_MAGIC;
}

/* Does the path lead to the mapped file? Fills what is known of that. */
static void try_path(struct sov_mapped *out, const struct sov_process *process, bool deleted)
{
	struct stat st;

	out->found = look(process, out->path, &st);
	out->lost = !out->found && errno != ENOENT && errno != ENOTDIR;
	out->named = out->found && sov_mapped_is(out, &st);
	if (out->found && !out->named && !deleted && !out->exact)
		out->named = is_overlay(process, out->path);
}

/* The path without what the kernel has added to it. */
static void settle_path(struct sov_mapped *out, const struct sov_process *process)
{
	const char *const tail = " (deleted)";
	struct stat st;
	sov_autofree char *raw = strdup(out->path);

	if (sov_mapping_unescape(out->path) && raw != NULL && !look(process, out->path, &st) &&
	    look(process, raw, &st))
		strcpy(out->path, raw); /* it is called so */
	if (!sov_mapping_deleted(out->path)) {
		try_path(out, process, false);
		return;
	}
	try_path(out, process, true);
	if (out->named)
		return;
	out->path[strlen(out->path) - strlen(tail)] = '\0';
	/* The same file may have its name again: linked elsewhere meanwhile, and back. */
	try_path(out, process, true);
}

/* The mapped file, open for reading: by map_files, or by its name when that leads there. */
static int open_mapped(const struct sov_mapped *mapped, const struct sov_process *process)
{
	int fd = mapped->exact ? sov_process_open(process, &mapped->mapping) : -1;
	struct stat st;

	if (fd >= 0 || !mapped->named || process->rootfd >= 0)
		return fd;
	fd = sov_identity_open(AT_FDCWD, mapped->path, 0);
	if (fd >= 0 && (fstat(fd, &st) != 0 || !sov_mapped_is(mapped, &st))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int read_soname(struct sov_mapped *mapped, const struct sov_process *process,
		       struct sov_sonames *sonames, struct sov_err *err)
{
	struct sov_soname_entry entry = {mapped->device, mapped->inode, NULL};
	struct sov_identity identity = {0};
	struct sov_err ignored;
	sov_autoclose int fd = open_mapped(mapped, process);

	if (fd < 0)
		return 0;
	if (sov_identity_read(&identity, fd, mapped->path, &ignored) == 0)
		entry.soname = sov_take(identity.soname);
	sov_identity_release(&identity);
	mapped->soname = entry.soname;
	if (sov_vec_grow(&sonames->item, sonames->count, sizeof(entry)) != 0) {
		free(entry.soname);
		mapped->soname = NULL;
		return sov_fail_nomem(err, mapped->path);
	}
	sonames->item[sonames->count++] = entry;
	return 0;
}

static int find_soname(struct sov_mapped *mapped, const struct sov_process *process,
		       struct sov_sonames *sonames, struct sov_err *err)
{
	for (size_t i = 0; i < sonames->count; i++) {
		const struct sov_soname_entry *entry = &sonames->item[i];

		if (entry->inode == mapped->inode && entry->device == mapped->device) {
			mapped->soname = entry->soname;
			return 0;
		}
	}
	return read_soname(mapped, process, sonames, err);
}

int sov_mapped_look(struct sov_mapped *out, const struct sov_process *process,
		    const struct sov_mapping *mapping, struct sov_sonames *sonames,
		    struct sov_err *err)
{
	struct stat st;

	*out = (struct sov_mapped){.mapping = *mapping, .path = strdup(mapping->path)};
	if (out->path == NULL)
		return sov_fail_nomem(err, mapping->path);
	out->mapping.path = "";
	out->exact = sov_process_stat(process, mapping, &st);
	out->device =
		out->exact ? (uint64_t)st.st_dev : (uint64_t)mapping->major << 32 | mapping->minor;
	out->inode = out->exact ? (uint64_t)st.st_ino : mapping->inode;
	settle_path(out, process);
	return find_soname(out, process, sonames, err);
}

/* The real path of an open file, as sov_process_look() gave it. Returns NULL when out of memory. */
static char *real_path(int fd)
{
	char link[64], path[SOV_SUBJECT_MAX];
	ssize_t n;

	(void)sov_str_format(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	return n > 0 ? strndup(path, (size_t)n) : strdup("");
}

/* The path of a name beside a file. Returns NULL when out of memory. */
static char *beside(const char *path, const char *name)
{
	char *out = NULL;
	int n = (int)(sov_str_basename(path) - path);

	return asprintf(&out, "%.*s%s", n, path, name) >= 0 ? out : NULL;
}

/* The file that a path of the process leads to, if it is another one. */
static int another(const struct sov_mapped *mapped, const struct sov_process *process,
		   const char *path, char **now, struct sov_err *err)
{
	sov_autoclose int fd = sov_process_look(process, path);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0 || sov_mapped_is(mapped, &st))
		return 0;
	*now = real_path(fd);
	return *now != NULL ? 0 : sov_fail_nomem(err, path);
}

static int behind_soname(const struct sov_mapped *mapped, const struct sov_process *process,
			 const char *soname, char **now, struct sov_err *err)
{
	sov_autofree char *path = NULL;

	if (soname == NULL || sov_soname_unsafe(soname) != NULL)
		return 0;
	path = beside(mapped->path, soname);
	if (path == NULL)
		return sov_fail_nomem(err, mapped->path);
	/* Under that very name: whether it is this file was asked already, with more care. */
	if (mapped->named && strcmp(path, mapped->path) == 0)
		return 0;
	return another(mapped, process, path, now, err);
}

int sov_mapped_judge(const struct sov_mapped *mapped, const struct sov_process *process,
		     const char *soname, enum sov_use_state *state, char **now, struct sov_err *err)
{
	int code = behind_soname(mapped, process, soname, now, err);

	if (mapped->lost)
		*state = SOV_USE_UNKNOWN;
	else if (mapped->named)
		*state = *now == NULL ? SOV_USE_PRESENT : SOV_USE_OLD;
	else
		*state = mapped->found ? SOV_USE_REPLACED : SOV_USE_DELETED;
	if (code == 0 && *now == NULL && *state == SOV_USE_REPLACED)
		code = another(mapped, process, mapped->path, now, err);
	return code;
}

bool sov_mapped_apart(const struct sov_mapped *mapped, const struct sov_process *process)
{
	sov_autofree char *directory = NULL;
	struct stat ours, theirs;

	if (process->rootfd < 0)
		return false;
	directory = beside(mapped->path, "");
	return directory == NULL || stat(directory, &ours) != 0 ||
	       !look(process, directory, &theirs) || ours.st_dev != theirs.st_dev ||
	       ours.st_ino != theirs.st_ino;
}
