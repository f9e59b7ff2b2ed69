/* SPDX-License-Identifier: MIT */
#ifndef DEMO_H
#define DEMO_H

#include <stddef.h>

/* demo_rotate - rotate the letters of text by thirteen places, in place; twice gives it back. */
void demo_rotate(char *text);

/* demo_count - how many bytes of text are letters. */
size_t demo_count(const char *text);

#endif
