/* SPDX-License-Identifier: MIT */
#include "wrapper/args.h"

#include <string.h>

#include "base/str.h"
#include "wrapper/ldargs.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum {
	VALUE = 1,	 /* alone, it takes the next word as its value */
	JOINED = 2,	 /* its value may follow in the same word */
	ABBREVIATED = 4, /* gcc takes any beginning of it down to "--sh" */
};

struct ccarg {
	const char *name;
	unsigned flags;
	/* @word: the option, and the argument that its value is in; @value: "" for a flag */
	int (*take)(struct ccline *line, const struct ccword *word, const char *value);
};

static int take_shared(struct ccline *line, const struct ccword *word, const char *value)
{
	(void)word, (void)value;
	line->shared = true;
	return 0;
}

static int take_output(struct ccline *line, const struct ccword *word, const char *value)
{
	(void)word;
	line->driver_output = value;
	return 0;
}

static int take_no_link(struct ccline *line, const struct ccword *word, const char *value)
{
	(void)value;
	line->no_link = word->text;
	return 0;
}

static int take_solaris_h(struct ccline *line, const struct ccword *word, const char *value)
{
	(void)word;
	line->solaris_h = value;
	return 0;
}

/* -Wl,A,B: every piece between commas is a token; a piece `@file` is the link editor's to read. */
static int take_linker_list(struct ccline *line, const struct ccword *word, const char *value)
{
	const char *comma;

	for (; (comma = strchr(value, ',')); value = comma + 1) {
		char *piece = ccwords_keep(&line->ld, value, (size_t)(comma - value));

		if (!piece || ccwords_add(&line->ld, piece, word->arg, word->in_file) < 0)
			return -1;
	}
	return ccwords_add(&line->ld, value, word->arg, word->in_file);
}

static int take_linker_token(struct ccline *line, const struct ccword *word, const char *value)
{
	return ccwords_add(&line->ld, value, word->arg, word->in_file);
}

/*
 * Options that take a value or change what is built; every other one passes by unseen. A value must
 * be known as one because it may look like an option: `-MT -shared` links no library.
 * Source: GCC manual, "Option Index"; clang 14's Options.td; tried with both.
 */
/* clang-format off */
static const struct ccarg ccargs[] = {
	{"-Wl,",                      JOINED,         take_linker_list},
	{"-Xlinker",                  VALUE,          take_linker_token},
	{"--for-linker",              VALUE,          take_linker_token},
	{"--for-linker=",             JOINED,         take_linker_token},
	{"--shared",                  ABBREVIATED,    take_shared},
	{"-shared",                   0,              take_shared},
	{"-o",                        VALUE | JOINED, take_output},
	{"--output",                  VALUE,          take_output},
	{"--output=",                 JOINED,         take_output},
	{"-h",                        VALUE | JOINED, take_solaris_h},
	{"-c",                        0,              take_no_link},
	{"--compile",                 0,              take_no_link},
	{"-S",                        0,              take_no_link},
	{"--assemble",                0,              take_no_link},
	{"-E",                        0,              take_no_link},
	{"--preprocess",              0,              take_no_link},
	{"-M",                        0,              take_no_link},
	{"--dependencies",            0,              take_no_link},
	{"-MM",                       0,              take_no_link},
	{"--user-dependencies",       0,              take_no_link},
	{"-fsyntax-only",             0,              take_no_link},
	{"-r",                        0,              take_no_link},
	{"-###",                      0,              take_no_link},
	{"--version",                 0,              take_no_link},
	{"--help",                    JOINED,         take_no_link},
	{"--target-help",             0,              take_no_link},
	{"-dumpversion",              0,              take_no_link},
	{"-dumpfullversion",          0,              take_no_link},
	{"-dumpmachine",              0,              take_no_link},
	{"-dumpspecs",                0,              take_no_link},
	{"-print-",                   JOINED,         take_no_link},
	{"--print-",                  JOINED,         take_no_link},
	{"--analyze",                 0,              take_no_link},
	{"--precompile",              0,              take_no_link},
	{"-emit-ast",                 0,              take_no_link},
	{"-cc1",                      0,              take_no_link},
	{"-cc1as",                    0,              take_no_link},
	{"-x",                        VALUE,          NULL},
	{"-D",                        VALUE,          NULL},
	{"-U",                        VALUE,          NULL},
	{"-I",                        VALUE,          NULL},
	{"-L",                        VALUE,          NULL},
	{"-T",                        VALUE,          NULL},
	{"-Tbss",                     VALUE,          NULL},
	{"-Tdata",                    VALUE,          NULL},
	{"-Ttext",                    VALUE,          NULL},
	{"-u",                        VALUE,          NULL},
	{"-e",                        VALUE,          NULL},
	{"-z",                        VALUE,          NULL},
	{"-B",                        VALUE,          NULL},
	{"-A",                        VALUE,          NULL},
	{"-F",                        VALUE,          NULL},
	{"-G",                        VALUE,          NULL},
	{"-MF",                       VALUE,          NULL},
	{"-MT",                       VALUE,          NULL},
	{"-MQ",                       VALUE,          NULL},
	{"-MJ",                       VALUE,          NULL},
	{"-include",                  VALUE,          NULL},
	{"-include-pch",              VALUE,          NULL},
	{"-imacros",                  VALUE,          NULL},
	{"-isystem",                  VALUE,          NULL},
	{"-isystem-after",            VALUE,          NULL},
	{"-iquote",                   VALUE,          NULL},
	{"-idirafter",                VALUE,          NULL},
	{"-iprefix",                  VALUE,          NULL},
	{"-iwithprefix",              VALUE,          NULL},
	{"-iwithprefixbefore",        VALUE,          NULL},
	{"-iwithsysroot",             VALUE,          NULL},
	{"-isysroot",                 VALUE,          NULL},
	{"-imultilib",                VALUE,          NULL},
	{"-iframework",               VALUE,          NULL},
	{"-ivfsoverlay",              VALUE,          NULL},
	{"-framework",                VALUE,          NULL},
	{"--param",                   VALUE,          NULL},
	{"-aux-info",                 VALUE,          NULL},
	{"-dumpbase",                 VALUE,          NULL},
	{"-dumpbase-ext",             VALUE,          NULL},
	{"-dumpdir",                  VALUE,          NULL},
	{"-wrapper",                  VALUE,          NULL},
	{"-specs",                    VALUE,          NULL},
	{"--specs",                   VALUE,          NULL},
	{"-Xpreprocessor",            VALUE,          NULL},
	{"-Xassembler",               VALUE,          NULL},
	{"-Xclang",                   VALUE,          NULL},
	{"-Xanalyzer",                VALUE,          NULL},
	{"-Xopenmp-target",           VALUE,          NULL},
	{"-mllvm",                    VALUE,          NULL},
	{"-mthread-model",            VALUE,          NULL},
	{"-meabi",                    VALUE,          NULL},
	{"-target",                   VALUE,          NULL},
	{"-arch",                     VALUE,          NULL},
	{"-install_name",             VALUE,          NULL},
	{"-working-directory",        VALUE,          NULL},
	{"-serialize-diagnostics",    VALUE,          NULL},
	{"--serialize-diagnostics",   VALUE,          NULL},
	{"--config",                  VALUE,          NULL},
	{"--sysroot",                 VALUE,          NULL},
	{"--for-assembler",           VALUE,          NULL},
	{"--define-macro",            VALUE,          NULL},
	{"--undefine-macro",          VALUE,          NULL},
	{"--include-directory",       VALUE,          NULL},
	{"--include-directory-after", VALUE,          NULL},
	{"--library-directory",       VALUE,          NULL},
	{"--include",                 VALUE,          NULL},
	{"--imacros",                 VALUE,          NULL},
	{"--language",                VALUE,          NULL},
	{"--entry",                   VALUE,          NULL},
	{"--force-link",              VALUE,          NULL},
	{"--prefix",                  VALUE,          NULL},
	{"--dump",                    VALUE,          NULL},
	{"--dumpbase",                VALUE,          NULL},
	{"--dumpdir",                 VALUE,          NULL},
};
/* clang-format on */

/* "-Wl,", "--output=" and "-print-" are nothing without what follows; "--help" is. */
static bool ends_in_value(const char *name, size_t length)
{
	return strchr(",=-", name[length - 1]) != NULL;
}

/* Does @word spell the row's option? *value: what is joined to it, NULL when nothing is. */
static bool spells(const struct ccarg *arg, const char *word, const char **value)
{
	size_t length;

	*value = NULL;
	if (word[1] != arg->name[1]) /* nearly all of them: keeps an untouched compile cheap */
		return false;
	length = strlen(arg->name);
	if (strncmp(word, arg->name, length) == 0) {
		if (!word[length])
			return arg->flags != JOINED || !ends_in_value(arg->name, length);
		*value = word + length;
		return (arg->flags & JOINED) != 0;
	}
	return (arg->flags & ABBREVIATED) && strlen(word) >= strlen("--sh") &&
	       strncmp(word, arg->name, strlen(word)) == 0;
}

static const struct ccarg *find(const char *word, const char **value)
{
	for (size_t i = 0; i < LENGTH(ccargs); i++)
		if (spells(&ccargs[i], word, value))
			return &ccargs[i];
	return NULL;
}

/* Inputs and libraries reach the link editor in their places among the -Wl ones. */
static int take_input(struct ccline *line, size_t *i)
{
	const struct ccword *word = &line->words.word[*i];

	if (strcmp(word->text, "-l") == 0) {
		if (*i + 1 == line->words.count) {
			line->dangling = word->text;
			return 0;
		}
		if (ccwords_add(&line->ld, word->text, word->arg, word->in_file) < 0)
			return -1;
		word = &line->words.word[++*i];
	}
	return ccwords_add(&line->ld, word->text, word->arg, word->in_file);
}

/* Take the option at word *i, and its value. */
static int take_option(struct ccline *line, const struct ccarg *arg, const char *value, size_t *i)
{
	struct ccword word = line->words.word[*i];

	if (!value && (arg->flags & VALUE)) {
		if (*i + 1 == line->words.count) {
			line->dangling = word.text;
			return 0;
		}
		value = line->words.word[++*i].text;
		word.arg = line->words.word[*i].arg;
	}
	return arg->take ? arg->take(line, &word, value ? value : "") : 0;
}

static int take_word(struct ccline *line, size_t *i)
{
	const char *text = line->words.word[*i].text, *value;
	const struct ccarg *arg;

	if (text[0] != '-' || text[1] == '\0' || text[1] == 'l')
		return take_input(line, i);
	arg = find(text, &value);
	return arg ? take_option(line, arg, value, i) : 0;
}

/* The driver's layer, and where more arguments may be put: a "--" ends the options. */
static int read_driver(struct ccline *line, int argc)
{
	line->append_at = argc;
	for (size_t i = 0; i < line->words.count; i++) {
		if (strcmp(line->words.word[i].text, "--") == 0) {
			line->append_at = line->words.word[i].arg;
			line->has_input = i + 1 < line->words.count || line->ld.count > 0;
			return 0;
		}
		if (take_word(line, &i) < 0)
			return -1;
	}
	line->has_input = line->ld.count > 0;
	return 0;
}

/* The file of a `--config FILE` or `--config=FILE` at argv[i], or NULL. */
static const char *config_file(int argc, char *const argv[], int i)
{
	static const char option[] = "--config";
	size_t length = sizeof(option) - 1;

	if (strncmp(argv[i], option, length) != 0)
		return NULL;
	if (argv[i][length] == '=')
		return argv[i] + length + 1;
	return argv[i][length] == '\0' && i + 1 < argc ? argv[i + 1] : NULL;
}

/* clang reads its configuration files before everything else on the line; one without a slash is
 * looked for in clang's own directories, which are not ours to guess. */
static int read_configs(struct ccline *line, int argc, char *const argv[], int from)
{
	for (int i = from; i < argc; i++) {
		const char *file = config_file(argc, argv, i);

		if (file && strchr(file, '/') && ccwords_config(&line->words, file, i) < 0)
			return -1;
	}
	return 0;
}

/* The words behind argv[0] that are the compiler's as well. */
static int skip_compiler(int argc, char *const argv[])
{
	int i = 1;

	while (i < argc && argv[i][0] && !strchr("-@", argv[i][0]) &&
	       !ccargs_is_input_name(argv[i]))
		i++;
	return i;
}

int ccline_read(struct ccline *line, int argc, char *const argv[])
{
	int from = skip_compiler(argc, argv);

	if (read_configs(line, argc, argv, from) < 0 ||
	    ccwords_argv(&line->words, argc, argv, from) < 0 || read_driver(line, argc) < 0)
		return -1;
	line->output = line->driver_output;
	if (!line->no_link)
		ldargs_read(line);
	return 0;
}

bool ccline_links_shared(const struct ccline *line)
{
	return line->shared && !line->no_link;
}

void ccline_release(struct ccline *line)
{
	ccwords_release(&line->words);
	ccwords_release(&line->ld);
	*line = (struct ccline){0};
}

/* Source: GCC manual, "Overall Options" (suffixes), and what linkers take. */
static const char *const input_suffixes[] = {
	".c",	".i",	".ii",	".cc",	".cp",	".cxx", ".cpp", ".CPP", ".c++",	 ".C",
	".m",	".mi",	".mm",	".M",	".mii", ".h",	".hh",	".H",	".hp",	 ".hxx",
	".hpp", ".HPP", ".h++", ".tcc", ".f",	".for", ".ftn", ".F",	".FOR",	 ".fpp",
	".FPP", ".FTN", ".f90", ".f95", ".f03", ".f08", ".F90", ".F95", ".F03",	 ".F08",
	".adb", ".ads", ".d",	".di",	".dd",	".go",	".s",	".S",	".sx",	 ".o",
	".obj", ".lo",	".a",	".la",	".lib", ".so",	".bc",	".ll",	".cu",	 ".cl",
	".ld",	".lds", ".map", ".def", ".res", ".gch", ".pch", ".pcm", ".cppm", ".dylib",
};

bool ccargs_is_input_name(const char *name)
{
	const char *base = sov_str_basename(name), *dot = strrchr(base, '.');
	const char *so = strstr(base, ".so.");

	if (so && so[4] >= '0' && so[4] <= '9')
		return true;
	for (size_t i = 0; dot && i < LENGTH(input_suffixes); i++)
		if (strcmp(dot, input_suffixes[i]) == 0)
			return true;
	return false;
}
