/* SPDX-License-Identifier: MIT */
#include "wrapper/verify.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sov/check.h>
#include <sov/elf.h>

#include "base/mem.h"

/* Was the file written by this link? A link editor may write in place or anew. */
static bool is_new(const struct stat *before, const struct stat *now)
{
	return before->st_nlink == 0 || before->st_dev != now->st_dev ||
	       before->st_ino != now->st_ino || before->st_size != now->st_size ||
	       before->st_ctim.tv_sec != now->st_ctim.tv_sec ||
	       before->st_ctim.tv_nsec != now->st_ctim.tv_nsec;
}

/* Remove what was judged wrong, unless somebody has put something else there since. */
static void remove_output(const char *path, const struct stat *judged)
{
	struct stat now;

	if (lstat(path, &now) == 0 && !is_new(judged, &now))
		unlink(path);
}

static int judge(const struct plan *plan, const struct sov_identity *identity, struct sov_err *err)
{
	struct sov_expectation want = {
		.soname = plan->names.soname, .names = &plan->names, .origin = plan->origin};

	if (identity->kind == SOV_KIND_BROKEN)
		return -SOV_E_BROKEN; /* sov_identity_read() has said why */
	return sov_check_soname(identity, plan->output, &want, err);
}

/*
 * Is the file to be judged? What was written under the names that we gave is (gcc -shared -no-pie
 * makes a program), and else every ET_DYN: mold -static -shared writes one without PT_DYNAMIC.
 */
static bool is_claim(const struct plan *plan, const struct sov_identity *identity)
{
	return plan->names_are_ours || identity->type == ET_DYN ||
	       identity->kind == SOV_KIND_BROKEN;
}

/* No declared file was written. Was the library, by a link editor that heeds the first -o only? */
static int judge_given(const struct plan *plan, struct sov_err *err)
{
	struct stat now;

	if (strcmp(plan->given, plan->output) == 0 || lstat(plan->given, &now) < 0 ||
	    !S_ISREG(now.st_mode) || !is_new(&plan->given_before, &now))
		return 0;
	remove_output(plan->given, &now);
	sov_fail(err, SOV_E_MISMATCH, plan->given,
		 "the link editor wrote this file, not the declared real name");
	sov_rule(err, "declared-mismatch");
	sov_expected(err, "%s (%s)", plan->output, plan->origin);
	sov_found(err, "%s", plan->given);
	return sov_fix(err, "use a link editor whose last -o counts: bfd, gold, lld, mold");
}

int verify_output(const struct plan *plan, bool *library, struct sov_err *err)
{
	sov_autoclose int fd = sov_identity_open(AT_FDCWD, plan->output, 0);
	struct sov_identity identity = {0};
	struct stat now;
	int rc;

	*library = false;
	if (fd < 0 && errno == ENOENT)
		return judge_given(plan, err);
	if (fd < 0 || fstat(fd, &now) < 0)
		return sov_fail_errno(err, plan->output, "cannot be examined after the link");
	if (!S_ISREG(now.st_mode) || !is_new(&plan->before, &now))
		return judge_given(plan, err);
	rc = sov_identity_read(&identity, fd, plan->output, err);
	if (rc == 0 && is_claim(plan, &identity)) {
		rc = judge(plan, &identity, err);
		*library = rc == 0;
		if (rc < 0)
			remove_output(plan->output, &now);
	}
	sov_identity_release(&identity);
	return rc;
}
