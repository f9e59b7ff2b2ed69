/* SPDX-License-Identifier: MIT */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "lint/rule.h"
#include "lint/development.h"

/* Sonames of libraries that nobody links with by name, though files for building are there. */
static const char *const never_linked[] = {
	/* name service switch modules: loaded by libc */
	"libnss_*.so.[0-9]*",
	/* parts of libc since glibc 2.34: the static ones stay, for -lpthread to find something */
	"libdl.so.[0-9]*",
	"libpthread.so.[0-9]*",
	"librt.so.[0-9]*",
	"libutil.so.[0-9]*",
	"libanl.so.[0-9]*",
	"libnsl.so.1",
	/* vendors' libraries: loaded by the dispatching libGLX, libEGL */
	"libGLX_*.so.[0-9]*",
	"libEGL_*.so.[0-9]*",
};

static bool is_never_linked(const char *soname)
{
	for (size_t i = 0; i < sizeof(never_linked) / sizeof(never_linked[0]); i++)
		if (fnmatch(never_linked[i], soname, 0) == 0)
			return true;
	return false;
}

/* Does anything called *.so lead to the library, in whatever directory (gcc has its own)? */
static bool has_linker_name(const struct sov_facts *facts, size_t object)
{
	for (size_t i = facts->objects[object].entries; i != SOV_NONE;
	     i = facts->entries[i].sibling) {
		struct sov_filename name;

		if (sov_filename_parse(&name, facts->entries[i].name) && name.count == 0)
			return true;
	}
	return false;
}

/* Does a linker script ask for it by its soname? */
static bool is_in_script(const struct sov_facts *facts, const char *soname)
{
	for (size_t i = 0; i < facts->script_count; i++)
		if (strstr(facts->objects[facts->scripts[i]].text, soname) != NULL)
			return true;
	return false;
}

/* What is not there at the end of a link: a name when it would lie beside the link, else a path. */
static const char *missing_of(const struct sov_facts *facts, const struct sov_entry *link)
{
	const char *below = sov_tree_below(&facts->root, link->leads_to);
	char directory[SOV_SUBJECT_MAX];

	if (below == NULL)
		return link->leads_to;
	(void)sov_str_dirname(directory, sizeof(directory), below);
	return strcmp(directory, facts->directories[link->directory].path) == 0
		       ? sov_str_basename(below)
		       : below;
}

static bool is_soname_beside(const struct sov_facts *facts, const struct sov_entry *link,
			     const char *name)
{
	size_t node = SOV_NONE;

	return sov_facts_next_with_soname(facts, link->directory, name, &node) != NULL;
}

/*
 * Does the linker name itself lead nowhere? When it leads to a soname that a library beside it
 * has, the soname link is at fault, and the rules about soname links say so.
 */
static bool leads_nowhere(const struct sov_facts *facts, const struct sov_entry *link)
{
	if (link->target == NULL || (link->end != SOV_LINK_ABSENT && link->end != SOV_LINK_LOOP) ||
	    is_soname_beside(facts, link, link->target))
		return false;
	return link->end == SOV_LINK_LOOP ||
	       !is_soname_beside(facts, link, missing_of(facts, link));
}

/* Is it a library that -l is meant to find, and that nothing called *.so leads to? */
static bool lacks_linker_name(const struct sov_facts *facts, const struct sov_entry *entry,
			      struct sov_filename *soname)
{
	const struct sov_identity *library = sov_rule_library(facts, entry);

	return library != NULL && library->soname != NULL && sov_rule_is_linkable(facts, entry) &&
	       sov_soname_unsafe(library->soname) == NULL &&
	       sov_filename_parse(soname, library->soname) && soname->count > 0 &&
	       !is_never_linked(library->soname) && !has_linker_name(facts, entry->object) &&
	       sov_development_is_offered(facts, entry, soname) &&
	       !is_in_script(facts, library->soname);
}

/* @link: the linker name that leads nowhere, or NULL when there is none */
static bool report(const struct sov_facts *facts, const char *soname, const char *linker_name,
		   const struct sov_entry *link, struct sov_fault *fault)
{
	char path[SOV_SUBJECT_MAX];

	sov_fault_say(fault, SOV_WARNING, linker_name,
		      "no linker name%s, though files for building with it are there",
		      link != NULL ? " that leads to it" : "");
	sov_expected(&fault->says, "%s -> %s", linker_name, soname);
	if (link == NULL) {
		sov_found(&fault->says, "nothing called *.so leads to it");
		sov_fix(&fault->says, "install the link with the development files");
		return true;
	}
	if (link->end == SOV_LINK_LOOP)
		sov_found(&fault->says, "%s, which leads in a circle", linker_name);
	else
		sov_found(&fault->says, "%s, which leads nowhere: %s is not there", linker_name,
			  missing_of(facts, link));
	sov_fault_fix_link(fault, facts, "ln -sf", soname, sov_facts_path(facts, link, path));
	return true;
}

static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	char linker_name[SOV_NAME_MAX];
	const struct sov_entry *link;
	struct sov_filename soname;

	if (!lacks_linker_name(facts, entry, &soname))
		return false;
	(void)snprintf(linker_name, sizeof(linker_name), "%.*s.so", (int)soname.stem_len,
		       soname.stem);
	link = sov_facts_beside(facts, entry, linker_name);
	/* Where it leads to something, a second major has it, or another rule speaks of it. */
	if (link != NULL && !leads_nowhere(facts, link))
		return false;
	return report(facts, sov_facts_library(facts, entry)->soname, linker_name, link, fault);
}

const struct sov_rule sov_rule_linker_name_missing = {
	.info = {"linker-name-missing", SOV_WARNING,
		 "-l finds nothing, or takes the static library"},
	.check = check,
};
