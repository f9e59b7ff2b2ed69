/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs/publish.h"
#include "scratch.h"

#define REAL_NAME "libdemo.so.2.1.0"
#define SONAME	  "libdemo.so.2"
#define STRAY	  ".sov-link"

/* What the kernel answers instead of doing it; 0 = it does. */
static struct {
	int tmpfile, empty_path, proc, rename, close;
} refuse;

/* A signal to be sent to ourselves at each call that changes a name; 0 = none. */
static int interruption;

int __real_openat(int dirfd, const char *path, int flags, mode_t mode);
int __wrap_openat(int dirfd, const char *path, int flags, mode_t mode);
int __real_linkat(int from, const char *old, int to, const char *new, int flags);
int __wrap_linkat(int from, const char *old, int to, const char *new, int flags);
int __real_symlinkat(const char *target, int dirfd, const char *name);
int __wrap_symlinkat(const char *target, int dirfd, const char *name);
int __real_renameat(int from, const char *old, int to, const char *new);
int __wrap_renameat(int from, const char *old, int to, const char *new);
int __real_close(int fd);
int __wrap_close(int fd);

static int answer(int error)
{
	errno = error;
	return -1;
}

int __wrap_openat(int dirfd, const char *path, int flags, mode_t mode)
{
	if ((flags & O_TMPFILE) == O_TMPFILE && refuse.tmpfile != 0)
		return answer(refuse.tmpfile);
	return __real_openat(dirfd, path, flags, mode);
}

int __wrap_linkat(int from, const char *old, int to, const char *new, int flags)
{
	int rc, saved;

	if ((flags & AT_EMPTY_PATH) != 0 && refuse.empty_path != 0)
		return answer(refuse.empty_path);
	if ((flags & AT_SYMLINK_FOLLOW) != 0 && refuse.proc != 0)
		return answer(refuse.proc);
	rc = __real_linkat(from, old, to, new, flags);
	saved = errno;
	if (interruption != 0)
		raise(interruption);
	errno = saved;
	return rc;
}

int __wrap_symlinkat(const char *target, int dirfd, const char *name)
{
	int rc = __real_symlinkat(target, dirfd, name);

	if (interruption != 0)
		raise(interruption);
	return rc;
}

int __wrap_renameat(int from, const char *old, int to, const char *new)
{
	return refuse.rename != 0 ? answer(refuse.rename) : __real_renameat(from, old, to, new);
}

int __wrap_close(int fd)
{
	int rc = __real_close(fd);

	return refuse.close != 0 ? answer(refuse.close) : rc;
}

static int setup(void **state)
{
	memset(&refuse, 0, sizeof(refuse));
	interruption = 0;
	return scratch_setup(state);
}

static struct sov_site site_of(const struct scratch *scratch)
{
	return (struct sov_site){.dirfd = scratch->fd, .directory = "out"};
}

/* A draft that holds a text. */
static struct sov_draft draft_of(const struct sov_site *site, const char *text)
{
	struct sov_draft draft = {.fd = -1};
	struct sov_err err;

	sov_err_clear(&err);
	assert_int_equal(sov_draft_open(&draft, site, &err), 0);
	assert_int_equal(write(draft.fd, text, strlen(text)), strlen(text));
	return draft;
}

static void assert_holds(int dirfd, const char *name, const char *text)
{
	int fd = name[0] != '\0' ? __real_openat(dirfd, name, O_RDONLY | O_CLOEXEC, 0) : dup(dirfd);
	char found[64] = "";

	assert_return_code(fd, errno);
	assert_int_equal(pread(fd, found, sizeof(found) - 1, 0), strlen(text));
	assert_string_equal(found, text);
	close(fd);
}

/* The ways to a name, each of which must do the same. */
static const struct {
	int tmpfile, empty_path, proc;
} ways[] = {
	{0,	    0,      0	},
	{0,	    ENOENT, 0     }, /* no capability */
	{0,	    ENOENT, ENOENT}, /* and no /proc */
	{EOPNOTSUPP, 0,	0	 },
};

static void take_way(size_t i)
{
	refuse.tmpfile = ways[i].tmpfile;
	refuse.empty_path = ways[i].empty_path;
	refuse.proc = ways[i].proc;
}

static void a_draft_takes_the_place_of_a_file(void **state)
{
	struct scratch *scratch = *state;

	for (size_t i = 0; i < COUNT(ways) * 2; i++) {
		struct sov_site site = site_of(scratch);
		struct sov_draft draft;
		struct sov_err err;
		int old;

		take_way(i / 2);
		site.locked = i % 2 == 0;
		scratch_file(scratch, REAL_NAME, "old");
		old = __real_openat(scratch->fd, REAL_NAME, O_RDONLY | O_CLOEXEC, 0);
		draft = draft_of(&site, "new");
		assert_holds(scratch->fd, REAL_NAME, "old");
		sov_err_clear(&err);
		assert_int_equal(sov_publish_draft(&draft, &site, REAL_NAME, &err), 0);
		assert_holds(scratch->fd, REAL_NAME, "new");
		assert_holds(old, "", "old"); /* who runs it keeps it */
		assert_int_equal(draft.fd, -1);
		assert_string_equal(draft.temporary, "");
		assert_int_equal(scratch_names(scratch, "."), 1);
		close(old);
	}
}

static void a_draft_takes_the_place_of_a_link_and_not_of_its_target(void **state)
{
	struct scratch *scratch = *state;
	const struct sov_site site = site_of(scratch);
	struct sov_draft draft = draft_of(&site, "new");
	struct sov_err err;

	scratch_file(scratch, "victim", "old");
	scratch_link(scratch, REAL_NAME, "victim");
	sov_err_clear(&err);
	assert_int_equal(sov_publish_draft(&draft, &site, REAL_NAME, &err), 0);
	assert_holds(scratch->fd, "victim", "old");
	assert_holds(scratch->fd, REAL_NAME, "new");
}

static void a_draft_that_can_not_be_published_leaves_what_was_there(void **state)
{
	static const int errors[] = {EISDIR, ENOSPC, EDQUOT};
	struct scratch *scratch = *state;
	const struct sov_site site = site_of(scratch);
	struct sov_err err;

	scratch_file(scratch, SONAME, "old");
	scratch_directory(scratch, REAL_NAME);
	for (size_t i = 0; i < COUNT(ways) * 3; i++) {
		struct sov_draft draft;

		take_way(i / 3);
		draft = draft_of(&site, "new");
		refuse.rename = i % 3 == 1 ? ENOSPC : 0;
		refuse.close = i % 3 == 2 ? EDQUOT : 0;
		sov_err_clear(&err);
		assert_int_equal(
			sov_publish_draft(&draft, &site, i % 3 == 0 ? REAL_NAME : SONAME, &err),
			-SOV_E_SYSTEM);
		assert_int_equal(err.sys_errno, errors[i % 3]);
		refuse.rename = refuse.close = 0;
		sov_draft_discard(&draft, &site);
		assert_holds(scratch->fd, SONAME, "old");
		assert_int_equal(scratch_names(scratch, "."), 2);
	}
}

static void a_draft_that_can_no_longer_be_named_is_an_error(void **state)
{
	struct scratch *scratch = *state;
	const struct sov_site site = site_of(scratch);
	struct sov_draft draft = draft_of(&site, "new");
	struct sov_err err;

	refuse.empty_path = ENOSPC;
	sov_err_clear(&err);
	assert_int_equal(sov_publish_draft(&draft, &site, REAL_NAME, &err), -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, ENOSPC);
	assert_string_equal(err.subject, "out/libdemo.so.2.1.0");
	assert_string_equal(draft.temporary, "");
	sov_draft_discard(&draft, &site);
	assert_int_equal(scratch_names(scratch, "."), 0);
}

static void a_temporary_name_that_is_taken_is_in_nobodys_way(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = site_of(scratch);
	struct sov_draft draft;
	struct sov_err err;

	scratch_directory(scratch, ".sov-file-0");
	scratch_directory(scratch, STRAY);
	scratch_link(scratch, SONAME, "old"); /* what is not there needs no temporary name */
	site.locked = true;
	draft = draft_of(&site, "new");
	sov_err_clear(&err);
	assert_int_equal(sov_publish_draft(&draft, &site, REAL_NAME, &err), 0);
	assert_int_equal(sov_publish_link(&site, SONAME, REAL_NAME, &err), 0);
	assert_holds(scratch->fd, SONAME, "new");
	assert_int_equal(scratch_names(scratch, "."), 4);
}

static const struct scratch *interrupted;
static unsigned interruptions, strays;

/* At every signal that arrives, no temporary name is there. */
static void count_strays(int signal)
{
	struct stat st;

	(void)signal;
	interruptions++;
	if (fstatat(interrupted->fd, ".sov-file-0", &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	    fstatat(interrupted->fd, STRAY, &st, AT_SYMLINK_NOFOLLOW) == 0)
		strays++;
}

static void no_signal_comes_between_a_temporary_name_and_its_end(void **state)
{
	struct sigaction before, action = {.sa_handler = count_strays};
	struct scratch *scratch = *state;
	struct sov_site site = site_of(scratch);
	struct sov_draft draft;
	struct sov_err err;

	interrupted = scratch;
	interruptions = strays = 0;
	assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
	scratch_link(scratch, SONAME, "old");
	site.locked = true;
	draft = draft_of(&site, "new");
	sov_err_clear(&err);
	interruption = SIGUSR1;
	assert_int_equal(sov_publish_draft(&draft, &site, REAL_NAME, &err), 0);
	assert_int_equal(interruptions, 1);
	assert_int_equal(sov_publish_link(&site, SONAME, REAL_NAME, &err), 0);
	assert_int_equal(interruptions, 2);
	assert_int_equal(strays, 0);
	assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
}

static void a_file_where_a_link_must_go_is_replaced_only_when_asked(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = site_of(scratch);
	struct sov_err err;

	sov_err_clear(&err);
	scratch_file(scratch, "libx.so.1", "text");
	assert_int_equal(sov_publish_link(&site, "libx.so.1", "libx.so.1.0", &err),
			 -SOV_E_OBSTACLE);
	assert_string_equal(err.subject, "out/libx.so.1");
	assert_string_equal(err.found, "a regular file");
	assert_holds(scratch->fd, "libx.so.1", "text");
	assert_int_equal(sov_publish_link_over(&site, "libx.so.1", "libx.so.1.0", &err), 0);
	assert_string_equal(scratch_target(scratch, "libx.so.1"), "libx.so.1.0");
}

static void one_link_is_made_changed_and_left_alone(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = site_of(scratch);
	struct stat first, second;
	struct sov_err err;

	sov_err_clear(&err);
	for (int i = 0; i < 2; i++) {
		site.locked = i == 0;
		assert_int_equal(sov_publish_link(&site, "libx.so.1", "libx.so.1.0", &err), 0);
		assert_string_equal(scratch_target(scratch, "libx.so.1"), "libx.so.1.0");
		assert_int_equal(fstatat(scratch->fd, "libx.so.1", &first, AT_SYMLINK_NOFOLLOW), 0);
		assert_int_equal(sov_publish_link(&site, "libx.so.1", "libx.so.1.0", &err), 0);
		assert_int_equal(fstatat(scratch->fd, "libx.so.1", &second, AT_SYMLINK_NOFOLLOW),
				 0);
		assert_int_equal(first.st_ino, second.st_ino);
		assert_int_equal(sov_publish_link(&site, "libx.so.1", "libx.so.1.1", &err), 0);
		assert_string_equal(scratch_target(scratch, "libx.so.1"), "libx.so.1.1");
		refuse.rename = EIO;
		assert_int_equal(sov_publish_link(&site, "libx.so.1", "libx.so.1.2", &err),
				 -SOV_E_SYSTEM);
		assert_string_equal(err.subject, "out/libx.so.1");
		refuse.rename = 0;
		assert_string_equal(scratch_target(scratch, "libx.so.1"), "libx.so.1.1");
		assert_int_equal(scratch_names(scratch, "."), 1);
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_draft_takes_the_place_of_a_file),
		TEST(a_draft_takes_the_place_of_a_link_and_not_of_its_target),
		TEST(a_draft_that_can_not_be_published_leaves_what_was_there),
		TEST(a_draft_that_can_no_longer_be_named_is_an_error),
		TEST(a_temporary_name_that_is_taken_is_in_nobodys_way),
		TEST(no_signal_comes_between_a_temporary_name_and_its_end),
		TEST(one_link_is_made_changed_and_left_alone),
		TEST(a_file_where_a_link_must_go_is_replaced_only_when_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
