/* SPDX-License-Identifier: MIT */
#ifndef DEMO_H
#define DEMO_H

/* demo_rotate - rotate the letters of text by thirteen places, in place. */
void demo_rotate(char *text);

#endif
