/* SPDX-License-Identifier: MIT */
#include <sov/version.h>

#include "model/words.h"

static const struct sov_word policies[] = {
	{"major",  SOV_POLICY_MAJOR },
	{"minor",  SOV_POLICY_MINOR },
	{"exact",  SOV_POLICY_EXACT },
	{"semver", SOV_POLICY_SEMVER},
};

int sov_policy_parse(enum sov_policy *out, const char *text, struct sov_err *err)
{
	int value = sov_word_parse(policies, sizeof(policies) / sizeof(policies[0]), "policy", text,
				   err);

	if (value < 0)
		return value;
	*out = (enum sov_policy)value;
	return 0;
}

const char *sov_policy_name(enum sov_policy policy)
{
	return policies[policy].text;
}

/* How many leading numbers may change the ABI: before 1.0.0, semantic versions promise nothing. */
static unsigned semver_parts(const struct sov_version *version)
{
	if (version->part[0] != 0)
		return 1;
	return version->count > 1 && version->part[1] == 0 ? 3 : 2;
}

struct sov_version sov_soversion_derive(const struct sov_version *version, enum sov_policy policy)
{
	struct sov_version soversion = *version;
	unsigned parts = version->count;

	switch (policy) {
	case SOV_POLICY_MAJOR:
		parts = 1;
		break;
	case SOV_POLICY_MINOR:
		parts = 2;
		break;
	case SOV_POLICY_SEMVER:
		parts = semver_parts(version);
		break;
	case SOV_POLICY_EXACT:
		break;
	}
	if (parts < version->count)
		soversion.count = parts;
	return soversion;
}
