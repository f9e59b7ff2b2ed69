/* SPDX-License-Identifier: MIT */
#include "model/words.h"

#include <string.h>

#include "base/str.h"

/* "a, b or c" */
static void join(char *out, size_t size, const struct sov_word *words, size_t count)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		const char *before = i == 0 ? "" : i + 1 == count ? " or " : ", ";

		if (!sov_str_format(out + len, size - len, "%s%s", before, words[i].text))
			return;
		len += strlen(out + len);
	}
}

int sov_word_parse(const struct sov_word *words, size_t count, const char *what, const char *text,
		   struct sov_err *err)
{
	char list[256], excerpt[SOV_EXCERPT_MAX];
	const char *texts[SOV_WORDS_MAX], *nearest;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(text, words[i].text) == 0)
			return words[i].value;
		texts[i] = words[i].text;
	}
	join(list, sizeof(list), words, count);
	nearest = sov_str_nearest(text, texts, count);
	sov_fail(err, SOV_E_USAGE, NULL, "unknown %s", what);
	sov_expected(err, "%s", list);
	if (nearest)
		sov_fix(err, "write %s", nearest);
	return sov_found(err, "%s", text[0] ? sov_str_excerpt(excerpt, text) : "nothing");
}
