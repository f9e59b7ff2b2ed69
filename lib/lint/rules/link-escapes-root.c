/* SPDX-License-Identifier: MIT */
#include "lint/rule.h"

static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	(void)facts;
	if (entry->type != SOV_ITEM_LINK || entry->end != SOV_LINK_ESCAPES)
		return false;
	sov_fault_say(fault, SOV_ERROR, entry->name, "the link climbs out of the tree");
	sov_expected(&fault->says, "no more \"..\" than there are directories");
	sov_found(&fault->says, "%s -> %s", entry->name, entry->target);
	sov_fix(&fault->says, "point it at a file of the tree, or lint the whole tree");
	return true;
}

const struct sov_rule sov_rule_link_escapes_root = {
	.info = {"link-escapes-root", SOV_ERROR, "a link climbs out of the tree"},
	.check = check,
};
