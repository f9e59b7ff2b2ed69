/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"
#include "upgrade/libdir.h"

/* How often a file was opened to be identified, and what is refused instead. */
static unsigned opened;
static const char *refused;

/* What somebody does right before a file is opened; once. */
static void (*before_open)(int dirfd, const char *name);

int __real_sov_identity_open(int dirfd, const char *path, int flags);
int __wrap_sov_identity_open(int dirfd, const char *path, int flags);

int __wrap_sov_identity_open(int dirfd, const char *path, int flags)
{
	if (before_open != NULL) {
		before_open(dirfd, path);
		before_open = NULL;
	}
	opened++;
	assert_true((flags & O_NOFOLLOW) != 0);
	if (refused == NULL || strcmp(path, refused) != 0)
		return __real_sov_identity_open(dirfd, path, flags);
	errno = EACCES;
	return -1;
}

static int setup(void **state)
{
	opened = 0;
	refused = NULL;
	before_open = NULL;
	return scratch_setup(state);
}

static void read_scratch(struct sov_libdir *libdir, const struct scratch *scratch)
{
	const struct sov_site site = {.dirfd = scratch->fd, .root = "stage", .directory = "lib"};
	struct sov_err err;

	sov_err_clear(&err);
	assert_int_equal(sov_libdir_read(libdir, &site, NULL, &err), 0);
}

/* Where a name ends, "" = in no file of the directory. */
static const char *end_of(const struct sov_libdir *libdir, const char *name)
{
	const struct sov_entry *entry = sov_libdir_find(libdir, name);

	assert_non_null(entry);
	return entry->end != NULL ? entry->end->name : "";
}

static void names_that_have_another_form_are_passed_over(void **state)
{
	static const char *const others[] = {
		"libx.so.1.0.0~",     "libx.so.1.bak",	    "libx.so.1.debug", "libx.so.1-rc1",
		".sov-file-0",	      ".libx.so.1.0.0.~1~", ".libx.so.1",      "libx.a",
		"libx.so.1.0-gdb.py", "libx.so.",	    "libx.so.1d",      ".so.1",
	};
	struct scratch *scratch = *state;
	struct sov_libdir libdir;

	for (size_t i = 0; i < COUNT(others); i++)
		scratch_library(scratch, others[i], "libx.so.1");
	scratch_library(scratch, "libx.so.1.0.0", "libx.so.1");
	scratch_library(scratch, "plugin.so", NULL);
	read_scratch(&libdir, scratch);
	assert_int_equal(libdir.count, 2);
	assert_int_equal(opened, 2);
	assert_string_equal(libdir.entry[0].name, "libx.so.1.0.0");
	assert_string_equal(libdir.entry[1].name, "plugin.so");
	assert_string_equal(libdir.entry[0].identity.soname, "libx.so.1");
	assert_null(libdir.entry[1].identity.soname);
	assert_int_equal(libdir.entry[0].file.count, 3);
	assert_ptr_equal(libdir.entry[0].file.stem, libdir.entry[0].name);
	assert_null(sov_libdir_find(&libdir, "libx.a"));
	assert_null(sov_libdir_find(&libdir, "libx.so.1.0.1"));
	sov_libdir_release(&libdir);
	assert_int_equal(libdir.count, 0);
}

static void what_is_no_file_is_not_opened(void **state)
{
	struct scratch *scratch = *state;
	struct sov_libdir libdir;

	scratch_directory(scratch, "liba.so.1");
	assert_int_equal(mkfifoat(scratch->fd, "libb.so.1", 0600), 0);
	scratch_link(scratch, "libc.so.1", "/etc/passwd");
	read_scratch(&libdir, scratch);
	assert_int_equal(libdir.count, 3);
	assert_int_equal(opened, 0);
	assert_int_equal(libdir.entry[0].type, SOV_ENTRY_DIRECTORY);
	assert_int_equal(libdir.entry[1].type, SOV_ENTRY_OTHER);
	assert_int_equal(libdir.entry[2].type, SOV_ENTRY_LINK);
	assert_string_equal(libdir.entry[2].target, "/etc/passwd");
	for (size_t i = 0; i < libdir.count; i++) {
		assert_int_equal(libdir.entry[i].identity.kind, SOV_KIND_SPECIAL);
		assert_null(libdir.entry[i].end);
	}
	sov_libdir_release(&libdir);
}

static void links_end_where_they_lead_inside_the_directory(void **state)
{
	struct scratch *scratch = *state;
	struct sov_libdir libdir;
	char name[64], target[64];

	scratch_library(scratch, "libx.so.1.0", "libx.so.1");
	scratch_link(scratch, "libx.so.1", "libx.so.1.0");
	scratch_link(scratch, "libx.so", ".//./libx.so.1");
	scratch_link(scratch, "liba.so", "nothing.so");
	scratch_link(scratch, "libb.so", "../libx.so.1.0");
	scratch_link(scratch, "libc.so", "libd.so");
	scratch_link(scratch, "libd.so", "libc.so");
	scratch_directory(scratch, "libe.so.1");
	scratch_link(scratch, "libe.so", "libe.so.1");
	for (int i = 0; i <= 41; i++) {
		snprintf(name, sizeof(name), "libz.so.%d", i);
		snprintf(target, sizeof(target), "libz.so.%d", i + 1);
		scratch_link(scratch, name, i < 41 ? target : "libx.so.1.0");
	}
	read_scratch(&libdir, scratch);
	assert_string_equal(end_of(&libdir, "libx.so.1.0"), "libx.so.1.0");
	assert_string_equal(end_of(&libdir, "libx.so.1"), "libx.so.1.0");
	assert_string_equal(end_of(&libdir, "libx.so"), "libx.so.1.0");
	assert_string_equal(end_of(&libdir, "liba.so"), "");
	assert_string_equal(end_of(&libdir, "libb.so"), "");
	assert_string_equal(end_of(&libdir, "libc.so"), "");
	assert_string_equal(end_of(&libdir, "libe.so"), "");
	assert_string_equal(end_of(&libdir, "libz.so.2"), "libx.so.1.0"); /* 40 links */
	assert_string_equal(end_of(&libdir, "libz.so.1"), "");
	sov_libdir_release(&libdir);
}

static void what_can_not_be_examined_is_counted(void **state)
{
	struct scratch *scratch = *state;
	struct sov_libdir libdir;

	scratch_file(scratch, "libbroken.so.1", "\177ELF");
	scratch_file(scratch, "libtext.so", "INPUT(-lx)");
	scratch_library(scratch, "libx.so.1", "libx.so.1");
	refused = "libx.so.1";
	read_scratch(&libdir, scratch);
	assert_int_equal(libdir.count, 3);
	assert_int_equal(libdir.unreadable, 2);
	assert_true(libdir.trouble.code == SOV_E_BROKEN || libdir.trouble.sys_errno == EACCES);
	assert_int_equal(libdir.entry[0].identity.kind, SOV_KIND_BROKEN);
	assert_int_equal(libdir.entry[1].identity.kind, SOV_KIND_SCRIPT);
	assert_int_equal(libdir.entry[2].identity.kind, SOV_KIND_SPECIAL);
	assert_null(sov_libdir_newest(&libdir, "libx.so.1", NULL));
	sov_libdir_release(&libdir);
}

static const char *newest(const struct sov_libdir *libdir, const char *soname, const char *except)
{
	const struct sov_entry *entry = sov_libdir_newest(libdir, soname, except);

	return entry != NULL ? entry->name : "";
}

static void the_newest_is_the_one_of_the_greatest_numbers(void **state)
{
	struct scratch *scratch = *state;
	struct sov_libdir libdir;

	scratch_library(scratch, "libx.so.1.9.0", "libx.so.1");
	scratch_library(scratch, "libx.so.1.10.0", "libx.so.1");
	scratch_library(scratch, "libx.so.1.11.0", "libother.so.1");
	scratch_library(scratch, "libx.so.1.12.0", NULL);
	scratch_library(scratch, "libx.so.2.0.0", "libx.so.2");
	scratch_library(scratch, "libx.so.1.0.0~", "libx.so.1");
	scratch_library(scratch, "libx.so.so.1.99", "libx.so.1");
	scratch_library(scratch, "libxy.so.1.99", "libx.so.1");
	scratch_library(scratch, "libx.so.1.4294967297.18446744073709551617", "libx.so.3");
	scratch_library(scratch, "libx.so.1.4294967298", "libx.so.3");
	scratch_library(scratch, "liby.so", "liby.so.1");
	scratch_link(scratch, "libx.so.1.99", "libx.so.1.9.0");
	scratch_file(scratch, "libx.so.1.98", "\177ELF");
	read_scratch(&libdir, scratch);
	assert_string_equal(newest(&libdir, "libx.so.1", NULL), "libx.so.1.10.0");
	assert_string_equal(newest(&libdir, "libx.so.1", "libx.so.1.10.0"), "libx.so.1.9.0");
	assert_string_equal(newest(&libdir, "libx.so.2", NULL), "libx.so.2.0.0");
	assert_string_equal(newest(&libdir, "libx.so.2", "libx.so.2.0.0"), "");
	assert_string_equal(newest(&libdir, "libx.so.3", NULL), "libx.so.1.4294967298");
	assert_string_equal(newest(&libdir, "liby.so.1", NULL), "liby.so");
	assert_string_equal(newest(&libdir, "libother.so.1", NULL), "");
	assert_string_equal(newest(&libdir, "no library", NULL), "");
	sov_libdir_release(&libdir);
	scratch_library(scratch, "liby.so.0", "liby.so.1");
	read_scratch(&libdir, scratch);
	assert_string_equal(newest(&libdir, "liby.so.1", NULL), "liby.so.0");
	sov_libdir_release(&libdir);
}

/* struct churner - a thread that makes a file a link, nothing, and a file again. */
struct churner {
	const struct scratch *scratch;
	atomic_bool stop;
	int failures;
};

static void *churn(void *data)
{
	struct churner *churner = data;
	int fd = churner->scratch->fd;

	while (!atomic_load(&churner->stop)) {
		churner->failures += symlinkat("libx.so.1.0", fd, "libx.so.2") != 0;
		churner->failures += unlinkat(fd, "libx.so.2", 0) != 0;
		churner->failures += linkat(fd, "libx.so.1.0", fd, "libx.so.2", 0) != 0;
		churner->failures += unlinkat(fd, "libx.so.2", 0) != 0;
	}
	return NULL;
}

static void a_name_that_keeps_changing_is_what_it_was_at_one_time(void **state)
{
	struct scratch *scratch = *state;
	struct churner churner = {.scratch = scratch};
	pthread_t thread;

	scratch_library(scratch, "libx.so.1.0", "libx.so.1");
	assert_int_equal(pthread_create(&thread, NULL, churn, &churner), 0);
	for (int i = 0; i < 500; i++) {
		const struct sov_entry *entry;
		struct sov_libdir libdir;

		read_scratch(&libdir, scratch);
		assert_int_equal(libdir.unreadable, 0);
		entry = sov_libdir_find(&libdir, "libx.so.2");
		if (entry != NULL && entry->type == SOV_ENTRY_LINK)
			assert_string_equal(entry->target, "libx.so.1.0");
		else if (entry != NULL)
			assert_string_equal(entry->identity.soname, "libx.so.1");
		sov_libdir_release(&libdir);
	}
	atomic_store(&churner.stop, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(churner.failures, 0);
}

static void take_away(int dirfd, const char *name)
{
	assert_int_equal(unlinkat(dirfd, name, 0), 0);
}

static void make_link(int dirfd, const char *name)
{
	take_away(dirfd, name);
	assert_int_equal(symlinkat("elsewhere", dirfd, name), 0);
}

static void make_fifo(int dirfd, const char *name)
{
	take_away(dirfd, name);
	assert_int_equal(mkfifoat(dirfd, name, 0600), 0);
}

static void a_file_that_becomes_something_else_is_looked_at_again(void **state)
{
	struct scratch *scratch = *state;
	struct sov_libdir libdir;

	scratch_library(scratch, "libx.so.1", "libx.so.1");
	before_open = make_link;
	read_scratch(&libdir, scratch);
	assert_int_equal(libdir.unreadable, 0);
	assert_int_equal(libdir.count, 1);
	assert_int_equal(libdir.entry[0].type, SOV_ENTRY_LINK);
	assert_string_equal(libdir.entry[0].target, "elsewhere");
	sov_libdir_release(&libdir);
	take_away(scratch->fd, "libx.so.1");
	scratch_library(scratch, "libx.so.1", "libx.so.1");
	before_open = take_away;
	read_scratch(&libdir, scratch);
	assert_int_equal(libdir.unreadable, 0);
	assert_int_equal(libdir.count, 0);
	sov_libdir_release(&libdir);
	scratch_library(scratch, "libx.so.1", "libx.so.1");
	before_open = make_fifo;
	read_scratch(&libdir, scratch);
	assert_int_equal(libdir.count, 1);
	assert_int_equal(libdir.entry[0].type, SOV_ENTRY_OTHER);
	assert_null(libdir.entry[0].end);
	assert_null(sov_libdir_newest(&libdir, "libx.so.1", NULL));
	sov_libdir_release(&libdir);
}

static void two_thousand_names_open_one_file(void **state)
{
	struct scratch *scratch = *state;
	struct sov_libdir libdir;
	char name[64];

	scratch_library(scratch, "libx.so.1.0", "libx.so.1");
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "object%d.o", i);
		scratch_file(scratch, name, "");
		snprintf(name, sizeof(name), "lib%d.so", i);
		scratch_link(scratch, name, "libx.so.1.0");
	}
	read_scratch(&libdir, scratch);
	assert_int_equal(libdir.count, 1001);
	assert_int_equal(opened, 1);
	for (size_t i = 0; i < libdir.count; i++)
		assert_string_equal(libdir.entry[i].end->name, "libx.so.1.0");
	sov_libdir_release(&libdir);
}

static bool wants_x(const void *data, const struct sov_filename *file)
{
	(void)data;
	return file->stem_len == 4 && memcmp(file->stem, "libx", 4) == 0;
}

/* An installation of one library need not read the thousand others. */
static void only_files_of_a_stem_and_ends_of_its_links_are_opened(void **state)
{
	const struct sov_curiosity curiosity = {.wants = wants_x};
	struct scratch *scratch = *state;
	const struct sov_site site = {.dirfd = scratch->fd, .directory = "lib"};
	struct sov_libdir libdir;
	struct sov_err err;

	sov_err_clear(&err);
	scratch_library(scratch, "libx.so.1.0", "libx.so.1");
	scratch_library(scratch, "liby.so.1.0", "liby.so.1");
	scratch_library(scratch, "libz.so.1.0", "libx.so.2");
	scratch_link(scratch, "libx.so.2", "libz.so.1.0");
	scratch_link(scratch, "liby.so.1", "liby.so.1.0");
	assert_int_equal(sov_libdir_read(&libdir, &site, &curiosity, &err), 0);
	assert_int_equal(opened, 2);
	assert_int_equal(libdir.count, 5);
	assert_string_equal(sov_libdir_find(&libdir, "libx.so.1.0")->identity.soname, "libx.so.1");
	assert_string_equal(sov_libdir_find(&libdir, "libx.so.2")->end->identity.soname,
			    "libx.so.2");
	assert_null(sov_libdir_find(&libdir, "liby.so.1.0")->identity.soname);
	assert_string_equal(end_of(&libdir, "liby.so.1"), "liby.so.1.0");
	sov_libdir_release(&libdir);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_files_of_a_stem_and_ends_of_its_links_are_opened),
		TEST(names_that_have_another_form_are_passed_over),
		TEST(what_is_no_file_is_not_opened),
		TEST(links_end_where_they_lead_inside_the_directory),
		TEST(what_can_not_be_examined_is_counted),
		TEST(the_newest_is_the_one_of_the_greatest_numbers),
		TEST(a_name_that_keeps_changing_is_what_it_was_at_one_time),
		TEST(a_file_that_becomes_something_else_is_looked_at_again),
		TEST(two_thousand_names_open_one_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
