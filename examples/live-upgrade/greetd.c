/* SPDX-License-Identifier: MIT */
/*
 * greetd SOCKET - a server that greets whoever sends a name, with what libgreet says.
 *
 * Goes into the background once it can be reached, and leaves its process number in SOCKET.pid.
 * Ends when ask --stop says so, or when nobody has asked anything for ten minutes.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include <greet.h>

#include "protocol.h"

#define CLIENTS_MAX 32
#define IDLE_MS	    (10 * 60 * 1000)

/* The programmer's part of a major upgrade: the new library takes other arguments. */
static void greeting(char *out, size_t size, const char *name)
{
#if GREET_MAJOR >= 2
	greet("fr", name, out, size);
#else
	greet(out, size, name);
#endif
}

/* answer - read one name and answer it. Returns -1 when the client has gone, 1 to stop, else 0. */
static int answer(int client)
{
	char name[MESSAGE_MAX], text[MESSAGE_MAX], reply[2 * MESSAGE_MAX];
	ssize_t got = recv(client, name, sizeof(name) - 1, 0);

	if (got <= 0)
		return -1;
	name[got] = '\0';
	if (strcmp(name, STOP) == 0)
		return 1;
	greeting(text, sizeof(text), name);
	int length = snprintf(reply, sizeof(reply), "%s (libgreet %s)", text, greet_version());
	return send(client, reply, (size_t)length, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

/* serve - answer until somebody says stop. fds[0] listens, the others are clients. */
static void serve(int listener)
{
	struct pollfd fds[1 + CLIENTS_MAX] = {
		{.fd = listener, .events = POLLIN}
	  };
	nfds_t count = 1;

	while (poll(fds, count, IDLE_MS) > 0) {
		for (nfds_t i = count - 1; i > 0; i--) {
			int said = fds[i].revents != 0 ? answer(fds[i].fd) : 0;

			if (said > 0)
				return;
			if (said < 0) {
				close(fds[i].fd);
				fds[i] = fds[--count];
			}
		}
		int client = fds[0].revents != 0 ? accept(listener, NULL, NULL) : -1;

		if (client >= 0 && count > CLIENTS_MAX)
			close(client);
		else if (client >= 0)
			fds[count++] = (struct pollfd){.fd = client, .events = POLLIN};
	}
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address;
	int listener = socket(AF_UNIX, KIND, 0);

	if (listener < 0 || address_of(&address, path) != 0)
		die(path);
	unlink(path);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(listener, CLIENTS_MAX) != 0)
		die(path);
	return listener;
}

/* leave_the_terminal - the caller goes on; only the child returns, and holds nothing of the
 * caller's. Returns the listener's new number. */
static int leave_the_terminal(int listener, const char *pid_path)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid > 0) {
		FILE *out = fopen(pid_path, "w");

		if (out == NULL || fprintf(out, "%d\n", (int)pid) < 0 || fclose(out) != 0)
			die(pid_path);
		_exit(0);
	}
	setsid();
	int nothing = open("/dev/null", O_RDWR);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(nothing, fd);
	dup2(listener, STDERR_FILENO + 1);
	closefrom(STDERR_FILENO + 2);
	return STDERR_FILENO + 1;
}

int main(int argc, char **argv)
{
	char pid_path[4096];

	if (argc != 2) {
		fputs("usage: greetd SOCKET\n", stderr);
		return 2;
	}
	snprintf(pid_path, sizeof(pid_path), "%s.pid", argv[1]);
	serve(leave_the_terminal(listen_at(argv[1]), pid_path));
	unlink(argv[1]);
	unlink(pid_path);
	return 0;
}
