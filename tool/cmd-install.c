/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <sov/conf.h>
#include <sov/elf.h>
#include <sov/install.h>
#include <sov/names.h>

#include "base/io.h"
#include "base/str.h"
#include "tool/declare.h"
#include "tool/owner.h"
#include "tool/steps.h"
#include "tool/stop.h"
#include "tool/strip.h"

#define DEFAULT_MODE 0755 /* as install(1), libtool and meson: ldd and rpm want the x */
#define LOCK_WAIT_MS 60000U

/* What an option says that changes how it is done. */
enum flag {
	FLAG_SYNC,
	FLAG_NO_SYNC,
	FLAG_DOWNGRADE,
	FLAG_BACKUP,
	FLAG_STRIP,
	FLAG_UNINSTALL,
	FLAG_DRY_RUN,
	FLAG_COUNT,
};

/* struct subject - one library, and what is declared of it. */
struct subject {
	struct sov_names names;
	char origin[SOV_SUBJECT_MAX];
};

/* struct request - what the command line asks for. */
struct request {
	bool flag[FLAG_COUNT];
	const char *root;
	const char *manifest;
	int component;	 /* enum sov_component */
	int linker_name; /* enum sov_linker_wish */
	mode_t mode;
	struct owner owner;
	struct declared declared;
	struct sov_conf conf;
	struct subject *subject;
	struct sov_install_library *library;
	size_t count;
	const char *directory;
};

static int take_flag(void *target, const struct sov_option *option, const char *value,
		     struct sov_err *err)
{
	struct request *request = target;

	(void)value;
	(void)err;
	request->flag[option->detail] = true;
	if (option->detail == FLAG_SYNC)
		request->flag[FLAG_NO_SYNC] = false;
	if (option->detail == FLAG_NO_SYNC)
		request->flag[FLAG_SYNC] = false;
	return 0;
}

static int take_root(void *target, const struct sov_option *option, const char *value,
		     struct sov_err *err)
{
	struct request *request = target;

	(void)option;
	(void)err;
	request->root = value;
	return 0;
}

static int take_manifest(void *target, const struct sov_option *option, const char *value,
			 struct sov_err *err)
{
	struct request *request = target;

	(void)option;
	request->manifest = value;
	if (value[0] != '\0')
		return 0;
	sov_fail(err, SOV_E_USAGE, "--manifest", "the file has no name");
	sov_expected(err, "a file");
	return sov_found(err, "\"\"");
}

/* Which of the words is it? @words ends with NULL. */
static int word_of(int *out, const char *const *words, const char *expected, const char *option,
		   const char *value, struct sov_err *err)
{
	const char *near;
	size_t count = 0;

	for (; words[count] != NULL; count++) {
		if (strcmp(words[count], value) == 0) {
			*out = (int)count;
			return 0;
		}
	}
	sov_fail(err, SOV_E_USAGE, option, "unknown word");
	sov_expected(err, "%s", expected);
	sov_found(err, "%s", value);
	near = sov_str_nearest(value, words, count);
	return near != NULL ? sov_fix(err, "did you mean %s?", near) : -SOV_E_USAGE;
}

static int take_component(void *target, const struct sov_option *option, const char *value,
			  struct sov_err *err)
{
	static const char *const words[] = {
		[SOV_COMPONENT_ALL] = "all",
		[SOV_COMPONENT_RUNTIME] = "runtime",
		[SOV_COMPONENT_DEV] = "dev",
		NULL,
	};
	struct request *request = target;

	(void)option;
	return word_of(&request->component, words, "all, runtime, dev", "--component", value, err);
}

static int take_linker_name(void *target, const struct sov_option *option, const char *value,
			    struct sov_err *err)
{
	static const char *const words[] = {"soname", "real", "keep", "none", NULL};
	static const enum sov_linker_wish wishes[] = {SOV_WISH_SONAME, SOV_WISH_REAL, SOV_WISH_KEEP,
						      SOV_WISH_NONE};
	struct request *request = target;
	int word, rc;

	(void)option;
	rc = word_of(&word, words, "soname, real, keep, none", "--linker-name", value, err);
	if (rc == 0)
		request->linker_name = (int)wishes[word];
	return rc;
}

static int take_mode(void *target, const struct sov_option *option, const char *value,
		     struct sov_err *err)
{
	struct request *request = target;
	size_t n = strspn(value, "01234567");

	(void)option;
	if (n == 0 || value[n] != '\0' || strtoul(value, NULL, 8) > 07777) {
		sov_fail(err, SOV_E_USAGE, "--mode", "not a mode");
		sov_expected(err, "octal digits, at most 7777");
		return sov_found(err, "%s", value);
	}
	request->mode = (mode_t)strtoul(value, NULL, 8);
	return 0;
}

static int take_owner(void *target, const struct sov_option *option, const char *value,
		      struct sov_err *err)
{
	struct request *request = target;

	(void)option;
	return owner_parse(&request->owner, value, err);
}

/* clang-format off */
static const struct sov_option install_options[] = {
	{"root", 0, "DIR", "DIR is below this one (DESTDIR), and no link leads out", take_root, 0},
	{"component", 0, "C", "all (default); runtime: no linker name; dev: nothing else",
	 take_component, 0},
	{"linker-name", 0, "S", "leads to: soname, real; or keep (as it is), none",
	 take_linker_name, 0},
	{"mode", 0, "OCTAL", "of the real file; default 0755", take_mode, 0},
	{"owner", 0, "USER[:GROUP]", "of the real file, as chown(1) takes it", take_owner, 0},
	{"strip", 0, NULL, "strip the installed copy by $STRIP (default strip)", take_flag,
	 FLAG_STRIP},
	{"backup", 0, NULL, "keep a real file that is replaced as .NAME.~N~", take_flag,
	 FLAG_BACKUP},
	{"allow-downgrade", 0, NULL, "also when a newer version is installed", take_flag,
	 FLAG_DOWNGRADE},
	{"manifest", 0, "FILE", "list the installed paths in FILE, without the root",
	 take_manifest, 0},
	{"uninstall", 0, NULL, "remove what install made: of LIB..., or by --manifest",
	 take_flag, FLAG_UNINSTALL},
	{"sync", 0, NULL, "wait for the disk (default without --root)", take_flag, FLAG_SYNC},
	{"no-sync", 0, NULL, "don't (default with --root)", take_flag, FLAG_NO_SYNC},
	{"dry-run", 0, NULL, "print what would be done, change nothing", take_flag, FLAG_DRY_RUN},
	{0},
};
/* clang-format on */

/* struct candidates - what a library may be called, for a section or a base name to be found by. */
struct candidates {
	char own[SOV_NAME_MAX]; /* as given, links not followed */
	char end[SOV_NAME_MAX]; /* of the file itself */
	char soname[SOV_NAME_MAX];
	bool library; /* what is none is better told so than that no declaration fits it */
};

static void gather(struct candidates *out, const char *path)
{
	struct sov_identity identity = {0};
	struct sov_err ignored; /* the library says it */

	*out = (struct candidates){0};
	(void)sov_str_copy(out->own, sizeof(out->own), sov_str_basename(path));
	if (sov_last_name(out->end, sizeof(out->end), path) != 0)
		out->end[0] = '\0';
	out->library = sov_identity_of(&identity, path, &ignored) == 0 &&
		       identity.kind == SOV_KIND_LIBRARY;
	if (identity.soname != NULL)
		(void)sov_str_copy(out->soname, sizeof(out->soname), identity.soname);
	sov_identity_release(&identity);
}

static int select_section(const struct request *request, const struct candidates *candidates,
			  const struct sov_conf_library **section, struct sov_err *err)
{
	int rc = sov_conf_select(&request->conf, candidates->own, section, err);

	if (rc == 0 && *section == NULL)
		rc = sov_conf_select(&request->conf, candidates->end, section, err);
	if (rc == 0 && *section == NULL)
		rc = sov_conf_select(&request->conf, candidates->soname, section, err);
	return rc;
}

static bool find_base(char base[SOV_BASE_MAX + 1], const char **prefix,
		      const struct candidates *candidates, const struct sov_decl *decl)
{
	return declare_base(base, prefix, candidates->own, decl) ||
	       declare_base(base, prefix, candidates->end, decl) ||
	       declare_base(base, prefix, candidates->soname, decl);
}

static int fail_base(const char *path, struct sov_err *err)
{
	sov_fail(err, SOV_E_USAGE, path, "no name can be declared for it");
	sov_expected(err,
		     "a file name or SONAME libNAME.so, or with numbers behind it, NAME of at "
		     "most %d bytes",
		     SOV_BASE_MAX);
	return sov_fix(err, "rename it, or declare nothing: its SONAME names it then");
}

/* What was said in vain is not passed over. */
static int fail_undeclared(const struct request *request, const char *path,
			   const struct sov_conf_library *section, struct sov_err *err)
{
	const struct sov_decl *said = &request->declared.decl;
	const char *option = sov_decl_has(said, SOV_KEY_SOVERSION) ? "--soversion"
			     : sov_decl_has(said, SOV_KEY_POLICY)  ? "--policy"
								   : NULL;

	if (option != NULL) {
		sov_fail(err, SOV_E_USAGE, option, "declares nothing without a version");
		return sov_fix(err, "give --version V as well");
	}
	if (request->declared.conf != NULL && section == NULL)
		return declare_fail(path, &request->conf, err);
	return 0;
}

/* The names that are declared. */
static int name(struct subject *subject, struct sov_install_library *library,
		const struct candidates *candidates, const struct sov_conf_library *section,
		const struct sov_decl *decl, struct sov_err *err)
{
	char base[SOV_BASE_MAX + 1];
	struct sov_library named = {.prefix = "lib", .base = base};
	int rc;

	if (section != NULL)
		named.base = section->base;
	else if (!find_base(base, &named.prefix, candidates, decl))
		return candidates->library ? fail_base(library->path, err) : 0;
	rc = sov_names_derive(&subject->names, &named, decl, err);
	library->want.names = &subject->names;
	library->want.origin = sov_decl_origin(decl, subject->origin, sizeof(subject->origin));
	/* a triple gives its own soversion: none can be declared beside it */
	library->want.relink = sov_decl_has(decl, SOV_KEY_LIBTOOL) ? "" : NULL;
	return rc;
}

static int declare(const struct request *request, struct subject *subject,
		   struct sov_install_library *library, struct sov_err *err)
{
	const struct sov_conf_library *section = NULL;
	struct candidates candidates;
	struct sov_decl decl;
	int rc;

	gather(&candidates, library->path);
	rc = select_section(request, &candidates, &section, err);
	if (rc == 0)
		rc = declare_merge(&decl, &request->declared, section, err);
	if (rc != 0)
		return rc;
	/* asked for, there is one whatever is declared */
	if (request->linker_name == SOV_WISH_SONAME || request->linker_name == SOV_WISH_REAL)
		decl.linker_name = SOV_LINKER_NAME_SONAME;
	library->want.linker_name = decl.linker_name;
	library->want.linker_name_declared = sov_decl_has(&decl, SOV_KEY_LINKER_NAME);
	if (!sov_decl_names_a_version(&decl))
		return candidates.library ? fail_undeclared(request, library->path, section, err)
					  : 0;
	return name(subject, library, &candidates, section, &decl, err);
}

static int declare_all(const struct tool *tool, struct request *request,
		       const struct operands *operands, struct sov_err *err)
{
	int rc = declare_conf_for(tool, &request->declared, &request->conf, err);

	request->count = operands->count - 1;
	request->directory = operands->item[request->count];
	request->subject = calloc(operands->count, sizeof(*request->subject));
	request->library = calloc(operands->count, sizeof(*request->library));
	if (request->subject == NULL || request->library == NULL)
		return sov_fail_nomem(err, NULL);
	for (size_t i = 0; rc == 0 && i < request->count; i++) {
		request->library[i].path = operands->item[i];
		rc = declare(request, &request->subject[i], &request->library[i], err);
	}
	return rc;
}

static struct sov_place place_of(const struct request *request, const volatile sig_atomic_t *stop)
{

	return (struct sov_place){
		.root = request->root,
		.directory = request->directory,
		.dry_run = request->flag[FLAG_DRY_RUN],
		.sync = request->flag[FLAG_SYNC] ||
			(!tool_packs(request->root) && !request->flag[FLAG_NO_SYNC]),
		.wait_ms = LOCK_WAIT_MS,
		.stop = stop,
	};
}

static int uninstall(const struct request *request, struct sov_steps *steps, struct sov_err *err)
{
	const struct sov_uninstall act = {
		.place = place_of(request, stop_begin()),
		.library = request->library,
		.count = request->count,
		.component = (enum sov_component)request->component,
		.manifest = request->manifest,
	};

	return sov_uninstall(&act, steps, err);
}

/* All libraries of an act are open at once, with a draft each. */
static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit); /* or what there is must do */
}

static int install(const struct request *request, struct sov_steps *steps, struct sov_err *err)
{
	struct strip strip = {.stop = stop_begin()};
	const struct sov_install act = {
		.place = place_of(request, strip.stop),
		.library = request->library,
		.count = request->count,
		.component = (enum sov_component)request->component,
		.linker_name = (enum sov_linker_wish)request->linker_name,
		.mode = request->mode,
		.uid = request->owner.uid,
		.gid = request->owner.gid,
		.backup = request->flag[FLAG_BACKUP],
		.allow_downgrade = request->flag[FLAG_DOWNGRADE],
		.manifest = request->manifest,
		.strip = request->flag[FLAG_STRIP] ? strip_run : NULL,
		.data = &strip,
	};
	int rc = request->flag[FLAG_STRIP] ? strip_find(&strip, err) : 0;

	raise_limit();
	if (rc == 0)
		rc = sov_install(&act, steps, err);
	strip_release(&strip);
	return rc;
}

static int act_and_write(const struct tool *tool, const struct output *output,
			 const struct request *request)
{
	bool planned = request->flag[FLAG_DRY_RUN];
	struct sov_steps list = {0};
	const struct steps steps = {
		.list = &list,
		.planned = planned,
		.shown = planned || tool->verbosity > 0 ? STEPS_ALL : STEPS_NONE,
	};
	struct sov_err err;
	int status, rc;

	rc = request->flag[FLAG_UNINSTALL] ? uninstall(request, &list, &err)
					   : install(request, &list, &err);
	stop_end();
	status = rc == 0 ? steps_write(tool, output, &steps) : tool_fail(tool, &err);
	sov_steps_release(&list);
	return status;
}

/* ".." of a link leads to elsewhere than the same words in a manifest, or without the root. */
static int check_climb(const struct request *request, const char *directory, struct sov_err *err)
{
	size_t n;

	if (request->root == NULL || request->root[0] == '\0')
		return 0;
	for (const char *part = directory; *part != '\0'; part += n + strspn(part + n, "/")) {
		n = strcspn(part, "/");
		if (n != 2 || part[0] != '.' || part[1] != '.')
			continue;
		sov_fail(err, SOV_E_USAGE, directory, "has '..' in it, below a root");
		return sov_fix(err, "name the directory itself, as it is below the root");
	}
	return 0;
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* A wrong order, or a directory forgotten, is told from what is there. */
static int check_order(const struct request *request, const struct operands *operands,
		       struct sov_err *err)
{
	const char *last = operands->item[operands->count - 1], *wrong = NULL;
	bool rooted = request->root != NULL && request->root[0] != '\0';

	if (!rooted && is_file(last))
		wrong = last;
	for (size_t i = 0; wrong == NULL && i + 1 < operands->count; i++)
		if (is_directory(operands->item[i]))
			wrong = operands->item[i];
	if (wrong == NULL)
		return 0;
	sov_fail(err, SOV_E_USAGE, wrong, "%s",
		 wrong == last ? "is a file, not a directory" : "is a directory, not a library");
	sov_expected(err, "sov install LIB... DIR");
	return sov_fix(err, "DIR comes last");
}

/* Which operands there must be. */
static int check_operands(const struct request *request, const struct operands *operands,
			  struct sov_err *err)
{
	bool listed = request->flag[FLAG_UNINSTALL] && request->manifest != NULL;

	if (listed && request->component != SOV_COMPONENT_ALL) {
		sov_fail(err, SOV_E_USAGE, "--component", "a manifest says itself what goes");
		return sov_fix(err, "give LIB... DIR, or leave --component out");
	}
	if (listed && operands->count == 0)
		return 0;
	if (listed) {
		sov_fail(err, SOV_E_USAGE, "--manifest", "says all that is to be uninstalled");
		return sov_found(err, "%s besides", operands->item[0]);
	}
	if (operands->count >= 2) {
		const char *directory = operands->item[operands->count - 1];

		if (tool_directories(&operands->item[operands->count - 1], 1, err) != 0 ||
		    check_climb(request, directory, err) != 0)
			return -SOV_E_USAGE;
		return check_order(request, operands, err);
	}
	sov_fail(err, SOV_E_USAGE, NULL, "install needs a library and a directory");
	return sov_expected(err, "sov install LIB... DIR");
}

static int install_operands(const struct tool *tool, const struct output *output,
			    struct request *request, const struct operands *operands)
{
	struct sov_err err;
	int rc = check_operands(request, operands, &err);

	if (rc == 0 && operands->count > 0)
		rc = declare_all(tool, request, operands, &err);
	return rc == 0 ? act_and_write(tool, output, request) : tool_fail(tool, &err);
}

static int run_install(struct tool *tool, int argc, char **argv)
{
	struct request request = {
		.mode = DEFAULT_MODE, .owner = {(uid_t)-1, (gid_t)-1},
		       .directory = ""
	      };
	struct output output = {.formats = steps_formats};
	void *const targets[] = {&request, &request.declared, &output};
	struct operands operands;
	int status;

	if (tool_parse(tool, targets, argc, argv, &operands, &status))
		status = install_operands(tool, &output, &request, &operands);
	sov_conf_release(&request.conf);
	free(request.subject);
	free(request.library);
	return status;
}

const struct command install_command = {
	.name = "install",
	.summary = "put libraries and their links into a directory, or take them out",
	.operands = "LIB... DIR",
	.options = {install_options, declare_naming_options, output_options},
	.formats = steps_formats,
	.run = run_install,
};
