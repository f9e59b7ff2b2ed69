/* SPDX-License-Identifier: MIT */
#ifndef SOV_DEPS_LDCONF_H
#define SOV_DEPS_LDCONF_H

#include "base/vec.h"
#include "deps/files.h"

/* struct sov_ldconf - the directories that ld.so.conf names, in order. Zeroed = none. */
struct sov_ldconf {
	struct sov_strs directories;
	unsigned visits; /* files and directories read so far: includes may be circular */
	unsigned depth;	 /* of the file that is being read */
};

/*
 * sov_ldconf_read - read /etc/ld.so.conf or /etc/ld-musl-*.path of a tree; one that is not there
 * names nothing.
 *
 * A line names a directory, or says "include PATTERN", relative to the directory of the file; '#'
 * begins a comment, "hwcap" lines have been without meaning since glibc 2.26, and "=TYPE" behind a
 * directory since glibc 2.33.
 * Returns 0, or -1 when out of memory.
 * Source: ldconfig(8); glibc's elf/ldconfig.c.
 */
int sov_ldconf_read(struct sov_ldconf *conf, const struct sov_depfiles *files, const char *path);

/*
 * sov_ldconf_parse - the same for a text that has been read.
 * @text: NUL-terminated; is written to
 * @path: of the file, for what it includes
 */
int sov_ldconf_parse(struct sov_ldconf *conf, const struct sov_depfiles *files, char *text,
		     const char *path);

void sov_ldconf_release(struct sov_ldconf *conf);

#endif
