/* SPDX-License-Identifier: MIT */
#include "deps/ldconf.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"

enum {
	VISITS_MAX = 1024,	/* files and directories read, of all includes */
	DEPTH_MAX = 16,		/* files that include one another */
	DIRECTORIES_MAX = 4096, /* that all files name */
	CONF_MAX = 1 << 20,	/* bytes of one */
};

/* Take a word off a line; the line goes on behind it. */
static char *take_word(char **line)
{
	char *word = *line + strspn(*line, " \t\r\f\v");
	size_t n = strcspn(word, " \t\r\f\v");

	*line = word + n;
	if (word[n] != '\0') {
		word[n] = '\0';
		++*line;
	}
	return word;
}

static bool has_pattern(const char *text)
{
	return strpbrk(text, "*?[") != NULL;
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int compare_texts(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The names in a directory that match, sorted. One that can't be read has none. */
static int match_names(struct sov_strs *out, const struct sov_depfiles *files,
		       const char *directory, const char *pattern)
{
	struct sov_place place = {directory[0] != '\0' ? directory : "/", false};
	int fd = sov_depfiles_open(files, place, O_DIRECTORY), rc = 0;
	DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (stream == NULL) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (rc == 0 && out->count < VISITS_MAX && (entry = readdir(stream)) != NULL)
		if (!is_dots(entry->d_name) && fnmatch(pattern, entry->d_name, FNM_PERIOD) == 0)
			rc = sov_strs_add(out, entry->d_name);
	closedir(stream);
	if (out->count > 1)
		qsort(out->item, out->count, sizeof(*out->item), compare_texts);
	return rc;
}

static int include(struct sov_ldconf *conf, const struct sov_depfiles *files, const char *directory,
		   const char *pattern);

/* Go on behind the component of a pattern that @name stands for. */
static int include_below(struct sov_ldconf *conf, const struct sov_depfiles *files,
			 const char *directory, const char *name, const char *rest)
{
	char path[SOV_SUBJECT_MAX];

	if (!sov_str_format(path, sizeof(path), "%s/%s", directory, name))
		return 0;
	return *rest == '/' ? include(conf, files, path, rest + 1)
			    : sov_ldconf_read(conf, files, path);
}

/* Read every file below a directory that a pattern, of one or more components, stands for. */
static int include(struct sov_ldconf *conf, const struct sov_depfiles *files, const char *directory,
		   const char *pattern)
{
	size_t n = strcspn(pattern, "/");
	sov_autofree char *component = strndup(pattern, n);
	struct sov_strs names = {0};
	int rc = 0;

	if (component == NULL)
		return -1;
	if (!has_pattern(component))
		return include_below(conf, files, directory, component, pattern + n);
	if (++conf->visits > VISITS_MAX)
		return 0;
	rc = match_names(&names, files, directory, component);
	for (size_t i = 0; rc == 0 && i < names.count; i++)
		rc = include_below(conf, files, directory, names.item[i], pattern + n);
	sov_strs_release(&names);
	return rc;
}

static int take_include(struct sov_ldconf *conf, const struct sov_depfiles *files, char *line,
			const char *path)
{
	char directory[SOV_SUBJECT_MAX];
	int rc = 0;

	for (;;) {
		char *pattern = take_word(&line);

		if (*pattern == '\0' || rc != 0)
			return rc;
		if (*pattern == '/')
			rc = include(conf, files, "", pattern + strspn(pattern, "/"));
		else if (sov_str_dirname(directory, sizeof(directory), path))
			rc = include(conf, files, directory, pattern);
	}
}

/* A line that names a directory: "/opt/lib", and until glibc 2.33 "/opt/lib=libc6". */
static int take_directory(struct sov_ldconf *conf, char *line)
{
	size_t n = strcspn(line, "=");

	while (n > 0 && strchr(" \t\r\f\v", line[n - 1]) != NULL)
		n--;
	while (n > 1 && line[n - 1] == '/')
		n--;
	if (*line != '/' || conf->directories.count >= DIRECTORIES_MAX)
		return 0;
	return sov_strs_addn(&conf->directories, line, n);
}

static int take_line(struct sov_ldconf *conf, const struct sov_depfiles *files, char *line,
		     const char *path)
{
	char *rest;

	line[strcspn(line, "#")] = '\0';
	line += strspn(line, " \t\r\f\v");
	rest = line + strcspn(line, " \t");
	if (*rest != '\0' && sov_str_starts(line, "include"))
		return rest - line == strlen("include") ? take_include(conf, files, rest, path) : 0;
	if (*rest != '\0' && sov_str_starts(line, "hwcap") && rest - line == strlen("hwcap"))
		return 0;
	return take_directory(conf, line);
}

int sov_ldconf_parse(struct sov_ldconf *conf, const struct sov_depfiles *files, char *text,
		     const char *path)
{
	int rc = 0;

	while (rc == 0 && *text != '\0') {
		size_t n = strcspn(text, "\n");
		char *next = text + n + (text[n] == '\n' ? 1 : 0);

		text[n] = '\0';
		rc = take_line(conf, files, text, path);
		text = next;
	}
	return rc;
}

int sov_ldconf_read(struct sov_ldconf *conf, const struct sov_depfiles *files, const char *path)
{
	sov_autoclose int fd = -1;
	sov_autofree char *text = NULL;
	struct stat st;
	int rc;

	if (++conf->visits > VISITS_MAX || conf->depth == DEPTH_MAX)
		return 0;
	fd = sov_depfiles_open(files, (struct sov_place){path, false}, 0);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    sov_read_all(fd, CONF_MAX, &text) < 0)
		return 0;
	conf->depth++;
	rc = sov_ldconf_parse(conf, files, text, path);
	conf->depth--;
	return rc;
}

void sov_ldconf_release(struct sov_ldconf *conf)
{
	sov_strs_release(&conf->directories);
	*conf = (struct sov_ldconf){0};
}
