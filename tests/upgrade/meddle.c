/* SPDX-License-Identifier: MIT */
/*
 * meddle - let somebody else come in between two steps of a command.
 *
 *	meddle N SCRIPT -- COMMAND...
 *
 * Runs COMMAND and stops it before the Nth system call that changes a file system (1 = the first);
 * runs `sh -c SCRIPT`, waits for it, and lets COMMAND go on. What COMMAND starts runs untouched.
 *
 * Exit status: the command's; 120 when it made fewer calls; 125 when this did not work.
 * Source: ptrace(2), PTRACE_GET_SYSCALL_INFO.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TOO_FEW = 120, FAILED = 125 };

static const uint64_t changing[] = {
	SYS_copy_file_range,
	SYS_fchmod,
	SYS_fchmodat,
	SYS_fchown,
	SYS_fchownat,
	SYS_fdatasync,
	SYS_fsync,
	SYS_linkat,
	SYS_mkdirat,
	SYS_pwrite64,
	SYS_renameat2,
	SYS_sendfile,
	SYS_symlinkat,
	SYS_unlinkat,
#ifdef SYS_renameat
	SYS_renameat,
#endif
#ifdef SYS_rename
	SYS_link,
	SYS_mkdir,
	SYS_rename,
	SYS_rmdir,
	SYS_symlink,
	SYS_unlink,
#endif
};

static void die(const char *what)
{
	fprintf(stderr, "meddle: %s: %s\n", what, strerror(errno));
	exit(FAILED);
}

static bool changes(const struct __ptrace_syscall_info *info)
{
	if (info->op != PTRACE_SYSCALL_INFO_ENTRY)
		return false;
	if (info->entry.nr == SYS_openat)
		return (info->entry.args[2] & (O_CREAT | O_TMPFILE)) != 0 &&
		       (info->entry.args[2] & O_ACCMODE) != O_RDONLY;
	if (info->entry.nr == SYS_write)
		return info->entry.args[0] > STDERR_FILENO;
	for (size_t i = 0; i < sizeof(changing) / sizeof(changing[0]); i++)
		if (changing[i] == info->entry.nr)
			return true;
	return false;
}

static void start(char **command)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	execvp(command[0], command);
	die(command[0]);
}

static void meddle(const char *script)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		die("fork");
	if (child == 0) {
		execl("/bin/sh", "sh", "-c", script, (char *)NULL);
		_exit(FAILED);
	}
	if (waitpid(child, &status, 0) != child || status != 0)
		die(script);
}

/* Let it go on to the next stop. Returns its wait status. */
static int proceed(pid_t child, int number)
{
	int status;

	if (ptrace(PTRACE_SYSCALL, child, NULL, (long)number) != 0 ||
	    waitpid(child, &status, 0) != child)
		die("ptrace");
	return status;
}

/* Returns the exit status of the command; *n counts down to the call that is meant. */
static int watch(pid_t child, long *n, const char *script)
{
	const int system_call = SIGTRAP | 0x80;
	struct __ptrace_syscall_info info;
	int status = proceed(child, 0);

	while (WIFSTOPPED(status)) {
		int number = WSTOPSIG(status);

		if (number == system_call) {
			if (ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(info), &info) <= 0)
				die("PTRACE_GET_SYSCALL_INFO");
			if (changes(&info) && --*n == 0)
				meddle(script);
		}
		/* the SIGTRAP of an execve is ours too */
		status = proceed(child, number == system_call || number == SIGTRAP ? 0 : number);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	long n = argc > 4 ? strtol(argv[1], NULL, 10) : 0;
	int status;
	pid_t child;

	if (n < 1 || strcmp(argv[3], "--") != 0) {
		fprintf(stderr, "usage: meddle N SCRIPT -- COMMAND...\n");
		return FAILED;
	}
	child = fork();
	if (child < 0)
		die("fork");
	if (child == 0)
		start(argv + 4);
	if (waitpid(child, &status, 0) != child ||
	    ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) != 0)
		die("ptrace");
	status = watch(child, &n, argv[2]);
	return n > 0 ? TOO_FEW : status;
}
