/* SPDX-License-Identifier: MIT */
/*
 * floor - the least that looking at, or linking to, the libraries of a directory costs.
 *
 *     floor DIR           list it, open each regular file lib*.so.*, read its first page
 *     floor DIR make      and make its soname link: lib0.so.1 for lib0.so.1.0.0
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096

/* Everything up to the first number behind ".so.". */
static int make_link(int dirfd, const char *name)
{
	char link[NAME_MAX + 1];
	const char *number = strstr(name, ".so.") + 4;
	size_t length = (size_t)(number - name) + strcspn(number, ".");

	memcpy(link, name, length);
	link[length] = '\0';
	return symlinkat(name, dirfd, link);
}

static int look_at(int dirfd, const char *name, int make)
{
	char page[PAGE];
	struct stat st;
	int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return 0; /* a link */
	int good = fstat(fd, &st) == 0 && pread(fd, page, sizeof(page), 0) > 0;
	close(fd);
	return good && (!make || make_link(dirfd, name) == 0) ? 0 : -1;
}

int main(int argc, char **argv)
{
	DIR *dir = argc > 1 ? opendir(argv[1]) : NULL;
	const struct dirent *entry;
	int failed = dir == NULL;

	while (!failed && (entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, "lib", 3) == 0 && strstr(entry->d_name, ".so.") != NULL)
			failed = look_at(dirfd(dir), entry->d_name, argc > 2) != 0;
	return failed;
}
