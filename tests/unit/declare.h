/* SPDX-License-Identifier: MIT */
#ifndef SOV_TESTS_DECLARE_H
#define SOV_TESTS_DECLARE_H

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include <sov/names.h>

/*
 * declared - a declaration as sov.conf would have it on one line: "version=1.4.2 release=9". A word
 * that is no key, or that is refused, fails the test.
 */
static inline struct sov_decl declared(const char *text)
{
	struct sov_decl decl = {0};
	char copy[512], *rest = NULL;

	snprintf(copy, sizeof(copy), "%s", text);
	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		const struct sov_origin from = {"test", 0};
		char *value = strchr(word, '=');
		struct sov_err err;
		unsigned key = 0;

		assert_non_null(value);
		*value++ = '\0';
		while (key < SOV_KEY_COUNT && strcmp(sov_key_name(key), word) != 0)
			key++;
		assert_in_range(key, 0, SOV_KEY_COUNT - 1);
		assert_int_equal(sov_decl_set(&decl, key, value, from, &err), 0);
	}
	return decl;
}

#endif
