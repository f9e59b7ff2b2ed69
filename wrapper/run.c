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
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = forward, .sa_flags = SA_RESTART}, now;

	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < FORWARDED; i++)
		if (sigaction(forwarded[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
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

/* Start the compiler with the signals it would have had, ours held back until we can forward them. */
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

int run_child(char *const argv[], int *status, struct sov_err *err)
{
	sigset_t held, before;
	int ended = 0, error;
	pid_t pid;

	sigemptyset(&held);
	for (size_t i = 0; i < FORWARDED; i++)
		sigaddset(&held, forwarded[i]);
	sigprocmask(SIG_BLOCK, &held, &before);
	error = start(argv, &before, &pid);
	if (error) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		return fail_start(argv, error, err);
	}
	child = pid;
	catch_signals();
	sigprocmask(SIG_SETMASK, &before, NULL);
	while (waitpid(pid, &ended, 0) < 0)
		if (errno != EINTR)
			return sov_fail_errno(err, argv[0], "cannot wait for the compiler");
	sigprocmask(SIG_BLOCK, &held, NULL); /* the process is gone: its number may be another's */
	if (caught)
		die_of(caught);
	if (WIFSIGNALED(ended))
		die_of(WTERMSIG(ended));
	*status = WEXITSTATUS(ended);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return 0;
}
