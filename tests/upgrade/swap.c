/* SPDX-License-Identifier: MIT */
/*
 * swap - the owner of a tree who does not hold still.
 *
 *	swap exchange A B	A and B change places, by one renameat2(2)
 *	swap rename A B		the same by three renames, with moments at which A is missing
 *	swap plant TARGET A...	each A is taken away and made anew as a link to TARGET
 *
 * Over and over, until TERM comes or whoever started it ends; then A and B stand as at first, what
 * was planted is taken away, and the number of rounds is printed. As the user and the group that
 * SWAP_UID names, if it does: to an owner that is not root the kernel refuses some of it.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static volatile sig_atomic_t stop;

static void on_term(int number)
{
	(void)number;
	stop = 1;
}

/* struct mode - one manner of not holding still. A round leads to the first state and back. */
struct mode {
	const char *name;
	void (*round)(char **names, int n);
	void (*end)(char **names, int n);
};

static void exchange(char **names, int n)
{
	(void)n;
	for (int i = 0; i < 2; i++)
		(void)renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE);
}

static void swap_names(const char *a, const char *b, const char *away)
{
	(void)rename(a, away);
	(void)rename(b, a);
	(void)rename(away, b);
}

static void rename_both(char **names, int n)
{
	char away[4096];

	(void)n;
	snprintf(away, sizeof(away), "%s.away", names[0]);
	swap_names(names[0], names[1], away);
	swap_names(names[0], names[1], away);
}

static void uproot(char **names, int n)
{
	for (int i = 1; i < n; i++)
		(void)unlink(names[i]);
}

static void plant(char **names, int n)
{
	uproot(names, n);
	for (int i = 1; i < n; i++)
		(void)symlink(names[0], names[i]);
}

static void nothing(char **names, int n)
{
	(void)names;
	(void)n;
}

static const struct mode modes[] = {
	{"exchange", exchange,    nothing},
	{"rename",   rename_both, nothing},
	{"plant",	  plant,	 uproot },
};

static const struct mode *find_mode(const char *name)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(modes[i].name, name) == 0)
			return &modes[i];
	return NULL;
}

static bool become(const char *uid)
{
	unsigned number = uid != NULL ? (unsigned)strtoul(uid, NULL, 10) : 0;

	return uid == NULL || (setgid(number) == 0 && setuid(number) == 0);
}

int main(int argc, char **argv)
{
	const struct mode *mode = argc >= 4 ? find_mode(argv[1]) : NULL;
	unsigned long rounds = 0;

	if (mode == NULL || !become(getenv("SWAP_UID"))) {
		fprintf(stderr, "usage: swap exchange|rename|plant A B...\n");
		return 2;
	}
	signal(SIGTERM, on_term);
	/* behind setuid(2), which takes it away */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	for (; stop == 0; rounds++)
		mode->round(argv + 2, argc - 2);
	mode->end(argv + 2, argc - 2);
	printf("%lu\n", rounds);
	return 0;
}
