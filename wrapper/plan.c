/* SPDX-License-Identifier: MIT */
#include "wrapper/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "wrapper/declare.h"

#define APPENDED 8 /* -Xlinker -soname -Xlinker NAME -Xlinker -o -Xlinker REAL */

static int leave_untouched(struct plan *plan, const char *why)
{
	sov_str_copy(plan->untouched, sizeof(plan->untouched), why);
	return 0;
}

static int fail_undeclared(const struct plan *plan, const char *output, struct sov_err *err)
{
	sov_fail(err, SOV_E_MISMATCH, output, "nothing declares this library's version");
	sov_expected(err, "a section of sov.conf, --sov-version=V or SOV_VERSION");
	sov_found(err, "%s", plan->untouched);
	return sov_fix(err, "declare it, or take SOV_REQUIRE or --sov-require away");
}

/* --sov-* inside an @file would reach the compiler, and mean nothing there. */
static int refuse_in_files(const struct ccline *line, struct sov_err *err)
{
	for (size_t i = 0; i < line->words.count; i++) {
		const struct ccword *word = &line->words.word[i];

		if (!word->in_file || !sov_str_starts(word->text, "--sov-"))
			continue;
		sov_fail(err, SOV_E_USAGE, word->text, "an option of sovcc inside an @file");
		return sov_fix(err, "put it on the command line itself");
	}
	return 0;
}

static int refuse_solaris_h(const struct ccline *line, const struct sov_names *names,
			    struct sov_err *err)
{
	if (!line->solaris_h)
		return 0;
	sov_fail(err, SOV_E_USAGE, "-h", "the compiler driver drops -h, and the soname with it");
	sov_expected(err, "-Wl,-h,%s (or no soname at all: sovcc adds it)", names->soname);
	sov_found(err, "-h %s", line->solaris_h);
	return sov_fix(err, "write -Wl,-h,%s, or leave it out", line->solaris_h);
}

/* What is wrong with a soname on the command line whatever is declared; NULL = nothing. */
static const char *soname_fault(const char *name)
{
	if (name && name[0] == '\0')
		return "the soname on the command line is empty";
	if (name && name[0] == '-')
		return "the soname on the command line looks like an option";
	return NULL;
}

/* Could "soversion = N" be declared, to make the given soname the right one? *given: its parts. */
static bool declarable(const char *name, const struct plan *plan, struct sov_filename *given)
{
	struct sov_filename declared;
	struct sov_version version;
	struct sov_err ignored;

	return !sov_decl_has(&plan->decl, SOV_KEY_LIBTOOL) && sov_filename_parse(given, name) &&
	       sov_filename_parse(&declared, plan->names.soname) &&
	       sov_filename_same_stem(given, &declared) &&
	       sov_version_parse(&version, given->digits, &ignored) == 0;
}

/* Build systems give an unversioned library its own file name as soname. */
static int fix_soname(const char *name, const struct plan *plan, struct sov_err *err)
{
	struct sov_filename given;

	if (declarable(name, plan, &given))
		return sov_fix(err,
			       "take it out of the command line (sovcc adds the declared one), or "
			       "declare soversion = %s",
			       given.digits);
	if (sov_filename_parse(&given, name) && given.count == 0)
		return sov_fix(err, "take it out of the command line, or tell the build system the "
				    "version (CMake: VERSION and SOVERSION)");
	return sov_fix(err, "take it out of the command line: sovcc adds the declared one");
}

/* The argument that gave the soname, and the option when that argument holds the name alone. */
static const char *who_said(const struct ccline *line, char *const argv[], char *out, size_t size)
{
	const char *argument = argv[line->soname.arg];

	if (strcmp(argument, line->soname.name) == 0)
		sov_str_format(out, size, "%s %s", line->soname.option, argument);
	else
		sov_str_copy(out, size, argument);
	return out;
}

/* `-Wl,-rpath` at the very end would take our arguments, or the driver's, for its value. */
static int refuse_dangling(const struct ccline *line, struct sov_err *err)
{
	if (!line->ld_dangling)
		return 0;
	sov_fail(err, SOV_E_USAGE, line->output, "an option for the link editor lacks its value");
	sov_expected(err, "%s and a value behind it", line->ld_dangling);
	sov_found(err, "%s at the end", line->ld_dangling);
	return sov_fix(err, "write its value, or leave %s out", line->ld_dangling);
}

static int refuse_soname(const struct ccline *line, const struct plan *plan, struct sov_err *err)
{
	const char *name = line->soname.name;
	const char *fault = soname_fault(name);
	char text[SOV_TEXT_MAX];

	if (!name || (!fault && strcmp(name, plan->names.soname) == 0))
		return 0;
	sov_fail(err, fault ? SOV_E_USAGE : SOV_E_MISMATCH, line->output, "%s",
		 fault ? fault : "SONAME does not match the declared version");
	if (!fault)
		sov_rule(err, "declared-mismatch");
	sov_expected(err, "%s (%s)", plan->names.soname, plan->origin);
	sov_found(err, "%s (by %s)", *name ? name : "nothing",
		  who_said(line, plan->argv, text, sizeof(text)));
	return fix_soname(name, plan, err);
}

/* The output may be spelt with any of the three names; another version in it is a contradiction. */
static int refuse_spelling(const struct plan *plan, const char *output, struct sov_err *err)
{
	const struct sov_names *names = &plan->names;
	const char *file = sov_str_basename(output);
	bool three = names->linker_name[0] != '\0'; /* linker-name = none leaves two */
	const char *shortest = three ? names->linker_name : names->soname;

	if (strcmp(file, names->real_name) == 0 || strcmp(file, names->soname) == 0 ||
	    strcmp(file, names->linker_name) == 0)
		return 0;
	sov_fail(err, SOV_E_MISMATCH, output,
		 "the output's name does not match the declared version");
	sov_rule(err, "declared-mismatch");
	sov_expected(err, "%s%s%s or %s (%s)", names->real_name, three ? ", " : "",
		     three ? names->soname : "", shortest, plan->origin);
	sov_found(err, "-o %s", output);
	return sov_fix(err, "write -o %s, or declare the version that is meant", shortest);
}

/* The drivers turn a soname "-lx.so.1" into a library to link with. */
static int refuse_option_name(const struct plan *plan, const char *output, struct sov_err *err)
{
	if (plan->names.soname[0] != '-')
		return 0;
	sov_fail(err, SOV_E_USAGE, output, "the declared soname looks like an option");
	sov_expected(err, "a name that does not begin with -");
	sov_found(err, "%s", plan->names.soname);
	return sov_fix(err, "give the library another name");
}

/* "./" before what the driver or the link editor would take for an @file or an option. */
static bool name_output(struct plan *plan)
{
	const char *directory = plan->directory, *real = plan->names.real_name;
	const char *guard = strchr("@-", *directory ? *directory : *real) ? "./" : "";
	const char *slash = *directory && strcmp(directory, "/") != 0 ? "/" : "";

	return sov_str_format(plan->output, sizeof(plan->output), "%s%s%s%s", guard, directory,
			      slash, real);
}

/* The command with our arguments where they may stand. */
static int append_arguments(struct plan *plan, const struct request *request,
			    const struct ccline *line, struct sov_err *err)
{
	char *added[APPENDED] = {(char *)"-Xlinker", (char *)"-soname",	 (char *)"-Xlinker",
				 plan->names.soname, (char *)"-Xlinker", (char *)"-o",
				 (char *)"-Xlinker", plan->output};
	size_t before = (size_t)line->append_at, all = (size_t)request->argc;
	char **argv = calloc(all + APPENDED + 1, sizeof(*argv));

	if (!argv)
		return sov_fail_nomem(err, plan->output);
	memcpy(argv, request->argv, before * sizeof(*argv));
	memcpy(argv + before, added, sizeof(added));
	memcpy(argv + before + APPENDED, request->argv + before, (all - before) * sizeof(*argv));
	plan->argv = argv;
	return 0;
}

struct sov_links plan_links(const struct plan *plan)
{
	enum sov_linker_name linker_name = SOV_LINKER_NAME_SONAME;

	if (sov_decl_has(&plan->decl, SOV_KEY_LINKER_NAME))
		linker_name = plan->decl.linker_name;
	return (struct sov_links){plan->directory, &plan->names, linker_name, plan->replaceable};
}

/* The directory of the output; one that is not there is the compiler's to complain of. */
static int open_directory(struct plan *plan, struct sov_err *err)
{
	struct sov_links links = plan_links(plan);
	const char *path = *plan->directory ? plan->directory : ".";

	plan->dirfd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (plan->dirfd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (plan->dirfd < 0)
		return sov_fail_errno(err, path, "cannot open the directory of the output");
	return sov_links_obstacle(plan->dirfd, &links, err);
}

/* The names are ours: soname and real name go to the link editor, links are made afterwards. */
static int own_names(struct plan *plan, const struct request *request, const struct ccline *line,
		     struct sov_err *err)
{
	int rc = refuse_option_name(plan, line->output, err);

	if (rc == 0)
		rc = refuse_spelling(plan, line->output, err);

	plan->names_are_ours = true;
	plan->replaceable = sov_str_basename(line->output);
	if (rc < 0)
		return rc;
	if (!name_output(plan)) {
		sov_fail(err, SOV_E_LIMIT, line->output, "the output's path is too long");
		return sov_expected(err, "at most %d bytes", PATH_MAX - 1);
	}
	rc = open_directory(plan, err);
	return rc < 0 ? rc : append_arguments(plan, request, line, err);
}

/* Which library it is, and its names. */
static int take_declaration(struct plan *plan, const struct request *request, const char *output,
			    struct sov_err *err)
{
	struct declaration declaration = {0};
	int rc = declaration_find(&declaration, request, sov_str_basename(output), err);
	struct sov_library library = {declaration.prefix, declaration.base, SOV_OS_LINUX};

	plan->conf = declaration.conf;
	plan->decl = declaration.decl;
	sov_str_copy(plan->refused, sizeof(plan->refused), declaration.refused);
	if (rc < 0)
		return rc;
	if (!declaration.found)
		return leave_untouched(plan, declaration.note);
	plan->declared = true;
	sov_decl_origin(&plan->decl, plan->origin, sizeof(plan->origin));
	return sov_names_derive(&plan->names, &library, &plan->decl, err);
}

/* Without -o the output is a.out, which no declaration can mean. */
static int fail_no_output(struct sov_err *err)
{
	sov_fail(err, SOV_E_USAGE, "", "--sov-* arguments, but no output is named");
	sov_expected(err, "-o lib*.so");
	return sov_fix(err, "name the output with -o");
}

/* Half of a shared link: the driver passes a program's start files, and nothing is verified. */
static int fail_ld_shared(const struct ccline *line, struct sov_err *err)
{
	sov_fail(err, SOV_E_USAGE, line->output,
		 "a version is declared, but -shared is hidden in -Wl");
	sov_expected(err, "-shared, for the compiler driver");
	return sov_fix(err, "write -shared in place of -Wl,-shared");
}

static int declare(struct plan *plan, const struct request *request, const struct ccline *line,
		   struct sov_err *err)
{
	int rc = refuse_in_files(line, err);

	if (rc < 0)
		return rc;
	if (!line->output)
		return request->spoken ? fail_no_output(err)
				       : leave_untouched(plan, "no output is named");
	rc = take_declaration(plan, request, line->output, err);
	if (rc == 0 && !plan->declared && request->require &&
	    declaration_is_library_name(sov_str_basename(line->output)))
		return fail_undeclared(plan, line->output, err);
	return rc;
}

/* A declared link: compare what the command says, or say it ourselves. */
static int settle(struct plan *plan, const struct request *request, const struct ccline *line,
		  struct sov_err *err)
{
	int rc = refuse_solaris_h(line, &plan->names, err);

	if (rc == 0)
		rc = refuse_dangling(line, err);
	if (rc == 0)
		rc = refuse_soname(line, plan, err);
	if (rc < 0)
		return rc;
	if (!sov_str_dirname(plan->directory, sizeof(plan->directory), line->output) ||
	    !sov_str_copy(plan->output, sizeof(plan->output), line->output)) {
		sov_fail(err, SOV_E_LIMIT, "-o", "the output's path is too long");
		return sov_expected(err, "at most %d bytes", PATH_MAX - 1);
	}
	return line->soname.name ? 0 : own_names(plan, request, line, err);
}

static void remember(const char *path, struct stat *before)
{
	if (stat(path, before) < 0)
		before->st_nlink = 0;
}

int plan_make(struct plan *plan, const struct request *request, const struct ccline *line,
	      struct sov_err *err)
{
	int rc;

	plan->dirfd = -1;
	plan->argv = request->argv;
	if (request->off)
		return leave_untouched(plan, "SOV_OFF is set");
	if (!ccline_links_shared(line))
		return request->spoken && line->ld_shared
			       ? fail_ld_shared(line, err)
			       : leave_untouched(plan, "it links no shared library");
	if (line->dangling)
		return leave_untouched(plan, "its last option lacks a value");
	if (!line->has_input) /* our arguments would pass for the inputs that are missing */
		return leave_untouched(plan, "it names no input");
	rc = declare(plan, request, line, err);
	if (rc == 0 && plan->declared)
		rc = settle(plan, request, line, err);
	if (rc < 0 || !plan->declared)
		return rc;
	plan->given = line->output;
	remember(plan->output, &plan->before);
	remember(plan->given, &plan->given_before);
	return 0;
}

/* One word as a POSIX shell takes it, of any length. False when out of memory. */
static bool print_word(const char *word)
{
	size_t size = sov_shell_word(NULL, 0, word) + 1;
	sov_autofree char *quoted = malloc(size);

	if (!quoted)
		return false;
	sov_shell_word(quoted, size, word);
	fputs(quoted, stdout);
	return true;
}

static bool print_link(const struct plan *plan, const char *name, const char *target)
{
	char path[PATH_MAX + SOV_NAME_MAX];
	bool printed;

	if (!*target)
		return true;
	sov_str_format(path, sizeof(path), "%s%s%s", plan->directory, *plan->directory ? "/" : "",
		       name);
	printf("link: ");
	printed = print_word(path);
	printf(" -> ");
	printed = print_word(target) && printed;
	putchar('\n');
	return printed;
}

static bool print_command(char *const argv[])
{
	bool printed = true;

	printf("run:");
	for (; *argv; argv++) {
		putchar(' ');
		printed = print_word(*argv) && printed;
	}
	putchar('\n');
	return printed;
}

int plan_print(const struct plan *plan, struct sov_err *err)
{
	struct sov_links links = plan_links(plan);
	const char *soname = "", *linker_name = "";

	if (plan->names_are_ours)
		sov_links_targets(&links, &soname, &linker_name);
	if (!print_command(plan->argv) || !print_link(plan, plan->names.soname, soname) ||
	    !print_link(plan, plan->names.linker_name, linker_name))
		return sov_fail_nomem(err, "standard output");
	if (fflush(stdout) != 0 || ferror(stdout))
		return sov_fail_errno(err, "standard output", "cannot write");
	return 0;
}

void plan_release(struct plan *plan, const struct request *request)
{
	if (plan->argv != request->argv)
		free(plan->argv);
	if (plan->dirfd >= 0)
		close(plan->dirfd);
	sov_conf_release(&plan->conf);
	*plan = (struct plan){.dirfd = -1};
}
