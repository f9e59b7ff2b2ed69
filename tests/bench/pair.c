/* SPDX-License-Identifier: MIT */
/*
 * pair - time commands in turn, many rounds, and print every single time.
 *
 *     pair CPU ROUNDS -- [~FILE...] [NAME=VALUE...] PROGRAM [ARG...] [-- ...]
 *
 * Before a command each of its ~FILEs is removed, which is not timed.
 *
 * One round runs each command once; the next round begins with the next command, so that none is
 * always the one that finds the caches warm. Pinned to one core (CPU -1: not pinned), since a
 * process that wanders costs more than what is measured here. Started with posix_spawn, whose cost
 * does not grow with this program. Prints a line of exit statuses, then a line of nanoseconds a
 * round, separated by tabs: for each command the time that passed, and the processor time that it
 * and its children took, which a busy machine blurs less. A command that ends differently from its
 * first time ends the bench.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define COMMANDS_MAX 16
#define WARM_UP	     5 /* rounds that are run and not counted; one where they are few */
#define FEW	     10
#define NOT_RUN	     -1 /* no wait status */

struct command {
	char **removed; /* "~FILE" words; the first other word ends them */
	char **argv;
	char **envp;
	int status;
};

/* struct sample - what one run took, in nanoseconds. */
struct sample {
	int64_t passed;
	int64_t processor;
};

static void die(const char *what, int error)
{
	fprintf(stderr, "pair: %s: %s\n", what, strerror(error));
	exit(2);
}

/* The environment with the assignments that stand before a program laid over it. */
static char **environment_with(char **assignments, size_t count)
{
	size_t have = 0;

	while (environ[have] != NULL)
		have++;
	char **envp = calloc(have + count + 1, sizeof(*envp));
	if (envp == NULL)
		die("environment", ENOMEM);
	memcpy(envp, assignments, count * sizeof(*envp)); /* getenv() takes the first */
	memcpy(envp + count, environ, have * sizeof(*envp));
	return envp;
}

static size_t take_commands(struct command *commands, char **argv)
{
	size_t count = 0;

	while (*argv != NULL) {
		char **word = argv + 1; /* behind the "--" */
		size_t assignments = 0;

		if (strcmp(*argv, "--") != 0 || count == COMMANDS_MAX)
			die(*argv, EINVAL);
		for (argv = word; *argv != NULL && strcmp(*argv, "--") != 0;)
			argv++;
		commands[count].removed = word;
		while (word < argv && **word == '~')
			word++;
		while (word + assignments < argv && strchr(word[assignments], '=') != NULL)
			assignments++;
		if (word + assignments == argv)
			die("empty command", EINVAL);
		commands[count].envp = environment_with(word, assignments);
		commands[count].argv = word + assignments;
		commands[count].status = NOT_RUN;
		count++;
	}
	return count;
}

/* Each command's words must end in NULL, not in the "--" of the next one. */
static void cut_at_separators(char **argv)
{
	for (; *argv != NULL; argv++)
		if (strcmp(*argv, "--") == 0)
			*argv = NULL;
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t nanoseconds(struct timeval t)
{
	return ((int64_t)t.tv_sec * 1000000 + t.tv_usec) * 1000;
}

static void remove_files(char **words)
{
	for (; **words == '~'; words++)
		if (unlink(*words + 1) != 0 && errno != ENOENT)
			die(*words, errno);
}

static struct sample run(const struct command *command, posix_spawn_file_actions_t *silent,
			 int *status)
{
	char **argv = command->argv;
	struct rusage usage;
	struct sample sample;
	pid_t pid;

	remove_files(command->removed);
	int64_t start = now();
	int error = posix_spawnp(&pid, argv[0], silent, NULL, argv, command->envp);

	if (error != 0)
		die(argv[0], error);
	if (wait4(pid, status, 0, &usage) < 0)
		die(argv[0], errno);
	sample.passed = now() - start;
	sample.processor = nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime);
	return sample;
}

static void pin(int cpu)
{
	cpu_set_t set;

	if (cpu < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0)
		die("sched_setaffinity", errno);
}

static void print_samples(const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%lld\t%lld%c", (long long)samples[i].passed,
		       (long long)samples[i].processor, i + 1 == count ? '\n' : '\t');
}

static void print_statuses(const struct command *commands, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%d%c",
		       WIFEXITED(commands[i].status) ? WEXITSTATUS(commands[i].status) : NOT_RUN,
		       i + 1 == count ? '\n' : '\t');
}

static void run_round(struct command *commands, size_t count, size_t first, struct sample *samples,
		      posix_spawn_file_actions_t *silent)
{
	for (size_t i = 0; i < count; i++) {
		size_t turn = (first + i) % count;
		int status;

		samples[turn] = run(&commands[turn], silent, &status);
		if (commands[turn].status == NOT_RUN)
			commands[turn].status = status;
		if (commands[turn].status != status) {
			fprintf(stderr, "pair: %s: ended with wait status %d, before with %d\n",
				commands[turn].argv[0], status, commands[turn].status);
			exit(2);
		}
	}
}

int main(int argc, char **argv)
{
	struct command commands[COMMANDS_MAX];
	posix_spawn_file_actions_t silent;
	struct sample samples[COMMANDS_MAX];

	if (argc < 5) {
		fputs("usage: pair CPU ROUNDS -- [~FILE...] [NAME=VALUE...] PROGRAM [ARG...]"
		      " [-- ...]\n",
		      stderr);
		return 2;
	}
	size_t count = take_commands(commands, argv + 3);
	cut_at_separators(argv + 3);
	pin(atoi(argv[1]));
	posix_spawn_file_actions_init(&silent);
	posix_spawn_file_actions_addopen(&silent, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&silent, STDERR_FILENO, "/dev/null", O_WRONLY, 0);

	size_t rounds = (size_t)atoi(argv[2]);
	for (size_t round = 0; round < (rounds < FEW ? 1 : WARM_UP); round++)
		run_round(commands, count, round, samples, &silent);
	print_statuses(commands, count);
	for (size_t round = 0; round < rounds; round++) {
		run_round(commands, count, round, samples, &silent);
		print_samples(samples, count);
	}
	return fflush(stdout) == 0 ? 0 : 2;
}
