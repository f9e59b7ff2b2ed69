/* SPDX-License-Identifier: MIT */
#include "upgrade/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sov/elf.h>
#include <sov/names.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"

#define MANIFEST_SIZE_MAX ((size_t)16 * 1024 * 1024)

/* "usr//lib/./" below a root is "/usr/lib/": no link is followed, for where it leads below the root
 * is not where it leads for who lists it. */
static void below_root(char out[SOV_SUBJECT_MAX], const char *directory)
{
	size_t n = 1, part;

	(void)sov_str_copy(out, SOV_SUBJECT_MAX, "/");
	for (; *directory != '\0'; directory += part) {
		directory += strspn(directory, "/");
		part = strcspn(directory, "/");
		if (part == 0 || (part == 1 && directory[0] == '.') ||
		    n + part + 2 > SOV_SUBJECT_MAX)
			continue;
		memcpy(out + n, directory, part);
		n += part;
		out[n++] = '/';
		out[n] = '\0';
	}
}

/* Without a root it is the directory itself, absolute whatever the current directory is. */
static int absolute(char out[SOV_SUBJECT_MAX], const char *directory, struct sov_err *err)
{
	sov_autofree char *real = realpath(directory[0] != '\0' ? directory : ".", NULL);

	if (real == NULL)
		return sov_fail_errno(err, directory, "cannot resolve the path");
	below_root(out, real);
	return 0;
}

int sov_manifest_begin(struct sov_manifest *manifest, const struct sov_place *place,
		       struct sov_err *err)
{
	char directory[SOV_SUBJECT_MAX];
	int rc = 0;

	if (place->root != NULL && place->root[0] != '\0')
		below_root(directory, place->directory);
	else
		rc = absolute(directory, place->directory, err);
	if (rc != 0)
		return rc;
	if (strchr(directory, '\n') != NULL)
		return sov_fail(err, SOV_E_USAGE, place->directory,
				"a manifest has a path a line, and this one has two lines");
	manifest->directory = strdup(directory);
	return manifest->directory != NULL ? 0 : sov_fail_nomem(err, directory);
}

int sov_manifest_check(const char *path, struct sov_err *err)
{
	char directory[SOV_SUBJECT_MAX];
	const char *name = sov_str_basename(path);
	struct stat st;
	bool there = stat(path, &st) == 0;
	int rc;

	(void)sov_str_format(directory, sizeof(directory), "%.*s", (int)(name - path), path);
	if (there && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		rc = -1;
	} else if (there && !S_ISREG(st.st_mode)) {
		rc = faccessat(AT_FDCWD, path, W_OK, AT_EACCESS);
	} else {
		rc = faccessat(AT_FDCWD, directory[0] != '\0' ? directory : ".", W_OK | X_OK,
			       AT_EACCESS);
	}
	return rc == 0 ? 0 : sov_fail_errno(err, path, "cannot be written");
}

int sov_manifest_add(struct sov_manifest *manifest, const char *name, struct sov_err *err)
{
	size_t more = strlen(manifest->directory) + strlen(name) + strlen("\n");
	char *grown = realloc(manifest->text, manifest->size + more + 1);

	if (grown == NULL)
		return sov_fail_nomem(err, name);
	(void)sov_str_format(grown + manifest->size, more + 1, "%s%s\n", manifest->directory, name);
	manifest->text = grown;
	manifest->size += more;
	return 0;
}

void sov_manifest_release(struct sov_manifest *manifest)
{
	free(manifest->directory);
	free(manifest->text);
	*manifest = (struct sov_manifest){0};
}

static int refuse_line(const char *path, unsigned number, const char *line, const char *message,
		       struct sov_err *err)
{
	sov_fail_at(err, SOV_E_CONF, path, number, "%s", message);
	sov_expected(err, "a path that sov install --manifest has listed");
	return sov_found(err, "%s", line);
}

static int add_line(struct sov_listing *listing, const char *path, unsigned number,
		    const char *line, struct sov_err *err)
{
	const char *name = sov_str_basename(line);
	struct sov_listed *item;
	struct sov_filename file;

	if (line[0] != '/')
		return refuse_line(path, number, line, "not an absolute path", err);
	if (!sov_filename_parse(&file, name) || sov_soname_unsafe(name) != NULL)
		return refuse_line(path, number, line, "not the name of a shared library", err);
	if (sov_vec_grow(&listing->item, listing->count, sizeof(*item)) != 0)
		return sov_fail_nomem(err, path);
	item = &listing->item[listing->count];
	*item = (struct sov_listed){
		.directory = strndup(line, name - line > 1 ? (size_t)(name - line) - 1 : 1),
		.name = strdup(name)};
	listing->count++;
	return item->directory != NULL && item->name != NULL ? 0 : sov_fail_nomem(err, path);
}

static int read_lines(struct sov_listing *listing, const char *path, char *text,
		      struct sov_err *err)
{
	unsigned number = 0;
	int rc = 0;

	for (char *line = text, *next; rc == 0 && *line != '\0'; line = next) {
		size_t n = strcspn(line, "\n");

		next = line + n + (line[n] == '\n' ? 1 : 0);
		line[n] = '\0';
		number++;
		if (n > 0)
			rc = add_line(listing, path, number, line, err);
	}
	return rc;
}

static int compare(const void *a, const void *b)
{
	const struct sov_listed *x = a, *y = b;
	int order = strcmp(x->directory, y->directory);

	return order != 0 ? order : strcmp(x->name, y->name);
}

int sov_listing_read(struct sov_listing *out, const char *path, struct sov_err *err)
{
	sov_autoclose int fd = sov_identity_open(AT_FDCWD, path, 0);
	sov_autofree char *text = NULL;
	ssize_t size;
	int rc;

	if (fd < 0)
		return sov_fail_errno(err, path, "cannot open");
	size = sov_read_all(fd, MANIFEST_SIZE_MAX, &text);
	if (size < 0 && errno == EFBIG)
		return sov_fail(err, SOV_E_LIMIT, path, "larger than 16 MiB: no manifest");
	if (size < 0)
		return sov_fail_errno(err, path, "cannot read");
	if (strlen(text) != (size_t)size)
		return sov_fail(err, SOV_E_CONF, path, "not a manifest: it has a NUL byte");
	rc = read_lines(out, path, text, err);
	if (rc == 0 && out->count > 0)
		qsort(out->item, out->count, sizeof(*out->item), compare);
	return rc;
}

void sov_listing_release(struct sov_listing *listing)
{
	for (size_t i = 0; i < listing->count; i++) {
		free(listing->item[i].directory);
		free(listing->item[i].name);
	}
	free(listing->item);
	*listing = (struct sov_listing){0};
}
