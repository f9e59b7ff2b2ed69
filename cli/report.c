/* SPDX-License-Identifier: MIT */
#include "cli/report.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <sov/err.h>

/* Every byte of the five texts as an escape of four, and the words between them. */
#define RENDER_MAX (4 * (SOV_SUBJECT_MAX + 4 * SOV_TEXT_MAX + 64) + 512)

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value != NULL && *value != '\0';
}

static bool is_terminal(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && (term == NULL || strcmp(term, "dumb") != 0);
}

bool sov_cli_colored(enum sov_color when, int fd)
{
	if (when != SOV_COLOR_AUTO)
		return when == SOV_COLOR_ALWAYS;
	if (is_set("NO_COLOR"))
		return false;
	if (is_set("CLICOLOR_FORCE") && strcmp(getenv("CLICOLOR_FORCE"), "0") != 0)
		return true;
	return is_terminal(fd);
}

const char *sov_cli_color_of(enum sov_severity severity)
{
	switch (severity) {
	case SOV_ERROR:
		return "\033[1;31m";
	case SOV_WARNING:
		return "\033[1;35m";
	default:
		return "\033[1;36m";
	}
}

/* Where sov_err_render() puts the word "error". */
static size_t word_offset(const char *program, const struct sov_err *err)
{
	const char *before = program != NULL ? program : err->subject;
	size_t n = sov_quote(NULL, 0, before, strlen(before));

	return n > 0 ? n + strlen(": ") : 0;
}

static struct iovec part(const char *text, size_t n)
{
	/* writev() reads only, but iov_base has no const */
	return (struct iovec){.iov_base = (void *)(uintptr_t)text, .iov_len = n};
}

/* There is nobody left to tell when stderr itself fails. */
static void write_parts(struct iovec *parts, int count)
{
	ssize_t n;

	while (count > 0) {
		n = writev(STDERR_FILENO, parts, count);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		for (; count > 0 && (size_t)n >= parts->iov_len; parts++, count--)
			n -= (ssize_t)parts->iov_len;
		if (count > 0)
			*parts =
				part((const char *)parts->iov_base + n, parts->iov_len - (size_t)n);
	}
}

void sov_cli_say(const struct sov_voice *voice, enum sov_severity severity,
		 const struct sov_err *err)
{
	static const char error[] = "error";
	char text[RENDER_MAX];
	size_t length = sov_err_render(text, sizeof(text), voice->program, err);
	size_t word = word_offset(voice->program, err);
	size_t rest = word + strlen(error);
	bool color = sov_cli_colored(voice->color, STDERR_FILENO);
	const char *name = severity == SOV_INFO ? "note" : sov_severity_name(severity);
	const char *begin = color ? sov_cli_color_of(severity) : "";
	const char *end = color ? SOV_COLOR_END : "";
	struct iovec parts[] = {
		part(text, word),	part(begin, strlen(begin)),	  part(name, strlen(name)),
		part(end, strlen(end)), part(text + rest, length - rest),
	};

	write_parts(parts, sizeof(parts) / sizeof(parts[0]));
}

void sov_cli_error(const char *program, const struct sov_err *err)
{
	const struct sov_voice voice = {.program = program};

	sov_cli_say(&voice, SOV_ERROR, err);
}
