/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"

/* A file of n bytes, 0, 1, 2 ... 250, 0, 1 ...; the offset at its start. */
static int make_file(size_t n)
{
	int fd = memfd_create("test_io", MFD_CLOEXEC);

	assert_true(fd >= 0);
	for (size_t i = 0; i < n; i++) {
		unsigned char byte = (unsigned char)(i % 251);

		assert_int_equal(write(fd, &byte, 1), 1);
	}
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void pread_ends_at_the_end_of_the_file(void **state)
{
	sov_autoclose int fd = make_file(100);
	unsigned char buf[64];

	(void)state;
	assert_int_equal(sov_pread_full(fd, buf, sizeof(buf), 0), 64);
	assert_int_equal(buf[63], 63);
	assert_int_equal(sov_pread_full(fd, buf, sizeof(buf), 90), 10);
	assert_int_equal(buf[9], 99);
	assert_int_equal(sov_pread_full(fd, buf, sizeof(buf), 1000), 0);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
	assert_int_equal(sov_pread_full(-1, buf, sizeof(buf), 0), -1);
	assert_int_equal(errno, EBADF);
}

static void a_file_of_any_size_is_read_whole(void **state)
{
	static const size_t sizes[] = {0, 1, 8191, 8192, 8193, 16384, 40000};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		sov_autoclose int fd = make_file(sizes[i]);
		sov_autofree char *text = NULL;

		assert_int_equal(sov_read_all(fd, 100000, &text), sizes[i]);
		assert_int_equal(text[sizes[i]], 0);
		if (sizes[i] > 0)
			assert_int_equal((unsigned char)text[sizes[i] - 1], (sizes[i] - 1) % 251);
	}
}

static void reading_begins_at_the_present_offset(void **state)
{
	sov_autoclose int fd = make_file(10);
	sov_autofree char *text = NULL;

	(void)state;
	assert_int_equal(lseek(fd, 7, SEEK_SET), 7);
	assert_int_equal(sov_read_all(fd, 100, &text), 3);
	assert_int_equal(text[0], 7);
}

static void a_file_of_just_the_limit_is_read_and_one_byte_more_refused(void **state)
{
	static const size_t limits[] = {0, 1, 100, 8192, 20000};

	(void)state;
	for (size_t i = 0; i < COUNT(limits); i++) {
		sov_autoclose int fits = make_file(limits[i]), larger = make_file(limits[i] + 1);
		sov_autofree char *text = NULL;
		char *untouched = NULL;

		assert_int_equal(sov_read_all(fits, limits[i], &text), limits[i]);
		errno = 0;
		assert_int_equal(sov_read_all(larger, limits[i], &untouched), -1);
		assert_int_equal(errno, EFBIG);
		assert_null(untouched);
	}
}

static void a_pipe_is_read_in_its_own_portions(void **state)
{
	sov_autofree char *text = NULL;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	if (fork() == 0) {
		for (int i = 0; i < 1000; i++)
			if (write(ends[1], "0123456789", 10) != 10)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	assert_int_equal(sov_read_all(ends[0], 100000, &text), 10000);
	assert_string_equal(text + 9990, "0123456789");
	close(ends[0]);
	assert_true(wait(NULL) > 0);
}

static void an_error_of_read_is_told(void **state)
{
	sov_autoclose int directory = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char *text = NULL;

	(void)state;
	assert_int_equal(sov_read_all(directory, 100, &text), -1);
	assert_int_equal(errno, EISDIR);
	assert_null(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pread_ends_at_the_end_of_the_file),
		cmocka_unit_test(a_file_of_any_size_is_read_whole),
		cmocka_unit_test(reading_begins_at_the_present_offset),
		cmocka_unit_test(a_file_of_just_the_limit_is_read_and_one_byte_more_refused),
		cmocka_unit_test(a_pipe_is_read_in_its_own_portions),
		cmocka_unit_test(an_error_of_read_is_told),
	};

	return cmocka_run_group_tests_name("io", tests, NULL, NULL);
}
