/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sov/conf.h>

#include "base/mem.h"
#include "base/str.h"

#define CASES 127 /* in the table */

static struct sov_err err;

/*
 * The allocator, which the linker puts in the place of the C library's: after `granted` more blocks
 * there is no memory. Below 0 = there is always some.
 */
static long granted = -1;

void *__real_malloc(size_t size);
void *__real_realloc(void *block, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t n);

static bool is_granted(void)
{
	if (granted < 0)
		return true;
	return granted > 0 && granted-- > 0;
}

void *__wrap_malloc(size_t size)
{
	return is_granted() ? __real_malloc(size) : NULL;
}

void *__wrap_realloc(void *block, size_t size)
{
	return is_granted() ? __real_realloc(block, size) : NULL;
}

char *__wrap_strdup(const char *text)
{
	return is_granted() ? __real_strdup(text) : NULL;
}

char *__wrap_strndup(const char *text, size_t n)
{
	return is_granted() ? __real_strndup(text, n) : NULL;
}

static int parse(struct sov_conf *conf, const char *text)
{
	*conf = (struct sov_conf){0};
	return sov_conf_parse(conf, "sov.conf", text, strlen(text), &err);
}

/* printf(1)'s %b in place, as far as the table of cases uses it. Returns the length. */
static size_t unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from;) {
		static const char letters[] = "ntr\\", bytes[] = "\n\t\r\\";
		const char *letter;

		if (*from != '\\') {
			*to++ = *from++;
			continue;
		}
		letter = strchr(letters, from[1]);
		if (from[1] == '0') {
			char octal[4] = {from[2], from[3], from[4]};

			assert_int_equal(strspn(from + 2, "01234567") >= 3, 1);
			*to++ = (char)strtol(octal, NULL, 8);
			from += 5;
		} else {
			assert_true(letter && *letter);
			*to++ = bytes[letter - letters];
			from += 2;
		}
	}
	return (size_t)(to - text);
}

/* The answer to one question, as the table writes it; of an error, all but its line is left out. */
static void answer(char *out, size_t size, const struct sov_conf *conf, const char *ask)
{
	const struct sov_conf_library *section = NULL;
	struct sov_library library = {.os = SOV_OS_LINUX};
	struct sov_names names;

	if (sov_str_starts(ask, "lib ")) {
		section = sov_conf_library_named(conf, ask + 4);
	} else {
		assert_true(sov_str_starts(ask, "file "));
		if (sov_conf_select(conf, ask + 5, &section, &err)) {
			sov_str_format(out, size, "error");
			return;
		}
	}
	sov_str_format(out, size, "none");
	if (!section)
		return;
	library.base = section->base;
	assert_int_equal(sov_names_derive(&names, &library, &section->decl, &err), 0);
	sov_str_format(out, size, "names %s %s %s", names.linker_name[0] ? names.linker_name : "-",
		       names.soname, names.real_name);
}

/* An error "error LINE WORDS" was asked for: are LINE and WORDS in the one that came? */
static void assert_error(const char *name, const char *wanted)
{
	char subject[64], *words;
	long line = strtol(wanted + strlen("error "), &words, 10);

	assert_int_equal(err.code, SOV_E_CONF);
	sov_str_format(subject, sizeof(subject), "sov.conf:%ld", line);
	if (strcmp(err.subject, subject) != 0 || !strstr(rendered(&err), words + 1))
		fail_msg("%s: want %s, not %s", name, wanted, rendered(&err));
	assert_true(err.expected[0] != '\0');
}

static void run_case(char *const column[4])
{
	const char *name = column[0], *ask = column[2], *wanted = column[3];
	char got[4 * SOV_NAME_MAX] = "error";
	struct sov_conf conf = {0};
	size_t size = strcmp(column[1], "-") == 0 ? 0 : unescape(column[1]);
	/* a block of just its size: a sanitizer sees a byte that is read beyond it */
	sov_autofree char *text = malloc(size > 0 ? size : 1);

	assert_non_null(text);
	memcpy(text, column[1], size);
	sov_err_clear(&err);
	if (sov_conf_parse(&conf, "sov.conf", text, size, &err) == 0)
		answer(got, sizeof(got), &conf, ask);
	if (strcmp(got, "error") == 0 && sov_str_starts(wanted, "error "))
		assert_error(name, wanted);
	else if (strcmp(got, wanted) != 0)
		fail_msg("%s: want %s, not %s: %s", name, wanted, got,
			 err.code ? rendered(&err) : "");
	sov_conf_release(&conf);
}

static void split(char *line, char *column[4])
{
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < 4; i++) {
		char *tab = strchr(line, '\t');

		assert_true(i == 3 ? !tab : tab != NULL);
		if (tab)
			*tab++ = '\0';
		column[i] = line;
		line = tab;
	}
}

static void every_case_of_the_table_is_answered_as_it_says(void **state)
{
	FILE *file = fopen(SOV_TEST_DATA "/conf-cases.txt", "r");
	static char line[16384];
	unsigned cases = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		char *column[4];

		if (line[0] == '#' || line[0] == '\n')
			continue;
		split(line, column);
		run_case(column);
		cases++;
	}
	fclose(file);
	assert_int_equal(cases, CASES);
}

static void a_declaration_knows_where_it_stands(void **state)
{
	struct sov_conf conf;
	const struct sov_conf_library *section;

	(void)state;
	assert_int_equal(parse(&conf, "\n[lib demo]\nversion = 2.1.0\n\nsoversion = 7\n"), 0);
	assert_string_equal(conf.path, "sov.conf");
	assert_int_equal(conf.library_count, 1);
	section = sov_conf_library_named(&conf, "demo");
	assert_int_equal(section->line, 2);
	assert_string_equal(section->decl.from[SOV_KEY_VERSION].where, "sov.conf");
	assert_int_equal(section->decl.from[SOV_KEY_VERSION].line, 3);
	assert_int_equal(section->decl.from[SOV_KEY_SOVERSION].line, 5);
	sov_conf_release(&conf);
}

static void assert_lint_line(const struct sov_conf_lint *lint, unsigned line, const char *key,
			     const char *value)
{
	assert_int_equal(lint->line, line);
	assert_string_equal(lint->key, key);
	assert_string_equal(lint->value, value);
}

static void the_lines_of_lint_are_kept_in_order_and_unjudged(void **state)
{
	struct sov_conf conf;

	(void)state;
	assert_int_equal(parse(&conf, "[lint]\n"
				      "ignore = soname-missing\n"
				      "ignore = link-absolute \t usr/lib/a b*.so # why\n"
				      "\n"
				      "future=\n"),
			 0);
	assert_int_equal(conf.lint_count, 3);
	assert_lint_line(&conf.lint[0], 2, "ignore", "soname-missing");
	assert_lint_line(&conf.lint[1], 3, "ignore", "link-absolute \t usr/lib/a b*.so");
	assert_lint_line(&conf.lint[2], 5, "future", "");
	sov_conf_release(&conf);
}

static void an_error_is_told_with_what_to_do(void **state)
{
	struct sov_conf conf;

	(void)state;
	assert_int_equal(parse(&conf, "[lib demo]\nverison = 2.1.0\n"), -SOV_E_CONF);
	assert_string_equal(
		rendered(&err),
		"sov.conf:2: error: unknown key\n"
		"  expected: version, libtool, soversion, policy, release or linker-name\n"
		"  found:    verison\n"
		"  fix:      write version\n");
	assert_int_equal(parse(&conf, "[libs demo]\n"), -SOV_E_CONF);
	assert_string_equal(rendered(&err), "sov.conf:1: error: unknown section\n"
					    "  expected: [lib NAME] or [lint]\n"
					    "  found:    libs\n"
					    "  fix:      write lib\n");
	assert_int_equal(parse(&conf, "[lib x]\nversion=1\n[lib x]\nversion=1\n"), -SOV_E_CONF);
	assert_string_equal(rendered(&err),
			    "sov.conf:3: error: [lib x] stands here twice\n"
			    "  expected: one [lib x]\n"
			    "  found:    [lib x] (sov.conf:1) and [lib x] (sov.conf:3)\n"
			    "  fix:      put the keys of both into one section\n");
	assert_int_equal(parse(&conf, "[lib libx.so.1]\nversion=1\n"), -SOV_E_CONF);
	assert_string_equal(rendered(&err),
			    "sov.conf:1: error: a file name in the place of a base name\n"
			    "  expected: what -l takes: [lib x]\n"
			    "  found:    libx.so.1\n"
			    "  fix:      write [lib x]\n");
	assert_int_equal(parse(&conf, "\xEF\xBB\xBF[lib x]\n"), -SOV_E_CONF);
	assert_string_equal(rendered(&err),
			    "sov.conf:1: error: a byte order mark\n"
			    "  expected: plain text\n"
			    "  found:    EF BB BF before the first line\n"
			    "  fix:      save the file without a byte order mark\n");
}

static void a_failure_leaves_the_old_one_untouched(void **state)
{
	struct sov_conf conf;
	char *path;

	(void)state;
	assert_int_equal(parse(&conf, "[lib demo]\nversion = 2.1.0\n"), 0);
	path = conf.path;
	assert_int_equal(sov_conf_parse(&conf, "other", "x", 1, &err), -SOV_E_CONF);
	assert_ptr_equal(conf.path, path);
	assert_int_equal(conf.library_count, 1);
	sov_conf_release(&conf);
	assert_null(conf.path);
	assert_int_equal(conf.library_count, 0);
	sov_conf_release(&conf);
}

static void want_of_memory_is_an_error_like_any_other(void **state)
{
	static const char text[] = "[lib demo]\nversion = 1\n[lib x]\nversion = 1\n"
				   "[lint]\nignore = a b\nignore = c\n";
	int ret = -SOV_E_NOMEM;
	long blocks = 0;

	(void)state;
	for (; ret; blocks++) {
		struct sov_conf conf = {0};

		granted = blocks;
		ret = sov_conf_parse(&conf, "sov.conf", text, strlen(text), &err);
		granted = -1;
		if (ret) {
			assert_int_equal(ret, -SOV_E_NOMEM);
			assert_string_equal(rendered(&err), "sov.conf: error: out of memory\n");
			assert_null(conf.path);
		}
		sov_conf_release(&conf);
	}
	assert_int_equal(
		blocks,
		11); /* path, 2 libraries, 2 lines of lint and their array twice, order; success */
}

static void fifty_thousand_sections_are_read_without_waiting(void **state)
{
	enum { SECTIONS = 50000, SIZE = SECTIONS * 32 };
	sov_autofree char *text = malloc(SIZE);
	struct sov_conf conf;
	size_t len = 0;

	(void)state;
	assert_non_null(text);
	for (int i = 0; i < SECTIONS; i++)
		len += (size_t)snprintf(text + len, SIZE - len, "[lib x%d]\nversion=1\n", i);
	assert_int_equal(parse(&conf, text), 0);
	assert_int_equal(conf.library_count, SECTIONS);
	assert_int_equal(sov_conf_library_named(&conf, "x49999")->line, 2 * SECTIONS - 1);
	sov_conf_release(&conf);
	snprintf(text + len, SIZE - len, "[lib x7]\nversion=1\n");
	assert_int_equal(parse(&conf, text), -SOV_E_CONF);
	assert_string_equal(err.subject, "sov.conf:100001");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_of_the_table_is_answered_as_it_says),
		cmocka_unit_test(a_declaration_knows_where_it_stands),
		cmocka_unit_test(the_lines_of_lint_are_kept_in_order_and_unjudged),
		cmocka_unit_test(an_error_is_told_with_what_to_do),
		cmocka_unit_test(a_failure_leaves_the_old_one_untouched),
		cmocka_unit_test(want_of_memory_is_an_error_like_any_other),
		cmocka_unit_test(fifty_thousand_sections_are_read_without_waiting),
	};

	return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
