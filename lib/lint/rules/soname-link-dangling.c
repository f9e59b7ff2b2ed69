/* SPDX-License-Identifier: MIT */
#include "base/str.h"
#include "lint/rule.h"

/*
 * The development part of a library is often unpacked without its run-time part, and alternatives
 * are made at installation: without a sysroot nobody can say that such a link will dangle. A circle
 * is whole: nothing that is added can mend it.
 */
static enum sov_severity severity(const struct sov_facts *facts, const struct sov_entry *entry,
				  const struct sov_filename *name)
{
	if (facts->sysroot_count > 0 || entry->end == SOV_LINK_LOOP)
		return SOV_ERROR;
	if (!sov_rule_is_versioned(name) || sov_str_starts(entry->target, "/etc/"))
		return SOV_INFO;
	return SOV_ERROR;
}

static bool leads_nowhere(const struct sov_facts *facts, const struct sov_entry *entry)
{
	if (entry->end == SOV_LINK_OUTSIDE)
		return facts->sysroot_count > 0;
	return entry->end == SOV_LINK_ABSENT || entry->end == SOV_LINK_LOOP;
}

static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	struct sov_filename name;

	if (entry->type != SOV_ITEM_LINK || !sov_filename_parse(&name, entry->name) ||
	    !leads_nowhere(facts, entry))
		return false;
	sov_fault_say(fault, severity(facts, entry, &name), entry->name,
		      entry->end == SOV_LINK_LOOP ? "the link leads in a circle"
						  : "the link leads to nothing");
	sov_expected(&fault->says, "a link to a library in this tree%s",
		     facts->sysroot_count > 0 ? " or a sysroot" : "");
	sov_found(&fault->says, "%s -> %s", entry->name, entry->target);
	if (entry->end == SOV_LINK_LOOP)
		sov_fix(&fault->says, "point it at the library, or remove the link");
	else if (facts->sysroot_count > 0)
		sov_fix(&fault->says, "install what it points at, or remove the link");
	else
		sov_fix(&fault->says,
			"install what it points at, or name the tree that has it with --sysroot");
	return true;
}

const struct sov_rule sov_rule_soname_link_dangling = {
	.info = {"soname-link-dangling", SOV_ERROR, "a soname link leads to nothing"},
	.check = check,
};
