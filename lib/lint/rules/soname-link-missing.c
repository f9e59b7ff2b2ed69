/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/str.h"
#include "lint/rule.h"

/* A plugin is loaded by its path and may say what it likes: in private places it is an info. */
static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	const struct sov_identity *library = sov_rule_library(facts, entry);
	struct sov_filename name;
	char path[SOV_SUBJECT_MAX], link[SOV_SUBJECT_MAX];

	if (library == NULL || library->soname == NULL || !sov_filename_parse(&name, entry->name) ||
	    sov_soname_unsafe(library->soname) != NULL ||
	    strcmp(entry->name, library->soname) == 0 ||
	    sov_facts_beside(facts, entry, library->soname) != NULL)
		return false;
	sov_fault_say(fault, sov_rule_is_linkable(facts, entry) ? SOV_ERROR : SOV_INFO,
		      library->soname, "no entry beside it has the name that its SONAME says");
	sov_expected(&fault->says, "%s -> %s", library->soname, entry->name);
	sov_found(&fault->says, "nothing");
	sov_facts_path(facts, entry, path);
	path[strlen(path) - strlen(entry->name)] = '\0';
	if (!sov_str_format(link, sizeof(link), "%s%s", path, library->soname))
		return true; /* no path at all can be that long */
	sov_fault_fix_link(fault, facts, "ln -s", entry->name, link);
	return true;
}

const struct sov_rule sov_rule_soname_link_missing = {
	.info = {"soname-link-missing", SOV_ERROR,
		 "nothing has the name that programs will look for"},
	.check = check,
};
