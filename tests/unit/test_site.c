/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fs/below.h"
#include "fs/site.h"
#include "fs/temporary.h"
#include "scratch.h"

/* What the kernel, or a filter before it, answers instead of opening; 0 = it opens. */
static int no_openat2;
static unsigned openat2_calls;
static int no_flock;
static int no_fsync;
static unsigned fsyncs;
static time_t later; /* seconds that the clock is ahead */

long __real_syscall(long number, ...);
long __wrap_syscall(long number, long a, long b, long c, long d);
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

long __wrap_syscall(long number, long a, long b, long c, long d)
{
	if (number == SYS_openat2) {
		openat2_calls++;
		if (no_openat2 != 0) {
			errno = no_openat2;
			return -1;
		}
	}
	return __real_syscall(number, a, b, c, d);
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
	no_openat2 = no_flock = no_fsync = 0;
	openat2_calls = fsyncs = 0;
	later = 0;
	return scratch_setup(state);
}

/* The ways to open below a root, each of which must do the same. */
static const int refusals[] = {0, ENOSYS, EPERM, EINVAL, EAGAIN};

/* A path below the scratch directory. The next call but three replaces it. */
static const char *below(const struct scratch *scratch, const char *path)
{
	static char paths[4][4096];
	static unsigned turn;
	char *out = paths[turn++ % COUNT(paths)];

	snprintf(out, sizeof(paths[0]), "%s/%s", scratch->path, path);
	return out;
}

/* The site is that directory of the scratch directory; it is closed. */
static void assert_is(struct sov_site *site, const struct scratch *scratch, const char *path)
{
	struct stat want, got;

	assert_int_equal(fstatat(scratch->fd, path, &want, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(fstat(site->dirfd, &got), 0);
	assert_int_equal(want.st_ino, got.st_ino);
	sov_site_close(site);
	assert_int_equal(site->dirfd, -1);
}

static mode_t mode_of(const struct scratch *scratch, const char *path)
{
	struct stat st;

	assert_int_equal(fstatat(scratch->fd, path, &st, AT_SYMLINK_NOFOLLOW), 0);
	return st.st_mode & 07777;
}

static void links_below_a_root_are_followed_inside_it(void **state)
{
	static const struct {
		const char *path, *directory;
	} cases[] = {
		{"usr/lib",	    "root/usr/lib"},
		{"/usr/lib",	     "root/usr/lib"},
		{"//usr//lib/",	"root/usr/lib"},
		{"usr/./lib/.",	"root/usr/lib"},
		{"usr/../usr/lib", "root/usr/lib"},
		{"",		     "root"	   },
		{"/",	      "root"	    },
		{"..",	       "root"	     },
		{"../../usr",      "root/usr"	},
		{"absolute",	     "root/usr/lib"}, /* -> /usr/lib */
		{"relative/lib",	 "root/usr/lib"}, /* -> usr */
		{"usr/up",	   "root/usr/lib"}, /* -> ../../../../usr/lib */
		{"usr/chain",      "root/usr/lib"}, /* -> /absolute */
		{"usr/up/../up",	 "root/usr/lib"},
		{"usr/up/..",      "root/usr"	},
	};
	struct scratch *scratch = *state;

	scratch_directory(scratch, "root/usr/lib");
	scratch_directory(scratch, "usr/lib");
	scratch_link(scratch, "root/absolute", "/usr/lib");
	scratch_link(scratch, "root/relative", "usr");
	scratch_link(scratch, "root/usr/up", "../../../../usr/lib");
	scratch_link(scratch, "root/usr/chain", "/absolute");
	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t j = 0; j < COUNT(refusals); j++) {
			struct sov_site site = {.dirfd = -1};
			struct sov_err err;

			no_openat2 = refusals[j];
			sov_err_clear(&err);
			assert_int_equal(sov_site_open(&site, below(scratch, "root"), cases[i].path,
						       SOV_SITE_REFUSE, &err),
					 0);
			assert_is(&site, scratch, cases[i].directory);
		}
	assert_true(openat2_calls > COUNT(cases));
}

static void what_can_not_be_opened_is_said(void **state)
{
	/* clang-format off */
	static const struct {
		const char *path;
		int code, error;
		const char *found;
	} cases[] = {
		{"absent",     -SOV_E_SYSTEM,   ENOENT, ""},
		{"absent/..",  -SOV_E_SYSTEM,   ENOENT, ""},
		{"dangling",   -SOV_E_SYSTEM,   ENOENT, ""},
		{"file",       -SOV_E_OBSTACLE, 0,      "something that is no directory"},
		{"file/below", -SOV_E_OBSTACLE, 0,      "something that is no directory"},
		{"to-file",    -SOV_E_OBSTACLE, 0,      "something that is no directory"},
		{"circle",     -SOV_E_OBSTACLE, 0,      "links that lead in a circle"},
		{"climb",      -SOV_E_OBSTACLE, 0,      "links that lead in a circle"},
	};
	/* clang-format on */
	struct scratch *scratch = *state;

	scratch_file(scratch, "root/file", "");
	scratch_directory(scratch, "outside");
	scratch_link(scratch, "root/to-file", "/file");
	scratch_link(scratch, "root/dangling", "../outside");
	scratch_link(scratch, "root/circle", "circle");
	scratch_link(scratch, "root/climb", "../climb");
	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t j = 0; j < COUNT(refusals); j++) {
			struct sov_site site = {.dirfd = -1};
			struct sov_err err;

			no_openat2 = refusals[j];
			sov_err_clear(&err);
			assert_int_equal(sov_site_open(&site, below(scratch, "root"), cases[i].path,
						       SOV_SITE_REFUSE, &err),
					 cases[i].code);
			assert_int_equal(err.sys_errno, cases[i].error);
			assert_string_equal(err.found, cases[i].found);
			assert_int_equal(site.dirfd, -1);
		}
}

static void without_a_root_a_path_is_the_systems(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = {.dirfd = -1};
	struct sov_err err;

	scratch_directory(scratch, "lib");
	scratch_link(scratch, "root/lib", below(scratch, "lib"));
	sov_err_clear(&err);
	assert_int_equal(
		sov_site_open(&site, "", below(scratch, "root/lib"), SOV_SITE_REFUSE, &err), 0);
	assert_is(&site, scratch, "lib");
	assert_int_equal(
		sov_site_open(&site, NULL, below(scratch, "root/lib"), SOV_SITE_CREATE, &err), 0);
	assert_is(&site, scratch, "lib");
	assert_int_equal(openat2_calls, 0);
	assert_int_equal(sov_site_open(&site, NULL, "/proc/self/fd/999/x", SOV_SITE_REFUSE, &err),
			 -SOV_E_SYSTEM);
}

static void missing_directories_are_made_with_their_mode(void **state)
{
	struct scratch *scratch = *state;

	for (size_t j = 0; j < COUNT(refusals); j++) {
		struct sov_site site = {.dirfd = -1, .sync = j % 2 == 0};
		mode_t before = umask(077);
		char path[64];
		struct sov_err err;

		no_openat2 = refusals[j];
		fsyncs = 0;
		sov_err_clear(&err);
		snprintf(path, sizeof(path), "stage%zu", j);
		assert_int_equal(sov_site_open(&site, below(scratch, path), "/usr//lib/x/",
					       SOV_SITE_CREATE, &err),
				 0);
		umask(before);
		assert_int_equal(fsyncs, site.sync ? 4 : 0);
		snprintf(path, sizeof(path), "stage%zu/usr/lib/x", j);
		assert_int_equal(mode_of(scratch, path), 0755);
		assert_is(&site, scratch, path);
		snprintf(path, sizeof(path), "stage%zu/usr", j);
		assert_int_equal(mode_of(scratch, path), 0755);
		snprintf(path, sizeof(path), "stage%zu", j);
		assert_int_equal(mode_of(scratch, path), 0755);
	}
}

static void directories_that_are_there_keep_their_mode(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = {.dirfd = -1};
	struct sov_err err;

	scratch_directory(scratch, "root/usr");
	assert_int_equal(fchmodat(scratch->fd, "root/usr", 02711, 0), 0);
	sov_err_clear(&err);
	assert_int_equal(
		sov_site_open(&site, below(scratch, "root"), "usr/lib", SOV_SITE_CREATE, &err), 0);
	assert_is(&site, scratch, "root/usr/lib");
	assert_int_equal(mode_of(scratch, "root/usr"), 02711);
	assert_int_equal(mode_of(scratch, "root/usr/lib"), 02755); /* as mkdir(2) has it */
}

static void directories_are_made_inside_the_root_only(void **state)
{
	struct scratch *scratch = *state;

	scratch_directory(scratch, "root/real");
	scratch_directory(scratch, "real");
	scratch_directory(scratch, "outside");
	scratch_link(scratch, "root/absolute", "/real");
	scratch_link(scratch, "root/up", "../../../real");
	scratch_link(scratch, "root/dangling", "../outside/new");
	scratch_file(scratch, "root/file", "");
	for (size_t j = 0; j < COUNT(refusals); j++) {
		struct sov_site site = {.dirfd = -1};
		struct sov_err err;

		no_openat2 = refusals[j];
		sov_err_clear(&err);
		assert_int_equal(sov_site_open(&site, below(scratch, "root"), "absolute/a/b",
					       SOV_SITE_CREATE, &err),
				 0);
		assert_is(&site, scratch, "root/real/a/b");
		assert_int_equal(sov_site_open(&site, below(scratch, "root"), "up/c/../d",
					       SOV_SITE_CREATE, &err),
				 0);
		assert_is(&site, scratch, "root/real/d");
		assert_int_equal(unlinkat(scratch->fd, "root/real/a/b", AT_REMOVEDIR), 0);
		assert_int_equal(unlinkat(scratch->fd, "root/real/a", AT_REMOVEDIR), 0);
		assert_int_equal(unlinkat(scratch->fd, "root/real/c", AT_REMOVEDIR), 0);
		assert_int_equal(unlinkat(scratch->fd, "root/real/d", AT_REMOVEDIR), 0);
		assert_int_equal(sov_site_open(&site, below(scratch, "root"), "dangling/e",
					       SOV_SITE_CREATE, &err),
				 -SOV_E_OBSTACLE);
		assert_string_equal(err.found, "a link to nothing");
		assert_int_equal(sov_site_open(&site, below(scratch, "root"), "file/f",
					       SOV_SITE_CREATE, &err),
				 -SOV_E_OBSTACLE);
		assert_int_equal(site.dirfd, -1);
	}
	assert_int_equal(scratch_names(scratch, "real"), 0);
	assert_int_equal(scratch_names(scratch, "outside"), 0);
}

/* struct swapper - a thread that makes a directory a link to outside, and back. */
struct swapper {
	const struct scratch *scratch;
	atomic_bool stop;
	unsigned swaps;
};

static void *swap_on(void *data)
{
	struct swapper *swapper = data;
	int fd = swapper->scratch->fd;

	while (!atomic_load(&swapper->stop)) {
		(void)renameat2(fd, "root/usr", fd, "root/evil", RENAME_EXCHANGE);
		swapper->swaps++;
	}
	return NULL;
}

static void a_swapped_parent_leads_nowhere_else(void **state)
{
	struct scratch *scratch = *state;
	struct swapper swapper = {.scratch = scratch};
	struct stat inside, evil, got;
	pthread_t thread;
	unsigned opened = 0;

	scratch_directory(scratch, "root/usr/lib/deep");
	scratch_directory(scratch, "outside/lib/deep");
	scratch_directory(scratch, "root/outside/lib/deep");
	scratch_link(scratch, "root/evil", "../outside");
	assert_int_equal(fstatat(scratch->fd, "root/usr/lib/deep", &inside, 0), 0);
	assert_int_equal(fstatat(scratch->fd, "root/outside/lib/deep", &evil, 0), 0);
	assert_int_equal(pthread_create(&thread, NULL, swap_on, &swapper), 0);
	for (unsigned i = 0; i < 6000; i++) {
		struct sov_site site = {.dirfd = -1};
		struct sov_err err;

		no_openat2 = i % 2 == 0 ? ENOSYS : 0;
		sov_err_clear(&err);
		if (sov_site_open(&site, below(scratch, "root"), "usr/lib/../lib/deep/new",
				  SOV_SITE_CREATE, &err) != 0)
			continue;
		opened++;
		assert_int_equal(fstatat(site.dirfd, "..", &got, 0), 0);
		assert_true(got.st_ino == inside.st_ino || got.st_ino == evil.st_ino);
		sov_site_close(&site);
		(void)unlinkat(scratch->fd, "root/usr/lib/deep/new", AT_REMOVEDIR);
		(void)unlinkat(scratch->fd, "root/evil/lib/deep/new", AT_REMOVEDIR);
	}
	atomic_store(&swapper.stop, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(opened > 1000);
	assert_true(swapper.swaps > 1000);
	assert_int_equal(scratch_names(scratch, "outside/lib/deep"), 0);
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
	scratch_file(scratch, ".sov-file-0123456789abcdef0", "");
	scratch_file(scratch, ".sov-0123456789ABCDEF", "");
	scratch_file(scratch, ".sov-notes", "");
	scratch_file(scratch, "libx.so.1", "");
}
#define PLANTED_OURS_LOCKED 4
#define PLANTED		    11

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
	/* in one of ours, a link is not followed, a directory not entered */
	assert_int_equal(fchmodat(scratch->fd, ".sov-strip", 0700, 0), 0);
	scratch_link(scratch, ".sov-strip/link", "../victim");
	scratch_file(scratch, ".sov-strip/below/file", "");
	sov_site_sweep(&site);
	assert_false(scratch_exists(scratch, ".sov-strip/file"));
	assert_true(scratch_exists(scratch, ".sov-strip/below/file"));
	assert_true(scratch_exists(scratch, "victim/file"));
	sov_site_close(&site);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(links_below_a_root_are_followed_inside_it),
		TEST(what_can_not_be_opened_is_said),
		TEST(without_a_root_a_path_is_the_systems),
		TEST(missing_directories_are_made_with_their_mode),
		TEST(directories_that_are_there_keep_their_mode),
		TEST(directories_are_made_inside_the_root_only),
		TEST(a_swapped_parent_leads_nowhere_else),
		TEST(paths_of_messages_begin_at_the_root),
		TEST(the_lock_is_one_for_all),
		TEST(a_file_system_without_locks_or_fsync_is_no_error),
		TEST(one_that_waits_for_the_lock_can_be_stopped),
		TEST(removing_what_is_not_there_is_fine),
		TEST(the_holder_of_the_lock_sweeps_left_overs),
		TEST(random_names_are_swept_when_they_are_an_hour_old),
		TEST(what_we_could_not_have_made_is_not_swept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
