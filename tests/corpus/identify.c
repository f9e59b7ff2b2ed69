/* SPDX-License-Identifier: MIT */
/*
 * identify - what libsov makes of many files, for the scripts beside it.
 *
 * Reads paths from stdin, each ended by a NUL. Writes a line for each, of fields that end in a tab:
 * kind ("error" when it could not be looked at, "crash N" after signal N), soname, detail,
 * microseconds of processor time (the least of some tries), KiB by which the peak of memory grew,
 * code of the error. Strings are percent-encoded; "-" = none.
 *
 * Each file is read in a process of its own, which an alarm ends, unless -t (together) is given:
 * for a sanitizer, which stops us at the first report and looks for leaks at the end.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <sov/elf.h>

#define TRIES	     3
#define HANG_SECONDS 10

static void put_string(const char *text)
{
	if (text == NULL)
		putchar('-');
	for (; text != NULL && *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte <= ' ' || byte >= 0x7f || byte == '%' || byte == '-')
			printf("%%%02X", byte);
		else
			putchar(byte);
	}
	putchar('\t');
}

static double cpu_microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static long peak_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static double time_one(struct sov_identity *id, const char *path, struct sov_err *err, int *rc)
{
	double start = cpu_microseconds();

	sov_identity_release(id);
	*rc = sov_identity_of(id, path, err);
	return cpu_microseconds() - start;
}

static void identify(const char *path)
{
	struct sov_identity id = {0};
	struct sov_err err;
	long peak = peak_kib();
	int rc;
	double best = time_one(&id, path, &err, &rc);

	for (int i = 1; i < TRIES; i++) {
		double took = time_one(&id, path, &err, &rc);

		best = took < best ? took : best;
	}
	printf("%s\t", rc == 0 ? sov_kind_name(id.kind) : "error");
	put_string(id.soname);
	put_string(id.detail);
	printf("%.1f\t%ld\t%d\t\n", best, peak_kib() - peak, (int)err.code);
	sov_identity_release(&id);
}

static void identify_apart(const char *path)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		alarm(HANG_SECONDS);
		identify(path);
		fflush(stdout);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0) {
		perror("identify");
		exit(1);
	}
	if (WIFSIGNALED(status))
		printf("crash %d\t-\t\t0\t0\t0\t\n", WTERMSIG(status));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	bool together = argc > 1 && strcmp(argv[1], "-t") == 0;
	char *path = NULL;
	size_t size = 0;

	while (getdelim(&path, &size, '\0', stdin) > 0)
		(together ? identify : identify_apart)(path);
	free(path);
	return fflush(stdout) == 0 ? 0 : 1;
}
