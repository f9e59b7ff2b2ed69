/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_LIBDIR_H
#define SOV_UPGRADE_LIBDIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sov/elf.h>
#include <sov/names.h>

#include "fs/site.h"

/* enum sov_entry_type - what a name in a directory is, itself, not followed. */
enum sov_entry_type {
	SOV_ENTRY_FILE,
	SOV_ENTRY_LINK,
	SOV_ENTRY_DIRECTORY,
	SOV_ENTRY_OTHER,
};

/* struct sov_entry - one name of a library directory that reads `STEM.so` or `STEM.so.N[.N...]`. */
struct sov_entry {
	char *name;
	struct sov_filename file; /* the parts of `name` */
	enum sov_entry_type type;
	char *target; /* of a link: what it says; else NULL */
	/* Of a link: the name in this very directory that it gives, in whatever words ("./NAME",
	 * "/path/to/here/NAME"); a part of target. NULL when it names another directory. */
	const char *beside;
	/* The file of this directory where it ends: the entry itself for a file, the file for a
	 * link or a chain of links, by way of other directories too; NULL when it ends elsewhere,
	 * nowhere or in a circle. */
	const struct sov_entry *end;
	/* Of a regular file that was asked about, or is the end of a link that was; else kind
	 * SPECIAL and no soname. */
	struct sov_identity identity;
};

/* struct sov_libdir - the libraries and links of one directory, sorted by name. Zeroed = empty. */
struct sov_libdir {
	struct sov_entry *entry;
	size_t count;
	size_t unreadable;	/* files that could not be examined: kind SPECIAL, or BROKEN */
	struct sov_err trouble; /* the first of them */
};

/*
 * struct sov_curiosity - which files are to be opened and identified: to install one library into
 * a directory of thousands, only those of its own stem are. Zeroed = all of them. Borrowed.
 */
struct sov_curiosity {
	bool (*wants)(const void *data, const struct sov_filename *file);
	const void *data;
};

/*
 * sov_libdir_read - look at every name of a site that is a library's by its form; backups,
 * temporaries ("libx.so.1~", ".bak", ".sov-...", "-rc1") have no such form.
 *
 * Links are followed out of the directory only to see whether they come back. A file that
 * vanishes meanwhile is passed over.
 * @curiosity: NULL = all files are identified
 * Returns 0, for sov_libdir_release() to give back, or -SOV_E_SYSTEM, -SOV_E_NOMEM.
 */
int sov_libdir_read(struct sov_libdir *out, const struct sov_site *site,
		    const struct sov_curiosity *curiosity, struct sov_err *err);
void sov_libdir_release(struct sov_libdir *libdir);

/* sov_libdir_find - the entry of that name, or NULL. */
const struct sov_entry *sov_libdir_find(const struct sov_libdir *libdir, const char *name);

/*
 * sov_libdir_newest - among the regular files that are libraries, bear @soname as their SONAME and
 * have its stem (for libx.so.1: libx.so, libx.so.N...), the one of the greatest numbers; NULL when
 * there is none. An unversioned file loses against every versioned one.
 * @except: a name that does not count, or NULL
 * Source: ldconfig(8), which chooses the greatest; _dl_cache_libcmp() for the order.
 */
const struct sov_entry *sov_libdir_newest(const struct sov_libdir *libdir, const char *soname,
					  const char *except);

/* sov_libdir_newest_that - the same, of those files that count. */
const struct sov_entry *sov_libdir_newest_that(const struct sov_libdir *libdir, const char *soname,
					       bool (*counts)(const void *data,
							      const struct sov_entry *entry),
					       const void *data);

#endif
