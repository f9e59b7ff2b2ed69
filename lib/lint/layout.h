/* SPDX-License-Identifier: MIT */
#ifndef SOV_LINT_LAYOUT_H
#define SOV_LINT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * sov_layout_is_public - would a program find a library that lies directly in this directory?
 *
 * "" (whatever directory was given to be linted), lib, lib32, lib64, libx32, those in usr and
 * usr/local, and a multiarch triplet below any of them.
 * @directory: relative to the root, no '/' at either end
 */
bool sov_layout_is_public(const char *directory);

/*
 * sov_layout_anchor - the part of a root's own path that belongs to the tree: "usr/lib" of
 * /srv/stage/usr/lib, so that a link to ../../etc is known to stay in /srv/stage.
 *
 * A name must leave no doubt: usr, usr/lib*, usr/local, usr/local/lib*, their triplets wherever
 * they are, and lib* at the top of the file system; else "".
 * @path: absolute, no link in it. Returns a part of @path.
 */
const char *sov_layout_anchor(const char *path);

/*
 * sov_layout_top - is it a directory that stands at the top of an installed system? Links between
 * two such directories are absolute by the custom of some distributions.
 * @name: n bytes
 */
bool sov_layout_top(const char *name, size_t n);

#endif
