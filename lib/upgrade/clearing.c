/* SPDX-License-Identifier: MIT */
#include "upgrade/clearing.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fs/publish.h"
#include "fs/tree.h"
#include "upgrade/plan.h"

/* The passes over a directory: each link goes or turns before what it leads to. */
enum pass {
	PASS_LINKER_NAMES,
	PASS_SONAMES,
	PASS_FILES,
	PASS_LINKS_FOR_FILES, /* the soname, where a file bore it */
	PASS_COUNT,
};

static struct sov_leaver *leaver_of(const struct sov_clearing *clearing,
				    const struct sov_entry *entry)
{
	return &clearing->leaver[entry - clearing->ground.libdir.entry];
}

static bool goes(const struct sov_clearing *clearing, const struct sov_entry *entry)
{
	return leaver_of(clearing, entry)->leave == SOV_LEAVE_GO;
}

static bool is_soname(const struct sov_entry *entry)
{
	return entry->end != NULL && entry->end->identity.soname != NULL &&
	       strcmp(entry->end->identity.soname, entry->name) == 0;
}

static bool stays(const void *clearing, const struct sov_entry *entry)
{
	return !goes(clearing, entry);
}

/* The newest file of a soname that stays, or NULL. */
static const struct sov_entry *heir(const struct sov_clearing *clearing, const char *soname)
{
	return soname == NULL
		       ? NULL
		       : sov_libdir_newest_that(&clearing->ground.libdir, soname, stays, clearing);
}

static int refuse_file(const struct sov_clearing *clearing, const struct sov_entry *entry,
		       const char *soname, struct sov_err *err)
{
	const struct sov_identity *identity = &entry->identity;
	char path[SOV_SUBJECT_MAX];

	sov_fail(err, SOV_E_MISMATCH, sov_site_path(&clearing->ground.site, entry->name, path),
		 "is not what was installed, and is not removed");
	sov_expected(err, "a shared library%s%s", soname != NULL ? ", SONAME " : "",
		     soname != NULL ? soname : "");
	if (identity->kind != SOV_KIND_LIBRARY)
		sov_found(err, "%s", sov_kind_name(identity->kind));
	else
		sov_found(err, "%s%s", identity->soname != NULL ? "SONAME " : "no SONAME",
			  identity->soname != NULL ? identity->soname : "");
	return sov_fix(err, "remove it by hand if it may go");
}

/* A name that shall go, as it lies there. */
static int plan_name(struct sov_clearing *clearing, const struct sov_unwanted *unwanted,
		     struct sov_err *err)
{
	const struct sov_entry *entry = sov_libdir_find(&clearing->ground.libdir, unwanted->name);
	const struct sov_identity *identity;
	struct sov_leaver *leaver;

	if (entry == NULL)
		return 0;
	leaver = leaver_of(clearing, entry);
	leaver->wanted = true;
	if (entry->type == SOV_ENTRY_DIRECTORY || entry->type == SOV_ENTRY_OTHER)
		return sov_ground_obstacle(
			&clearing->ground, entry, "is not removed",
			unwanted->link ? "a link" : "a shared library, or a link", err);
	if (entry->type == SOV_ENTRY_LINK)
		return 0;
	if (unwanted->link) {
		leaver->why = "a file, and not the link that was made";
		return 0;
	}
	identity = &entry->identity;
	if (identity->kind != SOV_KIND_LIBRARY ||
	    (unwanted->soname != NULL &&
	     (identity->soname == NULL || strcmp(identity->soname, unwanted->soname) != 0)))
		return refuse_file(clearing, entry, unwanted->soname, err);
	leaver->leave = SOV_LEAVE_GO;
	return 0;
}

/*
 * Are linker names all that shall go, as they are in a -dev package? Then one goes although it
 * leads to a file that stays.
 */
static bool only_linker_names(const struct sov_clearing *clearing)
{
	for (size_t i = 0; i < clearing->count; i++) {
		const char *name = clearing->unwanted[i].name;
		const struct sov_entry *entry = sov_libdir_find(&clearing->ground.libdir, name);
		struct sov_filename file;

		if (!sov_filename_parse(&file, name) || file.count > 0 ||
		    (entry != NULL && (entry->type != SOV_ENTRY_LINK || is_soname(entry))))
			return false;
	}
	return true;
}

/* A link that shall go, and whose file stays or is not there. */
static void plan_wanted_link(const struct sov_clearing *clearing, const struct sov_entry *link,
			     struct sov_leaver *leaver, bool linker_names)
{
	const char *soname = NULL;

	for (size_t i = 0; i < clearing->count; i++)
		if (strcmp(clearing->unwanted[i].name, link->name) == 0)
			soname = clearing->unwanted[i].soname;
	if (link->beside == NULL && link->end == NULL)
		leaver->why = "leads to another directory";
	else if (linker_names && soname != NULL && !sov_leads_to_soname(link, soname))
		leaver->why = "leads to another library";
	else if (link->end == NULL || linker_names)
		leaver->leave = SOV_LEAVE_GO;
	else
		leaver->why = "leads to a file that stays";
}

/* A link that leads to a file that goes. */
static void plan_orphan(const struct sov_clearing *clearing, const struct sov_entry *link,
			struct sov_leaver *leaver)
{
	const struct sov_entry *next = heir(clearing, link->end->identity.soname);
	const char *beside = link->beside;

	if (next == NULL) {
		leaver->leave = SOV_LEAVE_GO;
	} else if (is_soname(link) || beside == NULL || strcmp(beside, link->end->name) == 0) {
		/* where a file bears the soname, a linker name to it stays: the name does */
		if (is_soname(link->end) && !is_soname(link))
			return;
		leaver->leave = SOV_LEAVE_TURN;
		leaver->target = next;
	}
}

/* Could it be the linker name of its end? That has no release: libx.so leads to libx-1.2.so. */
static bool is_linker_name(const struct sov_entry *link)
{
	const struct sov_filename *name = &link->file, *end = &link->end->file;

	return name->count == 0 && name->stem_len <= end->stem_len &&
	       memcmp(name->stem, end->stem, name->stem_len) == 0 &&
	       (name->stem_len == end->stem_len || end->stem[name->stem_len] == '-');
}

static void plan_link(const struct sov_clearing *clearing, const struct sov_entry *link,
		      bool linker_names)
{
	struct sov_leaver *leaver = leaver_of(clearing, link);

	if (link->end == NULL || !goes(clearing, link->end)) {
		if (leaver->wanted)
			plan_wanted_link(clearing, link, leaver, linker_names);
	} else if (leaver->wanted || is_soname(link) || is_linker_name(link)) {
		plan_orphan(clearing, link, leaver);
	}
}

/* Where a file bore the soname itself and another of that soname stays, a link follows it. */
static void plan_successor(const struct sov_clearing *clearing, const struct sov_entry *file)
{
	if (is_soname(file))
		leaver_of(clearing, file)->target = heir(clearing, file->name);
}

/* The name that a link leads to, and that goes; NULL when it leads to what stays, or an heir. */
static const struct sov_entry *find_loss(const struct sov_clearing *clearing,
					 const struct sov_entry *link)
{
	const struct sov_libdir *libdir = &clearing->ground.libdir;

	for (int i = 0; i < SOV_LINKS_MAX && link->type == SOV_ENTRY_LINK; i++) {
		const struct sov_entry *next =
			link->beside != NULL ? sov_libdir_find(libdir, link->beside) : NULL;
		const struct sov_leaver *leaver;

		if (next == NULL)
			next = link->end;
		if (next == NULL)
			return NULL;
		leaver = leaver_of(clearing, next);
		if (leaver->leave == SOV_LEAVE_GO && leaver->target == NULL)
			return next;
		if (leaver->leave != SOV_LEAVE_STAY)
			return NULL;
		link = next;
	}
	return NULL;
}

/* A link that somebody else has made must not dangle for our sake. */
static int refuse_loss(const struct sov_clearing *clearing, const struct sov_entry *link,
		       struct sov_err *err)
{
	const struct sov_entry *loss = NULL;
	char message[SOV_TEXT_MAX];

	if (link->type == SOV_ENTRY_LINK && leaver_of(clearing, link)->leave == SOV_LEAVE_STAY)
		loss = find_loss(clearing, link);
	if (loss == NULL)
		return 0;
	(void)sov_str_format(message, sizeof(message), "leads to %s, which is to be removed",
			     loss->name);
	return sov_ground_obstacle(&clearing->ground, link, message,
				   "no link to it but those that were installed with it", err);
}

int sov_clearing_plan(struct sov_clearing *clearing, struct sov_err *err)
{
	const struct sov_libdir *libdir = &clearing->ground.libdir;
	bool linker_names = only_linker_names(clearing);
	int rc = 0;

	clearing->leaver = calloc(libdir->count + 1, sizeof(*clearing->leaver));
	if (clearing->leaver == NULL)
		return sov_fail_nomem(err, NULL);
	for (size_t i = 0; rc == 0 && i < clearing->count; i++)
		rc = plan_name(clearing, &clearing->unwanted[i], err);
	for (size_t i = 0; rc == 0 && i < libdir->count; i++) {
		const struct sov_entry *entry = &libdir->entry[i];

		if (entry->type == SOV_ENTRY_LINK)
			plan_link(clearing, entry, linker_names);
		else if (clearing->leaver[i].leave == SOV_LEAVE_GO)
			plan_successor(clearing, entry);
	}
	for (size_t i = 0; rc == 0 && i < libdir->count; i++)
		rc = refuse_loss(clearing, &libdir->entry[i], err);
	return rc;
}

/* In which pass does something happen to an entry? */
static bool is_of_pass(const struct sov_entry *entry, const struct sov_leaver *leaver,
		       enum pass pass)
{
	switch (pass) {
	case PASS_LINKER_NAMES:
		return entry->type == SOV_ENTRY_LINK && !is_soname(entry);
	case PASS_SONAMES:
		return entry->type == SOV_ENTRY_LINK && is_soname(entry);
	case PASS_FILES:
		return entry->type == SOV_ENTRY_FILE;
	default:
		return entry->type == SOV_ENTRY_FILE && leaver->target != NULL;
	}
}

static int tell_entry(const struct sov_clearing *clearing, const struct sov_entry *entry,
		      enum pass pass, struct sov_steps *steps, struct sov_err *err)
{
	const struct sov_leaver *leaver = leaver_of(clearing, entry);
	const struct sov_ground *ground = &clearing->ground;
	struct sov_step texts = {0};

	if (leaver->leave == SOV_LEAVE_TURN || pass == PASS_LINKS_FOR_FILES) {
		texts.target = leaver->target->name;
		texts.was = entry->target;
		return sov_ground_step(ground, steps, SOV_STEP_LINK, entry->name, &texts, err);
	}
	if (leaver->leave == SOV_LEAVE_GO)
		return sov_ground_step(ground, steps, SOV_STEP_REMOVE, entry->name, NULL, err);
	if (leaver->why == NULL)
		return 0;
	texts.why = (char *)leaver->why;
	return sov_ground_step(ground, steps, SOV_STEP_KEEP, entry->name, &texts, err);
}

static int tell_absent(const struct sov_clearing *clearing, struct sov_steps *steps,
		       struct sov_err *err)
{
	static const struct sov_step absent = {.why = (char *)"is not there"};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < clearing->count; i++)
		if (sov_libdir_find(&clearing->ground.libdir, clearing->unwanted[i].name) == NULL)
			rc = sov_ground_step(&clearing->ground, steps, SOV_STEP_KEEP,
					     clearing->unwanted[i].name, &absent, err);
	return rc;
}

int sov_clearing_tell(const struct sov_clearing *clearing, struct sov_steps *steps,
		      struct sov_err *err)
{
	const struct sov_libdir *libdir = &clearing->ground.libdir;
	int rc = 0;

	for (int pass = 0; pass < PASS_COUNT; pass++)
		for (size_t i = 0; rc == 0 && i < libdir->count; i++)
			if (is_of_pass(&libdir->entry[i], &clearing->leaver[i], (enum pass)pass))
				rc = tell_entry(clearing, &libdir->entry[i], (enum pass)pass, steps,
						err);
	return rc == 0 ? tell_absent(clearing, steps, err) : rc;
}

static int do_entry(const struct sov_clearing *clearing, const struct sov_entry *entry,
		    enum pass pass, struct sov_err *err)
{
	const struct sov_leaver *leaver = leaver_of(clearing, entry);
	const struct sov_site *site = &clearing->ground.site;
	int rc = sov_site_stopped(site, err);

	if (rc != 0 || leaver->leave == SOV_LEAVE_STAY)
		return rc;
	if (leaver->leave == SOV_LEAVE_TURN)
		return sov_publish_link(site, entry->name, leaver->target->name, err);
	if (pass == PASS_LINKS_FOR_FILES)
		return sov_publish_link_over(site, entry->name, leaver->target->name, err);
	/* a file that a link follows is taken away by that: the name is there at any instant */
	return leaver->target == NULL ? sov_site_remove(site, entry->name, err) : 0;
}

int sov_clearing_do(const struct sov_clearing *clearing, struct sov_err *err)
{
	const struct sov_libdir *libdir = &clearing->ground.libdir;
	int rc = 0;

	if (libdir->count == 0)
		return 0;
	for (int pass = 0; rc == 0 && pass < PASS_COUNT; pass++) {
		/* a power cut must not undo a link and keep the loss of its file */
		if (pass == PASS_FILES)
			rc = sov_site_sync(&clearing->ground.site, err);
		for (size_t i = 0; rc == 0 && i < libdir->count; i++)
			if (is_of_pass(&libdir->entry[i], &clearing->leaver[i], (enum pass)pass))
				rc = do_entry(clearing, &libdir->entry[i], (enum pass)pass, err);
	}
	return rc == 0 ? sov_site_sync(&clearing->ground.site, err) : rc;
}

void sov_clearing_release(struct sov_clearing *clearing)
{
	free(clearing->unwanted);
	free(clearing->leaver);
	sov_ground_close(&clearing->ground);
	*clearing = (struct sov_clearing){.ground = SOV_GROUND_CLOSED};
}
