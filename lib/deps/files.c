/* SPDX-License-Identifier: MIT */
#include "deps/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "fs/below.h"

/* struct sov_known_path - a path that was asked for, and what is there. */
struct sov_known_path {
	char *path;
	bool outside;
	bool directory;			/* it was asked whether it is a directory */
	bool is_directory;		/* the answer */
	const struct sov_depfile *file; /* NULL = none */
};

int sov_depfiles_init(struct sov_depfiles *files, const char *root, struct sov_err *err)
{
	*files = (struct sov_depfiles){
		.root = {.fd = AT_FDCWD, .path = "", .anchor = ""}
	  };
	if (root == NULL || root[0] == '\0')
		return 0;
	files->root.path = root;
	files->root.fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return files->root.fd >= 0 ? 0 : sov_fail_errno(err, root, "cannot open the root");
}

static void file_free(struct sov_depfile *file)
{
	sov_identity_release(&file->identity);
	sov_linkage_release(&file->linkage);
	free(file->trouble);
	free(file);
}

void sov_depfiles_release(struct sov_depfiles *files)
{
	for (size_t i = 0; i < files->count; i++)
		file_free(files->item[i]);
	for (size_t i = 0; i < files->path_count; i++)
		free(files->paths[i].path);
	free(files->item);
	free(files->paths);
	sov_index_release(&files->by_inode);
	sov_index_release(&files->by_path);
	if (files->root.fd >= 0)
		close(files->root.fd);
	*files = (struct sov_depfiles){.root = {.fd = AT_FDCWD}};
}

/* As in a chroot(2), ".." above the root is the root. */
static bool resolve(const struct sov_root *root, const char *path, char out[SOV_SUBJECT_MAX])
{
	enum sov_link_end end = sov_tree_resolve(root, "", path, out);
	char rest[SOV_SUBJECT_MAX];

	for (int i = 0; end == SOV_LINK_ESCAPES && i < 40; i++) {
		memcpy(rest, out, sizeof(rest));
		end = sov_tree_resolve(root, "", rest, out);
	}
	if (end != SOV_LINK_FOUND)
		errno = end == SOV_LINK_LOOP ? ELOOP : ENOENT;
	return end == SOV_LINK_FOUND;
}

/* The links of the path are followed first; then nothing that somebody puts there meanwhile is. */
static int open_below(const struct sov_root *root, const char *path, int flags)
{
	char resolved[SOV_SUBJECT_MAX], directory[SOV_SUBJECT_MAX];
	sov_autoclose int dirfd = -1;

	if (!resolve(root, path, resolved))
		return -1;
	if ((flags & O_DIRECTORY) != 0)
		return sov_below_open(root->fd, resolved, O_RDONLY);
	sov_str_dirname(directory, sizeof(directory), resolved);
	dirfd = sov_below_open(root->fd, directory, O_PATH);
	if (dirfd < 0)
		return -1;
	return sov_identity_open(dirfd, resolved[0] != '\0' ? sov_str_basename(resolved) : ".",
				 O_NOFOLLOW);
}

bool sov_depfiles_resolve(const struct sov_depfiles *files, const char *path,
			  char out[SOV_SUBJECT_MAX])
{
	return resolve(&files->root, path, out);
}

int sov_depfiles_open(const struct sov_depfiles *files, struct sov_place place, int flags)
{
	if (files->root.fd == AT_FDCWD || place.outside)
		return sov_identity_open(AT_FDCWD, place.path, flags);
	return open_below(&files->root, place.path, flags);
}

/* Which paths are alike: those that are searched for files, and those asked for as directories. */
static uint64_t path_hash(struct sov_place place, bool directory)
{
	return sov_hash_text((place.outside ? 1U : 0U) | (directory ? 2U : 0U), place.path);
}

static struct sov_known_path *known_path(const struct sov_depfiles *files, struct sov_place place,
					 bool directory)
{
	size_t node = sov_index_first(&files->by_path, path_hash(place, directory));

	for (; node != SOV_NONE; node = sov_index_next(&files->by_path, node)) {
		struct sov_known_path *known = &files->paths[files->by_path.nodes[node].thing];

		if (known->outside == place.outside && known->directory == directory &&
		    strcmp(known->path, place.path) == 0)
			return known;
	}
	return NULL;
}

/* Remember a path. Returns NULL when out of memory. */
static struct sov_known_path *note_path(struct sov_depfiles *files, struct sov_place place,
					bool directory)
{
	struct sov_known_path *known;

	if (sov_vec_grow(&files->paths, files->path_count, sizeof(*files->paths)) < 0)
		return NULL;
	known = &files->paths[files->path_count];
	*known = (struct sov_known_path){
		.path = strdup(place.path), .outside = place.outside, .directory = directory};
	if (known->path == NULL ||
	    sov_index_add(&files->by_path, path_hash(place, directory), files->path_count) < 0) {
		free(known->path);
		return NULL;
	}
	files->path_count++;
	return known;
}

static const struct sov_depfile *file_of_inode(const struct sov_depfiles *files,
					       const struct stat *st)
{
	uint64_t hash = sov_hash_numbers((uint64_t)st->st_dev, (uint64_t)st->st_ino);
	size_t node = sov_index_first(&files->by_inode, hash);

	for (; node != SOV_NONE; node = sov_index_next(&files->by_inode, node)) {
		const struct sov_depfile *file = files->item[files->by_inode.nodes[node].thing];

		if (file->identity.device == (uint64_t)st->st_dev &&
		    file->identity.inode == (uint64_t)st->st_ino)
			return file;
	}
	return NULL;
}

static int keep_trouble(struct sov_depfile *file, const struct sov_err *trouble,
			struct sov_err *err)
{
	file->trouble = malloc(sizeof(*trouble));
	if (file->trouble == NULL)
		return sov_fail_nomem(err, trouble->subject);
	*file->trouble = *trouble;
	return 0;
}

/* Read a file that has not been met before into a new place of the list. */
static int read_file(struct sov_depfiles *files, int fd, const char *path, struct sov_err *err)
{
	struct sov_depfile *file = calloc(1, sizeof(*file));
	int rc;

	if (file == NULL)
		return sov_fail_nomem(err, path);
	rc = sov_linkage_read(&file->identity, &file->linkage, fd, path, err);
	if (rc == 0 && file->identity.kind == SOV_KIND_BROKEN)
		rc = keep_trouble(file, err, err);
	if (rc == 0 &&
	    (sov_vec_grow(&files->item, files->count, sizeof(struct sov_depfile *)) < 0 ||
	     sov_index_add(&files->by_inode,
			   sov_hash_numbers(file->identity.device, file->identity.inode),
			   files->count) < 0))
		rc = sov_fail_nomem(err, path);
	if (rc < 0) {
		file_free(file);
		return rc;
	}
	files->item[files->count++] = file;
	return 0;
}

static int load(struct sov_depfiles *files, int fd, const char *path,
		const struct sov_depfile **out, struct sov_err *err)
{
	struct stat st;
	int rc;

	if (fstat(fd, &st) < 0)
		return sov_fail_errno(err, path, "cannot stat");
	*out = file_of_inode(files, &st);
	if (*out != NULL)
		return 0;
	rc = read_file(files, fd, path, err);
	if (rc == 0)
		*out = files->item[files->count - 1];
	return rc;
}

/* Not "there is nothing", but "we could not look". */
static bool is_trouble(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM || error == EIO;
}

int sov_depfiles_get(struct sov_depfiles *files, struct sov_place place,
		     const struct sov_depfile **out, struct sov_err *err)
{
	struct sov_known_path *known = known_path(files, place, false);
	sov_autoclose int fd = -1;
	int rc = 0;

	*out = NULL;
	if (known == NULL) {
		fd = sov_depfiles_open(files, place, 0);
		if (fd < 0 && is_trouble(errno))
			return sov_fail_errno(err, place.path, "cannot open");
		if (fd >= 0)
			rc = load(files, fd, place.path, out, err);
		if (rc < 0)
			return rc;
		known = note_path(files, place, false);
		if (known == NULL)
			return sov_fail_nomem(err, place.path);
		known->file = *out;
	}
	*out = known->file;
	return 0;
}

int sov_depfiles_has_directory(struct sov_depfiles *files, struct sov_place place, bool *out,
			       struct sov_err *err)
{
	struct sov_known_path *known = known_path(files, place, true);
	sov_autoclose int fd = -1;

	if (known == NULL) {
		known = note_path(files, place, true);
		if (known == NULL)
			return sov_fail_nomem(err, place.path);
		fd = sov_depfiles_open(files, place, O_DIRECTORY);
		known->is_directory = fd >= 0;
	}
	*out = known->is_directory;
	return 0;
}
