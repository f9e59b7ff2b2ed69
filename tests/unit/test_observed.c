/* SPDX-License-Identifier: MIT */
/*
 * Our names against those read off libtool, CMake, meson and cargo-c. Each row of the table is
 * translated into a declaration by the words that its tool uses; what the grammar cannot express is
 * listed below with the reason, and both are counted, so that no row is passed over unseen.
 */
#include "unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <sov/names.h>

#include "base/mem.h"
#include "base/str.h"

#define ROWS_COMPARED 55

/* Rows that no declaration says: of this tool, with one text in their inputs, without another. */
/* clang-format off */
static struct inexpressible {
	const char *tool, *with, *without, *why;
	unsigned rows;
} inexpressible[] = {
	{"libtool", " -avoid-version", " -release ", "a library without any version", 3},
	{"libtool", "darwin20 la=foo.la -module", NULL, "a bundle is no dylib", 1},
	{"libtool", "os=x86_64-pc-nto-qnx", NULL, "QNX is no system of ours", 3},
	{"libtool", "os=alpha-dec-osf5.1", NULL, "OSF is no system of ours", 3},
	{"cmake", " NO_SONAME ON", NULL, "a library without SONAME", 1},
	{"cmake", " MODULE ", NULL, "a library without SONAME", 2},
	{"cmake", " --component Development", NULL, "a part of an install", 1},
	{"cmake", "os=OpenBSD", NULL, "the names of Linux; ours are libtool's, as in ports", 1},
	{"cmake", "os=NetBSD", NULL, "the names of Linux; ours are libtool's, as in pkgsrc", 1},
	{"cmake", "os=Haiku", NULL, "Haiku is no system of ours", 1},
	{"cmake", "os=Darwin SHARED", " SOVERSION ", "a library without any version", 1},
	{"meson", "shared_library('foo')", NULL, "a library without any version", 1},
	{"meson", "shared_module(", NULL, "a library without SONAME", 1},
};
/* clang-format on */

/* A library as a row asks for it. */
struct asked {
	char base[64];
	struct sov_library library;
	struct sov_decl decl;
};

static void set(struct asked *asked, enum sov_key key, const char *text)
{
	const struct sov_origin from = {"names-observed.tsv", 0};
	struct sov_err err;

	assert_int_equal(sov_decl_set(&asked->decl, key, text, from, &err), 0);
}

/* Declare key as the text between marker and the next of the bytes in end. False = no marker. */
static bool set_after(struct asked *asked, enum sov_key key, const char *inputs, const char *marker,
		      const char *end)
{
	const char *found = strstr(inputs, marker);
	char value[64];

	if (!found)
		return false;
	found += strlen(marker);
	sov_str_format(value, sizeof(value), "%.*s", (int)strcspn(found, end), found);
	set(asked, key, value);
	return true;
}

static void add_to_base(struct asked *asked, const char *inputs, const char *marker)
{
	const char *found = strstr(inputs, marker);
	size_t len = strlen(asked->base);

	if (!found)
		return;
	found += strlen(marker);
	sov_str_format(asked->base + len, sizeof(asked->base) - len, "%.*s",
		       (int)strcspn(found, " "), found);
}

/* -version-number 1:2 is 1.2.0: libtool fills up with zeros. */
static void set_version_number(struct asked *asked, const char *inputs)
{
	const char *found = strstr(inputs, " -version-number ");
	unsigned part[3] = {0};
	char text[64];

	sscanf(found, " -version-number %u:%u:%u", &part[0], &part[1], &part[2]);
	sov_str_format(text, sizeof(text), "%u.%u.%u", part[0], part[1], part[2]);
	set(asked, SOV_KEY_VERSION, text);
}

static void ask_libtool(struct asked *asked, const char *inputs)
{
	if (strstr(inputs, " la=foo.la"))
		asked->library.prefix = "";
	if (strstr(inputs, "la=libfoo-bar_1.la"))
		sov_str_copy(asked->base, sizeof(asked->base), "foo-bar_1");
	if (strstr(inputs, "la=libfoo++.la"))
		sov_str_copy(asked->base, sizeof(asked->base), "foo++");
	set_after(asked, SOV_KEY_RELEASE, inputs, " -release ", " ");
	if (strstr(inputs, " -avoid-version"))
		return;
	if (strstr(inputs, " -version-number ")) /* where both stand it is the last */
		set_version_number(asked, inputs);
	else if (!set_after(asked, SOV_KEY_LIBTOOL, inputs, " -version-info ", " "))
		set(asked, SOV_KEY_LIBTOOL, "0:0:0"); /* libtool's default */
}

static void ask_cmake(struct asked *asked, const char *inputs)
{
	if (strstr(inputs, " OUTPUT_NAME "))
		asked->base[0] = '\0';
	add_to_base(asked, inputs, " OUTPUT_NAME ");
	add_to_base(asked, inputs, " DEBUG_POSTFIX ");
	add_to_base(asked, inputs, " -DCMAKE_DEBUG_POSTFIX=");
	if (strstr(inputs, " NAMELINK_SKIP"))
		set(asked, SOV_KEY_LINKER_NAME, "none");
	if (!set_after(asked, SOV_KEY_VERSION, inputs, " VERSION ", " ")) {
		set_after(asked, SOV_KEY_VERSION, inputs, " SOVERSION ", " ");
		return;
	}
	if (!set_after(asked, SOV_KEY_SOVERSION, inputs, " SOVERSION ", " "))
		set(asked, SOV_KEY_POLICY, "exact"); /* CMake's default */
}

static void ask_meson(struct asked *asked, const char *inputs)
{
	if (strstr(inputs, " name_prefix: ''"))
		asked->library.prefix = "";
	if (strstr(inputs, " --tags runtime"))
		set(asked, SOV_KEY_LINKER_NAME, "none");
	if (set_after(asked, SOV_KEY_VERSION, inputs, " version: '", "'"))
		set_after(asked, SOV_KEY_SOVERSION, inputs, " soversion: ", ")");
	else
		set_after(asked, SOV_KEY_VERSION, inputs, " soversion: ", ")");
}

static void ask_cargo_c(struct asked *asked, const char *inputs)
{
	const char *parts = strstr(inputs, " version_suffix_components=");

	set_after(asked, SOV_KEY_VERSION, inputs, " version=", " ");
	if (!parts)
		set(asked, SOV_KEY_POLICY, "semver"); /* cargo-c's default */
	else
		set(asked, SOV_KEY_POLICY, strchr(parts, '=')[1] == '1' ? "major" : "exact");
}

static const struct {
	const char *tool;
	void (*ask)(struct asked *asked, const char *inputs);
} tools[] = {
	{"libtool-", ask_libtool},
	{"cmake-",   ask_cmake  },
	{"meson-",   ask_meson  },
	{"cargo-c-", ask_cargo_c},
};

/* The words that a tool uses for a system hold ours, but for those of meson on Solaris. */
static enum sov_os system_of(const char *inputs)
{
	static const struct {
		const char *theirs, *ours;
	} systems[] = {
		{"sunos",	  "solaris"},
		{"solaris", "solaris"},
		{"android", "android"},
		{"Android", "android"},
		{"freebsd", "freebsd"},
		{"netbsd",  "netbsd" },
		{"openbsd", "openbsd"},
		{"darwin",  "darwin" },
		{"Darwin",  "darwin" },
		{"linux",	  "linux"	 },
		{"Linux",	  "linux"	 },
	};
	enum sov_os os = SOV_OS_LINUX;
	struct sov_err err;

	for (size_t i = 0; i < COUNT(systems); i++) {
		const char *found = strstr(inputs, systems[i].theirs);

		if (!found || found > inputs + strcspn(inputs, " "))
			continue;
		assert_int_equal(sov_os_parse(&os, systems[i].ours, &err), 0);
		return os;
	}
	fail_msg("no system of ours: %s", inputs);
	return os;
}

static void compare(char *const column[5])
{
	struct asked asked = {.base = "foo"};
	struct sov_names names;
	struct sov_err err;
	size_t tool = 0;

	while (tool < COUNT(tools) && !sov_str_starts(column[0], tools[tool].tool))
		tool++;
	assert_in_range(tool, 0, COUNT(tools) - 1);
	asked.library.os = system_of(column[1]);
	tools[tool].ask(&asked, column[1]);
	asked.library.base = asked.base;
	if (sov_names_derive(&names, &asked.library, &asked.decl, &err))
		fail_msg("%s %s: %s", column[0], column[1], rendered(&err));
	if (strcmp(names.linker_name, column[2]) != 0 || strcmp(names.soname, column[3]) != 0 ||
	    strcmp(names.real_name, column[4]) != 0)
		fail_msg("%s %s: %s %s %s, ours are %s %s %s", column[0], column[1], column[2],
			 column[3], column[4], names.linker_name, names.soname, names.real_name);
}

/* Is it a row that no declaration says? It is counted. */
static bool is_inexpressible(char *const column[5])
{
	for (size_t i = 0; i < COUNT(inexpressible); i++) {
		struct inexpressible *row = &inexpressible[i];

		if (!sov_str_starts(column[0], row->tool) || !strstr(column[1], row->with) ||
		    (row->without && strstr(column[1], row->without)))
			continue;
		assert_true(row->rows-- > 0);
		return true;
	}
	return false;
}

static void split(char *line, char *column[5])
{
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < 5; i++) {
		char *tab = strchr(line, '\t');

		assert_true(i == 4 ? !tab : tab != NULL);
		if (tab)
			*tab++ = '\0';
		column[i] = strcmp(line, "-") == 0 ? line + 1 : line;
		line = tab;
	}
}

static void every_row_that_can_be_declared_gives_the_observed_names(void **state)
{
	FILE *file = fopen(SOV_TEST_DATA "/names-observed.tsv", "r");
	unsigned compared = 0;
	char line[1024];

	(void)state;
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_string_equal(line, "tool\tinputs\tlinker_name\tsoname\treal_name\n");
	while (fgets(line, sizeof(line), file)) {
		char *column[5];

		split(line, column);
		if (is_inexpressible(column))
			continue;
		compare(column);
		compared++;
	}
	fclose(file);
	assert_int_equal(compared, ROWS_COMPARED);
	for (size_t i = 0; i < COUNT(inexpressible); i++)
		if (inexpressible[i].rows > 0)
			fail_msg("%u rows less than listed: %s", inexpressible[i].rows,
				 inexpressible[i].why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_that_can_be_declared_gives_the_observed_names),
	};

	return cmocka_run_group_tests_name("observed", tests, NULL, NULL);
}
