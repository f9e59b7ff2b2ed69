/* SPDX-License-Identifier: MIT */
#ifndef SOV_TESTS_UNIT_H
#define SOV_TESTS_UNIT_H

/* cmocka.h wants these before it, in this order */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <sov/err.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* rendered - the whole text of an error, as a person would see it. The next call replaces it. */
static inline const char *rendered(const struct sov_err *err)
{
	static char text[4 * sizeof(struct sov_err)];

	assert_true(sov_err_render(text, sizeof(text), NULL, err) < sizeof(text));
	return text;
}

#endif
