/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>

#include <sov/version.h>

#include "base/str.h"

#ifndef SOV_VERSION_TEXT
#error "the build gives the version of the project as SOV_VERSION_TEXT"
#endif

/* struct grammar - numbers `0|[1-9][0-9]{0,8}` with a separator between them. */
struct grammar {
	char separator;
	unsigned max; /* numbers */
	const char *expected;
	const char *too_many;
	const char *quoted;
	const char *no_such; /* a text that is nothing like it */
};

static const struct grammar version_grammar = {
	'.',
	SOV_VERSION_PARTS,
	"1 to 4 numbers of at most nine digits without leading zeros, joined by dots: 1.4.2",
	"more than four numbers",
	"quotes are not part of a version",
	"not a version"};
static const struct grammar triple_grammar = {
	':',
	3,
	"current:revision:age, 1 to 3 numbers of at most nine digits without leading zeros: 5:4:2",
	"more than three numbers",
	"quotes are not part of a triple",
	"not a triple"};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The value of one number of at most nine digits. Returns what follows it. */
static const char *take_number(const char *text, uint32_t *out)
{
	*out = 0;
	for (; is_digit(*text); text++)
		*out = *out * 10 + (uint32_t)(*text - '0');
	return text;
}

/* What is wrong with a text that begins with neither a digit nor a separator. */
static const char *beginning_fault(const struct grammar *grammar, const char *text)
{
	if (*text == '\0')
		return "no number";
	if (*text == '+' || *text == '-')
		return "a sign";
	if (*text == '"' || *text == '\'')
		return grammar->quoted;
	if ((*text == 'v' || *text == 'V') && is_digit(text[1]))
		return "a prefix";
	return grammar->no_such;
}

/* What is wrong where a number should begin; NULL = nothing. */
static const char *number_fault(const struct grammar *grammar, const char *text, bool first)
{
	size_t digits = strspn(text, "0123456789");

	if (digits > 9)
		return "a number of more than nine digits";
	if (digits > 1 && text[0] == '0')
		return "a leading zero";
	if (digits > 0)
		return NULL;
	if (is_blank(*text))
		return "a blank";
	if (*text == grammar->separator || (*text == '\0' && !first))
		return "an empty part";
	return first ? beginning_fault(grammar, text) : "something else than a number";
}

/* Read text by a grammar. Returns NULL when it is one, else what is wrong with it. */
static const char *scan(const struct grammar *grammar, const char *text, struct sov_version *out)
{
	out->count = 0;
	for (;; text++) {
		const char *fault = number_fault(grammar, text, out->count == 0);

		if (fault)
			return fault;
		if (out->count == grammar->max)
			return grammar->too_many;
		text = take_number(text, &out->part[out->count++]);
		if (*text == '\0')
			return NULL;
		if (*text != grammar->separator)
			return is_blank(*text) ? "a blank" : "a suffix";
	}
}

/*
 * The version that a refused text was probably meant to be: what stands before and behind the
 * numbers is left out, and so are leading zeros and empty parts: "v01..2-rc1" -> 1.2. False when
 * there is none, or when leaving out would make it another number.
 */
static bool salvage(const struct grammar *grammar, const char *text, struct sov_version *out)
{
	out->count = 0;
	while (*text && !is_digit(*text))
		text++;
	while (is_digit(*text) && out->count < grammar->max) {
		text += strspn(text, "0"); /* of "00" nothing is left, which counts as 0 */
		if (strspn(text, "0123456789") > 9)
			return false;
		text = take_number(text, &out->part[out->count++]);
		if (text[0] == grammar->separator)
			text += strspn(text, (const char[]){grammar->separator, '\0'});
	}
	return out->count > 0;
}

static char *format(char *out, const struct grammar *grammar, const struct sov_version *numbers)
{
	size_t len = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < numbers->count && i < SOV_VERSION_PARTS; i++) {
		sov_str_format(out + len, SOV_VERSION_TEXT_MAX - len, "%.*s%u", i > 0,
			       &grammar->separator, numbers->part[i]);
		len += strlen(out + len);
	}
	return out;
}

/* An interface can replace no more earlier ones than there were. */
static bool age_fits(const struct sov_version *triple)
{
	return triple->part[2] <= triple->part[0];
}

/* Refuse a text that is not of its grammar; say how it would be, or which other key takes it. */
static int refuse(struct sov_err *err, const struct grammar *grammar, const char *text,
		  const char *fault)
{
	bool is_version = grammar == &version_grammar;
	const struct grammar *other = is_version ? &triple_grammar : &version_grammar;
	char excerpt[SOV_EXCERPT_MAX], better[SOV_VERSION_TEXT_MAX];
	struct sov_version numbers = {0};

	sov_fail(err, SOV_E_USAGE, NULL, "%s", fault);
	sov_expected(err, "%s", grammar->expected);
	sov_found(err, "%s", text[0] ? sov_str_excerpt(excerpt, text) : "nothing");
	if (scan(other, text, &numbers) == NULL && (!is_version || age_fits(&numbers)))
		sov_fix(err, "declare it as %s = %s", is_version ? "libtool" : "version", text);
	else if (salvage(grammar, text, &numbers))
		sov_fix(err, "write %s", format(better, grammar, &numbers));
	return -(int)err->code;
}

int sov_version_parse(struct sov_version *out, const char *text, struct sov_err *err)
{
	struct sov_version version = {0};
	const char *fault = scan(&version_grammar, text, &version);

	if (fault)
		return refuse(err, &version_grammar, text, fault);
	*out = version;
	return 0;
}

char *sov_version_format(char *out, const struct sov_version *version)
{
	return format(out, &version_grammar, version);
}

int sov_version_compare(const struct sov_version *a, const struct sov_version *b)
{
	for (unsigned i = 0; i < a->count && i < b->count; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	return (a->count > b->count) - (a->count < b->count);
}

int sov_triple_parse(struct sov_triple *out, const char *text, struct sov_err *err)
{
	struct sov_version numbers = {0};
	const char *fault = scan(&triple_grammar, text, &numbers);

	if (fault)
		return refuse(err, &triple_grammar, text, fault);
	if (!age_fits(&numbers)) {
		sov_fail(err, SOV_E_USAGE, NULL, "an age greater than current");
		sov_expected(err, "an age of 0 to %u", numbers.part[0]);
		sov_found(err, "%s", text);
		return sov_fix(err, "lower the age, or raise current");
	}
	*out = (struct sov_triple){numbers.part[0], numbers.part[1], numbers.part[2]};
	return 0;
}

char *sov_triple_format(char *out, const struct sov_triple *triple)
{
	const struct sov_version numbers = {
		3, {triple->current, triple->revision, triple->age}
	   };

	return format(out, &triple_grammar, &numbers);
}

const char *sov_release(void)
{
	return SOV_VERSION_TEXT;
}
