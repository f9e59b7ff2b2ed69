/* SPDX-License-Identifier: MIT */
#include "lint/layout.h"

#include <fnmatch.h>
#include <string.h>

#include "base/str.h"

static const char *const libdirs[] = {"lib", "lib32", "lib64", "libx32"};
static const char *const prefixes[] = {"usr/local/", "usr/", "local/"};

/* Debian's list of multiarch tuples, by what they have in common: CPU, kernel, library, ABI. */
static const char *const triplets[] = {
	"[a-z]*-linux-gnu*",   "[a-z]*-linux-musl*", "[a-z]*-linux-uclibc*",
	"[a-z]*-kfreebsd-gnu", "i386-gnu",	     "x86_64-gnu",
};

/* The FHS's, as far as something that links point at may lie there. */
static const char *const tops[] = {
	"bin", "etc", "lib", "lib32", "lib64", "libx32", "opt", "sbin", "srv", "usr", "var",
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool is_listed(const char *const *words, size_t count, const char *name, size_t n)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i]) == n && memcmp(words[i], name, n) == 0)
			return true;
	return false;
}

static bool is_triplet(const char *name)
{
	if (strchr(name, '/') != NULL)
		return false;
	for (size_t i = 0; i < COUNT(triplets); i++)
		if (fnmatch(triplets[i], name, 0) == 0)
			return true;
	return false;
}

/* A directory of libraries, or a triplet in one. */
static bool is_libdir(const char *path)
{
	size_t n = strcspn(path, "/");

	if (!is_listed(libdirs, COUNT(libdirs), path, n))
		return false;
	return path[n] == '\0' || is_triplet(path + n + 1);
}

bool sov_layout_is_public(const char *directory)
{
	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (sov_str_starts(directory, prefixes[i]))
			return is_libdir(directory + strlen(prefixes[i]));
	return directory[0] == '\0' || is_libdir(directory) || is_triplet(directory);
}

static bool is_anchor(const char *path)
{
	return strcmp(path, "usr") == 0 || strcmp(path, "usr/local") == 0 ||
	       (sov_str_starts(path, "usr/") && sov_layout_is_public(path));
}

const char *sov_layout_anchor(const char *path)
{
	if (path[0] == '/' && is_libdir(path + 1))
		return path + 1;
	for (const char *at = strchr(path, '/'); at != NULL; at = strchr(at + 1, '/'))
		if (is_anchor(at + 1))
			return at + 1;
	return path + strlen(path);
}

bool sov_layout_top(const char *name, size_t n)
{
	return is_listed(tops, COUNT(tops), name, n);
}
