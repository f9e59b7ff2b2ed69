/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <sov/check.h>

#include "base/str.h"
#include "lint/rule.h"

/* The names that the section declares for a library of the present kind of tree. */
static bool names_of(struct sov_names *out, const struct sov_conf_library *declared)
{
	const struct sov_library library = {.base = declared->base, .os = SOV_OS_LINUX};
	struct sov_err ignored;

	sov_err_clear(&ignored);
	return sov_names_derive(out, &library, &declared->decl, &ignored) == 0;
}

/* Is the declared version there as well? Then this file is an older one that still has users. */
static bool is_superseded(const struct sov_facts *facts, const struct sov_entry *entry,
			  const struct sov_names *names)
{
	const struct sov_entry *real = sov_facts_beside(facts, entry, names->real_name);
	const struct sov_identity *library = real != NULL ? sov_facts_library(facts, real) : NULL;

	return library != NULL && real->object != entry->object && library->soname != NULL &&
	       strcmp(library->soname, names->soname) == 0;
}

static bool has_name(const struct sov_facts *facts, const struct sov_entry *entry, const char *name)
{
	const struct sov_entry *other = sov_facts_beside(facts, entry, name);

	return other != NULL && other->type == SOV_ITEM_FILE && other->object == entry->object;
}

static bool check_file(const struct sov_facts *facts, const struct sov_entry *entry,
		       const struct sov_identity *library, const struct sov_names *names,
		       struct sov_fault *fault)
{
	const struct sov_decl *decl = &entry->declared->decl;
	char origin[SOV_TEXT_MAX];
	const struct sov_expectation want = {
		.names = names,
		.origin = origin,
		/* Only beside a version can a soversion be declared. */
		.relink = sov_decl_has(decl, SOV_KEY_VERSION) ? NULL : "",
	};
	struct sov_err says;

	sov_decl_origin(decl, origin, sizeof(origin));
	sov_err_clear(&says);
	if (sov_check_soname(library, entry->name, &want, &says) != 0) {
		sov_fault_say(fault, SOV_ERROR, names->soname, "%s", says.message);
		fault->says = says;
		return true;
	}
	if (has_name(facts, entry, names->real_name))
		return false;
	sov_fault_say(fault, SOV_ERROR, names->real_name,
		      "file name does not match the declared version");
	sov_expected(&fault->says, "%s (%s)", names->real_name, origin);
	sov_found(&fault->says, "%s", entry->name);
	sov_fix(&fault->says, "link it with sovcc, or rename it to %s", names->real_name);
	return true;
}

/* A linker name that points elsewhere than it is declared to. */
static bool check_linker_name(const struct sov_entry *entry, const struct sov_names *names,
			      struct sov_fault *fault)
{
	const struct sov_decl *decl = &entry->declared->decl;
	const char *target =
		decl->linker_name == SOV_LINKER_NAME_REAL ? names->real_name : names->soname;
	const struct sov_origin *origin = &decl->from[SOV_KEY_LINKER_NAME];

	if (!sov_decl_has(decl, SOV_KEY_LINKER_NAME) ||
	    (decl->linker_name != SOV_LINKER_NAME_NONE && strcmp(entry->target, target) == 0))
		return false;
	sov_fault_say(fault, SOV_ERROR, entry->name,
		      "the linker name does not point where it is declared to");
	if (decl->linker_name == SOV_LINKER_NAME_NONE)
		sov_expected(&fault->says, "no linker name (%s:%u)", origin->where, origin->line);
	else
		sov_expected(&fault->says, "%s -> %s (%s:%u)", entry->name, target, origin->where,
			     origin->line);
	sov_found(&fault->says, "%s -> %s", entry->name, entry->target);
	sov_fix(&fault->says, "install it with the links that sovcc made");
	return true;
}

static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	const struct sov_identity *library = sov_facts_library(facts, entry);
	struct sov_filename name;
	struct sov_names names;

	if (entry->declared == NULL || library == NULL || !names_of(&names, entry->declared) ||
	    !sov_filename_parse(&name, entry->name))
		return false;
	if (entry->type == SOV_ITEM_LINK)
		return name.count == 0 && strcmp(entry->name, names.soname) != 0 &&
		       check_linker_name(entry, &names, fault);
	return entry->primary && !is_superseded(facts, entry, &names) &&
	       check_file(facts, entry, library, &names, fault);
}

const struct sov_rule sov_rule_declared_mismatch = {
	.info = {"declared-mismatch", SOV_ERROR,
		 "a library has other names than sov.conf declares"},
	.check = check,
};
