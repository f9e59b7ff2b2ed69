/* SPDX-License-Identifier: MIT */
#ifndef SOV_DEPS_H
#define SOV_DEPS_H

#include <stddef.h>

#include <sov/elf.h>
#include <sov/err.h>
#include <sov/finding.h>

#ifdef __cplusplus
extern "C" {
#endif

/* struct sov_deps_options - where and how to search. Zeroed = as the system does; borrowed. */
struct sov_deps_options {
	/* The tree that programs will find below "/", a sysroot or a DESTDIR; NULL or "" = the
	 * system's own. */
	const char *root;
	const char *library_path; /* what LD_LIBRARY_PATH will be; NULL or "" = not set */
	/* The subdirectories of glibc-hwcaps that the processor can use, the best first, colons
	 * between; "" = none; NULL = this processor's, and none for a file of another. */
	const char *hwcaps;
	const char *platform; /* what $PLATFORM is; NULL = this machine's, or not known */
	/* LD_LIBRARY_PATH is set, but nobody asked for it: a finding's fix may say so. */
	int environment_unused;
};

/* enum sov_deps_how - by which of its rules the dynamic linker comes to a file. */
enum sov_deps_how {
	SOV_DEPS_MISSING,      /* it does not */
	SOV_DEPS_FILE,	       /* the file that was asked about */
	SOV_DEPS_INTERP,       /* the dynamic linker itself */
	SOV_DEPS_PATH,	       /* the name that is needed has a '/' */
	SOV_DEPS_RPATH,	       /* of who needs it, or of who loaded that, and so on */
	SOV_DEPS_LIBRARY_PATH, /* LD_LIBRARY_PATH */
	SOV_DEPS_RUNPATH,      /* of who needs it */
	SOV_DEPS_CACHE,	       /* ld.so.cache */
	SOV_DEPS_CONF,	       /* ld.so.conf, below a root that has no cache */
	SOV_DEPS_DEFAULT,      /* a directory that the dynamic linker knows of itself */
};

/* sov_deps_how_name - "missing", "file", "interpreter", "path", "rpath", "library-path",
 * "runpath", "cache", "conf", "default"; static. */
SOV_PUBLIC const char *sov_deps_how_name(enum sov_deps_how how);

/* struct sov_deps_object - one file in the process to be. Texts are raw bytes. */
struct sov_deps_object {
	char *name;   /* as it was needed first; of objects[0] as the caller gave it */
	char *path;   /* as the dynamic linker finds it, seen from the root; NULL = not found */
	char *soname; /* NULL = none, or not found */
	enum sov_deps_how how;
	size_t loader; /* the object that needed it first; 0 for objects[0] itself */
	size_t *needs; /* the objects that it needs, in order */
	size_t need_count;
};

/*
 * struct sov_deps - what will be loaded with one file. Owned by the caller, given back with
 * sov_deps_release(). Zeroed = empty.
 */
struct sov_deps {
	char *file; /* as the caller gave it */
	enum sov_kind kind;
	char *interp;	 /* PT_INTERP; NULL = none */
	int is_dynamic;	 /* a program or library that needs the dynamic linker */
	char **auditors; /* DT_AUDIT and DT_DEPAUDIT: whom the dynamic linker would run as well */
	size_t auditor_count;
	/*
	 * objects[0] is the file; the others in the order in which they are loaded, each once. What
	 * is not found stands among them. Empty unless is_dynamic.
	 */
	struct sov_deps_object *objects;
	size_t count;
};

/* struct sov_deps_search - what one run has learnt of a tree: no file in it is read twice. */
struct sov_deps_search;

/*
 * sov_deps_search_new - prepare to search.
 * @out: receives it, for sov_deps_search_free()
 * Returns 0, -SOV_E_SYSTEM when the root cannot be opened, or -SOV_E_NOMEM.
 */
SOV_PUBLIC int sov_deps_search_new(struct sov_deps_search **out,
				   const struct sov_deps_options *options, struct sov_err *err);

/* sov_deps_search_free - NULL is fine. */
SOV_PUBLIC void sov_deps_search_free(struct sov_deps_search *search);

/*
 * sov_deps_read - what will be loaded with a program or library, as the dynamic linker of its tree
 * would find it. Nothing is run, and nothing is mapped.
 *
 * @out:    filled on success, whatever kind of file it is
 * @file:   a path of this system; behind the root its links are those of the tree, and $ORIGIN is
 *          below the root too. An absolute path that this system does not have is the tree's
 * @report: receives findings (dependency-missing, dependency-unusable, version-missing,
 *          interpreter-missing, cache-unusable, two-majors, auditor) and what could not be examined
 * Returns 0, or -SOV_E_SYSTEM, -SOV_E_BROKEN, -SOV_E_LIMIT (of the file itself), -SOV_E_NOMEM.
 * Source: ld.so(8); glibc's elf/dl-load.c, dl-deps.c, dl-cache.c, dl-version.c; for programs of
 * musl its ldso/dynlink.c.
 */
SOV_PUBLIC int sov_deps_read(struct sov_deps *out, struct sov_deps_search *search, const char *file,
			     struct sov_report *report, struct sov_err *err);

/* sov_deps_release - give back what *deps holds and zero it. A zeroed one is fine. */
SOV_PUBLIC void sov_deps_release(struct sov_deps *deps);

#ifdef __cplusplus
}
#endif
#endif
