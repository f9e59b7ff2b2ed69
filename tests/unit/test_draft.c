/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "fs/draft.h"
#include "scratch.h"

#define ACL_ACCESS  "system.posix_acl_access"
#define ACL_DEFAULT "system.posix_acl_default"

/* What the kernel answers instead of doing it; 0 = it does. */
static struct {
	int tmpfile, named, empty_path, proc, clone, range, write, chown, acl, fsync;
} refuse;

/* What happens while bytes are copied. */
static struct {
	size_t at_most;	    /* bytes a call; 0 = as asked */
	unsigned interrupt; /* calls that are interrupted first */
	unsigned interrupt_write;
	off_t until; /* copy_file_range works up to there; 0 = all the way */
	void (*disturb)(int source);
} weather;

static struct {
	unsigned range, write, fsync, clone;
} calls;

int __real_openat(int dirfd, const char *path, int flags, mode_t mode);
int __wrap_openat(int dirfd, const char *path, int flags, mode_t mode);
int __real_linkat(int from, const char *old, int to, const char *new, int flags);
int __wrap_linkat(int from, const char *old, int to, const char *new, int flags);
int __wrap_ioctl(int fd, unsigned long request, int from);
ssize_t __real_copy_file_range(int from, off_t *in, int to, off_t *out, size_t n, unsigned flags);
ssize_t __wrap_copy_file_range(int from, off_t *in, int to, off_t *out, size_t n, unsigned flags);
ssize_t __real_pwrite(int fd, const void *bytes, size_t n, off_t at);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t n, off_t at);
int __real_fchown(int fd, uid_t uid, gid_t gid);
int __wrap_fchown(int fd, uid_t uid, gid_t gid);
int __real_fremovexattr(int fd, const char *name);
int __wrap_fremovexattr(int fd, const char *name);
int __real_fsync(int fd);
int __wrap_fsync(int fd);

static int refused(int error)
{
	errno = error;
	return -1;
}

int __wrap_openat(int dirfd, const char *path, int flags, mode_t mode)
{
	if ((flags & O_TMPFILE) == O_TMPFILE && refuse.tmpfile != 0)
		return refused(refuse.tmpfile);
	if ((flags & O_EXCL) != 0 && refuse.named != 0)
		return refused(refuse.named);
	return __real_openat(dirfd, path, flags, mode);
}

int __wrap_linkat(int from, const char *old, int to, const char *new, int flags)
{
	if ((flags & AT_EMPTY_PATH) != 0 && refuse.empty_path != 0)
		return refused(refuse.empty_path);
	if ((flags & AT_SYMLINK_FOLLOW) != 0 && refuse.proc != 0)
		return refused(refuse.proc);
	return __real_linkat(from, old, to, new, flags);
}

/* A file system that can share bytes, as far as anybody sees. */
int __wrap_ioctl(int fd, unsigned long request, int from)
{
	struct stat st;
	off_t in = 0, out = 0;

	assert_int_equal(request, FICLONE);
	calls.clone++;
	if (refuse.clone != 0)
		return refused(refuse.clone);
	assert_int_equal(fstat(from, &st), 0);
	while (in < st.st_size)
		assert_true(__real_copy_file_range(from, &in, fd, &out, (size_t)st.st_size, 0) > 0);
	return 0;
}

ssize_t __wrap_copy_file_range(int from, off_t *in, int to, off_t *out, size_t n, unsigned flags)
{
	calls.range++;
	if (weather.interrupt > 0) {
		weather.interrupt--;
		return refused(EINTR);
	}
	if (refuse.range != 0 && (weather.until == 0 || *in >= weather.until))
		return refused(refuse.range);
	if (weather.at_most != 0 && n > weather.at_most)
		n = weather.at_most;
	if (weather.disturb != NULL)
		weather.disturb(from);
	return __real_copy_file_range(from, in, to, out, n, flags);
}

ssize_t __wrap_pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	calls.write++;
	if (weather.interrupt_write > 0) {
		weather.interrupt_write--;
		return refused(EINTR);
	}
	if (refuse.write != 0)
		return refused(refuse.write);
	return __real_pwrite(fd, bytes,
			     weather.at_most != 0 && n > weather.at_most ? weather.at_most : n, at);
}

int __wrap_fchown(int fd, uid_t uid, gid_t gid)
{
	return refuse.chown != 0 ? refused(refuse.chown) : __real_fchown(fd, uid, gid);
}

int __wrap_fremovexattr(int fd, const char *name)
{
	assert_string_equal(name, ACL_ACCESS);
	return refuse.acl != 0 ? refused(refuse.acl) : __real_fremovexattr(fd, name);
}

int __wrap_fsync(int fd)
{
	calls.fsync++;
	return refuse.fsync != 0 ? refused(refuse.fsync) : __real_fsync(fd);
}

static void calm(void)
{
	memset(&refuse, 0, sizeof(refuse));
	memset(&weather, 0, sizeof(weather));
	memset(&calls, 0, sizeof(calls));
	refuse.clone = EOPNOTSUPP;
}

static int setup(void **state)
{
	calm();
	return scratch_setup(state);
}

static struct sov_site site_of(const struct scratch *scratch)
{
	return (struct sov_site){.dirfd = scratch->fd, .directory = "lib"};
}

static struct sov_draft draft_in(const struct sov_site *site)
{
	struct sov_draft draft = {.fd = -1};
	struct sov_err err;

	sov_err_clear(&err);
	assert_int_equal(sov_draft_open(&draft, site, &err), 0);
	return draft;
}

/* A source of n bytes, of which no two blocks are alike; in a directory of its own. */
static int source(const struct scratch *scratch, size_t n)
{
	char *text = malloc(n + 1);
	int fd;

	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		text[i] = (char)('a' + (i * i / 7 + i / 4099) % 26);
	text[n] = '\0';
	scratch_file(scratch, "from/source", text);
	free(text);
	fd = openat(scratch->fd, "from/source", O_RDWR | O_CLOEXEC, 0);
	assert_return_code(fd, errno);
	return fd;
}

static int copy(struct sov_draft *draft, const struct sov_site *site, int from, struct sov_err *err)
{
	sov_err_clear(err);
	return sov_draft_copy(draft, site, from, "from/source", err);
}

/* Do two files hold the same bytes? */
static void assert_same_bytes(int a, int b)
{
	char x[65536], y[65536];
	off_t at = 0;
	ssize_t n;

	do {
		n = pread(a, x, sizeof(x), at);
		assert_int_equal(pread(b, y, sizeof(y), at), n);
		assert_memory_equal(x, y, (size_t)n);
		at += n;
	} while (n > 0);
}

static void a_draft_has_no_name(void **state)
{
	struct scratch *scratch = *state;
	const struct sov_site site = site_of(scratch);
	struct sov_draft draft = draft_in(&site);
	struct stat st;

	assert_string_equal(draft.temporary, "");
	assert_int_equal(scratch_names(scratch, "."), 0);
	assert_int_equal(fstat(draft.fd, &st), 0);
	assert_int_equal(st.st_nlink, 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	sov_draft_discard(&draft, &site);
	assert_int_equal(draft.fd, -1);
	sov_draft_discard(&draft, &site);
}

static void a_draft_has_a_name_where_there_is_no_other_way(void **state)
{
	static const struct {
		int tmpfile, empty_path, proc;
	} cases[] = {
		{EOPNOTSUPP, 0,		0	 },
		    {EISDIR,     0,		0	 },
		    {EINVAL,     0,		0	 },
		     {ENOENT,     0,		 0	  },
		{ENOSYS,	 0,	    0     },
		    {EPERM,	    0,	       0	},
		    {0,		ENOENT,	ENOENT},
		     {0,		 EPERM,	EACCES},
		{0,	    EINVAL,	    EPERM },
		    {0,		EXDEV,      0	},
		    {0,		EOPNOTSUPP, ENOENT},
	};
	struct scratch *scratch = *state;

	for (size_t i = 0; i < COUNT(cases) * 2; i++) {
		struct sov_site site = site_of(scratch);
		struct sov_draft draft, other;
		struct stat st;

		refuse.tmpfile = cases[i / 2].tmpfile;
		refuse.empty_path = cases[i / 2].empty_path;
		refuse.proc = cases[i / 2].proc;
		site.locked = i % 2 == 0;
		draft = draft_in(&site);
		other = draft_in(&site);
		assert_int_equal(sov_temporary_kind(draft.temporary),
				 site.locked ? SOV_TEMPORARY_LOCKED : SOV_TEMPORARY_ANYTIME);
		assert_int_equal(fstatat(scratch->fd, draft.temporary, &st, AT_SYMLINK_NOFOLLOW),
				 0);
		assert_int_equal(st.st_mode & 07777, 0600);
		assert_int_equal(scratch_names(scratch, "."), 2);
		sov_draft_discard(&draft, &site);
		sov_draft_discard(&other, &site);
		assert_int_equal(scratch_names(scratch, "."), 0);
	}
}

static void a_file_without_a_name_is_had_without_capabilities_too(void **state)
{
	struct scratch *scratch = *state;
	const struct sov_site site = site_of(scratch);

	for (size_t i = 0; i < 3; i++) {
		struct sov_draft draft;

		refuse.empty_path = (const int[]){ENOENT, EPERM, EINVAL}[i];
		draft = draft_in(&site);
		assert_string_equal(draft.temporary, "");
		assert_int_equal(scratch_names(scratch, "."), 0);
		sov_draft_discard(&draft, &site);
	}
}

static void a_directory_that_takes_no_file_is_said(void **state)
{
	struct scratch *scratch = *state;
	const struct sov_site site = site_of(scratch);
	struct sov_draft draft = {.fd = -1};
	struct sov_err err;

	refuse.tmpfile = EIO;
	refuse.named = ENOSPC;
	sov_err_clear(&err);
	assert_int_equal(sov_draft_open(&draft, &site, &err), -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, ENOSPC);
	assert_string_equal(err.subject, "lib");
	assert_string_equal(draft.temporary, "");
	sov_draft_discard(&draft, &site);
}

/* All bytes arrive, however they travel. */
static void assert_copies(const struct scratch *scratch, size_t n)
{
	const struct sov_site site = site_of(scratch);
	struct sov_draft draft = draft_in(&site);
	int from = source(scratch, n);
	struct sov_err err;

	memset(&calls, 0, sizeof(calls));
	assert_int_equal(lseek(from, 5, SEEK_SET), 5);
	assert_int_equal(copy(&draft, &site, from, &err), 0);
	assert_same_bytes(from, draft.fd);
	assert_int_equal(lseek(from, 0, SEEK_CUR), 5);
	sov_draft_discard(&draft, &site);
	close(from);
}

static void all_bytes_are_copied_by_each_way(void **state)
{
	static const int errors[] = {EXDEV, EINVAL, ENOSYS, EOPNOTSUPP, EBADF, EPERM, ETXTBSY};
	static const size_t sizes[] = {0, 1, 4096, 700001};

	for (size_t i = 0; i < COUNT(sizes); i++) {
		calm();
		refuse.clone = 0;
		assert_copies(*state, sizes[i]);
		assert_int_equal(calls.clone, 1);
		assert_int_equal(calls.range + calls.write, 0);
		refuse.clone = EXDEV;
		assert_copies(*state, sizes[i]);
		assert_int_equal(calls.write, 0);
		weather.at_most = 100003;
		weather.interrupt = 2;
		assert_copies(*state, sizes[i]);
		assert_int_equal(calls.write, 0);
		for (size_t j = 0; j < COUNT(errors); j++) {
			refuse.range = errors[j];
			weather.interrupt = weather.interrupt_write = 2;
			weather.until = 0;
			assert_copies(*state, sizes[i]);
			/* begun in the kernel, ended by hand */
			weather.until = 200000;
			assert_copies(*state, sizes[i]);
		}
		assert_int_equal(calls.write > 0, sizes[i] > 200000);
	}
}

static void a_file_of_proc_is_copied_though_it_says_0_bytes(void **state)
{
	struct scratch *scratch = *state;
	const struct sov_site site = site_of(scratch);
	struct sov_draft draft = draft_in(&site);
	int from = __real_openat(AT_FDCWD, "/proc/version", O_RDONLY | O_CLOEXEC, 0);
	struct stat st;
	struct sov_err err;

	assert_int_equal(copy(&draft, &site, from, &err), 0);
	assert_same_bytes(from, draft.fd);
	assert_int_equal(fstat(draft.fd, &st), 0);
	assert_true(st.st_size > 0);
	sov_draft_discard(&draft, &site);
	close(from);
}

static void a_copy_that_fails_leaves_nothing(void **state)
{
	static const int errors[] = {ENOSPC, EDQUOT, EIO, EFBIG};
	struct scratch *scratch = *state;
	const struct sov_site site = site_of(scratch);
	int from = source(scratch, 100000);
	struct sov_err err;

	for (size_t i = 0; i < COUNT(errors) * 2; i++) {
		struct sov_draft draft;

		refuse.tmpfile = i % 2 == 0 ? 0 : EOPNOTSUPP;
		refuse.range = i % 4 < 2 ? errors[i / 2] : EXDEV;
		refuse.write = errors[i / 2];
		draft = draft_in(&site);
		assert_int_equal(copy(&draft, &site, from, &err), -SOV_E_SYSTEM);
		assert_int_equal(err.sys_errno, errors[i / 2]);
		assert_string_equal(err.subject, "from/source");
		sov_draft_discard(&draft, &site);
		assert_int_equal(scratch_names(scratch, "."), 1);
	}
	close(from);
}

static void grow(int fd)
{
	struct stat st;

	weather.disturb = NULL;
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(__real_pwrite(fd, "more", 4, st.st_size), 4);
}

static void shrink(int fd)
{
	weather.disturb = NULL;
	assert_int_equal(ftruncate(fd, 10), 0);
}

static void rewrite(int fd)
{
	weather.disturb = NULL;
	usleep(20000); /* more than a tick of the clock of file systems */
	assert_int_equal(__real_pwrite(fd, "other", 5, 0), 5);
}

static void a_source_that_changes_is_an_error(void **state)
{
	static void (*const disturbances[])(int) = {grow, shrink, rewrite};
	struct scratch *scratch = *state;
	const struct sov_site site = site_of(scratch);

	weather.at_most = 50000;
	for (size_t i = 0; i < COUNT(disturbances); i++) {
		struct sov_draft draft = draft_in(&site);
		int from = source(scratch, 100000);
		struct sov_err err;

		weather.disturb = disturbances[i];
		assert_int_equal(copy(&draft, &site, from, &err), -SOV_E_SYSTEM);
		assert_int_equal(err.sys_errno, EAGAIN);
		assert_string_equal(err.fix, "run again when nothing writes to it");
		sov_draft_discard(&draft, &site);
		close(from);
	}
}

static volatile sig_atomic_t stop;

static void tell_to_stop(int fd)
{
	(void)fd;
	stop = SIGTERM;
}

static void a_copy_can_be_stopped(void **state)
{
	struct scratch *scratch = *state;
	struct sov_site site = site_of(scratch);
	struct sov_draft draft = draft_in(&site);
	int from = source(scratch, 100000);
	struct sov_err err;

	stop = 0;
	site.stop = &stop;
	weather.at_most = 50000;
	weather.disturb = tell_to_stop;
	assert_int_equal(copy(&draft, &site, from, &err), -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, EINTR);
	assert_int_equal(calls.range, 1);
	refuse.range = ENOSYS;
	assert_int_equal(copy(&draft, &site, from, &err), -SOV_E_SYSTEM);
	assert_int_equal(calls.write, 0);
	sov_draft_discard(&draft, &site);
	close(from);
}

static int settle(struct sov_draft *draft, const struct sov_site *site,
		  const struct sov_attributes *attributes, struct sov_err *err)
{
	sov_err_clear(err);
	return sov_draft_settle(draft, site, attributes, err);
}

static mode_t mode_of(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_mode & 07777;
}

static void the_mode_is_what_was_asked_for(void **state)
{
	static const mode_t modes[] = {0755, 0644, 0444, 04755, 02755, 06755, 0};
	struct scratch *scratch = *state;
	const struct sov_site site = site_of(scratch);
	struct sov_err err;

	for (size_t i = 0; i < COUNT(modes); i++) {
		/* chown(2) takes set-id bits away, of root's file too */
		const struct sov_attributes attributes = {modes[i], geteuid(), getegid()};
		mode_t before = umask(077);
		struct sov_draft draft = draft_in(&site);

		assert_int_equal(settle(&draft, &site, &attributes, &err), 0);
		umask(before);
		assert_int_equal(mode_of(draft.fd), modes[i]);
		sov_draft_discard(&draft, &site);
	}
	assert_int_equal(calls.fsync, 0);
}

/* A default ACL as setfacl -d -m u:1:rwx makes it: version 2, then tag, permissions, who. */
static const unsigned char default_acl[] = {
	2,    0, 0, 0, 0x01, 0,	  7,   0,   255, 255, 255, 255, /* owner */
	0x02, 0, 7, 0, 1,    0,	  0,   0,			/* user 1 */
	0x04, 0, 5, 0, 255,  255, 255, 255,			/* group */
	0x10, 0, 7, 0, 255,  255, 255, 255,			/* mask */
	0x20, 0, 0, 0, 255,  255, 255, 255,			/* others */
};

static void a_default_acl_adds_nothing(void **state)
{
	static const struct sov_attributes attributes = {0644, (uid_t)-1, (gid_t)-1};
	struct scratch *scratch = *state;
	const struct sov_site site = site_of(scratch);
	bool has_acls =
		fsetxattr(scratch->fd, ACL_DEFAULT, default_acl, sizeof(default_acl), 0) == 0;
	struct sov_err err;

	for (int i = 0; i < 2; i++) {
		struct sov_draft draft;
		char value[256];

		refuse.tmpfile = i == 0 ? 0 : EOPNOTSUPP;
		draft = draft_in(&site);
		if (has_acls)
			assert_true(fgetxattr(draft.fd, ACL_ACCESS, value, sizeof(value)) > 0);
		assert_int_equal(settle(&draft, &site, &attributes, &err), 0);
		assert_int_equal(fgetxattr(draft.fd, ACL_ACCESS, value, sizeof(value)), -1);
		assert_int_equal(mode_of(draft.fd), 0644);
		sov_draft_discard(&draft, &site);
	}
}

static void what_can_not_be_settled_is_said(void **state)
{
	static const struct sov_attributes attributes = {0644, 1, 1};
	struct scratch *scratch = *state;
	struct sov_site site = site_of(scratch);
	struct sov_draft draft;
	struct sov_err err;

	site.sync = true;
	refuse.tmpfile = EOPNOTSUPP;
	draft = draft_in(&site);
	refuse.chown = EPERM;
	assert_int_equal(settle(&draft, &site, &attributes, &err), -SOV_E_SYSTEM);
	assert_string_equal(err.message,
			    "a new file cannot be given its owner: Operation not permitted");
	refuse.chown = 0;
	refuse.acl = EIO;
	assert_int_equal(settle(&draft, &site, &(struct sov_attributes){0644, -1U, -1U}, &err),
			 -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, EIO);
	for (size_t i = 0; i < 3; i++) {
		refuse.acl = (const int[]){ENODATA, EOPNOTSUPP, ENOSYS}[i];
		assert_int_equal(
			settle(&draft, &site, &(struct sov_attributes){0644, -1U, -1U}, &err), 0);
	}
	assert_int_equal(calls.fsync, 3);
	refuse.fsync = EIO;
	assert_int_equal(settle(&draft, &site, &(struct sov_attributes){0644, -1U, -1U}, &err),
			 -SOV_E_SYSTEM);
	assert_string_equal(err.message,
			    "a new file cannot be synced to the disk: Input/output error");
	refuse.fsync = EINVAL;
	assert_int_equal(settle(&draft, &site, &(struct sov_attributes){0644, -1U, -1U}, &err), 0);
	sov_draft_discard(&draft, &site);
	assert_int_equal(scratch_names(scratch, "."), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_draft_has_no_name),
		TEST(a_draft_has_a_name_where_there_is_no_other_way),
		TEST(a_file_without_a_name_is_had_without_capabilities_too),
		TEST(a_directory_that_takes_no_file_is_said),
		TEST(all_bytes_are_copied_by_each_way),
		TEST(a_file_of_proc_is_copied_though_it_says_0_bytes),
		TEST(a_copy_that_fails_leaves_nothing),
		TEST(a_source_that_changes_is_an_error),
		TEST(a_copy_can_be_stopped),
		TEST(the_mode_is_what_was_asked_for),
		TEST(a_default_acl_adds_nothing),
		TEST(what_can_not_be_settled_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
