/* SPDX-License-Identifier: MIT */
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int sov_vec_grow(void *array, size_t count, size_t size)
{
	size_t elements = count == 0 ? 1 : 2 * count, bytes;
	char *block;

	/* through memcpy: `array` is the address of a pointer to any type */
	memcpy(&block, array, sizeof(block));
	if ((count & (count - 1)) == 0) { /* none left */
		if (elements < count || __builtin_mul_overflow(elements, size, &bytes))
			return -1;
		block = realloc(block, bytes);
		if (!block)
			return -1;
		memcpy(array, &block, sizeof(block));
	}
	memset(block + count * size, 0, size);
	return 0;
}

int sov_strs_addn(struct sov_strs *strs, const char *text, size_t n)
{
	sov_autofree char *copy = malloc(n + 1);

	/* counted one too many, so that the terminating NULL has its room */
	if (!copy || sov_vec_grow(&strs->item, strs->count + 1, sizeof(*strs->item)))
		return -1;
	memcpy(copy, text, n);
	copy[n] = '\0';
	strs->item[strs->count++] = sov_take(copy);
	return 0;
}

int sov_strs_add(struct sov_strs *strs, const char *text)
{
	return sov_strs_addn(strs, text, strlen(text));
}

void sov_strs_release(struct sov_strs *strs)
{
	for (size_t i = 0; i < strs->count; i++)
		free(strs->item[i]);
	free(strs->item);
	*strs = (struct sov_strs){0};
}
