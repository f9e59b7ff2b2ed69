/* SPDX-License-Identifier: MIT */
#ifndef SOV_LINT_FACTS_H
#define SOV_LINT_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include <sov/elf.h>
#include <sov/lint.h>

#include "base/vec.h"
#include "fs/tree.h"
#include "base/index.h"

/* struct sov_directory - a directory that holds a name worth looking at. */
struct sov_directory {
	char *path; /* relative to the root, "" = the root */
	uint64_t device;
	bool is_public;
};

/* struct sov_object - a file that was identified; one for each inode, whatever it is called. */
struct sov_object {
	struct sov_identity identity;
	char *text;	/* of a linker script */
	size_t entries; /* the first entry that is it or leads to it; then sov_entry.sibling */
};

/* struct sov_entry - a name in a tree. Entries are in the order of their paths, directory first. */
struct sov_entry {
	size_t directory;
	char *name;
	enum sov_item_type type;
	/* The name is all that matters: a static library, a soname that no library would have. */
	bool name_only;
	/* The last of the names that one file has in one directory, by order of bytes: rules
	 * about the file speak of it once, under its longest name. */
	bool primary;
	char *target;	       /* of a link */
	enum sov_link_end end; /* of a link */
	char *leads_to;	       /* of a link: the path at its end, relative to the top of the tree */
	size_t object;	       /* the file, or what the link leads to; SOV_NONE = not known */
	size_t sibling;	       /* the next entry of the same object, or SOV_NONE */
	/* The section of sov.conf that names it, or NULL. */
	const struct sov_conf_library *declared;
};

/* struct sov_facts - all that rules know of one root. Filled by sov_facts_gather(). */
struct sov_facts {
	const struct sov_lint_options *options;
	struct sov_root root;
	char anchor[SOV_SUBJECT_MAX];
	struct sov_root *sysroots;
	size_t sysroot_count;

	struct sov_directory *directories;
	size_t directory_count;
	struct sov_entry *entries;
	size_t entry_count;
	struct sov_object *objects;
	size_t object_count;
	size_t *scripts; /* the objects that have a text */
	size_t script_count;

	struct sov_index directory_index; /* path -> directory */
	struct sov_index name_index;	  /* directory and name -> entry */
	struct sov_index soname_index;	  /* directory and soname -> entry of a library's file */
	struct sov_index object_index;	  /* device and inode -> object */

	bool has_headers; /* of one project, so that they speak for every library in the tree */
	struct sov_strs linked; /* NAME of every -lNAME that a .pc file links with */
	struct sov_index linked_index;
};

/* sov_facts_path - the path of an entry relative to the root. @out: SOV_SUBJECT_MAX bytes. Returns
 * @out. */
char *sov_facts_path(const struct sov_facts *facts, const struct sov_entry *entry, char *out);

/* sov_facts_identity - what an entry is or leads to, or NULL when that is not known. */
const struct sov_identity *sov_facts_identity(const struct sov_facts *facts,
					      const struct sov_entry *entry);

/* sov_facts_library - sov_facts_identity() of what is a shared library, else NULL. */
const struct sov_identity *sov_facts_library(const struct sov_facts *facts,
					     const struct sov_entry *entry);

/* sov_facts_is_public - does the entry lie where programs find libraries? */
bool sov_facts_is_public(const struct sov_facts *facts, const struct sov_entry *entry);

/* sov_facts_beside - the entry of that name in the same directory, or NULL. */
const struct sov_entry *sov_facts_beside(const struct sov_facts *facts,
					 const struct sov_entry *entry, const char *name);

/*
 * sov_facts_next_with_soname - the files of libraries in the same directory that say a soname.
 * @node: SOV_NONE at first; moved on. Returns NULL behind the last.
 */
const struct sov_entry *sov_facts_next_with_soname(const struct sov_facts *facts, size_t directory,
						   const char *soname, size_t *node);

/* sov_facts_is_linked - does a .pc file of the tree say -lNAME? @name: n bytes. */
bool sov_facts_is_linked(const struct sov_facts *facts, const char *name, size_t n);

/* sov_facts_find_directory - the directory of that path, or SOV_NONE. */
size_t sov_facts_find_directory(const struct sov_facts *facts, const char *path);

/* sov_facts_find - the entry of that name in a directory, or NULL. */
const struct sov_entry *sov_facts_find(const struct sov_facts *facts, size_t directory,
				       const char *name);

void sov_facts_release(struct sov_facts *facts);

#endif
