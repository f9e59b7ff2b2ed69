/* SPDX-License-Identifier: MIT */
#include "lint/rule.h"

/* A hard link of a versioned name is fine: the file survives without it. It is not the file's
 * longest name, so sov_rule_library() does not speak of it. */
static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	const struct sov_identity *library = sov_rule_library(facts, entry);
	struct sov_filename file, soname;

	if (library == NULL || library->soname == NULL || !sov_rule_is_linkable(facts, entry) ||
	    !sov_filename_parse(&file, entry->name) || sov_rule_is_versioned(&file) ||
	    !sov_filename_parse(&soname, library->soname) || !sov_rule_is_versioned(&soname))
		return false;
	sov_fault_say(fault, SOV_WARNING, library->soname,
		      "the file with the code has the linker name");
	sov_expected(&fault->says, "%s, a link to %s or to its real name", entry->name,
		     library->soname);
	sov_found(&fault->says, "a regular file with the SONAME %s", library->soname);
	sov_fix(&fault->says,
		"install it under its real name, with links from the soname and the linker name");
	return true;
}

const struct sov_rule sov_rule_real_name_unversioned = {
	.info = {"real-name-unversioned", SOV_WARNING,
		 "who removes the development files removes the library"},
	.check = check,
};
