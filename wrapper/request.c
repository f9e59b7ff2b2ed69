/* SPDX-License-Identifier: MIT */
#include "wrapper/request.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* One --sov-* argument. `value`: how help calls its value, NULL when it takes none. */
struct sovarg {
	const char *name;
	const char *value;
	int (*take)(struct request *request, const struct sovarg *arg, const char *value,
		    struct sov_err *err);
	int key; /* enum sov_key of a declaration */
	const char *help;
};

static int take_key(struct request *request, const struct sovarg *arg, const char *value,
		    struct sov_err *err)
{
	request->spoken = true;
	return sov_decl_set(&request->declared, (enum sov_key)arg->key, value,
			    (struct sov_origin){arg->name, 0}, err);
}

static int take_conf(struct request *request, const struct sovarg *arg, const char *value,
		     struct sov_err *err)
{
	if (!*value) {
		sov_fail(err, SOV_E_USAGE, arg->name, "its value is empty");
		return sov_fix(err, "name a file, or leave %s out", arg->name);
	}
	request->conf = value;
	return 0;
}

static int take_require(struct request *request, const struct sovarg *arg, const char *value,
			struct sov_err *err)
{
	(void)arg, (void)value, (void)err;
	request->require = true;
	return 0;
}

static int take_dry_run(struct request *request, const struct sovarg *arg, const char *value,
			struct sov_err *err)
{
	(void)arg, (void)value, (void)err;
	request->dry_run = true;
	return 0;
}

static int take_verbose(struct request *request, const struct sovarg *arg, const char *value,
			struct sov_err *err)
{
	(void)arg, (void)value, (void)err;
	request->verbose = true;
	return 0;
}

static int take_help(struct request *request, const struct sovarg *arg, const char *value,
		     struct sov_err *err)
{
	(void)arg, (void)value, (void)err;
	request->help = true;
	return 0;
}

/* clang-format off */
static const struct sovarg sovargs[] = {
	{"--sov-version",     "V",     take_key,     SOV_KEY_VERSION,
	 "the library's version, 1.4.2"},
	{"--sov-libtool",     "C:R:A", take_key,     SOV_KEY_LIBTOOL,
	 "... as current:revision:age"},
	{"--sov-soversion",   "N",     take_key,     SOV_KEY_SOVERSION,
	 "the soname's version, .so.N"},
	{"--sov-policy",      "P",     take_key,     SOV_KEY_POLICY,
	 "leading part of the version that is N: major, minor, exact, semver"},
	{"--sov-release",     "R",     take_key,     SOV_KEY_RELEASE,
	 "release in the name, libdemo-R.so.N"},
	{"--sov-linker-name", "S",     take_key,     SOV_KEY_LINKER_NAME,
	 "where libdemo.so points: soname, real, none"},
	{"--sov-conf",        "FILE",  take_conf,    0,
	 "the sov.conf to read"},
	{"--sov-require",     NULL,    take_require, 0,
	 "an undeclared lib*.so* is an error"},
	{"--sov-dry-run",     NULL,    take_dry_run, 0,
	 "print the command and links, run nothing"},
	{"--sov-verbose",     NULL,    take_verbose, 0,
	 "say what is done, and why nothing is"},
	{"--sov-help",        NULL,    take_help,    0,
	 "print this"},
};
/* clang-format on */

static int fail_unknown(struct sov_err *err, const char *text)
{
	const char *names[LENGTH(sovargs)], *near;
	char name[64];

	for (size_t i = 0; i < LENGTH(sovargs); i++)
		names[i] = sovargs[i].name;
	sov_str_format(name, sizeof(name), "%.*s", (int)strcspn(text, "="), text);
	near = sov_str_nearest(name, names, LENGTH(sovargs));
	sov_fail(err, SOV_E_USAGE, text, "no such option of sovcc");
	if (near)
		return sov_fix(err, "did you mean %s? (sovcc --sov-help lists them all)", near);
	return sov_fix(err, "sovcc --sov-help lists them all");
}

/* Does @text spell the row, up to '=' or its end? */
static bool spells(const struct sovarg *arg, const char *text)
{
	size_t length = strlen(arg->name);

	return strncmp(text, arg->name, length) == 0 && strchr("=", text[length]);
}

static int take(struct request *request, const char *text, struct sov_err *err)
{
	const char *equals = strchr(text, '=');
	const struct sovarg *arg = sovargs;

	while (arg < sovargs + LENGTH(sovargs) && !spells(arg, text))
		arg++;
	if (arg == sovargs + LENGTH(sovargs))
		return fail_unknown(err, text);
	if (arg->value && !equals) {
		sov_fail(err, SOV_E_USAGE, text, "its value is missing");
		return sov_fix(err, "write %s=%s, in one word", arg->name, arg->value);
	}
	if (!arg->value && equals) {
		sov_fail(err, SOV_E_USAGE, text, "it takes no value");
		return sov_fix(err, "write %s", arg->name);
	}
	return arg->take(request, arg, equals ? equals + 1 : "", err);
}

/* A switch of the environment is on when it is neither empty nor "0". */
static bool is_on(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value && strcmp(value, "0") != 0;
}

static void read_environment(struct request *request)
{
	const char *conf = getenv("SOV_CONF");

	request->conf = conf && *conf ? conf : NULL;
	request->require = is_on("SOV_REQUIRE");
	request->from_name = is_on("SOV_FROM_NAME");
	request->off = is_on("SOV_OFF");
}

int request_read(struct request *request, int argc, char *argv[], struct sov_err *err)
{
	const struct sov_strs *word = &request->compiler.word;
	const char *first = NULL;
	int rc;

	read_environment(request);
	for (int i = 1; i < argc && !first; i++)
		if (!sov_str_starts(argv[i], "--sov-"))
			first = argv[i];
	rc = compiler_find(&request->compiler, argv[0], first, err);
	request->argv = calloc(word->count + (size_t)argc + 1, sizeof(*request->argv));
	if (!request->argv)
		return sov_fail_nomem(err, argv[0]);
	for (size_t i = 0; i < word->count; i++)
		request->argv[request->argc++] = word->item[i];
	for (int i = 1; i < argc; i++) {
		int taken = 0;

		if (sov_str_starts(argv[i], "--sov-"))
			taken = request->off ? 0 : take(request, argv[i], err);
		else if (argv[i] != first || !request->compiler.took_argument)
			request->argv[request->argc++] = argv[i];
		if (taken < 0)
			return taken;
	}
	return request->help ? 0 : rc;
}

int request_help(struct sov_err *err)
{
	printf("sovcc %s (SoVersion)\n"
	       "usage: sovcc [--sov-OPTION...] [COMPILER] ARGUMENT...\n"
	       "Runs the compiler. A shared library that is declared gets its soname, its real "
	       "name\n"
	       "and its links, and the link fails when the file disagrees.\n\n",
	       sov_release());
	for (size_t i = 0; i < LENGTH(sovargs); i++) {
		char spelling[32];

		sov_str_format(spelling, sizeof(spelling), "%s%s%s", sovargs[i].name,
			       sovargs[i].value ? "=" : "",
			       sovargs[i].value ? sovargs[i].value : "");
		printf("  %-22s %s\n", spelling, sovargs[i].help);
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		return sov_fail_errno(err, "standard output", "cannot write");
	return 0;
}

void request_release(struct request *request)
{
	compiler_release(&request->compiler);
	free(request->argv);
	*request = (struct request){0};
}
