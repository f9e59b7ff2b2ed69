/* SPDX-License-Identifier: MIT */
#include "deps/token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static bool is_word(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Does `text`, behind a '$', name this token? Returns the bytes that it takes, or 0. */
static size_t token_length(const char *text, const char *name)
{
	bool brace = text[0] == '{';
	size_t n = strlen(name);

	if (strncmp(text + (brace ? 1 : 0), name, n) != 0)
		return 0;
	text += n + (brace ? 1 : 0);
	if (brace)
		return *text == '}' ? n + 2 : 0;
	return is_word(*text) ? 0 : n;
}

/* The token behind a '$'. Returns the bytes that it takes, 0 when it is none that we know. */
static size_t find_token(const char *text, const struct sov_tokens *tokens, const char **value)
{
	const struct {
		const char *name, *value;
	} table[] = {
		{"ORIGIN",   tokens->origin	 },
		{"PLATFORM", tokens->platform},
		{"LIB",	tokens->lib	   },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		size_t n = token_length(text, table[i].name);

		*value = table[i].value;
		if (n > 0)
			return n;
	}
	return 0;
}

/* Write the text with its tokens replaced. Returns false when one of them is not known. */
static bool expand(FILE *out, const char *text, const struct sov_tokens *tokens)
{
	while (*text != '\0') {
		const char *value;
		size_t n = *text == '$' ? find_token(text + 1, tokens, &value) : 0;

		if (n > 0 && value == NULL)
			return false;
		if (n > 0)
			fputs(value, out);
		else
			fputc(*text, out);
		text += n + 1;
	}
	return true;
}

int sov_token_expand(char **out, const char *text, const struct sov_tokens *tokens)
{
	size_t size = 0;
	FILE *stream;
	bool known;

	*out = NULL;
	if (strchr(text, '$') == NULL) {
		*out = strdup(text);
		return *out != NULL ? 0 : -1;
	}
	stream = open_memstream(out, &size);
	if (stream == NULL)
		return -1;
	known = expand(stream, text, tokens);
	if (fclose(stream) != 0) {
		free(*out);
		*out = NULL;
		return -1;
	}
	if (!known) {
		free(*out);
		*out = NULL;
	}
	return 0;
}

static int add_directory(struct sov_strs *out, const char *text, size_t n,
			 const struct sov_tokens *tokens)
{
	sov_autofree char *part = strndup(text, n);
	sov_autofree char *directory = NULL;
	size_t length;

	if (part == NULL || sov_token_expand(&directory, part, tokens) < 0)
		return -1;
	/* What a token left empty is passed over; what was empty is the current directory. */
	if (directory == NULL || (directory[0] == '\0' && n > 0))
		return 0;
	length = strlen(directory);
	while (length > 1 && directory[length - 1] == '/')
		length--;
	return sov_strs_addn(out, directory, length);
}

int sov_token_directories(struct sov_strs *out, const char *path, const char *separators,
			  const struct sov_tokens *tokens)
{
	bool skip_empty = strchr(separators, '\n') != NULL;

	if (*path == '\0')
		return 0;
	for (;;) {
		size_t n = strcspn(path, separators);

		if ((n > 0 || !skip_empty) && add_directory(out, path, n, tokens) < 0)
			return -1;
		if (path[n] == '\0')
			return 0;
		path += n + 1;
	}
}
