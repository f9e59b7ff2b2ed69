/* SPDX-License-Identifier: MIT */
#include "upgrade/processes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <sov/elf.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"

#define BLOCK ((size_t)64 * 1024)

/* enum reading - how reading the maps of a process went. */
enum reading {
	READ_ALL,
	READ_NONE,   /* there are none: a zombie, a thread of the kernel */
	READ_DENIED, /* not for us */
	READ_ENDED,  /* the process has ended */
};

/* struct census - a census under way. */
struct census {
	int proc;
	pid_t self;
	struct stat namespace; /* of ours */
	const struct sov_observer *observer;
	struct sov_census *out;
	char *line; /* getline()'s */
	size_t size;
};

static int open_directory(int at, const char *name)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The number that a name is, or 0. */
static pid_t pid_of(const char *name)
{
	char *end;
	long number;

	if (name[0] < '1' || name[0] > '9')
		return 0;
	errno = 0;
	number = strtol(name, &end, 10);
	return errno == 0 && *end == '\0' && number <= INT32_MAX ? (pid_t)number : 0;
}

static enum reading why_not(void)
{
	return errno == EACCES || errno == EPERM ? READ_DENIED : READ_ENDED;
}

static FILE *open_maps(int process)
{
	sov_autoclose int fd = openat(process, "maps", O_RDONLY | O_CLOEXEC);
	FILE *maps = fd >= 0 ? fdopen(fd, "r") : NULL;

	if (maps != NULL)
		fd = -1;
	return maps;
}

static int tell_lines(struct census *census, struct sov_process *process, FILE *maps,
		      enum reading *how, struct sov_err *err)
{
	struct sov_mapping mapping;
	ssize_t n;
	int rc = 0;

	*how = READ_NONE;
	errno = 0;
	while (rc == 0 && (n = getline(&census->line, &census->size, maps)) > 0) {
		*how = READ_ALL;
		if (census->line[n - 1] == '\n')
			census->line[n - 1] = '\0';
		if (sov_mapping_parse(&mapping, census->line))
			rc = census->observer->mapping(census->observer->data, process, &mapping,
						       err);
		errno = 0;
	}
	if (rc == 0 && errno == ENOMEM)
		return sov_fail_nomem(err, "/proc");
	if (rc == 0 && errno != 0)
		*how = why_not();
	return rc;
}

/* Tell the mappings of the process, or thread, that process->fd is. */
static int tell(struct census *census, struct sov_process *process, enum reading *how,
		struct sov_err *err)
{
	FILE *maps = open_maps(process->fd);
	int rc;

	if (maps == NULL) {
		*how = why_not();
		return 0;
	}
	(void)setvbuf(maps, NULL, _IOFBF, BLOCK);
	rc = tell_lines(census, process, maps, how, err);
	fclose(maps);
	return rc;
}

/* The first thread of a process may end before the others, which then have all that it mapped. */
static int tell_threads(struct census *census, struct sov_process *process, enum reading *how,
			struct sov_err *err)
{
	int first = process->fd, fd = open_directory(first, "task"), rc = 0;
	DIR *tasks = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	if (tasks == NULL && fd >= 0)
		close(fd);
	while (tasks != NULL && rc == 0 && *how == READ_NONE && (entry = readdir(tasks)) != NULL) {
		pid_t thread = pid_of(entry->d_name);

		if (thread == 0 || thread == process->pid)
			continue;
		process->fd = open_directory(census->proc, entry->d_name);
		if (process->fd >= 0)
			rc = tell(census, process, how, err);
		if (*how == READ_ALL)
			break;
		if (process->fd >= 0)
			close(process->fd);
		process->fd = first;
	}
	if (process->fd != first)
		close(first);
	if (tasks != NULL)
		closedir(tasks);
	return rc;
}

/* When its mount namespace is another one, paths of its maps must be looked up from its root. */
static void find_root(const struct census *census, struct sov_process *process)
{
	char path[SOV_SUBJECT_MAX];
	struct stat namespace;
	ssize_t n;

	if (fstatat(process->fd, "ns/mnt", &namespace, 0) != 0 ||
	    (namespace.st_dev == census->namespace.st_dev &&
	     namespace.st_ino == census->namespace.st_ino))
		return;
	n = readlinkat(process->fd, "root", path, sizeof(path) - 1);
	if (n <= 0)
		return;
	path[n] = '\0';
	process->rootfd = openat(process->fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (process->rootfd >= 0)
		process->root = strdup(path);
}

static void count(struct sov_census *out, enum reading how)
{
	out->processes += how == READ_ALL || how == READ_DENIED ? 1 : 0;
	out->unreadable += how == READ_DENIED ? 1 : 0;
}

static int visit(struct census *census, pid_t pid, const char *name, struct sov_err *err)
{
	struct sov_process process = {.pid = pid, .rootfd = -1};
	enum reading how = READ_ENDED;
	int rc = 0;

	process.fd = open_directory(census->proc, name);
	if (process.fd < 0) {
		count(census->out, why_not());
		return 0;
	}
	find_root(census, &process);
	rc = tell(census, &process, &how, err);
	if (rc == 0 && how == READ_NONE)
		rc = tell_threads(census, &process, &how, err);
	count(census->out, how);
	if (rc == 0)
		rc = census->observer->done(census->observer->data, &process, err);
	if (process.rootfd >= 0)
		close(process.rootfd);
	free(process.root);
	close(process.fd);
	return rc;
}

static int visit_all(struct census *census, struct sov_err *err)
{
	DIR *directory = fdopendir(census->proc);
	const struct dirent *entry;
	int rc = 0;

	if (directory == NULL) {
		rc = sov_fail_errno(err, "/proc", "cannot read the directory");
		close(census->proc);
		return rc;
	}
	for (errno = 0; rc == 0 && (entry = readdir(directory)) != NULL; errno = 0) {
		pid_t pid = pid_of(entry->d_name);

		if (pid > 0 && pid != census->self)
			rc = visit(census, pid, entry->d_name, err);
	}
	if (rc == 0 && errno != 0)
		rc = sov_fail_errno(err, "/proc", "cannot read the directory");
	closedir(directory);
	return rc;
}

/* Ourselves: by the numbers of this /proc, which may be those of a pid namespace above ours. */
static pid_t find_self(int proc)
{
	char name[32];
	ssize_t n = readlinkat(proc, "self", name, sizeof(name) - 1);

	if (n <= 0)
		return 0;
	name[n] = '\0';
	return pid_of(name);
}

/* Open /proc, and see that it is one. Returns a descriptor or -code. */
static int open_proc(struct sov_err *err)
{
	int fd = open_directory(AT_FDCWD, "/proc");
	struct statfs fs;

	if (fd < 0) {
		sov_fail_errno(err, "/proc", "cannot read the directory");
	} else if (fstatfs(fd, &fs) != 0 || fs.f_type != PROC_SUPER_MAGIC || find_self(fd) == 0) {
		close(fd);
		sov_fail(err, SOV_E_SYSTEM, "/proc", "shows no processes");
	} else {
		return fd;
	}
	return sov_fix(err, "mount -t proc proc /proc");
}

int sov_processes_observe(struct sov_census *out, const struct sov_observer *observer,
			  struct sov_err *err)
{
	struct census census = {.proc = open_proc(err), .observer = observer, .out = out};
	int rc;

	*out = (struct sov_census){0};
	if (census.proc < 0)
		return census.proc;
	census.self = find_self(census.proc);
	out->hidden = faccessat(census.proc, "1", F_OK, 0) != 0;
	if (fstatat(census.proc, "self/ns/mnt", &census.namespace, 0) != 0)
		census.namespace = (struct stat){0};
	rc = visit_all(&census, err);
	free(census.line);
	return rc;
}

/* The name of a mapping in map_files. */
static const char *map_file(const struct sov_mapping *mapping, char out[64])
{
	(void)sov_str_format(out, 64, "map_files/%" PRIx64 "-%" PRIx64, mapping->start,
			     mapping->end);
	return out;
}

bool sov_process_stat(const struct sov_process *process, const struct sov_mapping *mapping,
		      struct stat *out)
{
	char name[64];

	return fstatat(process->fd, map_file(mapping, name), out, 0) == 0;
}

int sov_process_open(const struct sov_process *process, const struct sov_mapping *mapping)
{
	char name[64];

	return sov_identity_open(process->fd, map_file(mapping, name), 0);
}

/* The part of a path below the root of a process, or NULL. */
static const char *below_root(const struct sov_process *process, const char *path)
{
	size_t n = strlen(process->root);

	if (strcmp(process->root, "/") == 0)
		return path;
	return strncmp(path, process->root, n) == 0 && path[n] == '/' ? path + n : NULL;
}

int sov_process_look(const struct sov_process *process, const char *path)
{
	struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
	const char *below;

	if (process->rootfd < 0)
		return open(path, O_PATH | O_CLOEXEC);
	below = process->root != NULL ? below_root(process, path) : NULL;
	if (below == NULL) {
		errno = EXDEV;
		return -1;
	}
	return (int)syscall(SYS_openat2, process->rootfd, below, &how, sizeof(how));
}

/* A small file of the process. Returns its length, or -1. */
static ssize_t read_file(const struct sov_process *process, const char *name, char *out,
			 size_t size)
{
	sov_autoclose int fd = openat(process->fd, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? sov_pread_full(fd, out, size - 1, 0) : -1;

	if (n >= 0)
		out[n] = '\0';
	return n;
}

bool sov_process_name(const struct sov_process *process, char *out)
{
	ssize_t n = read_file(process, "comm", out, 64);

	if (n > 0 && out[n - 1] == '\n')
		out[n - 1] = '\0';
	return n > 0;
}

bool sov_process_uid(const struct sov_process *process, uid_t *out)
{
	char text[4096];
	const char *line;
	unsigned effective;

	if (read_file(process, "status", text, sizeof(text)) <= 0)
		return false;
	/* "Name:" is before it, with its newlines escaped. */
	line = strstr(text, "\nUid:");
	if (line == NULL || sscanf(line, "\nUid: %*u %u", &effective) != 1)
		return false;
	*out = effective;
	return true;
}
