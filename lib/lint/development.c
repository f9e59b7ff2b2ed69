/* SPDX-License-Identifier: MIT */
#include "lint/development.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && memcmp(text + n - m, end, m) == 0;
}

bool sov_development_is_static(const char *name)
{
	return sov_str_starts(name, "lib") && (ends_with(name, ".a") || ends_with(name, ".la"));
}

bool sov_development_is_pc(const char *directory, const char *name)
{
	return ends_with(name, ".pc") && strcmp(sov_str_basename(directory), "pkgconfig") == 0;
}

/* Note NAME of each -lNAME on a line of n bytes. */
static int note_libraries(struct sov_facts *facts, const char *line, size_t n)
{
	const char *end = line + n;

	while (line < end) {
		size_t blank = strspn(line, " \t\r\"'"), word;

		line += blank;
		word = strcspn(line, " \t\r\n\"'");
		if (line >= end || word == 0)
			break;
		if (word > 2 && memcmp(line, "-l", 2) == 0) {
			size_t at = facts->linked.count;

			if (sov_strs_addn(&facts->linked, line + 2, word - 2) != 0 ||
			    sov_index_add(&facts->linked_index,
					  sov_hash_text(0, facts->linked.item[at]), at) != 0)
				return -1;
		}
		line += word;
	}
	return 0;
}

int sov_development_read_pc(struct sov_facts *facts, const char *text)
{
	int rc = 0;

	while (rc == 0 && *text != '\0') {
		size_t n = strcspn(text, "\n");

		if (sov_str_starts(text, "Libs:"))
			rc = note_libraries(facts, text + strlen("Libs:"), n - strlen("Libs:"));
		text += n + (text[n] == '\n' ? 1 : 0);
	}
	return rc;
}

static bool is_system(int root_fd)
{
	static const char *const files[] = {"os-release", "lib/os-release", "usr/lib/os-release",
					    "etc/os-release"};

	for (size_t i = 0; i < COUNT(files); i++)
		if (faccessat(root_fd, files[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return true;
	return false;
}

static bool holds_something(int root_fd, const char *path)
{
	int fd = openat(root_fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	int names = 0;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (names < 3 && readdir(dir) != NULL) /* more than "." and ".." */
		names++;
	closedir(dir);
	return names == 3;
}

bool sov_development_has_headers(int root_fd)
{
	static const char *const directories[] = {"include", "usr/include", "usr/local/include",
						  "local/include"};

	for (size_t i = 0; i < COUNT(directories); i++)
		if (holds_something(root_fd, directories[i]))
			return !is_system(root_fd);
	return false;
}

/* Is `libdemo.a` or `libdemo.la` beside it? */
static bool has_static(const struct sov_facts *facts, const struct sov_entry *entry,
		       const struct sov_filename *soname)
{
	static const char *const suffixes[] = {".a", ".la"};
	char name[SOV_NAME_MAX];

	for (size_t i = 0; i < COUNT(suffixes); i++)
		if (sov_str_format(name, sizeof(name), "%.*s%s", (int)soname->stem_len,
				   soname->stem, suffixes[i]) &&
		    sov_facts_beside(facts, entry, name) != NULL)
			return true;
	return false;
}

bool sov_development_is_offered(const struct sov_facts *facts, const struct sov_entry *entry,
				const struct sov_filename *soname)
{
	if (facts->has_headers || has_static(facts, entry, soname))
		return true;
	return soname->stem_len > 3 && memcmp(soname->stem, "lib", 3) == 0 &&
	       sov_facts_is_linked(facts, soname->stem + 3, soname->stem_len - 3);
}
