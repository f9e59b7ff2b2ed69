/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_SOURCE_H
#define SOV_UPGRADE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include <sov/elf.h>
#include <sov/install.h>
#include <sov/names.h>

/* struct sov_source - one library that was given, open, and the names it shall have. */
struct sov_source {
	const struct sov_install_library *library;
	int fd;
	struct sov_identity identity;
	struct sov_names names;
	const char *same_as; /* the path of an earlier one that is the same file; NULL = none */
};

/* sov_source_has_linker_name - has it one by itself? ld-linux.so.2 is not to be linked against as
 * ld-linux.so: without a declaration only what begins with "lib" has. */
bool sov_source_has_linker_name(const struct sov_source *source);

/* struct sov_sources - all of one act. Zeroed = none. */
struct sov_sources {
	struct sov_source *source;
	size_t count;
};

/*
 * sov_sources_open - open and identify each library, and settle its names: those that are declared,
 * held against its SONAME and its own file name, or those that its SONAME gives.
 *
 * A file given twice, by a link or under a second name, is one library.
 * Returns 0 or -code as sov_install() has them; sov_sources_release() in any case.
 */
int sov_sources_open(struct sov_sources *out, const struct sov_install_library *library,
		     size_t count, struct sov_err *err);
void sov_sources_release(struct sov_sources *sources);

/* sov_sources_curious - is a file name of the stem of one of the names of @sources? For struct
 * sov_curiosity, with the sources as its data. */
bool sov_sources_curious(const void *sources, const struct sov_filename *file);

/*
 * sov_names_of_soname - the names of a library that nothing declares: the SONAME, STEM.so, and as
 * real name @own where it has the SONAME's stem and continues its numbers, else the SONAME.
 * @own: the file name it has now
 * Returns 0, or -SOV_E_MISMATCH when the SONAME is no name for a file, or not a library's.
 */
int sov_names_of_soname(struct sov_names *out, const char *path, const char *soname,
			const char *own, struct sov_err *err);

/* sov_soname_continued - does a file name have the soname's stem, and numbers that begin with the
 * soname's? "libx.so.2.1" continues "libx.so.2" and "libx.so", not "libx.so.21" nor "libx.so.1". */
bool sov_soname_continued(const char *soname, const char *name);

#endif
