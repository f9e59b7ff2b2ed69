/* SPDX-License-Identifier: MIT */
#ifndef SOV_MODEL_WORDS_H
#define SOV_MODEL_WORDS_H

#include <stddef.h>

#include <sov/err.h>

#define SOV_WORDS_MAX 16 /* words in a list */

/* struct sov_word - a word of a closed list, and the enum value that it stands for. */
struct sov_word {
	const char *text;
	int value;
};

/*
 * sov_word_parse - which of the words is it?
 *
 * @words: count of them, at most SOV_WORDS_MAX
 * @what:  what they are, for messages: "policy"
 * Returns the value, which is not negative, or -SOV_E_USAGE with *err naming the words and the
 * nearest one (subject empty: the caller knows where the text came from).
 */
int sov_word_parse(const struct sov_word *words, size_t count, const char *what, const char *text,
		   struct sov_err *err);

#endif
