/* SPDX-License-Identifier: MIT */
/*
 * watch - look a library up, again and again, by its soname, as long as stdin is open.
 *
 *     watch dlopen PATH FUNCTION     load it, call it, give it back: as a program that starts
 *     watch open PATH SIZE...        open it: it must have one of these sizes
 *
 * Prints "ready" once the first look has been made; at the end, on one line, how often it looked,
 * how often there was something wrong, and the first of it. A look that kills the process, as of a
 * file that is cut short while it is mapped, is one that went wrong: each series of looks is made
 * by a child.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SERIES = 64, /* looks between two glances at stdin */
	WHAT_MAX = 256,
};

/* struct tally - shared with the child. */
struct tally {
	unsigned long looks, failures;
	char first[WHAT_MAX];
};

struct watch {
	const char *path;
	char **rest;
	void (*look)(const struct watch *watch, struct tally *tally);
};

static void fail(struct tally *tally, const char *what)
{
	if (tally->failures++ == 0)
		(void)snprintf(tally->first, sizeof(tally->first), "%s", what);
}

static void look_by_dlopen(const struct watch *watch, struct tally *tally)
{
	void *library = dlopen(watch->path, RTLD_NOW | RTLD_LOCAL);
	void *symbol = library != NULL ? dlsym(library, watch->rest[0]) : NULL;
	int (*function)(void);

	if (symbol == NULL) {
		fail(tally, dlerror());
		return;
	}
	memcpy(&function, &symbol, sizeof(function));
	if (function() == 0)
		fail(tally, "the function does not answer");
	if (dlclose(library) != 0)
		fail(tally, dlerror());
}

static bool expected(const struct watch *watch, off_t size)
{
	for (char **word = watch->rest; *word != NULL; word++)
		if (atoll(*word) == size)
			return true;
	return false;
}

static void look_by_open(const struct watch *watch, struct tally *tally)
{
	char what[WHAT_MAX];
	struct stat st;
	int fd = open(watch->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		fail(tally, strerror(errno));
		return;
	}
	if (fstat(fd, &st) != 0 || !expected(watch, st.st_size)) {
		(void)snprintf(what, sizeof(what), "%lld bytes", (long long)st.st_size);
		fail(tally, what);
	}
	(void)close(fd);
}

static bool stdin_is_open(void)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};

	return poll(&in, 1, 0) == 0;
}

static void look_on(const struct watch *watch, struct tally *tally)
{
	while (stdin_is_open()) {
		for (int i = 0; i < SERIES; i++) {
			tally->looks++;
			watch->look(watch, tally);
		}
	}
}

/* Returns false when the child has come to its end by itself. */
static bool look_in_child(const struct watch *watch, struct tally *tally)
{
	char what[WHAT_MAX];
	pid_t child = fork();
	int status;

	if (child == 0) {
		look_on(watch, tally);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return false;
	if (!WIFSIGNALED(status))
		return false;
	(void)snprintf(what, sizeof(what), "killed: %s", strsignal(WTERMSIG(status)));
	fail(tally, what);
	return true;
}

int main(int argc, char **argv)
{
	struct watch watch = {.look = look_by_dlopen};
	struct tally *tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (argc < 4 || tally == MAP_FAILED) {
		(void)fputs("usage: watch dlopen PATH FUNCTION | watch open PATH SIZE...\n",
			    stderr);
		return 2;
	}
	if (strcmp(argv[1], "open") == 0)
		watch.look = look_by_open;
	watch.path = argv[2];
	watch.rest = argv + 3;
	watch.look(&watch, tally);
	tally->looks = 1;
	(void)puts("ready");
	(void)fflush(stdout);
	while (look_in_child(&watch, tally))
		;
	(void)printf("%lu %lu %s\n", tally->looks, tally->failures, tally->first);
	return 0;
}
