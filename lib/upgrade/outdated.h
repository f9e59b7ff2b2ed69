/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_OUTDATED_H
#define SOV_UPGRADE_OUTDATED_H

#include <stdbool.h>
#include <stddef.h>

#include "upgrade/libdir.h"
#include "upgrade/processes.h"

/* struct sov_outdated - a real file that an upgrade may have left. */
struct sov_outdated {
	const struct sov_entry *entry; /* borrowed */
	char *why;		       /* it stays; NULL = nothing speaks for it so far */
};

/* struct sov_outdated_list - the real files of a directory, newest first within a soname. Zeroed =
 * none. */
struct sov_outdated_list {
	struct sov_outdated *item;
	size_t count;
};

/* sov_outdated_list_make - every real file of a directory, and why it stays by what the directory
 * says alone. @libdir: must outlive the list. Returns 0 or -SOV_E_NOMEM. */
int sov_outdated_list_make(struct sov_outdated_list *out, const struct sov_libdir *libdir,
			   struct sov_err *err);
void sov_outdated_list_release(struct sov_outdated_list *list);

/* sov_outdated_undecided - does nothing speak for one of them so far? */
bool sov_outdated_undecided(const struct sov_outdated_list *list);

/* sov_outdated_excuse - a reason to stay, unless there is one. Returns 0 or -SOV_E_NOMEM. */
int sov_outdated_excuse(struct sov_outdated *file, struct sov_err *err, const char *fmt, ...)
	SOV_PRINTF(3, 4);

/*
 * sov_outdated_ask_processes - who maps them?
 * Returns 0 with *census filled, or as sov_processes_observe().
 */
int sov_outdated_ask_processes(struct sov_outdated_list *list, struct sov_census *census,
			       struct sov_err *err);

/* struct sov_search - what a search through a tree could not look at. */
struct sov_search {
	size_t unreadable;
	struct sov_err trouble; /* the first */
};

/*
 * sov_outdated_ask_tree - which links below a root lead to them, and which files need them by their
 * real names? Other file systems are entered, those of the kernel's own (/proc, /sys) are not.
 * @root: NULL or "" = the whole system
 * @site: for its flag to stop
 * Returns 0, or -SOV_E_SYSTEM when the root can't be read, -SOV_E_NOMEM.
 */
int sov_outdated_ask_tree(struct sov_outdated_list *list, const char *root,
			  const struct sov_site *site, struct sov_search *search,
			  struct sov_err *err);

#endif
