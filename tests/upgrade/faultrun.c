/* SPDX-License-Identifier: MIT */
/*
 * faultrun - run a command, and inject one fault at the Nth system call by which it or a child of
 * it changes a tree. Linux on x86-64, by ptrace(2).
 *
 *     faultrun -t TREE [-s] [-d CALL=ERROR]... [-l LOG] [-n N -k KIND] -- COMMAND [ARG...]
 *
 * Without -n nothing is injected; LOG tells what there is to inject at, a line each:
 * number, result, call, path, separated by tabs. The calls are those of mutation.c.
 *
 *  -s             only calls of the command itself count, those of its children do not
 *  -d CALL=ERROR  each such call fails, as where the kernel or the file system lacks it; it counts
 *                 no more. "O_TMPFILE=EOPNOTSUPP", "FICLONE=EOPNOTSUPP", "openat2=ENOSYS"
 *  -k kill        the call does not run, and every process of the command is killed: a crash
 *  -k killafter   it does run, then the same
 *  -k err:ERROR   this one call fails
 *  -k stick:ERROR this one, and from there on every call that takes space: a full disk
 *  -k short       this one write moves half of its bytes, which the kernel may always do
 *
 * Exit status: the command's; 137 after a kill; 120 when call N never came; 121 for trouble here.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mutation.h"

enum {
	STATUS_KILLED = 137,
	STATUS_NEVER_CAME = 120,
	STATUS_TROUBLE = 121,
	TRACEES_MAX = 1024,
	DENIALS_MAX = 16,
};

enum kind {
	KIND_NONE,
	KIND_KILL,
	KIND_KILL_AFTER,
	KIND_ERROR,
	KIND_STICK,
	KIND_SHORT,
};

struct denial {
	const char *call;
	int error;
};

/* struct tracee - a process, and the call that it is in, if that is one of ours. */
struct tracee {
	pid_t pid;
	long index; /* the number of the call; 0 = none of ours */
	int error;  /* what the call is made to fail with, or 0 */
	bool kill_after;
	struct mutation mutation;
};

struct run {
	char tree[PATH_MAX];
	FILE *log;
	bool self_only;
	long want;
	enum kind kind;
	int error;
	struct denial denial[DENIALS_MAX];
	size_t denials;

	pid_t command;
	long count; /* calls so far */
	bool killed;
	int status; /* of the command */
	struct tracee tracee[TRACEES_MAX];
	size_t tracees;
};

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)fputs("faultrun: ", stderr);
	(void)vfprintf(stderr, format, args);
	(void)fputc('\n', stderr);
	va_end(args);
	exit(STATUS_TROUBLE);
}

static int error_number(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} errors[] = {
		{"EACCES",	   EACCES	 },
		    {"EAGAIN",     EAGAIN    },
		{"EBUSY",	  EBUSY     },
		{"EDQUOT",	   EDQUOT	 },
		    {"EINTR",      EINTR	   },
		{"EINVAL",	   EINVAL	 },
		{"EIO",	EIO	   },
		    {"EISDIR",     EISDIR    },
		{"EMFILE",	   EMFILE	 },
		{"ENOENT",	   ENOENT	 },
		    {"ENOLCK",     ENOLCK    },
		{"ENOMEM",	   ENOMEM	 },
		{"ENOSPC",	   ENOSPC	 },
		    {"ENOSYS",     ENOSYS    },
		{"EOPNOTSUPP", EOPNOTSUPP},
		{"EPERM",	  EPERM     },
		    {"EROFS",      EROFS	   },
		{"ESTALE",	   ESTALE	 },
		{"EXDEV",	  EXDEV     },
	};

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(errors[i].name, name) == 0)
			return errors[i].number;
	die("no error is called %s here", name);
}

/* Of "err:ENOSPC" and the like. */
static void read_kind(struct run *run, const char *text)
{
	static const struct {
		const char *name;
		enum kind kind;
		bool takes_error;
	} kinds[] = {
		{"kill",	 KIND_KILL,	    false},
		      {"killafter", KIND_KILL_AFTER, false},
		{"err:",	 KIND_ERROR,	     true },
		      {"stick:",	 KIND_STICK,	     true },
		{"short",	  KIND_SHORT,      false},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t n = strlen(kinds[i].name);

		if (kinds[i].takes_error ? strncmp(text, kinds[i].name, n) != 0
					 : strcmp(text, kinds[i].name) != 0)
			continue;
		run->kind = kinds[i].kind;
		run->error = kinds[i].takes_error ? error_number(text + n) : 0;
		return;
	}
	die("no kind of fault is called %s", text);
}

static void read_denial(struct run *run, char *text)
{
	char *equals = strchr(text, '=');

	if (equals == NULL || run->denials == DENIALS_MAX)
		die("-d takes CALL=ERROR, at most %d times", DENIALS_MAX);
	*equals = '\0';
	run->denial[run->denials++] = (struct denial){text, error_number(equals + 1)};
}

static void read_options(struct run *run, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+t:sd:l:n:k:")) != -1) {
		if (option == 't' && realpath(optarg, run->tree) == NULL)
			die("%s: %s", optarg, strerror(errno));
		else if (option == 's')
			run->self_only = true;
		else if (option == 'd')
			read_denial(run, optarg);
		else if (option == 'l' && (run->log = fopen(optarg, "we")) == NULL)
			die("%s: %s", optarg, strerror(errno));
		else if (option == 'n')
			run->want = atol(optarg);
		else if (option == 'k')
			read_kind(run, optarg);
		else if (option == '?')
			die("see the head of faultrun.c");
	}
	if (run->tree[0] == '\0' || optind == argc || (run->want > 0) != (run->kind != KIND_NONE))
		die("wanted: -t TREE, a command, and -n with -k or neither");
}

static struct tracee *find_tracee(struct run *run, pid_t pid)
{
	for (size_t i = 0; i < run->tracees; i++)
		if (run->tracee[i].pid == pid)
			return &run->tracee[i];
	return NULL;
}

static struct tracee *add_tracee(struct run *run, pid_t pid)
{
	struct tracee *tracee = &run->tracee[run->tracees];

	if (run->tracees == TRACEES_MAX)
		die("more than %d processes", TRACEES_MAX);
	run->tracees++;
	*tracee = (struct tracee){.pid = pid};
	return tracee;
}

static void drop_tracee(struct run *run, pid_t pid)
{
	struct tracee *tracee = find_tracee(run, pid);

	if (tracee != NULL)
		*tracee = run->tracee[--run->tracees];
}

static void start_command(struct run *run, char **argv)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	int status;

	run->command = fork();
	if (run->command == 0) {
		(void)ptrace(PTRACE_TRACEME, 0, 0, 0);
		(void)raise(SIGSTOP);
		execvp(argv[0], argv);
		die("%s: %s", argv[0], strerror(errno));
	}
	if (run->command < 0 || waitpid(run->command, &status, 0) < 0 || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, run->command, 0, options) != 0)
		die("cannot trace: %s", strerror(errno));
	(void)add_tracee(run, run->command);
	(void)ptrace(PTRACE_SYSCALL, run->command, 0, 0);
}

/* A power cut takes all at once: nobody may go on for a moment and tidy up. */
static void kill_all(struct run *run)
{
	run->killed = true;
	for (size_t i = 0; i < run->tracees; i++)
		(void)kill(run->tracee[i].pid, SIGKILL);
}

static void skip_call(pid_t pid)
{
	struct user_regs_struct registers;

	(void)ptrace(PTRACE_GETREGS, pid, 0, &registers);
	registers.orig_rax = (unsigned long long)-1;
	(void)ptrace(PTRACE_SETREGS, pid, 0, &registers);
}

static void set_result(pid_t pid, int error)
{
	struct user_regs_struct registers;

	(void)ptrace(PTRACE_GETREGS, pid, 0, &registers);
	registers.rax = (unsigned long long)-error;
	(void)ptrace(PTRACE_SETREGS, pid, 0, &registers);
}

static void halve_length(pid_t pid, int argument)
{
	struct user_regs_struct registers;
	unsigned long long *length;

	(void)ptrace(PTRACE_GETREGS, pid, 0, &registers);
	length = argument == 2 ? &registers.rdx : argument == 3 ? &registers.r10 : &registers.r8;
	/* copy_file_range() may be asked for "all there is" */
	if (*length > 4096)
		*length = 4096;
	if (*length > 1)
		*length /= 2;
	(void)ptrace(PTRACE_SETREGS, pid, 0, &registers);
}

static int denied(const struct run *run, const struct tracee *tracee)
{
	for (size_t i = 0; i < run->denials; i++)
		if (strcmp(run->denial[i].call, tracee->mutation.call) == 0)
			return run->denial[i].error;
	return 0;
}

static void write_log(struct run *run, const struct tracee *tracee, long long result)
{
	if (run->log != NULL)
		(void)fprintf(run->log, "%ld\t%lld\t%s\t%s\n", tracee->index, result,
			      tracee->mutation.call, tracee->mutation.path);
}

/* The call has its number: is it the one, or does it come after it on a full disk? */
static void inject(struct run *run, struct tracee *tracee)
{
	bool here = run->want == tracee->index;
	bool after = run->want > 0 && run->want < tracee->index;

	if (here && run->kind == KIND_KILL) {
		write_log(run, tracee, 0);
		skip_call(tracee->pid);
		kill_all(run);
	}
	if (here && run->kind == KIND_KILL_AFTER)
		tracee->kill_after = true;
	if (here && run->kind == KIND_SHORT && tracee->mutation.length >= 0)
		halve_length(tracee->pid, tracee->mutation.length);
	if ((here && (run->kind == KIND_ERROR || run->kind == KIND_STICK)) ||
	    (after && run->kind == KIND_STICK && tracee->mutation.space))
		tracee->error = run->error;
}

static void at_entry(struct run *run, struct tracee *tracee, uint64_t number,
		     const uint64_t *arguments)
{
	tracee->index = 0;
	tracee->error = 0;
	tracee->kill_after = false;
	if ((run->self_only && tracee->pid != run->command) ||
	    !mutation_read(&tracee->mutation, tracee->pid, number, arguments, run->tree))
		return;
	tracee->error = denied(run, tracee);
	if (tracee->error == 0 && tracee->mutation.counts) {
		tracee->index = ++run->count;
		inject(run, tracee);
	}
	if (tracee->error != 0)
		skip_call(tracee->pid);
}

static void at_exit(struct run *run, struct tracee *tracee, long long result)
{
	if (tracee->error != 0) {
		result = -tracee->error;
		set_result(tracee->pid, tracee->error);
	}
	if (tracee->index != 0)
		write_log(run, tracee, result);
	if (tracee->kill_after)
		kill_all(run);
	tracee->error = 0;
	tracee->index = 0;
	tracee->kill_after = false;
}

static void at_call(struct run *run, struct tracee *tracee)
{
	struct __ptrace_syscall_info info = {0};
	uint64_t arguments[ARGUMENTS];

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tracee->pid, sizeof(info), &info) <= 0)
		return; /* it has just been killed */
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		for (int i = 0; i < ARGUMENTS; i++)
			arguments[i] = info.entry.args[i];
		at_entry(run, tracee, info.entry.nr, arguments);
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
		at_exit(run, tracee, info.exit.rval);
	}
}

static void at_stop(struct run *run, pid_t pid, int status)
{
	struct tracee *tracee = find_tracee(run, pid);
	int sig = WSTOPSIG(status), pass = 0;

	if (tracee == NULL)
		tracee = add_tracee(run, pid); /* a new process begins with a SIGSTOP of ptrace */
	else if (sig == (SIGTRAP | 0x80))
		at_call(run, tracee);
	else if (status >> 16 == 0 && sig != SIGTRAP)
		pass = sig;
	if (run->killed)
		(void)kill(pid, SIGKILL);
	(void)ptrace(PTRACE_SYSCALL, pid, 0, pass);
}

static void trace(struct run *run)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid < 0)
			continue;
		if (WIFSTOPPED(status)) {
			at_stop(run, pid, status);
			continue;
		}
		if (pid == run->command)
			run->status =
				WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		drop_tracee(run, pid);
	}
}

int main(int argc, char **argv)
{
	static struct run run;

	read_options(&run, argc, argv);
	start_command(&run, argv + optind);
	trace(&run);
	if (run.log != NULL && fclose(run.log) != 0)
		die("the log: %s", strerror(errno));
	if (run.killed)
		return STATUS_KILLED;
	return run.want > run.count ? STATUS_NEVER_CAME : run.status;
}
