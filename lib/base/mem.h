/* SPDX-License-Identifier: MIT */
#ifndef SOV_BASE_MEM_H
#define SOV_BASE_MEM_H

#include <stdlib.h>
#include <unistd.h>

/* Cleanup attributes: `sov_autofree char *p = NULL;`, `sov_autoclose int fd = -1;`. */
static inline void sov_free_cleanup(void *p)
{
	free(*(void **)p);
}

static inline void sov_close_cleanup(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#define sov_autofree  __attribute__((cleanup(sov_free_cleanup)))
#define sov_autoclose __attribute__((cleanup(sov_close_cleanup)))

/* sov_take - hand the value of an automatic pointer over to somebody else: it becomes NULL here. */
#define sov_take(p)                                                                                \
	__extension__({                                                                            \
		__typeof__(p) taken__ = (p);                                                       \
		(p) = NULL;                                                                        \
		taken__;                                                                           \
	})

#endif
