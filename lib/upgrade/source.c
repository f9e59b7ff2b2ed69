/* SPDX-License-Identifier: MIT */
#include "upgrade/source.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sov/check.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"

bool sov_soname_continued(const char *soname, const char *name)
{
	struct sov_filename have, want;
	size_t n;

	if (!sov_filename_parse(&want, soname) || !sov_filename_parse(&have, name) ||
	    !sov_filename_same_stem(&have, &want))
		return false;
	n = strlen(want.digits);
	return n == 0 || (strncmp(have.digits, want.digits, n) == 0 &&
			  (have.digits[n] == '.' || have.digits[n] == '\0'));
}

/* Why a name is none to install by. A hidden one is taken for a temporary, and passed over, by us
 * as by others. */
static const char *unfit(const char *name)
{
	const char *unsafe = sov_soname_unsafe(name);

	return unsafe == NULL && name[0] == '.' ? "is hidden" : unsafe;
}

int sov_names_of_soname(struct sov_names *out, const char *path, const char *soname,
			const char *own, struct sov_err *err)
{
	const char *unsafe = unfit(soname);
	struct sov_names names = {0};
	struct sov_filename file;

	if (unsafe != NULL) {
		sov_fail(err, SOV_E_MISMATCH, path, "its SONAME can't be a file name: it %s",
			 unsafe);
		return sov_found(err, "%s", soname);
	}
	if (!sov_filename_parse(&file, soname)) {
		sov_fail(err, SOV_E_MISMATCH, path, "its SONAME is not the name of a library");
		sov_expected(err, "NAME.so, or with numbers behind it");
		return sov_found(err, "%s", soname);
	}
	(void)sov_str_copy(names.soname, sizeof(names.soname), soname);
	(void)sov_str_copy(names.real_name, sizeof(names.real_name),
			   sov_soname_continued(soname, own) ? own : soname);
	(void)sov_str_format(names.linker_name, sizeof(names.linker_name), "%.*s.so",
			     (int)file.stem_len, file.stem);
	*out = names;
	return 0;
}

bool sov_source_has_linker_name(const struct sov_source *source)
{
	return source->names.linker_name[0] != '\0' &&
	       (source->library->want.names != NULL ||
		sov_str_starts(source->names.linker_name, "lib"));
}

/* The name that a file has at its end: @path, links followed. */
static int own_name(char out[SOV_NAME_MAX], const char *path, struct sov_err *err)
{
	if (sov_last_name(out, SOV_NAME_MAX, path) == 0)
		return 0;
	return sov_fail_errno(err, path, "cannot resolve the path");
}

static int fail_undeclared(const char *path, struct sov_err *err)
{
	sov_fail(err, SOV_E_CONF, path, "nothing names this library");
	sov_expected(err, "a SONAME, or a declaration");
	sov_found(err, "no SONAME, and nothing declares it");
	return sov_fix(err, "declare it, and relink with sovcc, or with -Wl,-soname,NAME");
}

static int name_by_soname(struct sov_source *source, const char *own, struct sov_err *err)
{
	const char *path = source->library->path, *soname = source->identity.soname;
	const struct sov_expectation none = {.soname = soname != NULL ? soname : ""};
	int rc = sov_check_soname(&source->identity, path, &none, err);

	if (rc == 0 && soname == NULL)
		rc = fail_undeclared(path, err);
	return rc == 0 ? sov_names_of_soname(&source->names, path, soname, own, err) : rc;
}

/* A file called like the declared one but for other numbers: the build of another version. */
static bool is_of_another_version(const struct sov_names *names, const char *own)
{
	struct sov_filename have, want;

	return strcmp(own, names->real_name) != 0 && strcmp(own, names->soname) != 0 &&
	       sov_filename_parse(&have, own) && sov_filename_parse(&want, names->real_name) &&
	       have.count > 0 && sov_filename_same_stem(&have, &want);
}

static int name_by_declaration(struct sov_source *source, const char *own, struct sov_err *err)
{
	const struct sov_expectation *want = &source->library->want;
	const char *path = source->library->path;
	int rc = sov_check_soname(&source->identity, path, want, err);

	if (rc != 0)
		return rc;
	if (unfit(want->names->soname) != NULL) {
		sov_fail(err, SOV_E_MISMATCH, path, "its declared name %s",
			 unfit(want->names->soname));
		return sov_found(err, "%s", want->names->soname);
	}
	source->names = *want->names;
	if (!is_of_another_version(want->names, own))
		return 0;
	sov_fail(err, SOV_E_MISMATCH, path, "file name does not match the declared version");
	sov_rule(err, "declared-mismatch");
	sov_expected(err, "%s%s%s%s", want->names->real_name, want->origin != NULL ? " (" : "",
		     want->origin != NULL ? want->origin : "", want->origin != NULL ? ")" : "");
	sov_found(err, "%s", own);
	return sov_fix(err, "install the file of that version, or declare this one's");
}

/* What is no library is best told from what bears a wrong name. */
static int say_what_installs(struct sov_err *err)
{
	if (strcmp(err->message, "not a shared library") == 0)
		sov_fix(err, "give the library; install(1) puts other files");
	return -(int)err->code;
}

static int settle_names(struct sov_source *source, struct sov_err *err)
{
	char own[SOV_NAME_MAX];
	int rc = own_name(own, source->library->path, err);

	if (rc != 0)
		return rc;
	rc = source->library->want.names != NULL ? name_by_declaration(source, own, err)
						 : name_by_soname(source, own, err);
	return rc == -SOV_E_MISMATCH ? say_what_installs(err) : rc;
}

/* The same file under a second name: `sov install build/libdemo.so* DIR`. */
static const char *earlier(const struct sov_sources *sources, const struct sov_source *source)
{
	for (size_t i = 0; i < sources->count; i++) {
		const struct sov_source *other = &sources->source[i];

		if (other->identity.device == source->identity.device &&
		    other->identity.inode == source->identity.inode)
			return other->library->path;
	}
	return NULL;
}

static int open_source(struct sov_source *source, struct sov_err *err)
{
	const char *path = source->library->path;

	source->fd = sov_identity_open(AT_FDCWD, path, 0);
	if (source->fd < 0)
		return sov_fail_errno(err, path, "cannot open");
	return sov_identity_read(&source->identity, source->fd, path, err);
}

int sov_sources_open(struct sov_sources *out, const struct sov_install_library *library,
		     size_t count, struct sov_err *err)
{
	int rc = 0;

	out->source = calloc(count + 1, sizeof(*out->source));
	if (out->source == NULL)
		return sov_fail_nomem(err, NULL);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct sov_source *source = &out->source[i];

		*source = (struct sov_source){.library = &library[i], .fd = -1};
		rc = open_source(source, err);
		if (rc == 0)
			source->same_as = earlier(out, source);
		if (rc == 0 && source->same_as == NULL)
			rc = settle_names(source, err);
		out->count++;
	}
	return rc;
}

void sov_sources_release(struct sov_sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		sov_identity_release(&sources->source[i].identity);
		if (sources->source[i].fd >= 0)
			close(sources->source[i].fd);
	}
	free(sources->source);
	*sources = (struct sov_sources){0};
}

static bool same_stem(const char *name, const struct sov_filename *file)
{
	struct sov_filename own;

	return sov_filename_parse(&own, name) && sov_filename_same_stem(&own, file);
}

bool sov_sources_curious(const void *sources, const struct sov_filename *file)
{
	const struct sov_sources *all = sources;

	for (size_t i = 0; i < all->count; i++) {
		const struct sov_names *names = &all->source[i].names;

		if (same_stem(names->real_name, file) || same_stem(names->soname, file) ||
		    same_stem(names->linker_name, file))
			return true;
	}
	return false;
}
