/* SPDX-License-Identifier: MIT */
#ifndef SOV_LINT_RULE_H
#define SOV_LINT_RULE_H

#include <stdbool.h>

#include <sov/lint.h>

#include "lint/facts.h"

/* struct sov_fault - what a rule has to say about an entry. */
struct sov_fault {
	enum sov_severity severity;
	char object[SOV_SUBJECT_MAX]; /* the soname or link it is about */
	struct sov_err says;	      /* message, expected, found, fix */
};

/*
 * struct sov_rule - one thing that can be wrong. Each is one file in rules/, which defines
 * `const struct sov_rule sov_rule_ITS_ID`, and one line in rules.def.
 */
struct sov_rule {
	struct sov_rule_info info;
	/*
	 * Is it wrong with this entry? Pure: all there is to know is in the facts. Asked about
	 * every entry but those that are a name only.
	 * @fault: filled by sov_fault_say() first, then sov_expected(), sov_found(), sov_fix() on
	 *	   fault->says, when the answer is true; else untouched
	 */
	bool (*check)(const struct sov_facts *facts, const struct sov_entry *entry,
		      struct sov_fault *fault);
};

/* sov_fault_say - begin to fill *fault. @object: may be NULL. Returns true. */
bool sov_fault_say(struct sov_fault *fault, enum sov_severity severity, const char *object,
		   const char *fmt, ...) SOV_PRINTF(4, 5);

/* sov_fault_fix_link - the fix is a command that makes a link at @path, relative to the root. */
void sov_fault_fix_link(struct sov_fault *fault, const struct sov_facts *facts, const char *ln,
			const char *target, const char *path);

/*
 * sov_rule_library - the identity of an entry that is the file of a shared library, under its
 * longest name in the directory; else NULL.
 */
const struct sov_identity *sov_rule_library(const struct sov_facts *facts,
					    const struct sov_entry *entry);

/*
 * sov_rule_is_linkable - does it lie where programs look, and is it named so that -l or ldconfig
 * would take it? Everything else is a plugin or a module, found by its path.
 */
bool sov_rule_is_linkable(const struct sov_facts *facts, const struct sov_entry *entry);

/* sov_rule_has_release - "libdemo-1.2.so": does the stem end in a version, as -release makes it? */
bool sov_rule_has_release(const struct sov_filename *name);

/* sov_rule_is_versioned - has it digits after ".so", or a release before? */
bool sov_rule_is_versioned(const struct sov_filename *name);

#define SOV_RULE(name) extern const struct sov_rule sov_rule_##name;
#include "lint/rules.def"
#undef SOV_RULE

#endif
