/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "lint/layout.h"
#include "lint/rule.h"

/* The directory at the top of the tree that the entry lies below; "" when it is not known. */
static const char *top_of(const struct sov_facts *facts, const struct sov_entry *entry)
{
	return facts->anchor[0] != '\0' ? facts->anchor : facts->directories[entry->directory].path;
}

/* By the custom of Debian and others, a link from /usr/lib to /lib or /etc is absolute. */
static bool crosses_tops(const char *from, const char *to)
{
	size_t n = strcspn(from, "/"), m = strcspn(to, "/");

	return sov_layout_top(from, n) && sov_layout_top(to, m) &&
	       (n != m || memcmp(from, to, n) != 0);
}

static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	if (entry->type != SOV_ITEM_LINK || entry->target[0] != '/')
		return false;
	sov_fault_say(fault,
		      crosses_tops(top_of(facts, entry), entry->target + 1) ? SOV_INFO
									    : SOV_WARNING,
		      entry->name, "the link is absolute");
	sov_expected(&fault->says, "a target relative to the link's directory");
	sov_found(&fault->says, "%s -> %s", entry->name, entry->target);
	sov_fix(&fault->says,
		"make it relative: below a DESTDIR or in a sysroot it means another file");
	return true;
}

const struct sov_rule sov_rule_link_absolute = {
	.info = {"link-absolute", SOV_WARNING,
		 "a link that means another file below a DESTDIR or in a sysroot"},
	.check = check,
};
