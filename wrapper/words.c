/* SPDX-License-Identifier: MIT */
#include "wrapper/words.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/vec.h"

#define FILES_MAX     2000		 /* @files in one command; the drivers give up there too */
#define FILE_SIZE_MAX (64 * 1024 * 1024) /* bytes of one @file */

static int add_plain(struct ccwords *words, const char *text, int arg, bool in_file)
{
	if (sov_vec_grow(&words->word, words->count, sizeof(*words->word)) < 0)
		return -1;
	words->word[words->count++] = (struct ccword){text, arg, in_file};
	return 0;
}

/* Takes over @text, also when it fails. */
static int keep(struct ccwords *words, char *text)
{
	if (sov_vec_grow(&words->text, words->text_count, sizeof(*words->text)) < 0) {
		free(text);
		return -1;
	}
	words->text[words->text_count++] = text;
	return 0;
}

char *ccwords_keep(struct ccwords *words, const char *text, size_t n)
{
	char *copy = strndup(text, n);

	if (!copy || keep(words, copy) < 0)
		return NULL;
	return copy;
}

/* The locale's isspace() would do; the drivers run in the C locale here. */
static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/*
 * Cut the next word out of *at, in place: '..' and ".." quote, a backslash takes the next byte as
 * it is (inside single quotes too), a quote that is never closed runs to the end. A NUL ends the
 * text, as it does for the drivers. Returns NULL at the end.
 */
static char *next_word(char **at)
{
	char *in = *at, *out, *word, quote = 0;

	while (is_blank(*in))
		in++;
	if (!*in)
		return NULL;
	for (word = out = in; *in && (quote || !is_blank(*in)); in++) {
		if (*in == '\\' && in[1])
			*out++ = *++in;
		else if (quote && *in == quote)
			quote = 0;
		else if (!quote && (*in == '\'' || *in == '"'))
			quote = *in;
		else
			*out++ = *in;
	}
	*at = *in ? in + 1 : in;
	*out = '\0';
	return word;
}

static int add_text(struct ccwords *words, char *text, int arg)
{
	char *at = text, *word;

	while ((word = next_word(&at)))
		if (ccwords_add(words, word, arg, true) < 0)
			return -1;
	return 0;
}

/*
 * What a regular file holds, or NULL. Nothing else is opened, even for a look: the writer of a fifo
 * would take us for the compiler, write, and be gone when the compiler comes.
 */
static char *read_regular(const char *path)
{
	sov_autoclose int fd = -1;
	struct stat st;
	char *text = NULL;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return NULL;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return NULL;
	return sov_read_all(fd, FILE_SIZE_MAX, &text) < 0 ? NULL : text;
}

int ccwords_add(struct ccwords *words, const char *text, int arg, bool in_file)
{
	char *content;

	if (text[0] != '@' || words->files >= FILES_MAX || !(content = read_regular(text + 1)))
		return add_plain(words, text, arg, in_file);
	words->files++;
	if (keep(words, content) < 0)
		return -1;
	return add_text(words, content, arg);
}

static void blank_comments(char *text)
{
	for (char *line = text; line; line = strchr(line, '\n')) {
		line += strspn(line, " \t\n");
		if (*line == '#')
			memset(line, ' ', strcspn(line, "\n"));
	}
}

int ccwords_config(struct ccwords *words, const char *path, int arg)
{
	char *content = read_regular(path);

	if (!content)
		return 0;
	if (keep(words, content) < 0)
		return -1;
	blank_comments(content);
	return add_text(words, content, arg);
}

int ccwords_argv(struct ccwords *words, int argc, char *const argv[], int from)
{
	for (int i = from; i < argc; i++)
		if (ccwords_add(words, argv[i], i, false) < 0)
			return -1;
	return 0;
}

void ccwords_release(struct ccwords *words)
{
	for (size_t i = 0; i < words->text_count; i++)
		free(words->text[i]);
	free(words->text);
	free(words->word);
	*words = (struct ccwords){0};
}
