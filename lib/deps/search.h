/* SPDX-License-Identifier: MIT */
#ifndef SOV_DEPS_SEARCH_H
#define SOV_DEPS_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include <sov/deps.h>

#include "base/vec.h"
#include "deps/files.h"
#include "deps/ldcache.h"
#include "deps/ldconf.h"
#include "deps/ldso.h"

/* The public handle: what one run knows of a tree. */
struct sov_deps_search {
	char *root, *library_path, *hwcaps, *platform; /* of the options; NULL = not given */
	bool environment_unused;
	char *top; /* the root without links and dots; NULL = no root */
	struct sov_depfiles files;
	struct sov_ldso **ldsos;
	size_t ldso_count;
	bool cache_read;	 /* it was looked for */
	bool cache_there;	 /* and there was a file of that name */
	const char *cache_fault; /* why it is of no use; NULL = it is */
	bool cache_told;	 /* that was reported */
	struct sov_ldcache cache;
	struct sov_ldconf conf; /* below a root without a cache */
};

/* struct sov_node - one file of a process to be: what searching needs to know of it. */
struct sov_node {
	const struct sov_depfile *file; /* NULL = not found */
	bool outside;			/* of the root: its $ORIGIN is too */
	char *origin;			/* $ORIGIN; NULL = not known */
	size_t loader;			/* who needed it first */
	bool expanded;			/* the next two are filled */
	struct sov_strs rpath, runpath; /* as directories */
};

/* struct sov_hunt - a process to be. */
struct sov_hunt {
	struct sov_deps_search *search;
	const struct sov_ldso *ldso;
	struct sov_node *nodes;	      /* 0 is the file that was asked about */
	struct sov_strs library_path; /* as directories */
	const char *passed;	      /* of the last search: a file that did not fit; NULL = none */
	char passed_path[SOV_SUBJECT_MAX];
};

/* struct sov_catch - what was found. */
struct sov_catch {
	const struct sov_depfile *file; /* NULL = nothing */
	enum sov_deps_how how;
	bool outside;
	char path[SOV_SUBJECT_MAX];
};

/* sov_search_ldso - the dynamic linker of a file, known from now on. Returns as sov_ldso_init(). */
int sov_search_ldso(struct sov_deps_search *search, const struct sov_depfile *file,
		    const struct sov_ldso **out, struct sov_err *err);

/*
 * sov_search_find - look for a name as the dynamic linker does for the node @needer.
 * Returns 0, -SOV_E_SYSTEM or -SOV_E_NOMEM.
 */
int sov_search_find(struct sov_hunt *hunt, size_t needer, const char *name, struct sov_catch *out,
		    struct sov_err *err);

/* sov_search_begin - the directories of LD_LIBRARY_PATH, once hunt->nodes[0] is there.
 * Returns 0 or -SOV_E_NOMEM. */
int sov_search_begin(struct sov_hunt *hunt, struct sov_err *err);

/* sov_search_expand - the directories of a node's DT_RPATH and DT_RUNPATH. Returns the same. */
int sov_search_expand(struct sov_hunt *hunt, size_t node, struct sov_err *err);

/* sov_search_read_cache - read ld.so.cache, or ld.so.conf, once. Returns the same. */
int sov_search_read_cache(struct sov_deps_search *search, struct sov_err *err);

#endif
