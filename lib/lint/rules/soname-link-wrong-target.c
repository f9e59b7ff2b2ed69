/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/str.h"
#include "lint/rule.h"

/*
 * libXaw7.so.7 -> libXaw7.so.7.0.0, whose SONAME is libXaw.so.7: the link says no more than the
 * file's own name does, so it is none that was meant to be a soname. If the soname link is missing
 * beside it, soname-link-missing says so.
 */
static bool abbreviates(const struct sov_filename *link, const char *path)
{
	struct sov_filename file;
	size_t n = strlen(link->digits);

	return sov_filename_parse(&file, sov_str_basename(path)) &&
	       sov_filename_same_stem(link, &file) && strncmp(link->digits, file.digits, n) == 0 &&
	       (file.digits[n] == '.' || file.digits[n] == '\0');
}

/* libtcl8.6.so.0 -> libtcl8.6.so, whose SONAME has no version: no other can be mistaken. */
static bool is_unversioned(const struct sov_filename *link, const char *soname)
{
	struct sov_filename name;

	return sov_filename_parse(&name, soname) && name.count == 0 &&
	       sov_filename_same_stem(link, &name);
}

static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	const struct sov_identity *library = sov_facts_library(facts, entry);
	struct sov_filename name;

	if (entry->type != SOV_ITEM_LINK || library == NULL || library->soname == NULL ||
	    library->soname[0] == '\0' || strcmp(library->soname, entry->name) == 0 ||
	    !sov_filename_parse(&name, entry->name) || name.count == 0 ||
	    abbreviates(&name, entry->leads_to) || is_unversioned(&name, library->soname))
		return false;
	sov_fault_say(fault, sov_rule_is_linkable(facts, entry) ? SOV_ERROR : SOV_INFO, entry->name,
		      "the soname link leads to another library");
	sov_expected(&fault->says, "a library with the SONAME %s", entry->name);
	sov_found(&fault->says, "%s with the SONAME %s", sov_str_basename(entry->leads_to),
		  library->soname);
	sov_fix(&fault->says, "point it at the library of that SONAME, or remove the link");
	return true;
}

const struct sov_rule sov_rule_soname_link_wrong_target = {
	.info = {"soname-link-wrong-target", SOV_ERROR,
		 "programs load another library than the one they ask for"},
	.check = check,
};
