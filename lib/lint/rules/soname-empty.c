/* SPDX-License-Identifier: MIT */
#include "lint/rule.h"

/* ldconfig takes the directory itself for the link that an empty SONAME asks for. */
static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	const struct sov_identity *library = sov_rule_library(facts, entry);

	if (library == NULL || library->soname == NULL || library->soname[0] != '\0')
		return false;
	sov_fault_say(fault, SOV_ERROR, NULL, "the SONAME is empty");
	sov_expected(&fault->says, "a name, or no SONAME at all");
	sov_fix(&fault->says, "relink; look for a variable without a value in the link line");
	return true;
}

const struct sov_rule sov_rule_soname_empty = {
	.info = {"soname-empty", SOV_ERROR, "the SONAME is there and empty"},
	.check = check,
};
