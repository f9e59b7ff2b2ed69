/* SPDX-License-Identifier: MIT */
#ifndef SOV_BASE_VEC_H
#define SOV_BASE_VEC_H

#include <stddef.h>

/*
 * sov_vec_grow - room for one more element in an array of @count elements.
 *
 * Arrays grow at every power of two, so no capacity is kept: there is room for `count` elements
 * rounded up to a power of two.
 * @array: pointer to the array's pointer, which may be NULL while count is 0
 * @size:  bytes of an element
 * Returns 0 with room at index @count (zeroed), or -1 when out of memory (array unchanged).
 */
int sov_vec_grow(void *array, size_t count, size_t size);

/*
 * struct sov_strs - a list of strings, NULL-terminated whenever count > 0, as argv wants it.
 * Zeroed = empty.
 */
struct sov_strs {
	char **item;
	size_t count;
};

/* sov_strs_add - append a copy of @text / of n bytes of it. Return 0, or -1 when out of memory. */
int sov_strs_add(struct sov_strs *strs, const char *text);
int sov_strs_addn(struct sov_strs *strs, const char *text, size_t n);
void sov_strs_release(struct sov_strs *strs);

#endif
