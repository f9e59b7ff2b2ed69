/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <sov/names.h>

#include "base/str.h"
#include "deps/closure.h"

/* What a library is called in a process: its soname, else the file name that it was needed by. */
static const char *called(const struct sov_deps_object *object)
{
	return object->soname != NULL ? object->soname : sov_str_basename(object->name);
}

static int report_pair(struct sov_closure *closure, size_t first, size_t second)
{
	const struct sov_deps_object *a = &closure->out->objects[first];
	const struct sov_deps_object *b = &closure->out->objects[second];
	char message[SOV_TEXT_MAX], found[2 * SOV_SUBJECT_MAX + 8];
	size_t n;

	(void)sov_str_format(message, sizeof(message), "two versions of one library: %s and %s",
			     called(a), called(b));
	sov_closure_chain(closure, first, found, SOV_SUBJECT_MAX);
	n = strlen(found);
	(void)sov_str_copy(found + n, sizeof(found) - n, ", and ");
	n = strlen(found);
	sov_closure_chain(closure, second, found + n, SOV_SUBJECT_MAX);
	return sov_closure_find(closure, "two-majors", SOV_WARNING, called(b), message,
				"one of them in a process", found,
				"build what needs the older one with the newer one");
}

/* struct stems - the libraries of a process by what their names have before ".so". */
struct stems {
	struct sov_closure *closure;
	struct sov_index index;
};

static uint64_t stem_hash(const struct sov_filename *name)
{
	char stem[SOV_NAME_MAX + 1];

	(void)sov_str_format(stem, sizeof(stem), "%.*s", (int)name->stem_len, name->stem);
	return sov_hash_text(0, stem);
}

/* Does another library with this stem, but another name, stand before this one? */
static int check_object(struct stems *stems, size_t object)
{
	struct sov_closure *closure = stems->closure;
	const char *name = called(&closure->out->objects[object]);
	struct sov_filename mine, other;
	size_t node, first = SOV_NONE;
	uint64_t hash;

	if (!sov_filename_parse(&mine, name))
		return 0;
	hash = stem_hash(&mine);
	for (node = sov_index_first(&stems->index, hash); node != SOV_NONE;
	     node = sov_index_next(&stems->index, node)) {
		size_t thing = stems->index.nodes[node].thing;
		const char *text = called(&closure->out->objects[thing]);

		if (sov_filename_parse(&other, text) && sov_filename_same_stem(&mine, &other)) {
			if (strcmp(text, name) == 0)
				return 0; /* its pair has been told of */
			first = thing;
		}
	}
	if (sov_index_add(&stems->index, hash, object) < 0)
		return sov_fail_nomem(closure->err, name);
	return first != SOV_NONE ? report_pair(closure, first, object) : 0;
}

int sov_closure_check_majors(struct sov_closure *closure)
{
	struct stems stems = {.closure = closure};
	int rc = 0;

	for (size_t i = 1; rc == 0 && i < closure->out->count; i++)
		if (closure->hunt.nodes[i].file != NULL)
			rc = check_object(&stems, i);
	sov_index_release(&stems.index);
	return rc;
}
