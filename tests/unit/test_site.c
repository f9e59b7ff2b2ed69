/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fs/site.h"
#include "fs/temporary.h"
#include "scratch.h"

/* What the kernel answers instead of doing it; 0 = it does. */
static int no_flock, no_fsync;
static unsigned fsyncs;
static time_t later; /* seconds that the clock is ahead */

/* What somebody does right before a name is opened. */
static const char *opened;
static void (*before_open)(void);

int __real_openat(int dirfd, const char *path, int flags, mode_t mode);
int __wrap_openat(int dirfd, const char *path, int flags, mode_t mode);
int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
time_t __real_time(time_t *out);
time_t __wrap_time(time_t *out);

time_t __wrap_time(time_t *out)
{
	return __real_time(out) + later;
}

int __wrap_openat(int dirfd, const char *path, int flags, mode_t mode)
{
	if (before_open != NULL && strcmp(path, opened) == 0) {
		before_open();
		before_open = NULL;
	}
	return __real_openat(dirfd, path, flags, mode);
}

int __wrap_flock(int fd, int operation)
{
	errno = no_flock;
	return no_flock != 0 ? -1 : __real_flock(fd, operation);
}

int __wrap_fsync(int fd)
{
	fsyncs++;
	errno = no_fsync;
	return no_fsync != 0 ? -1 : __real_fsync(fd);
}

static int setup(void **state)
{
	no_flock = no_fsync = 0;
	fsyncs = 0;
	later = 0;
	before_open = NULL;
	return scratch_setup(state);
}

static void paths_of_messages_begin_at_the_root(void **state)
{
	static const struct {
		const char *root, *directory, *name, *path;
	} cases[] = {
		{"stage",  "usr/lib",   "libx.so", "stage/usr/lib/libx.so"},
		{"stage/", "/usr/lib/", "libx.so", "stage/usr/lib/libx.so"},
		{"/",      "/usr/lib",  "libx.so", "/usr/lib/libx.so"     },
		{"stage",  "",	      "libx.so", "stage/libx.so"	},
		{"stage",  "/",	       "libx.so", "stage/libx.so"	 },
		{"",	     "/usr/lib",	 "libx.so", "/usr/lib/libx.so"     },
		{NULL,     "",	   "libx.so", "libx.so"	       },
		{NULL,     NULL,	     "libx.so", "libx.so"		 },
		{NULL,     "/",	    "libx.so", "/libx.so"		 },
		{"stage",  "usr/lib",   "",	 "stage/usr/lib"	},
		{NULL,     "usr/lib",	  "",	      "usr/lib"	       },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct sov_site site = {.root = cases[i].root,
					      .directory = cases[i].directory};
		char path[SOV_SUBJECT_MAX];

		assert_string_equal(sov_site_path(&site, cases[i].name, path), cases[i].path);
	}
}

static struct sov_site open_scratch(const struct scratch *scratch)
{
	struct sov_site site = {.dirfd = -1};
	struct sov_err err;

	sov_err_clear(&err);
	assert_int_equal(sov_site_open(&site, NULL, scratch->path, SOV_SITE_REFUSE, &err), 0);
	return site;
}

static void the_lock_is_one_for_all(void **state)
{
	struct sov_site first = open_scratch(*state), second = open_scratch(*state);
	struct sov_err err;

	sov_err_clear(&err);
	assert_int_equal(sov_site_lock(&first, 0, &err), 0);
	assert_true(first.locked);
	assert_int_equal(sov_site_lock(&second, 30, &err), -SOV_E_OBSTACLE);
	assert_string_equal(err.message, "somebody else keeps the lock of this directory");
	assert_false(second.locked);
	sov_site_unlock(&first);
	assert_false(first.locked);
	assert_int_equal(sov_site_lock(&second, 0, &err), 0);
	assert_true(second.locked);
	sov_site_close(&second);
	assert_int_equal(sov_site_lock(&first, 0, &err), 0);
	sov_site_close(&first);
	sov_site_close(&first);
}

static void a_file_system_without_locks_or_fsync_is_no_error(void **state)
{
	static const int locks[] = {ENOLCK, EBADF, EOPNOTSUPP, ENOSYS, EINVAL};
	static const int syncs[] = {EINVAL, ENOSYS, EOPNOTSUPP};
	struct sov_site site = open_scratch(*state);
	struct sov_err err;

	sov_err_clear(&err);
	for (size_t i = 0; i < COUNT(locks); i++) {
		no_flock = locks[i];
		assert_int_equal(sov_site_lock(&site, 60000, &err), 0);
		assert_false(site.locked);
	}
	no_fsync = EIO;
	assert_int_equal(sov_site_sync(&site, &err), 0);
	assert_int_equal(fsyncs, 0);
	site.sync = true;
	assert_int_equal(sov_site_sync(&site, &err), -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, EIO);
	for (size_t i = 0; i < COUNT(syncs); i++) {
		no_fsync = syncs[i];
		assert_int_equal(sov_site_sync(&site, &err), 0);
	}
	sov_site_close(&site);
}

static void one_that_waits_for_the_lock_can_be_stopped(void **state)
{
	volatile sig_atomic_t stop = 0;
	struct sov_site first = open_scratch(*state), second = open_scratch(*state);
	struct sov_err err;

	sov_err_clear(&err);
	second.stop = &stop;
	assert_int_equal(sov_site_stopped(&first, &err), 0);
	assert_int_equal(sov_site_stopped(&second, &err), 0);
	stop = SIGTERM;
	assert_int_equal(sov_site_lock(&first, 0, &err), 0);
	assert_int_equal(sov_site_lock(&second, 60000, &err), -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, EINTR);
	sov_site_close(&first);
	sov_site_close(&second);
}

static void removing_what_is_not_there_is_fine(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = open_scratch(scratch);
	struct sov_err err;

	sov_err_clear(&err);
	scratch_file(scratch, "libx.so.1", "");
	scratch_directory(scratch, "directory");
	assert_int_equal(sov_site_remove(&site, "libx.so.1", &err), 0);
	assert_int_equal(sov_site_remove(&site, "libx.so.1", &err), 0);
	assert_false(scratch_exists(scratch, "libx.so.1"));
	assert_int_equal(sov_site_remove(&site, "directory", &err), -SOV_E_SYSTEM);
	sov_site_close(&site);
}

#define RANDOM ".sov-fedcba9876543210"

/* Every temporary name of ours, and what only looks like one. */
static void plant(const struct scratch *scratch)
{
	scratch_link(scratch, ".sov-link", "nothing");
	scratch_file(scratch, ".sov-file-0", "");
	scratch_file(scratch, ".sov-file-0123456789abcdef", "");
	scratch_file(scratch, ".sov-strip/one", "");
	scratch_link(scratch, RANDOM, "nothing");
	assert_int_equal(fchmodat(scratch->fd, ".sov-strip", 0700, 0), 0);
	scratch_file(scratch, ".sov-file-x", "");
	scratch_file(scratch, ".sov-file-", "");
	scratch_file(scratch, ".sov-file-0~", "");
	scratch_file(scratch, ".sov-file-0123456789abcdef0", "");
	scratch_file(scratch, ".sov-0123456789ABCDEF", "");
	scratch_file(scratch, ".sov-notes", "");
	scratch_file(scratch, "libx.so.1", "");
}
#define PLANTED_OURS_LOCKED 4
#define PLANTED		    12

static void the_holder_of_the_lock_sweeps_left_overs(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = open_scratch(scratch);
	struct sov_err err;

	plant(scratch);
	sov_site_sweep(&site);
	assert_int_equal(scratch_names(scratch, "."), PLANTED);
	sov_err_clear(&err);
	assert_int_equal(sov_site_lock(&site, 0, &err), 0);
	sov_site_sweep(&site);
	assert_int_equal(scratch_names(scratch, "."), PLANTED - PLANTED_OURS_LOCKED);
	assert_false(scratch_exists(scratch, ".sov-link"));
	assert_false(scratch_exists(scratch, ".sov-file-0"));
	assert_false(scratch_exists(scratch, ".sov-file-0123456789abcdef"));
	assert_false(scratch_exists(scratch, ".sov-strip"));
	assert_true(scratch_exists(scratch, RANDOM));
	sov_site_close(&site);
}

static void random_names_are_swept_when_they_are_an_hour_old(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = open_scratch(scratch);

	plant(scratch);
	scratch_file(scratch, ".sov-0123456789abcdef", "");
	scratch_file(scratch, ".sov-000000000000000d/file", "");
	assert_int_equal(fchmodat(scratch->fd, ".sov-000000000000000d", 0700, 0), 0);
	assert_int_equal(mkfifoat(scratch->fd, ".sov-000000000000000f", 0600), 0);
	later = 3590;
	sov_site_sweep(&site);
	assert_int_equal(scratch_names(scratch, "."), PLANTED + 3);
	later = 3610;
	sov_site_sweep(&site);
	assert_int_equal(scratch_names(scratch, "."), PLANTED);
	assert_false(scratch_exists(scratch, ".sov-0123456789abcdef"));
	assert_false(scratch_exists(scratch, ".sov-000000000000000d"));
	assert_false(scratch_exists(scratch, RANDOM));
	assert_true(scratch_exists(scratch, ".sov-000000000000000f"));
	assert_true(scratch_exists(scratch, ".sov-link"));
	sov_site_close(&site);
}

static void what_we_could_not_have_made_is_not_swept(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = open_scratch(scratch);
	struct sov_err err;

	scratch_file(scratch, ".sov-link", "");
	scratch_link(scratch, ".sov-file-0", "nothing");
	scratch_directory(scratch, ".sov-file-1");
	scratch_file(scratch, "victim/file", "");
	assert_int_equal(fchmodat(scratch->fd, "victim", 0700, 0), 0);
	scratch_link(scratch, ".sov-strip", "victim");
	sov_err_clear(&err);
	assert_int_equal(sov_site_lock(&site, 0, &err), 0);
	sov_site_sweep(&site);
	assert_int_equal(scratch_names(scratch, "."), 5);
	assert_true(scratch_exists(scratch, "victim/file"));
	/* a directory that others may read is none of ours */
	assert_int_equal(unlinkat(scratch->fd, ".sov-strip", 0), 0);
	scratch_file(scratch, ".sov-strip/file", "");
	sov_site_sweep(&site);
	assert_true(scratch_exists(scratch, ".sov-strip/file"));
	/* one of ours goes with what is in it, where a link is not followed */
	assert_int_equal(fchmodat(scratch->fd, ".sov-strip", 0700, 0), 0);
	scratch_link(scratch, ".sov-strip/link", "../victim");
	scratch_file(scratch, ".sov-strip/below/file", "");
	scratch_link(scratch, ".sov-strip/below/link", "../../victim");
	sov_site_sweep(&site);
	assert_false(scratch_exists(scratch, ".sov-strip"));
	assert_true(scratch_exists(scratch, "victim/file"));
	sov_site_close(&site);
}

static int swapped_fd;

static void put_victim(void)
{
	assert_int_equal(renameat2(swapped_fd, ".sov-strip", swapped_fd, "link", RENAME_EXCHANGE),
			 0);
}

static void a_directory_that_becomes_a_link_meanwhile_is_not_entered(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = open_scratch(scratch);
	struct sov_err err;

	scratch_file(scratch, "victim/file", "");
	assert_int_equal(fchmodat(scratch->fd, "victim", 0700, 0), 0);
	scratch_link(scratch, "link", "victim");
	scratch_directory(scratch, ".sov-strip");
	sov_err_clear(&err);
	assert_int_equal(sov_site_lock(&site, 0, &err), 0);
	swapped_fd = scratch->fd;
	opened = ".sov-strip";
	before_open = put_victim;
	sov_site_sweep(&site);
	assert_null(before_open);
	assert_true(scratch_exists(scratch, "victim/file"));
	sov_site_close(&site);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(paths_of_messages_begin_at_the_root),
		TEST(the_lock_is_one_for_all),
		TEST(a_file_system_without_locks_or_fsync_is_no_error),
		TEST(one_that_waits_for_the_lock_can_be_stopped),
		TEST(removing_what_is_not_there_is_fine),
		TEST(the_holder_of_the_lock_sweeps_left_overs),
		TEST(random_names_are_swept_when_they_are_an_hour_old),
		TEST(what_we_could_not_have_made_is_not_swept),
		TEST(a_directory_that_becomes_a_link_meanwhile_is_not_entered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
