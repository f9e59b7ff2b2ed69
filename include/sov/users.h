/* SPDX-License-Identifier: MIT */
#ifndef SOV_USERS_H
#define SOV_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sov/err.h>

#ifdef __cplusplus
extern "C" {
#endif

/* enum sov_use_state - what has become of a file since a process has mapped it. */
enum sov_use_state {
	SOV_USE_PRESENT, /* its name leads to it, and so does its soname, if there is such a link */
	SOV_USE_OLD,	 /* its name leads to it, but its soname beside it to another file */
	SOV_USE_REPLACED, /* its name leads to another file */
	SOV_USE_DELETED,  /* its name leads nowhere */
	SOV_USE_UNKNOWN,  /* where its name leads can't be seen from here */
};

/* sov_use_state_name - "present", "old", "replaced", "deleted", "unknown"; static. */
SOV_PUBLIC const char *sov_use_state_name(enum sov_use_state state);

/* struct sov_use - one process and one real file that it maps. Raw bytes; threads share their
 * process' mappings and are not told apart. */
struct sov_use {
	int64_t pid;
	uint32_t uid; /* effective */
	char *comm;   /* the command's name, as comm(5) has it: it may say anything */
	char *path;   /* of the file, when it was mapped, moved names followed; as the process sees
			 it when `apart` */
	char *soname; /* DT_SONAME of the mapped file; NULL = none, or it can't be read */
	char *now; /* the real file that a process started now would get; NULL = it is this one, or
			 nobody can tell */
	enum sov_use_state state;
	bool runs;  /* mapped executable; else it is only read, as by a link editor */
	bool apart; /* in a directory of another mount namespace: a container's own */
};

/* sov_use_stale - does the process run what a process started now would not: needs a restart? */
static inline bool sov_use_stale(const struct sov_use *use)
{
	return use->runs && use->state != SOV_USE_PRESENT && use->state != SOV_USE_UNKNOWN;
}

/* struct sov_users - who maps what. Zeroed = nobody. Owned by the caller. */
struct sov_users {
	struct sov_use *use; /* by pid, then path */
	size_t count;
	size_t stale;	   /* processes that need a restart */
	size_t processes;  /* that were running; without ourselves and threads of the kernel */
	size_t unreadable; /* of them: other users', whose mappings we may not read */
	bool hidden;	   /* there may be more, which /proc does not show to us (hidepid) */
	char **absent;	   /* operands that nothing has for a name now */
	size_t absent_count;
};

/*
 * sov_users_find - which running processes map which real file of a library.
 *
 * Asked by the path of a library (links are followed): that very file under any name, and every
 * file of its directory that has its SONAME or continues its name, old real names and deleted ones
 * included. Such a path may be one that is no more. By a SONAME, a word without '/' that is no
 * file: every file, anywhere, that has this SONAME or continues it with further numbers. By a
 * directory: every library in it and below.
 *
 * Read off /proc/PID/maps; files are told apart by device and inode, as /proc/PID/map_files tells
 * them where that is permitted, else by inode and name: the device in maps is not that of stat(2)
 * on btrfs and on older overlayfs. What a name leads to is looked up in the mount namespace of the
 * process. Nothing is run, nothing that is examined is mapped.
 * @what:  count operands, 1 at least
 * Returns 0 with *out filled, for sov_users_release() to give back: processes that can't be read
 * are counted and are no error. Or -SOV_E_USAGE (an operand that names no library),
 * -SOV_E_SYSTEM (no /proc; a directory that can't be opened), -SOV_E_NOMEM.
 * Source: proc(5); proc_pid_maps(5).
 */
SOV_PUBLIC int sov_users_find(struct sov_users *out, char *const *what, size_t count,
			      struct sov_err *err);

/* sov_users_release - give back what *users holds and zero it. A zeroed one is fine. */
SOV_PUBLIC void sov_users_release(struct sov_users *users);

#ifdef __cplusplus
}
#endif
#endif
