/* SPDX-License-Identifier: MIT */
/*
 * What must hold for every declaration and every text, tried with generated ones. The generator
 * begins at the same seed each time, so that a failure comes back.
 */
#include "unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sov/conf.h>

#include "base/mem.h"
#include "base/str.h"

#define ROUNDS 20000

static uint64_t seed;
static struct sov_err err;

/* xorshift64* (Marsaglia, Vigna) */
static uint32_t any(uint32_t below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t)((seed * 2685821657736338717ULL) >> 33) % below;
}

static int sow(void **state)
{
	(void)state;
	seed = 20250116;
	return 0;
}

/* Mostly small, sometimes of every length that is allowed. */
static uint32_t any_number(void)
{
	static const uint32_t limits[] = {3, 10, 100, 100000, SOV_NUMBER_MAX};

	return any(limits[any(COUNT(limits))] + 1);
}

static struct sov_decl declare(enum sov_key key, const char *text)
{
	const struct sov_origin from = {"generated", 0};
	struct sov_decl decl = {0};

	assert_int_equal(sov_decl_set(&decl, key, text, from, &err), 0);
	return decl;
}

static void add(struct sov_decl *decl, enum sov_key key, const char *text)
{
	const struct sov_origin from = {"generated", 0};

	assert_int_equal(sov_decl_set(decl, key, text, from, &err), 0);
}

static struct sov_names derive(enum sov_os os, const struct sov_decl *decl)
{
	const struct sov_library library = {NULL, "demo", os};
	struct sov_names names;

	assert_int_equal(sov_names_derive(&names, &library, decl, &err), 0);
	return names;
}

static void assert_same(const struct sov_names *a, const struct sov_names *b)
{
	assert_string_equal(a->linker_name, b->linker_name);
	assert_string_equal(a->soname, b->soname);
	assert_string_equal(a->real_name, b->real_name);
}

/* M.m.p is -version-number M:m:p, which is -version-info M+m:p:m. */
static void a_version_and_its_triple_give_the_same_names(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t age = any_number(), revision = any_number();
		uint32_t major = any(SOV_NUMBER_MAX - age + 1);
		char version[64], triple[64];
		struct sov_decl by_version, by_triple;
		struct sov_names a, b;

		snprintf(version, sizeof(version), "%u.%u.%u", major, age, revision);
		snprintf(triple, sizeof(triple), "%u:%u:%u", major + age, revision, age);
		by_version = declare(SOV_KEY_VERSION, version);
		by_triple = declare(SOV_KEY_LIBTOOL, triple);
		a = derive(SOV_OS_LINUX, &by_version);
		b = derive(SOV_OS_LINUX, &by_triple);
		assert_same(&a, &b);
		a = derive(SOV_OS_DARWIN, &by_version);
		b = derive(SOV_OS_DARWIN, &by_triple);
		assert_memory_equal(&a, &b, sizeof(a));
	}
}

static char *any_version(char *out)
{
	struct sov_version version = {.count = 1 + any(SOV_VERSION_PARTS)};

	for (unsigned i = 0; i < version.count; i++)
		version.part[i] = any_number();
	return sov_version_format(out, &version);
}

static struct sov_decl any_declaration(void)
{
	char text[SOV_VERSION_TEXT_MAX];
	struct sov_decl decl = declare(SOV_KEY_VERSION, any_version(text));

	if (any(3) == 0)
		add(&decl, SOV_KEY_SOVERSION, any_version(text));
	if (any(3) == 0)
		add(&decl, SOV_KEY_POLICY, sov_policy_name((enum sov_policy)any(4)));
	if (any(3) == 0)
		add(&decl, SOV_KEY_RELEASE, any_version(text));
	return decl;
}

/* Declare what a form says in its words: "version = 1.4.2, soversion = 7". */
static struct sov_decl read_ours(const char *form)
{
	char text[256], *rest = NULL;
	struct sov_decl decl = {0};

	assert_true(sov_str_copy(text, sizeof(text), form));
	for (char *word = strtok_r(text, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
		char *value = strstr(word, " = ");
		unsigned key = 0;

		assert_non_null(value);
		*value = '\0';
		word += strspn(word, " ");
		while (key < SOV_KEY_COUNT && strcmp(sov_key_name(key), word) != 0)
			key++;
		assert_in_range(key, 0, SOV_KEY_COUNT - 1);
		add(&decl, key, value + 3);
	}
	return decl;
}

/* "-release 9 -version-info 5:2:4" and "-release 9 -version-number 1:4:2" */
static struct sov_decl read_libtool(const char *form)
{
	const char *release = strstr(form, "-release "), *info = strstr(form, "-version-info ");
	const char *number = strstr(form, "-version-number ");
	struct sov_decl decl = {0};
	char text[64];

	if (release) {
		release += strlen("-release ");
		sov_str_format(text, sizeof(text), "%.*s", (int)strcspn(release, " "), release);
		add(&decl, SOV_KEY_RELEASE, text);
	}
	if (info) {
		add(&decl, SOV_KEY_LIBTOOL, info + strlen("-version-info "));
		return decl;
	}
	assert_non_null(number);
	sov_str_copy(text, sizeof(text), number + strlen("-version-number "));
	for (char *colon = strchr(text, ':'); colon; colon = strchr(colon, ':'))
		*colon = '.';
	add(&decl, SOV_KEY_VERSION, text);
	return decl;
}

static struct sov_decl declare_pair(const char *version, const char *soversion)
{
	struct sov_decl decl = declare(SOV_KEY_VERSION, version);

	add(&decl, SOV_KEY_SOVERSION, soversion);
	return decl;
}

static struct sov_decl read_cmake(const char *form)
{
	char version[64], soversion[64];

	assert_int_equal(sscanf(form, "VERSION %63s SOVERSION %63s", version, soversion), 2);
	return declare_pair(version, soversion);
}

static struct sov_decl read_meson(const char *form)
{
	char version[64], soversion[64];

	assert_int_equal(
		sscanf(form, "version: '%63[^']', soversion: '%63[^']'", version, soversion), 2);
	return declare_pair(version, soversion);
}

static void every_form_that_can_say_it_gives_the_same_names(void **state)
{
	unsigned said[4] = {0};

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		const struct sov_library library = {NULL, "demo", SOV_OS_LINUX};
		struct sov_decl decl = any_declaration(), other[5];
		struct sov_names names = derive(SOV_OS_LINUX, &decl);
		struct sov_forms forms;
		unsigned count = 0;

		assert_int_equal(sov_forms_derive(&forms, &library, &decl, &err), 0);
		other[count++] = read_ours(forms.version);
		if (forms.version_number[1]) {
			other[count++] = read_libtool(forms.version_number);
			other[count++] = read_libtool(forms.version_info);
			said[0]++;
		}
		if (forms.cmake[1]) {
			other[count++] = read_cmake(forms.cmake);
			said[1]++;
		}
		if (forms.meson[1]) {
			other[count++] = read_meson(forms.meson);
			said[2]++;
		}
		said[3] += decl.release.count > 0;
		while (count-- > 0) {
			struct sov_names same = derive(SOV_OS_LINUX, &other[count]);

			assert_same(&names, &same);
		}
	}
	for (size_t i = 0; i < COUNT(said); i++)
		assert_in_range(said[i], ROUNDS / 50, ROUNDS - 1);
}

/* The names of one library share a stem, and a file name that we made can be taken apart. */
static void names_hang_together(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct sov_decl decl = any_declaration();
		struct sov_names names = derive(SOV_OS_LINUX, &decl);
		struct sov_filename soname, real;

		assert_true(sov_filename_parse(&soname, names.soname));
		assert_true(sov_filename_parse(&real, names.real_name));
		assert_true(sov_filename_same_stem(&soname, &real));
		assert_int_equal(real.count, decl.version.count);
		assert_null(sov_soname_unsafe(names.soname));
	}
}

/* Words that the grammars know, so that a text is often nearly right, and at times any other
 * byte. At most a word more than @size. */
static size_t any_text(char *out, size_t size)
{
	static const char *const known[] = {
		"[lib ",  "[lint]",  "]",	    "demo",   "version", "libtool", "soversion",
		"policy", "release", "linker-name", "ignore", " = ",	 "=",	    "\n",
		"\n",	  "\r\n",    " ",	    "\t",     "#",	 ";",	    "1.4.2",
		"5:4:2",  "major",   "real",	    "0",      "01",	 ".",	    ":",
		"9",	  "lib",     ".so",	    ".so.",   "/",	 "v",	    "-rc1",
	};
	size_t length = 0, wanted = any(any(8) ? 60 : (uint32_t)size);

	while (length < wanted) {
		const char *word = known[any(COUNT(known))];

		if (any(12) == 0) {
			out[length++] = (char)any(256);
			continue;
		}
		memcpy(out + length, word, strlen(word)); /* the caller has room for one more */
		length += strlen(word);
	}
	out[length] = '\0';
	return length;
}

static void assert_accepted_or_explained(int ret)
{
	assert_true(ret == 0 || ret == -(int)err.code);
	if (ret) {
		assert_int_equal(sov_exit_status(err.code), 2);
		assert_true(err.message[0] && err.expected[0] && err.found[0]);
		assert_true(strlen(rendered(&err)) < 4096);
	}
}

static void every_text_is_accepted_or_refused_with_reasons(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		char text[6000];
		size_t n = any_text(text, sizeof(text) - 16);
		struct sov_filename parts;
		struct sov_version version;
		struct sov_triple triple;
		struct sov_decl decl = {0};
		enum sov_policy policy;
		enum sov_os os;

		assert_true(n < sizeof(text));
		assert_accepted_or_explained(sov_version_parse(&version, text, &err));
		assert_accepted_or_explained(sov_triple_parse(&triple, text, &err));
		assert_accepted_or_explained(sov_policy_parse(&policy, text, &err));
		assert_accepted_or_explained(sov_os_parse(&os, text, &err));
		for (enum sov_key key = 0; key < SOV_KEY_COUNT; key++)
			assert_accepted_or_explained(
				sov_decl_set(&decl, key, text, (struct sov_origin){"x", 1}, &err));
		if (sov_filename_parse(&parts, text))
			assert_int_equal(sov_filename_compare(&parts, &parts), 0);
		sov_soname_unsafe(text);
	}
}

static void every_file_is_read_or_refused_with_its_line(void **state)
{
	unsigned accepted = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		static const char head[] = "[lib demo]\nversion = 1.4.2\n";
		char text[6000];
		size_t n = any(2) ? strlen(head) : 0;
		sov_autofree char *exact = NULL;
		const struct sov_conf_library *section;
		struct sov_conf conf;
		int ret;

		memcpy(text, head, n);
		n += any_text(text + n, sizeof(text) - sizeof(head) - 16);
		exact = malloc(n > 0 ? n : 1);
		assert_non_null(exact);
		ret = sov_conf_parse(&conf, "sov.conf", memcpy(exact, text, n), n, &err);
		if (ret) {
			assert_int_equal(ret, -SOV_E_CONF);
			assert_true(sov_str_starts(err.subject, "sov.conf:"));
			assert_true(err.message[0] && err.expected[0]);
			continue;
		}
		accepted++;
		assert_int_equal(sov_conf_select(&conf, "libdemo.so.7", &section, &err), 0);
		sov_conf_release(&conf);
	}
	assert_in_range(accepted, ROUNDS / 50, ROUNDS - 1);
}

/* What quoting makes of any bytes is printable, and an error of any texts has its lines. */
static void every_error_is_shown_in_whole_lines(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS / 4; i++) {
		char text[6000];
		unsigned lines = 0;

		any_text(text, sizeof(text) - 16);
		sov_fail(&err, SOV_E_USAGE, text, "%s", text);
		sov_expected(&err, "%s.", text);
		sov_found(&err, "%s.", text);
		sov_fix(&err, "%s.", text);
		for (const char *p = rendered(&err); *p; p++) {
			assert_true((unsigned char)*p >= 0x20 || *p == '\n');
			lines += *p == '\n';
		}
		assert_int_equal(lines, 4);
	}
}

#define TEST(name) cmocka_unit_test_setup(name, sow)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_version_and_its_triple_give_the_same_names),
		TEST(every_form_that_can_say_it_gives_the_same_names),
		TEST(names_hang_together),
		TEST(every_text_is_accepted_or_refused_with_reasons),
		TEST(every_file_is_read_or_refused_with_its_line),
		TEST(every_error_is_shown_in_whole_lines),
	};

	return cmocka_run_group_tests_name("properties", tests, NULL, NULL);
}
