/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"
#include "fs/tree.h"
#include "scratch.h"

/* struct log - what a walk met: "f lib/libx.so" and so on; troubles as "! message". */
struct log {
	char lines[64][256];
	size_t count;
	const char *wanted; /* a part of a name; NULL = all */
	const char *remove; /* a directory to remove when the first name is met */
	const struct scratch *scratch;
	int verdict;
	const char *barred; /* a directory that shall not be entered */
};

static bool wants(void *data, const char *directory, const char *name)
{
	const struct log *log = data;

	(void)directory;
	return log->wanted == NULL || strstr(name, log->wanted) != NULL;
}

static int meet(void *data, const struct sov_item *item, struct sov_err *err)
{
	static const char letters[] = "fldo";
	struct log *log = data;

	(void)err;
	assert_true(log->count < COUNT(log->lines));
	snprintf(log->lines[log->count++], sizeof(log->lines[0]), "%c %s%s%s", letters[item->type],
		 item->directory, item->directory[0] != '\0' ? "/" : "", item->name);
	assert_int_equal(faccessat(item->dirfd, item->name, F_OK, AT_SYMLINK_NOFOLLOW), 0);
	if (log->remove != NULL && log->count == 1)
		assert_int_equal(unlinkat(log->scratch->fd, log->remove, AT_REMOVEDIR), 0);
	return log->verdict;
}

static int trouble(void *data, const struct sov_err *why, struct sov_err *err)
{
	struct log *log = data;

	(void)err;
	assert_true(log->count < COUNT(log->lines));
	snprintf(log->lines[log->count++], sizeof(log->lines[0]), "! %.200s", why->message);
	return 0;
}

static bool enters(void *data, int fd)
{
	const struct log *log = data;
	struct stat barred, st;

	if (log->barred == NULL)
		return true;
	assert_int_equal(fstatat(log->scratch->fd, log->barred, &barred, 0), 0);
	assert_int_equal(fstat(fd, &st), 0);
	return st.st_ino != barred.st_ino;
}

static int walk(const struct scratch *scratch, struct log *log)
{
	const struct sov_root root = {.fd = scratch->fd, .path = scratch->path, .anchor = ""};
	const struct sov_visitor visitor = {log, wants, meet, trouble, enters};
	struct sov_err err;

	sov_err_clear(&err);
	return sov_tree_walk(&root, &visitor, &err);
}

static bool met(const struct log *log, const char *line)
{
	for (size_t i = 0; i < log->count; i++)
		if (strcmp(log->lines[i], line) == 0)
			return true;
	return false;
}

static void every_name_is_met_once_with_its_type(void **state)
{
	const struct scratch *scratch = *state;
	struct log log = {0};

	scratch_file(scratch, "lib/a/libx.so.1", "x");
	scratch_link(scratch, "lib/libx.so", "a/libx.so.1");
	assert_int_equal(mkfifoat(scratch->fd, "lib/fifo", 0600), 0);
	scratch_file(scratch, "lib/blank \n\x01\xff", "x");
	assert_int_equal(walk(scratch, &log), 0);
	assert_true(met(&log, "d lib"));
	assert_true(met(&log, "d lib/a"));
	assert_true(met(&log, "f lib/a/libx.so.1"));
	assert_true(met(&log, "l lib/libx.so"));
	assert_true(met(&log, "o lib/fifo"));
	assert_true(met(&log, "f lib/blank \n\x01\xff"));
	assert_int_equal(log.count, 6);
}

static void only_wanted_names_are_told_of_but_all_directories_entered(void **state)
{
	const struct scratch *scratch = *state;
	struct log log = {.wanted = ".so"};

	scratch_file(scratch, "a/b/c/libx.so", "x");
	scratch_file(scratch, "a/b/readme", "x");
	assert_int_equal(walk(scratch, &log), 0);
	assert_int_equal(log.count, 1);
	assert_string_equal(log.lines[0], "f a/b/c/libx.so");
}

static void links_to_directories_are_not_entered(void **state)
{
	const struct scratch *scratch = *state;
	struct log log = {0};

	scratch_link(scratch, "lib/up", "..");
	scratch_link(scratch, "lib/root", "/");
	assert_int_equal(walk(scratch, &log), 0);
	assert_int_equal(log.count, 3);
}

static void a_directory_that_is_barred_is_an_item_and_not_entered(void **state)
{
	const struct scratch *scratch = *state;
	struct log log = {.barred = "lib/barred", .scratch = scratch};

	scratch_file(scratch, "lib/barred/deep/x", "x");
	scratch_file(scratch, "lib/open/y", "x");
	assert_int_equal(walk(scratch, &log), 0);
	assert_true(met(&log, "d lib/barred"));
	assert_true(met(&log, "f lib/open/y"));
	assert_false(met(&log, "d lib/barred/deep"));
	assert_false(met(&log, "f lib/barred/deep/x"));
}

static void a_directory_that_vanishes_is_passed_over(void **state)
{
	const struct scratch *scratch = *state;
	struct log log = {.remove = "gone", .scratch = scratch};

	scratch_directory(scratch, "gone");
	assert_int_equal(walk(scratch, &log), 0);
	assert_int_equal(log.count, 1);
	assert_string_equal(log.lines[0], "d gone");
}

/* Levels made and removed by hand: the path is longer than any system call takes. */
static void a_tree_too_deep_is_a_trouble_and_the_rest_is_walked(void **state)
{
	enum { LEVELS = SOV_TREE_DEPTH_MAX + 20 };
	const struct scratch *scratch = *state;
	struct log log = {.wanted = ".so"};
	int fd[LEVELS + 1];

	scratch_file(scratch, "z/libz.so", "x");
	fd[0] = dup(scratch->fd);
	for (int i = 0; i < LEVELS; i++) {
		assert_int_equal(mkdirat(fd[i], "d", 0755), 0);
		fd[i + 1] = openat(fd[i], "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_return_code(fd[i + 1], errno);
	}
	assert_int_equal(walk(scratch, &log), 0);
	for (int i = LEVELS; i-- > 0;) {
		close(fd[i + 1]);
		assert_int_equal(unlinkat(fd[i], "d", AT_REMOVEDIR), 0);
	}
	close(fd[0]);
	assert_int_equal(log.count, 2);
	assert_true(met(&log, "! more than 256 directories deep, not examined"));
	assert_true(met(&log, "f z/libz.so"));
}

static void a_path_too_long_is_a_trouble(void **state)
{
	const struct scratch *scratch = *state;
	struct log log = {.wanted = ".so"};
	char name[251];
	int fd = dup(scratch->fd);

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (int i = 0; i < 20; i++) {
		int below;

		assert_int_equal(mkdirat(fd, name, 0755), 0);
		below = openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_return_code(below, errno);
		close(fd);
		fd = below;
	}
	assert_int_equal(walk(scratch, &log), 0);
	assert_int_equal(log.count, 1);
	assert_string_equal(log.lines[0], "! cannot read the directory: File name too long");
	for (int i = 0; i < 20; i++) {
		int above = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		assert_int_equal(unlinkat(above, name, AT_REMOVEDIR), 0);
		close(fd);
		fd = above;
	}
	close(fd);
}

static void what_a_callback_says_ends_the_walk(void **state)
{
	const struct scratch *scratch = *state;
	struct log log = {.verdict = -SOV_E_NOMEM};

	scratch_file(scratch, "a", "x");
	scratch_file(scratch, "b", "x");
	assert_int_equal(walk(scratch, &log), -SOV_E_NOMEM);
	assert_int_equal(log.count, 1);
}

static void links_are_followed_inside_the_root(void **state)
{
	/* clang-format off */
	static const struct {
		const char *directory, *target;
		enum sov_link_end end;
		const char *path;
	} cases[] = {
		{"usr/lib", "libx.so.1.0", SOV_LINK_FOUND, "usr/lib/libx.so.1.0"},
		{"usr/lib", "libx.so.1", SOV_LINK_FOUND, "usr/lib/libx.so.1.0"},
		{"usr/lib", "./libx.so.1", SOV_LINK_FOUND, "usr/lib/libx.so.1.0"},
		{"usr/lib", "../lib//libx.so.1.0", SOV_LINK_FOUND, "usr/lib/libx.so.1.0"},
		/* an absolute target begins at the root, also in the middle of the way */
		{"usr/lib", "/usr/lib/libx.so.1", SOV_LINK_FOUND, "usr/lib/libx.so.1.0"},
		{"usr/lib", "absolute.so", SOV_LINK_FOUND, "usr/lib/libx.so.1.0"},
		/* lib is a link to usr/lib */
		{"usr/lib", "/lib/libx.so.1.0", SOV_LINK_FOUND, "usr/lib/libx.so.1.0"},
		{"usr/lib", "../../lib/libx.so.1.0", SOV_LINK_FOUND, "usr/lib/libx.so.1.0"},
		{"usr/lib", "/", SOV_LINK_FOUND, ""},
		{"usr/lib", "nothing.so", SOV_LINK_ABSENT, "usr/lib/nothing.so"},
		{"usr/lib", "/lib/nothing/more/x", SOV_LINK_ABSENT, "usr/lib/nothing/more/x"},
		{"usr/lib", "libx.so.1.0/x", SOV_LINK_ABSENT, "usr/lib/libx.so.1.0/x"},
		{"usr/lib", "nothing/../libx.so.1.0", SOV_LINK_ABSENT,
		 "usr/lib/nothing/../libx.so.1.0"},
		{"usr/lib", "", SOV_LINK_FOUND, "usr/lib"},
		{"usr/lib", "loop-a.so", SOV_LINK_LOOP, NULL},
		{"usr/lib", "../../../etc/libx.so", SOV_LINK_ESCAPES, NULL},
		{"", "..", SOV_LINK_ESCAPES, NULL},
		{"usr/lib", "escape.so", SOV_LINK_ESCAPES, NULL},
	};
	/* clang-format on */
	const struct scratch *scratch = *state;
	const struct sov_root root = {.fd = scratch->fd, .path = "r", .anchor = ""};
	char path[SOV_SUBJECT_MAX];

	scratch_file(scratch, "usr/lib/libx.so.1.0", "x");
	scratch_link(scratch, "usr/lib/libx.so.1", "libx.so.1.0");
	scratch_link(scratch, "usr/lib/absolute.so", "/usr/lib/libx.so.1");
	scratch_link(scratch, "usr/lib/escape.so", "../../../x");
	scratch_link(scratch, "usr/lib/loop-a.so", "loop-b.so");
	scratch_link(scratch, "usr/lib/loop-b.so", "loop-a.so");
	scratch_link(scratch, "lib", "usr/lib");
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(sov_tree_resolve(&root, cases[i].directory, cases[i].target, path),
				 cases[i].end);
		if (cases[i].path != NULL)
			assert_string_equal(path, cases[i].path);
	}
}

static void a_root_inside_a_tree_knows_what_is_beside_it(void **state)
{
	static const struct {
		const char *target;
		enum sov_link_end end;
	} cases[] = {
		{"libx.so.1",		      SOV_LINK_FOUND  },
		{"/usr/lib/libx.so.1",      SOV_LINK_FOUND  },
		{"../../usr/lib/libx.so.1", SOV_LINK_FOUND  },
		{"../lib/libx.so.1",	     SOV_LINK_FOUND  },
		{"../../lib/libx.so.1",	SOV_LINK_OUTSIDE},
		{"../libexec/libx.so.1",	 SOV_LINK_OUTSIDE},
		{"..",		       SOV_LINK_OUTSIDE},
		{"/libx.so.1",	       SOV_LINK_OUTSIDE},
		{"/usr/library/x",	   SOV_LINK_OUTSIDE},
		{"../../../lib/libx.so.1",  SOV_LINK_ESCAPES},
	};
	const struct scratch *scratch = *state;
	const struct sov_root root = {.fd = scratch->fd, .path = "r", .anchor = "usr/lib"};
	char path[SOV_SUBJECT_MAX];

	scratch_file(scratch, "libx.so.1", "x");
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(sov_tree_resolve(&root, "usr/lib", cases[i].target, path),
				 cases[i].end);
	assert_string_equal(sov_tree_below(&root, "usr/lib/a/b"), "a/b");
	assert_string_equal(sov_tree_below(&root, "usr/lib"), "");
	assert_null(sov_tree_below(&root, "usr/libx"));
	assert_null(sov_tree_below(&root, "usr"));
}

/* The kernel follows 40 links and gives up at the 41st: the link itself and 39 more are fine. */
static void as_many_links_are_followed_as_the_kernel_follows(void **state)
{
	const struct scratch *scratch = *state;
	const struct sov_root root = {.fd = scratch->fd, .path = "r", .anchor = ""};
	char name[32], target[32], path[SOV_SUBJECT_MAX];
	struct stat st;

	scratch_file(scratch, "x0", "x");
	for (int i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "x%d", i);
		snprintf(target, sizeof(target), "x%d", i - 1);
		scratch_link(scratch, name, target);
		assert_int_equal(fstatat(scratch->fd, name, &st, 0), i <= 40 ? 0 : -1);
		assert_int_equal(sov_tree_resolve(&root, "", target, path),
				 i <= 40 ? SOV_LINK_FOUND : SOV_LINK_LOOP);
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_name_is_met_once_with_its_type),
		TEST(only_wanted_names_are_told_of_but_all_directories_entered),
		TEST(links_to_directories_are_not_entered),
		TEST(a_directory_that_is_barred_is_an_item_and_not_entered),
		TEST(a_directory_that_vanishes_is_passed_over),
		TEST(a_tree_too_deep_is_a_trouble_and_the_rest_is_walked),
		TEST(a_path_too_long_is_a_trouble),
		TEST(what_a_callback_says_ends_the_walk),
		TEST(links_are_followed_inside_the_root),
		TEST(a_root_inside_a_tree_knows_what_is_beside_it),
		TEST(as_many_links_are_followed_as_the_kernel_follows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
