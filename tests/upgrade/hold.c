/* SPDX-License-Identifier: MIT */
/*
 * hold [OPTION] FILE... - map files as a running program does, print "ready", and end once stdin
 * does.
 *
 * Each FILE is opened with dlopen(3). Options:
 *   -r  map it for reading only, as a link editor does
 *   -m  load a copy that lies in memory only (memfd_create(2))
 *   -t  end the first thread; another waits for stdin
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail(const char *what)
{
	fprintf(stderr, "hold: %s\n", what);
	exit(1);
}

static void load(const char *path)
{
	if (dlopen(path, RTLD_NOW) == NULL)
		fail(dlerror());
}

static void map_for_reading(const char *path)
{
	int fd = open(path, O_RDONLY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0 ||
	    mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED)
		fail(path);
	close(fd);
}

static void load_copy(const char *path)
{
	int from = open(path, O_RDONLY), to = memfd_create(path, 0);
	struct stat st;
	char copy[64];

	if (from < 0 || to < 0 || fstat(from, &st) != 0 ||
	    sendfile(to, from, NULL, (size_t)st.st_size) != st.st_size)
		fail(path);
	snprintf(copy, sizeof(copy), "/proc/self/fd/%d", to);
	load(copy);
}

static void *wait_for_end(void *unused)
{
	char byte;

	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	exit(0);
	return unused;
}

int main(int argc, char **argv)
{
	void (*take)(const char *) = load;
	pthread_t thread;
	int option, threads = 0;

	/* what keeps another one's stdin open, and what bats listens to */
	for (int fd = 3; fd < 256; fd++)
		close(fd);
	while ((option = getopt(argc, argv, "rmt")) != -1) {
		take = option == 'r' ? map_for_reading : option == 'm' ? load_copy : take;
		threads = threads || option == 't';
	}
	for (int i = optind; i < argc; i++)
		take(argv[i]);
	if (threads) {
		if (pthread_create(&thread, NULL, wait_for_end, NULL) != 0)
			fail("no thread");
		pthread_exit(NULL);
	}
	wait_for_end(NULL);
	return 0;
}
