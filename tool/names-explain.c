/* SPDX-License-Identifier: MIT */
#include "tool/names.h"

#include <sov/version.h>

/* What a system's names are made of, in words; sov_names_derive() makes them. */
static const char *const rules[] = {
	[SOV_OS_LINUX] = "the soversion behind .so in the soname, the version in the real name",
	[SOV_OS_NETBSD] =
		"one number behind .so in the soname, two in the real name; a triple gives "
		"current and revision",
	[SOV_OS_OPENBSD] = "two numbers behind .so in the real name, no soname, no linker name; a "
			   "triple gives current and revision",
	[SOV_OS_ANDROID] = "no numbers; a release stays in the name",
	[SOV_OS_DARWIN] = "the soversion before .dylib; the soname is the end of the install name",
};

static const char *const policies[] = {
	[SOV_POLICY_MAJOR] = "the first number",
	[SOV_POLICY_MINOR] = "the first two numbers",
	[SOV_POLICY_EXACT] = "all numbers",
	[SOV_POLICY_SEMVER] = "of 0.0.z all three numbers, of 0.y two, else the first",
};

static void put_value(FILE *out, const struct sov_decl *decl, enum sov_key key)
{
	static const char *const targets[] = {"soname", "real", "none"};
	char text[SOV_VERSION_TEXT_MAX];

	switch (key) {
	case SOV_KEY_VERSION:
		fputs(sov_version_format(text, &decl->version), out);
		break;
	case SOV_KEY_LIBTOOL:
		fputs(sov_triple_format(text, &decl->libtool), out);
		break;
	case SOV_KEY_SOVERSION:
		fputs(sov_version_format(text, &decl->soversion), out);
		break;
	case SOV_KEY_POLICY:
		fputs(sov_policy_name(decl->policy), out);
		break;
	case SOV_KEY_RELEASE:
		fputs(sov_version_format(text, &decl->release), out);
		break;
	default:
		fputs(targets[decl->linker_name], out);
	}
}

static int put_declared(FILE *out, const struct sov_decl *decl, struct sov_err *err)
{
	int code = 0;

	for (enum sov_key key = 0; code == 0 && key < SOV_KEY_COUNT; key++) {
		const struct sov_origin *from = &decl->from[key];

		if (!sov_decl_has(decl, key))
			continue;
		fprintf(out, "declared: %s = ", sov_key_name(key));
		put_value(out, decl, key);
		fputs(" (", out);
		code = put_quoted(out, from->where, err);
		if (from->line > 0)
			fprintf(out, ":%u", from->line);
		fputs(")\n", out);
	}
	return code;
}

/* The numbers, taken from the names that the declaration gives where names have them all. */
static int put_numbers(FILE *out, const struct named *named, struct sov_err *err)
{
	const struct sov_decl *decl = &named->decl;
	const struct sov_library library = {"lib", named->library.base, SOV_OS_LINUX};
	struct sov_filename soname, real;
	struct sov_names names;
	int code = sov_names_derive(&names, &library, decl, err);

	if (code != 0)
		return code;
	if (!sov_filename_parse(&soname, names.soname) || soname.count == 0) {
		fputs("soversion: none, for only a release is declared\n", out);
		return 0;
	}
	fprintf(out, "soversion: %s (", soname.digits);
	if (sov_decl_has(decl, SOV_KEY_SOVERSION))
		fputs("declared)\n", out);
	else if (sov_decl_has(decl, SOV_KEY_LIBTOOL))
		fputs("current - age)\n", out);
	else
		fprintf(out, "policy %s%s: %s)\n", sov_policy_name(decl->policy),
			sov_decl_has(decl, SOV_KEY_POLICY) ? "" : ", the default",
			policies[decl->policy]);
	if (sov_decl_has(decl, SOV_KEY_LIBTOOL) && sov_filename_parse(&real, names.real_name))
		fprintf(out, "version: %s (current - age, age, revision)\n", real.digits);
	return 0;
}

static void put_name(FILE *out, const char *key, const char *name, const char *job)
{
	fprintf(out, "%s: %s (%s)\n", key, *name != '\0' ? name : "none", job);
}

int names_explain(FILE *out, const void *result, bool color, struct sov_err *err)
{
	const struct named *named = result;
	const struct sov_names *names = &named->names;
	int code = put_declared(out, &named->decl, err);

	(void)color;
	if (code == 0)
		code = put_numbers(out, named, err);
	if (code != 0)
		return code;
	fprintf(out, "system: %s (%s)\n", named->os, rules[named->library.os]);
	put_name(out, "linker_name", names->linker_name, "what the link editor opens");
	put_name(out, "soname", names->soname, "what programs ask for at run time");
	put_name(out, "real_name", names->real_name, "the file that holds the code");
	if (names->current_version[0] != '\0')
		fprintf(out, "current_version: %s, compatibility_version: %s (current + 1)\n",
			names->current_version, names->compatibility_version);
	return 0;
}

int names_all_forms(FILE *out, const void *result, bool color, struct sov_err *err)
{
	const struct named *named = result;
	struct sov_forms forms;
	int code = sov_forms_derive(&forms, &named->library, &named->decl, err);

	(void)color;
	if (code != 0)
		return code;
	fprintf(out, "version=%s\nversion-number=%s\nversion-info=%s\ncmake=%s\nmeson=%s\n",
		forms.version, forms.version_number, forms.version_info, forms.cmake, forms.meson);
	return 0;
}
