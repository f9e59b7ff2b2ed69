/* SPDX-License-Identifier: MIT */
#ifndef SOV_FS_TEMPORARY_H
#define SOV_FS_TEMPORARY_H

/*
 * Names that we give for a moment. None begins with "lib", for ldconfig makes links to whatever
 * does, and every one is told from a name of somebody else's, so that a left-over can be swept.
 */
#define SOV_TEMPORARY_MAX    32		  /* bytes of a temporary name, its NUL included */
#define SOV_TEMPORARY_RANDOM ".sov-"	  /* and 16 digits: for whoever has no lock */
#define SOV_TEMPORARY_FILE   ".sov-file-" /* and digits; this and those below under the lock */
#define SOV_TEMPORARY_LINK   ".sov-link"
#define SOV_TEMPORARY_STRIP  ".sov-strip" /* a directory, 0700, for another program's work */

/* sov_temporary_name - a name that nobody else has: @prefix and 16 hexadecimal digits.
 * @attempt: another name for every number. Returns @out. */
const char *sov_temporary_name(char out[SOV_TEMPORARY_MAX], const char *prefix, unsigned attempt);

/* enum sov_temporary - which of our temporary names a name is. */
enum sov_temporary {
	SOV_TEMPORARY_NONE,    /* none of ours */
	SOV_TEMPORARY_ANYTIME, /* SOV_TEMPORARY_RANDOM: may be in use whoever holds the lock */
	SOV_TEMPORARY_LOCKED,  /* one that only the holder of the lock uses */
};

enum sov_temporary sov_temporary_kind(const char *name);

#endif
