/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>

#include "base/io.h"
#include "lint/rule.h"

/* Built for another machine, it is no copy. */
static bool same_machine(const struct sov_facts *facts, const struct sov_entry *a,
			 const struct sov_entry *b)
{
	const struct sov_identity *x = sov_facts_library(facts, a),
				  *y = sov_facts_library(facts, b);

	return x == NULL || y == NULL || (x->bits == y->bits && x->machine == y->machine);
}

/*
 * The file that the link should lead to: another one with that SONAME under a versioned name. A
 * hard link is as good as a link: ldconfig takes it, and an upgrade replaces it.
 */
static const struct sov_entry *find_real(const struct sov_facts *facts,
					 const struct sov_entry *entry)
{
	const struct sov_entry *other, *found = NULL;
	struct sov_filename name;
	size_t node = SOV_NONE;

	while ((other = sov_facts_next_with_soname(facts, entry->directory, entry->name, &node)) !=
	       NULL) {
		if (other == entry || other->type != SOV_ITEM_FILE)
			continue;
		if (other->object == entry->object)
			return NULL;
		if (other->primary && sov_filename_parse(&name, other->name) &&
		    sov_rule_is_versioned(&name) && same_machine(facts, entry, other))
			found = found == NULL || other > found ? other : found;
	}
	return found;
}

static const char *type_name(enum sov_item_type type)
{
	if (type == SOV_ITEM_OTHER)
		return "fifo, socket or device";
	return sov_mode_name(type == SOV_ITEM_FILE ? S_IFREG : S_IFDIR);
}

static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	const struct sov_entry *real;

	if (entry->type == SOV_ITEM_LINK || !sov_rule_is_linkable(facts, entry))
		return false;
	real = find_real(facts, entry);
	if (real == NULL)
		return false;
	sov_fault_say(fault, SOV_ERROR, entry->name, "%s stands where the soname link must be",
		      entry->type == SOV_ITEM_FILE ? "a copy" : "something else");
	sov_expected(&fault->says, "%s -> %s", entry->name, real->name);
	sov_found(&fault->says, "a %s", type_name(entry->type));
	sov_fix(&fault->says, "replace it by a link, or remove the file that is not in use");
	return true;
}

const struct sov_rule sov_rule_soname_link_not_symlink = {
	.info = {"soname-link-not-symlink", SOV_ERROR,
		 "a copy has the soname, so upgrades leave the old code in use"},
	.check = check,
};
