/* SPDX-License-Identifier: MIT */
/*
 * Where does the dynamic linker look for a name? ld.so(8) has the order; what it does not say is in
 * glibc's elf/dl-load.c:
 *
 * - DT_RPATH is that of who needs the name, then of who loaded that, up to the program, and is not
 *   asked when who needs it has DT_RUNPATH; one beside a DT_RUNPATH is as if it were not there.
 * - In each directory its hardware subdirectories come first.
 * - A file of another class or machine is passed over, as if it were not there. A file that is no
 *   library at all is not: there the dynamic linker stops, and so do we.
 * - The cache is asked once. If what it names is not there, the default directories come next.
 *
 * musl's ldso/dynlink.c differs: LD_LIBRARY_PATH comes first, DT_RUNPATH is inherited as DT_RPATH
 * is, and there is no cache.
 */
#include "deps/search.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "deps/token.h"

static const char cache_path[] = "/etc/ld.so.cache";
static const char conf_path[] = "/etc/ld.so.conf";

/* Take the bytes of the cache apart. What is none is noted: the dynamic linker goes on without. */
static int take_cache(struct sov_deps_search *search, int fd, struct sov_err *err)
{
	struct stat st;
	char *bytes = NULL;
	ssize_t n;
	int rc;

	search->cache_there = true;
	search->cache_fault = "it is no file that can be read";
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > SOV_LDCACHE_MAX)
		return 0;
	n = sov_read_all(fd, SOV_LDCACHE_MAX, &bytes);
	if (n < 0)
		return 0;
	rc = sov_ldcache_parse(&search->cache, bytes, (size_t)n, &search->cache_fault);
	if (rc == 0)
		search->cache_fault = NULL;
	return rc < 0 ? sov_fail_nomem(err, cache_path) : 0;
}

int sov_search_read_cache(struct sov_deps_search *search, struct sov_err *err)
{
	sov_autoclose int fd = -1;

	if (search->cache_read)
		return 0;
	search->cache_read = true;
	fd = sov_depfiles_open(&search->files, (struct sov_place){cache_path, false}, 0);
	if (fd >= 0)
		return take_cache(search, fd, err);
	if (search->root != NULL && sov_ldconf_read(&search->conf, &search->files, conf_path) < 0)
		return sov_fail_nomem(err, conf_path);
	return 0;
}

static bool same_ldso(const struct sov_ldso *ldso, const char *interp, const struct sov_abi *abi,
		      bool musl)
{
	return ldso->abi.machine == abi->machine && ldso->abi.bits == abi->bits &&
	       ldso->abi.big_endian == abi->big_endian && ldso->abi.flags == abi->flags &&
	       ldso->implied == (interp == NULL) &&
	       (interp != NULL ? strcmp(ldso->interp, interp) == 0 : ldso->musl == musl);
}

/* Is a library without PT_INTERP musl's? Its libc has no soname of glibc's. */
static bool needs_musl(const struct sov_identity *id)
{
	for (size_t i = 0; i < id->needed_count; i++)
		if (strcmp(id->needed[i], "libc.so") == 0 ||
		    sov_str_starts(id->needed[i], "libc.musl-"))
			return true;
	return false;
}

int sov_search_ldso(struct sov_deps_search *search, const struct sov_depfile *file,
		    const struct sov_ldso **out, struct sov_err *err)
{
	const char *interp = file->linkage.interp;
	const struct sov_abi abi = sov_abi_of(file);
	bool musl = interp == NULL && needs_musl(&file->identity);
	struct sov_ldso *ldso;
	int rc;

	for (size_t i = 0; i < search->ldso_count; i++) {
		*out = search->ldsos[i];
		if (same_ldso(*out, interp, &abi, musl))
			return 0;
	}
	ldso = calloc(1, sizeof(*ldso));
	if (ldso == NULL ||
	    sov_vec_grow(&search->ldsos, search->ldso_count, sizeof(struct sov_ldso *)) < 0) {
		free(ldso);
		return sov_fail_nomem(err, NULL);
	}
	rc = sov_ldso_init(ldso, &search->files, interp, &abi, musl, search->hwcaps,
			   search->platform, err);
	if (rc < 0) {
		sov_ldso_release(ldso);
		free(ldso);
		return rc;
	}
	search->ldsos[search->ldso_count++] = ldso;
	*out = ldso;
	return 0;
}

static struct sov_tokens tokens_of(const struct sov_hunt *hunt, size_t node)
{
	return (struct sov_tokens){
		.origin = hunt->nodes[node].origin,
		.lib = hunt->ldso->lib,
		.platform = hunt->ldso->platform,
	};
}

int sov_search_begin(struct sov_hunt *hunt, struct sov_err *err)
{
	const struct sov_tokens tokens = tokens_of(hunt, 0);
	const char *path = hunt->search->library_path;

	if (path != NULL && sov_token_directories(&hunt->library_path, path,
						  hunt->ldso->musl ? ":\n" : ":;", &tokens) < 0)
		return sov_fail_nomem(err, NULL);
	return 0;
}

int sov_search_expand(struct sov_hunt *hunt, size_t index, struct sov_err *err)
{
	struct sov_node *node = &hunt->nodes[index];
	const struct sov_identity *id = node->file != NULL ? &node->file->identity : NULL;
	const struct sov_tokens tokens = tokens_of(hunt, index);
	const char *separators = hunt->ldso->musl ? ":\n" : ":";
	int rc = 0;

	if (node->expanded || id == NULL)
		return 0;
	node->expanded = true;
	if (id->runpath != NULL)
		rc = sov_token_directories(&node->runpath, id->runpath, separators, &tokens);
	else if (id->rpath != NULL)
		rc = sov_token_directories(&node->rpath, id->rpath, separators, &tokens);
	return rc == 0 ? 0 : sov_fail_nomem(err, NULL);
}

/* Is there a file that fits at out->path? *found says so. */
static int try_path(struct sov_hunt *hunt, struct sov_catch *out, bool *found, struct sov_err *err)
{
	struct sov_place place = {out->path, out->outside};
	int rc = sov_depfiles_get(&hunt->search->files, place, &out->file, err);

	*found = rc == 0 && out->file != NULL && sov_abi_fits(out->file, &hunt->ldso->abi);
	if (rc == 0 && out->file != NULL && !*found && hunt->passed == NULL) {
		memcpy(hunt->passed_path, out->path, sizeof(out->path));
		hunt->passed = hunt->passed_path;
	}
	if (!*found)
		out->file = NULL;
	return rc;
}

/* One directory and one of its subdirectories, "" for itself. */
static int try_subdir(struct sov_hunt *hunt, const char *directory, const char *subdir,
		      const char *name, struct sov_catch *out, bool *found, struct sov_err *err)
{
	const char *slash = directory[0] == '\0' || strcmp(directory, "/") == 0 ? "" : "/";
	bool there = true;
	int rc = 0;

	*found = false;
	if (subdir[0] != '\0') {
		struct sov_place place = {out->path, out->outside};

		if (!sov_str_format(out->path, sizeof(out->path), "%s%s%s", directory, slash,
				    subdir))
			return 0;
		rc = sov_depfiles_has_directory(&hunt->search->files, place, &there, err);
	}
	if (rc < 0 || !there ||
	    !sov_str_format(out->path, sizeof(out->path), "%s%s%s%s%s", directory, slash, subdir,
			    subdir[0] != '\0' ? "/" : "", name))
		return rc;
	return try_path(hunt, out, found, err);
}

static int try_directory(struct sov_hunt *hunt, const char *directory, const char *name,
			 struct sov_catch *out, bool *found, struct sov_err *err)
{
	const struct sov_strs *subdirs = &hunt->ldso->hwcaps.subdirs;
	int rc = 0;

	*found = false;
	for (size_t i = 0; rc == 0 && !*found && i < subdirs->count; i++)
		rc = try_subdir(hunt, directory, subdirs->item[i], name, out, found, err);
	return rc;
}

/* @node: whose directories these are; beside a file outside the root they are outside too */
static int try_directories(struct sov_hunt *hunt, const struct sov_strs *directories, size_t node,
			   const char *name, struct sov_catch *out, bool *found,
			   struct sov_err *err)
{
	const struct sov_node *owner = &hunt->nodes[node];
	int rc = 0;

	*found = false;
	for (size_t i = 0; rc == 0 && !*found && i < directories->count; i++) {
		out->outside = owner->outside && owner->origin != NULL &&
			       sov_str_starts(directories->item[i], owner->origin);
		rc = try_directory(hunt, directories->item[i], name, out, found, err);
	}
	return rc;
}

/* struct step - one rule: what it is called, and how it is followed. */
struct step {
	enum sov_deps_how how;
	int (*try)(struct sov_hunt *hunt, size_t needer, const char *name, struct sov_catch *out,
		   bool *found, struct sov_err *err);
};

static int try_rpath(struct sov_hunt *hunt, size_t needer, const char *name, struct sov_catch *out,
		     bool *found, struct sov_err *err)
{
	bool musl = hunt->ldso->musl;
	size_t node = needer;
	int rc;

	*found = false;
	if (!musl && hunt->nodes[needer].file->identity.runpath != NULL)
		return 0;
	for (;;) {
		rc = sov_search_expand(hunt, node, err);
		if (rc == 0)
			rc = try_directories(hunt, &hunt->nodes[node].rpath, node, name, out, found,
					     err);
		if (rc == 0 && !*found && musl)
			rc = try_directories(hunt, &hunt->nodes[node].runpath, node, name, out,
					     found, err);
		if (rc < 0 || *found || node == 0)
			return rc;
		node = hunt->nodes[node].loader;
	}
}

static int try_library_path(struct sov_hunt *hunt, size_t needer, const char *name,
			    struct sov_catch *out, bool *found, struct sov_err *err)
{
	(void)needer;
	return try_directories(hunt, &hunt->library_path, 0, name, out, found, err);
}

static int try_runpath(struct sov_hunt *hunt, size_t needer, const char *name,
		       struct sov_catch *out, bool *found, struct sov_err *err)
{
	int rc = sov_search_expand(hunt, needer, err);

	*found = false;
	return rc < 0 ? rc
		      : try_directories(hunt, &hunt->nodes[needer].runpath, needer, name, out,
					found, err);
}

static bool is_nodeflib(const struct sov_hunt *hunt, size_t needer)
{
	return hunt->nodes[needer].file->linkage.nodeflib;
}

/* Does a path lie below a directory that the dynamic linker knows of itself? */
static bool in_default(const struct sov_ldso *ldso, const char *path)
{
	for (size_t i = 0; i < ldso->directories.count; i++) {
		const char *directory = ldso->directories.item[i];

		if (sov_str_starts(path, directory) && path[strlen(directory)] == '/')
			return true;
	}
	return false;
}

static int try_cache(struct sov_hunt *hunt, size_t needer, const char *name, struct sov_catch *out,
		     bool *found, struct sov_err *err)
{
	const char *path;
	int rc = sov_search_read_cache(hunt->search, err);

	*found = false;
	if (rc < 0)
		return rc;
	path = sov_ldcache_find(&hunt->search->cache, name, &hunt->ldso->want);
	if (path == NULL || (is_nodeflib(hunt, needer) && in_default(hunt->ldso, path)) ||
	    !sov_str_copy(out->path, sizeof(out->path), path))
		return 0;
	out->outside = false;
	return try_path(hunt, out, found, err);
}

/* One subdirectory, "" for none, in each of the directories. */
static int try_each(struct sov_hunt *hunt, const struct sov_strs *directories, const char *subdir,
		    const char *name, struct sov_catch *out, bool *found, struct sov_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && !*found && i < directories->count; i++)
		rc = try_subdir(hunt, directories->item[i], subdir, name, out, found, err);
	return rc;
}

/*
 * What ldconfig would have put into the cache: the directories of ld.so.conf, then the default
 * ones, but a subdirectory of glibc-hwcaps in any of them before all of them.
 */
static int try_conf(struct sov_hunt *hunt, size_t needer, const char *name, struct sov_catch *out,
		    bool *found, struct sov_err *err)
{
	const struct sov_strs *subdirs = &hunt->ldso->hwcaps.subdirs;
	const struct sov_strs *directories = &hunt->search->conf.directories;
	int rc = sov_search_read_cache(hunt->search, err);

	*found = false;
	out->outside = false;
	if (directories->count == 0)
		return rc;
	for (size_t i = 0; rc == 0 && !*found && i < subdirs->count; i++) {
		const char *subdir = subdirs->item[i];

		if (subdir[0] != '\0' && !sov_str_starts(subdir, "glibc-hwcaps"))
			continue;
		rc = try_each(hunt, directories, subdir, name, out, found, err);
		if (rc == 0 && !*found && !is_nodeflib(hunt, needer))
			rc = try_each(hunt, &hunt->ldso->directories, subdir, name, out, found,
				      err);
	}
	return rc;
}

static int try_default(struct sov_hunt *hunt, size_t needer, const char *name,
		       struct sov_catch *out, bool *found, struct sov_err *err)
{
	const struct sov_strs *directories = &hunt->ldso->directories;
	int rc = 0;

	*found = false;
	out->outside = false;
	if (is_nodeflib(hunt, needer))
		return 0;
	for (size_t i = 0; rc == 0 && !*found && i < directories->count; i++)
		rc = try_directory(hunt, directories->item[i], name, out, found, err);
	return rc;
}

/* clang-format off */
static const struct step glibc_steps[] = {
	{SOV_DEPS_RPATH, try_rpath},
	{SOV_DEPS_LIBRARY_PATH, try_library_path},
	{SOV_DEPS_RUNPATH, try_runpath},
	{SOV_DEPS_CACHE, try_cache},
	{SOV_DEPS_CONF, try_conf},
	{SOV_DEPS_DEFAULT, try_default},
	{0},
};

static const struct step musl_steps[] = {
	{SOV_DEPS_LIBRARY_PATH, try_library_path},
	{SOV_DEPS_RPATH, try_rpath},
	{SOV_DEPS_DEFAULT, try_default},
	{0},
};
/* clang-format on */

/* A name with a '/' is a path, from the current directory if it does not begin with one. */
static int find_path(struct sov_hunt *hunt, size_t needer, const char *name, struct sov_catch *out,
		     struct sov_err *err)
{
	const struct sov_node *node = &hunt->nodes[needer];
	bool found;

	out->how = SOV_DEPS_PATH;
	out->outside = node->outside && node->origin != NULL && sov_str_starts(name, node->origin);
	if (!sov_str_copy(out->path, sizeof(out->path), name))
		return 0;
	return try_path(hunt, out, &found, err);
}

int sov_search_find(struct sov_hunt *hunt, size_t needer, const char *name, struct sov_catch *out,
		    struct sov_err *err)
{
	const struct step *step = hunt->ldso->musl ? musl_steps : glibc_steps;
	bool found = false;
	int rc = 0;

	out->file = NULL;
	out->outside = false;
	hunt->passed = NULL;
	if (strchr(name, '/') != NULL)
		return find_path(hunt, needer, name, out, err);
	for (; rc == 0 && !found && step->try != NULL; step++) {
		out->how = step->how;
		rc = step->try(hunt, needer, name, out, &found, err);
	}
	return rc;
}
