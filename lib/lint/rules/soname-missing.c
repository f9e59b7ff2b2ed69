/* SPDX-License-Identifier: MIT */
#include "lint/rule.h"

/*
 * A module of a public directory that is not called lib* is no concern: -l does not find it, so no
 * program records it.
 */
static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	const struct sov_identity *library = sov_rule_library(facts, entry);

	if (library == NULL || library->soname != NULL || !sov_rule_is_linkable(facts, entry))
		return false;
	sov_fault_say(fault, SOV_ERROR, NULL, "no SONAME");
	sov_expected(&fault->says,
		     "a SONAME, which programs record and the dynamic linker looks for");
	sov_fix(&fault->says,
		"declare its version and link it with sovcc, or link it with -Wl,-soname,NAME");
	return true;
}

const struct sov_rule sov_rule_soname_missing = {
	.info = {"soname-missing", SOV_ERROR, "a library in a public directory has no SONAME"},
	.check = check,
};
