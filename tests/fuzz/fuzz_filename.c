/* SPDX-License-Identifier: MIT */
/* File names, versions and triples: two lines, compared with each other. */
#include "fuzz.h"

#include <string.h>

#include <sov/names.h>
#include <sov/version.h>

static void check_version(const char *text)
{
	char again[SOV_VERSION_TEXT_MAX];
	struct sov_version version;
	struct sov_triple triple;
	struct sov_err err;

	if (sov_version_parse(&version, text, &err) == 0) {
		REQUIRE(version.count >= 1 && version.count <= SOV_VERSION_PARTS);
		REQUIRE(strcmp(sov_version_format(again, &version), text) == 0);
	} else {
		REQUIRE(err.code == SOV_E_USAGE);
	}
	if (sov_triple_parse(&triple, text, &err) == 0)
		REQUIRE(triple.age <= triple.current && triple.current <= SOV_NUMBER_MAX);
}

static int sign(int number)
{
	return (number > 0) - (number < 0);
}

static void check_names(const char *one, const char *other)
{
	struct sov_filename a, b;

	if (!sov_filename_parse(&a, one))
		return;
	REQUIRE(a.stem_len > 0 && a.stem_len + 3 <= strlen(one));
	REQUIRE(sov_filename_compare(&a, &a) == 0 && sov_filename_same_stem(&a, &a));
	if (!sov_filename_parse(&b, other))
		return;
	REQUIRE(sign(sov_filename_compare(&a, &b)) == -sign(sov_filename_compare(&b, &a)));
	REQUIRE(sov_filename_same_stem(&a, &b) == sov_filename_same_stem(&b, &a));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *one = fuzz_text(data, size);
	char *other = strchr(one, '\n');

	if (other != NULL)
		*other++ = '\0';
	else
		other = one;
	check_version(one);
	check_names(one, other);
	sov_soname_unsafe(one);
	free(one);
	return 0;
}
