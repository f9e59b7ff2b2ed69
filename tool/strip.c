/* SPDX-License-Identifier: MIT */
#include "tool/strip.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sov/names.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"

#define BLANKS " \t\n"

/* "tools/strip" is meant from where we are, and is run from elsewhere. */
static int make_absolute(char **word, struct sov_err *err)
{
	char here[PATH_MAX];
	char *path;
	size_t size;

	if (**word == '/' || strchr(*word, '/') == NULL)
		return 0;
	if (getcwd(here, sizeof(here)) == NULL)
		return sov_fail_errno(err, *word, "cannot tell the current directory");
	size = strlen(here) + strlen(*word) + strlen("/") + 1;
	path = malloc(size);
	if (path == NULL)
		return sov_fail_nomem(err, *word);
	(void)sov_str_format(path, size, "%s/%s", here, *word);
	free(*word);
	*word = path;
	return 0;
}

int strip_find(struct strip *strip, struct sov_err *err)
{
	const char *text = getenv("STRIP");
	struct sov_strs words = {0};
	size_t n;
	int rc = 0;

	if (text == NULL || text[strspn(text, BLANKS)] == '\0')
		text = "strip";
	for (text += strspn(text, BLANKS); rc == 0 && *text != '\0'; text += strspn(text, BLANKS)) {
		n = strcspn(text, BLANKS);
		rc = sov_strs_addn(&words, text, n);
		text += n;
	}
	if (rc == 0)
		rc = sov_strs_add(&words, ""); /* the file's place */
	if (rc != 0) {
		sov_strs_release(&words);
		return sov_fail_nomem(err, "STRIP");
	}
	strip->word = words.item;
	return make_absolute(&strip->word[0], err);
}

void strip_release(struct strip *strip)
{
	for (size_t i = 0; strip->word != NULL && strip->word[i] != NULL; i++)
		free(strip->word[i]);
	free(strip->word);
	strip->word = NULL;
}

/* In @dirfd; what it prints is no result of ours; a closed pipe ends it, as it would without us. */
static int start(char *const argv[], int dirfd, const sigset_t *mask, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t pipe;
	int error;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return ENOMEM;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return ENOMEM;
	}
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attributes, &pipe);
	posix_spawnattr_setsigmask(&attributes, mask);
	error = posix_spawn_file_actions_addfchdir_np(&actions, dirfd);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	if (error == 0)
		error = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

/* Wait for its end, and see to it when we are told to stop. Returns 0, or -1 with errno. */
static int attend(const struct strip *strip, pid_t pid, const sigset_t *before, int *status)
{
	sigset_t open = *before;
	pid_t ended;

	sigdelset(&open, SIGCHLD);
	while ((ended = waitpid(pid, status, WNOHANG)) == 0) {
		if (strip->stop != NULL && *strip->stop != 0)
			kill(pid, SIGTERM);
		sigsuspend(&open);
	}
	return ended == pid ? 0 : -1;
}

static void wake(int signal)
{
	(void)signal;
}

/* Signals are held back but while we wait, so that none comes between a look and the wait. */
static int start_and_attend(const struct strip *strip, char *const argv[], int dirfd, int *status)
{
	static const int held[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};
	struct sigaction action = {.sa_handler = wake}, saved;
	sigset_t hold, before;
	pid_t pid;
	int error;

	sigemptyset(&hold);
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++)
		sigaddset(&hold, held[i]);
	sigemptyset(&action.sa_mask);
	sigprocmask(SIG_BLOCK, &hold, &before);
	sigaction(SIGCHLD, &action, &saved);
	error = start(argv, dirfd, &before, &pid);
	if (error == 0 && attend(strip, pid, &before, status) != 0)
		error = errno;
	sigaction(SIGCHLD, &saved, NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return error;
}

static int judge(const char *program, const char *name, int status, struct sov_err *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	sov_fail(err, SOV_E_SYSTEM, name, "could not be stripped");
	if (WIFEXITED(status))
		sov_found(err, "%s ended with status %d", program, WEXITSTATUS(status));
	else
		sov_found(err, "%s was killed by signal %d", program, WTERMSIG(status));
	return sov_fix(err, "set STRIP to a strip that knows this machine's files");
}

int strip_run(void *data, int dirfd, const char *name, struct sov_err *err)
{
	const struct strip *strip = data;
	char file[SOV_NAME_MAX + 2]; /* "./": a name may begin with '-' */
	sov_autofree char **argv = NULL;
	size_t count = 0;
	int status, error;

	while (strip->word[count] != NULL)
		count++;
	argv = calloc(count + 1, sizeof(*argv));
	if (argv == NULL)
		return sov_fail_nomem(err, name);
	memcpy(argv, strip->word, count * sizeof(*argv));
	(void)sov_str_format(file, sizeof(file), "./%s", name);
	argv[count - 1] = file;
	error = start_and_attend(strip, argv, dirfd, &status);
	if (error != 0) {
		errno = error;
		sov_fail_errno(err, argv[0], "cannot run strip");
		return sov_fix(err, "set STRIP to the program that strips");
	}
	return judge(argv[0], name, status, err);
}
