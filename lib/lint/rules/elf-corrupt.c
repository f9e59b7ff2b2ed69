/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "lint/rule.h"

/* Text, Mach-O and other files that never said ELF are no concern; nor are separate debug files. */
static bool is_corrupt(const struct sov_identity *identity, const char *name)
{
	struct sov_filename ignored;

	if (identity->kind == SOV_KIND_BROKEN)
		return true;
	return identity->size == 0 && sov_filename_parse(&ignored, name);
}

static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	const struct sov_identity *identity = sov_facts_identity(facts, entry);

	if (entry->type != SOV_ITEM_FILE || !entry->primary || identity == NULL ||
	    !is_corrupt(identity, entry->name))
		return false;
	sov_fault_say(fault, SOV_ERROR, NULL, "the dynamic linker cannot use this file");
	sov_expected(&fault->says, "a whole ELF file");
	sov_found(&fault->says, "%s",
		  identity->detail[0] != '\0' ? identity->detail : "a broken one");
	sov_fix(&fault->says, "build or copy it again");
	return true;
}

const struct sov_rule sov_rule_elf_corrupt = {
	.info = {"elf-corrupt", SOV_ERROR, "a library that is empty, cut short or inconsistent"},
	.check = check,
};
