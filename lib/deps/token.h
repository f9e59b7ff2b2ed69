/* SPDX-License-Identifier: MIT */
#ifndef SOV_DEPS_TOKEN_H
#define SOV_DEPS_TOKEN_H

#include <stdbool.h>

#include "base/vec.h"

/* struct sov_tokens - what $ORIGIN, $LIB and $PLATFORM stand for; NULL = not known. */
struct sov_tokens {
	const char *origin;
	const char *lib;
	const char *platform;
};

/*
 * sov_token_expand - a path or name with its dynamic string tokens replaced.
 *
 * $NAME and ${NAME}; a letter, digit or '_' behind makes $NAME another word, which stays as it is.
 * @out: receives a heap block, yours; NULL when it has a token that nothing is known for: then the
 *       dynamic linker passes it over
 * Returns 0, or -1 when out of memory.
 * Source: ld.so(8), "Dynamic string tokens".
 */
int sov_token_expand(char **out, const char *text, const struct sov_tokens *tokens);

/*
 * sov_token_directories - the directories of a search path, tokens replaced, without '/' at their
 * ends; "" is the current directory.
 *
 * @separators: ":" for DT_RPATH and DT_RUNPATH, ":;" for LD_LIBRARY_PATH, ":\n" for all of musl's,
 *              where what is empty is nothing
 * Returns 0, or -1 when out of memory.
 */
int sov_token_directories(struct sov_strs *out, const char *path, const char *separators,
			  const struct sov_tokens *tokens);

#endif
