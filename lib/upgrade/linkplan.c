/* SPDX-License-Identifier: MIT */
/*
 * linkplan - which links a directory should have.
 *
 * What ldconfig gets wrong, it gets wrong by its names: whatever has ".so" in it is a library, and
 * whatever bears a SONAME may have that link. So here three things must agree before a file may
 * bear a link: the form of its name, its kind, and the stem of its SONAME. Such a file is a
 * *bearer*. Bearers of one SONAME stand together, the greatest numbers first; the first one gets
 * the link, unless there is a reason to leave it alone.
 *
 * The plan is pure: it looks, and says steps. What makes them is in links.c.
 */
#include "upgrade/linkplan.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "fs/tree.h"
#include "upgrade/follow.h"

/* struct bearer - a library of the directory, and its SONAME taken apart. */
struct bearer {
	const struct sov_entry *entry;
	struct sov_filename soname;
	bool linked; /* first of its SONAME: there is, or will be, a name of that SONAME */
};

struct plan {
	const struct sov_relink *relink;
	const struct sov_site *site;
	const struct sov_libdir *libdir;
	struct sov_steps *out;
	struct sov_err *err;
	struct bearer *bearer; /* sorted */
	size_t count;
};

static int say(struct plan *plan, enum sov_verb verb, const char *name, const char *target,
	       const char *was, const char *why)
{
	char path[SOV_SUBJECT_MAX];
	const struct sov_step step = {
		.verb = verb,
		.path = (char *)sov_site_path(plan->site, name, path),
		.target = (char *)target,
		.was = (char *)was,
		.why = (char *)why,
	};

	return sov_steps_add(plan->out, &step, plan->err);
}

bool sov_linkplan_is_library_name(const char *name)
{
	static const char *const beginnings[] = {"lib", "ld-", "ld.so.", "ld64.so."};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (sov_str_starts(name, beginnings[i]))
			return true;
	return false;
}

static bool same_file(const struct sov_identity *a, uint64_t device, uint64_t inode)
{
	return a->device == device && a->inode == inode;
}

static bool same_machine(const struct sov_identity *a, const struct sov_identity *b)
{
	return a->bits == b->bits && a->big_endian == b->big_endian && a->machine == b->machine;
}

static bool bears(const struct sov_identity *identity, const char *soname)
{
	return identity->kind == SOV_KIND_LIBRARY && identity->soname != NULL &&
	       strcmp(identity->soname, soname) == 0;
}

/* struct end - where a link leads. */
struct end {
	enum sov_landing_fate fate;
	bool here;
	struct sov_identity identity; /* of a file; else zeroed */
};

static void end_release(struct end *end)
{
	sov_identity_release(&end->identity);
}

/* Follow a link out of what the directory's own list knows. */
static void find_end(struct end *end, const struct plan *plan, const char *target)
{
	struct sov_landing landing;
	sov_autoclose int fd = -1;
	struct sov_err ignored;

	*end = (struct end){.fate = sov_follow(&landing, plan->site, target)};
	if (end->fate == SOV_LANDING_FOUND) {
		end->here = landing.here;
		if (S_ISREG(landing.status.st_mode))
			fd = sov_identity_open(landing.site.dirfd, landing.name, O_NOFOLLOW);
		if (fd >= 0)
			(void)sov_identity_read(&end->identity, fd, target, &ignored);
		end->identity.device = (uint64_t)landing.status.st_dev;
		end->identity.inode = (uint64_t)landing.status.st_ino;
	}
	sov_landing_release(&landing);
}

/* Is what the link says the very file? */
static bool leads_to(const struct plan *plan, const char *target, const struct sov_entry *file)
{
	struct end end;
	bool same;

	find_end(&end, plan, target);
	same = end.fate == SOV_LANDING_FOUND &&
	       same_file(&file->identity, end.identity.device, end.identity.inode);
	end_release(&end);
	return same;
}

/* ---- which files may bear a link ---- */

static int refuse_unsafe(struct plan *plan, const struct sov_entry *entry, const char *reason)
{
	char excerpt[SOV_EXCERPT_MAX], why[SOV_TEXT_MAX];

	(void)sov_str_format(why, sizeof(why), "its SONAME, \"%s\", %s",
			     sov_str_excerpt(excerpt, entry->identity.soname), reason);
	return say(plan, SOV_STEP_REFUSE, entry->name, NULL, NULL, why);
}

/* What the link of that name says, wherever it leads. Returns false when there is no link. */
static bool read_link(const struct plan *plan, const char *name, char target[SOV_SUBJECT_MAX])
{
	ssize_t n = readlinkat(plan->site->dirfd, name, target, SOV_SUBJECT_MAX - 1);

	if (n < 0)
		return false;
	target[n] = '\0';
	return true;
}

/* A library whose SONAME is another one's name: fine when that link leads to it already, for then
 * somebody wanted it so; else nothing is to be touched for its sake. */
static int judge_stranger(struct plan *plan, const struct sov_entry *entry)
{
	const char *soname = entry->identity.soname;
	char target[SOV_SUBJECT_MAX], why[SOV_TEXT_MAX];

	if (read_link(plan, soname, target) && leads_to(plan, target, entry))
		return say(plan, SOV_STEP_KEEP, soname, target, NULL, "is right");
	(void)sov_str_format(why, sizeof(why), "its SONAME, %s, is of another stem than its name",
			     soname);
	return say(plan, SOV_STEP_REFUSE, entry->name, NULL, NULL, why);
}

static int add_bearer(struct plan *plan, const struct sov_entry *entry,
		      const struct sov_filename *soname)
{
	if (sov_vec_grow(&plan->bearer, plan->count, sizeof(*plan->bearer)) != 0)
		return sov_fail_nomem(plan->err, entry->name);
	plan->bearer[plan->count++] = (struct bearer){.entry = entry, .soname = *soname};
	return 0;
}

static int judge(struct plan *plan, const struct sov_entry *entry)
{
	const char *soname = entry->identity.soname, *unsafe;
	struct sov_filename parts;

	if (entry->type != SOV_ENTRY_FILE || entry->identity.kind != SOV_KIND_LIBRARY ||
	    soname == NULL || !sov_linkplan_is_library_name(entry->name))
		return 0;
	unsafe = sov_soname_unsafe(soname);
	if (unsafe != NULL)
		return refuse_unsafe(plan, entry, unsafe);
	if (!sov_filename_parse(&parts, soname) || !sov_filename_same_stem(&parts, &entry->file))
		return judge_stranger(plan, entry);
	return add_bearer(plan, entry, &parts);
}

/* By SONAME, then the newest first. */
static int compare_bearers(const void *left, const void *right)
{
	const struct sov_entry *a = ((const struct bearer *)left)->entry;
	const struct sov_entry *b = ((const struct bearer *)right)->entry;
	int order = strcmp(a->identity.soname, b->identity.soname);

	if (order == 0)
		order = sov_filename_compare(&b->file, &a->file);
	return order != 0 ? order : strcmp(a->name, b->name);
}

/* Is there a file of that stem which could not be examined, and might be the newest? */
static bool is_uncertain(const struct plan *plan, const struct sov_filename *stem)
{
	if (plan->libdir->unreadable == 0)
		return false;
	for (size_t i = 0; i < plan->libdir->count; i++) {
		const struct sov_entry *entry = &plan->libdir->entry[i];

		if (entry->type == SOV_ENTRY_FILE &&
		    (entry->identity.kind == SOV_KIND_SPECIAL ||
		     entry->identity.kind == SOV_KIND_BROKEN) &&
		    sov_filename_same_stem(&entry->file, stem))
			return true;
	}
	return false;
}

/* ---- one soname link ---- */

/* struct group - the bearers of one SONAME, the newest first. */
struct group {
	struct bearer *first;
	size_t count;
	const char *soname;
	const struct sov_entry *there; /* what bears that name now, or NULL */
};

static bool is_one_machine(const struct group *group)
{
	for (size_t i = 1; i < group->count; i++)
		if (!same_machine(&group->first[0].entry->identity,
				  &group->first[i].entry->identity))
			return false;
	return true;
}

/* The newest; where machines are mixed, of that which the link serves now: a 64-bit program must
 * not be given the 32-bit library because its number is greater. NULL = none is to be chosen. */
static const struct sov_entry *choose(const struct group *group)
{
	const struct sov_entry *now = group->there != NULL ? group->there->end : NULL;

	if (is_one_machine(group))
		return group->first->entry;
	if (now == NULL || !bears(&now->identity, group->soname))
		return NULL;
	for (size_t i = 0; i < group->count; i++)
		if (same_machine(&group->first[i].entry->identity, &now->identity))
			return group->first[i].entry;
	return NULL;
}

static int refuse_mixed(struct plan *plan, const struct group *group)
{
	const struct sov_identity *a = &group->first->entry->identity, *b = a;
	char machines[2][32], why[SOV_TEXT_MAX];

	for (size_t i = 1; i < group->count && same_machine(a, b); i++)
		b = &group->first[i].entry->identity;
	(void)sov_str_format(why, sizeof(why),
			     "libraries of two machines bear this SONAME: %s of %u bits, %s of %u",
			     sov_machine_name(machines[0], a->machine), a->bits,
			     sov_machine_name(machines[1], b->machine), b->bits);
	return say(plan, SOV_STEP_REFUSE, group->soname, NULL, NULL, why);
}

/* Something stands there that is no link. */
static int judge_occupied(struct plan *plan, const struct group *group,
			  const struct sov_entry *newest)
{
	const struct sov_entry *there = group->there;
	const struct sov_identity *identity = &there->identity;

	if (there->type == SOV_ENTRY_FILE &&
	    (there == newest || same_file(&newest->identity, identity->device, identity->inode)))
		return say(plan, SOV_STEP_KEEP, there->name, NULL, NULL, "is the library itself");
	return say(plan, SOV_STEP_REFUSE, there->name, newest->name, NULL,
		   there->type == SOV_ENTRY_FILE	? "a regular file stands there"
		   : there->type == SOV_ENTRY_DIRECTORY ? "a directory stands there"
							: "something that is no link stands there");
}

/* Does the link lead to the newest, under whatever name, or to one of equal numbers? */
static bool is_right(const struct group *group, const struct sov_entry *newest)
{
	const struct sov_entry *end = group->there->end;

	return end == newest ||
	       same_file(&newest->identity, end->identity.device, end->identity.inode) ||
	       (bears(&end->identity, group->soname) &&
		same_machine(&end->identity, &newest->identity) &&
		sov_filename_same_stem(&end->file, &newest->file) &&
		sov_filename_compare(&end->file, &newest->file) == 0);
}

static int relead(struct plan *plan, const struct group *group, const struct sov_entry *newest)
{
	return say(plan, SOV_STEP_LINK, group->soname, newest->name, group->there->target, NULL);
}

static int keep(struct plan *plan, const struct sov_entry *link, const char *why)
{
	return say(plan, SOV_STEP_KEEP, link->name, link->target, NULL, why);
}

/* A link that the directory's own list can't follow: to elsewhere, to a name of no library's form,
 * or to nothing. */
static int judge_far(struct plan *plan, const struct group *group, const struct sov_entry *newest)
{
	struct end end;
	int code;

	find_end(&end, plan, group->there->target);
	if (end.fate == SOV_LANDING_UNKNOWN)
		code = keep(plan, group->there, "nobody can tell where it leads");
	else if (end.fate == SOV_LANDING_FOUND &&
		 same_file(&newest->identity, end.identity.device, end.identity.inode))
		code = keep(plan, group->there, "is right");
	else if (end.fate == SOV_LANDING_FOUND && !end.here && bears(&end.identity, group->soname))
		code = keep(plan, group->there, "leads to another directory");
	else
		code = relead(plan, group, newest);
	end_release(&end);
	return code;
}

static int judge_group(struct plan *plan, const struct group *group)
{
	const struct sov_entry *newest = choose(group);

	if (is_uncertain(plan, &group->first->soname))
		return say(plan, SOV_STEP_KEEP, group->soname,
			   group->there != NULL ? group->there->target : NULL, NULL,
			   "a file of its stem could not be examined");
	if (newest == NULL)
		return refuse_mixed(plan, group);
	group->first->linked = group->there == NULL || group->there->type == SOV_ENTRY_LINK ||
			       bears(&group->there->identity, group->soname);
	if (group->there == NULL)
		return say(plan, SOV_STEP_LINK, group->soname, newest->name, NULL, NULL);
	if (group->there->type != SOV_ENTRY_LINK)
		return judge_occupied(plan, group, newest);
	if (group->there->end == NULL)
		return judge_far(plan, group, newest);
	if (is_right(group, newest))
		return keep(plan, group->there, "is right");
	return relead(plan, group, newest);
}

static int judge_groups(struct plan *plan)
{
	int code = 0;

	for (size_t i = 0, n; code == 0 && i < plan->count; i += n) {
		const char *soname = plan->bearer[i].entry->identity.soname;
		struct group group = {.first = &plan->bearer[i], .soname = soname};

		for (n = 1; i + n < plan->count; n++)
			if (strcmp(plan->bearer[i + n].entry->identity.soname, soname) != 0)
				break;
		group.count = n;
		group.there = sov_libdir_find(plan->libdir, soname);
		code = judge_group(plan, &group);
	}
	return code;
}

/* ---- links that lead to nothing ---- */

static int compare_soname(const void *key, const void *member)
{
	return strcmp(key, ((const struct bearer *)member)->entry->identity.soname);
}

/* Is it the name of a link that is made or right, whatever it says now? */
static bool is_borne(const struct plan *plan, const char *name)
{
	return plan->count > 0 && bsearch(name, plan->bearer, plan->count, sizeof(*plan->bearer),
					  compare_soname) != NULL;
}

/* Will it lead to something once the soname links are right? */
static bool will_lead(const struct plan *plan, const struct sov_entry *link)
{
	for (unsigned i = 0; i < SOV_LINKS_MAX && link != NULL && link->type == SOV_ENTRY_LINK;
	     i++) {
		if (is_borne(plan, link->target))
			return true;
		link = sov_libdir_find(plan->libdir, link->target);
	}
	return false;
}

static int judge_dangling(struct plan *plan, const struct sov_entry *link)
{
	struct end end;
	enum sov_landing_fate fate;

	if (link->type != SOV_ENTRY_LINK || link->end != NULL || link->file.count == 0 ||
	    !sov_linkplan_is_library_name(link->name) || is_borne(plan, link->name) ||
	    will_lead(plan, link))
		return 0;
	find_end(&end, plan, link->target);
	fate = end.fate;
	end_release(&end);
	if (fate != SOV_LANDING_NOTHING)
		return 0;
	if (plan->relink->prune_dangling)
		return say(plan, SOV_STEP_REMOVE, link->name, NULL, link->target, "leads nowhere");
	return keep(plan, link, "leads nowhere; --prune-dangling removes it");
}

/* ---- linker names ---- */

/* Does the linker name lead to a library of that stem, by its file name or its SONAME? */
static bool is_of_stem(const struct sov_entry *end, const struct sov_filename *stem)
{
	struct sov_filename soname;

	if (end->identity.kind != SOV_KIND_LIBRARY)
		return false;
	if (sov_filename_same_stem(&end->file, stem))
		return true;
	return end->identity.soname != NULL && sov_filename_parse(&soname, end->identity.soname) &&
	       sov_filename_same_stem(&soname, stem);
}

/* One that leads out of the directory, or to nothing, or to a name of no library's form. */
static bool is_kept_far(const struct plan *plan, const struct sov_entry *link,
			const struct sov_filename *stem)
{
	struct sov_filename soname;
	struct end end;
	bool kept;

	if (will_lead(plan, link))
		return true;
	find_end(&end, plan, link->target);
	kept = end.fate == SOV_LANDING_UNKNOWN || (end.fate == SOV_LANDING_FOUND && !end.here);
	if (!kept && end.fate == SOV_LANDING_FOUND && end.identity.kind == SOV_KIND_LIBRARY &&
	    end.identity.soname != NULL)
		kept = sov_filename_parse(&soname, end.identity.soname) &&
		       sov_filename_same_stem(&soname, stem);
	end_release(&end);
	return kept;
}

static int judge_linker_name(struct plan *plan, const struct bearer *newest)
{
	const char *soname = newest->entry->identity.soname;
	const struct sov_entry *there;
	char name[SOV_NAME_MAX];

	(void)sov_str_format(name, sizeof(name), "%.*s.so", (int)newest->soname.stem_len,
			     newest->soname.stem);
	if (strcmp(name, soname) == 0)
		return 0;
	there = sov_libdir_find(plan->libdir, name);
	if (there == NULL)
		return say(plan, SOV_STEP_LINK, name, soname, NULL, NULL);
	if (there->type == SOV_ENTRY_FILE)
		return say(plan, SOV_STEP_KEEP, name, NULL, NULL, "is a regular file");
	if (there->type != SOV_ENTRY_LINK)
		return say(plan, SOV_STEP_REFUSE, name, soname, NULL,
			   "something that is no link stands there");
	if (there->end != NULL ? is_of_stem(there->end, &newest->soname)
			       : is_kept_far(plan, there, &newest->soname))
		return keep(plan, there, "leads to a library of its name");
	return say(plan, SOV_STEP_LINK, name, soname, there->target, NULL);
}

/* Sonames of one stem stand together, for they share "STEM.so" and nothing else does. */
static int judge_linker_names(struct plan *plan)
{
	int code = 0;

	for (size_t i = 0, n; code == 0 && i < plan->count; i += n) {
		const struct bearer *newest = NULL;

		for (n = 0; i + n < plan->count; n++) {
			const struct bearer *bearer = &plan->bearer[i + n];

			if (!sov_filename_same_stem(&plan->bearer[i].soname, &bearer->soname))
				break;
			if (bearer->linked &&
			    (newest == NULL ||
			     sov_filename_compare(&bearer->soname, &newest->soname) > 0))
				newest = bearer;
		}
		if (newest != NULL)
			code = judge_linker_name(plan, newest);
	}
	return code;
}

int sov_linkplan_make(struct sov_steps *out, const struct sov_relink *relink,
		      const struct sov_site *site, const struct sov_libdir *libdir,
		      struct sov_err *err)
{
	struct plan plan = {
		.relink = relink, .site = site, .libdir = libdir, .out = out, .err = err};
	int code = 0;

	for (size_t i = 0; code == 0 && i < libdir->count; i++)
		code = judge(&plan, &libdir->entry[i]);
	if (plan.count > 1)
		qsort(plan.bearer, plan.count, sizeof(*plan.bearer), compare_bearers);
	if (code == 0)
		code = judge_groups(&plan);
	for (size_t i = 0; code == 0 && i < libdir->count; i++)
		code = judge_dangling(&plan, &libdir->entry[i]);
	if (code == 0 && relink->linker_names)
		code = judge_linker_names(&plan);
	free(plan.bearer);
	return code;
}
