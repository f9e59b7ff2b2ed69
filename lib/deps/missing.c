/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "deps/closure.h"

enum { CHAIN_MAX = 64 }; /* links of a chain that are shown */

char *sov_closure_chain(const struct sov_closure *closure, size_t object, char *out, size_t size)
{
	const struct sov_deps_object *objects = closure->out->objects;
	size_t chain[CHAIN_MAX], count = 0, at = object;

	while (at != 0 && count < CHAIN_MAX - 1) {
		chain[count++] = at;
		at = objects[at].loader;
	}
	(void)sov_str_copy(out, size, sov_str_basename(objects[0].name));
	if (at != 0)
		(void)sov_str_copy(out + strlen(out), size - strlen(out), " -> ...");
	while (count-- > 0)
		if (!sov_str_format(out + strlen(out), size - strlen(out), " -> %s",
				    sov_str_basename(objects[chain[count]].name)))
			sov_str_ellipsis(out, size);
	return out;
}

int sov_closure_find(struct sov_closure *closure, const char *rule, enum sov_severity severity,
		     const char *object, const char *message, const char *expected,
		     const char *found, const char *fix)
{
	const struct sov_finding finding = {
		.rule = rule,
		.severity = severity,
		.path = closure->out->file,
		.object = (char *)object,
		.message = (char *)message,
		.expected = (char *)expected,
		.found = (char *)found,
		.fix = (char *)fix,
	};

	return sov_report_add(closure->report, &finding, closure->err);
}

static void put_directories(FILE *out, const char *label, const struct sov_strs *directories)
{
	if (directories->count == 0)
		return;
	fprintf(out, "%s%s", ftell(out) > 0 ? "; " : "", label);
	for (size_t i = 0; i < directories->count; i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "",
			directories->item[i][0] != '\0' ? directories->item[i] : ".");
}

/* The directories of DT_RPATH that were asked: those of the object and of who loaded it. */
static void put_rpaths(FILE *out, const struct sov_hunt *hunt, size_t node)
{
	bool musl = hunt->ldso->musl;

	if (!musl && hunt->nodes[node].file->identity.runpath != NULL)
		return;
	for (;; node = hunt->nodes[node].loader) {
		put_directories(out, "RPATH ", &hunt->nodes[node].rpath);
		if (musl)
			put_directories(out, "RUNPATH ", &hunt->nodes[node].runpath);
		if (node == 0)
			return;
	}
}

/* Every place where the last search has looked, in its order. */
static void put_places(FILE *out, const struct sov_hunt *hunt, size_t needer)
{
	const struct sov_deps_search *search = hunt->search;

	put_rpaths(out, hunt, needer);
	put_directories(out, "library path ", &hunt->library_path);
	if (!hunt->ldso->musl) {
		put_directories(out, "RUNPATH ", &hunt->nodes[needer].runpath);
		if (search->cache_there && search->cache_fault == NULL)
			fprintf(out, "%s/etc/ld.so.cache", ftell(out) > 0 ? "; " : "");
		put_directories(out, "/etc/ld.so.conf ", &search->conf.directories);
	}
	if (!hunt->nodes[needer].file->linkage.nodeflib)
		put_directories(out, "", &hunt->ldso->directories);
}

static char *places(const struct sov_hunt *hunt, size_t needer, const char *name)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	if (strchr(name, '/') != NULL)
		fputs(name, out);
	else
		put_places(out, hunt, needer);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

/*
 * Does the library lie beside who needs it, where a library path would lead? *there says so. Beside
 * a file outside the root nothing but the directories of the file that was asked about is searched.
 */
static int look_beside(const struct sov_hunt *hunt, size_t needer, const char *name, bool *there,
		       struct sov_err *err)
{
	const struct sov_node *node = &hunt->nodes[needer];
	const struct sov_depfile *file = NULL;
	sov_autofree char *path = NULL;
	int rc;

	*there = false;
	if (node->origin == NULL ||
	    (node->outside && !sov_str_starts(node->origin, hunt->nodes[0].origin)))
		return 0;
	if (asprintf(&path, "%s/%s", node->origin, name) < 0)
		return sov_fail_nomem(err, name);
	rc = sov_depfiles_get(&hunt->search->files, (struct sov_place){path, node->outside}, &file,
			      err);
	*there = rc == 0 && file != NULL && file->identity.kind == SOV_KIND_LIBRARY &&
		 sov_abi_fits(file, &hunt->ldso->abi);
	return rc;
}

/* What may help against a missing library. A path that is needed is searched nowhere: nothing. */
static int fix_of(const struct sov_hunt *hunt, size_t needer, const char *name,
		  char out[SOV_TEXT_MAX], struct sov_err *err)
{
	const char *directory = "DIR";
	bool beside = false;
	int rc = 0;

	out[0] = '\0';
	if (strchr(name, '/') != NULL)
		return 0;
	if (hunt->search->environment_unused)
		(void)sov_str_copy(out, SOV_TEXT_MAX,
				   "--env searches LD_LIBRARY_PATH, as ldd does");
	else
		rc = look_beside(hunt, needer, name, &beside, err);
	if (beside)
		directory = hunt->nodes[needer].origin;
	if (out[0] == '\0')
		(void)sov_str_format(out, SOV_TEXT_MAX,
				     "--library-path=%s names a directory to search", directory);
	return rc;
}

int sov_closure_missing(struct sov_closure *closure, size_t object, size_t needer)
{
	const char *name = closure->out->objects[object].name;
	const struct sov_hunt *hunt = &closure->hunt;
	sov_autofree char *expected = places(hunt, needer, name);
	char message[SOV_TEXT_MAX], fix[SOV_TEXT_MAX], found[2 * SOV_SUBJECT_MAX] = "";
	int rc;

	if (expected == NULL)
		return sov_fail_nomem(closure->err, name);
	rc = fix_of(hunt, needer, name, fix, closure->err);
	if (rc < 0)
		return rc;
	(void)sov_str_format(message, sizeof(message), "%s is not found", name);
	sov_closure_chain(closure, object, found, SOV_SUBJECT_MAX);
	if (hunt->passed != NULL)
		(void)sov_str_format(found + strlen(found), sizeof(found) - strlen(found),
				     "; %s is for another machine", hunt->passed);
	return sov_closure_find(closure, "dependency-missing", SOV_ERROR, name, message, expected,
				found, fix[0] != '\0' ? fix : NULL);
}
