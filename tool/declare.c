/* SPDX-License-Identifier: MIT */
#include "tool/declare.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <sov/conf.h>
#include <sov/names.h>

#include "base/mem.h"
#include "base/str.h"
#include "cli/declare.h"

static const char *const options[SOV_KEY_COUNT] = {
	[SOV_KEY_VERSION] = "--version",     [SOV_KEY_LIBTOOL] = "--libtool",
	[SOV_KEY_SOVERSION] = "--soversion", [SOV_KEY_POLICY] = "--policy",
	[SOV_KEY_RELEASE] = "--release",     [SOV_KEY_LINKER_NAME] = "--linker-name",
};

static int take_key(void *target, const struct sov_option *option, const char *value,
		    struct sov_err *err)
{
	struct declared *declared = target;
	enum sov_key key = (enum sov_key)option->detail;
	const struct sov_origin origin = {options[key], 0};

	return sov_decl_set(&declared->decl, key, value, origin, err);
}

static int take_conf(void *target, const struct sov_option *option, const char *value,
		     struct sov_err *err)
{
	struct declared *declared = target;

	(void)option;
	(void)err;
	declared->conf = value;
	return 0;
}

/* clang-format off */
#define NAMING_OPTIONS                                                                             \
	{"version", 0, "V", "the version, 1 to 4 numbers: 2.1.0", take_key, SOV_KEY_VERSION},      \
	{"libtool", 0, "C:R:A", "libtool's current:revision:age instead", take_key,                \
	 SOV_KEY_LIBTOOL},                                                                         \
	{"soversion", 0, "N", "the soversion, when no policy gives it", take_key,                  \
	 SOV_KEY_SOVERSION},                                                                       \
	{"policy", 0, "P", "major (default), minor, exact or semver", take_key, SOV_KEY_POLICY},   \
	{"release", 0, "R", "goes into the name: libdemo-R.so", take_key, SOV_KEY_RELEASE}
#define CONF_OPTION                                                                                \
	{"conf", 0, "FILE", "read FILE instead of the nearest sov.conf", take_conf, 0}

const struct sov_option declare_options[] = {
	NAMING_OPTIONS,
	{"linker-name", 0, "S", "points to: soname (default), real; or none", take_key,
	 SOV_KEY_LINKER_NAME},
	CONF_OPTION,
	{0},
};

const struct sov_option declare_naming_options[] = {
	NAMING_OPTIONS,
	CONF_OPTION,
	{0},
};
/* clang-format on */

static void warn_refused(const struct tool *tool, const char *path)
{
	struct sov_err err;

	sov_fail(&err, SOV_E_CONF, path,
		 "not read: it belongs to somebody else, in a directory that anybody writes to");
	sov_fix(&err, "give --conf %s if you trust it", path);
	tool_warn(tool, &err);
}

const char *declare_conf_named(const char *given)
{
	const char *variable = getenv("SOV_CONF");

	if (given != NULL)
		return given;
	return variable != NULL && *variable != '\0' ? variable : NULL;
}

int declare_conf(const struct tool *tool, const char *given, struct sov_conf *out,
		 struct sov_err *err)
{
	char found[PATH_MAX], refused[PATH_MAX];
	const char *named = declare_conf_named(given);
	int code;

	if (named != NULL)
		return sov_conf_read(out, named, err);
	code = sov_conf_find(found, refused, sizeof(found), err);
	if (code != 0)
		return code;
	if (refused[0] != '\0')
		warn_refused(tool, refused);
	return found[0] != '\0' ? sov_conf_read(out, found, err) : 0;
}

int declare_conf_for(const struct tool *tool, const struct declared *declared, struct sov_conf *out,
		     struct sov_err *err)
{
	if (sov_cli_owns(&declared->decl) && declared->conf == NULL)
		return 0;
	return declare_conf(tool, declared->conf, out, err);
}

int declare_merge(struct sov_decl *out, const struct declared *declared,
		  const struct sov_conf_library *section, struct sov_err *err)
{
	return sov_cli_layer(out, &declared->decl, section != NULL ? &section->decl : NULL, err);
}

bool declare_base(char base[SOV_BASE_MAX + 1], const char **prefix, const char *name,
		  const struct sov_decl *decl)
{
	char release[SOV_VERSION_TEXT_MAX + 1] = "-";
	struct sov_filename file;
	size_t skip = sov_str_starts(name, "lib") ? strlen("lib") : 0, length, tail;

	if (!sov_filename_parse(&file, name) || file.stem_len <= skip ||
	    file.stem_len - skip > SOV_BASE_MAX)
		return false;
	length = file.stem_len - skip;
	if (sov_decl_has(decl, SOV_KEY_RELEASE))
		sov_version_format(release + 1, &decl->release);
	tail = release[1] != '\0' ? strlen(release) : 0;
	if (tail > 0 && length > tail &&
	    memcmp(file.stem + file.stem_len - tail, release, tail) == 0)
		length -= tail;
	memcpy(base, file.stem + skip, length);
	base[length] = '\0';
	*prefix = skip > 0 ? "lib" : "";
	return true;
}

/* The section that was probably meant by a base, file or path name, or NULL. */
static const char *nearest_section(const char *subject, const struct sov_conf *conf)
{
	sov_autofree const char **bases = calloc(conf->library_count + 1, sizeof(*bases));
	char stem[SOV_SUBJECT_MAX];
	struct sov_filename file;
	const char *near;

	(void)sov_str_copy(stem, sizeof(stem), sov_str_basename(subject));
	if (sov_filename_parse(&file, stem))
		stem[file.stem_len] = '\0';
	if (bases == NULL)
		return NULL;
	for (size_t i = 0; i < conf->library_count; i++)
		bases[i] = conf->libraries[i].base;
	near = sov_str_nearest(stem, bases, conf->library_count);
	if (near == NULL && sov_str_starts(stem, "lib"))
		near = sov_str_nearest(stem + strlen("lib"), bases, conf->library_count);
	return near;
}

int declare_fail(const char *subject, const struct sov_conf *conf, struct sov_err *err)
{
	const char *near = nearest_section(subject, conf);

	sov_fail(err, SOV_E_CONF, subject, "nothing declares this library");
	if (conf->path == NULL)
		return sov_fix(err, "give --version V, or add a sov.conf with its [lib] section");
	sov_found(err, "%s has no section that names it", conf->path);
	if (near != NULL)
		return sov_fix(err, "did you mean %s?", near);
	return sov_fix(err, "give --version V, or add a [lib] section");
}
