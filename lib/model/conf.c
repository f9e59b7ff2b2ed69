/* SPDX-License-Identifier: MIT */
/*
 * The reader of sov.conf. CMake and a POSIX shell read the same files, so the grammar is one that
 * a line-by-line reader can follow without quotes, continuations or look-ahead: cut the comment,
 * trim, and what is left is the head of a section or a key and its value.
 */
#include <sov/conf.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/names.h"
#include "model/words.h"

enum section { SECTION_NONE, SECTION_LIB, SECTION_LINT };

static const struct sov_word section_words[] = {
	{"lib",	SECTION_LIB },
	{"lint", SECTION_LINT},
};

/* struct reader - what has been read, and where the reading is. */
struct reader {
	struct sov_conf conf;
	enum section section;
	unsigned line;
	unsigned lint_line; /* of the head of [lint]; 0 = not seen */
	struct sov_err *err;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *skip_blanks(char *text)
{
	while (is_blank(*text))
		text++;
	return text;
}

/* End text where it ends, or at the blanks before that. */
static void end_at(char *text, char *end)
{
	while (end > text && is_blank(end[-1]))
		end--;
	*end = '\0';
}

/* Make an error of a function that does not know the file one about a line of it. */
static int at_line(struct reader *reader, unsigned line)
{
	struct sov_err *err = reader->err;

	err->code = SOV_E_CONF;
	if (!sov_str_format(err->subject, sizeof(err->subject), "%s:%u", reader->conf.path, line))
		sov_str_ellipsis(err->subject, sizeof(err->subject));
	return -SOV_E_CONF;
}

/* Refuse the present line for what it looks like. */
static int refuse(struct reader *reader, const char *message, const char *expected,
		  const char *found)
{
	char excerpt[SOV_EXCERPT_MAX];

	sov_fail(reader->err, SOV_E_CONF, NULL, "%s", message);
	sov_expected(reader->err, "%s", expected);
	sov_found(reader->err, "%s", sov_str_excerpt(excerpt, found));
	return at_line(reader, reader->line);
}

static int refuse_section_twice(struct reader *reader, const char *name, unsigned first,
				unsigned second)
{
	sov_fail(reader->err, SOV_E_CONF, NULL, "[%s] stands here twice", name);
	sov_expected(reader->err, "one [%s]", name);
	sov_found(reader->err, "[%s] (%s:%u) and [%s] (%s:%u)", name, reader->conf.path, first,
		  name, reader->conf.path, second);
	sov_fix(reader->err, "put the keys of both into one section");
	return at_line(reader, second);
}

/* The section that ends here must give names. */
static int end_section(struct reader *reader)
{
	struct sov_library library = {.os = SOV_OS_LINUX};
	const struct sov_conf_library *section;
	struct sov_names names;

	if (reader->section != SECTION_LIB)
		return 0;
	section = &reader->conf.libraries[reader->conf.library_count - 1];
	library.base = section->base;
	if (sov_names_derive(&names, &library, &section->decl, reader->err))
		return at_line(reader, section->line);
	return 0;
}

/* Where ".so" ends a name, or ".so." the part before its digits; NULL = nowhere. */
static const char *find_so(const char *name)
{
	const char *so = strstr(name, ".so");

	while (so && so[3] != '\0' && so[3] != '.')
		so = strstr(so + 1, ".so");
	return so;
}

/* A file name would make a library of its own, liblibdemo.so.so, which nobody means. */
static int refuse_file_name(struct reader *reader, const char *name, const char *so)
{
	const char *base = sov_str_starts(name, "lib") && so > name + 3 ? name + 3 : name;
	int length = (int)(so - base);

	refuse(reader, "a file name in the place of a base name", "what -l takes: [lib NAME]",
	       name);
	if (length == 0)
		return -SOV_E_CONF;
	sov_expected(reader->err, "what -l takes: [lib %.*s]", length, base);
	return sov_fix(reader->err, "write [lib %.*s]", length, base);
}

static int begin_library(struct reader *reader, const char *name)
{
	const char *so = find_so(name);
	struct sov_conf *conf = &reader->conf;
	struct sov_conf_library *section;

	if (name[strcspn(name, " \t")] != '\0')
		return refuse(reader, "a blank in a library's name", "[lib NAME]", name);
	if (sov_base_check(name, reader->err))
		return at_line(reader, reader->line);
	if (so)
		return refuse_file_name(reader, name, so);
	if (sov_vec_grow(&conf->libraries, conf->library_count, sizeof(*conf->libraries)))
		return sov_fail_nomem(reader->err, conf->path);
	section = &conf->libraries[conf->library_count++];
	sov_str_copy(section->base, sizeof(section->base), name);
	section->line = reader->line;
	reader->section = SECTION_LIB;
	return 0;
}

static int begin_lint(struct reader *reader, const char *rest)
{
	if (rest[0] != '\0')
		return refuse(reader, "junk after lint", "[lint]", rest);
	if (reader->lint_line)
		return refuse_section_twice(reader, "lint", reader->lint_line, reader->line);
	reader->lint_line = reader->line;
	reader->section = SECTION_LINT;
	return 0;
}

/* The head of a section, "[lib demo]". */
static int take_head(struct reader *reader, char *text)
{
	char *end = strchr(text, ']'), *word, *rest;
	int section, ret = end_section(reader);

	if (ret)
		return ret;
	if (!end)
		return refuse(reader, "no ] in the head of a section", "[lib NAME] or [lint]",
			      text);
	rest = skip_blanks(end + 1);
	if (*rest)
		return refuse(reader, "junk after ]", "nothing, or a comment after a blank", rest);
	word = skip_blanks(text + 1);
	end_at(word, end);
	rest = word + strcspn(word, " \t");
	if (*rest)
		*rest++ = '\0';
	rest = skip_blanks(rest);
	section = sov_word_parse(section_words, 2, "section", word, reader->err);
	if (section == SECTION_LIB)
		return begin_library(reader, rest);
	if (section == SECTION_LINT)
		return begin_lint(reader, rest);
	sov_expected(reader->err, "[lib NAME] or [lint]");
	return at_line(reader, reader->line);
}

/* Whether lint knows the key is for lint to say: a compiler must not stop for it. */
static int add_lint(struct reader *reader, const char *key, const char *value)
{
	struct sov_conf *conf = &reader->conf;
	struct sov_conf_lint *lint;

	if (sov_vec_grow(&conf->lint, conf->lint_count, sizeof(*conf->lint)))
		return sov_fail_nomem(reader->err, conf->path);
	lint = &conf->lint[conf->lint_count++];
	lint->line = reader->line;
	lint->key = strdup(key);
	lint->value = strdup(value);
	if (!lint->key || !lint->value)
		return sov_fail_nomem(reader->err, conf->path);
	return 0;
}

/* Which key of a library is it? Negative, and an error, when it is none. */
static int find_key(struct reader *reader, const char *name)
{
	struct sov_word words[SOV_KEY_COUNT];
	int key;

	for (int i = 0; i < SOV_KEY_COUNT; i++)
		words[i] = (struct sov_word){sov_key_name((enum sov_key)i), i};
	key = sov_word_parse(words, SOV_KEY_COUNT, "key", name, reader->err);
	return key < 0 ? at_line(reader, reader->line) : key;
}

static int set_key(struct reader *reader, const char *name, const char *value)
{
	struct sov_conf_library *section = &reader->conf.libraries[reader->conf.library_count - 1];
	struct sov_origin from = {reader->conf.path, reader->line};
	int key = find_key(reader, name);

	if (key < 0)
		return key;
	if (*value == '\0')
		return refuse(reader, "a key without a value", "KEY = VALUE", name);
	if (sov_decl_set(&section->decl, (enum sov_key)key, value, from, reader->err))
		return at_line(reader, reader->line);
	return 0;
}

/* "key = value" */
static int take_pair(struct reader *reader, char *text)
{
	char *equals = strchr(text, '='), *value;

	if (!equals)
		return refuse(reader, "no = in a line", "KEY = VALUE, or [lib NAME]", text);
	if (reader->section == SECTION_NONE)
		return refuse(reader, "a key before the first section", "[lib NAME] above it",
			      text);
	value = skip_blanks(equals + 1);
	end_at(text, equals);
	if (reader->section == SECTION_LINT)
		return add_lint(reader, text, value);
	return set_key(reader, text, value);
}

/* '#' and ';' begin a comment at the start of the line or after a blank. */
static char *find_comment(char *line)
{
	char *p = line;

	while (*p && !((*p == '#' || *p == ';') && (p == line || is_blank(p[-1]))))
		p++;
	return p;
}

static int take_line(struct reader *reader, const char *text, size_t n)
{
	char line[SOV_CONF_LINE_MAX + 1], *start;

	if (n > SOV_CONF_LINE_MAX) {
		sov_fail(reader->err, SOV_E_CONF, NULL, "a line of %zu bytes", n);
		sov_expected(reader->err, "at most %d bytes", SOV_CONF_LINE_MAX);
		return at_line(reader, reader->line);
	}
	if (memchr(text, '\0', n))
		return refuse(reader, "a NUL byte", "a text file", "a line with a NUL byte");
	memcpy(line, text, n);
	if (n > 0 && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
	start = skip_blanks(line);
	end_at(start, find_comment(line));
	if (start[0] == '\0')
		return 0;
	return start[0] == '[' ? take_head(reader, start) : take_pair(reader, start);
}

static int take_lines(struct reader *reader, const char *text, size_t size)
{
	const char *end = text + size;

	if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
		reader->line = 1;
		refuse(reader, "a byte order mark", "plain text", "EF BB BF before the first line");
		return sov_fix(reader->err, "save the file without a byte order mark");
	}
	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *line_end = newline ? newline : end;
		int ret;

		reader->line++;
		ret = take_line(reader, text, (size_t)(line_end - text));
		if (ret)
			return ret;
		text = line_end + 1;
	}
	return end_section(reader);
}

static int order_sections(const void *a, const void *b)
{
	const struct sov_conf_library *const *p = a, *const *q = b;
	int order = strcmp((*p)->base, (*q)->base);

	return order ? order : ((*p)->line > (*q)->line) - ((*p)->line < (*q)->line);
}

/* Sorted first: a file has room for 50,000 sections, and each against each would take seconds. */
static int refuse_twins(struct reader *reader)
{
	size_t count = reader->conf.library_count;
	sov_autofree const struct sov_conf_library **sorted = NULL;

	if (count < 2)
		return 0;
	sorted = malloc(count * sizeof(*sorted));
	if (!sorted)
		return sov_fail_nomem(reader->err, reader->conf.path);
	for (size_t i = 0; i < count; i++)
		sorted[i] = &reader->conf.libraries[i];
	qsort(sorted, count, sizeof(*sorted), order_sections);
	for (size_t i = 1; i < count; i++) {
		char name[SOV_BASE_MAX + sizeof("lib ")];

		if (strcmp(sorted[i - 1]->base, sorted[i]->base) != 0)
			continue;
		sov_str_format(name, sizeof(name), "lib %s", sorted[i]->base);
		return refuse_section_twice(reader, name, sorted[i - 1]->line, sorted[i]->line);
	}
	return 0;
}

int sov_conf_parse(struct sov_conf *out, const char *path, const char *text, size_t size,
		   struct sov_err *err)
{
	struct reader reader = {.conf.path = strdup(path), .err = err};
	int ret;

	if (!reader.conf.path)
		return sov_fail_nomem(err, path);
	ret = take_lines(&reader, text, size);
	if (ret == 0)
		ret = refuse_twins(&reader);
	if (ret)
		sov_conf_release(&reader.conf);
	else
		*out = reader.conf;
	return ret;
}

/* How well a section fits the name of an output. */
enum fit { FIT_NONE, FIT_DIGITS, FIT_EXACT };

static enum fit fit_name(const char *output, const struct sov_filename *parts, const char *name)
{
	struct sov_filename other;

	if (name[0] == '\0')
		return FIT_NONE;
	if (strcmp(output, name) == 0)
		return FIT_EXACT;
	if (parts->stem && sov_filename_parse(&other, name) &&
	    sov_filename_same_stem(parts, &other))
		return FIT_DIGITS;
	return FIT_NONE;
}

static enum fit fit_section(const char *output, const struct sov_filename *parts,
			    const struct sov_conf_library *section)
{
	struct sov_library library = {.base = section->base, .os = SOV_OS_LINUX};
	struct sov_decl decl = section->decl;
	struct sov_names names;
	struct sov_err unused;
	enum fit best, fit;

	if (!sov_str_starts(output, "lib") || !sov_str_starts(output + 3, section->base))
		return FIT_NONE;
	/* a linker name that is not to be made is still a name to link to */
	decl.linker_name = SOV_LINKER_NAME_SONAME;
	if (sov_names_derive(&names, &library, &decl, &unused))
		return FIT_NONE;
	best = fit_name(output, parts, names.linker_name);
	fit = fit_name(output, parts, names.soname);
	best = fit > best ? fit : best;
	fit = fit_name(output, parts, names.real_name);
	return fit > best ? fit : best;
}

int sov_conf_select(const struct sov_conf *conf, const char *output,
		    const struct sov_conf_library **out, struct sov_err *err)
{
	const struct sov_conf_library *best = NULL, *rival = NULL;
	struct sov_filename parts = {0};
	enum fit best_fit = FIT_NONE;

	sov_filename_parse(&parts, output);
	for (size_t i = 0; i < conf->library_count; i++) {
		enum fit fit = fit_section(output, &parts, &conf->libraries[i]);

		if (fit == FIT_NONE || fit < best_fit)
			continue;
		rival = fit == best_fit ? &conf->libraries[i] : NULL;
		if (fit > best_fit)
			best = &conf->libraries[i];
		best_fit = fit;
	}
	if (rival) {
		sov_fail_at(err, SOV_E_CONF, conf->path, rival->line,
			    "two sections name %s equally well", output);
		sov_expected(err, "one section that names it");
		sov_found(err, "[lib %s] (%s:%u) and [lib %s] (%s:%u)", best->base, conf->path,
			  best->line, rival->base, conf->path, rival->line);
		return sov_fix(err, "remove one of them, or change its release");
	}
	*out = best;
	return 0;
}

const struct sov_conf_library *sov_conf_library_named(const struct sov_conf *conf, const char *base)
{
	for (size_t i = 0; i < conf->library_count; i++)
		if (strcmp(conf->libraries[i].base, base) == 0)
			return &conf->libraries[i];
	return NULL;
}

void sov_conf_release(struct sov_conf *conf)
{
	for (size_t i = 0; i < conf->lint_count; i++) {
		free(conf->lint[i].key);
		free(conf->lint[i].value);
	}
	free(conf->lint);
	free(conf->libraries);
	free(conf->path);
	*conf = (struct sov_conf){0};
}
