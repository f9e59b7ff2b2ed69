/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fs/below.h"
#include "fs/site.h"
#include "scratch.h"

/* What the kernel, or a filter before it, answers instead of opening; 0 = it opens. */
static int no_openat2;
static unsigned openat2_calls;
static unsigned fsyncs;

/* What somebody does right after a look at a name, or around the making of a directory; once. */
static void (*after_look)(void);
static void (*before_mkdir)(void);
static void (*after_mkdir)(void);

int __real_openat(int dirfd, const char *path, int flags, mode_t mode);
int __wrap_openat(int dirfd, const char *path, int flags, mode_t mode);
long __real_syscall(long number, ...);
long __wrap_syscall(long number, long a, long b, long c, long d);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
ssize_t __real_readlinkat(int dirfd, const char *path, char *out, size_t size);
ssize_t __wrap_readlinkat(int dirfd, const char *path, char *out, size_t size);
int __real_mkdirat(int dirfd, const char *path, mode_t mode);
int __wrap_mkdirat(int dirfd, const char *path, mode_t mode);

/* By hand, no step goes up: what is above may have been moved meanwhile. */
int __wrap_openat(int dirfd, const char *path, int flags, mode_t mode)
{
	assert_string_not_equal(path, "..");
	return __real_openat(dirfd, path, flags, mode);
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

int __wrap_fsync(int fd)
{
	fsyncs++;
	return __real_fsync(fd);
}

static void once(void (**action)(void))
{
	void (*now)(void) = *action;

	*action = NULL;
	if (now != NULL)
		now();
}

ssize_t __wrap_readlinkat(int dirfd, const char *path, char *out, size_t size)
{
	ssize_t n = __real_readlinkat(dirfd, path, out, size);
	int saved = errno;

	once(&after_look);
	errno = saved;
	return n;
}

int __wrap_mkdirat(int dirfd, const char *path, mode_t mode)
{
	int rc;

	once(&before_mkdir);
	rc = __real_mkdirat(dirfd, path, mode);
	once(&after_mkdir);
	return rc;
}

static int setup(void **state)
{
	after_look = before_mkdir = after_mkdir = NULL;
	no_openat2 = 0;
	openat2_calls = fsyncs = 0;
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
			char path[64];
			struct sov_err err;

			no_openat2 = refusals[j];
			sov_err_clear(&err);
			assert_int_equal(sov_site_open(&site, below(scratch, "root"), cases[i].path,
						       SOV_SITE_REFUSE, &err),
					 cases[i].code);
			assert_int_equal(err.sys_errno, cases[i].error);
			assert_string_equal(err.found, cases[i].found);
			snprintf(path, sizeof(path), "root/%s", cases[i].path);
			assert_string_equal(err.subject, below(scratch, path));
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
	int mine, its;

	scratch_directory(scratch, "root/usr/lib/deep");
	scratch_directory(scratch, "outside/lib/deep");
	scratch_directory(scratch, "root/outside/lib/deep");
	scratch_link(scratch, "root/evil", "../outside");
	assert_int_equal(fstatat(scratch->fd, "root/usr/lib/deep", &inside, 0), 0);
	assert_int_equal(fstatat(scratch->fd, "root/outside/lib/deep", &evil, 0), 0);
	mine = openat(scratch->fd, "root/usr/lib/deep", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	its = openat(scratch->fd, "root/outside/lib/deep", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(pthread_create(&thread, NULL, swap_on, &swapper), 0);
	for (unsigned i = 0; i < 300; i++) {
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
		(void)unlinkat(mine, "new", AT_REMOVEDIR);
		(void)unlinkat(its, "new", AT_REMOVEDIR);
	}
	close(mine);
	close(its);
	atomic_store(&swapper.stop, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(opened > 20);
	assert_true(swapper.swaps > 20);
	assert_int_equal(scratch_names(scratch, "outside/lib/deep"), 0);
}

static const struct scratch *swapped;

static void swap_parent(void)
{
	int fd = swapped->fd;

	assert_int_equal(renameat2(fd, "root/usr", fd, "root/evil", RENAME_EXCHANGE), 0);
}

static void a_parent_swapped_after_it_was_looked_at_is_not_followed(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = {.dirfd = -1};
	struct sov_err err;

	scratch_directory(scratch, "root/usr/lib");
	scratch_directory(scratch, "outside/lib");
	scratch_directory(scratch, "root/outside/lib");
	scratch_link(scratch, "root/evil", "../outside");
	swapped = scratch;
	no_openat2 = ENOSYS;
	after_look = swap_parent;
	sov_err_clear(&err);
	assert_int_equal(
		sov_site_open(&site, below(scratch, "root"), "usr/lib", SOV_SITE_REFUSE, &err), 0);
	assert_null(after_look);
	assert_is(&site, scratch, "root/outside/lib");
}

static void put_link(void)
{
	assert_int_equal(unlinkat(swapped->fd, "root/new", AT_REMOVEDIR), 0);
	assert_int_equal(symlinkat("../outside", swapped->fd, "root/new"), 0);
}

static void put_directory(void)
{
	assert_int_equal(unlinkat(swapped->fd, "root/new", AT_REMOVEDIR), 0);
	assert_int_equal(renameat(swapped->fd, "other", swapped->fd, "root/new"), 0);
}

static void a_directory_that_was_not_made_by_us_keeps_its_mode(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = {.dirfd = -1};
	struct sov_err err;

	scratch_directory(scratch, "root");
	scratch_directory(scratch, "outside");
	assert_int_equal(fchmodat(scratch->fd, "outside", 0700, 0), 0);
	swapped = scratch;
	after_mkdir = put_link;
	sov_err_clear(&err);
	assert_int_not_equal(
		sov_site_open(&site, below(scratch, "root"), "new", SOV_SITE_CREATE, &err), 0);
	assert_int_equal(mode_of(scratch, "outside"), 0700);
	assert_int_equal(unlinkat(scratch->fd, "root/new", 0), 0);
	if (geteuid() != 0) /* nobody else's directory is at hand */
		return;
	scratch_directory(scratch, "other");
	assert_int_equal(fchownat(scratch->fd, "other", 1, 1, 0), 0);
	assert_int_equal(fchmodat(scratch->fd, "other", 0700, 0), 0);
	after_mkdir = put_directory;
	assert_int_equal(sov_site_open(&site, below(scratch, "root"), "new", SOV_SITE_CREATE, &err),
			 0);
	assert_is(&site, scratch, "root/new");
	assert_int_equal(mode_of(scratch, "root/new"), 0700);
}

static void make_absent(void)
{
	assert_int_equal(mkdirat(swapped->fd, "root/absent", 0755), 0);
}

static void what_appears_meanwhile_is_no_way_out(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = {.dirfd = -1};
	struct sov_err err;

	scratch_directory(scratch, "root");
	scratch_directory(scratch, "outside");
	swapped = scratch;
	no_openat2 = ENOSYS;
	after_look = make_absent;
	sov_err_clear(&err);
	assert_int_equal(sov_site_open(&site, below(scratch, "root"), "absent/../../outside",
				       SOV_SITE_REFUSE, &err),
			 -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, ENOENT);
	assert_null(after_look);
}

static void somebody_who_makes_it_first_is_as_good(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = {.dirfd = -1};
	struct sov_err err;

	scratch_directory(scratch, "root");
	swapped = scratch;
	before_mkdir = make_absent;
	sov_err_clear(&err);
	assert_int_equal(
		sov_site_open(&site, below(scratch, "root"), "absent/x", SOV_SITE_CREATE, &err), 0);
	assert_null(before_mkdir);
	assert_is(&site, scratch, "root/absent/x");
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
		TEST(a_parent_swapped_after_it_was_looked_at_is_not_followed),
		TEST(a_directory_that_was_not_made_by_us_keeps_its_mode),
		TEST(what_appears_meanwhile_is_no_way_out),
		TEST(somebody_who_makes_it_first_is_as_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
