/* SPDX-License-Identifier: MIT */
#include "wrapper/run.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

/* Signals by which a person or a build tool ends a compiler. */
static const int forwarded[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
#define FORWARDED (sizeof(forwarded) / sizeof(forwarded[0]))

/*
 * What a signal handler may touch must be a variable of the file: the compiler's process, and the
 * last signal that was passed on to it.
 */
static volatile sig_atomic_t child;
static volatile sig_atomic_t caught;

static void forward(int signal)
{
	int saved = errno;

	caught = signal;
	kill((pid_t)child, signal);
	errno = saved;
}

/* Pass signals on; one that was ignored when we were started (nohup) stays ignored. */
static void catch_signals(struct sigaction saved[FORWARDED])
{
	struct sigaction action = {.sa_handler = forward, .sa_flags = SA_RESTART};

	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < FORWARDED; i++)
		if (sigaction(forwarded[i], NULL, &saved[i]) == 0 && saved[i].sa_handler != SIG_IGN)
			sigaction(forwarded[i], &action, NULL);
}

static void die_of(int signal)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigaction(signal, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, signal);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	kill(getpid(), signal);
	_exit(128 + signal); /* a signal that does not end a process */
}

static int fail_start(char *const argv[], int error, struct sov_err *err)
{
	errno = error;
	sov_fail_errno(err, argv[0], "cannot run the compiler");
	return sov_fix(err, "see that it is a program for this machine");
}

/* The path is absolute: execvp only adds that a script without "#!" is the shell's to run. */
int run_instead(char *const argv[], struct sov_err *err)
{
	execvp(argv[0], argv);
	return fail_start(argv, errno, err);
}

/* What execvp does with a script that has no "#!", and posix_spawnp does not. */
static int start_script(char *const argv[], const posix_spawnattr_t *attributes, pid_t *pid)
{
	sov_autofree char **shell = NULL;
	size_t count = 1;

	while (argv[count])
		count++;
	shell = calloc(count + 2, sizeof(*shell));
	if (!shell)
		return ENOMEM;
	shell[0] = (char *)"/bin/sh";
	memcpy(shell + 1, argv, count * sizeof(*shell));
	return posix_spawn(pid, shell[0], NULL, attributes, shell, environ);
}

/* Start the compiler with the signals it would have had; ours wait until we can forward them. */
static int start(char *const argv[], const sigset_t *mask, pid_t *pid)
{
	posix_spawnattr_t attributes;
	int error = posix_spawnattr_init(&attributes);

	if (error)
		return error;
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, mask);
	error = posix_spawn(pid, argv[0], NULL, &attributes, argv, environ);
	if (error == ENOEXEC)
		error = start_script(argv, &attributes, pid);
	posix_spawnattr_destroy(&attributes);
	return error;
}

/*
 * Wait until the compiler has ended, but leave it a zombie: until it is reaped, with our signals
 * held back, its number cannot become another process's, to which forward() would send them.
 */
static int wait_for_end(pid_t pid)
{
	siginfo_t info;

	while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0)
		if (errno != EINTR)
			return -1;
	return 0;
}

/* Forward signals while the compiler runs, then treat them as before. waitpid()'s status, or -1. */
static int attend(pid_t pid, const sigset_t *held, const sigset_t *before)
{
	struct sigaction saved[FORWARDED];
	int ended = 0, rc;

	child = pid;
	catch_signals(saved);
	sigprocmask(SIG_SETMASK, before, NULL);
	rc = wait_for_end(pid);
	sigprocmask(SIG_BLOCK, held, NULL);
	if (rc == 0)
		rc = waitpid(pid, &ended, 0) == pid ? 0 : -1;
	for (size_t i = 0; i < FORWARDED; i++)
		sigaction(forwarded[i], &saved[i], NULL);
	return rc == 0 ? ended : -1;
}

int run_child(char *const argv[], int *status, struct sov_err *err)
{
	sigset_t held, before;
	int ended, error;
	pid_t pid;

	sigemptyset(&held);
	for (size_t i = 0; i < FORWARDED; i++)
		sigaddset(&held, forwarded[i]);
	sigprocmask(SIG_BLOCK, &held, &before);
	signal(SIGCHLD,
	       SIG_DFL); /* ignored, as some parents leave it, it would leave nothing to wait for */
	error = start(argv, &before, &pid);
	ended = error ? 0 : attend(pid, &held, &before);
	if (caught)
		die_of(caught);
	if (!error && ended != -1 && WIFSIGNALED(ended))
		die_of(WTERMSIG(ended));
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (error)
		return fail_start(argv, error, err);
	if (ended == -1)
		return sov_fail_errno(err, argv[0], "cannot wait for the compiler");
	*status = WEXITSTATUS(ended);
	return 0;
}
