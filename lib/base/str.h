/* SPDX-License-Identifier: MIT */
#ifndef SOV_BASE_STR_H
#define SOV_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * sov_str_copy - copy into a fixed array, cut to fit, always NUL-terminated when size > 0.
 * Returns true when all of it fitted.
 */
bool sov_str_copy(char *out, size_t size, const char *text);

/* sov_str_format - snprintf that says whether all of it fitted. */
bool sov_str_format(char *out, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * sov_str_ellipsis - put "..." over the end of a text that was cut to fit its array, never into the
 * middle of a UTF-8 character.
 * @size: bytes of the whole array, at least 4
 */
void sov_str_ellipsis(char *text, size_t size);

#define SOV_EXCERPT_MAX 80 /* bytes of an excerpt that a person can still read, its NUL included */

/*
 * sov_str_excerpt - a text of any length as a message shows it: all of it, or its beginning and
 * "...".
 * @out: SOV_EXCERPT_MAX bytes. Returns @out.
 */
char *sov_str_excerpt(char *out, const char *text);

/*
 * sov_str_nearest - the word that @text was probably meant to be: the one at the least edit
 * distance, at most a third of its length (and 1 at least); NULL when none is near. Upper and lower
 * case are alike, and two swapped letters are one edit.
 * @words: count strings; NULL entries are passed over
 */
const char *sov_str_nearest(const char *text, const char *const *words, size_t count);

bool sov_str_starts(const char *text, const char *prefix);

/* sov_str_basename - what follows the last '/'; never NULL. */
const char *sov_str_basename(const char *path);

/*
 * sov_str_dirname - everything before the last '/' ("" when there is none, "/" for "/x").
 * @out: size bytes. Returns true when it fitted.
 */
bool sov_str_dirname(char *out, size_t size, const char *path);

/*
 * sov_shell_word - a text as a POSIX shell takes it for one word: as it is when it is not empty
 * and has letters, digits and _+=./,:@%- only, else in single quotes, and a quote in it as '"'"'.
 * A word that begins with '-' is an option all the same, for quotes do not help: it is for the
 * caller to put "./" before it.
 * Returns the length that the whole word has (as snprintf does); cut, it is no word.
 */
size_t sov_shell_word(char *out, size_t size, const char *word);

/*
 * sov_shell_link - "LN TARGET PATH", a command that makes a link, to be pasted from a message.
 * @ln: "ln -s" and further options
 * Returns false when it does not fit, or would be shown with escapes, which a shell does not read.
 */
bool sov_shell_link(char *out, size_t size, const char *ln, const char *target, const char *path);

#endif
