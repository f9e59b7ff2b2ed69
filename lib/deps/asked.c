/* SPDX-License-Identifier: MIT */
#include "deps/asked.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

/* A path without links: of all of it, or of its directory alone. */
static char *without_links(const char *file, bool whole)
{
	char directory[SOV_SUBJECT_MAX];
	sov_autofree char *real = NULL;
	char *path = NULL;

	if (whole)
		return realpath(file, NULL);
	if (!sov_str_dirname(directory, sizeof(directory), file))
		return NULL;
	real = realpath(directory[0] != '\0' ? directory : ".", NULL);
	if (real == NULL || asprintf(&path, "%s/%s", strcmp(real, "/") != 0 ? real : "",
				     sov_str_basename(file)) < 0)
		return NULL;
	return path;
}

static bool is_program(const struct sov_catch *found)
{
	return found->file->identity.kind == SOV_KIND_PROGRAM;
}

static int too_long(const char *file, struct sov_err *err)
{
	return sov_fail(err, SOV_E_LIMIT, file, "too long a path");
}

/* Where a file of this system stands, which may lie below the root after all. */
static int place_outside(const struct sov_deps_search *search, const char *file,
			 struct sov_catch *out, struct sov_err *err)
{
	sov_autofree char *path = NULL;
	size_t n = search->top != NULL ? strlen(search->top) : 0;

	if (!is_program(out) && search->top == NULL)
		return sov_str_copy(out->path, sizeof(out->path), file) ? 0 : too_long(file, err);
	path = without_links(file, is_program(out));
	if (path == NULL)
		return sov_fail_errno(err, file, "cannot resolve");
	if (n == 1) /* "/" */
		n = 0;
	out->outside = n > 0 && (strncmp(path, search->top, n) != 0 || path[n] != '/');
	return sov_str_copy(out->path, sizeof(out->path), out->outside ? path : path + n)
		       ? 0
		       : too_long(file, err);
}

/* Where a file of the tree stands in it. */
static int place_below(const struct sov_deps_search *search, const char *file, const char *inner,
		       struct sov_catch *out, struct sov_err *err)
{
	char resolved[SOV_SUBJECT_MAX];

	out->outside = false;
	if (is_program(out) && !sov_depfiles_resolve(&search->files, inner, resolved))
		return sov_fail_errno(err, file, "cannot resolve");
	if (is_program(out))
		inner = resolved;
	return sov_str_format(out->path, sizeof(out->path), "/%s", inner + strspn(inner, "/"))
		       ? 0
		       : too_long(file, err);
}

/*
 * The part of a path behind the root: the last directory on the way that is the root ends what
 * this system has to say. NULL: it does not lead through the root, or there is none.
 */
static const char *behind_root(const struct sov_deps_search *search, char *path)
{
	const char *inner = NULL;
	struct stat root, st;

	if (search->root == NULL || fstat(search->files.root.fd, &root) < 0)
		return NULL;
	for (char *at = strchr(path, '/'); at != NULL; at = strchr(at + 1, '/')) {
		char kept = at[1];

		at[1] = '\0';
		if (stat(path, &st) == 0 && st.st_dev == root.st_dev && st.st_ino == root.st_ino)
			inner = at;
		at[1] = kept;
	}
	return inner;
}

/* A path from the top; one that begins at the current directory may begin in the tree. */
static char *from_top(const char *file)
{
	char current[SOV_SUBJECT_MAX];
	char *path = NULL;

	if (file[0] == '/')
		return strdup(file);
	if (getcwd(current, sizeof(current)) == NULL)
		return strdup("");
	return asprintf(&path, "%s/%s", current, file) < 0 ? NULL : path;
}

/* Read the file, at @inner in the tree if that is set. Returns 1: it is there, 0: not, or -code. */
static int read_file(struct sov_deps_search *search, const char *file, const char *inner,
		     struct sov_catch *out, struct sov_err *err)
{
	const struct sov_place place = {inner != NULL ? inner : file, inner == NULL};
	int rc = sov_depfiles_get(&search->files, place, &out->file, err);

	if (rc < 0 || out->file == NULL)
		return rc;
	if (out->file->identity.kind == SOV_KIND_SPECIAL) {
		sov_fail(err, SOV_E_SYSTEM, file, "not a regular file");
		return sov_found(err, "%s", out->file->identity.detail);
	}
	if (out->file->trouble == NULL)
		return 1;
	*err = *out->file->trouble;
	(void)sov_str_copy(err->subject, sizeof(err->subject), file);
	return -(int)err->code;
}

/* Why it could not be read: what opening it again says. */
static int say_why(const struct sov_deps_search *search, const char *file, const char *inner,
		   struct sov_err *err)
{
	struct sov_place place = {inner != NULL ? inner : file, inner == NULL};
	sov_autoclose int fd = sov_depfiles_open(&search->files, place, 0);
	char resolved[SOV_SUBJECT_MAX];

	if (fd >= 0)
		errno = ENOENT;
	sov_fail_errno(err, file, "cannot open");
	if (inner != NULL || search->root == NULL || file[0] == '\0' ||
	    !sov_depfiles_resolve(&search->files, file, resolved))
		return -SOV_E_SYSTEM;
	return sov_fix(err, "name it as this system does: %s/%s", search->root, file);
}

int sov_asked_find(struct sov_deps_search *search, const char *file, struct sov_catch *out,
		   struct sov_err *err)
{
	sov_autofree char *path = from_top(file);
	const char *inner;
	struct stat st;
	int rc;

	if (path == NULL)
		return sov_fail_nomem(err, file);
	inner = file[0] != '\0' ? behind_root(search, path) : NULL;
	if (inner == NULL && search->root != NULL && file[0] == '/' && stat(file, &st) < 0 &&
	    (errno == ENOENT || errno == ENOTDIR))
		inner = file;
	rc = read_file(search, file, inner, out, err);
	if (rc < 0)
		return rc;
	if (rc == 0)
		return say_why(search, file, inner, err);
	return inner != NULL ? place_below(search, file, inner, out, err)
			     : place_outside(search, file, out, err);
}
