/* SPDX-License-Identifier: MIT */
/*
 * What prune does is unlinkat(2), once a file: a crash leaves more old files than it might, and
 * nothing else. What could go wrong is that somebody begins to use a file after it was looked at.
 * Who links does so under the lock of the directory, sov and sovcc at least; who loads follows the
 * soname, which leads elsewhere. ldconfig and ln take no lock: so the directory and the processes
 * are looked at once more before each removal. A process that maps a file between that and its
 * removal keeps its inode.
 */
#include <sov/prune.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "upgrade/ground.h"
#include "upgrade/outdated.h"

/* struct pruning - an act under way. */
struct pruning {
	const struct sov_prune *asked;
	struct sov_ground ground;
	struct sov_steps *out;
	struct sov_outdated_list list;
	struct sov_census census;
	struct sov_search search;
};

/* The newest unused files of each soname stay, as many as are wanted. */
static int keep_some(struct pruning *pruning, struct sov_err *err)
{
	const char *soname = "";
	unsigned kept = 0;
	int code = 0;

	for (size_t i = 0; code == 0 && i < pruning->list.count; i++) {
		struct sov_outdated *file = &pruning->list.item[i];

		if (file->why != NULL)
			continue;
		if (strcmp(file->entry->identity.soname, soname) != 0)
			kept = 0;
		soname = file->entry->identity.soname;
		if (kept < pruning->asked->keep)
			code = sov_outdated_excuse(file, err, "one of the %u newest to keep",
						   pruning->asked->keep);
		kept++;
	}
	return code;
}

static int ask_processes(struct pruning *pruning, struct sov_outdated_list *list,
			 struct sov_err *err)
{
	return sov_outdated_undecided(list)
		       ? sov_outdated_ask_processes(list, &pruning->census, err)
		       : 0;
}

static int ask(struct pruning *pruning, struct sov_err *err)
{
	const char *root = pruning->asked->place.root;
	struct sov_outdated_list *list = &pruning->list;
	int code = sov_outdated_list_make(list, &pruning->ground.libdir, err);

	if (code == 0)
		code = ask_processes(pruning, list, err);
	if (code == 0 && sov_outdated_undecided(list))
		code = sov_outdated_ask_tree(list, root, &pruning->ground.site, &pruning->search,
					     err);
	return code == 0 ? keep_some(pruning, err) : code;
}

/* Why nothing may be removed at all; "" = it may. */
static void find_doubt(const struct pruning *pruning, char out[SOV_TEXT_MAX])
{
	const struct sov_census *census = &pruning->census;
	size_t files = pruning->search.unreadable; /* those of the directory among them */

	out[0] = '\0';
	if (pruning->asked->ignore_unreadable)
		return;
	if (census->unreadable > 0)
		(void)sov_str_format(out, SOV_TEXT_MAX,
				     "%zu of %zu processes may not be examined, and may use it",
				     census->unreadable, census->processes);
	else if (census->hidden)
		(void)sov_str_copy(out, SOV_TEXT_MAX,
				   "/proc hides processes of other users, which may use it");
	else if (files > 0)
		(void)sov_str_format(out, SOV_TEXT_MAX,
				     "%zu files or directories could not be examined, and may need "
				     "it",
				     files);
}

static int tell(const struct pruning *pruning, const struct sov_outdated *file, enum sov_verb verb,
		char *why, struct sov_err *err)
{
	const struct sov_step texts = {.why = why};

	return sov_ground_step(&pruning->ground, pruning->out, verb, file->entry->name, &texts,
			       err);
}

/* Is it the file that was looked at? */
static bool is_same(const struct sov_identity *now, const struct sov_identity *then)
{
	return now->device == then->device && now->inode == then->inode &&
	       now->ctime_sec == then->ctime_sec && now->ctime_nsec == then->ctime_nsec;
}

/* Look at the directory again: a list of that file alone, with why it stays now. */
static int look_again(const struct sov_outdated *file, const struct sov_libdir *libdir,
		      struct sov_outdated_list *out, struct sov_err *err)
{
	struct sov_outdated_list list;
	int code = sov_outdated_list_make(&list, libdir, err);

	for (size_t i = 0; code == 0 && i < list.count; i++) {
		struct sov_outdated *again = &list.item[i];

		if (strcmp(again->entry->name, file->entry->name) != 0)
			continue;
		out->item[0] = *again;
		out->count = 1;
		again->why = NULL;
	}
	sov_outdated_list_release(&list);
	if (code == 0 && out->count == 1 &&
	    !is_same(&out->item[0].entry->identity, &file->entry->identity))
		code = sov_outdated_excuse(&out->item[0], err, "it has changed meanwhile");
	return code;
}

/* Does anything speak for it by now? *why is yours; *gone: it is no more. */
static int recheck(struct pruning *pruning, const struct sov_outdated *file, char **why, bool *gone,
		   struct sov_err *err)
{
	struct sov_outdated again = {0};
	struct sov_outdated_list one = {&again, 0};
	struct sov_libdir libdir;
	int code = sov_libdir_read(&libdir, &pruning->ground.site, NULL, err);

	if (code != 0)
		return code;
	code = look_again(file, &libdir, &one, err);
	if (code == 0)
		code = ask_processes(pruning, &one, err);
	*gone = one.count == 0;
	*why = again.why;
	sov_libdir_release(&libdir);
	return code;
}

static int remove_file(struct pruning *pruning, const struct sov_outdated *file,
		       struct sov_err *err)
{
	const struct sov_site *site = &pruning->ground.site;
	char *why = NULL, doubt[SOV_TEXT_MAX] = "";
	enum sov_verb verb = SOV_STEP_REMOVE;
	bool gone = false;
	int code = sov_site_stopped(site, err);

	if (code == 0)
		code = recheck(pruning, file, &why, &gone, err);
	if (code == 0 && why != NULL)
		verb = SOV_STEP_KEEP;
	else if (code == 0)
		find_doubt(pruning, doubt);
	if (doubt[0] != '\0')
		verb = SOV_STEP_REFUSE;
	if (code == 0 && verb == SOV_STEP_REMOVE && !gone)
		code = sov_site_remove(site, file->entry->name, err);
	if (code == 0 && !gone)
		code = tell(pruning, file, verb, verb == SOV_STEP_REFUSE ? doubt : why, err);
	free(why);
	return code;
}

static int settle(struct pruning *pruning, struct sov_err *err)
{
	char doubt[SOV_TEXT_MAX];
	int code = 0;

	find_doubt(pruning, doubt);
	for (size_t i = 0; code == 0 && i < pruning->list.count; i++) {
		const struct sov_outdated *file = &pruning->list.item[i];

		if (file->why != NULL)
			code = tell(pruning, file, SOV_STEP_KEEP, file->why, err);
		else if (doubt[0] != '\0')
			code = tell(pruning, file, SOV_STEP_REFUSE, doubt, err);
		else if (pruning->asked->place.dry_run)
			code = tell(pruning, file, SOV_STEP_REMOVE, NULL, err);
		else
			code = remove_file(pruning, file, err);
	}
	if (code == 0 && !pruning->asked->place.dry_run && pruning->out->changes > 0)
		code = sov_site_sync(&pruning->ground.site, err);
	return code;
}

int sov_prune(const struct sov_prune *prune, struct sov_steps *out, struct sov_err *trouble,
	      struct sov_err *err)
{
	struct pruning pruning = {.asked = prune, .ground = SOV_GROUND_CLOSED, .out = out};
	int code = sov_ground_open(&pruning.ground, &prune->place, SOV_SITE_REFUSE, out, err);

	sov_err_clear(trouble);
	if (code == 0)
		code = ask(&pruning, err);
	if (code == 0)
		code = settle(&pruning, err);
	if (pruning.search.unreadable > 0)
		*trouble = pruning.search.trouble;
	else if (pruning.ground.libdir.trouble.code != SOV_E_BROKEN) /* such a one just stays */
		*trouble = pruning.ground.libdir.trouble;
	sov_outdated_list_release(&pruning.list);
	sov_ground_close(&pruning.ground);
	return code;
}
