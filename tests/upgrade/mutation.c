/* SPDX-License-Identifier: MIT */
/*
 * The table below is every call of Linux that changes a tree, by name or by descriptor, as of 6.18;
 * io_uring and mounts excepted. A path is made absolute by words alone, so that links on the way
 * count as what they are called, not as where they lead.
 */
#include "mutation.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_setxattrat
#define SYS_setxattrat	  463
#define SYS_removexattrat 466
#endif

/* struct place - which arguments say where; NONE: there is no such argument. */
struct place {
	int directory; /* a descriptor; NONE = the current directory */
	int path;      /* NONE = the descriptor itself is meant */
};

enum {
	NONE = -1,
};

#define AT(directory, path)                                                                        \
	{                                                                                          \
		(directory), (path)                                                                \
	}
#define PATH(path)                                                                                 \
	{                                                                                          \
		NONE, (path)                                                                       \
	}
#define FD(fd)                                                                                     \
	{                                                                                          \
		(fd), NONE                                                                         \
	}
#define NOWHERE                                                                                    \
	{                                                                                          \
		NONE, NONE                                                                         \
	}

/* struct call - a row. */
struct call {
	uint64_t number;
	const char *name;
	struct place at;
	struct place also; /* where it takes the name from, if it takes it away there */
	bool space;
	int length;
	uint64_t (*flags)(pid_t pid, const uint64_t *arguments); /* of an open; else NULL */
	bool (*relevant)(const uint64_t *arguments);		 /* NULL = always */
};

static bool read_memory(pid_t pid, uint64_t address, void *out, size_t n)
{
	struct iovec to = {out, n};
	struct iovec from = {(void *)(uintptr_t)address, n};

	return process_vm_readv(pid, &to, 1, &from, 1, 0) == (ssize_t)n;
}

static uint64_t of_open(pid_t pid, const uint64_t *arguments)
{
	(void)pid;
	return arguments[1];
}

static uint64_t of_creat(pid_t pid, const uint64_t *arguments)
{
	(void)pid;
	(void)arguments;
	return O_WRONLY | O_CREAT | O_TRUNC;
}

static uint64_t of_openat(pid_t pid, const uint64_t *arguments)
{
	(void)pid;
	return arguments[2];
}

static uint64_t of_openat2(pid_t pid, const uint64_t *arguments)
{
	struct open_how how = {0};

	return read_memory(pid, arguments[2], &how, sizeof(how)) ? how.flags : 0;
}

static bool is_clone(const uint64_t *arguments)
{
	return (uint32_t)arguments[1] == (uint32_t)FICLONE ||
	       (uint32_t)arguments[1] == (uint32_t)FICLONERANGE;
}

static bool is_shared(const uint64_t *arguments)
{
	return (arguments[2] & PROT_WRITE) != 0 && (arguments[3] & MAP_SHARED) != 0 &&
	       (int)arguments[4] >= 0;
}

/* clang-format off */
static const struct call calls[] = {
	{SYS_open,            "open",            PATH(0),  NOWHERE,  true,  NONE, of_open, NULL},
	{SYS_creat,           "creat",           PATH(0),  NOWHERE,  true,  NONE, of_creat, NULL},
	{SYS_openat,          "openat",          AT(0, 1), NOWHERE,  true,  NONE, of_openat, NULL},
	{SYS_openat2,         "openat2",         AT(0, 1), NOWHERE,  true,  NONE, of_openat2, NULL},
	{SYS_write,           "write",           FD(0),    NOWHERE,  true,  2,    NULL, NULL},
	{SYS_pwrite64,        "pwrite",          FD(0),    NOWHERE,  true,  2,    NULL, NULL},
	{SYS_writev,          "writev",          FD(0),    NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_pwritev,         "pwritev",         FD(0),    NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_pwritev2,        "pwritev2",        FD(0),    NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_sendfile,        "sendfile",        FD(0),    NOWHERE,  true,  3,    NULL, NULL},
	{SYS_copy_file_range, "copy_file_range", FD(2),    NOWHERE,  true,  4,    NULL, NULL},
	{SYS_splice,          "splice",          FD(2),    NOWHERE,  true,  4,    NULL, NULL},
	{SYS_ioctl,           "FICLONE",         FD(0),    NOWHERE,  true,  NONE, NULL, is_clone},
	{SYS_mmap,            "mmap",            FD(4),    NOWHERE,  false, NONE, NULL, is_shared},
	{SYS_ftruncate,       "ftruncate",       FD(0),    NOWHERE,  false, NONE, NULL, NULL},
	{SYS_truncate,        "truncate",        PATH(0),  NOWHERE,  false, NONE, NULL, NULL},
	{SYS_fallocate,       "fallocate",       FD(0),    NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_fsync,           "fsync",           FD(0),    NOWHERE,  false, NONE, NULL, NULL},
	{SYS_fdatasync,       "fdatasync",       FD(0),    NOWHERE,  false, NONE, NULL, NULL},
	{SYS_syncfs,          "syncfs",          FD(0),    NOWHERE,  false, NONE, NULL, NULL},
	{SYS_flock,           "flock",           FD(0),    NOWHERE,  false, NONE, NULL, NULL},
	{SYS_chmod,           "chmod",           PATH(0),  NOWHERE,  false, NONE, NULL, NULL},
	{SYS_fchmod,          "fchmod",          FD(0),    NOWHERE,  false, NONE, NULL, NULL},
	{SYS_fchmodat,        "fchmodat",        AT(0, 1), NOWHERE,  false, NONE, NULL, NULL},
	{SYS_fchmodat2,       "fchmodat2",       AT(0, 1), NOWHERE,  false, NONE, NULL, NULL},
	{SYS_chown,           "chown",           PATH(0),  NOWHERE,  false, NONE, NULL, NULL},
	{SYS_lchown,          "lchown",          PATH(0),  NOWHERE,  false, NONE, NULL, NULL},
	{SYS_fchown,          "fchown",          FD(0),    NOWHERE,  false, NONE, NULL, NULL},
	{SYS_fchownat,        "fchownat",        AT(0, 1), NOWHERE,  false, NONE, NULL, NULL},
	{SYS_utime,           "utime",           PATH(0),  NOWHERE,  false, NONE, NULL, NULL},
	{SYS_utimes,          "utimes",          PATH(0),  NOWHERE,  false, NONE, NULL, NULL},
	{SYS_futimesat,       "futimesat",       AT(0, 1), NOWHERE,  false, NONE, NULL, NULL},
	{SYS_utimensat,       "utimensat",       AT(0, 1), NOWHERE,  false, NONE, NULL, NULL},
	{SYS_setxattr,        "setxattr",        PATH(0),  NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_lsetxattr,       "lsetxattr",       PATH(0),  NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_fsetxattr,       "fsetxattr",       FD(0),    NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_setxattrat,      "setxattrat",      AT(0, 1), NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_removexattr,     "removexattr",     PATH(0),  NOWHERE,  false, NONE, NULL, NULL},
	{SYS_lremovexattr,    "lremovexattr",    PATH(0),  NOWHERE,  false, NONE, NULL, NULL},
	{SYS_fremovexattr,    "fremovexattr",    FD(0),    NOWHERE,  false, NONE, NULL, NULL},
	{SYS_removexattrat,   "removexattrat",   AT(0, 1), NOWHERE,  false, NONE, NULL, NULL},
	{SYS_mkdir,           "mkdir",           PATH(0),  NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_mkdirat,         "mkdirat",         AT(0, 1), NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_mknod,           "mknod",           PATH(0),  NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_mknodat,         "mknodat",         AT(0, 1), NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_symlink,         "symlink",         PATH(1),  NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_symlinkat,       "symlinkat",       AT(1, 2), NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_link,            "link",            PATH(1),  NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_linkat,          "linkat",          AT(2, 3), NOWHERE,  true,  NONE, NULL, NULL},
	{SYS_rename,          "rename",          PATH(1),  PATH(0),  false, NONE, NULL, NULL},
	{SYS_renameat,        "renameat",        AT(2, 3), AT(0, 1), false, NONE, NULL, NULL},
	{SYS_renameat2,       "renameat2",       AT(2, 3), AT(0, 1), false, NONE, NULL, NULL},
	{SYS_unlink,          "unlink",          PATH(0),  NOWHERE,  false, NONE, NULL, NULL},
	{SYS_unlinkat,        "unlinkat",        AT(0, 1), NOWHERE,  false, NONE, NULL, NULL},
	{SYS_rmdir,           "rmdir",           PATH(0),  NOWHERE,  false, NONE, NULL, NULL},
};
/* clang-format on */

static const struct call *find(uint64_t number, const uint64_t *arguments)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].number == number &&
		    (calls[i].relevant == NULL || calls[i].relevant(arguments)))
			return &calls[i];
	return NULL;
}

/* A string of another process, page by page: what follows its end may not be mapped. */
static bool read_string(pid_t pid, uint64_t address, char out[PATH_MAX])
{
	for (size_t n = 0; n < PATH_MAX;) {
		size_t step = 4096 - ((address + n) & 4095);

		step = step < PATH_MAX - n ? step : PATH_MAX - n;
		if (address == 0 || !read_memory(pid, address + n, out + n, step))
			return false;
		if (memchr(out + n, '\0', step) != NULL)
			return true;
		n += step;
	}
	return false;
}

/* What a descriptor of a process leads to; NONE: its current directory. */
static bool descriptor_path(pid_t pid, int fd, char out[PATH_MAX])
{
	char proc[64];
	ssize_t n;

	if (fd == NONE || fd == AT_FDCWD)
		(void)snprintf(proc, sizeof(proc), "/proc/%d/cwd", (int)pid);
	else
		(void)snprintf(proc, sizeof(proc), "/proc/%d/fd/%d", (int)pid, fd);
	n = readlink(proc, out, PATH_MAX - 1);
	if (n < 0)
		return false;
	out[n] = '\0';
	return true;
}

/* Take out "//", "." and "..", in place; the path is absolute. */
static void normalize(char *path)
{
	char *end = path;

	for (const char *from = path; *from != '\0';) {
		size_t n;

		from += strspn(from, "/");
		n = strcspn(from, "/");
		if (n == 2 && strncmp(from, "..", 2) == 0) {
			while (end > path && *--end != '/')
				;
		} else if (n > 0 && !(n == 1 && *from == '.')) {
			*end++ = '/';
			memmove(end, from, n);
			end += n;
		}
		from += n;
	}
	*end = '\0';
}

static bool inside(const char *path, const char *tree)
{
	size_t n = strlen(tree);

	return strncmp(path, tree, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

/* The absolute path that a place means. */
static bool place_path(const struct place *place, pid_t pid, const uint64_t *arguments,
		       char out[PATH_MAX])
{
	int fd = place->directory == NONE ? NONE : (int)arguments[place->directory];
	char name[PATH_MAX] = "", joined[2 * PATH_MAX + 1];

	if (place->path != NONE)
		(void)read_string(pid, arguments[place->path], name);
	if (name[0] == '/')
		(void)strcpy(joined, name);
	else if (descriptor_path(pid, fd, out) && out[0] == '/') /* no pipe, no socket */
		(void)snprintf(joined, sizeof(joined), "%s/%s", out, name);
	else
		return false;
	normalize(joined);
	if (strlen(joined) >= PATH_MAX)
		return false;
	(void)strcpy(out, joined);
	return true;
}

static bool changes(uint64_t flags)
{
	return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
}

static bool is_there(const struct place *place)
{
	return place->directory != NONE || place->path != NONE;
}

bool mutation_read(struct mutation *out, pid_t pid, uint64_t number, const uint64_t *arguments,
		   const char *tree)
{
	const struct call *call = find(number, arguments);
	uint64_t flags;

	if (call == NULL)
		return false;
	if (!(place_path(&call->at, pid, arguments, out->path) && inside(out->path, tree)) &&
	    !(is_there(&call->also) && place_path(&call->also, pid, arguments, out->path) &&
	      inside(out->path, tree)))
		return false;
	flags = call->flags != NULL ? call->flags(pid, arguments) : 0;
	out->call = (flags & O_TMPFILE) == O_TMPFILE ? "O_TMPFILE" : call->name;
	out->counts = call->flags == NULL || changes(flags);
	out->space = call->space &&
		     (call->flags == NULL || (flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) != 0);
	out->length = call->length;
	return true;
}
