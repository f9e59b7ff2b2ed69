/* SPDX-License-Identifier: MIT */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* What greetd and ask say to each other: one message a name, one message an answer. */
#define MESSAGE_MAX 512
#define STOP	    "."		   /* ends the server */
#define KIND	    SOCK_SEQPACKET /* messages keep their bounds */

/* address_of - the address of a socket in the file system. Returns 0, or -1 when the path is too
 * long for one. */
static inline int address_of(struct sockaddr_un *out, const char *path)
{
	memset(out, 0, sizeof(*out));
	out->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(out->sun_path))
		return -1;
	strcpy(out->sun_path, path);
	return 0;
}

#endif
