/* SPDX-License-Identifier: MIT */
#include <sov/check.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

#define RULE "declared-mismatch"

static const char *wanted_soname(const struct sov_expectation *want)
{
	return want->names != NULL ? want->names->soname : want->soname;
}

/* The second line of a message: the expected text, and who said so. */
static int expect(struct sov_err *err, const struct sov_expectation *want, const char *text)
{
	if (want->origin == NULL || want->origin[0] == '\0')
		return sov_expected(err, "%s", text);
	return sov_expected(err, "%s (%s)", text, want->origin);
}

/*
 * What could be declared so that the soname that was found is the right one: a name that differs in
 * nothing but the digits, and digits that sov.conf can say.
 */
static bool declarable(char *out, size_t size, const char *found, const char *wanted)
{
	struct sov_filename have, want;
	struct sov_version version;
	struct sov_err ignored;

	if (!sov_filename_parse(&have, found) || !sov_filename_parse(&want, wanted))
		return false;
	sov_err_clear(&ignored);
	return sov_filename_same_stem(&have, &want) &&
	       sov_version_parse(&version, have.digits, &ignored) == 0 &&
	       sov_str_format(out, size, "soversion = %s", have.digits);
}

static int fix_option(struct sov_err *err, const char *wanted)
{
	char option[SOV_TEXT_MAX], word[SOV_TEXT_MAX];

	if (!sov_str_format(option, sizeof(option), "-Wl,-soname,%s", wanted) ||
	    sov_shell_word(word, sizeof(word), option) >= sizeof(word))
		return sov_fix(err, "relink with that SONAME");
	return sov_fix(err, "relink with %s", word);
}

static int fix_soname(struct sov_err *err, const struct sov_expectation *want, const char *found,
		      const char *wanted)
{
	char word[SOV_NAME_MAX + 16];

	if (want->names == NULL)
		return wanted[0] == '\0' ? sov_fix(err, "relink without -soname")
					 : fix_option(err, wanted);
	if (want->relink != NULL && want->relink[0] != '\0')
		return sov_fix(err, "relink with sovcc, or declare %s", want->relink);
	if (want->relink == NULL && found != NULL && declarable(word, sizeof(word), found, wanted))
		return sov_fix(err, "relink with sovcc, or declare %s", word);
	return sov_fix(err, "relink with sovcc");
}

static int soname_found(struct sov_err *err, const struct sov_identity *identity)
{
	if (identity->soname == NULL)
		return sov_found(err, "no SONAME");
	if (identity->soname_count > 1)
		return sov_found(err, "%u SONAMEs, the last %s", identity->soname_count,
				 identity->soname);
	return sov_found(err, "%s",
			 identity->soname[0] != '\0' ? identity->soname : "an empty SONAME");
}

static int refuse_kind(const struct sov_identity *identity, const char *path, struct sov_err *err)
{
	if (identity->kind == SOV_KIND_BROKEN)
		return sov_fail(err, SOV_E_BROKEN, path, "%s",
				identity->detail[0] != '\0' ? identity->detail : "broken ELF file");
	sov_fail(err, SOV_E_MISMATCH, path, "not a shared library");
	sov_rule(err, RULE);
	return sov_found(err, "%s%s%s", sov_kind_name(identity->kind),
			 identity->detail[0] != '\0' ? ", " : "", identity->detail);
}

int sov_check_soname(const struct sov_identity *identity, const char *path,
		     const struct sov_expectation *want, struct sov_err *err)
{
	const char *wanted = wanted_soname(want);
	const char *found = identity->soname != NULL ? identity->soname : "";

	if (identity->kind != SOV_KIND_LIBRARY)
		return refuse_kind(identity, path, err);
	/* "" is what is wanted where there must be no tag; an empty tag is still a tag. */
	if (identity->soname_count == (wanted[0] != '\0' ? 1U : 0U) && strcmp(found, wanted) == 0)
		return 0;
	sov_fail(err, SOV_E_MISMATCH, path,
		 want->names != NULL ? "SONAME does not match the declared version"
				     : "SONAME is not the expected one");
	sov_rule(err, RULE);
	expect(err, want, wanted[0] != '\0' ? wanted : "no SONAME");
	soname_found(err, identity);
	return fix_soname(err, want, identity->soname, wanted);
}

/* struct subject - the file under examination. */
struct subject {
	const char *path;		 /* as the user gave it */
	char directory[SOV_SUBJECT_MAX]; /* where the file itself lies, links resolved */
	char name[SOV_NAME_MAX];	 /* and what it is called there */
	struct sov_identity identity;
	const struct sov_expectation *want;
	struct sov_report *report;
};

/* Turn a mismatch into a finding; any other error is passed on. */
static int report_mismatch(const struct subject *subject, const char *path, const char *object,
			   const struct sov_err *mismatch, struct sov_err *err)
{
	struct sov_err texts = *mismatch;
	const struct sov_finding finding = {
		.rule = RULE,
		.severity = SOV_ERROR,
		.path = (char *)path,
		.object = (char *)object,
		.message = texts.message,
		.expected = texts.expected[0] != '\0' ? texts.expected : NULL,
		.found = texts.found[0] != '\0' ? texts.found : NULL,
		.fix = texts.fix[0] != '\0' ? texts.fix : NULL,
	};

	return sov_report_add(subject->report, &finding, err);
}

static int path_in(char *out, size_t size, const char *directory, const char *name)
{
	const char *slash = directory[0] == '\0' || strcmp(directory, "/") == 0 ? "" : "/";

	return sov_str_format(out, size, "%s%s%s", directory, slash, name) ? 0 : -1;
}

/* Is there a file of that name in the subject's directory that is the subject itself? */
static bool is_subject(const struct subject *subject, const char *name)
{
	char path[SOV_SUBJECT_MAX];
	struct stat st;

	return path_in(path, sizeof(path), subject->directory, name) == 0 && stat(path, &st) == 0 &&
	       st.st_dev == subject->identity.device && st.st_ino == subject->identity.inode;
}

/* struct link - a link as it is on disk. */
struct link {
	char path[SOV_SUBJECT_MAX];
	bool there, symlink;
	char target[SOV_SUBJECT_MAX]; /* of a symlink */
};

static int link_look(struct link *link, const struct subject *subject, const char *name,
		     struct sov_err *err)
{
	struct stat st;
	ssize_t n;

	*link = (struct link){.there = true};
	if (path_in(link->path, sizeof(link->path), subject->directory, name) != 0) {
		errno = ENAMETOOLONG;
		return sov_fail_errno(err, subject->path, "cannot look at the links beside it");
	}
	if (lstat(link->path, &st) != 0) {
		link->there = false;
		return errno == ENOENT ? 0 : sov_fail_errno(err, link->path, "cannot look at it");
	}
	link->symlink = S_ISLNK(st.st_mode);
	if (!link->symlink)
		return 0;
	n = readlink(link->path, link->target, sizeof(link->target) - 1);
	if (n < 0)
		return sov_fail_errno(err, link->path, "cannot read the link");
	link->target[n] = '\0';
	return 0;
}

/* The file name: the real name, or a hard link of that name beside it. */
static bool has_real_name(const struct subject *subject)
{
	const char *real = subject->want->names->real_name;

	return strcmp(subject->name, real) == 0 || is_subject(subject, real);
}

/* @beside: something has the declared real name, and a fix must not put this file in its place */
static int report_real_name(const struct subject *subject, bool beside, struct sov_err *err)
{
	const struct sov_names *names = subject->want->names;
	const char *soname = subject->identity.soname;
	struct sov_err mismatch;

	sov_err_clear(&mismatch);
	sov_fail(&mismatch, SOV_E_MISMATCH, subject->path,
		 "file name does not match the declared version");
	expect(&mismatch, subject->want, names->real_name);
	sov_found(&mismatch, "%s", subject->name);
	if (!beside && strcmp(soname != NULL ? soname : "", names->soname) == 0)
		sov_fix(&mismatch, "rename it to %s", names->real_name);
	else if (!beside)
		sov_fix(&mismatch, "relink with sovcc");
	return report_mismatch(subject, subject->path, subject->name, &mismatch, err);
}

/* Is it called as the declared file, but for the digits? The soname's own digits are a link's. */
static bool is_of_another_version(const struct subject *subject)
{
	const struct sov_names *names = subject->want->names;
	struct sov_filename have, want;

	return strcmp(subject->name, names->soname) != 0 &&
	       sov_filename_parse(&have, subject->name) &&
	       sov_filename_parse(&want, names->real_name) && have.count > 0 &&
	       sov_filename_same_stem(&have, &want);
}

static int report_another_version(const struct subject *subject, struct sov_err *err)
{
	const char *soname = subject->identity.soname;
	struct sov_err mismatch;

	sov_err_clear(&mismatch);
	sov_fail(&mismatch, SOV_E_MISMATCH, subject->path,
		 "the file of another version, beside that of the declared one");
	expect(&mismatch, subject->want, subject->want->names->real_name);
	sov_found(&mismatch, "%s, %s%s", subject->name, soname != NULL ? "SONAME " : "no SONAME",
		  soname != NULL ? soname : "");
	return report_mismatch(subject, subject->path, subject->name, &mismatch, err);
}

static int check_soname_of(const struct subject *subject, struct sov_err *err)
{
	struct sov_err mismatch;
	int rc;

	sov_err_clear(&mismatch);
	rc = sov_check_soname(&subject->identity, subject->path, subject->want, &mismatch);
	if (rc == -SOV_E_MISMATCH)
		return report_mismatch(subject, subject->path, wanted_soname(subject->want),
				       &mismatch, err);
	if (rc != 0)
		*err = mismatch;
	return rc;
}

/* What the file says of itself: its SONAME and its name. */
static int check_itself(const struct subject *subject, struct sov_err *err)
{
	struct link declared = {0};
	bool named = has_real_name(subject);
	int rc = 0;

	if (!named)
		rc = link_look(&declared, subject, subject->want->names->real_name, err);
	if (rc == 0 && declared.there && is_of_another_version(subject))
		return report_another_version(subject, err);
	if (rc == 0)
		rc = check_soname_of(subject, err);
	return rc == 0 && !named ? report_real_name(subject, declared.there, err) : rc;
}

/* A file that stands there may be somebody's: no command puts a link in its place. */
static int fix_link(struct sov_err *err, const struct link *link, const char *target)
{
	bool taken = link->there && !link->symlink;
	char command[SOV_TEXT_MAX - 32];

	if (!sov_shell_link(command, sizeof(command), taken ? "ln -s" : "ln -sfn", target,
			    link->path))
		return sov_fix(err, "make that link by hand: no command shows such a name");
	return sov_fix(err, "%s%s", taken ? "move that file away first, then " : "", command);
}

static int report_link(const struct subject *subject, const struct link *link, const char *name,
		       const char *target, const char *message, struct sov_err *err)
{
	char expected[SOV_TEXT_MAX];
	struct sov_err mismatch;

	sov_err_clear(&mismatch);
	sov_fail(&mismatch, SOV_E_MISMATCH, link->path, "%s", message);
	(void)sov_str_format(expected, sizeof(expected), "%s -> %s", name, target);
	expect(&mismatch, subject->want, expected);
	if (!link->there)
		sov_found(&mismatch, "nothing");
	else if (link->symlink)
		sov_found(&mismatch, "%s -> %s", name, link->target);
	else
		sov_found(&mismatch, "%s is another file, not a link", name);
	fix_link(&mismatch, link, target);
	return report_mismatch(subject, link->there ? link->path : subject->path, name, &mismatch,
			       err);
}

static int check_soname_link(const struct subject *subject, struct sov_err *err)
{
	const struct sov_names *names = subject->want->names;
	struct link link;
	int rc;

	if (names->soname[0] == '\0' || strcmp(names->soname, names->real_name) == 0)
		return 0;
	rc = link_look(&link, subject, names->soname, err);
	if (rc != 0 || is_subject(subject, names->soname))
		return rc;
	return report_link(subject, &link, names->soname, names->real_name,
			   link.there ? "the soname link does not lead to this file"
				      : "the soname link is missing",
			   err);
}

/* Does a link lead to a name beside it by its text, whatever stands there? */
static bool points_to(const struct link *link, const char *name)
{
	const char *target = link->target;

	while (sov_str_starts(target, "./"))
		target += strlen("./");
	return link->symlink && strcmp(target, name) == 0;
}

static int check_linker_name(const struct subject *subject, struct sov_err *err)
{
	const struct sov_expectation *want = subject->want;
	const struct sov_names *names = want->names;
	bool by_soname = want->linker_name == SOV_LINKER_NAME_SONAME && names->soname[0] != '\0';
	const char *target = by_soname ? names->soname : names->real_name;
	struct link link;
	int rc;

	if (want->linker_name == SOV_LINKER_NAME_NONE || names->linker_name[0] == '\0' ||
	    strcmp(names->linker_name, names->real_name) == 0)
		return 0;
	rc = link_look(&link, subject, names->linker_name, err);
	if (rc != 0 || (!link.there && want->linker_name_optional))
		return rc;
	if (!link.there)
		return report_link(subject, &link, names->linker_name, target,
				   "the linker name is missing", err);
	if (points_to(&link, target) && strcmp(target, names->real_name) != 0 &&
	    !is_subject(subject, target))
		return 0; /* the soname link is at fault, and has been blamed */
	if (!is_subject(subject, names->linker_name))
		return report_link(subject, &link, names->linker_name, target,
				   "the linker name does not lead to this file", err);
	if (want->linker_name_declared && link.symlink && !points_to(&link, target))
		return report_link(subject, &link, names->linker_name, target,
				   "the linker name does not point where it is declared to", err);
	return 0;
}

/* Follow links from name to name in one directory. Returns 1 at the file, 0 at a link elsewhere. */
static int locate_beside(struct subject *subject, struct sov_err *err)
{
	struct link link;

	(void)sov_str_dirname(subject->directory, sizeof(subject->directory), subject->path);
	(void)sov_str_copy(subject->name, sizeof(subject->name), sov_str_basename(subject->path));
	for (int hops = 0; hops < 40; hops++) {
		int rc = link_look(&link, subject, subject->name, err);

		if (rc != 0 || !link.symlink)
			return rc != 0 ? rc : 1;
		if (strchr(link.target, '/') != NULL ||
		    !sov_str_copy(subject->name, sizeof(subject->name), link.target))
			return 0;
	}
	return 0;
}

/* Where the file is once every link is resolved; a path stays in the user's words where it can. */
static int locate(struct subject *subject, struct sov_err *err)
{
	sov_autofree char *real = NULL;
	int rc = locate_beside(subject, err);

	if (rc != 0)
		return rc < 0 ? rc : 0;
	real = realpath(subject->path, NULL);
	if (real == NULL)
		return sov_fail_errno(err, subject->path, "cannot resolve the link");
	(void)sov_str_dirname(subject->directory, sizeof(subject->directory), real);
	(void)sov_str_copy(subject->name, sizeof(subject->name), sov_str_basename(real));
	return 0;
}

/*
 * What the file itself has wrong comes first, and then nothing more: the links beside a file of
 * another version are those of the declared one.
 */
static int check_all(struct subject *subject, struct sov_err *err)
{
	size_t findings = subject->report->count;
	int rc;

	if (subject->want->names == NULL || subject->identity.kind != SOV_KIND_LIBRARY)
		return check_soname_of(subject, err);
	rc = locate(subject, err);
	if (rc == 0)
		rc = check_itself(subject, err);
	if (rc != 0 || subject->report->count > findings)
		return rc;
	rc = check_soname_link(subject, err);
	return rc == 0 ? check_linker_name(subject, err) : rc;
}

int sov_check_file(const char *path, const struct sov_expectation *want, struct sov_report *report,
		   struct sov_err *err)
{
	struct subject subject = {.path = path, .want = want, .report = report};
	int rc = sov_identity_of(&subject.identity, path, err);

	if (rc != 0)
		return rc;
	report->files++;
	report->libraries += subject.identity.kind == SOV_KIND_LIBRARY ? 1 : 0;
	rc = check_all(&subject, err);
	sov_identity_release(&subject.identity);
	return rc;
}
