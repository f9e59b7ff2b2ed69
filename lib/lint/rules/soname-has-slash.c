/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "lint/rule.h"

/* Source: ld.so(8): a NEEDED string with a slash is a path, and nothing is searched for. */
static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	const struct sov_identity *library = sov_rule_library(facts, entry);
	const char *slash;

	if (library == NULL || library->soname == NULL)
		return false;
	slash = strrchr(library->soname, '/');
	if (slash == NULL)
		return false;
	sov_fault_say(fault, SOV_ERROR, library->soname, "the SONAME holds a '/'");
	if (slash[1] != '\0')
		sov_expected(&fault->says, "%s", slash + 1);
	else
		sov_expected(&fault->says, "a name without directory");
	sov_found(&fault->says, "%s", library->soname);
	sov_fix(&fault->says, "relink with the name alone after -soname");
	return true;
}

const struct sov_rule sov_rule_soname_has_slash = {
	.info = {"soname-has-slash", SOV_ERROR,
		 "the SONAME is a path, so programs never search for the library"},
	.check = check,
};
