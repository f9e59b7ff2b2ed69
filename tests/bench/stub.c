/* SPDX-License-Identifier: MIT */
/*
 * stub - the least that any compiler wrapper costs.
 *
 *     stub PROGRAM [ARG...]          becomes the program: what an untouched command cannot undercut
 *     stub-wait PROGRAM [ARG...]     (built with -DWAIT) starts it and waits, as a wrapper does
 *                                    that looks at what the program has made
 */
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
#ifdef WAIT
	pid_t pid;
	int status;

	if (posix_spawnp(&pid, argv[1], NULL, NULL, argv + 1, environ) != 0 ||
	    waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return 1;
	return WEXITSTATUS(status);
#else
	execvp(argv[1], argv + 1);
	return 127;
#endif
}
