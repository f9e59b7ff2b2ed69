/* SPDX-License-Identifier: MIT */
#include "cli/declare.h"

#include <stdlib.h>

static const char *const variables[SOV_KEY_COUNT] = {
	[SOV_KEY_VERSION] = "SOV_VERSION",     [SOV_KEY_LIBTOOL] = "SOV_LIBTOOL",
	[SOV_KEY_SOVERSION] = "SOV_SOVERSION", [SOV_KEY_POLICY] = "SOV_POLICY",
	[SOV_KEY_RELEASE] = "SOV_RELEASE",     [SOV_KEY_LINKER_NAME] = "SOV_LINKER_NAME",
};

bool sov_cli_owns(const struct sov_decl *decl)
{
	return sov_decl_has(decl, SOV_KEY_VERSION) || sov_decl_has(decl, SOV_KEY_LIBTOOL);
}

static int read_environment(struct sov_decl *out, struct sov_err *err)
{
	int rc = 0;

	for (int key = 0; rc == 0 && key < SOV_KEY_COUNT; key++) {
		const struct sov_origin origin = {variables[key], 0};
		const char *value = getenv(variables[key]);

		if (value && *value)
			rc = sov_decl_set(out, (enum sov_key)key, value, origin, err);
	}
	return rc;
}

int sov_cli_layer(struct sov_decl *out, const struct sov_decl *spoken,
		  const struct sov_decl *section, struct sov_err *err)
{
	struct sov_decl decl = {0};
	int rc = 0;

	if (!sov_cli_owns(spoken) && !(section && sov_cli_owns(section)))
		rc = read_environment(&decl, err);
	if (rc == 0 && section)
		rc = sov_decl_merge(&decl, section, err);
	if (rc == 0)
		rc = sov_decl_merge(&decl, spoken, err);
	if (rc == 0)
		*out = decl;
	return rc;
}
