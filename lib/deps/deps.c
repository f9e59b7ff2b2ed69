/* SPDX-License-Identifier: MIT */
#include <sov/deps.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "deps/asked.h"
#include "deps/closure.h"

const char *sov_deps_how_name(enum sov_deps_how how)
{
	static const char *const names[] = {
		[SOV_DEPS_MISSING] = "missing",	   [SOV_DEPS_FILE] = "file",
		[SOV_DEPS_INTERP] = "interpreter", [SOV_DEPS_PATH] = "path",
		[SOV_DEPS_RPATH] = "rpath",	   [SOV_DEPS_LIBRARY_PATH] = "library-path",
		[SOV_DEPS_RUNPATH] = "runpath",	   [SOV_DEPS_CACHE] = "cache",
		[SOV_DEPS_CONF] = "conf",	   [SOV_DEPS_DEFAULT] = "default",
	};

	return names[how];
}

/* Copy a text of the options; "" is as good as none where @empty is not set. */
static int take_text(char **out, const char *text, bool empty)
{
	if (text == NULL || (text[0] == '\0' && !empty))
		return 0;
	*out = strdup(text);
	return *out != NULL ? 0 : -1;
}

static int take_options(struct sov_deps_search *search, const struct sov_deps_options *options,
			struct sov_err *err)
{
	if (take_text(&search->root, options->root, false) < 0 ||
	    take_text(&search->library_path, options->library_path, false) < 0 ||
	    take_text(&search->hwcaps, options->hwcaps, true) < 0 ||
	    take_text(&search->platform, options->platform, false) < 0)
		return sov_fail_nomem(err, NULL);
	search->environment_unused = options->environment_unused != 0;
	if (search->root == NULL)
		return 0;
	search->top = realpath(search->root, NULL);
	return search->top != NULL ? 0 : sov_fail_errno(err, search->root, "cannot open the root");
}

int sov_deps_search_new(struct sov_deps_search **out, const struct sov_deps_options *options,
			struct sov_err *err)
{
	struct sov_deps_search *search = calloc(1, sizeof(*search));
	int rc;

	if (search == NULL)
		return sov_fail_nomem(err, NULL);
	search->files.root.fd = AT_FDCWD;
	rc = take_options(search, options, err);
	if (rc == 0)
		rc = sov_depfiles_init(&search->files, search->root, err);
	if (rc < 0) {
		sov_deps_search_free(search);
		return rc;
	}
	*out = search;
	return 0;
}

void sov_deps_search_free(struct sov_deps_search *search)
{
	if (search == NULL)
		return;
	for (size_t i = 0; i < search->ldso_count; i++) {
		sov_ldso_release(search->ldsos[i]);
		free(search->ldsos[i]);
	}
	free(search->ldsos);
	sov_ldcache_release(&search->cache);
	sov_ldconf_release(&search->conf);
	sov_depfiles_release(&search->files);
	free(search->root);
	free(search->library_path);
	free(search->hwcaps);
	free(search->platform);
	free(search->top);
	free(search);
}

/* Whom the dynamic linker would load into a namespace of their own, to be told of everything. */
static int take_auditors(struct sov_closure *closure)
{
	const struct sov_linkage *linkage = &closure->hunt.nodes[0].file->linkage;
	const struct sov_strs *lists[] = {&linkage->audit, &linkage->depaudit};
	struct sov_strs auditors = {0};
	int rc = 0;

	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; rc == 0 && j < lists[i]->count; j++)
			rc = sov_strs_add(&auditors, lists[i]->item[j]);
	closure->out->auditors = auditors.item;
	closure->out->auditor_count = auditors.count;
	if (rc < 0)
		return sov_fail_nomem(closure->err, closure->out->file);
	for (size_t i = 0; rc == 0 && i < auditors.count; i++)
		rc = sov_closure_find(closure, "auditor", SOV_INFO, auditors.item[i],
				      "the dynamic linker, and ldd, would run an auditor", NULL,
				      auditors.item[i], NULL);
	return rc;
}

/* Once a run: the dynamic linker goes on without a word. */
static int check_cache(struct sov_closure *closure)
{
	struct sov_deps_search *search = closure->hunt.search;
	const struct sov_finding finding = {
		.rule = "cache-unusable",
		.severity = SOV_WARNING,
		.root = search->root,
		.path = search->root != NULL ? (char *)"etc/ld.so.cache"
					     : (char *)"/etc/ld.so.cache",
		.message = (char *)"the dynamic linker cannot use this cache, and goes on without",
		.found = (char *)search->cache_fault,
		.fix = (char *)"run ldconfig",
	};

	if (search->cache_fault == NULL || search->cache_told)
		return 0;
	search->cache_told = true;
	return sov_report_add(closure->report, &finding, closure->err);
}

/* Everything that needs the dynamic linker. */
static int examine(struct sov_closure *closure, const struct sov_catch *found)
{
	ssize_t object = sov_closure_add(closure, closure->out->file, found, 0);
	int rc = object < 0 ? (int)object : sov_closure_fill(closure);

	if (rc == 0)
		rc = take_auditors(closure);
	if (rc == 0)
		rc = sov_closure_check_versions(closure);
	if (rc == 0)
		rc = sov_closure_check_majors(closure);
	return rc == 0 ? check_cache(closure) : rc;
}

/* A program without a dynamic linker, or a library that needs nothing, is complete. */
static bool needs_ldso(const struct sov_depfile *file)
{
	const struct sov_identity *id = &file->identity;

	if (id->kind != SOV_KIND_PROGRAM && id->kind != SOV_KIND_LIBRARY)
		return false;
	return file->linkage.interp != NULL || id->needed_count > 0 ||
	       file->linkage.filter.count > 0 || file->linkage.auxiliary.count > 0;
}

static int read_deps(struct sov_deps *out, struct sov_deps_search *search,
		     struct sov_report *report, struct sov_err *err)
{
	struct sov_closure closure = {
		.hunt = {.search = search}, .out = out, .report = report, .err = err};
	struct sov_catch found = {.how = SOV_DEPS_FILE};
	const char *interp;
	int rc = sov_asked_find(search, out->file, &found, err);

	if (rc < 0)
		return rc;
	interp = found.file->linkage.interp;
	out->kind = found.file->identity.kind;
	out->is_dynamic = needs_ldso(found.file);
	if (interp != NULL && (out->interp = strdup(interp)) == NULL)
		return sov_fail_nomem(err, out->file);
	if (!out->is_dynamic)
		return 0;
	rc = sov_search_ldso(search, found.file, &closure.hunt.ldso, err);
	if (rc == 0)
		rc = examine(&closure, &found);
	sov_closure_release(&closure);
	return rc;
}

int sov_deps_read(struct sov_deps *out, struct sov_deps_search *search, const char *file,
		  struct sov_report *report, struct sov_err *err)
{
	int rc;

	*out = (struct sov_deps){.file = strdup(file)};
	sov_err_clear(err);
	if (out->file == NULL)
		return sov_fail_nomem(err, file);
	rc = read_deps(out, search, report, err);
	if (rc < 0)
		sov_deps_release(out);
	return rc;
}

void sov_deps_release(struct sov_deps *deps)
{
	for (size_t i = 0; i < deps->count; i++) {
		free(deps->objects[i].name);
		free(deps->objects[i].path);
		free(deps->objects[i].soname);
		free(deps->objects[i].needs);
	}
	for (size_t i = 0; i < deps->auditor_count; i++)
		free(deps->auditors[i]);
	free(deps->objects);
	free(deps->auditors);
	free(deps->interp);
	free(deps->file);
	*deps = (struct sov_deps){0};
}
