/* SPDX-License-Identifier: MIT */
/*
 * deny - run a command on a kernel, or on a file system, that lacks something.
 *
 *	deny CALL[=ERRNO],... -- COMMAND...
 *
 * Each CALL fails in COMMAND and in its children, by a seccomp filter: with ERRNO, else with what a
 * system says that has it not. CALL is a row of calls[] below: a system call, or one with a certain
 * flag among its arguments. Only the machine's own system calls are looked at; nothing that the
 * tests run makes others.
 *
 * "fsync-directory" depends on what a descriptor is, which no filter can see. The filter hands that
 * call over, and a supervisor, the first process, looks and answers.
 *
 * Exit status: the command's; 125 when this did not work.
 * Source: seccomp(2), seccomp_unotify(2).
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TMPFILE_BIT 020000000u /* of O_TMPFILE, which has O_DIRECTORY in it as well */

enum { FAILED = 125, FILTER_MAX = 256 };

/* struct call - what can be denied: a call, or one whose argument is `value` under `mask`. */
struct call {
	const char *name;
	uint32_t number;
	unsigned argument;
	uint32_t mask, value; /* 0 = whatever the arguments */
	int error;	      /* what a system without it says */
	bool ask;	      /* the supervisor decides */
};

#define ANY		       0, 0, 0
#define FLAG(argument, bit)    argument, bit, bit
#define EQUAL(argument, value) argument, UINT32_MAX, value

/* clang-format off */
static const struct call calls[] = {
	{"openat2",         SYS_openat2,         ANY,                        ENOSYS,     false},
	{"renameat2",       SYS_renameat2,       ANY,                        ENOSYS,     false},
	{"copy_file_range", SYS_copy_file_range, ANY,                        ENOSYS,     false},
	{"sendfile",        SYS_sendfile,        ANY,                        ENOSYS,     false},
	{"fallocate",       SYS_fallocate,       ANY,                        EOPNOTSUPP, false},
	{"flock",           SYS_flock,           ANY,                        ENOSYS,     false},
	{"getrandom",       SYS_getrandom,       ANY,                        ENOSYS,     false},
	{"statx",           SYS_statx,           ANY,                        ENOSYS,     false},
	{"fsync",           SYS_fsync,           ANY,                        EIO,        false},
	{"fsync-directory", SYS_fsync,           ANY,                        EINVAL,     true},
	{"fchmod",          SYS_fchmod,          ANY,                        EPERM,      false},
	{"fchown",          SYS_fchown,          ANY,                        EPERM,      false},
	{"symlinkat",       SYS_symlinkat,       ANY,                        EPERM,      false},
	{"linkat",          SYS_linkat,          ANY,                        EPERM,      false},
	{"linkat-empty",    SYS_linkat,          FLAG(4, AT_EMPTY_PATH),     ENOENT,     false},
	{"linkat-follow",   SYS_linkat,          FLAG(4, AT_SYMLINK_FOLLOW), ENOENT,     false},
	{"O_TMPFILE",       SYS_openat,          FLAG(2, TMPFILE_BIT),       EOPNOTSUPP, false},
	{"FICLONE",         SYS_ioctl,           EQUAL(1, FICLONE),          EOPNOTSUPP, false},
};

static const struct {
	const char *name;
	int number;
} errors[] = {
	{"EACCES", EACCES},
	{"EDQUOT", EDQUOT},
	{"EINTR", EINTR},
	{"EINVAL", EINVAL},
	{"EIO", EIO},
	{"EISDIR", EISDIR},
	{"ENOENT", ENOENT},
	{"ENOLCK", ENOLCK},
	{"ENOSPC", ENOSPC},
	{"ENOSYS", ENOSYS},
	{"EOPNOTSUPP", EOPNOTSUPP},
	{"EPERM", EPERM},
	{"EROFS", EROFS},
	{"EXDEV", EXDEV},
};
/* clang-format on */

/* struct filter - the program for the kernel, and what the supervisor answers. */
struct filter {
	struct sock_filter line[FILTER_MAX];
	unsigned short count;
	bool asks;
	int answer;
};

static void die(const char *what, const char *of)
{
	fprintf(stderr, "deny: %s: %s\n", of, what);
	exit(FAILED);
}

static void append(struct filter *filter, struct sock_filter line)
{
	if (filter->count == FILTER_MAX)
		die("too many", "rules");
	filter->line[filter->count++] = line;
}

static void load(struct filter *filter, size_t offset)
{
	append(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

/* The number is in the accumulator before, and behind again. */
static void append_rule(struct filter *filter, const struct call *call, int error)
{
	const size_t low = __BYTE_ORDER == __BIG_ENDIAN ? 4 : 0;
	const uint32_t verdict =
		call->ask ? SECCOMP_RET_USER_NOTIF : SECCOMP_RET_ERRNO | ((uint32_t)error & 0xffff);
	const unsigned char skip = call->mask != 0 ? 4 : 1;

	append(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ, call->number, 0, skip));
	if (call->mask != 0) {
		load(filter, offsetof(struct seccomp_data, args) + 8 * call->argument + low);
		append(filter, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, call->mask));
		append(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ, call->value, 0, 1));
	}
	append(filter, (struct sock_filter)BPF_STMT(BPF_RET, verdict));
	load(filter, offsetof(struct seccomp_data, nr));
	if (call->ask) {
		filter->asks = true;
		filter->answer = error;
	}
}

static int error_number(const char *name)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(errors[i].name, name) == 0)
			return errors[i].number;
	die("no such error", name);
	return 0;
}

/* @rule: CALL[=ERRNO]; is cut at the '=' */
static void read_rule(struct filter *filter, char *rule)
{
	char *equals = strchr(rule, '=');

	if (equals != NULL)
		*equals++ = '\0';
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (strcmp(calls[i].name, rule) != 0)
			continue;
		append_rule(filter, &calls[i], equals ? error_number(equals) : calls[i].error);
		return;
	}
	die("cannot be denied", rule);
}

static void read_rules(struct filter *filter, char *rules)
{
	load(filter, offsetof(struct seccomp_data, nr));
	for (char *rule = strtok(rules, ","); rule != NULL; rule = strtok(NULL, ","))
		read_rule(filter, rule);
	append(filter, (struct sock_filter)BPF_STMT(BPF_RET, SECCOMP_RET_ALLOW));
}

/* Returns the descriptor of the listener when the filter asks. */
static int enter(struct filter *filter)
{
	const struct sock_fprog program = {.len = filter->count, .filter = filter->line};
	const unsigned flags = filter->asks ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
	long rc;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		die(strerror(errno), "no_new_privs");
	rc = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
	if (rc < 0)
		die(strerror(errno), "seccomp");
	return (int)rc;
}

static void run(char **command)
{
	execvp(command[0], command);
	die(strerror(errno), command[0]);
}

/* Is the first argument of the call a directory? */
static bool on_directory(const struct seccomp_notif *notif)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%u/fd/%d", notif->pid, (int)notif->data.args[0]);
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void answer(int listener, int error)
{
	struct seccomp_notif notif = {.id = 0};
	struct seccomp_notif_resp resp = {.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notif) != 0)
		return; /* who asked was killed */
	resp.id = notif.id;
	if (on_directory(&notif)) {
		resp.flags = 0;
		resp.error = -error;
	}
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp);
}

/* Until nobody is left under the filter. */
static int supervise(pid_t child, int listener, int error)
{
	struct pollfd poll_fd = {.fd = listener, .events = POLLIN};
	int status = 0;

	while (poll(&poll_fd, 1, -1) > 0 && (poll_fd.revents & POLLIN) != 0)
		answer(listener, error);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The child's listener, fetched over before the child goes on. */
static int fetch_listener(pid_t child, int line)
{
	int number = -1, pidfd = (int)syscall(SYS_pidfd_open, child, 0), listener = -1;

	if (read(line, &number, sizeof(number)) == (ssize_t)sizeof(number) && pidfd >= 0)
		listener = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
	if (listener < 0 || write(line, &number, sizeof(number)) < 0)
		die(strerror(errno), "listener");
	return listener;
}

static int run_supervised(struct filter *filter, char **command)
{
	int line[2], number;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) != 0)
		die(strerror(errno), "socketpair");
	child = fork();
	if (child < 0)
		die(strerror(errno), "fork");
	if (child > 0)
		return supervise(child, fetch_listener(child, line[0]), filter->answer);
	number = enter(filter);
	if (write(line[1], &number, sizeof(number)) < 0 ||
	    read(line[1], &number, sizeof(number)) != (ssize_t)sizeof(number))
		die(strerror(errno), "supervisor");
	run(command);
	return FAILED;
}

int main(int argc, char **argv)
{
	struct filter filter = {.count = 0};

	if (argc < 4 || strcmp(argv[2], "--") != 0)
		die("usage: deny CALL[=ERRNO],... -- COMMAND...", "error");
	read_rules(&filter, argv[1]);
	if (filter.asks)
		return run_supervised(&filter, argv + 3);
	enter(&filter);
	run(argv + 3);
	return FAILED;
}
