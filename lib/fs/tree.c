/* SPDX-License-Identifier: MIT */
#include "fs/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"

/* struct walk - a walk under way. */
struct walk {
	const struct sov_root *root;
	const struct sov_visitor *visitor;
	size_t depth;
	size_t length;
	char path[SOV_SUBJECT_MAX]; /* of the present directory, `length` bytes */
	/* A directory is read to its end before another is begun, so one buffer serves all. */
	_Alignas(struct dirent64) char buffer[64 * 1024];
};

static int open_directory(int dirfd, const char *name)
{
	return openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
}

/* Tell the visitor what is wrong with the present directory; error 0: nothing but its depth. */
static int walk_trouble(struct walk *walk, int error, struct sov_err *err)
{
	struct sov_err trouble;
	char path[SOV_SUBJECT_MAX];
	const char *slash = walk->path[0] != '\0' ? "/" : "";

	(void)sov_str_format(path, sizeof(path), "%s%s%s", walk->root->path, slash, walk->path);
	sov_err_clear(&trouble);
	errno = error;
	if (error != 0)
		sov_fail_errno(&trouble, path, "cannot read the directory");
	else
		sov_fail(&trouble, SOV_E_LIMIT, path, "more than %d directories deep, not examined",
			 SOV_TREE_DEPTH_MAX);
	return walk->visitor->trouble(walk->visitor->data, &trouble, err);
}

static enum sov_item_type type_of(int dirfd, const struct dirent64 *entry)
{
	unsigned type = entry->d_type;
	struct stat st;

	/* Some file systems do not say. */
	if (type == DT_UNKNOWN && fstatat(dirfd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		type = IFTODT(st.st_mode);
	switch (type) {
	case DT_REG:
		return SOV_ITEM_FILE;
	case DT_LNK:
		return SOV_ITEM_LINK;
	case DT_DIR:
		return SOV_ITEM_DIRECTORY;
	default:
		return SOV_ITEM_OTHER;
	}
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* One name of a directory: an item when it is wanted, and a subdirectory for later. */
static int meet(struct walk *walk, int fd, const struct dirent64 *entry, struct sov_strs *below,
		struct sov_err *err)
{
	const struct sov_visitor *visitor = walk->visitor;
	struct sov_item item = {
		.dirfd = fd, .directory = walk->path, .name = entry->d_name, .inode = entry->d_ino};
	bool wanted = visitor->wants(visitor->data, walk->path, entry->d_name);
	int rc = 0;

	if (!wanted && entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN)
		return 0;
	item.type = type_of(fd, entry);
	if (wanted)
		rc = visitor->item(visitor->data, &item, err);
	if (rc == 0 && item.type == SOV_ITEM_DIRECTORY && sov_strs_add(below, entry->d_name) != 0)
		rc = sov_fail_nomem(err, entry->d_name);
	return rc;
}

static int read_names(struct walk *walk, int fd, struct sov_strs *below, struct sov_err *err)
{
	for (;;) {
		ssize_t n = getdents64(fd, walk->buffer, sizeof(walk->buffer));
		ssize_t at = 0;

		/* ENOENT: the directory was removed. */
		if (n <= 0)
			return n == 0 || errno == ENOENT ? 0 : walk_trouble(walk, errno, err);
		while (at < n) {
			const struct dirent64 *entry = (const void *)(walk->buffer + at);
			int rc = is_dots(entry->d_name) ? 0 : meet(walk, fd, entry, below, err);

			if (rc != 0)
				return rc;
			at += entry->d_reclen;
		}
	}
}

static int walk_directory(struct walk *walk, int fd, struct sov_err *err);

static bool shall_enter(const struct walk *walk, int fd)
{
	const struct sov_visitor *visitor = walk->visitor;

	return visitor->enters == NULL || visitor->enters(visitor->data, fd);
}

/* Open a directory below the present one and walk it. */
static int descend(struct walk *walk, int dirfd, const char *name, struct sov_err *err)
{
	size_t length = walk->length, n = strlen(name), slash = length > 0 ? 1 : 0;
	sov_autoclose int fd = -1;
	int rc;

	if (length + slash + n >= sizeof(walk->path))
		return walk_trouble(walk, ENAMETOOLONG, err);
	if (slash != 0)
		walk->path[length] = '/';
	memcpy(walk->path + length + slash, name, n + 1);
	walk->length = length + slash + n;
	fd = open_directory(dirfd, name);
	if (fd >= 0)
		rc = shall_enter(walk, fd) ? walk_directory(walk, fd, err) : 0;
	else if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
		rc = 0; /* vanished, or became something else, since its name was read */
	else
		rc = walk_trouble(walk, errno, err);
	walk->length = length;
	walk->path[length] = '\0';
	return rc;
}

static int walk_directory(struct walk *walk, int fd, struct sov_err *err)
{
	struct sov_strs below = {0};
	int rc;

	if (walk->depth == SOV_TREE_DEPTH_MAX)
		return walk_trouble(walk, 0, err);
	walk->depth++;
	rc = read_names(walk, fd, &below, err);
	for (size_t i = 0; rc == 0 && i < below.count; i++)
		rc = descend(walk, fd, below.item[i], err);
	sov_strs_release(&below);
	walk->depth--;
	return rc;
}

int sov_tree_walk(const struct sov_root *root, const struct sov_visitor *visitor,
		  struct sov_err *err)
{
	sov_autofree struct walk *walk = calloc(1, sizeof(*walk));
	sov_autoclose int fd = -1;

	if (walk == NULL)
		return sov_fail_nomem(err, root->path);
	walk->root = root;
	walk->visitor = visitor;
	fd = open_directory(root->fd, ".");
	if (fd < 0)
		return sov_fail_errno(err, root->path, "cannot read the directory");
	return walk_directory(walk, fd, err);
}

/* struct course - a link being followed. */
struct course {
	const struct sov_root *root;
	unsigned hops;
	size_t length;			/* of path */
	char path[SOV_SUBJECT_MAX];	/* from the top, resolved */
	char rest[2 * SOV_SUBJECT_MAX]; /* still to follow */
};

/* Does `path` begin with the whole components of `prefix`? Returns what follows, or NULL. */
static const char *after_components(const char *path, const char *prefix)
{
	size_t n = strlen(prefix);

	if (n == 0)
		return path;
	if (strncmp(path, prefix, n) != 0)
		return NULL;
	if (path[n] == '\0')
		return path + n;
	return path[n] == '/' ? path + n + 1 : NULL;
}

const char *sov_tree_below(const struct sov_root *root, const char *path)
{
	return after_components(path, root->anchor);
}

static void up(struct course *course)
{
	char *slash = memrchr(course->path, '/', course->length);

	course->length = slash != NULL ? (size_t)(slash - course->path) : 0;
	course->path[course->length] = '\0';
}

/* Put a link's target before what is left to follow. */
static bool turn(struct course *course, const char *target)
{
	char rest[sizeof(course->rest)];

	(void)sov_str_copy(rest, sizeof(rest), course->rest);
	if (target[0] == '/')
		course->path[course->length = 0] = '\0';
	return sov_str_format(course->rest, sizeof(course->rest), "%s%s%s", target,
			      rest[0] != '\0' ? "/" : "", rest);
}

/* The last component of the path may be a link: follow it. */
static enum sov_link_end follow(struct course *course, const char *below)
{
	char target[SOV_SUBJECT_MAX];
	ssize_t n = readlinkat(course->root->fd, below, target, sizeof(target) - 1);

	if (n < 0)
		return errno == EINVAL ? SOV_LINK_FOUND : SOV_LINK_ABSENT;
	target[n] = '\0';
	up(course);
	if (++course->hops >= SOV_LINKS_MAX || !turn(course, target))
		return SOV_LINK_LOOP;
	return SOV_LINK_FOUND;
}

/* Go one component further. */
static enum sov_link_end step(struct course *course, const char *name, size_t n)
{
	const char *below;
	size_t slash = course->length > 0 ? 1 : 0;

	if (n == 0 || (n == 1 && name[0] == '.'))
		return SOV_LINK_FOUND;
	if (n == 2 && memcmp(name, "..", 2) == 0) {
		if (course->length == 0)
			return SOV_LINK_ESCAPES;
		up(course);
		return SOV_LINK_FOUND;
	}
	if (course->length + slash + n >= sizeof(course->path))
		return SOV_LINK_ABSENT;
	if (slash != 0)
		course->path[course->length] = '/';
	memcpy(course->path + course->length + slash, name, n);
	course->length += slash + n;
	course->path[course->length] = '\0';
	below = sov_tree_below(course->root, course->path);
	if (below == NULL) /* on the way down to the root, or beside it */
		return after_components(course->root->anchor, course->path) != NULL
			       ? SOV_LINK_FOUND
			       : SOV_LINK_OUTSIDE;
	return below[0] == '\0' ? SOV_LINK_FOUND : follow(course, below);
}

/* Take the first component off the rest. */
static enum sov_link_end next_step(struct course *course)
{
	char name[SOV_SUBJECT_MAX];
	size_t n = strcspn(course->rest, "/");
	size_t skip = n + (course->rest[n] == '/' ? 1 : 0);

	if (n >= sizeof(name))
		return SOV_LINK_ABSENT;
	memcpy(name, course->rest, n);
	memmove(course->rest, course->rest + skip, strlen(course->rest + skip) + 1);
	return step(course, name, n);
}

enum sov_link_end sov_tree_resolve(const struct sov_root *root, const char *directory,
				   const char *target, char *path)
{
	struct course course;
	enum sov_link_end end = SOV_LINK_FOUND;

	course.root = root;
	course.hops = 0;
	course.rest[0] = '\0';
	(void)sov_str_copy(course.path, sizeof(course.path), directory);
	course.length = strlen(course.path);
	if (!turn(&course, target))
		end = SOV_LINK_ABSENT;
	while (end == SOV_LINK_FOUND && course.rest[0] != '\0')
		end = next_step(&course);
	/* Every component was seen on the way, but for those above the root. */
	if (end == SOV_LINK_FOUND && sov_tree_below(root, course.path) == NULL)
		end = SOV_LINK_OUTSIDE;
	(void)sov_str_format(path, SOV_SUBJECT_MAX, "%s%s%s", course.path,
			     course.rest[0] != '\0' ? "/" : "", course.rest);
	return end;
}
