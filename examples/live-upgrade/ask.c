/* SPDX-License-Identifier: MIT */
/*
 * ask SOCKET NAME...     print how greetd greets each name
 * ask --stop SOCKET      end greetd; returns when it is gone
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include "protocol.h"

#define PATIENCE_S 30

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int connect_to(const char *path)
{
	struct sockaddr_un address;
	struct timeval patience = {.tv_sec = PATIENCE_S};
	int server = socket(AF_UNIX, KIND, 0);

	if (server < 0 || address_of(&address, path) != 0 ||
	    setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0 ||
	    connect(server, (struct sockaddr *)&address, sizeof(address)) != 0)
		die(path);
	return server;
}

/* say - send one message and wait for the answer. Returns its length, 0 when the server is gone. */
static size_t say(int server, const char *message, char answer[2 * MESSAGE_MAX])
{
	if (send(server, message, strlen(message), MSG_NOSIGNAL) < 0)
		die("send");
	ssize_t got = recv(server, answer, 2 * MESSAGE_MAX, 0);
	if (got < 0)
		die("recv");
	return (size_t)got;
}

int main(int argc, char **argv)
{
	char answer[2 * MESSAGE_MAX];

	if (argc < 3) {
		fputs("usage: ask SOCKET NAME...\n       ask --stop SOCKET\n", stderr);
		return 2;
	}
	/* The kernel closes the server's end when it takes the process apart, after its memory. */
	if (strcmp(argv[1], "--stop") == 0)
		return say(connect_to(argv[2]), STOP, answer) != 0;
	int server = connect_to(argv[1]);
	for (int i = 2; i < argc; i++) {
		size_t length = say(server, argv[i], answer);

		if (length == 0)
			return 1;
		printf("%.*s\n", (int)length, answer);
	}
	return 0;
}
