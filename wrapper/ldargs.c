/* SPDX-License-Identifier: MIT */
#include "wrapper/ldargs.h"

#include <string.h>

#include "base/str.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum {
	VALUE = 1,	 /* alone, it takes the next token as its value */
	EQUALS = 2,	 /* its value may follow behind '=' */
	LETTER = 4,	 /* one dash only; its value may follow at once */
	ABBREVIATED = 8, /* bfd takes shorter spellings, down to the row's `least` */
};

struct ldarg {
	const char *name; /* without dashes */
	unsigned flags;
	size_t least;
	/* @token: the option's; @value: a text of its own or the next token's, in argument @arg */
	void (*take)(struct ccline *line, const struct ccword *token, const char *value, int arg);
};

static void take_soname(struct ccline *line, const struct ccword *token, const char *value, int arg)
{
	line->soname = (struct ccsoname){value, token->text, arg};
}

static void take_output(struct ccline *line, const struct ccword *token, const char *value, int arg)
{
	(void)token, (void)arg;
	line->output = value;
}

static void take_relocatable(struct ccline *line, const struct ccword *token, const char *value,
			     int arg)
{
	(void)value, (void)arg;
	line->no_link = token->text;
}

static void take_shared(struct ccline *line, const struct ccword *token, const char *value, int arg)
{
	(void)token, (void)value, (void)arg;
	line->ld_shared = true;
}

#define V (VALUE | EQUALS)
#define L (VALUE | LETTER)

/*
 * Options that take a value, which may look like another option (`-rpath -soname` names a directory
 * "-soname"), and the three that matter. An option that only some of the four link editors give a
 * value is not here.
 * Source: GNU ld manual, "Command-line Options"; lld's ELF/Options.td; gold's and mold's --help.
 */
/* clang-format off */
static const struct ldarg ldargs[] = {
	{"soname",              V | ABBREVIATED, 3, take_soname},
	{"h",                   L,               0, take_soname},
	{"output",              V | ABBREVIATED, 4, take_output},
	{"o",                   L,               0, take_output},
	{"r",                   0,               0, take_relocatable},
	{"i",                   0,               0, take_relocatable},
	{"relocatable",         0,               0, take_relocatable},
	{"shared",              0,               0, take_shared},
	{"Bshareable",          0,               0, take_shared},
	{"rpath",               V,               0, NULL},
	{"rpath-link",          V,               0, NULL},
	{"z",                   L,               0, NULL},
	{"l",                   L,               0, NULL},
	{"L",                   L,               0, NULL},
	{"library",             V,               0, NULL},
	{"library-path",        V,               0, NULL},
	{"T",                   L,               0, NULL},
	{"script",              V,               0, NULL},
	{"u",                   L,               0, NULL},
	{"undefined",           V,               0, NULL},
	{"e",                   L,               0, NULL},
	{"entry",               V,               0, NULL},
	{"m",                   L,               0, NULL},
	{"y",                   L,               0, NULL},
	{"trace-symbol",        V,               0, NULL},
	{"Map",                 V,               0, NULL},
	{"dynamic-linker",      V,               0, NULL},
	{"I",                   L,               0, NULL},
	{"f",                   L,               0, NULL},
	{"auxiliary",           V,               0, NULL},
	{"F",                   L,               0, NULL},
	{"filter",              V,               0, NULL},
	{"a",                   L,               0, NULL},
	{"b",                   L,               0, NULL},
	{"format",              V,               0, NULL},
	{"oformat",             V,               0, NULL},
	{"A",                   L,               0, NULL},
	{"architecture",        V,               0, NULL},
	{"R",                   L,               0, NULL},
	{"just-symbols",        V,               0, NULL},
	{"plugin",              V,               0, NULL},
	{"plugin-opt",          V,               0, NULL},
	{"version-script",      V,               0, NULL},
	{"dynamic-list",        V,               0, NULL},
	{"retain-symbols-file", V,               0, NULL},
	{"exclude-libs",        V,               0, NULL},
	{"wrap",                V,               0, NULL},
	{"defsym",              V,               0, NULL},
	{"sysroot",             EQUALS,          0, NULL},
	{"init",                V,               0, NULL},
	{"fini",                V,               0, NULL},
	{"hash-style",          V,               0, NULL},
	{"help",                0,               0, NULL},
	{"section-start",       V,               0, NULL},
	{"sort-section",        V,               0, NULL},
	{"unresolved-symbols",  V,               0, NULL},
	{"orphan-handling",     V,               0, NULL},
	{"Tbss",                V,               0, NULL},
	{"Tdata",               V,               0, NULL},
	{"Ttext",               V,               0, NULL},
};
/* clang-format on */

static size_t dashes(const char *token)
{
	if (token[0] != '-' || token[1] == '\0')
		return 0;
	return token[1] == '-' ? 2 : 1;
}

static bool spells_long(const struct ldarg *arg, const char *name, const char **value)
{
	size_t length = strcspn(name, "="), full = strlen(arg->name);
	bool short_enough = (arg->flags & ABBREVIATED) && length >= arg->least;

	if (strncmp(name, arg->name, length) != 0 || (length != full && !short_enough))
		return false;
	*value = name[length] ? name + length + 1 : NULL;
	return !*value || (arg->flags & EQUALS);
}

/*
 * Does @token spell the row's option? A long name wins over a letter with something joined to it:
 * -hash-style is not -h.
 */
static bool spells(const struct ldarg *arg, const char *token, const char **value)
{
	size_t dash = dashes(token);
	const char *name = token + dash;

	*value = NULL;
	if (!(arg->flags & LETTER))
		return spells_long(arg, name, value);
	if (dash == 2 || name[0] != arg->name[0])
		return false;
	*value = name[1] ? name + 1 : NULL;
	return true;
}

static const struct ldarg *find(const char *token, const char **value)
{
	const struct ldarg *letter = NULL;
	const char *joined = NULL;

	if (dashes(token) == 0) /* an input: nearly all of them */
		return NULL;
	for (size_t i = 0; i < LENGTH(ldargs); i++) {
		if (!spells(&ldargs[i], token, value))
			continue;
		if (!(ldargs[i].flags & LETTER))
			return &ldargs[i];
		letter = &ldargs[i];
		joined = *value;
	}
	*value = joined;
	return letter;
}

/* Take the option that token *i is, and its value. False: the tokens end before the value. */
static bool take_token(struct ccline *line, size_t *i)
{
	const struct ccword *token = &line->ld.word[*i], *holder = token;
	const char *value;
	const struct ldarg *arg = find(token->text, &value);

	if (!arg)
		return true;
	if (!value && (arg->flags & VALUE)) {
		if (*i + 1 == line->ld.count) {
			line->ld_dangling = token->text;
			return false;
		}
		holder = &line->ld.word[++*i];
		value = holder->text;
	}
	if (arg->take)
		arg->take(line, token, value ? value : "", holder->arg);
	return true;
}

void ldargs_read(struct ccline *line)
{
	for (size_t i = 0; i < line->ld.count; i++)
		if (!take_token(line, &i))
			return;
}
