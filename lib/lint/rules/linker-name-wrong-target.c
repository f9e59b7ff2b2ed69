/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "lint/rule.h"

/* Is one stem the beginning of the other? libpng.so -> libpng16.so is an alias, not a mistake. */
static bool related(const struct sov_filename *a, const struct sov_filename *b)
{
	size_t n = a->stem_len < b->stem_len ? a->stem_len : b->stem_len;

	return memcmp(a->stem, b->stem, n) == 0;
}

/* Has the library that the link leads to a linker name of its own? */
static bool has_own_name(const struct sov_facts *facts, const struct sov_entry *entry,
			 const struct sov_filename *soname)
{
	char name[SOV_NAME_MAX];
	const struct sov_entry *own;

	(void)snprintf(name, sizeof(name), "%.*s.so", (int)soname->stem_len, soname->stem);
	own = sov_facts_beside(facts, entry, name);
	return own != NULL && own->object == entry->object;
}

/* Is there a library that the link is named after: a file beside it, or one a .pc file tells of? */
static bool has_namesake(const struct sov_facts *facts, const struct sov_entry *entry,
			 const struct sov_filename *link)
{
	const struct sov_entry *first = entry;

	if (sov_facts_is_linked(facts, link->stem + 3, link->stem_len - 3))
		return true;
	/* Names of one directory are in order, so "libdemo.so.2" follows "libdemo.so" at once. */
	for (size_t i = (size_t)(first - facts->entries) + 1;
	     i < facts->entry_count && facts->entries[i].directory == entry->directory; i++) {
		const struct sov_entry *other = &facts->entries[i];
		struct sov_filename name;

		if (!sov_str_starts(other->name, entry->name))
			break;
		if (other->object != entry->object && sov_facts_library(facts, other) != NULL &&
		    sov_filename_parse(&name, other->name) && sov_filename_same_stem(&name, link))
			return true;
	}
	return false;
}

static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	const struct sov_identity *library = sov_facts_library(facts, entry);
	struct sov_filename link, soname, file;
	bool wrong;

	if (entry->type != SOV_ITEM_LINK || library == NULL || library->soname == NULL ||
	    !sov_rule_is_linkable(facts, entry) || !sov_filename_parse(&link, entry->name) ||
	    link.count > 0 || !sov_filename_parse(&soname, library->soname) ||
	    !sov_filename_parse(&file, sov_str_basename(entry->leads_to)) ||
	    sov_filename_same_stem(&link, &soname) || sov_filename_same_stem(&link, &file))
		return false;
	wrong = has_own_name(facts, entry, &soname) && has_namesake(facts, entry, &link);
	if (!wrong && (related(&link, &soname) || related(&link, &file)))
		return false;
	sov_fault_say(fault, wrong ? SOV_WARNING : SOV_INFO, entry->name,
		      "the linker name leads to another library");
	sov_expected(&fault->says, "a library called %.*s", (int)link.stem_len, link.stem);
	sov_found(&fault->says, "%s with the SONAME %s", sov_str_basename(entry->leads_to),
		  library->soname);
	sov_fix(&fault->says, "point it at the library of that name, or remove the link");
	return true;
}

const struct sov_rule sov_rule_linker_name_wrong_target = {
	.info = {"linker-name-wrong-target", SOV_WARNING,
		 "-l links with another library than the one it names"},
	.check = check,
};
