/* SPDX-License-Identifier: MIT */
#ifndef SOV_TESTS_MUTATION_H
#define SOV_TESTS_MUTATION_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	ARGUMENTS = 6, /* of a system call */
};

/* struct mutation - what a system call that is about to run would change in a tree. */
struct mutation {
	const char
		*call; /* "openat", ...; "O_TMPFILE" for an open that makes a file without name */
	char path[PATH_MAX]; /* what is changed, as far as a look at names can tell */
	bool counts; /* it changes something; false for an open for reading, which can only be
			denied */
	bool space;  /* it takes space or a directory entry: what fails on a full disk */
	int length;  /* which argument is a number of bytes that may be moved in part, or -1 */
};

/*
 * mutation_read - what would the call do to the tree?
 *
 * @out:  filled when it returns true
 * @pid:  a process that is stopped at the entry of a system call
 * @tree: absolute, no link in it
 * Returns whether the call is a known one and its path or descriptor lies in the tree.
 */
bool mutation_read(struct mutation *out, pid_t pid, uint64_t number, const uint64_t *arguments,
		   const char *tree);

#endif
