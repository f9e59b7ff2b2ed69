/* SPDX-License-Identifier: MIT */
#include "upgrade/maps.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DELETED " (deleted)"
#define NEWLINE "\\012"

/* A number and what must follow it: strtoull() alone would take blanks, signs and "0x". */
static bool take_number(const char **at, int base, char behind, uint64_t *out)
{
	char *end;

	if (base == 16 ? !isxdigit((unsigned char)**at) : !isdigit((unsigned char)**at))
		return false;
	errno = 0;
	*out = strtoull(*at, &end, base);
	if (errno != 0 || *end != behind || (*at)[1] == 'x' || (*at)[1] == 'X')
		return false;
	*at = end + (behind != '\0' ? 1 : 0);
	return true;
}

static bool take_flag(const char **at, char set, char clear, bool *out)
{
	char c = **at;

	*out = c == set;
	if (c != set && c != clear)
		return false;
	(*at)++;
	return true;
}

static bool take_flags(const char **at, struct sov_mapping *out)
{
	return take_flag(at, 'r', '-', &out->read) && take_flag(at, 'w', '-', &out->write) &&
	       take_flag(at, 'x', '-', &out->execute) && take_flag(at, 's', 'p', &out->shared) &&
	       *(*at)++ == ' ';
}

static bool take_device(const char **at, struct sov_mapping *out)
{
	uint64_t major, minor;

	if (!take_number(at, 16, ':', &major) || !take_number(at, 16, ' ', &minor) ||
	    major > UINT32_MAX || minor > UINT32_MAX)
		return false;
	out->major = (unsigned)major;
	out->minor = (unsigned)minor;
	return true;
}

/* The inode ends the line, or a blank follows it, more blanks, and a path. */
static bool take_inode(const char **at, struct sov_mapping *out)
{
	char behind = (*at)[strspn(*at, "0123456789")];

	return take_number(at, 10, behind == ' ' ? ' ' : '\0', &out->inode);
}

bool sov_mapping_parse(struct sov_mapping *out, const char *line)
{
	struct sov_mapping mapping;
	const char *at = line;

	if (!take_number(&at, 16, '-', &mapping.start) ||
	    !take_number(&at, 16, ' ', &mapping.end) || !take_flags(&at, &mapping) ||
	    !take_number(&at, 16, ' ', &mapping.offset) || !take_device(&at, &mapping) ||
	    !take_inode(&at, &mapping))
		return false;
	mapping.path = at + strspn(at, " ");
	*out = mapping;
	return true;
}

bool sov_mapping_deleted(const char *path)
{
	size_t n = strlen(path), tail = strlen(DELETED);

	return n > tail && strcmp(path + n - tail, DELETED) == 0;
}

bool sov_mapping_unescape(char *path)
{
	size_t n = strlen(NEWLINE);
	char *at = strstr(path, NEWLINE);
	bool found = at != NULL;

	for (; at != NULL; at = strstr(at + 1, NEWLINE)) {
		*at = '\n';
		memmove(at + 1, at + n, strlen(at + n) + 1);
	}
	return found;
}
