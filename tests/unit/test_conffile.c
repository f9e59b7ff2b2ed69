/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sov/conf.h>

#include "base/mem.h"

#define DEMO "[lib demo]\nversion = 2.1.0\n"

static struct sov_err err;
static char top[64];
static char path[256], refused[256];

/*
 * Stand-ins that the linker puts in the place of the C library's, for what a test cannot have from
 * a file system: other owners, a file that changes at a given moment, a disk that fails.
 */
static int disturb;		    /* so many times, a file grows when it is examined */
static uid_t owner;		    /* of what is looked at by name; */
static const uid_t own = (uid_t)-1; /* its own */
static int trouble;		    /* errno of stat("../"); 0 = none */
static unsigned questions;	    /* asked by name */

#define OURSELVES 1000 /* whoever runs the test: root is obeyed for another reason */

int __real_fstat(int fd, struct stat *st);
int __real_lstat(const char *name, struct stat *st);
int __real_stat(const char *name, struct stat *st);
uid_t __wrap_geteuid(void);
int __wrap_fstat(int fd, struct stat *st);
int __wrap_lstat(const char *name, struct stat *st);
int __wrap_stat(const char *name, struct stat *st);

uid_t __wrap_geteuid(void)
{
	return OURSELVES;
}

int __wrap_fstat(int fd, struct stat *st)
{
	int ret = __real_fstat(fd, st);

	if (disturb > 0) {
		FILE *file = fopen("sov.conf", "a");

		assert_non_null(file);
		fprintf(file, "[lib more%d]\nversion = 1\n", disturb--);
		assert_int_equal(fclose(file), 0);
	}
	return ret;
}

int __wrap_lstat(const char *name, struct stat *st)
{
	int ret = __real_lstat(name, st);

	questions++;
	if (owner != own)
		st->st_uid = owner;
	return ret;
}

int __wrap_stat(const char *name, struct stat *st)
{
	questions++;
	if (trouble == 0 || strcmp(name, "../") != 0)
		return __real_stat(name, st);
	errno = trouble;
	return -1;
}

/* Every test begins in an empty directory of its own, the top of a git work tree. */
static int enter_scratch(void **state)
{
	(void)state;
	disturb = 0;
	owner = own;
	trouble = 0;
	snprintf(top, sizeof(top), "/tmp/sov-conffile.XXXXXX");
	return !mkdtemp(top) || chmod(top, 0755) || chdir(top) || mkdir(".git", 0755);
}

static int remove_entry(const char *entry, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(entry);
}

static int leave_scratch(void **state)
{
	(void)state;
	return chdir("/") || nftw(top, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void write_file(const char *name, const char *text, size_t size)
{
	sov_autoclose int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, size), size);
}

static void make_conf(const char *name)
{
	write_file(name, DEMO, strlen(DEMO));
}

static void a_file_is_read_and_named_as_it_was_asked_for(void **state)
{
	struct sov_conf conf;

	(void)state;
	make_conf("any name");
	assert_int_equal(sov_conf_read(&conf, "./any name", &err), 0);
	assert_string_equal(conf.path, "./any name");
	assert_non_null(sov_conf_library_named(&conf, "demo"));
	sov_conf_release(&conf);
	write_file("sov.conf", "junk", 4);
	assert_int_equal(sov_conf_read(&conf, "sov.conf", &err), -SOV_E_CONF);
	assert_string_equal(err.subject, "sov.conf:1");
}

static void what_cannot_be_opened_is_told(void **state)
{
	struct sov_conf conf;

	(void)state;
	assert_int_equal(sov_conf_read(&conf, "sov.conf", &err), -SOV_E_SYSTEM);
	assert_string_equal(rendered(&err),
			    "sov.conf: error: cannot open: No such file or directory\n");
	assert_int_equal(symlink("nowhere", "sov.conf"), 0);
	assert_int_equal(sov_conf_read(&conf, "sov.conf", &err), -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, ENOENT);
}

static void what_is_no_regular_file_is_refused_without_waiting(void **state)
{
	struct sov_conf conf;

	(void)state;
	assert_int_equal(mkdir("d", 0755), 0);
	assert_int_equal(sov_conf_read(&conf, "d", &err), -SOV_E_CONF);
	assert_string_equal(rendered(&err), "d: error: not a regular file\n"
					    "  expected: a text file\n"
					    "  found:    a directory\n");
	assert_int_equal(mkfifo("f", 0644), 0);
	assert_int_equal(sov_conf_read(&conf, "f", &err), -SOV_E_CONF);
	assert_string_equal(err.found, "a fifo");
	assert_int_equal(sov_conf_read(&conf, "/dev/zero", &err), -SOV_E_CONF);
	assert_string_equal(err.found, "a character device");
}

static void a_file_of_a_mebibyte_is_read_and_one_byte_more_refused(void **state)
{
	sov_autofree char *text = malloc(SOV_CONF_SIZE_MAX + 1);
	struct sov_conf conf;

	(void)state;
	assert_non_null(text);
	memset(text, '\n', SOV_CONF_SIZE_MAX + 1);
	write_file("sov.conf", text, SOV_CONF_SIZE_MAX);
	assert_int_equal(sov_conf_read(&conf, "sov.conf", &err), 0);
	sov_conf_release(&conf);
	write_file("sov.conf", text, SOV_CONF_SIZE_MAX + 1);
	assert_int_equal(sov_conf_read(&conf, "sov.conf", &err), -SOV_E_LIMIT);
	assert_string_equal(rendered(&err), "sov.conf: error: too large for a sov.conf\n"
					    "  expected: at most 1048576 bytes\n");
}

static void a_file_that_changes_is_read_again(void **state)
{
	struct sov_conf conf;

	(void)state;
	make_conf("sov.conf");
	disturb = 3; /* twice in the first try, once in the second */
	assert_int_equal(sov_conf_read(&conf, "sov.conf", &err), 0);
	assert_int_equal(disturb, 0);
	assert_int_equal(conf.library_count, 4);
	assert_string_equal(conf.libraries[3].base, "more1");
	sov_conf_release(&conf);
}

static void a_file_that_never_rests_is_refused(void **state)
{
	struct sov_conf conf;

	(void)state;
	make_conf("sov.conf");
	disturb = 1000;
	assert_int_equal(sov_conf_read(&conf, "sov.conf", &err), -SOV_E_SYSTEM);
	assert_int_equal(disturb, 990); /* two questions in each of five tries */
	disturb = 0;
	assert_string_equal(rendered(&err), "sov.conf: error: changes while it is read: Resource "
					    "temporarily unavailable\n"
					    "  fix:      run again when nothing writes to it\n");
}

static void find(const char *want_path, const char *want_refused)
{
	memset(path, '#', sizeof(path));
	memset(refused, '#', sizeof(refused));
	assert_int_equal(sov_conf_find(path, refused, sizeof(path), &err), 0);
	assert_string_equal(path, want_path);
	assert_string_equal(refused, want_refused);
}

static void go_into(const char *name)
{
	assert_int_equal(mkdir(name, 0755), 0);
	assert_int_equal(chdir(name), 0);
}

static void the_nearest_is_found(void **state)
{
	(void)state;
	find("", "");
	make_conf("sov.conf");
	find("sov.conf", "");
	go_into("a");
	find("../sov.conf", "");
	go_into("b");
	find("../../sov.conf", "");
	make_conf("../sov.conf");
	find("../sov.conf", "");
	make_conf("sov.conf");
	find("sov.conf", "");
}

static void one_beside_us_costs_two_questions(void **state)
{
	(void)state;
	make_conf("sov.conf");
	questions = 0;
	find("sov.conf", "");
	assert_int_equal(questions, 2);
	go_into("a");
	questions = 0;
	find("../sov.conf", "");
	assert_int_equal(questions, 5);
}

static void the_search_ends_at_the_top_of_a_work_tree(void **state)
{
	(void)state;
	make_conf("sov.conf");
	go_into("a");
	assert_int_equal(mkdir(".git", 0755), 0);
	find("", "");
	go_into("b");
	find("", "");
	make_conf("../sov.conf");
	find("../sov.conf", "");
	/* of a submodule or a further work tree it is a file */
	assert_int_equal(remove("../sov.conf"), 0);
	assert_int_equal(rmdir("../.git"), 0);
	find("../../sov.conf", "");
	write_file("../.git", "gitdir: x\n", 10);
	find("", "");
}

static void the_search_ends_at_the_root(void **state)
{
	(void)state;
	assert_int_equal(chdir("/"), 0);
	questions = 0;
	find(access("/sov.conf", F_OK) == 0 ? "sov.conf" : "", "");
	assert_in_range(questions, 2, 4);
}

static void what_stands_there_is_found_whatever_it_is(void **state)
{
	struct sov_conf conf;

	(void)state;
	assert_int_equal(mkdir("sov.conf", 0755), 0);
	find("sov.conf", "");
	assert_int_equal(sov_conf_read(&conf, path, &err), -SOV_E_CONF);
	assert_int_equal(rmdir("sov.conf"), 0);
	assert_int_equal(symlink("nowhere", "sov.conf"), 0);
	find("sov.conf", "");
	assert_int_equal(sov_conf_read(&conf, path, &err), -SOV_E_SYSTEM);
}

static void a_stranger_in_a_directory_for_all_is_not_obeyed(void **state)
{
	(void)state;
	make_conf("sov.conf");
	go_into("a");
	go_into("b");
	make_conf("../sov.conf");
	make_conf("sov.conf");
	assert_int_equal(chmod(".", 01777), 0);
	owner = OURSELVES;
	find("sov.conf", "");
	owner = 12345;
	find("../sov.conf", "sov.conf"); /* the one above lies where only we can write */
	assert_int_equal(chmod("..", 01777), 0);
	find("../../sov.conf", "sov.conf");
	owner = 0;
	find("sov.conf", ""); /* root may */
}

static void a_stranger_elsewhere_is_obeyed(void **state)
{
	(void)state;
	make_conf("sov.conf");
	owner = 12345;
	find("sov.conf", "");
	assert_int_equal(chmod(".", 01755), 0);
	find("sov.conf", "");
	assert_int_equal(chmod(".", 0777), 0);
	find("sov.conf", "");
}

static void what_cannot_be_searched_holds_nothing(void **state)
{
	(void)state;
	make_conf("sov.conf");
	go_into("a");
	trouble = EACCES;
	find("", "");
	trouble = ENOENT;
	find("", "");
}

static void another_trouble_is_told(void **state)
{
	(void)state;
	make_conf("sov.conf");
	go_into("a");
	trouble = EIO;
	assert_int_equal(sov_conf_find(path, refused, sizeof(path), &err), -SOV_E_SYSTEM);
	assert_string_equal(rendered(&err), "../: error: cannot examine: Input/output error\n");
	assert_string_equal(path, "");
}

static void a_path_without_room_is_told(void **state)
{
	(void)state;
	make_conf("sov.conf");
	assert_int_equal(sov_conf_find(path, refused, sizeof("sov.conf"), &err), 0);
	assert_string_equal(path, "sov.conf");
	go_into("a");
	assert_int_equal(sov_conf_find(path, refused, sizeof("../sov.conf") - 1, &err),
			 -SOV_E_SYSTEM);
	assert_string_equal(rendered(&err),
			    "error: cannot look for sov.conf: File name too long\n");
	assert_string_equal(path, "");
	assert_int_equal(sov_conf_find(path, refused, sizeof("../sov.conf"), &err), 0);
	assert_string_equal(path, "../sov.conf");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_scratch, leave_scratch)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_is_read_and_named_as_it_was_asked_for),
		TEST(what_cannot_be_opened_is_told),
		TEST(what_is_no_regular_file_is_refused_without_waiting),
		TEST(a_file_of_a_mebibyte_is_read_and_one_byte_more_refused),
		TEST(a_file_that_changes_is_read_again),
		TEST(a_file_that_never_rests_is_refused),
		TEST(the_nearest_is_found),
		TEST(one_beside_us_costs_two_questions),
		TEST(the_search_ends_at_the_top_of_a_work_tree),
		TEST(the_search_ends_at_the_root),
		TEST(what_stands_there_is_found_whatever_it_is),
		TEST(a_stranger_in_a_directory_for_all_is_not_obeyed),
		TEST(a_stranger_elsewhere_is_obeyed),
		TEST(what_cannot_be_searched_holds_nothing),
		TEST(another_trouble_is_told),
		TEST(a_path_without_room_is_told),
	};

	return cmocka_run_group_tests_name("conffile", tests, NULL, NULL);
}
