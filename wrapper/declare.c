/* SPDX-License-Identifier: MIT */
#include "wrapper/declare.h"

#include <string.h>

#include "base/str.h"
#include "cli/declare.h"

/* SOV_FROM_NAME: libdemo.so.1.4.2 declares version 1.4.2. */
static int from_name(struct sov_decl *decl, const struct sov_filename *file, struct sov_err *err)
{
	if (file->count == 0)
		return 0;
	return sov_decl_set(decl, SOV_KEY_VERSION, file->digits,
			    (struct sov_origin){"SOV_FROM_NAME", 0}, err);
}

/* The section that names the output, NULL when there is none. */
static int from_conf(struct declaration *declaration, const struct request *request,
		     const char *output, const struct sov_conf_library **library,
		     struct sov_err *err)
{
	char found[PATH_MAX] = "";
	const char *path = request->conf ? request->conf : found;
	int rc = 0;

	if (!request->conf)
		rc = sov_conf_find(found, declaration->refused, sizeof(found), err);
	if (rc == 0 && *path)
		rc = sov_conf_read(&declaration->conf, path, err);
	if (rc == 0 && *path)
		rc = sov_conf_select(&declaration->conf, output, library, err);
	sov_str_format(declaration->note, sizeof(declaration->note), "%s%s",
		       *path ? path : "there is no sov.conf",
		       *path ? " has no section that names it" : "");
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
	declaration->found = true;
	return 0;
}

/* The command line and everything below it, for outputs called lib*.so*. */
static int gather(struct declaration *declaration, const struct request *request,
		  const char *output, const struct sov_filename *file, struct sov_err *err)
{
	struct sov_decl *decl = &declaration->decl, name = {0};
	const struct sov_conf_library *library = NULL;
	int rc = 0;

	if (!sov_cli_owns(&request->declared))
		rc = from_conf(declaration, request, output, &library, err);
	if (rc == 0)
		rc = sov_cli_layer(decl, &request->declared, library ? &library->decl : NULL, err);
	if (rc < 0)
		return rc;
	if (library) {
		declaration->found = true;
		sov_str_copy(declaration->base, sizeof(declaration->base), library->base);
	}
	if (!request->from_name || sov_decl_names_a_version(decl))
		return 0;
	rc = from_name(&name, file, err);
	if (rc == 0)
		rc = sov_decl_merge(&name, decl, err);
	if (rc == 0)
		*decl = name;
	return rc;
}

static int fail_no_library_name(const char *output, struct sov_err *err)
{
	sov_fail(err, SOV_E_USAGE, output,
		 "a version is declared, but the output is no library's name");
	sov_expected(err, "-o NAME.so, or NAME.so with the version's numbers behind it");
	return sov_fix(err, "name the output lib*.so, or leave the --sov-* arguments out");
}

/* An output that is not called lib*.so*: only the command line can declare it. */
static int find_elsewhere(struct declaration *declaration, const struct request *request,
			  const char *output, const struct sov_filename *file, struct sov_err *err)
{
	declaration->decl = request->declared;
	sov_str_copy(declaration->note, sizeof(declaration->note),
		     "the output is not called lib*.so*");
	return request->spoken ? take_base_name(declaration, file, output, err) : 0;
}

int declaration_find(struct declaration *declaration, const struct request *request,
		     const char *output, struct sov_err *err)
{
	struct sov_filename file;
	int rc;

	sov_str_copy(declaration->prefix, sizeof(declaration->prefix), "lib");
	if (!sov_filename_parse(&file, output)) {
		sov_str_copy(declaration->note, sizeof(declaration->note),
			     "the output's name is no NAME.so with or without a version");
		return request->spoken ? fail_no_library_name(output, err) : 0;
	}
	if (!declaration_is_library_name(output))
		return find_elsewhere(declaration, request, output, &file, err);
	rc = gather(declaration, request, output, &file, err);
	if (rc < 0 || declaration->found)
		return rc;
	if (request->spoken || sov_decl_names_a_version(&declaration->decl))
		return take_base_name(declaration, &file, output, err);
	return 0;
}

bool declaration_is_library_name(const char *output)
{
	return sov_str_starts(output, "lib") && strstr(output, ".so");
}

void declaration_release(struct declaration *declaration)
{
	sov_conf_release(&declaration->conf);
}
