/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <sov/names.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Where the digits of @name begin, ".so" before them: the end when there are none, NULL when it is
 * no such name. */
static const char *find_digits(const char *name, unsigned *count)
{
	const char *end = name + strlen(name), *digits = end;

	*count = 0;
	for (const char *p = end; p > name; p--) {
		if (is_digit(p[-1]))
			continue;
		if (p[-1] != '.' || !is_digit(*p)) /* no further number ends here */
			break;
		digits = p;
		++*count;
	}
	if (*count > 0)
		end = digits - 1;
	if (end - name < 4 || memcmp(end - 3, ".so", 3) != 0) /* the stem is not empty */
		return NULL;
	return digits;
}

bool sov_filename_parse(struct sov_filename *out, const char *name)
{
	unsigned count;
	const char *digits = find_digits(name, &count);

	if (!digits)
		return false;
	out->stem = name;
	out->stem_len = (size_t)(digits - name) - (count > 0 ? strlen(".so.") : strlen(".so"));
	out->digits = digits;
	out->count = count;
	return true;
}

bool sov_filename_same_stem(const struct sov_filename *a, const struct sov_filename *b)
{
	return a->stem_len == b->stem_len && memcmp(a->stem, b->stem, a->stem_len) == 0;
}

/* Order two runs of digits by value; *a and *b are moved behind them. */
static int compare_number(const char **a, const char **b)
{
	size_t a_len, b_len;
	int order;

	*a += strspn(*a, "0");
	*b += strspn(*b, "0");
	a_len = strspn(*a, "0123456789");
	b_len = strspn(*b, "0123456789");
	if (a_len != b_len)
		return a_len < b_len ? -1 : 1;
	order = memcmp(*a, *b, a_len);
	*a += a_len;
	*b += b_len;
	return order;
}

int sov_filename_compare(const struct sov_filename *a, const struct sov_filename *b)
{
	const char *p = a->digits, *q = b->digits;

	while (*p && *q) {
		int order = compare_number(&p, &q);

		if (order)
			return order;
		p += *p == '.';
		q += *q == '.';
	}
	return (*p != '\0') - (*q != '\0');
}

static bool has_control_bytes(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7F)
			return true;
	return false;
}

const char *sov_soname_unsafe(const char *soname)
{
	if (soname[0] == '\0')
		return "is empty";
	if (strcmp(soname, ".") == 0 || strcmp(soname, "..") == 0)
		return "is . or ..";
	if (strnlen(soname, SOV_NAME_MAX) == SOV_NAME_MAX)
		return "is longer than 255 bytes";
	if (strchr(soname, '/'))
		return "has a '/'";
	if (has_control_bytes(soname))
		return "has control bytes";
	return NULL;
}
