/* SPDX-License-Identifier: MIT */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "lint/rule.h"
#include "lint/development.h"

/* Sonames of libraries that nobody links with by name, though other files for building are there. */
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

/* Is the linker name taken? A second major beside it has it, then; or it is another rule's fault. */
static bool is_taken(const struct sov_facts *facts, const struct sov_entry *entry,
		     const struct sov_filename *soname, char linker_name[SOV_NAME_MAX])
{
	const struct sov_entry *taken;

	(void)snprintf(linker_name, SOV_NAME_MAX, "%.*s.so", (int)soname->stem_len, soname->stem);
	taken = sov_facts_beside(facts, entry, linker_name);
	return taken != NULL && !(taken->target != NULL && taken->end == SOV_LINK_ABSENT);
}

static bool check(const struct sov_facts *facts, const struct sov_entry *entry,
		  struct sov_fault *fault)
{
	const struct sov_identity *library = sov_rule_library(facts, entry);
	char linker_name[SOV_NAME_MAX];
	struct sov_filename soname;

	if (library == NULL || library->soname == NULL || !sov_rule_is_linkable(facts, entry) ||
	    sov_soname_unsafe(library->soname) != NULL ||
	    !sov_filename_parse(&soname, library->soname) || soname.count == 0 ||
	    is_never_linked(library->soname) || has_linker_name(facts, entry->object) ||
	    is_taken(facts, entry, &soname, linker_name) ||
	    !sov_development_is_offered(facts, entry, &soname) ||
	    is_in_script(facts, library->soname))
		return false;
	sov_fault_say(fault, SOV_WARNING, linker_name,
		      "no linker name, though files for building with it are there");
	sov_expected(&fault->says, "%s -> %s", linker_name, library->soname);
	sov_found(&fault->says, "nothing called *.so leads to it");
	sov_fix(&fault->says, "install the link with the development files");
	return true;
}

const struct sov_rule sov_rule_linker_name_missing = {
	.info = {"linker-name-missing", SOV_WARNING,
		 "-l finds nothing, or takes the static library"},
	.check = check,
};
