/* SPDX-License-Identifier: MIT */
/*
 * Which links lead to a file that may go, and which files need it by its real name?
 *
 * A link leads to a file when what it says ends in the file's name, or in the name of another link
 * that does: only the former are followed, since the last link of every chain is one.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <sov/elf.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "elf/linkage.h"
#include "fs/tree.h"
#include "upgrade/outdated.h"

#define SCRIPT_MAX                                                                                 \
	((size_t)64 * 1024) /* a linker script that stands for a library is a few lines */

/* struct asking - a walk under way. */
struct asking {
	struct sov_outdated_list *list;
	const struct sov_root *root;
	const struct sov_site *site;
	struct sov_search *search;
};

static void note(struct sov_search *search, const struct sov_err *trouble)
{
	if (search->unreadable++ == 0)
		search->trouble = *trouble;
}

/* The file of that name that may go, or NULL. */
static struct sov_outdated *undecided(const struct asking *asking, const char *name)
{
	for (size_t i = 0; i < asking->list->count; i++)
		if (asking->list->item[i].why == NULL &&
		    strcmp(asking->list->item[i].entry->name, name) == 0)
			return &asking->list->item[i];
	return NULL;
}

/* The path as messages show it. */
static const char *path_of(const struct asking *asking, const struct sov_item *item,
			   char out[SOV_SUBJECT_MAX])
{
	const char *root = asking->root->path, *end = root + strlen(root) - 1;

	(void)sov_str_format(out, SOV_SUBJECT_MAX, "%s%s%s%s%s", root, *end == '/' ? "" : "/",
			     item->directory, item->directory[0] != '\0' ? "/" : "", item->name);
	return out;
}

/* Does a link that says `target` lead to that very file? What leaves the root may, once the root is
 * the system's. */
static bool leads_to(const struct asking *asking, const struct sov_item *item, const char *target,
		     const struct sov_identity *identity)
{
	char path[SOV_SUBJECT_MAX];
	enum sov_link_end end = sov_tree_resolve(asking->root, item->directory, target, path);
	struct stat st;

	if (end != SOV_LINK_FOUND)
		return end == SOV_LINK_ESCAPES;
	return fstatat(asking->root->fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (uint64_t)st.st_dev == identity->device && (uint64_t)st.st_ino == identity->inode;
}

static int meet_link(struct asking *asking, const struct sov_item *item, struct sov_err *err)
{
	char target[SOV_SUBJECT_MAX], path[SOV_SUBJECT_MAX];
	ssize_t n = readlinkat(item->dirfd, item->name, target, sizeof(target) - 1);
	struct sov_outdated *file;

	if (n <= 0)
		return 0;
	target[n] = '\0';
	file = undecided(asking, sov_str_basename(target));
	if (file == NULL || !leads_to(asking, item, target, &file->entry->identity))
		return 0;
	return sov_outdated_excuse(file, err, "%s leads to it", path_of(asking, item, path));
}

/* A list of names, each of which may be several, with colons between. */
static int meet_names(struct asking *asking, const struct sov_item *item, char *const *names,
		      size_t count, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX], *rest = NULL;
	int code = 0;

	for (size_t i = 0; i < count; i++) {
		sov_autofree char *names_here = strdup(names[i]);

		if (names_here == NULL)
			return sov_fail_nomem(err, item->name);
		for (char *name = strtok_r(names_here, ":", &rest); code == 0 && name != NULL;
		     name = strtok_r(NULL, ":", &rest)) {
			struct sov_outdated *file = undecided(asking, sov_str_basename(name));

			if (file != NULL)
				code = sov_outdated_excuse(file, err, "%s needs it by this name",
							   path_of(asking, item, path));
		}
	}
	return code;
}

static int meet_linkage(struct asking *asking, const struct sov_item *item,
			const struct sov_linkage *linkage, struct sov_err *err)
{
	const struct sov_strs *const lists[] = {&linkage->filter, &linkage->auxiliary,
						&linkage->audit, &linkage->depaudit};
	int code = 0;

	for (size_t i = 0; code == 0 && i < sizeof(lists) / sizeof(lists[0]); i++)
		code = meet_names(asking, item, lists[i]->item, lists[i]->count, err);
	return code;
}

static bool is_preload(const struct sov_item *item)
{
	return strcmp(item->directory, "etc") == 0 && strcmp(item->name, "ld.so.preload") == 0;
}

/* libx.so may be text: INPUT(libx.so.1.0). */
static int meet_text(struct asking *asking, const struct sov_item *item, int fd,
		     struct sov_err *err)
{
	sov_autofree char *text = NULL;
	char path[SOV_SUBJECT_MAX];
	struct sov_filename name;
	int code = 0;

	if (!is_preload(item) && !sov_filename_parse(&name, item->name))
		return 0;
	if (sov_read_all(fd, SCRIPT_MAX, &text) < 0)
		return 0;
	for (size_t i = 0; code == 0 && i < asking->list->count; i++)
		if (strstr(text, asking->list->item[i].entry->name) != NULL)
			code = sov_outdated_excuse(&asking->list->item[i], err, "%s mentions it",
						   path_of(asking, item, path));
	return code;
}

/* What an open file says. Where only its symbol versions are broken, what it needs still counts. */
static int meet_contents(struct asking *asking, const struct sov_item *item, int fd,
			 struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];
	struct sov_identity identity = {0};
	struct sov_linkage linkage = {0};
	struct sov_err trouble;
	int code;

	sov_err_clear(&trouble);
	code = sov_linkage_read(&identity, &linkage, fd, path_of(asking, item, path), &trouble);
	if (code == 0 && identity.kind == SOV_KIND_BROKEN) {
		sov_identity_release(&identity);
		code = sov_identity_read(&identity, fd, path, &trouble);
	}
	if (code != 0) {
		note(asking->search, &trouble);
		code = 0;
	} else if (identity.kind == SOV_KIND_SCRIPT || is_preload(item)) {
		code = meet_text(asking, item, fd, err);
	} else {
		code = meet_names(asking, item, identity.needed, identity.needed_count, err);
	}
	if (code == 0)
		code = meet_linkage(asking, item, &linkage, err);
	sov_linkage_release(&linkage);
	sov_identity_release(&identity);
	return code;
}

static int meet_file(struct asking *asking, const struct sov_item *item, struct sov_err *err)
{
	sov_autoclose int fd = sov_identity_open(item->dirfd, item->name, O_NOFOLLOW);
	char path[SOV_SUBJECT_MAX];
	struct sov_err trouble;

	if (fd >= 0)
		return meet_contents(asking, item, fd, err);
	if (errno == ENOENT || errno == ELOOP)
		return 0; /* vanished, or became something else */
	sov_fail_errno(&trouble, path_of(asking, item, path), "cannot open");
	note(asking->search, &trouble);
	return 0;
}

static bool wants(void *data, const char *directory, const char *name)
{
	(void)data;
	(void)directory;
	(void)name;
	return true;
}

static int meet(void *data, const struct sov_item *item, struct sov_err *err)
{
	struct asking *asking = data;
	int code = sov_site_stopped(asking->site, err);

	if (code == 0 && item->type == SOV_ITEM_LINK)
		code = meet_link(asking, item, err);
	else if (code == 0 && item->type == SOV_ITEM_FILE)
		code = meet_file(asking, item, err);
	return code;
}

static int take_trouble(void *data, const struct sov_err *trouble, struct sov_err *err)
{
	struct asking *asking = data;

	(void)err;
	note(asking->search, trouble);
	return 0;
}

/* What the kernel shows as files holds no libraries, and no end of links. */
static bool enters(void *data, int fd)
{
	struct statfs fs;

	(void)data;
	return fstatfs(fd, &fs) != 0 || (fs.f_type != PROC_SUPER_MAGIC && fs.f_type != SYSFS_MAGIC);
}

int sov_outdated_ask_tree(struct sov_outdated_list *list, const char *root,
			  const struct sov_site *site, struct sov_search *search,
			  struct sov_err *err)
{
	const char *path = root != NULL && root[0] != '\0' ? root : "/";
	sov_autoclose int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct sov_root top = {.fd = fd, .path = path, .anchor = ""};
	struct asking asking = {list, &top, site, search};
	const struct sov_visitor visitor = {
		.data = &asking,
		.wants = wants,
		.item = meet,
		.trouble = take_trouble,
		.enters = enters,
	};

	if (fd < 0)
		return sov_fail_errno(err, path, "cannot read the directory");
	return sov_tree_walk(&top, &visitor, err);
}
