/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sov/err.h>

#define WORD_MAX 64 /* bytes of the longest word that a spelling is compared with */

static bool copy_bytes(char *out, size_t size, const char *bytes, size_t n)
{
	size_t fits = n < size ? n : size - 1;

	if (size == 0)
		return false;
	memmove(out, bytes, fits);
	out[fits] = '\0';
	return fits == n;
}

bool sov_str_copy(char *out, size_t size, const char *text)
{
	return copy_bytes(out, size, text, strlen(text));
}

bool sov_str_format(char *out, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(out, size, fmt, args);
	va_end(args);
	return n >= 0 && (size_t)n < size;
}

void sov_str_ellipsis(char *text, size_t size)
{
	size_t at = size - sizeof("...");

	while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
		at--;
	memcpy(text + at, "...", sizeof("..."));
}

char *sov_str_excerpt(char *out, const char *text)
{
	if (!sov_str_copy(out, SOV_EXCERPT_MAX, text))
		sov_str_ellipsis(out, SOV_EXCERPT_MAX);
	return out;
}

/* not tolower(): the words are ASCII, whatever the locale */
static int fold(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/*
 * Optimal string alignment: insert, delete, replace, or swap neighbours. Only three rows of the
 * matrix are alive at a time; both lengths are at most WORD_MAX * 2.
 */
static unsigned edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned rows[3][WORD_MAX + 1];

	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a_len; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i - 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned replaced = above[j - 1] + (fold(a[i - 1]) != fold(b[j - 1]));

			row[j] = least(row[j - 1] + 1, above[j] + 1, replaced);
			if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
			    fold(a[i - 2]) == fold(b[j - 1]) && rows[(i - 2) % 3][j - 2] < row[j])
				row[j] = rows[(i - 2) % 3][j - 2] + 1;
		}
	}
	return rows[a_len % 3][b_len];
}

const char *sov_str_nearest(const char *text, const char *const *words, size_t count)
{
	const char *nearest = NULL;
	size_t len = strnlen(text, 2 * WORD_MAX);
	unsigned limit = len < 3 ? 1 : (unsigned)(len / 3);

	if (len == 0 || len == 2 * WORD_MAX) /* nothing, or no spelling of a word of ours */
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t word_len = words[i] ? strlen(words[i]) : 0;
		unsigned distance;

		if (word_len == 0 || word_len > WORD_MAX)
			continue;
		distance = edit_distance(text, len, words[i], word_len);
		if (distance > limit || (nearest && distance == limit))
			continue;
		limit = distance;
		nearest = words[i];
	}
	return nearest;
}

bool sov_str_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

const char *sov_str_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool sov_str_dirname(char *out, size_t size, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return copy_bytes(out, size, "", 0);
	return copy_bytes(out, size, path, slash == path ? 1 : (size_t)(slash - path));
}

static size_t put_bytes(char *out, size_t size, size_t at, const char *bytes)
{
	size_t n = strlen(bytes);

	if (at < size)
		copy_bytes(out + at, size - at, bytes, n);
	return at + n;
}

size_t sov_shell_word(char *out, size_t size, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_+=./,:@%-";
	size_t length;

	if (word[0] != '\0' && word[strspn(word, plain)] == '\0')
		return put_bytes(out, size, 0, word);
	length = put_bytes(out, size, 0, "'");
	for (; *word; word++) {
		const char byte[] = {*word, '\0'};

		/* between others, and without a backslash, which messages show as two */
		length = put_bytes(out, size, length, *word == '\'' ? "'\"'\"'" : byte);
	}
	return put_bytes(out, size, length, "'");
}

/* A blank and the name of a file, which must not look like an option. */
static size_t put_file(char *out, size_t size, size_t at, const char *name)
{
	at = put_bytes(out, size, at, name[0] == '-' ? " ./" : " ");
	return at + sov_shell_word(at < size ? out + at : NULL, at < size ? size - at : 0, name);
}

bool sov_shell_link(char *out, size_t size, const char *ln, const char *target, const char *path)
{
	size_t length = put_bytes(out, size, 0, ln);

	length = put_file(out, size, length, target);
	length = put_file(out, size, length, path);
	return length < size && sov_quote(NULL, 0, out, length) == length;
}
