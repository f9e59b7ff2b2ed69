/* SPDX-License-Identifier: MIT */
#ifndef SOVCC_WORDS_H
#define SOVCC_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The words of a command line as the compiler driver sees them: argv with every `@file` replaced by
 * what it holds, nested ones too, before any option is looked at. For inspection only; the compiler
 * gets argv as it came.
 * Source: GCC manual, "Overall Options", @file; libiberty's expandargv; measured with gcc 12 and
 * clang 14.
 */

/* struct ccword - one word; the text is borrowed from argv or from the list it is in. */
struct ccword {
	const char *text;
	int arg;      /* index in argv of the argument that it came from */
	bool in_file; /* it stood in an @file */
};

/* struct ccwords - a list of words. Zeroed = empty. */
struct ccwords {
	struct ccword *word;
	size_t count;
	char **text; /* what the words of files and copies point into */
	size_t text_count;
	size_t files; /* @files read so far */
};

/*
 * ccwords_argv - the words of a command line.
 *
 * An @file that cannot be opened, or is no regular file (a pipe could be read only once), stays the
 * literal word, as it does for the drivers.
 * @from: the first index of argv to look at
 * Returns 0, or -1 when out of memory.
 */
int ccwords_argv(struct ccwords *words, int argc, char *const argv[], int from);

/*
 * ccwords_add - append one word, expanded like an argument when it is `@file`.
 * Returns 0, or -1 when out of memory.
 */
int ccwords_add(struct ccwords *words, const char *text, int arg, bool in_file);

/*
 * ccwords_config - append the words of a clang configuration file: like an @file, but lines that
 * begin with '#' are comments. Returns 0 (also when there is none to read), or -1.
 */
int ccwords_config(struct ccwords *words, const char *path, int arg);

/*
 * ccwords_keep - a copy of n bytes of @text that lives as long as the list.
 * Returns it, or NULL when out of memory.
 */
char *ccwords_keep(struct ccwords *words, const char *text, size_t n);

void ccwords_release(struct ccwords *words);

#endif
