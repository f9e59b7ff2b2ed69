/* SPDX-License-Identifier: MIT */
#include "cli/exit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <sov/err.h>

void sov_cli_begin(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			/* the wrong way round, so that it can be neither read nor written */
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	signal(SIGPIPE, SIG_IGN);
}

int sov_cli_finish(const struct sov_voice *voice, int status)
{
	struct sov_err err;
	int failed_before = ferror(stdout); /* its errno is gone; closing usually meets it again */

	errno = 0;
	if (fclose(stdout) == 0 && !failed_before)
		return status;
	if (errno != 0)
		sov_fail_errno(&err, NULL, "cannot write the results");
	else
		sov_fail(&err, SOV_E_SYSTEM, NULL, "cannot write the results");
	sov_cli_say(voice, SOV_ERROR, &err);
	return SOV_EXIT_TROUBLE;
}
