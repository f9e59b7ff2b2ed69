/* SPDX-License-Identifier: MIT */
#ifndef SOV_UPGRADE_PROCESSES_H
#define SOV_UPGRADE_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <sov/err.h>

#include "upgrade/maps.h"

/* struct sov_process - a process that is being looked at. */
struct sov_process {
	pid_t pid;
	int fd;	    /* /proc/PID; of a thread, where the process' first has ended */
	int rootfd; /* its root directory, where its mount namespace is not ours; else -1 */
	char *root; /* and the path of that, as a path of its maps would begin */
};

/* struct sov_census - which processes were looked at. */
struct sov_census {
	size_t processes;  /* without ourselves, and without threads of the kernel */
	size_t unreadable; /* of them: we may not know what they map */
	bool hidden;	   /* there may be more: /proc does not even show them (hidepid) */
};

/* struct sov_observer - who is told what processes map. A callback that returns other than 0 ends
 * the census, which returns that. */
struct sov_observer {
	void *data;
	int (*mapping)(void *data, struct sov_process *process, const struct sov_mapping *mapping,
		       struct sov_err *err);
	/* Every mapping of it was told. */
	int (*done)(void *data, struct sov_process *process, struct sov_err *err);
};

/*
 * sov_processes_observe - tell what every running process but ourselves maps.
 *
 * A process that ends meanwhile is passed over. Processes of a pid namespace above ours can't be
 * seen, and nobody can tell.
 * Returns 0 with *out filled; -SOV_E_SYSTEM when /proc is not there or is none, -SOV_E_NOMEM, or
 * what a callback said.
 * Source: proc(5); ptrace(2), "Ptrace access mode checking", for who may read which.
 */
int sov_processes_observe(struct sov_census *out, const struct sov_observer *observer,
			  struct sov_err *err);

/*
 * sov_process_stat - stat(2) of the very file that is mapped, whatever its name leads to now, by
 * /proc/PID/map_files. Returns false when that is not permitted, or the mapping is no more.
 * Source: proc_pid_map_files(5): CAP_CHECKPOINT_RESTORE, before Linux 5.9 CAP_SYS_ADMIN.
 */
bool sov_process_stat(const struct sov_process *process, const struct sov_mapping *mapping,
		      struct stat *out);

/* sov_process_open - open that file for reading. Returns a descriptor, or -1. */
int sov_process_open(const struct sov_process *process, const struct sov_mapping *mapping);

/*
 * sov_process_look - where a path of its maps leads now, in its own mount namespace.
 *
 * Returns a descriptor (O_PATH), yours, or -1 with errno: EXDEV when the path can't be looked up
 * from here, being outside of the root that the process sees.
 */
int sov_process_look(const struct sov_process *process, const char *path);

/*
 * sov_process_name - the command's name, as comm(5) has it: up to 15 bytes, any.
 * @out: 64 bytes. Returns false when the process is no more.
 */
bool sov_process_name(const struct sov_process *process, char *out);

/* sov_process_uid - the effective user. Returns false when the process is no more. */
bool sov_process_uid(const struct sov_process *process, uid_t *out);

#endif
