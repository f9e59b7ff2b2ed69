/* SPDX-License-Identifier: MIT */
#include "wrapper/compiler.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "wrapper/args.h"

#define DEPTH_MAX 8

/* The names that sovcc goes by, and what each runs. */
static const struct role {
	const char *name;
	const char *variable;
	const char *fallback;
	const char *suffix; /* PREFIX-name runs PREFIX-suffix */
	const char *mend;
} roles[] = {
	{"sovcc",  "SOV_CC",  "cc",  "gcc", "set SOV_CC to the compiler to run" },
	{"sovc++", "SOV_CXX", "c++", "g++", "set SOV_CXX to the compiler to run"},
};

/* Is @called one of our own names, or PREFIX- and one of them? NULL: a masquerading link. */
static const struct role *role_of(const char *called, size_t *prefix)
{
	const char *base = sov_str_basename(called);

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		size_t own = strlen(roles[i].name), all = strlen(base);

		if (all < own || strcmp(base + all - own, roles[i].name) != 0)
			continue;
		*prefix = all - own;
		if (*prefix == 0 || base[*prefix - 1] == '-')
			return &roles[i];
	}
	return NULL;
}

/* sovcc's own inode, by the path that the kernel ran: needs no /proc. */
static bool stat_self(struct stat *self)
{
	const char *path = (const char *)getauxval(AT_EXECFN); // NOLINT(performance-no-int-to-ptr)

	return path && stat(path, self) == 0;
}

static bool is_self(const struct stat *self, const struct stat *st)
{
	return self->st_dev == st->st_dev && self->st_ino == st->st_ino;
}

/* Put the working directory before a relative path. */
static bool make_absolute(char *path, size_t size)
{
	char cwd[PATH_MAX], relative[PATH_MAX];

	if (path[0] == '/')
		return true;
	return sov_str_copy(relative, sizeof(relative), path) && getcwd(cwd, sizeof(cwd)) &&
	       sov_str_format(path, size, "%s/%s", strcmp(cwd, "/") == 0 ? "" : cwd, relative);
}

/* struct search - one look-up of a program. */
struct search {
	struct stat self;
	bool know_self;
	bool met_self; /* a candidate was sovcc itself */
	char found[PATH_MAX];
};

static bool is_program(struct search *search, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || access(path, X_OK) < 0)
		return false;
	if (search->know_self && is_self(&search->self, &st)) {
		search->met_self = true;
		return false;
	}
	return true;
}

/* The path of @name in the directory that begins at *dir; *dir moves on to the next one. */
static bool join_next(const char **dir, const char *name, char *out, size_t size)
{
	size_t length = strcspn(*dir, ":");
	const char *at = *dir;

	*dir = at[length] ? at + length + 1 : NULL;
	if (length == 0)
		return sov_str_format(out, size, "./%s", name);
	return sov_str_format(out, size, "%.*s/%s", (int)length, at, name);
}

/* Look for @name as execvp does, but never find sovcc. */
static bool look_up(struct search *search, const char *name)
{
	const char *dir = getenv("PATH");
	char *out = search->found;

	search->know_self = stat_self(&search->self);
	if (strchr(name, '/'))
		return sov_str_copy(out, PATH_MAX, name) && is_program(search, out) &&
		       make_absolute(out, PATH_MAX);
	if (!dir)
		dir = "/bin:/usr/bin"; /* execvp's default */
	while (dir)
		if (join_next(&dir, name, out, PATH_MAX) && is_program(search, out))
			return make_absolute(out, PATH_MAX);
	return false;
}

/* @mend: what the user can do, "set SOV_CC to the compiler to run". */
static int fail_search(const struct search *search, const char *name, const char *mend,
		       struct sov_err *err)
{
	const char *where = strchr(name, '/') ? "" : " in PATH";

	sov_fail(err, SOV_E_USAGE, name,
		 search->met_self ? "the compiler to run is sovcc itself" : "no such compiler");
	sov_expected(err, "a compiler%s that can be run", where);
	sov_found(err, "%s", search->met_self ? "only sovcc under that name" : "none");
	return sov_fix(err, "%s", mend);
}

static int find_named(struct compiler *compiler, const char *name, const char *mend,
		      struct sov_err *err)
{
	struct search search = {0};

	if (!look_up(&search, name))
		return fail_search(&search, name, mend, err);
	return sov_strs_add(&compiler->word, search.found) < 0 ? sov_fail_nomem(err, name) : 0;
}

/* "ccache gcc": split at blanks, the first is looked up, the others are its first arguments. */
static int find_command(struct compiler *compiler, const char *command, const char *mend,
			struct sov_err *err)
{
	sov_autofree char *copy = strdup(command);
	char *rest = NULL, *word = copy ? strtok_r(copy, " \t\n", &rest) : NULL;
	int rc;

	if (!word)
		return sov_fail_nomem(err, command);
	rc = find_named(compiler, word, mend, err);
	while (rc == 0 && (word = strtok_r(NULL, " \t\n", &rest)))
		if (sov_strs_add(&compiler->word, word) < 0)
			rc = sov_fail_nomem(err, command);
	return rc;
}

/* `sovcc gcc ...`: is the first argument the compiler? *rc: what became of it. */
static bool find_argument(struct compiler *compiler, const char *argument, int *rc,
			  struct sov_err *err)
{
	struct search search = {0};

	if (!argument || !argument[0] || strchr("-@", argument[0]) ||
	    ccargs_is_input_name(argument))
		return false;
	if (!look_up(&search, argument)) {
		if (search.met_self)
			*rc = fail_search(&search, argument, "name the real compiler", err);
		return search.met_self;
	}
	compiler->took_argument = true;
	*rc = sov_strs_add(&compiler->word, search.found) < 0 ? sov_fail_nomem(err, argument) : 0;
	return true;
}

static bool is_blank(const char *text)
{
	return !text || text[strspn(text, " \t\n")] == '\0';
}

int compiler_find(struct compiler *compiler, const char *called, const char *argument,
		  struct sov_err *err)
{
	const char *base = sov_str_basename(called), *command;
	size_t prefix = 0;
	const struct role *role = role_of(called, &prefix);
	char name[NAME_MAX + 1];
	int rc = 0;

	if (!role)
		return find_named(compiler, base,
				  "install it in a directory of PATH behind sovcc's own", err);
	if (find_argument(compiler, argument, &rc, err))
		return rc;
	if (prefix > 0) {
		sov_str_format(name, sizeof(name), "%.*s%s", (int)prefix, base, role->suffix);
		return find_named(compiler, name,
				  "install it, or name the compiler as first argument", err);
	}
	command = getenv(role->variable);
	return find_command(compiler, is_blank(command) ? role->fallback : command, role->mend,
			    err);
}

/* PATH without the directories in which @name is sovcc. Returns a heap string, or NULL. */
static char *path_without_self(const char *path, const char *name)
{
	char *out = malloc(strlen(path) + 1), *end = out, candidate[PATH_MAX];
	struct stat self, st;
	bool first = true;

	if (!out || !stat_self(&self))
		return out ? strcpy(out, path) : NULL;
	for (const char *dir = path; dir;) {
		const char *at = dir;
		size_t length = strcspn(dir, ":");

		if (join_next(&dir, name, candidate, sizeof(candidate)) &&
		    stat(candidate, &st) == 0 && is_self(&self, &st))
			continue;
		if (!first)
			*end++ = ':';
		first = false;
		end = mempcpy(end, at, length);
	}
	*end = '\0';
	return out;
}

static int count_depth(struct sov_err *err)
{
	const char *text = getenv("SOV_DEPTH");
	unsigned long depth = text ? strtoul(text, NULL, 10) : 0;
	char next[24];

	if (depth > DEPTH_MAX) {
		sov_fail(err, SOV_E_USAGE, "SOV_DEPTH", "sovcc calls itself over and over");
		sov_expected(err, "at most %d levels of sovcc", DEPTH_MAX);
		sov_found(err, "%s", text);
		return sov_fix(err, "look for a compiler in SOV_CC or PATH that runs sovcc again");
	}
	snprintf(next, sizeof(next), "%lu", depth + 1);
	return setenv("SOV_DEPTH", next, 1) < 0 ? sov_fail_nomem(err, "SOV_DEPTH") : 0;
}

int compiler_enter(const char *called, struct sov_err *err)
{
	const char *path = getenv("PATH");
	sov_autofree char *shorter = NULL;
	size_t prefix;
	int rc = count_depth(err);

	if (rc < 0 || !path || role_of(called, &prefix))
		return rc;
	shorter = path_without_self(path, sov_str_basename(called));
	if (!shorter || setenv("PATH", shorter, 1) < 0)
		return sov_fail_nomem(err, "PATH");
	return 0;
}

void compiler_release(struct compiler *compiler)
{
	sov_strs_release(&compiler->word);
	compiler->took_argument = false;
}
