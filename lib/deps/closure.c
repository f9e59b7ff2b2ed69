/* SPDX-License-Identifier: MIT */
#include "deps/closure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "deps/token.h"

/* struct sov_known_name - a name that leads to an object: what it was needed as, its path, its
 * soname. */
struct sov_known_name {
	char *name;
	size_t object;
};

size_t sov_closure_named(const struct sov_closure *closure, const char *name)
{
	size_t node = sov_index_first(&closure->by_name, sov_hash_text(0, name)), best = SOV_NONE;

	/* Of several, the one that was loaded first counts. */
	for (; node != SOV_NONE; node = sov_index_next(&closure->by_name, node)) {
		const struct sov_known_name *known =
			&closure->names[closure->by_name.nodes[node].thing];

		if (known->object < best && strcmp(known->name, name) == 0)
			best = known->object;
	}
	return best;
}

static int add_name(struct sov_closure *closure, const char *name, size_t object)
{
	struct sov_known_name known = {.object = object};

	if (name == NULL || sov_closure_named(closure, name) == object)
		return 0;
	if (sov_vec_grow(&closure->names, closure->name_count, sizeof(known)) < 0)
		return -1;
	known.name = strdup(name);
	if (known.name == NULL ||
	    sov_index_add(&closure->by_name, sov_hash_text(0, name), closure->name_count) < 0) {
		free(known.name);
		return -1;
	}
	closure->names[closure->name_count++] = known;
	return 0;
}

static uint64_t file_hash(const struct sov_depfile *file)
{
	return sov_hash_numbers(file->identity.device, file->identity.inode);
}

/* The object that is this file, by whatever name it was loaded. */
static size_t object_of_file(const struct sov_closure *closure, const struct sov_depfile *file)
{
	size_t node = sov_index_first(&closure->by_file, file_hash(file));

	for (; node != SOV_NONE; node = sov_index_next(&closure->by_file, node)) {
		size_t object = closure->by_file.nodes[node].thing;

		if (closure->hunt.nodes[object].file == file)
			return object;
	}
	return SOV_NONE;
}

/* The directory of a path, from the top. NULL when it is not known, or out of memory. */
static char *origin_of(const struct sov_closure *closure, const char *path)
{
	char directory[SOV_SUBJECT_MAX], current[SOV_SUBJECT_MAX] = "";
	char *origin = NULL;

	if (!sov_str_dirname(directory, sizeof(directory), path))
		return NULL;
	if (path[0] == '/')
		return strdup(directory);
	/* Below a root nobody knows where a program will stand: we say, at its top. */
	if (closure->hunt.search->root == NULL && getcwd(current, sizeof(current)) == NULL)
		return NULL;
	if (asprintf(&origin, "%s/%s", current, directory) < 0)
		return NULL;
	return origin;
}

/* Put what is known of a file into its object and node. */
static int take_file(struct sov_closure *closure, size_t object, const struct sov_catch *found)
{
	struct sov_deps_object *o = &closure->out->objects[object];
	struct sov_node *node = &closure->hunt.nodes[object];
	const char *soname = found->file->identity.soname;

	node->file = found->file;
	node->outside = found->outside;
	node->origin = origin_of(closure, found->path);
	o->path = strdup(found->path);
	if (o->path == NULL || sov_index_add(&closure->by_file, file_hash(found->file), object) < 0)
		return -1;
	if (soname != NULL && (o->soname = strdup(soname)) == NULL)
		return -1;
	if (add_name(closure, o->name, object) < 0 || add_name(closure, o->path, object) < 0)
		return -1;
	return closure->hunt.ldso->musl ? 0 : add_name(closure, soname, object);
}

ssize_t sov_closure_add(struct sov_closure *closure, const char *name,
			const struct sov_catch *found, size_t loader)
{
	struct sov_deps *out = closure->out;
	size_t object = out->count;
	struct sov_deps_object *o;

	if (object >= SOV_CLOSURE_MAX)
		return sov_fail(closure->err, SOV_E_LIMIT, out->file,
				"more than %d libraries in one process", SOV_CLOSURE_MAX);
	if (sov_vec_grow(&out->objects, object, sizeof(*out->objects)) < 0 ||
	    sov_vec_grow(&closure->hunt.nodes, object, sizeof(*closure->hunt.nodes)) < 0)
		return sov_fail_nomem(closure->err, name);
	out->count++;
	o = &out->objects[object];
	o->name = strdup(name);
	o->how = found->file != NULL ? found->how : SOV_DEPS_MISSING;
	o->loader = loader;
	closure->hunt.nodes[object].loader = loader;
	if (o->name == NULL || (found->file != NULL && take_file(closure, object, found) < 0))
		return sov_fail_nomem(closure->err, name);
	return (ssize_t)object;
}

/* One more of the needs of an object; one that it has already is no second. */
static int add_need(struct sov_closure *closure, size_t object, size_t needed)
{
	struct sov_deps_object *o = &closure->out->objects[object];

	for (size_t i = 0; i < o->need_count; i++)
		if (o->needs[i] == needed)
			return 0;
	if (sov_vec_grow(&o->needs, o->need_count, sizeof(*o->needs)) < 0)
		return sov_fail_nomem(closure->err, o->name);
	o->needs[o->need_count++] = needed;
	return 0;
}

/* What is not found is one object a name, whoever needs it. */
static size_t missing_named(const struct sov_closure *closure, const char *name)
{
	for (size_t i = 0; i < closure->out->count; i++)
		if (closure->out->objects[i].how == SOV_DEPS_MISSING &&
		    strcmp(closure->out->objects[i].name, name) == 0)
			return i;
	return SOV_NONE;
}

/* Why the dynamic linker would stop at a file; NULL = it would not. */
static const char *unusable(const struct sov_depfile *file)
{
	const struct sov_identity *id = &file->identity;

	switch (id->kind) {
	case SOV_KIND_LIBRARY:
		return NULL;
	case SOV_KIND_PROGRAM:
		return "is a program";
	case SOV_KIND_BROKEN:
		return id->detail;
	default:
		return "is no library";
	}
}

/* A file that stops the dynamic linker: it was found, and the search does not go on. */
static int report_unusable(struct sov_closure *closure, size_t object)
{
	const struct sov_deps_object *o = &closure->out->objects[object];
	const struct sov_depfile *file = closure->hunt.nodes[object].file;
	char message[SOV_SUBJECT_MAX + 64], found[SOV_SUBJECT_MAX];
	const char *why = unusable(file);

	if (why == NULL)
		return 0;
	if (file->trouble != NULL)
		return sov_report_trouble(closure->report, file->trouble, closure->err);
	(void)sov_str_format(message, sizeof(message), "%s %s: the dynamic linker stops there",
			     o->path, why);
	(void)sov_str_format(found, sizeof(found), "%s%s%s, needed by ",
			     sov_kind_name(file->identity.kind),
			     file->identity.detail[0] != '\0' ? ", " : "", file->identity.detail);
	sov_closure_chain(closure, object, found + strlen(found), sizeof(found) - strlen(found));
	return sov_closure_find(closure, "dependency-unusable", SOV_ERROR, o->name, message,
				"a shared library", found, NULL);
}

/* A file that was found, and that no other name has led to yet. */
static int add_found(struct sov_closure *closure, const char *name, size_t needer,
		     const struct sov_catch *found)
{
	ssize_t object = sov_closure_add(closure, name, found, needer);
	int rc = object < 0 ? (int)object : add_need(closure, needer, (size_t)object);

	return rc < 0 ? rc : report_unusable(closure, (size_t)object);
}

static int add_missing(struct sov_closure *closure, const char *name, size_t needer)
{
	const struct sov_catch nothing = {0};
	size_t known = missing_named(closure, name);
	ssize_t object;
	int rc;

	if (known != SOV_NONE)
		return add_need(closure, needer, known);
	object = sov_closure_add(closure, name, &nothing, needer);
	if (object < 0)
		return (int)object;
	rc = add_need(closure, needer, (size_t)object);
	return rc < 0 ? rc : sov_closure_missing(closure, (size_t)object, needer);
}

/* The dynamic linker is there before anything is searched, and joins where it is needed first. */
static int join_ldso(struct sov_closure *closure, size_t needer)
{
	const struct sov_ldso *ldso = closure->hunt.ldso;
	struct sov_catch found = {.file = ldso->file, .how = SOV_DEPS_INTERP};
	size_t known = object_of_file(closure, ldso->file);
	ssize_t object;

	if (known != SOV_NONE)
		return add_need(closure, needer, known);
	(void)sov_str_copy(found.path, sizeof(found.path), ldso->interp);
	/* A program has named it before anybody needs it. */
	object = sov_closure_add(closure, ldso->interp, &found, ldso->implied ? needer : 0);
	return object < 0 ? (int)object : add_need(closure, needer, (size_t)object);
}

/* musl's libc is its dynamic linker, whatever name of a part of it is needed. */
static bool is_musl_libc(const char *name)
{
	static const char *const parts[] = {"libc.",  "libpthread.", "librt.",	"libm.",
					    "libdl.", "libutil.",    "libxnet."};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (sov_str_starts(name, parts[i]))
			return true;
	return false;
}

/* Is a name that is needed one of the dynamic linker's? */
static bool is_ldso(const struct sov_ldso *ldso, const char *name)
{
	const char *soname = ldso->file != NULL ? ldso->file->identity.soname : NULL;

	if (ldso->file == NULL)
		return false;
	if (ldso->musl)
		return !ldso->implied && is_musl_libc(name);
	return strcmp(name, ldso->interp) == 0 || (soname != NULL && strcmp(name, soname) == 0);
}

/* @optional: of DT_AUXILIARY, which may be missing without a word */
static int need(struct sov_closure *closure, size_t needer, const char *name, bool optional)
{
	const struct sov_ldso *ldso = closure->hunt.ldso;
	size_t known = sov_closure_named(closure, name);
	struct sov_catch found;
	int rc;

	if (known != SOV_NONE)
		return add_need(closure, needer, known);
	if (is_ldso(ldso, name))
		return join_ldso(closure, needer);
	rc = sov_search_find(&closure->hunt, needer, name, &found, closure->err);
	if (rc < 0)
		return rc;
	if (found.file == NULL)
		return optional ? 0 : add_missing(closure, name, needer);
	if (found.file == ldso->file && !ldso->implied)
		return join_ldso(closure, needer);
	known = object_of_file(closure, found.file);
	if (known == SOV_NONE)
		return add_found(closure, name, needer, &found);
	if (add_name(closure, name, known) < 0)
		return sov_fail_nomem(closure->err, name);
	return add_need(closure, needer, known);
}

/* The same, with the tokens in the name replaced. */
static int need_expanded(struct sov_closure *closure, size_t needer, const char *name,
			 bool optional)
{
	const struct sov_tokens tokens = {
		.origin = closure->hunt.nodes[needer].origin,
		.lib = closure->hunt.ldso->lib,
		.platform = closure->hunt.ldso->platform,
	};
	sov_autofree char *expanded = NULL;

	if (strchr(name, '$') == NULL)
		return need(closure, needer, name, optional);
	if (sov_token_expand(&expanded, name, &tokens) < 0)
		return sov_fail_nomem(closure->err, name);
	if (expanded == NULL)
		return optional ? 0 : add_missing(closure, name, needer);
	return need(closure, needer, expanded, optional);
}

static int need_all(struct sov_closure *closure, size_t object)
{
	const struct sov_depfile *file = closure->hunt.nodes[object].file;
	int rc = 0;

	if (file == NULL || closure->out->objects[object].how == SOV_DEPS_INTERP)
		return 0;
	for (size_t i = 0; rc == 0 && i < file->identity.needed_count; i++)
		rc = need_expanded(closure, object, file->identity.needed[i], false);
	for (size_t i = 0; rc == 0 && i < file->linkage.filter.count; i++)
		rc = need_expanded(closure, object, file->linkage.filter.item[i], false);
	for (size_t i = 0; rc == 0 && i < file->linkage.auxiliary.count; i++)
		rc = need_expanded(closure, object, file->linkage.auxiliary.item[i], true);
	return rc;
}

/* The dynamic linker that a program names is one of its needs, whoever else needs it. */
static int add_ldso(struct sov_closure *closure)
{
	const struct sov_ldso *ldso = closure->hunt.ldso;

	return ldso->implied || ldso->file == NULL ? 0 : join_ldso(closure, 0);
}

/*
 * The kernel starts the dynamic linker that the program names, or says "No such file". One found
 * as a library will do: a sysroot's, when nothing but its directories was given.
 */
static int check_ldso(struct sov_closure *closure)
{
	const struct sov_ldso *ldso = closure->hunt.ldso;
	const struct sov_catch nothing = {0};
	char fix[SOV_TEXT_MAX];
	ssize_t object;
	int rc;

	if (ldso->implied || ldso->file != NULL ||
	    sov_closure_named(closure, sov_str_basename(ldso->interp)) != SOV_NONE)
		return 0;
	object = sov_closure_add(closure, ldso->interp, &nothing, 0);
	if (object < 0)
		return (int)object;
	(void)sov_str_format(fix, sizeof(fix), "install the package that has %s%s", ldso->interp,
			     closure->hunt.search->root != NULL
				     ? " below the root"
				     : ", or give --root=DIR, the tree that has it");
	rc = add_need(closure, 0, (size_t)object);
	return rc < 0 ? rc
		      : sov_closure_find(closure, "interpreter-missing", SOV_ERROR, ldso->interp,
					 "the dynamic linker that it names is not there",
					 ldso->interp, "nothing for this machine there", fix);
}

int sov_closure_fill(struct sov_closure *closure)
{
	int rc = sov_search_begin(&closure->hunt, closure->err);

	for (size_t i = 0; rc == 0 && i < closure->out->count; i++)
		rc = need_all(closure, i);
	if (rc == 0)
		rc = add_ldso(closure);
	return rc == 0 ? check_ldso(closure) : rc;
}

static void node_release(struct sov_node *node)
{
	free(node->origin);
	sov_strs_release(&node->rpath);
	sov_strs_release(&node->runpath);
}

void sov_closure_release(struct sov_closure *closure)
{
	for (size_t i = 0; i < closure->out->count; i++)
		node_release(&closure->hunt.nodes[i]);
	for (size_t i = 0; i < closure->name_count; i++)
		free(closure->names[i].name);
	free(closure->hunt.nodes);
	free(closure->names);
	sov_strs_release(&closure->hunt.library_path);
	sov_index_release(&closure->by_name);
	sov_index_release(&closure->by_file);
}
