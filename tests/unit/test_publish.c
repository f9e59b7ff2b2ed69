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
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sov/publish.h>

#include "scratch.h"

#define STRAY ".sov-link"

static const struct sov_names demo = {
	.linker_name = "libdemo.so",
	.soname = "libdemo.so.2",
	.real_name = "libdemo.so.2.1.0",
};

static const struct sov_links demo_links = {
	.directory = "out",
	.names = &demo,
	.linker_name = SOV_LINKER_NAME_SONAME,
};

static int publish(const struct scratch *scratch, const struct sov_links *links,
		   struct sov_err *err)
{
	sov_err_clear(err);
	return sov_links_publish(scratch->fd, links, err);
}

static int obstacle(const struct scratch *scratch, const struct sov_links *links,
		    struct sov_err *err)
{
	sov_err_clear(err);
	return sov_links_obstacle(scratch->fd, links, err);
}

static void the_chain_is_made(void **state)
{
	struct scratch *scratch = *state;
	struct sov_err err;

	scratch_file(scratch, demo.real_name, "code");
	assert_int_equal(publish(scratch, &demo_links, &err), 0);
	assert_string_equal(scratch_target(scratch, "libdemo.so.2"), "libdemo.so.2.1.0");
	assert_string_equal(scratch_target(scratch, "libdemo.so"), "libdemo.so.2");
	assert_int_equal(scratch_names(scratch, "."), 3);
}

static void the_linker_name_points_where_it_is_told_to(void **state)
{
	struct scratch *scratch = *state;
	struct sov_links links = demo_links;
	struct sov_err err;

	scratch_file(scratch, demo.real_name, "code");
	links.linker_name = SOV_LINKER_NAME_NONE;
	assert_int_equal(publish(scratch, &links, &err), 0);
	assert_false(scratch_exists(scratch, "libdemo.so"));
	links.linker_name = SOV_LINKER_NAME_REAL;
	assert_int_equal(publish(scratch, &links, &err), 0);
	assert_string_equal(scratch_target(scratch, "libdemo.so"), "libdemo.so.2.1.0");
}

static void names_that_are_one_need_no_link(void **state)
{
	/* clang-format off */
	static const struct {
		struct sov_names names;
		const char *soname_target, *linker_name_target;
	} cases[] = {
		{{.linker_name = "libx.so", .soname = "libx.so.1", .real_name = "libx.so.1.0"},
		 "libx.so.1.0", "libx.so.1"},
		{{.linker_name = "libx.so", .soname = "libx.so.1", .real_name = "libx.so.1"},
		 "", "libx.so.1"},
		{{.linker_name = "libx.so", .soname = "libx.so", .real_name = "libx.so"}, "", ""},
		{{.linker_name = "libx.so", .soname = "", .real_name = "libx.so.1.0"},
		 "", "libx.so.1.0"},
		{{.linker_name = "", .soname = "", .real_name = "libx.so.1.0"}, "", ""},
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct sov_links links = {.names = &cases[i].names};
		const char *soname_target, *linker_name_target;

		sov_links_targets(&links, &soname_target, &linker_name_target);
		assert_string_equal(soname_target, cases[i].soname_target);
		assert_string_equal(linker_name_target, cases[i].linker_name_target);
	}
}

static void a_link_that_is_right_is_left_alone(void **state)
{
	struct scratch *scratch = *state;
	struct stat before, after;
	struct sov_err err;

	scratch_file(scratch, demo.real_name, "code");
	assert_int_equal(publish(scratch, &demo_links, &err), 0);
	assert_int_equal(fstatat(scratch->fd, "libdemo.so.2", &before, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(publish(scratch, &demo_links, &err), 0);
	assert_int_equal(fstatat(scratch->fd, "libdemo.so.2", &after, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_ctim.tv_nsec, after.st_ctim.tv_nsec);
}

static void a_wrong_link_is_replaced(void **state)
{
	struct scratch *scratch = *state;
	struct sov_err err;

	scratch_file(scratch, demo.real_name, "code");
	scratch_link(scratch, "libdemo.so.2", "libdemo.so.2.0.0");
	scratch_link(scratch, "libdemo.so", "/nowhere");
	assert_int_equal(publish(scratch, &demo_links, &err), 0);
	assert_string_equal(scratch_target(scratch, "libdemo.so.2"), "libdemo.so.2.1.0");
	assert_string_equal(scratch_target(scratch, "libdemo.so"), "libdemo.so.2");
	/* The same beginning is not the same target. */
	assert_int_equal(unlinkat(scratch->fd, "libdemo.so", 0), 0);
	scratch_link(scratch, "libdemo.so", "libdemo.so.2.1.0");
	assert_int_equal(publish(scratch, &demo_links, &err), 0);
	assert_string_equal(scratch_target(scratch, "libdemo.so"), "libdemo.so.2");
}

static void no_link_is_made_to_nothing(void **state)
{
	struct scratch *scratch = *state;
	struct sov_err err;

	assert_int_equal(publish(scratch, &demo_links, &err), -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, ENOENT);
	assert_string_equal(err.subject, "out/libdemo.so.2.1.0");
	scratch_directory(scratch, demo.real_name);
	assert_int_equal(publish(scratch, &demo_links, &err), -SOV_E_OBSTACLE);
	assert_int_equal(scratch_names(scratch, "."), 1);
}

static void make_fifo(const struct scratch *scratch, const char *name)
{
	assert_int_equal(mkfifoat(scratch->fd, name, 0600), 0);
}

static void what_stands_in_the_way_of_a_link_is_named(void **state)
{
	struct scratch *scratch = *state;
	struct sov_err err;

	scratch_file(scratch, demo.real_name, "code");
	scratch_file(scratch, "libdemo.so.2", "a copy");
	assert_int_equal(obstacle(scratch, &demo_links, &err), -SOV_E_OBSTACLE);
	assert_string_equal(rendered(&err), "out/libdemo.so.2: error: no link can be made here\n"
					    "  expected: a link to libdemo.so.2.1.0, or nothing\n"
					    "  found:    a regular file\n"
					    "  fix:      move it away, then try again\n");
	assert_int_equal(publish(scratch, &demo_links, &err), -SOV_E_OBSTACLE);
	assert_false(scratch_exists(scratch, "libdemo.so"));

	assert_int_equal(unlinkat(scratch->fd, "libdemo.so.2", 0), 0);
	scratch_directory(scratch, "libdemo.so");
	assert_int_equal(obstacle(scratch, &demo_links, &err), -SOV_E_OBSTACLE);
	assert_string_equal(err.subject, "out/libdemo.so");
	assert_string_equal(err.found, "a directory");
	/* The obstacle is met before the first link is touched. */
	assert_int_equal(publish(scratch, &demo_links, &err), -SOV_E_OBSTACLE);
	assert_false(scratch_exists(scratch, "libdemo.so.2"));

	assert_int_equal(unlinkat(scratch->fd, "libdemo.so", AT_REMOVEDIR), 0);
	make_fifo(scratch, "libdemo.so");
	assert_int_equal(obstacle(scratch, &demo_links, &err), -SOV_E_OBSTACLE);
	assert_string_equal(err.found, "a fifo");
}

static void what_stands_in_the_way_of_the_file_is_named(void **state)
{
	static const char *const found[] = {"a directory", "a fifo", "a link", "a link"};
	struct scratch *scratch = *state;
	struct sov_err err;

	scratch_file(scratch, "code", "code");
	for (size_t i = 0; i < COUNT(found); i++) {
		if (i == 0)
			scratch_directory(scratch, demo.real_name);
		else if (i == 1)
			make_fifo(scratch, demo.real_name);
		else
			scratch_link(scratch, demo.real_name, i == 2 ? "nowhere" : "code");
		assert_int_equal(obstacle(scratch, &demo_links, &err), -SOV_E_OBSTACLE);
		assert_string_equal(err.subject, "out/libdemo.so.2.1.0");
		assert_string_equal(err.found, found[i]);
		assert_int_equal(unlinkat(scratch->fd, demo.real_name, i == 0 ? AT_REMOVEDIR : 0),
				 0);
	}
	assert_int_equal(obstacle(scratch, &demo_links, &err), 0);
	scratch_file(scratch, demo.real_name, "code");
	assert_int_equal(obstacle(scratch, &demo_links, &err), 0);
}

static void the_name_that_cc_would_have_written_may_become_a_link(void **state)
{
	struct scratch *scratch = *state;
	struct sov_links links = demo_links;
	struct sov_err err;

	scratch_file(scratch, demo.real_name, "code");
	scratch_file(scratch, "libdemo.so", "the output of a plain cc");
	links.replaceable = "libdemo.so.2";
	assert_int_equal(obstacle(scratch, &links, &err), -SOV_E_OBSTACLE);
	links.replaceable = "libdemo.so";
	assert_int_equal(obstacle(scratch, &links, &err), 0);
	assert_int_equal(publish(scratch, &links, &err), 0);
	assert_string_equal(scratch_target(scratch, "libdemo.so"), "libdemo.so.2");
	/* A directory never. */
	assert_int_equal(unlinkat(scratch->fd, "libdemo.so", 0), 0);
	scratch_directory(scratch, "libdemo.so");
	assert_int_equal(obstacle(scratch, &links, &err), -SOV_E_OBSTACLE);
}

static void the_left_over_of_a_killed_run_is_swept(void **state)
{
	struct scratch *scratch = *state;
	struct sov_err err;

	scratch_file(scratch, demo.real_name, "code");
	scratch_link(scratch, STRAY, "libother.so.1.0");
	assert_int_equal(publish(scratch, &demo_links, &err), 0);
	assert_false(scratch_exists(scratch, STRAY));
	/* Also by a run that has no link to make. */
	scratch_link(scratch, STRAY, "libother.so.1.0");
	assert_int_equal(publish(scratch, &demo_links, &err), 0);
	assert_false(scratch_exists(scratch, STRAY));
	assert_string_equal(scratch_target(scratch, "libdemo.so.2"), "libdemo.so.2.1.0");
}

static void what_is_no_left_over_of_ours_stays(void **state)
{
	struct scratch *scratch = *state;
	struct sov_err err;

	scratch_file(scratch, demo.real_name, "code");
	scratch_file(scratch, STRAY, "somebody's file");
	scratch_link(scratch, ".sov-mine", "x");
	assert_int_equal(publish(scratch, &demo_links, &err), 0);
	assert_string_equal(scratch_target(scratch, "libdemo.so"), "libdemo.so.2");
	assert_true(scratch_exists(scratch, STRAY));
	assert_true(scratch_exists(scratch, ".sov-mine"));
	assert_int_equal(scratch_names(scratch, "."), 5);
}

/* A lock around a whole build, as `flock . make` takes it, must not stop the build for ever. */
static void a_lock_that_never_comes_free_is_not_waited_for(void **state)
{
	struct scratch *scratch = *state;
	int other = open(scratch->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct sov_err err;

	assert_int_equal(flock(other, LOCK_EX), 0);
	scratch_file(scratch, demo.real_name, "code");
	scratch_link(scratch, STRAY, "in use by who holds the lock");
	assert_int_equal(publish(scratch, &demo_links, &err), 0);
	assert_string_equal(scratch_target(scratch, "libdemo.so"), "libdemo.so.2");
	assert_true(scratch_exists(scratch, STRAY));
	assert_int_equal(scratch_names(scratch, "."), 4);
	close(other);
}

/* Publish the chain, and count the temporary names that are made meanwhile, none the holder's. */
static unsigned temporaries_made(const struct scratch *scratch)
{
	int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	_Alignas(struct inotify_event) char events[4096];
	unsigned temporaries = 0;
	struct sov_err err;

	assert_true(inotify_add_watch(watch, scratch->path, IN_CREATE) >= 0);
	assert_int_equal(publish(scratch, &demo_links, &err), 0);
	for (ssize_t at = 0, n = read(watch, events, sizeof(events)); at < n;) {
		const struct inotify_event *event = (const void *)(events + at);

		assert_string_not_equal(event->name, STRAY);
		temporaries += strncmp(event->name, ".sov-", 5) == 0 ? 1 : 0;
		at += (ssize_t)(sizeof(*event) + event->len);
	}
	close(watch);
	return temporaries;
}

/* Under its name the holder of the lock may be at work. */
static void without_the_lock_the_fixed_name_is_not_used(void **state)
{
	struct scratch *scratch = *state;
	int other = open(scratch->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	scratch_file(scratch, demo.real_name, "code");
	scratch_link(scratch, demo.soname, "libdemo.so.2.0.0");
	scratch_link(scratch, demo.linker_name, "libdemo.so.1");
	assert_int_equal(flock(other, LOCK_EX), 0);
	assert_int_equal(temporaries_made(scratch), 2);
	close(other);
}

static void where_nothing_is_replaced_nothing_is_renamed(void **state)
{
	struct scratch *scratch = *state;

	scratch_file(scratch, demo.real_name, "code");
	assert_int_equal(temporaries_made(scratch), 0);
	assert_string_equal(scratch_target(scratch, demo.linker_name), demo.soname);
}

static void the_lock_is_given_back(void **state)
{
	struct scratch *scratch = *state;
	int other = open(scratch->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct sov_err err;

	scratch_file(scratch, demo.real_name, "code");
	assert_int_equal(publish(scratch, &demo_links, &err), 0);
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
	close(other);
}

static void the_signal_mask_is_given_back(void **state)
{
	struct scratch *scratch = *state;
	sigset_t mask;
	struct sov_err err;

	scratch_file(scratch, demo.real_name, "code");
	assert_int_equal(publish(scratch, &demo_links, &err), 0);
	assert_int_equal(pthread_sigmask(SIG_BLOCK, NULL, &mask), 0);
	assert_int_equal(sigismember(&mask, SIGTERM), 0);
}

static void a_directory_that_cannot_be_written_is_an_error(void **state)
{
	struct scratch *scratch = *state;
	struct sov_links links = demo_links;
	static const struct sov_names self = {
		.linker_name = "", .soname = "libdemo.so.2", .real_name = "stat"};
	int proc = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct sov_err err;

	(void)scratch;
	/* Even root makes no links in /proc. */
	links.names = &self;
	links.directory = "/proc/self/";
	sov_err_clear(&err);
	assert_int_equal(sov_links_publish(proc, &links, &err), -SOV_E_SYSTEM);
	assert_string_equal(err.subject, "/proc/self/libdemo.so.2");
	assert_true(err.sys_errno == EPERM || err.sys_errno == ENOENT || err.sys_errno == EACCES);
	close(proc);
}

static void long_names_work_and_unsafe_ones_are_refused(void **state)
{
	struct scratch *scratch = *state;
	struct sov_names names = {.linker_name = "libx.so"};
	struct sov_links links = {.directory = "", .names = &names};
	struct sov_err err;

	memset(names.real_name, 'r', SOV_NAME_MAX - 1);
	memset(names.soname, 's', SOV_NAME_MAX - 1);
	scratch_file(scratch, names.real_name, "code");
	assert_int_equal(publish(scratch, &links, &err), 0);
	assert_string_equal(scratch_target(scratch, names.soname), names.real_name);
	assert_string_equal(scratch_target(scratch, "libx.so"), names.soname);
	scratch_directory(scratch, "below");
	strcpy(names.soname, "below/libx.so.1");
	assert_int_equal(publish(scratch, &links, &err), -SOV_E_USAGE);
	assert_int_equal(obstacle(scratch, &links, &err), -SOV_E_USAGE);
	assert_string_equal(err.message, "a name to publish that has a '/'");
	assert_false(scratch_exists(scratch, "below/libx.so.1"));
}

/* struct reader - a thread that does what the dynamic linker does, again and again. */
struct reader {
	const struct scratch *scratch;
	atomic_bool stop;
	unsigned looks, failures;
};

static void *read_on(void *data)
{
	struct reader *reader = data;
	struct stat st;

	while (!atomic_load(&reader->stop)) {
		reader->looks++;
		if (fstatat(reader->scratch->fd, "libdemo.so", &st, 0) != 0)
			reader->failures++;
	}
	return NULL;
}

static void a_reader_finds_the_soname_at_any_instant(void **state)
{
	struct scratch *scratch = *state;
	struct sov_names old = demo;
	struct sov_links links = demo_links;
	struct reader reader = {.scratch = scratch};
	pthread_t thread;
	struct sov_err err;

	strcpy(old.real_name, "libdemo.so.2.0.0");
	scratch_file(scratch, demo.real_name, "new");
	scratch_file(scratch, old.real_name, "old");
	assert_int_equal(publish(scratch, &links, &err), 0);
	assert_int_equal(pthread_create(&thread, NULL, read_on, &reader), 0);
	for (int i = 0; i < 2000; i++) {
		links.names = i % 2 == 0 ? &old : &demo;
		assert_int_equal(publish(scratch, &links, &err), 0);
	}
	atomic_store(&reader.stop, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(reader.looks > 100);
	assert_int_equal(reader.failures, 0);
	assert_int_equal(scratch_names(scratch, "."), 4);
}

/* struct maker - a thread that publishes one of two libraries in one directory. */
struct maker {
	const struct scratch *scratch;
	const struct sov_names *names;
	unsigned failures;
};

static void *make_on(void *data)
{
	struct maker *maker = data;
	const struct sov_links links = {.directory = "", .names = maker->names};

	for (int i = 0; i < 300; i++) {
		int fd = open(maker->scratch->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		struct sov_err err;

		sov_err_clear(&err);
		if (sov_links_publish(fd, &links, &err) != 0)
			maker->failures++;
		(void)unlinkat(fd, maker->names->soname, 0);
		close(fd);
	}
	return NULL;
}

static void makers_of_several_libraries_do_not_disturb_each_other(void **state)
{
	struct scratch *scratch = *state;
	struct sov_names names[4] = {0};
	struct maker makers[4];
	pthread_t threads[4];

	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(names[i].soname, SOV_NAME_MAX, "lib%zu.so.1", i);
		snprintf(names[i].real_name, SOV_NAME_MAX, "lib%zu.so.1.0", i);
		scratch_file(scratch, names[i].real_name, "code");
		makers[i] = (struct maker){.scratch = scratch, .names = &names[i]};
		assert_int_equal(pthread_create(&threads[i], NULL, make_on, &makers[i]), 0);
	}
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(makers[i].failures, 0);
	}
	assert_int_equal(scratch_names(scratch, "."), 4);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_chain_is_made),
		TEST(the_linker_name_points_where_it_is_told_to),
		TEST(names_that_are_one_need_no_link),
		TEST(a_link_that_is_right_is_left_alone),
		TEST(a_wrong_link_is_replaced),
		TEST(no_link_is_made_to_nothing),
		TEST(what_stands_in_the_way_of_a_link_is_named),
		TEST(what_stands_in_the_way_of_the_file_is_named),
		TEST(the_name_that_cc_would_have_written_may_become_a_link),
		TEST(the_left_over_of_a_killed_run_is_swept),
		TEST(what_is_no_left_over_of_ours_stays),
		TEST(a_lock_that_never_comes_free_is_not_waited_for),
		TEST(without_the_lock_the_fixed_name_is_not_used),
		TEST(where_nothing_is_replaced_nothing_is_renamed),
		TEST(the_lock_is_given_back),
		TEST(the_signal_mask_is_given_back),
		TEST(a_directory_that_cannot_be_written_is_an_error),
		TEST(long_names_work_and_unsafe_ones_are_refused),
		TEST(a_reader_finds_the_soname_at_any_instant),
		TEST(makers_of_several_libraries_do_not_disturb_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
