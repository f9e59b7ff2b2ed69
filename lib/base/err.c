/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <sov/err.h>

#include "base/str.h"

void sov_err_clear(struct sov_err *err)
{
	err->code = SOV_OK;
	err->sys_errno = 0;
	err->subject[0] = '\0';
	err->message[0] = '\0';
	err->expected[0] = '\0';
	err->found[0] = '\0';
	err->fix[0] = '\0';
	err->rule[0] = '\0';
}

/* sov_str_copy() that shows when it had to cut. */
static void fit(char *out, size_t size, const char *text)
{
	if (!sov_str_copy(out, size, text))
		sov_str_ellipsis(out, size);
}

/*
 * Format into one of the texts of an error. By way of a buffer of our own, because the arguments
 * may be texts of the very same error, as when a caller adds context to it.
 */
static void put(char *out, size_t size, const char *fmt, va_list args)
{
	char text[SOV_SUBJECT_MAX];

	/* fails only for a wide character that the locale lacks; none of ours prints one */
	if (vsnprintf(text, sizeof(text), fmt, args) < 0)
		text[0] = '\0';
	fit(out, size, text);
}

static void begin(struct sov_err *err, enum sov_code code, const char *subject, const char *fmt,
		  va_list args)
{
	char message[sizeof(err->message)];

	put(message, sizeof(message), fmt, args);
	fit(err->subject, sizeof(err->subject), subject ? subject : "");
	err->code = code;
	err->sys_errno = 0;
	sov_str_copy(err->message, sizeof(err->message), message);
	err->expected[0] = '\0';
	err->found[0] = '\0';
	err->fix[0] = '\0';
	err->rule[0] = '\0';
}

int sov_fail(struct sov_err *err, enum sov_code code, const char *subject, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	begin(err, code, subject, fmt, args);
	va_end(args);
	return -(int)code;
}

int sov_fail_errno(struct sov_err *err, const char *subject, const char *fmt, ...)
{
	int number = errno;
	enum sov_code code = number == ENOMEM ? SOV_E_NOMEM : SOV_E_SYSTEM;
	size_t len;
	va_list args;

	va_start(args, fmt);
	begin(err, code, subject, fmt, args);
	va_end(args);
	err->sys_errno = number;
	len = strlen(err->message);
	if (!sov_str_format(err->message + len, sizeof(err->message) - len, ": %s",
			    strerror(number)))
		sov_str_ellipsis(err->message, sizeof(err->message));
	return -(int)code;
}

int sov_fail_at(struct sov_err *err, enum sov_code code, const char *file, unsigned line,
		const char *fmt, ...)
{
	char subject[SOV_SUBJECT_MAX];
	va_list args;

	if (line == 0)
		sov_str_copy(subject, sizeof(subject), file);
	else
		sov_str_format(subject, sizeof(subject), "%s:%u", file, line);
	va_start(args, fmt);
	begin(err, code, subject, fmt, args);
	va_end(args);
	return -(int)code;
}

int sov_fail_nomem(struct sov_err *err, const char *subject)
{
	return sov_fail(err, SOV_E_NOMEM, subject, "out of memory");
}

int sov_expected(struct sov_err *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put(err->expected, sizeof(err->expected), fmt, args);
	va_end(args);
	return -(int)err->code;
}

int sov_found(struct sov_err *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put(err->found, sizeof(err->found), fmt, args);
	va_end(args);
	return -(int)err->code;
}

int sov_fix(struct sov_err *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put(err->fix, sizeof(err->fix), fmt, args);
	va_end(args);
	return -(int)err->code;
}

int sov_rule(struct sov_err *err, const char *rule)
{
	sov_str_copy(err->rule, sizeof(err->rule), rule);
	return -(int)err->code;
}

int sov_exit_status(enum sov_code code)
{
	switch (code) {
	case SOV_OK:
		return 0;
	case SOV_E_MISMATCH:
	case SOV_E_OBSTACLE:
		return 1;
	case SOV_E_USAGE:
	case SOV_E_CONF:
		return 2;
	case SOV_E_BROKEN:
	case SOV_E_SYSTEM:
	case SOV_E_NOMEM:
	case SOV_E_LIMIT:
		break;
	}
	return 3;
}

/* A text that grows in an array of fixed size; length is what the whole would have. */
struct sheet {
	char *out;
	size_t size, length;
};

static void show_bytes(struct sheet *sheet, const char *bytes, bool quoted)
{
	size_t room = sheet->length < sheet->size ? sheet->size - sheet->length : 0;
	char *end = room > 0 ? sheet->out + sheet->length : NULL;
	size_t n = strlen(bytes);

	if (quoted)
		n = sov_quote(end, room, bytes, n);
	else if (room > 0)
		sov_str_copy(end, room, bytes);
	sheet->length += n;
}

static void show_line(struct sheet *sheet, const char *label, const char *text)
{
	if (text[0] == '\0')
		return;
	show_bytes(sheet, label, false);
	show_bytes(sheet, text, true);
	show_bytes(sheet, "\n", false);
}

size_t sov_err_render(char *out, size_t size, const char *program, const struct sov_err *err)
{
	struct sheet sheet = {out, size, 0};
	const char *first = program ? program : err->subject;

	show_bytes(&sheet, first, true);
	show_bytes(&sheet, first[0] ? ": error: " : "error: ", false);
	if (program && err->subject[0]) {
		show_bytes(&sheet, err->subject, true);
		show_bytes(&sheet, ": ", false);
	}
	show_bytes(&sheet, err->message, true);
	if (err->rule[0]) {
		show_bytes(&sheet, " [", false);
		show_bytes(&sheet, err->rule, true);
		show_bytes(&sheet, "]", false);
	}
	show_bytes(&sheet, "\n", false);
	show_line(&sheet, "  expected: ", err->expected);
	show_line(&sheet, "  found:    ", err->found);
	show_line(&sheet, "  fix:      ", err->fix);
	return sheet.length;
}
