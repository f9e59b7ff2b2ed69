/* SPDX-License-Identifier: MIT */
/*
 * gather - read a tree once, and leave all that rules need in memory.
 *
 * A tree such as /usr/lib has a hundred names for each that is of interest, so nothing is asked
 * about a name but the name itself (and whether it is a directory, which getdents(2) tells). Files
 * are opened relative to their directory while that is open, each inode is identified once, and
 * links are followed when all names are known.
 */
#include "lint/gather.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "lint/development.h"
#include "lint/layout.h"

#define SCRIPT_MAX ((size_t)64 * 1024) /* glibc's longest linker script has 300 bytes */

/* struct gathering - facts while they are gathered. */
struct gathering {
	struct sov_facts *facts;
	struct sov_report *report;
};

static int nomem(const struct sov_facts *facts, struct sov_err *err)
{
	return sov_fail_nomem(err, facts->root.path);
}

/* "directory/name", without the slash when one of them is empty. @out: SOV_SUBJECT_MAX bytes.
 * Returns @out. */
static char *path_below(char *out, const char *directory, const char *name)
{
	const char *slash = directory[0] != '\0' && name[0] != '\0' ? "/" : "";

	(void)sov_str_format(out, SOV_SUBJECT_MAX, "%s%s%s", directory, slash, name);
	return out;
}

/* Note that a file could not be examined. One that has vanished meanwhile never was. */
static int trouble(struct gathering *gathering, const char *directory, const char *name,
		   const struct sov_err *why, struct sov_err *err)
{
	struct sov_err note = *why;

	(void)sov_str_format(note.subject, sizeof(note.subject), "%s/%s%s%s",
			     gathering->facts->root.path, directory,
			     directory[0] != '\0' ? "/" : "", name);
	return sov_report_trouble(gathering->report, &note, err);
}

static int trouble_errno(struct gathering *gathering, const char *directory, const char *name,
			 const char *message, struct sov_err *err)
{
	struct sov_err why;

	/* ELOOP: a link by now. */
	if (errno == ENOENT || errno == ELOOP)
		return 0;
	sov_err_clear(&why);
	sov_fail_errno(&why, name, "%s", message);
	return trouble(gathering, directory, name, &why, err);
}

/* Is it named as one of the public directories that the user added? */
static bool is_given(const struct sov_lint_options *options, const char *path)
{
	size_t n = strlen(path);

	for (size_t i = 0; i < options->libdir_count; i++) {
		const char *given = options->libdirs[i] + strspn(options->libdirs[i], "/");
		size_t length = strlen(given);

		while (length > 0 && given[length - 1] == '/')
			length--;
		if (length == n && memcmp(given, path, n) == 0)
			return true;
	}
	return false;
}

/* The number of an item's directory; the names of one come one after the other. */
static size_t directory_of(struct sov_facts *facts, const struct sov_item *item)
{
	const char *path = item->directory;
	size_t last = facts->directory_count;
	struct sov_directory *directory;
	struct stat st;

	if (last > 0 && strcmp(facts->directories[last - 1].path, path) == 0)
		return last - 1;
	if (sov_vec_grow(&facts->directories, last, sizeof(*directory)) != 0)
		return SOV_NONE;
	directory = &facts->directories[last];
	directory->path = strdup(path);
	if (directory->path == NULL ||
	    sov_index_add(&facts->directory_index, sov_hash_text(0, path), last) != 0) {
		free(directory->path);
		return SOV_NONE;
	}
	directory->device = fstat(item->dirfd, &st) == 0 ? st.st_dev : 0;
	directory->is_public = sov_layout_is_public(path) || is_given(facts->options, path);
	facts->directory_count++;
	return last;
}

static struct sov_entry *add_entry(struct sov_facts *facts, size_t directory, const char *name,
				   enum sov_item_type type)
{
	struct sov_entry *entry;

	if (directory == SOV_NONE ||
	    sov_vec_grow(&facts->entries, facts->entry_count, sizeof(*entry)) != 0)
		return NULL;
	entry = &facts->entries[facts->entry_count];
	*entry = (struct sov_entry){
		.directory = directory,
		.name = strdup(name),
		.type = type,
		.object = SOV_NONE,
		.sibling = SOV_NONE,
	};
	if (entry->name == NULL)
		return NULL;
	facts->entry_count++;
	return entry;
}

static size_t find_object(const struct sov_facts *facts, uint64_t device, uint64_t inode)
{
	const struct sov_index *index = &facts->object_index;
	size_t node = sov_index_first(index, sov_hash_numbers(device, inode));

	for (; node != SOV_NONE; node = sov_index_next(index, node)) {
		const struct sov_identity *identity =
			&facts->objects[index->nodes[node].thing].identity;

		if (identity->device == device && identity->inode == inode)
			return index->nodes[node].thing;
	}
	return SOV_NONE;
}

/* Take an identity over as a new object. */
static int add_object(struct sov_facts *facts, const struct sov_identity *identity)
{
	size_t count = facts->object_count;

	if (sov_vec_grow(&facts->objects, count, sizeof(*facts->objects)) != 0 ||
	    sov_index_add(&facts->object_index, sov_hash_numbers(identity->device, identity->inode),
			  count) != 0)
		return -1;
	facts->objects[count] = (struct sov_object){.identity = *identity, .entries = SOV_NONE};
	facts->object_count++;
	return 0;
}

/* Keep the text of the newest object when it is one. Returns 0, or -1 when out of memory. */
static int keep_script(struct sov_facts *facts, int fd)
{
	struct sov_object *object = &facts->objects[facts->object_count - 1];

	if (object->identity.kind != SOV_KIND_SCRIPT)
		return 0;
	/* A text too long for a linker script is none. */
	if (sov_read_all(fd, SCRIPT_MAX, &object->text) < 0) {
		object->text = NULL;
		return errno == ENOMEM ? -1 : 0;
	}
	if (sov_vec_grow(&facts->scripts, facts->script_count, sizeof(*facts->scripts)) != 0)
		return -1;
	facts->scripts[facts->script_count++] = facts->object_count - 1;
	return 0;
}

/* Identify an open file. *out is SOV_NONE when it could not be read. */
static int identify(struct gathering *gathering, int fd, const char *directory, const char *name,
		    size_t *out, struct sov_err *err)
{
	struct sov_facts *facts = gathering->facts;
	struct sov_identity identity = {0};
	struct sov_err why;
	int rc = sov_identity_read(&identity, fd, name, &why);

	*out = SOV_NONE;
	if (rc == -SOV_E_NOMEM)
		return nomem(facts, err);
	if (rc != 0)
		return trouble(gathering, directory, name, &why, err);
	/* Known after all, though the directory gave it another number. */
	*out = find_object(facts, identity.device, identity.inode);
	if (*out != SOV_NONE || add_object(facts, &identity) != 0) {
		sov_identity_release(&identity);
		return *out != SOV_NONE ? 0 : nomem(facts, err);
	}
	*out = facts->object_count - 1;
	return keep_script(facts, fd) == 0 ? 0 : nomem(facts, err);
}

/* Open and identify a file that is not known yet. Returns 1 when it has vanished. */
static int open_file(struct gathering *gathering, const struct sov_item *item, size_t *out,
		     struct sov_err *err)
{
	sov_autoclose int fd = sov_identity_open(item->dirfd, item->name, O_NOFOLLOW);

	*out = SOV_NONE;
	if (fd >= 0)
		return identify(gathering, fd, item->directory, item->name, out, err);
	if (errno == ENOENT || errno == ELOOP)
		return 1;
	return trouble_errno(gathering, item->directory, item->name, "cannot open it", err);
}

static int gather_file(struct gathering *gathering, const struct sov_item *item,
		       struct sov_err *err)
{
	struct sov_facts *facts = gathering->facts;
	size_t directory = directory_of(facts, item), object;
	struct sov_entry *entry;
	int rc = 0;

	if (directory == SOV_NONE)
		return nomem(facts, err);
	object = find_object(facts, facts->directories[directory].device, item->inode);
	if (object == SOV_NONE)
		rc = open_file(gathering, item, &object, err);
	if (rc != 0)
		return rc < 0 ? rc : 0;
	entry = add_entry(facts, directory, item->name, SOV_ITEM_FILE);
	if (entry == NULL)
		return nomem(facts, err);
	entry->object = object;
	gathering->report->files++;
	return 0;
}

static int gather_link(struct gathering *gathering, const struct sov_item *item,
		       struct sov_err *err)
{
	struct sov_facts *facts = gathering->facts;
	char target[SOV_SUBJECT_MAX];
	ssize_t n = readlinkat(item->dirfd, item->name, target, sizeof(target) - 1);
	struct sov_entry *entry;

	if (n < 0)
		return trouble_errno(gathering, item->directory, item->name, "cannot read the link",
				     err);
	target[n] = '\0';
	entry = add_entry(facts, directory_of(facts, item), item->name, SOV_ITEM_LINK);
	if (entry != NULL)
		entry->target = strdup(target);
	return entry != NULL && entry->target != NULL ? 0 : nomem(facts, err);
}

/* ".so" that no letter follows: "dbus.socket" and "x.source" are none of ours. */
static bool is_shared_name(const char *name)
{
	for (const char *so = strstr(name, ".so"); so != NULL; so = strstr(so + 1, ".so")) {
		char next = so[3];

		if (!((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z')))
			return true;
	}
	return false;
}

static bool wants(void *data, const char *directory, const char *name)
{
	(void)data;
	return is_shared_name(name) || sov_development_is_static(name) ||
	       sov_development_is_pc(directory, name);
}

/* The name is enough: it says that something is there. A directory where a library should be may
 * be a fault of its own. */
static int gather_name(struct sov_facts *facts, size_t directory, const char *name,
		       enum sov_item_type type, struct sov_err *err)
{
	struct sov_entry *entry = add_entry(facts, directory, name, type);

	if (entry == NULL)
		return nomem(facts, err);
	entry->name_only = !is_shared_name(name);
	return 0;
}

static int gather_pc(struct gathering *gathering, const struct sov_item *item, struct sov_err *err)
{
	sov_autofree char *text = NULL;
	sov_autoclose int fd = sov_identity_open(item->dirfd, item->name, O_NOFOLLOW);

	if (item->type != SOV_ITEM_FILE)
		return 0;
	if (fd < 0 || sov_read_all(fd, SCRIPT_MAX, &text) < 0)
		return trouble_errno(gathering, item->directory, item->name, "cannot read it", err);
	return sov_development_read_pc(gathering->facts, text) == 0 ? 0
								    : nomem(gathering->facts, err);
}

static int gather_item(void *data, const struct sov_item *item, struct sov_err *err)
{
	struct gathering *gathering = data;
	struct sov_facts *facts = gathering->facts;

	if (sov_development_is_pc(item->directory, item->name))
		return gather_pc(gathering, item, err);
	if (is_shared_name(item->name) && item->type == SOV_ITEM_FILE)
		return gather_file(gathering, item, err);
	if (is_shared_name(item->name) && item->type == SOV_ITEM_LINK)
		return gather_link(gathering, item, err);
	return gather_name(facts, directory_of(facts, item), item->name, item->type, err);
}

static int gather_trouble(void *data, const struct sov_err *why, struct sov_err *err)
{
	struct gathering *gathering = data;

	return sov_report_trouble(gathering->report, why, err);
}

/*
 * A soname need not look like a library ("libfoo.so1", "foo"): such a name was passed over by the
 * walk, so it is asked for.
 */
static int gather_odd_sonames(struct sov_facts *facts, struct sov_err *err)
{
	size_t count = facts->entry_count;

	for (size_t i = 0; i < count; i++) {
		const struct sov_identity *library = sov_facts_library(facts, &facts->entries[i]);
		const char *directory = facts->directories[facts->entries[i].directory].path;
		char path[SOV_SUBJECT_MAX];
		struct stat st;

		if (library == NULL || library->soname == NULL || is_shared_name(library->soname) ||
		    sov_soname_unsafe(library->soname) != NULL)
			continue;
		path_below(path, directory, library->soname);
		if (fstatat(facts->root.fd, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (gather_name(facts, facts->entries[i].directory, library->soname, SOV_ITEM_OTHER,
				err) != 0)
			return -SOV_E_NOMEM;
	}
	return 0;
}

static int compare_entries(const void *left, const void *right, void *data)
{
	const struct sov_entry *a = left, *b = right;
	const struct sov_facts *facts = data;
	int order = 0;

	if (a->directory != b->directory)
		order = strcmp(facts->directories[a->directory].path,
			       facts->directories[b->directory].path);
	return order != 0 ? order : strcmp(a->name, b->name);
}

static int index_entries(struct sov_facts *facts)
{
	for (size_t i = 0; i < facts->entry_count; i++) {
		const struct sov_entry *entry = &facts->entries[i];
		const struct sov_identity *library = sov_facts_library(facts, entry);

		if (sov_index_add(&facts->name_index, sov_hash_text(entry->directory, entry->name),
				  i) != 0)
			return -1;
		if (library != NULL && library->soname != NULL &&
		    sov_index_add(&facts->soname_index,
				  sov_hash_text(entry->directory, library->soname), i) != 0)
			return -1;
	}
	return 0;
}

/* Identify what a link ends at, in the tree that it ends in. */
static int identify_end(struct gathering *gathering, const struct sov_root *root,
			struct sov_entry *entry, struct sov_err *err)
{
	const char *below = sov_tree_below(root, entry->leads_to);
	const char *directory = gathering->facts->directories[entry->directory].path;
	sov_autoclose int fd = -1;
	struct stat st;

	if (below[0] == '\0' || fstatat(root->fd, below, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode))
		return 0;
	fd = sov_identity_open(root->fd, below, O_NOFOLLOW);
	if (fd < 0)
		return trouble_errno(gathering, directory, entry->name, "cannot open its target",
				     err);
	return identify(gathering, fd, directory, entry->name, &entry->object, err);
}

/* The end of a link inside the root is an entry already when its name is one of a library. */
static int find_end(struct gathering *gathering, struct sov_entry *entry, struct sov_err *err)
{
	struct sov_facts *facts = gathering->facts;
	const char *below = sov_tree_below(&facts->root, entry->leads_to);
	char path[SOV_SUBJECT_MAX];
	const struct sov_entry *end = NULL;
	size_t directory;

	(void)sov_str_dirname(path, sizeof(path), below);
	directory = sov_facts_find_directory(facts, path);
	if (directory != SOV_NONE)
		end = sov_facts_find(facts, directory, sov_str_basename(below));
	if (end == NULL || end->name_only)
		return identify_end(gathering, &facts->root, entry, err);
	entry->object = end->object;
	return 0;
}

/* A link that ends nowhere in the root may end in one of the trees that belong beside it. */
static int try_sysroots(struct gathering *gathering, struct sov_entry *entry, const char *left,
			struct sov_err *err)
{
	struct sov_facts *facts = gathering->facts;
	char path[SOV_SUBJECT_MAX];

	for (size_t i = 0; i < facts->sysroot_count; i++) {
		char *leads_to;

		if (sov_tree_resolve(&facts->sysroots[i], "", left, path) != SOV_LINK_FOUND)
			continue;
		leads_to = strdup(path);
		if (leads_to == NULL)
			return nomem(facts, err);
		free(entry->leads_to);
		entry->leads_to = leads_to;
		entry->end = SOV_LINK_FOUND;
		return identify_end(gathering, &facts->sysroots[i], entry, err);
	}
	return 0;
}

/*
 * The file that a link leads to when every link on the way is a name in the same directory, as they
 * nearly always are: no system call is needed. NULL = look closer.
 */
static const struct sov_entry *follow_beside(const struct sov_facts *facts,
					     const struct sov_entry *entry)
{
	for (int hops = 0; hops < 8 && entry != NULL && entry->target != NULL; hops++) {
		if (strchr(entry->target, '/') != NULL)
			return NULL;
		entry = sov_facts_beside(facts, entry, entry->target);
	}
	return entry != NULL && entry->type == SOV_ITEM_FILE && !entry->name_only ? entry : NULL;
}

/* Follow a link by hand. @top: the path of its directory from the top of the tree */
static int follow_far(struct gathering *gathering, struct sov_entry *entry, const char *top,
		      struct sov_err *err)
{
	struct sov_facts *facts = gathering->facts;
	char path[SOV_SUBJECT_MAX];

	entry->end = sov_tree_resolve(&facts->root, top, entry->target, path);
	entry->leads_to = strdup(path);
	if (entry->leads_to == NULL)
		return nomem(facts, err);
	if (entry->end == SOV_LINK_FOUND)
		return find_end(gathering, entry, err);
	if (entry->end == SOV_LINK_ABSENT || entry->end == SOV_LINK_OUTSIDE)
		return try_sysroots(gathering, entry, path, err);
	return 0;
}

static int follow_link(struct gathering *gathering, struct sov_entry *entry, struct sov_err *err)
{
	struct sov_facts *facts = gathering->facts;
	const struct sov_entry *file = follow_beside(facts, entry);
	char top[SOV_SUBJECT_MAX], path[SOV_SUBJECT_MAX];

	path_below(top, facts->anchor, facts->directories[entry->directory].path);
	if (file == NULL)
		return follow_far(gathering, entry, top, err);
	entry->object = file->object;
	entry->end = SOV_LINK_FOUND;
	entry->leads_to = strdup(path_below(path, top, file->name));
	return entry->leads_to != NULL ? 0 : nomem(facts, err);
}

static int follow_links(struct gathering *gathering, struct sov_err *err)
{
	struct sov_facts *facts = gathering->facts;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < facts->entry_count; i++)
		if (facts->entries[i].target != NULL)
			rc = follow_link(gathering, &facts->entries[i], err);
	return rc;
}

/* Chain the names of each object, first path first, and mark its last name in each directory. */
static int chain_names(struct sov_facts *facts)
{
	sov_autofree size_t *seen = calloc(facts->object_count + 1, sizeof(*seen));

	if (seen == NULL)
		return -1;
	for (size_t i = facts->entry_count; i-- > 0;) {
		struct sov_entry *entry = &facts->entries[i];
		struct sov_object *object;

		if (entry->object == SOV_NONE)
			continue;
		object = &facts->objects[entry->object];
		entry->sibling = object->entries;
		object->entries = i;
		if (entry->type != SOV_ITEM_FILE)
			continue;
		/* counted from 1: 0 is none */
		entry->primary = seen[entry->object] != entry->directory + 1;
		seen[entry->object] = entry->directory + 1;
	}
	return 0;
}

static int find_sections(struct sov_facts *facts, struct sov_err *err)
{
	const struct sov_conf *conf = facts->options->conf;
	int rc = 0;

	for (size_t i = 0; conf != NULL && rc == 0 && i < facts->entry_count; i++) {
		struct sov_entry *entry = &facts->entries[i];

		if (!entry->name_only && sov_facts_is_public(facts, entry))
			rc = sov_conf_select(conf, entry->name, &entry->declared, err);
	}
	return rc;
}

static int open_root(struct sov_root *root, char anchor[SOV_SUBJECT_MAX], const char *path,
		     struct sov_err *err)
{
	sov_autofree char *real = NULL;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return sov_fail_errno(err, path, "cannot read the directory");
	/* Where it lies is a help, no need. */
	real = realpath(path, NULL);
	(void)sov_str_copy(anchor, SOV_SUBJECT_MAX, real != NULL ? sov_layout_anchor(real) : "");
	*root = (struct sov_root){.fd = fd, .path = path, .anchor = anchor};
	return 0;
}

/* Sysroots are whole trees. */
static int open_sysroots(struct sov_facts *facts, struct sov_err *err)
{
	for (size_t i = 0; i < facts->options->sysroot_count; i++) {
		const char *path = facts->options->sysroots[i];
		int fd = -1;

		if (sov_vec_grow(&facts->sysroots, i, sizeof(*facts->sysroots)) != 0)
			return nomem(facts, err);
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0)
			return sov_fail_errno(err, path, "cannot read the directory");
		facts->sysroots[facts->sysroot_count++] =
			(struct sov_root){.fd = fd, .path = path, .anchor = ""};
	}
	return 0;
}

static int gather_tree(struct gathering *gathering, struct sov_err *err)
{
	const struct sov_visitor visitor = {
		.data = gathering,
		.wants = wants,
		.item = gather_item,
		.trouble = gather_trouble,
	};
	struct sov_facts *facts = gathering->facts;
	int rc = sov_tree_walk(&facts->root, &visitor, err);

	if (rc == 0)
		rc = gather_odd_sonames(facts, err);
	if (rc != 0)
		return rc;
	facts->has_headers = sov_development_has_headers(facts->root.fd);
	if (facts->entry_count > 1)
		qsort_r(facts->entries, facts->entry_count, sizeof(*facts->entries),
			compare_entries, facts);
	return index_entries(facts) == 0 ? 0 : nomem(facts, err);
}

static void count(const struct sov_facts *facts, struct sov_report *report)
{
	for (size_t i = 0; i < facts->entry_count; i++)
		if (facts->entries[i].type == SOV_ITEM_FILE &&
		    sov_facts_library(facts, &facts->entries[i]) != NULL)
			report->libraries++;
}

int sov_facts_gather(struct sov_facts *out, const struct sov_lint_options *options,
		     const char *root, struct sov_report *report, struct sov_err *err)
{
	struct gathering gathering = {.facts = out, .report = report};
	int rc;

	*out = (struct sov_facts){.options = options};
	rc = open_root(&out->root, out->anchor, root, err);
	if (rc == 0)
		rc = open_sysroots(out, err);
	if (rc == 0)
		rc = gather_tree(&gathering, err);
	if (rc == 0)
		rc = follow_links(&gathering, err);
	if (rc == 0 && chain_names(out) != 0)
		rc = nomem(out, err);
	if (rc == 0)
		rc = find_sections(out, err);
	if (rc == 0)
		count(out, report);
	else
		sov_facts_release(out);
	return rc;
}
