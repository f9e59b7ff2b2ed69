/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include <sov/names.h>

#include "base/str.h"
#include "model/words.h"

static const struct sov_word linker_names[] = {
	{"soname", SOV_LINKER_NAME_SONAME},
	{"real",	 SOV_LINKER_NAME_REAL  },
	{"none",	 SOV_LINKER_NAME_NONE  },
};

static int parse_version(void *out, const char *text, struct sov_err *err)
{
	return sov_version_parse(out, text, err);
}

static int parse_triple(void *out, const char *text, struct sov_err *err)
{
	return sov_triple_parse(out, text, err);
}

static int parse_policy(void *out, const char *text, struct sov_err *err)
{
	return sov_policy_parse(out, text, err);
}

static int parse_linker_name(void *out, const char *text, struct sov_err *err)
{
	int value = sov_word_parse(linker_names, sizeof(linker_names) / sizeof(linker_names[0]),
				   "target", text, err);

	if (value < 0)
		return value;
	*(enum sov_linker_name *)out = (enum sov_linker_name)value;
	return 0;
}

#define BIT(key)    (1U << (key))
#define FIELD(name) offsetof(struct sov_decl, name), sizeof(((struct sov_decl *)NULL)->name)

/* What a key is called and takes, where its value is kept, and which keys contradict it. */
/* clang-format off */
static const struct {
	const char *name;
	int (*parse)(void *out, const char *text, struct sov_err *err);
	size_t offset, size;
	unsigned contradicts;
} keys[SOV_KEY_COUNT] = {
	[SOV_KEY_VERSION] = {"version", parse_version, FIELD(version), BIT(SOV_KEY_LIBTOOL)},
	[SOV_KEY_LIBTOOL] = {"libtool", parse_triple, FIELD(libtool),
			     BIT(SOV_KEY_VERSION) | BIT(SOV_KEY_SOVERSION) | BIT(SOV_KEY_POLICY)},
	[SOV_KEY_SOVERSION] = {"soversion", parse_version, FIELD(soversion), BIT(SOV_KEY_LIBTOOL)},
	[SOV_KEY_POLICY] = {"policy", parse_policy, FIELD(policy), BIT(SOV_KEY_LIBTOOL)},
	[SOV_KEY_RELEASE] = {"release", parse_version, FIELD(release), 0},
	[SOV_KEY_LINKER_NAME] = {"linker-name", parse_linker_name, FIELD(linker_name), 0},
};
/* clang-format on */

const char *sov_key_name(enum sov_key key)
{
	return keys[key].name;
}

/* "sov.conf:3", "--version"; "" when nobody said where it came from */
static char *place(char *out, size_t size, const struct sov_origin *from)
{
	const char *where = from->where ? from->where : "";
	bool fitted = from->line ? sov_str_format(out, size, "%s:%u", where, from->line)
				 : sov_str_copy(out, size, where);

	if (!fitted)
		sov_str_ellipsis(out, size);
	return out;
}

/* Two keys, or one key twice, that cannot both be meant. The error is about the second. */
static int refuse_pair(struct sov_err *err, enum sov_key first, const struct sov_origin *first_from,
		       enum sov_key second, const struct sov_origin *second_from)
{
	char subject[SOV_SUBJECT_MAX], one[SOV_TEXT_MAX / 3], two[SOV_TEXT_MAX / 3];

	place(subject, sizeof(subject), second_from);
	if (first == second)
		sov_fail(err, SOV_E_USAGE, subject, "%s is declared twice", keys[first].name);
	else
		sov_fail(err, SOV_E_USAGE, subject, "%s contradicts %s", keys[second].name,
			 keys[first].name);
	sov_expected(err, "one of the two");
	sov_found(err, "%s (%s) and %s (%s)", keys[first].name, place(one, sizeof(one), first_from),
		  keys[second].name, place(two, sizeof(two), second_from));
	return sov_fix(err, "remove one of them");
}

/* Can @key be declared beside what is there? */
static int check_pairs(const struct sov_decl *decl, enum sov_key key, const struct sov_origin *from,
		       struct sov_err *err)
{
	unsigned clash = decl->has & (BIT(key) | keys[key].contradicts);

	for (enum sov_key other = 0; other < SOV_KEY_COUNT; other++)
		if (clash & BIT(other))
			return refuse_pair(err, other, &decl->from[other], key, from);
	return 0;
}

/* Say in an error of a value's parser which key it is about, and where that is declared. */
static int add_context(struct sov_err *err, enum sov_key key, const struct sov_origin *from)
{
	char message[sizeof(err->message)];

	place(err->subject, sizeof(err->subject), from);
	if (!sov_str_format(message, sizeof(message), "%s: %s", keys[key].name, err->message))
		sov_str_ellipsis(message, sizeof(message));
	sov_str_copy(err->message, sizeof(err->message), message);
	return -(int)err->code;
}

int sov_decl_set(struct sov_decl *decl, enum sov_key key, const char *text, struct sov_origin from,
		 struct sov_err *err)
{
	int ret = check_pairs(decl, key, &from, err);

	if (ret)
		return ret;
	ret = keys[key].parse((char *)decl + keys[key].offset, text, err);
	if (ret)
		return add_context(err, key, &from);
	decl->has |= BIT(key);
	decl->from[key] = from;
	return 0;
}

static void take_key(struct sov_decl *decl, const struct sov_decl *from, enum sov_key key)
{
	memcpy((char *)decl + keys[key].offset, (const char *)from + keys[key].offset,
	       keys[key].size);
	decl->has |= BIT(key);
	decl->from[key] = from->from[key];
}

int sov_decl_merge(struct sov_decl *decl, const struct sov_decl *higher, struct sov_err *err)
{
	struct sov_decl merged = *decl;

	if (higher->has & (BIT(SOV_KEY_VERSION) | BIT(SOV_KEY_LIBTOOL))) {
		*decl = *higher;
		return 0;
	}
	for (enum sov_key key = 0; key < SOV_KEY_COUNT; key++) {
		int ret;

		if (!sov_decl_has(higher, key))
			continue;
		merged.has &= ~BIT(key); /* replaced, hence not there twice */
		ret = check_pairs(&merged, key, &higher->from[key], err);
		if (ret)
			return ret;
		take_key(&merged, higher, key);
	}
	*decl = merged;
	return 0;
}

bool sov_decl_names_a_version(const struct sov_decl *decl)
{
	return sov_decl_has(decl, SOV_KEY_VERSION) || sov_decl_has(decl, SOV_KEY_LIBTOOL) ||
	       sov_decl_has(decl, SOV_KEY_RELEASE);
}

char *sov_decl_origin(const struct sov_decl *decl, char *out, size_t size)
{
	static const enum sov_key deciding[] = {SOV_KEY_SOVERSION, SOV_KEY_LIBTOOL, SOV_KEY_VERSION,
						SOV_KEY_RELEASE};

	sov_str_copy(out, size, "");
	for (size_t i = 0; i < sizeof(deciding) / sizeof(deciding[0]); i++)
		if (sov_decl_has(decl, deciding[i]))
			return place(out, size, &decl->from[deciding[i]]);
	return out;
}
