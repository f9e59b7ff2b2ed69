/* SPDX-License-Identifier: MIT */
/* Which processes map a file that may go? In doubt, one does. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "upgrade/outdated.h"

/* Is `path`, as a line of maps has it, of a file called so, now or once? */
static bool is_called(const char *path, const char *name)
{
	const char *base = sov_str_basename(path);
	size_t n = strlen(name);

	return strncmp(base, name, n) == 0 && (base[n] == '\0' || sov_mapping_deleted(base));
}

static bool is_file(const struct stat *st, const struct sov_identity *identity)
{
	return (uint64_t)st->st_dev == identity->device && (uint64_t)st->st_ino == identity->inode;
}

/* Where map_files tells nothing, the same inode will do; and the same name that leads there, since
 * older overlayfs shows another inode. */
static bool maps_file(const struct sov_process *process, const struct sov_mapping *mapping,
		      const struct sov_entry *entry)
{
	bool called = is_called(mapping->path, entry->name);
	bool numbered = mapping->inode == entry->identity.inode;
	struct stat st;
	sov_autoclose int fd = -1;

	if (mapping->path[0] != '/' || (!called && !numbered))
		return false;
	if (sov_process_stat(process, mapping, &st))
		return is_file(&st, &entry->identity);
	if (numbered)
		return true;
	fd = sov_process_look(process, mapping->path);
	return fd >= 0 && fstat(fd, &st) == 0 && is_file(&st, &entry->identity);
}

static int take_mapping(void *data, struct sov_process *process, const struct sov_mapping *mapping,
			struct sov_err *err)
{
	struct sov_outdated_list *list = data;
	char name[64];
	int code = 0;

	for (size_t i = 0; code == 0 && i < list->count; i++) {
		struct sov_outdated *file = &list->item[i];

		if (file->why != NULL || !maps_file(process, mapping, file->entry))
			continue;
		if (!sov_process_name(process, name))
			(void)sov_str_copy(name, sizeof(name), "?");
		code = sov_outdated_excuse(file, err, "process %ld (%s) maps it",
					   (long)process->pid, name);
	}
	return code;
}

static int finish_process(void *data, struct sov_process *process, struct sov_err *err)
{
	(void)data;
	(void)process;
	(void)err;
	return 0;
}

int sov_outdated_ask_processes(struct sov_outdated_list *list, struct sov_census *census,
			       struct sov_err *err)
{
	const struct sov_observer observer = {list, take_mapping, finish_process};

	return sov_processes_observe(census, &observer, err);
}
