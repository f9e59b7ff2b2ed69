/* SPDX-License-Identifier: MIT */
#include "lint/rule.h"

static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	const struct sov_identity *library = sov_rule_library(facts, entry);
	struct sov_filename file, soname;

	if (library == NULL || library->soname == NULL || !sov_rule_is_linkable(facts, entry) ||
	    !sov_filename_parse(&file, entry->name) ||
	    !sov_filename_parse(&soname, library->soname))
		return false;
	/* libdemo-1.2.so has its version where -release puts it. */
	if (file.count == 0 || sov_rule_is_versioned(&soname))
		return false;
	sov_fault_say(fault, SOV_ERROR, library->soname,
		      "a versioned file has the linker name for its SONAME");
	sov_expected(&fault->says, "a SONAME that changes when the ABI does, as %s.N",
		     library->soname);
	sov_found(&fault->says, "%s", library->soname);
	sov_fix(&fault->says, "declare its version and link it with sovcc");
	return true;
}

const struct sov_rule sov_rule_soname_is_linker_name = {
	.info = {"soname-is-linker-name", SOV_ERROR,
		 "programs need the development link at run time"},
	.check = check,
};
