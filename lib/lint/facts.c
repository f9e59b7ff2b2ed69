/* SPDX-License-Identifier: MIT */
#include "lint/facts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

char *sov_facts_path(const struct sov_facts *facts, const struct sov_entry *entry, char *out)
{
	const char *directory = facts->directories[entry->directory].path;

	(void)sov_str_format(out, SOV_SUBJECT_MAX, "%s%s%s", directory,
			     directory[0] != '\0' ? "/" : "", entry->name);
	return out;
}

const struct sov_identity *sov_facts_identity(const struct sov_facts *facts,
					      const struct sov_entry *entry)
{
	return entry->object != SOV_NONE ? &facts->objects[entry->object].identity : NULL;
}

const struct sov_identity *sov_facts_library(const struct sov_facts *facts,
					     const struct sov_entry *entry)
{
	const struct sov_identity *identity = sov_facts_identity(facts, entry);

	return identity != NULL && identity->kind == SOV_KIND_LIBRARY ? identity : NULL;
}

bool sov_facts_is_public(const struct sov_facts *facts, const struct sov_entry *entry)
{
	return facts->directories[entry->directory].is_public;
}

const struct sov_entry *sov_facts_find(const struct sov_facts *facts, size_t directory,
				       const char *name)
{
	const struct sov_index *index = &facts->name_index;
	size_t node = sov_index_first(index, sov_hash_text(directory, name));

	for (; node != SOV_NONE; node = sov_index_next(index, node)) {
		const struct sov_entry *entry = &facts->entries[index->nodes[node].thing];

		if (entry->directory == directory && strcmp(entry->name, name) == 0)
			return entry;
	}
	return NULL;
}

const struct sov_entry *sov_facts_beside(const struct sov_facts *facts,
					 const struct sov_entry *entry, const char *name)
{
	return sov_facts_find(facts, entry->directory, name);
}

const struct sov_entry *sov_facts_next_with_soname(const struct sov_facts *facts, size_t directory,
						   const char *soname, size_t *node)
{
	const struct sov_index *index = &facts->soname_index;

	*node = *node == SOV_NONE ? sov_index_first(index, sov_hash_text(directory, soname))
				  : sov_index_next(index, *node);
	for (; *node != SOV_NONE; *node = sov_index_next(index, *node)) {
		const struct sov_entry *entry = &facts->entries[index->nodes[*node].thing];
		const struct sov_identity *library = sov_facts_library(facts, entry);

		if (library != NULL && entry->directory == directory &&
		    strcmp(library->soname, soname) == 0)
			return entry;
	}
	return NULL;
}

bool sov_facts_is_linked(const struct sov_facts *facts, const char *name, size_t n)
{
	char text[SOV_NAME_MAX];
	size_t node;

	if (n >= sizeof(text))
		return false;
	memcpy(text, name, n);
	text[n] = '\0';
	node = sov_index_first(&facts->linked_index, sov_hash_text(0, text));
	for (; node != SOV_NONE; node = sov_index_next(&facts->linked_index, node))
		if (strcmp(facts->linked.item[facts->linked_index.nodes[node].thing], text) == 0)
			return true;
	return false;
}

size_t sov_facts_find_directory(const struct sov_facts *facts, const char *path)
{
	const struct sov_index *index = &facts->directory_index;
	size_t node = sov_index_first(index, sov_hash_text(0, path));

	for (; node != SOV_NONE; node = sov_index_next(index, node))
		if (strcmp(facts->directories[index->nodes[node].thing].path, path) == 0)
			return index->nodes[node].thing;
	return SOV_NONE;
}

static void close_roots(struct sov_facts *facts)
{
	for (size_t i = 0; i < facts->sysroot_count; i++)
		close(facts->sysroots[i].fd);
	free(facts->sysroots);
	if (facts->root.path != NULL)
		close(facts->root.fd);
}

void sov_facts_release(struct sov_facts *facts)
{
	close_roots(facts);
	for (size_t i = 0; i < facts->directory_count; i++)
		free(facts->directories[i].path);
	for (size_t i = 0; i < facts->entry_count; i++) {
		free(facts->entries[i].name);
		free(facts->entries[i].target);
		free(facts->entries[i].leads_to);
	}
	for (size_t i = 0; i < facts->object_count; i++) {
		sov_identity_release(&facts->objects[i].identity);
		free(facts->objects[i].text);
	}
	free(facts->directories);
	free(facts->entries);
	free(facts->objects);
	free(facts->scripts);
	sov_index_release(&facts->directory_index);
	sov_index_release(&facts->name_index);
	sov_index_release(&facts->soname_index);
	sov_index_release(&facts->object_index);
	sov_index_release(&facts->linked_index);
	sov_strs_release(&facts->linked);
	*facts = (struct sov_facts){0};
}
