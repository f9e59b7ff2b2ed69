/* SPDX-License-Identifier: MIT */
#include "tool/names.h"

#include <stddef.h>
#include <string.h>

#include "cli/json.h"

/* struct field - one of the names, and how the formats call it. */
struct field {
	const char *key;
	const char *variable;
	size_t offset; /* in struct sov_names */
	bool system;   /* only some systems have it: left out where it is not */
};

#define AT(name) offsetof(struct sov_names, name)

/* clang-format off */
static const struct field fields[] = {
	{"linker_name", "SOV_LINKER_NAME", AT(linker_name), false},
	{"soname", "SOV_SONAME", AT(soname), false},
	{"real_name", "SOV_REAL_NAME", AT(real_name), false},
	{"compatibility_version", "SOV_COMPATIBILITY_VERSION", AT(compatibility_version), true},
	{"current_version", "SOV_CURRENT_VERSION", AT(current_version), true},
};
/* clang-format on */

enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

static const char *value_of(const struct named *named, const struct field *field)
{
	return (const char *)&named->names + field->offset;
}

static bool is_shown(const struct named *named, const struct field *field)
{
	return !field->system || *value_of(named, field) != '\0';
}

static int write_text(FILE *out, const void *result, bool color, struct sov_err *err)
{
	(void)color;
	(void)err;
	for (const struct field *field = fields; field < fields + FIELDS; field++)
		if (is_shown(result, field))
			fprintf(out, "%s=%s\n", field->key, value_of(result, field));
	return 0;
}

/* Quoted when the shell would see more in it than its bytes. */
static void put_sh(FILE *out, const char *value)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789@%+=:,./_-";

	if (value[strspn(value, plain)] == '\0') {
		fputs(value, out);
		return;
	}
	fputc('\'', out);
	for (; *value != '\0'; value++)
		if (*value == '\'')
			fputs("'\\''", out);
		else
			fputc(*value, out);
	fputc('\'', out);
}

static int write_sh(FILE *out, const void *result, bool color, struct sov_err *err)
{
	(void)color;
	(void)err;
	for (const struct field *field = fields; field < fields + FIELDS; field++) {
		if (!is_shown(result, field))
			continue;
		fprintf(out, "%s=", field->key);
		put_sh(out, value_of(result, field));
		fputc('\n', out);
	}
	return 0;
}

/* '$' begins a reference, '#' a comment; the backslashes before a '#' are make's, not ours. */
static void put_make(FILE *out, const char *value)
{
	size_t backslashes = 0;

	for (; *value != '\0'; value++) {
		if (*value == '#')
			for (size_t i = 0; i <= backslashes; i++)
				fputc('\\', out);
		if (*value == '$')
			fputc('$', out);
		fputc(*value, out);
		backslashes = *value == '\\' ? backslashes + 1 : 0;
	}
}

/* A list of make is words between blanks, and nothing quotes a blank in it. */
static int refuse_blank(const struct named *named, struct sov_err *err)
{
	if (strchr(named->library.base, ' ') == NULL)
		return 0;
	sov_fail(err, SOV_E_USAGE, NULL, "make has no word for a name with a blank in it");
	return sov_found(err, "%s", named->library.base);
}

/* The names that exist, each once: on some systems two are the same. */
static void put_clean(FILE *out, const struct sov_names *names)
{
	const char *list[] = {names->linker_name, names->soname, names->real_name};

	fputs("SOV_CLEAN =", out);
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		bool seen = *list[i] == '\0';

		for (size_t j = 0; j < i; j++)
			seen = seen || strcmp(list[i], list[j]) == 0;
		if (seen)
			continue;
		fputc(' ', out);
		put_make(out, list[i]);
	}
	fputc('\n', out);
}

static int write_make(FILE *out, const void *result, bool color, struct sov_err *err)
{
	const struct named *named = result;

	(void)color;
	if (refuse_blank(named, err) != 0)
		return -SOV_E_USAGE;
	for (const struct field *field = fields; field < fields + FIELDS; field++) {
		if (!is_shown(named, field))
			continue;
		fprintf(out, "%s =%s", field->variable, *value_of(named, field) != '\0' ? " " : "");
		put_make(out, value_of(named, field));
		fputc('\n', out);
	}
	put_clean(out, &named->names);
	return 0;
}

static void put_cmake(FILE *out, const char *value)
{
	for (; *value != '\0'; value++) {
		if (strchr("\\\"$", *value) != NULL)
			fputc('\\', out);
		fputc(*value, out);
	}
}

static int write_cmake(FILE *out, const void *result, bool color, struct sov_err *err)
{
	(void)color;
	(void)err;
	for (const struct field *field = fields; field < fields + FIELDS; field++) {
		if (!is_shown(result, field))
			continue;
		fprintf(out, "set(%s \"", field->variable);
		put_cmake(out, value_of(result, field));
		fputs("\")\n", out);
	}
	return 0;
}

static int write_json(FILE *out, const void *result, bool color, struct sov_err *err)
{
	const struct named *named = result;
	json_t *document = sov_json_document();
	int failed = sov_json_bytes(document, "base", named->library.base);

	(void)color;
	failed |= sov_json_bytes(document, "os", named->os);
	for (const struct field *field = fields; field < fields + FIELDS; field++)
		if (is_shown(named, field))
			failed |= sov_json_bytes(document, field->key, value_of(named, field));
	if (failed == 0)
		sov_json_print(out, document, 0);
	json_decref(document);
	return failed == 0 ? 0 : sov_fail_nomem(err, NULL);
}

const struct format names_formats[] = {
	{"text",	 write_text},
	{"sh",	       write_sh},
	      {"make",write_make},
	{"cmake",	  write_cmake},
	{"json",		 write_json},
	      {0},
};
