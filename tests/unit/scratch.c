/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "unit.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elfimage.h"

int scratch_setup(void **state)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));
	const char *tmp = getenv("TMPDIR");

	if (scratch == NULL)
		return -1;
	snprintf(scratch->path, sizeof(scratch->path), "%s/sov-unit-XXXXXX",
		 tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(scratch->path) == NULL)
		return -1;
	scratch->fd = open(scratch->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = scratch;
	return scratch->fd >= 0 ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int scratch_teardown(void **state)
{
	struct scratch *scratch = *state;

	close(scratch->fd);
	nftw(scratch->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(scratch);
	return 0;
}

static void make_parents(const struct scratch *scratch, const char *path)
{
	char parent[4096];

	for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path), path);
		if (mkdirat(scratch->fd, parent, 0755) != 0)
			assert_int_equal(errno, EEXIST);
	}
}

void scratch_directory(const struct scratch *scratch, const char *path)
{
	make_parents(scratch, path);
	assert_return_code(mkdirat(scratch->fd, path, 0755), errno);
}

static void write_file(const struct scratch *scratch, const char *path, const void *bytes, size_t n)
{
	int fd;

	make_parents(scratch, path);
	fd = openat(scratch->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_return_code(fd, errno);
	assert_int_equal(write(fd, bytes, n), n);
	close(fd);
}

void scratch_file(const struct scratch *scratch, const char *path, const char *text)
{
	write_file(scratch, path, text, strlen(text));
}

void scratch_link(const struct scratch *scratch, const char *path, const char *target)
{
	make_parents(scratch, path);
	assert_return_code(symlinkat(target, scratch->fd, path), errno);
}

void scratch_library(const struct scratch *scratch, const char *path, const char *soname)
{
	static struct elfimage image;

	elfimage_begin(&image, 64, false);
	if (soname != NULL)
		elfimage_string(&image, DT_SONAME, soname);
	elfimage_finish(&image, ET_DYN);
	write_file(scratch, path, image.bytes, image.size);
}

bool scratch_exists(const struct scratch *scratch, const char *path)
{
	return faccessat(scratch->fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

const char *scratch_target(const struct scratch *scratch, const char *path)
{
	static char target[4096];
	ssize_t n = readlinkat(scratch->fd, path, target, sizeof(target) - 1);

	assert_return_code((int)n, errno);
	target[n] = '\0';
	return target;
}

unsigned scratch_names(const struct scratch *scratch, const char *path)
{
	int fd = openat(scratch->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fdopendir(fd);
	unsigned count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count - 2; /* "." and ".." */
}
