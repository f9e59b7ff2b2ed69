/* SPDX-License-Identifier: MIT */
#include "wrapper/declare.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* The environment speaks for every library, key by key. */
static const struct {
	const char *variable;
	enum sov_key key;
} variables[] = {
	{"SOV_VERSION",	SOV_KEY_VERSION    },
	      {"SOV_LIBTOOL",     SOV_KEY_LIBTOOL    },
	{"SOV_SOVERSION",	  SOV_KEY_SOVERSION  },
	      {"SOV_POLICY",	     SOV_KEY_POLICY	   },
	{"SOV_RELEASE",	SOV_KEY_RELEASE    },
	      {"SOV_LINKER_NAME", SOV_KEY_LINKER_NAME},
};

static int from_environment(struct sov_decl *decl, struct sov_err *err)
{
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *value = getenv(variables[i].variable);
		int rc = 0;

		if (value && *value)
			rc = sov_decl_set(decl, variables[i].key, value,
					  (struct sov_origin){variables[i].variable, 0}, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* SOV_FROM_NAME: libdemo.so.1.4.2 declares version 1.4.2. */
static int from_name(struct sov_decl *decl, const struct sov_filename *file, struct sov_err *err)
{
	if (file->count == 0)
		return 0;
	return sov_decl_set(decl, SOV_KEY_VERSION, file->digits,
			    (struct sov_origin){"SOV_FROM_NAME", 0}, err);
}

/* The section that names the output, and the base name it gives; none: base stays "". */
static int from_conf(struct declaration *declaration, const struct request *request,
		     const char *output, struct sov_err *err)
{
	char found[PATH_MAX] = "";
	const char *path = request->conf ? request->conf : found;
	const struct sov_conf_library *library = NULL;
	int rc = 0;

	if (!request->conf)
		rc = sov_conf_find(found, declaration->refused, sizeof(found), err);
	if (rc == 0 && *path)
		rc = sov_conf_read(&declaration->conf, path, err);
	if (rc == 0 && *path)
		rc = sov_conf_select(&declaration->conf, output, &library, err);
	if (rc < 0)
		return rc;
	sov_str_format(declaration->note, sizeof(declaration->note), "%s%s",
		       *path ? path : "there is no sov.conf",
		       *path ? " has no section that names it" : "");
	if (library) {
		declaration->decl = library->decl;
		sov_str_copy(declaration->base, sizeof(declaration->base), library->base);
	}
	return 0;
}

/* Lower sources are asked only while no higher one owns the declaration. */
static bool owns(const struct sov_decl *decl)
{
	return sov_decl_has(decl, SOV_KEY_VERSION) || sov_decl_has(decl, SOV_KEY_LIBTOOL);
}

/* Lay what was gathered from above over a lower source. */
static int lay_over(struct sov_decl *lower, struct sov_decl *gathered, struct sov_err *err)
{
	int rc = sov_decl_merge(lower, gathered, err);

	if (rc == 0)
		*gathered = *lower;
	return rc;
}

/* "libdemo-9" with release 9 is the library demo; an output without "lib" is one without prefix. */
static int take_base_name(struct declaration *declaration, const struct sov_filename *file,
			  const char *output, struct sov_err *err)
{
	char release[SOV_VERSION_TEXT_MAX] = "";
	size_t prefix = sov_str_starts(output, "lib") ? strlen("lib") : 0;
	size_t length = file->stem_len - prefix, tail;

	if (sov_decl_has(&declaration->decl, SOV_KEY_RELEASE))
		sov_version_format(release, &declaration->decl.release);
	tail = strlen(release);
	if (tail > 0 && length > tail + 1 && file->stem[file->stem_len - tail - 1] == '-' &&
	    memcmp(file->stem + file->stem_len - tail, release, tail) == 0)
		length -= tail + 1;
	if (length > SOV_BASE_MAX || length == 0) {
		sov_fail(err, SOV_E_USAGE, output, "the output's base name is %s",
			 length ? "too long" : "empty");
		return sov_expected(err, "lib, 1 to %d bytes, .so", SOV_BASE_MAX);
	}
	sov_str_format(declaration->prefix, sizeof(declaration->prefix), "%.*s", (int)prefix,
		       output);
	sov_str_format(declaration->base, sizeof(declaration->base), "%.*s", (int)length,
		       file->stem + prefix);
	return 0;
}

/* Everything below the command line, for outputs called lib*.so*. */
static int gather(struct declaration *declaration, const struct request *request,
		  const char *output, const struct sov_filename *file, struct sov_err *err)
{
	struct sov_decl gathered = request->declared, environment = {0}, name = {0};
	int rc = 0;

	if (!owns(&gathered))
		rc = from_conf(declaration, request, output, err);
	if (rc == 0)
		rc = lay_over(&declaration->decl, &gathered, err);
	if (rc == 0 && !owns(&gathered) && declaration->base[0] == '\0') {
		rc = from_environment(&environment, err);
		if (rc == 0)
			rc = lay_over(&environment, &gathered, err);
		if (rc == 0 && request->from_name && !sov_decl_names_a_version(&gathered))
			rc = from_name(&name, file, err);
		if (rc == 0)
			rc = lay_over(&name, &gathered, err);
	}
	declaration->decl = gathered;
	return rc;
}

static int fail_no_library_name(const char *output, struct sov_err *err)
{
	sov_fail(err, SOV_E_USAGE, output,
		 "a version is declared, but the output is no library's name");
	sov_expected(err, "-o NAME.so, or NAME.so with the version's numbers behind it");
	return sov_fix(err, "name the output lib*.so, or leave the --sov-* arguments out");
}

int declaration_find(struct declaration *declaration, const struct request *request,
		     const char *output, struct sov_err *err)
{
	struct sov_filename file;
	bool plain = sov_filename_parse(&file, output);
	bool lib = sov_str_starts(output, "lib") && strstr(output, ".so");
	int rc = 0;

	sov_str_copy(declaration->prefix, sizeof(declaration->prefix), "lib");
	if (!plain && request->spoken)
		return fail_no_library_name(output, err);
	if (lib && plain)
		rc = gather(declaration, request, output, &file, err);
	else
		declaration->decl = request->declared;
	if (rc < 0)
		return rc;
	if (!lib && !request->spoken)
		sov_str_copy(declaration->note, sizeof(declaration->note),
			     "the output is not called lib*.so*");
	if (declaration->base[0] == '\0' &&
	    (request->spoken || sov_decl_names_a_version(&declaration->decl)))
		return take_base_name(declaration, &file, output, err);
	return 0;
}

void declaration_release(struct declaration *declaration)
{
	sov_conf_release(&declaration->conf);
}
