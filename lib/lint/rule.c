/* SPDX-License-Identifier: MIT */
#include "lint/rule.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

bool sov_fault_say(struct sov_fault *fault, enum sov_severity severity, const char *object,
		   const char *fmt, ...)
{
	va_list args;
	char message[SOV_TEXT_MAX];

	va_start(args, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	fault->severity = severity;
	(void)sov_str_copy(fault->object, sizeof(fault->object), object != NULL ? object : "");
	sov_fail(&fault->says, SOV_E_MISMATCH, NULL, "%s", message);
	return true;
}

void sov_fault_fix_link(struct sov_fault *fault, const struct sov_facts *facts, const char *ln,
			const char *target, const char *path)
{
	char full[SOV_SUBJECT_MAX], command[SOV_TEXT_MAX];

	if (sov_str_format(full, sizeof(full), "%s/%s", facts->root.path, path) &&
	    sov_shell_link(command, sizeof(command), ln, target, full))
		sov_fix(&fault->says, "%s", command);
	else
		sov_fix(&fault->says, "make that link by hand: no command shows such a name");
}

const struct sov_identity *sov_rule_library(const struct sov_facts *facts,
					    const struct sov_entry *entry)
{
	return entry->type == SOV_ITEM_FILE && entry->primary ? sov_facts_library(facts, entry)
							      : NULL;
}

bool sov_rule_is_linkable(const struct sov_facts *facts, const struct sov_entry *entry)
{
	struct sov_filename name;

	return sov_facts_is_public(facts, entry) && sov_str_starts(entry->name, "lib") &&
	       sov_filename_parse(&name, entry->name);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool sov_rule_has_release(const struct sov_filename *name)
{
	size_t at = name->stem_len;

	while (at > 0 && (is_digit(name->stem[at - 1]) || name->stem[at - 1] == '.'))
		at--;
	return at > 1 && name->stem[at - 1] == '-' && at < name->stem_len &&
	       is_digit(name->stem[at]);
}

bool sov_rule_is_versioned(const struct sov_filename *name)
{
	return name->count > 0 || sov_rule_has_release(name);
}
