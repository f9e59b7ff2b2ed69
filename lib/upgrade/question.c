/* SPDX-License-Identifier: MIT */
#include "upgrade/question.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sov/elf.h>

#include "base/mem.h"
#include "base/str.h"

void sov_question_release(struct sov_question *question)
{
	free(question->directory);
	free(question->name);
	free(question->soname);
	*question = (struct sov_question){0};
}

static int fail_no_library(struct sov_err *err, const char *operand)
{
	sov_fail(err, SOV_E_USAGE, operand, "names no shared library");
	return sov_expected(err, "a library, a SONAME such as libz.so.1, or a directory");
}

static bool is_library_name(const char *name)
{
	struct sov_filename file;

	return sov_filename_parse(&file, name);
}

/* The real path of an open file; by way of /proc it is found also below directories that we may not
 * search. NULL with errno. */
static char *real_path(int fd, const char *path)
{
	char link[64], real[SOV_SUBJECT_MAX];
	ssize_t n;

	(void)sov_str_format(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, real, sizeof(real) - 1);
	return n > 0 && real[0] == '/' ? strndup(real, (size_t)n) : realpath(path, NULL);
}

/* The real path of a directory, and which one it is. */
static int take_directory(struct sov_question *out, const char *path, struct sov_err *err)
{
	sov_autoclose int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0)
		out->directory = real_path(fd, path);
	if (out->directory == NULL)
		return sov_fail_errno(err, path, "cannot open the directory");
	out->directory_device = (uint64_t)st.st_dev;
	out->directory_inode = (uint64_t)st.st_ino;
	return 0;
}

/* The directory that a path is in, and its last part. */
static int take_parts(struct sov_question *out, const char *path, struct sov_err *err)
{
	char directory[SOV_SUBJECT_MAX];

	if (!sov_str_dirname(directory, sizeof(directory), path))
		return sov_fail(err, SOV_E_LIMIT, path, "is too long a path");
	out->name = strdup(sov_str_basename(path));
	if (out->name == NULL)
		return sov_fail_nomem(err, path);
	return take_directory(out, directory[0] != '\0' ? directory : ".", err);
}

/* A file that is there: where it really lies, and what it says of itself. */
static int ask_file(struct sov_question *out, const char *operand, struct sov_err *err)
{
	struct sov_identity identity = {0};
	struct sov_err ignored;
	sov_autoclose int fd = open(operand, O_PATH | O_CLOEXEC);
	sov_autofree char *real = fd >= 0 ? real_path(fd, operand) : NULL;
	int code = real != NULL ? take_parts(out, real, err)
				: sov_fail_errno(err, operand, "cannot find the file");

	if (code != 0)
		return code;
	/* What can't be read, or is broken, may be asked for by its name all the same. */
	if (sov_identity_of(&identity, operand, &ignored) != 0 ||
	    identity.kind != SOV_KIND_LIBRARY) {
		code = is_library_name(out->name) ? 0 : fail_no_library(err, operand);
	} else {
		out->there = true;
		out->device = identity.device;
		out->inode = identity.inode;
		out->soname = sov_take(identity.soname);
	}
	sov_identity_release(&identity);
	return code;
}

/* A name that nothing has: of a file that is no more, or a SONAME. */
static int ask_name(struct sov_question *out, const char *operand, struct sov_err *err)
{
	out->absent = strchr(operand, '/') != NULL;
	if (!is_library_name(sov_str_basename(operand))) {
		errno = ENOENT;
		return out->absent ? sov_fail_errno(err, operand, "cannot find the file")
				   : fail_no_library(err, operand);
	}
	if (out->absent)
		return take_parts(out, operand, err);
	out->name = strdup(operand);
	return out->name != NULL ? 0 : sov_fail_nomem(err, operand);
}

static int read_question(struct sov_question *out, const char *operand, struct sov_err *err)
{
	struct stat st;

	if (stat(operand, &st) != 0) {
		if (errno == ENOENT)
			return ask_name(out, operand, err);
		return sov_fail_errno(err, operand, "cannot find the file");
	}
	out->below = S_ISDIR(st.st_mode);
	if (out->below)
		return take_directory(out, operand, err);
	return S_ISREG(st.st_mode) ? ask_file(out, operand, err) : fail_no_library(err, operand);
}

int sov_question_read(struct sov_question *out, const char *operand, struct sov_err *err)
{
	int code;

	*out = (struct sov_question){0};
	code = read_question(out, operand, err);
	if (code != 0)
		sov_question_release(out);
	return code;
}

/* Has a name ".so" in it as libraries have, "libx.so.1.0.bak" and "x.so-old" as well? */
static bool looks_like_a_library(const char *name)
{
	for (const char *at = strstr(name, ".so"); at != NULL; at = strstr(at + 1, ".so"))
		if (!isalnum((unsigned char)at[strlen(".so")]))
			return true;
	return false;
}

bool sov_question_may_want(const struct sov_question *question, const struct sov_mapping *mapping)
{
	/* memfd_create(2): a file without directory */
	if (mapping->path[0] != '/' || sov_str_starts(mapping->path, "/memfd:"))
		return false;
	return looks_like_a_library(sov_str_basename(mapping->path)) ||
	       (question->there && question->inode == mapping->inode);
}

/* Is `name` the library name `first`, or that with more numbers behind it? */
static bool continues(const char *name, const char *first)
{
	struct sov_filename file, base;
	size_t n = strlen(first);

	return sov_filename_parse(&file, name) && sov_filename_parse(&base, first) &&
	       sov_filename_same_stem(&file, &base) && strncmp(name, first, n) == 0 &&
	       (name[n] == '\0' || name[n] == '.');
}

/* libx.so.1 is asked for: a file of that SONAME whatever its name is; and where its SONAME can't be
 * read, or libx.so was asked for, that goes by names. */
static bool has_name(const struct sov_question *question, const struct sov_mapped *mapped)
{
	const char *name = sov_str_basename(mapped->path), *soname = sov_question_soname(question);
	struct sov_filename file;

	if (strcmp(name, question->name) == 0 || strcmp(name, soname) == 0)
		return true;
	if (mapped->soname != NULL && strcmp(mapped->soname, soname) == 0)
		return true;
	if (mapped->soname != NULL && sov_filename_parse(&file, soname) && file.count > 0)
		return false;
	return continues(name, soname);
}

/* Is the file in the directory, or (question->below) somewhere below it? */
static bool is_in_directory(const struct sov_question *question, const struct sov_mapped *mapped,
			    const struct sov_process *process)
{
	const char *path = mapped->path, *directory = question->directory;
	size_t n = strcmp(directory, "/") == 0 ? 0 : strlen(directory);
	char parent[SOV_SUBJECT_MAX];
	struct stat st;
	sov_autoclose int fd = -1;

	if (strncmp(path, directory, n) == 0 && path[n] == '/' &&
	    (question->below || strchr(path + n + 1, '/') == NULL))
		return true;
	/* The same directory by another way: mounted twice. */
	if (!sov_str_dirname(parent, sizeof(parent), path))
		return false;
	fd = sov_process_look(process, parent);
	return fd >= 0 && fstat(fd, &st) == 0 &&
	       question->directory_device == (uint64_t)st.st_dev &&
	       question->directory_inode == (uint64_t)st.st_ino;
}

bool sov_question_wants(const struct sov_question *question, const struct sov_mapped *mapped,
			const struct sov_process *process)
{
	if (question->there && question->inode == mapped->inode &&
	    (!mapped->exact || question->device == mapped->device))
		return true;
	if (!looks_like_a_library(sov_str_basename(mapped->path)))
		return false;
	if (question->directory != NULL && !is_in_directory(question, mapped, process))
		return false;
	return question->below || has_name(question, mapped);
}

const char *sov_question_soname(const struct sov_question *question)
{
	return question->soname != NULL ? question->soname : question->name;
}
