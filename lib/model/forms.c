/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/str.h"
#include "model/names.h"

/* What the forms are made of: the same numbers that are in the names. */
struct texts {
	char version[SOV_VERSION_TEXT_MAX], soversion[SOV_VERSION_TEXT_MAX];
	char release[SOV_VERSION_TEXT_MAX];
};

static void append(char *out, size_t size, const char *separator, const char *key,
		   const char *value)
{
	size_t len = strlen(out);

	sov_str_format(out + len, size - len, "%s%s = %s", len > 0 ? separator : "", key, value);
}

static void say_ours(char *out, size_t size, const struct sov_decl *decl,
		     const struct sov_numbers *numbers, const struct texts *texts)
{
	struct sov_version major = sov_soversion_derive(&numbers->version, SOV_POLICY_MAJOR);
	bool only_release =
		!sov_decl_has(decl, SOV_KEY_VERSION) && !sov_decl_has(decl, SOV_KEY_LIBTOOL);

	out[0] = '\0';
	if (!only_release)
		append(out, size, ", ", "version", texts->version);
	if (numbers->soversion.count > 0 &&
	    (only_release || sov_version_compare(&major, &numbers->soversion) != 0))
		append(out, size, ", ", "soversion", texts->soversion);
	if (decl->release.count > 0)
		append(out, size, ", ", "release", texts->release);
}

#define LIBTOOL_NUMBER_MAX 99999 /* func_mode_link in its ltmain.sh takes five digits at most */

/* Libtool has three numbers, of which the first is the soversion, and current is the sum of two. */
static bool libtool_can(const struct sov_numbers *numbers)
{
	const struct sov_version *version = &numbers->version;

	return version->count == 3 && numbers->soversion.count == 1 &&
	       numbers->soversion.part[0] == version->part[0] &&
	       version->part[0] + version->part[1] <= LIBTOOL_NUMBER_MAX &&
	       version->part[2] <= LIBTOOL_NUMBER_MAX;
}

static void say_libtool(struct sov_forms *forms, const struct sov_decl *decl,
			const struct sov_numbers *numbers, const struct texts *texts)
{
	const uint32_t *part = numbers->version.part;
	char release[64] = "";

	if (decl->release.count > 0)
		sov_str_format(release, sizeof(release), "-release %s ", texts->release);
	if (numbers->version.count == 0) {
		sov_str_format(forms->version_number, sizeof(forms->version_number),
			       "%s-avoid-version", release);
		sov_str_copy(forms->version_info, sizeof(forms->version_info),
			     forms->version_number);
	} else if (libtool_can(numbers)) {
		sov_str_format(forms->version_number, sizeof(forms->version_number),
			       "%s-version-number %u:%u:%u", release, part[0], part[1], part[2]);
		sov_str_format(forms->version_info, sizeof(forms->version_info),
			       "%s-version-info %u:%u:%u", release, part[0] + part[1], part[2],
			       part[1]);
	}
}

/* CMake and meson make the linker name of the name with the release in it: neither can say one. */
static void say_others(struct sov_forms *forms, const struct sov_numbers *numbers,
		       const struct texts *texts)
{
	sov_str_format(forms->cmake, sizeof(forms->cmake), "VERSION %s SOVERSION %s",
		       texts->version, texts->soversion);
	if (numbers->version.count <= 3) /* more numbers are an error in meson */
		sov_str_format(forms->meson, sizeof(forms->meson), "version: '%s', soversion: '%s'",
			       texts->version, texts->soversion);
}

int sov_forms_derive(struct sov_forms *out, const struct sov_library *library,
		     const struct sov_decl *decl, struct sov_err *err)
{
	struct sov_library on_linux = *library;
	struct sov_forms forms = {"-", "-", "-", "-", "-"};
	struct sov_numbers numbers;
	struct sov_names names;
	struct texts texts;
	int ret;

	on_linux.os = SOV_OS_LINUX;
	ret = sov_names_derive(&names, &on_linux, decl, err);
	if (ret)
		return ret;
	sov_numbers_derive(&numbers, decl);
	sov_version_format(texts.version, &numbers.version);
	sov_version_format(texts.soversion, &numbers.soversion);
	sov_version_format(texts.release, &decl->release);
	say_ours(forms.version, sizeof(forms.version), decl, &numbers, &texts);
	say_libtool(&forms, decl, &numbers, &texts);
	if (decl->release.count == 0)
		say_others(&forms, &numbers, &texts);
	*out = forms;
	return 0;
}
