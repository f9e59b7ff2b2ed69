/* SPDX-License-Identifier: MIT */
#ifndef ROTATE_H
#define ROTATE_H

/* rotate_text - rotate the letters of text by thirteen places, in place. */
void rotate_text(char *text);

#endif
