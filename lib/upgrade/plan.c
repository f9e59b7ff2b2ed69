/* SPDX-License-Identifier: MIT */
#include "upgrade/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fs/backup.h"
#include "upgrade/follow.h"

/* struct planner - what one placement is decided from. */
struct planner {
	const struct sov_install *install;
	const struct sov_ground *ground;
	struct sov_placement *placement;
	const struct sov_names *names;
};

static const struct sov_entry *find(const struct planner *planner, const char *name)
{
	return sov_libdir_find(&planner->ground->libdir, name);
}

/* "x86-64, 64 bits, little-endian" */
static void tell_machine(char out[SOV_EXCERPT_MAX], const struct sov_identity *identity)
{
	char machine[32];

	(void)sov_str_format(out, SOV_EXCERPT_MAX, "%s, %u bits, %s-endian",
			     sov_machine_name(machine, identity->machine), identity->bits,
			     identity->big_endian ? "big" : "little");
}

/* A system whose libraries get those of another machine does not start a program any more. */
static int refuse_machine(const struct planner *planner, const struct sov_entry *was,
			  const char *message, struct sov_err *err)
{
	const struct sov_identity *ours = &planner->placement->source->identity;
	const struct sov_identity *there = &was->identity;
	char path[SOV_SUBJECT_MAX], machine[SOV_EXCERPT_MAX];

	if (there->kind != SOV_KIND_LIBRARY ||
	    (there->machine == ours->machine && there->bits == ours->bits &&
	     there->big_endian == ours->big_endian))
		return 0;
	sov_fail(err, SOV_E_MISMATCH, sov_site_path(&planner->ground->site, was->name, path), "%s",
		 message);
	tell_machine(machine, ours);
	sov_expected(err, "%s, or nothing", machine);
	tell_machine(machine, there);
	sov_found(err, "%s", machine);
	return sov_fix(err, "move it away, or install into another directory");
}

static int plan_real(const struct planner *planner, struct sov_err *err)
{
	struct sov_planned *real = &planner->placement->real;
	const char *name = planner->names->real_name;
	const struct sov_entry *was = find(planner, name);

	if (was != NULL && was->type != SOV_ENTRY_FILE)
		return sov_ground_obstacle(planner->ground, was, "no file can be put here",
					   "a regular file, or nothing", err);
	if (was != NULL &&
	    refuse_machine(planner, was, "a library of another machine has this name", err) != 0)
		return -SOV_E_MISMATCH;
	*real = (struct sov_planned){.fate = SOV_FATE_MAKE, .name = name, .was = was};
	if (was == NULL || !planner->install->backup)
		return 0;
	return sov_backup_name(planner->placement->backup, &planner->ground->site, name, err);
}

/* A link must go there; what a link leads to in a circle, nobody can tell. */
static int link_obstacle(const struct planner *planner, const struct sov_entry *was,
			 const char *target, struct sov_err *err)
{
	char expected[SOV_TEXT_MAX];

	(void)sov_str_format(expected, sizeof(expected), "a link to %s, or nothing", target);
	if (was->type != SOV_ENTRY_LINK)
		return sov_ground_obstacle(planner->ground, was, "no link can be made here",
					   expected, err);
	if (sov_entry_circles(&planner->ground->libdir, was))
		return sov_ground_obstacle(planner->ground, was, "the link leads in a circle",
					   expected, err);
	return 0;
}

static int plan_link(const struct planner *planner, struct sov_planned *link, const char *name,
		     const char *target, struct sov_err *err)
{
	const struct sov_entry *was = find(planner, name);
	int rc = was != NULL ? link_obstacle(planner, was, target, err) : 0;

	if (rc != 0)
		return rc;
	*link = (struct sov_planned){
		.fate = SOV_FATE_MAKE, .name = name, .target = target, .was = was};
	if (was != NULL && strcmp(was->target, target) == 0)
		link->fate = SOV_FATE_SAME;
	return 0;
}

static int plan_soname(const struct planner *planner, struct sov_err *err)
{
	const struct sov_names *names = planner->names;
	const struct sov_entry *was = find(planner, names->soname);

	if (strcmp(names->soname, names->real_name) == 0)
		return 0;
	if (was != NULL && was->type == SOV_ENTRY_LINK && was->end != NULL &&
	    refuse_machine(planner, was->end, "a library of another machine bears the SONAME here",
			   err) != 0)
		return -SOV_E_MISMATCH;
	return plan_link(planner, &planner->placement->soname, names->soname, names->real_name,
			 err);
}

bool sov_leads_to_soname(const struct sov_entry *link, const char *soname)
{
	const char *beside = link->beside;

	if (beside != NULL && strcmp(beside, soname) == 0)
		return true;
	if (link->end != NULL && link->end->identity.soname != NULL)
		return strcmp(link->end->identity.soname, soname) == 0;
	return beside != NULL && sov_soname_continued(soname, beside);
}

/* The linker name stays as it is. */
static void keep_linker(const struct planner *planner, const struct sov_entry *was, const char *why)
{
	struct sov_planned *linker = &planner->placement->linker;

	*linker = (struct sov_planned){
		.fate = was != NULL ? SOV_FATE_KEEP : SOV_FATE_NONE,
		.name = planner->names->linker_name,
		.was = was,
	};
	(void)sov_str_format(linker->why, sizeof(linker->why), "%s", why);
}

static void keep_elsewhere(const struct planner *planner, const struct sov_entry *was)
{
	char why[SOV_NAME_MAX + 32], target[SOV_EXCERPT_MAX];

	(void)sov_str_format(why, sizeof(why), "leads to %s", sov_str_excerpt(target, was->target));
	keep_linker(planner, was, why);
}

/* What the linker name shall lead to. @was: a link to this soname, or NULL */
static const char *linker_target(const struct planner *planner, const struct sov_entry *was)
{
	const struct sov_expectation *want = &planner->placement->source->library->want;
	const struct sov_names *names = planner->names;
	bool real = want->linker_name_declared && want->linker_name == SOV_LINKER_NAME_REAL;

	if (planner->install->linker_name == SOV_WISH_REAL)
		real = true;
	else if (planner->install->linker_name == SOV_WISH_SONAME)
		real = false;
	else if (was != NULL && !want->linker_name_declared)
		real = was->beside == NULL || strcmp(was->beside, names->soname) != 0;
	return real ? names->real_name : names->soname;
}

/* Nothing is lost with a link that leads to nothing, in this directory or another. */
static bool is_void(const struct planner *planner, const struct sov_entry *was)
{
	struct sov_landing landing;

	if (was->type != SOV_ENTRY_LINK || was->end != NULL)
		return false;
	switch (sov_follow(&landing, &planner->ground->site, was->name)) {
	case SOV_LANDING_NOTHING:
		return true;
	case SOV_LANDING_FOUND:
		sov_landing_release(&landing);
		return false;
	default:
		return false;
	}
}

static int follow_linker(const struct planner *planner, const struct sov_entry *was,
			 struct sov_err *err)
{
	const char *name = planner->names->linker_name;
	bool circles = was != NULL && sov_entry_circles(&planner->ground->libdir, was);

	if (was != NULL && was->type == SOV_ENTRY_LINK && !circles &&
	    !sov_leads_to_soname(was, planner->names->soname)) {
		if (is_void(planner, was))
			return plan_link(planner, &planner->placement->linker, name,
					 linker_target(planner, NULL), err);
		keep_elsewhere(planner, was);
		return 0;
	}
	if (was != NULL && (circles || was->type != SOV_ENTRY_LINK))
		return link_obstacle(planner, was, linker_target(planner, NULL), err);
	return plan_link(planner, &planner->placement->linker, name, linker_target(planner, was),
			 err);
}

static int plan_linker(const struct planner *planner, struct sov_err *err)
{
	const struct sov_names *names = planner->names;
	const struct sov_entry *was = find(planner, names->linker_name);

	/* "" is linker-name = none, which plan_linker() is not called for but by this room */
	if (names->linker_name[0] == '\0' || strcmp(names->linker_name, names->soname) == 0 ||
	    strcmp(names->linker_name, names->real_name) == 0)
		return 0;
	switch (planner->install->linker_name) {
	case SOV_WISH_KEEP:
		keep_linker(planner, was, "--linker-name=keep");
		return 0;
	case SOV_WISH_NONE:
		keep_linker(planner, was, "--linker-name=none");
		return 0;
	case SOV_WISH_SONAME:
	case SOV_WISH_REAL:
		return plan_link(planner, &planner->placement->linker, names->linker_name,
				 linker_target(planner, NULL), err);
	case SOV_WISH_FOLLOW:
		if (!sov_source_has_linker_name(planner->placement->source))
			return 0;
		break;
	}
	return follow_linker(planner, was, err);
}

/*
 * The file that is what the soname means now: where its link ends; without one that works, the
 * newest of the soname, for that is what ldconfig would choose.
 */
static bool installed(struct sov_filename *out, const struct planner *planner)
{
	const struct sov_names *names = planner->names;
	const struct sov_entry *link = find(planner, names->soname), *newest;
	const char *away = link != NULL && link->target != NULL && strchr(link->target, '/') != NULL
				   ? sov_str_basename(link->target)
				   : NULL;

	if (link != NULL && link->type != SOV_ENTRY_LINK)
		return false;
	if (link != NULL && link->end != NULL && sov_leads_to_soname(link, names->soname)) {
		*out = link->end->file;
		return true;
	}
	if (away != NULL && sov_soname_continued(names->soname, away))
		return sov_filename_parse(out, away);
	newest = sov_libdir_newest(&planner->ground->libdir, names->soname, names->real_name);
	if (newest != NULL)
		*out = newest->file;
	return newest != NULL;
}

static int refuse_downgrade(const struct planner *planner, struct sov_err *err)
{
	struct sov_filename there, ours;
	char name[SOV_NAME_MAX], path[SOV_SUBJECT_MAX];

	if (planner->install->allow_downgrade || !installed(&there, planner) ||
	    !sov_filename_parse(&ours, planner->names->real_name) ||
	    !sov_filename_same_stem(&there, &ours) || sov_filename_compare(&there, &ours) <= 0)
		return 0;
	(void)sov_str_format(name, sizeof(name), "%.*s.so%s%s", (int)there.stem_len, there.stem,
			     there.count > 0 ? "." : "", there.digits);
	sov_fail(err, SOV_E_MISMATCH, sov_site_path(&planner->ground->site, name, path),
		 "a newer version is installed");
	sov_expected(err, "%s, or an older one", planner->names->real_name);
	sov_found(err, "%s", name);
	return sov_fix(err, "--allow-downgrade goes back to %s", planner->names->real_name);
}

static int plan_one(const struct planner *planner, struct sov_err *err)
{
	enum sov_component component = planner->install->component;
	int rc = 0;

	if (component != SOV_COMPONENT_DEV)
		rc = plan_real(planner, err);
	if (rc == 0 && component != SOV_COMPONENT_DEV)
		rc = plan_soname(planner, err);
	if (rc == 0 && component != SOV_COMPONENT_DEV)
		rc = refuse_downgrade(planner, err);
	if (rc == 0 && component != SOV_COMPONENT_RUNTIME)
		rc = plan_linker(planner, err);
	return rc;
}

/* Does the placement give this name to something? */
static bool claims(const struct sov_planned *planned, const char *name)
{
	return (planned->fate == SOV_FATE_MAKE || planned->fate == SOV_FATE_SAME) &&
	       strcmp(planned->name, name) == 0;
}

static const char *claimed(const struct sov_placement *a, const struct sov_placement *b)
{
	const struct sov_planned *const ours[] = {&a->real, &a->soname, &a->linker};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		const char *name = ours[i]->name;

		if (ours[i]->fate != SOV_FATE_NONE && ours[i]->fate != SOV_FATE_KEEP &&
		    (claims(&b->real, name) || claims(&b->soname, name) ||
		     claims(&b->linker, name)))
			return name;
	}
	return NULL;
}

/* Two libraries of one act that would get the same name. */
static int refuse_clash(const struct sov_plan *plan, const struct sov_placement *placement,
			struct sov_err *err)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct sov_placement *other = &plan->placement[i];
		const char *name = claimed(other, placement);

		if (name == NULL)
			continue;
		sov_fail(err, SOV_E_USAGE, placement->source->library->path,
			 "would get the same name as another of these libraries");
		sov_expected(err, "one library for each name");
		sov_found(err, "%s of %s as well", name, other->source->library->path);
		if (placement->linker.name != NULL && strcmp(name, placement->linker.name) == 0)
			return sov_fix(err, "give --linker-name=keep, or one library a time");
		return sov_fix(err, "give one library of each name a call");
	}
	return 0;
}

int sov_plan_make(struct sov_plan *plan, const struct sov_install *install,
		  const struct sov_sources *sources, const struct sov_ground *ground,
		  struct sov_err *err)
{
	int rc = 0;

	plan->placement = calloc(sources->count + 1, sizeof(*plan->placement));
	if (plan->placement == NULL)
		return sov_fail_nomem(err, NULL);
	for (size_t i = 0; rc == 0 && i < sources->count; i++) {
		struct sov_placement *placement = &plan->placement[plan->count];
		const struct planner planner = {install, ground, placement,
						&sources->source[i].names};

		if (sources->source[i].same_as != NULL)
			continue;
		placement->source = &sources->source[i];
		placement->draft.fd = -1;
		rc = plan_one(&planner, err);
		if (rc == 0)
			rc = refuse_clash(plan, placement, err);
		plan->count++;
	}
	return rc;
}

void sov_plan_release(struct sov_plan *plan, const struct sov_site *site)
{
	for (size_t i = 0; i < plan->count; i++)
		sov_draft_discard(&plan->placement[i].draft, site);
	free(plan->placement);
	*plan = (struct sov_plan){0};
}

static int tell(const struct sov_planned *planned, const struct sov_ground *ground,
		struct sov_steps *steps, struct sov_err *err)
{
	bool link = planned->target != NULL;
	struct sov_step texts = {.target = (char *)planned->target};
	char why[sizeof(planned->why)];

	if (planned->fate == SOV_FATE_NONE)
		return 0;
	if (planned->fate == SOV_FATE_MAKE) {
		texts.why = !link && planned->was != NULL ? (char *)"replaces another file" : NULL;
		texts.was = link && planned->was != NULL ? planned->was->target : NULL;
		return sov_ground_step(ground, steps, link ? SOV_STEP_LINK : SOV_STEP_INSTALL,
				       planned->name, &texts, err);
	}
	if (planned->fate == SOV_FATE_KEEP)
		(void)sov_str_copy(why, sizeof(why), planned->why);
	else if (link)
		(void)sov_str_format(why, sizeof(why), "leads to %s already", planned->target);
	else
		(void)sov_str_copy(why, sizeof(why), "the same already");
	texts = (struct sov_step){.why = why};
	return sov_ground_step(ground, steps, SOV_STEP_KEEP, planned->name, &texts, err);
}

static int tell_real(const struct sov_placement *placement, const struct sov_ground *ground,
		     struct sov_steps *steps, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];
	const struct sov_step texts = {
		.target = (char *)sov_site_path(&ground->site, placement->backup, path)};
	int rc = 0;

	if (placement->backup[0] != '\0' && placement->real.fate == SOV_FATE_MAKE)
		rc = sov_ground_step(ground, steps, SOV_STEP_BACKUP, placement->real.name, &texts,
				     err);
	return rc == 0 ? tell(&placement->real, ground, steps, err) : rc;
}

/* `sov install build/libdemo.so* DIR` names one file three times. */
static int tell_again(const struct sov_source *source, struct sov_steps *steps, struct sov_err *err)
{
	char why[SOV_SUBJECT_MAX + 32];
	struct sov_step step = {
		.verb = SOV_STEP_KEEP, .path = (char *)source->library->path, .why = why};

	if (source->same_as == NULL)
		return 0;
	(void)sov_str_format(why, sizeof(why), "the same file as %s", source->same_as);
	return sov_steps_add(steps, &step, err);
}

int sov_plan_tell(const struct sov_plan *plan, const struct sov_sources *sources,
		  const struct sov_ground *ground, struct sov_steps *steps, struct sov_err *err)
{
	const struct sov_placement *placement = plan->placement;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sources->count; i++)
		rc = tell_again(&sources->source[i], steps, err);
	for (size_t i = 0; rc == 0 && i < plan->count; i++)
		rc = tell_real(&placement[i], ground, steps, err);
	for (size_t i = 0; rc == 0 && i < plan->count; i++)
		rc = tell(&placement[i].soname, ground, steps, err);
	for (size_t i = 0; rc == 0 && i < plan->count; i++)
		rc = tell(&placement[i].linker, ground, steps, err);
	return rc;
}
