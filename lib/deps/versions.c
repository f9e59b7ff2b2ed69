/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/str.h"
#include "deps/closure.h"

static bool defines(const struct sov_linkage *linkage, const char *version)
{
	for (size_t i = 0; i < linkage->defined.count; i++)
		if (strcmp(linkage->defined.item[i], version) == 0)
			return true;
	return false;
}

static int report_version(struct sov_closure *closure, size_t object, size_t provider,
			  const struct sov_version_need *want)
{
	const struct sov_deps_object *from = &closure->out->objects[provider];
	const char *needer = object == 0 ? closure->out->file : closure->out->objects[object].path;
	char message[SOV_SUBJECT_MAX], expected[SOV_SUBJECT_MAX], chain[SOV_SUBJECT_MAX];

	(void)sov_str_format(message, sizeof(message), "version %s not defined in %s, needed by %s",
			     want->version, want->file, needer);
	(void)sov_str_format(expected, sizeof(expected), "a %s that defines %s", want->file,
			     want->version);
	sov_closure_chain(closure, object, chain, sizeof(chain));
	return sov_closure_find(closure, "version-missing", SOV_ERROR, want->file, message,
				expected, from->path, NULL);
}

static int check_need(struct sov_closure *closure, size_t object,
		      const struct sov_version_need *want)
{
	size_t provider = sov_closure_named(closure, want->file);
	const struct sov_linkage *linkage;

	/* That it is missing has been said. One without versions may define anything. */
	if (provider == SOV_NONE || want->weak)
		return 0;
	linkage = &closure->hunt.nodes[provider].file->linkage;
	if (!linkage->versioned || defines(linkage, want->version))
		return 0;
	return report_version(closure, object, provider, want);
}

int sov_closure_check_versions(struct sov_closure *closure)
{
	int rc = 0;

	if (closure->hunt.ldso->musl)
		return 0;
	for (size_t i = 0; i < closure->out->count; i++) {
		const struct sov_depfile *file = closure->hunt.nodes[i].file;

		if (file == NULL)
			continue;
		for (size_t j = 0; rc == 0 && j < file->linkage.need_count; j++)
			rc = check_need(closure, i, &file->linkage.needs[j]);
	}
	return rc;
}
