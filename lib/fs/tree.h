/* SPDX-License-Identifier: MIT */
#ifndef SOV_FS_TREE_H
#define SOV_FS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sov/err.h>

/* enum sov_item_type - what a directory says that a name is. */
enum sov_item_type {
	SOV_ITEM_FILE,
	SOV_ITEM_LINK,
	SOV_ITEM_DIRECTORY,
	SOV_ITEM_OTHER, /* fifo, socket, device */
};

/* struct sov_item - a name met by a walk. Valid during the call only. */
struct sov_item {
	int dirfd;	       /* the directory, open */
	const char *directory; /* its path relative to the root, "" = the root itself */
	const char *name;      /* bytes, as they are on disk */
	enum sov_item_type type;
	uint64_t inode; /* as the directory says, which some layered file systems get wrong */
};

/* struct sov_visitor - who is told of what a walk meets. A callback that returns other than 0 ends
 * the walk, which returns that. */
struct sov_visitor {
	void *data;
	/* Is the name worth an item() call? Asked before anything is known of it but its name. */
	bool (*wants)(void *data, const char *directory, const char *name);
	int (*item)(void *data, const struct sov_item *item, struct sov_err *err);
	/* A directory that can't be read; the walk goes on. */
	int (*trouble)(void *data, const struct sov_err *trouble, struct sov_err *err);
	/* Shall an open directory be entered? NULL = every one. */
	bool (*enters)(void *data, int fd);
};

/*
 * A walk goes this deep and no deeper: it keeps one descriptor a level. What lies below is a
 * trouble, never silence.
 */
#define SOV_TREE_DEPTH_MAX 256

/* Links that are followed from one path, as the kernel counts. Source: path_resolution(7). */
#define SOV_LINKS_MAX 40

/* struct sov_root - a tree that is looked at. Borrowed texts. */
struct sov_root {
	int fd;
	const char *path; /* as the user wrote it, for messages */
	/*
	 * Where the root lies in the tree that it is a part of: "usr/lib" when `stage/usr/lib` was
	 * given for `stage`; "" when it is the whole tree.
	 */
	const char *anchor;
};

/*
 * sov_tree_walk - meet every name below a root once. Links are items, never followed; directories
 * are opened one by one below their parent, O_NOFOLLOW. The order is that of the directories.
 *
 * A name that vanishes meanwhile is passed over; a directory that can't be read is a trouble.
 * Returns 0, or -SOV_E_SYSTEM when the root itself can't be read, -SOV_E_NOMEM, or what a callback
 * said.
 */
int sov_tree_walk(const struct sov_root *root, const struct sov_visitor *visitor,
		  struct sov_err *err);

/* enum sov_link_end - where a link leads. */
enum sov_link_end {
	SOV_LINK_FOUND,
	SOV_LINK_ABSENT,  /* to nothing */
	SOV_LINK_LOOP,	  /* in a circle, or over more than SOV_LINKS_MAX links */
	SOV_LINK_ESCAPES, /* by more ".." than there are directories in the tree */
	SOV_LINK_OUTSIDE, /* to a part of the tree that was not given: nobody can tell */
};

/*
 * sov_tree_resolve - follow a link by hand, inside a root: an absolute target begins at the top of
 * the tree that root->anchor is a part of, and no step leaves the root.
 *
 * @directory: where the link lies, relative to the top of the tree, no link in it; "" = the top
 * @target:    what the link says
 * @path:      receives SOV_SUBJECT_MAX bytes, relative to the top: the file for SOV_LINK_FOUND,
 *             else what is left to follow from the top, for another root to try
 */
enum sov_link_end sov_tree_resolve(const struct sov_root *root, const char *directory,
				   const char *target, char *path);

/*
 * sov_tree_below - the part of a path below the root's anchor, or NULL when it is not below.
 */
const char *sov_tree_below(const struct sov_root *root, const char *path);

#endif
