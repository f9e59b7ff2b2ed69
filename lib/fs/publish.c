/* SPDX-License-Identifier: MIT */
/*
 * publish - the one place that renames.
 *
 * The problem. A program that starts while `ln -sf libdemo.so.2.1.0 libdemo.so.2` runs may find no
 * libdemo.so.2 at all: ln removes the old link before it makes the new one. One that starts while
 * `cp` or `install` writes libdemo.so.2.1.0 may find half of it, and one that runs it dies when
 * bytes under its feet change. rename(2) has no such gap: a path walk meets the old file or the new
 * one, and whoever has opened the old one keeps it. So a file or link is prepared where nobody
 * looks, and renamed over its final name.
 *
 * The order of `sov install`, for one library or several, and what a crash after each step leaves
 * (kill -9; a power cut is told of below):
 *
 *	 1. open the directory		nothing; or new, empty directories, when it was not there
 *	 2. flock it			nothing; the kernel drops the lock of a dead process
 *	 3. sweep temporary names	nothing; some of the left-overs of a killed run
 *	 4. look for obstacles		nothing
 *	 5. draft: a file, no name	nothing (O_TMPFILE); or a stray .sov-file-*
 *	 6. copy, owner, mode, fsync	as 5
 *	 7. read its SONAME		as 5; a wrong one ends here, and the draft is thrown away
 *	 8. link it to .sov-file-0	a stray .sov-file-0: a whole file, which no reader looks for
 *	 9. rename over the real name	a rebuild: it is in use. A new version: a file that no
 *					name leads to yet; the old version is complete
 *	10. fsync the directory		as 9
 *	11. is the soname link right?	as 9; then on to 14
 *	12. symlink to .sov-link	as 9, and a stray .sov-link, which no reader looks for. No
 *					soname there: it is made at once, then on to 14
 *	13. rename over the soname	programs get the new version; the linker name leads there
 *					as well, or to an old file that is still there
 *	14. 11 to 13: linker name	as 12 and 13
 *	15. fsync the directory		all is new
 *	16. read the names back		all is new; a link that ldconfig has taken away
 *					meanwhile is made again, and 15 done again
 *
 * sovcc, `sov links` and the linker names of `sov install` are steps 2 to 4 and 11 to 14: sovcc's
 * link editor has written the real file already, and 4 includes that it is there. No link dangles
 * at any time: what it says is there before it says it, and no old file is removed. A manifest is
 * written last, synced, under a temporary name of its own.
 *
 * Several libraries: 5 to 7 for all, then 8 and 9 for all, then the links. A crash leaves some
 * old, some new, each of them whole; a bad one stops the run before any has its name.
 *
 * A power cut. With sync, 6 puts the bytes on the disk before 9 can put the name there: never a
 * name without its bytes. 10 puts the real name there before the links: never a link to nothing. 15
 * makes exit 0 a promise. Without sync (packaging, whose tree is packed and thrown away, and sovcc,
 * whose build directory is built again) the file system decides what is left; what the running
 * system sees is as above. A file system that can't fsync a directory (EINVAL, ENOSYS, EOPNOTSUPP)
 * is taken at its word: without sync, then.
 *
 * Temporary names are fixed where they can be, not random, because whoever holds the lock is the
 * only one to use them: what bears one when the lock is taken is the left-over of a killed run.
 * sovcc finds that with one system call; to find random names it would have to read the directory,
 * which with 10,000 objects in it costs more than all the rest. No name begins with "lib", for
 * ldconfig makes links to whatever does.
 *
 * Where O_TMPFILE is not to be had, or a file without a name can't be given one (no capability and
 * no /proc), 5 makes .sov-file-* and 8 falls away: a kill in 5 to 9 leaves that one, which the next
 * run sweeps. Which it is, is found out before anything is copied (sov_publish_can_name()).
 *
 * INT, TERM, HUP and the like can't leave a stray of 8 or 12: all signals are blocked from 8 to 9
 * and from 12 to 13. In 5 to 7 the program that handles them sets site->stop, and the draft is
 * thrown away. Only kill -9 and a power cut can.
 *
 * Where there is no lock to be had (a file system without flock; a lock that somebody else keeps,
 * as `flock . make` does around the whole build) the work goes on under random names: each name is
 * still replaced atomically, only two runs at once may interleave theirs. Random names that have
 * not changed for an hour are swept by the next run of sov; what is younger may be in use.
 *
 * An error at any step (a full disk, a quota, EIO) leaves what a crash there leaves, less the
 * strays: those are removed on the way out.
 */
#include <sov/publish.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "fs/publish.h"
#include "fs/temporary.h"

enum {
	ATTEMPTS = 8,	      /* to put one link, when something else keeps changing it */
	LINKS_WAIT_MS = 1000, /* a lock that is held for longer is not for sovcc */
};

void sov_links_targets(const struct sov_links *links, const char **soname_target,
		       const char **linker_name_target)
{
	const struct sov_names *names = links->names;
	bool soname_is_link =
		names->soname[0] != '\0' && strcmp(names->soname, names->real_name) != 0;
	const char *linker = names->real_name;

	*soname_target = soname_is_link ? names->real_name : "";
	if (links->linker_name == SOV_LINKER_NAME_SONAME && soname_is_link)
		linker = names->soname;
	if (links->linker_name == SOV_LINKER_NAME_NONE || names->linker_name[0] == '\0' ||
	    strcmp(names->linker_name, linker) == 0 ||
	    strcmp(names->linker_name, names->real_name) == 0)
		linker = "";
	*linker_name_target = linker;
}

/* Names are single components: whoever computed them, none may lead into another directory. */
static int refuse_unsafe(const struct sov_site *site, const struct sov_names *names,
			 struct sov_err *err)
{
	const char *const all[] = {names->real_name, names->soname, names->linker_name};
	char path[SOV_SUBJECT_MAX];

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const char *why = i > 0 && all[i][0] == '\0' ? NULL : sov_soname_unsafe(all[i]);

		if (why != NULL)
			return sov_fail(err, SOV_E_USAGE, sov_site_path(site, all[i], path),
					"a name to publish that %s", why);
	}
	return 0;
}

static int obstacle(const struct sov_site *site, const char *name, const char *message,
		    const char *expected, const char *found, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];

	sov_fail(err, SOV_E_OBSTACLE, sov_site_path(site, name, path), "%s", message);
	sov_expected(err, "%s", expected);
	sov_found(err, "a %s", found);
	return sov_fix(err, "move it away, then try again");
}

/* Returns 1 when it is there, 0 when not, or -SOV_E_SYSTEM. */
static int look(const struct sov_site *site, const char *name, int flags, struct stat *st,
		struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];

	if (fstatat(site->dirfd, name, st, flags) == 0)
		return 1;
	if (errno == ENOENT)
		return 0;
	return sov_fail_errno(err, sov_site_path(site, name, path), "cannot look at it");
}

/*
 * Would the real file be written over something that is not a file? A link is one as well: link
 * editors write through a dangling one, and what they make of others differs.
 */
static int real_obstacle(const struct sov_site *site, const char *name, struct sov_err *err)
{
	struct stat st;
	int there = look(site, name, AT_SYMLINK_NOFOLLOW, &st, err);

	if (there <= 0 || S_ISREG(st.st_mode))
		return there < 0 ? there : 0;
	return obstacle(site, name, "no file can be written here", "a regular file, or nothing",
			sov_mode_name(st.st_mode), err);
}

/* Would a link replace something that is not one? */
static int link_obstacle(const struct sov_site *site, const char *name, const char *target,
			 const char *replaceable, struct sov_err *err)
{
	char expected[SOV_TEXT_MAX];
	struct stat st;
	int there;

	if (target[0] == '\0')
		return 0;
	there = look(site, name, AT_SYMLINK_NOFOLLOW, &st, err);
	if (there <= 0 || S_ISLNK(st.st_mode))
		return there < 0 ? there : 0;
	if (S_ISREG(st.st_mode) && replaceable != NULL && strcmp(name, replaceable) == 0)
		return 0;
	(void)sov_str_format(expected, sizeof(expected), "a link to %s, or nothing", target);
	return obstacle(site, name, "no link can be made here", expected, sov_mode_name(st.st_mode),
			err);
}

static int links_obstacle(const struct sov_site *site, const struct sov_links *links,
			  struct sov_err *err)
{
	const struct sov_names *names = links->names;
	const char *soname_target, *linker_target;
	int rc;

	sov_links_targets(links, &soname_target, &linker_target);
	rc = link_obstacle(site, names->soname, soname_target, links->replaceable, err);
	if (rc == 0)
		rc = link_obstacle(site, names->linker_name, linker_target, links->replaceable,
				   err);
	return rc;
}

int sov_links_obstacle(int dirfd, const struct sov_links *links, struct sov_err *err)
{
	const struct sov_site site = {.dirfd = dirfd, .directory = links->directory};
	int rc = refuse_unsafe(&site, links->names, err);

	if (rc == 0)
		rc = real_obstacle(&site, links->names->real_name, err);
	if (rc == 0)
		rc = links_obstacle(&site, links, err);
	return rc;
}

/* What bears the name of a link to be made. */
enum bearer {
	BEARER_RIGHT,  /* the link, as it shall be */
	BEARER_LINK,   /* another link, or it can't be told */
	BEARER_FILE,   /* what is no link */
	BEARER_ABSENT, /* nothing */
};

static enum bearer look_at_link(const struct sov_site *site, const char *name, const char *target)
{
	char found[SOV_NAME_MAX + 1];
	size_t want = strlen(target);
	ssize_t n = readlinkat(site->dirfd, name, found, sizeof(found));

	if (n < 0)
		return errno == ENOENT	 ? BEARER_ABSENT
		       : errno == EINVAL ? BEARER_FILE
					 : BEARER_LINK;
	return (size_t)n == want && memcmp(found, target, want) == 0 ? BEARER_RIGHT : BEARER_LINK;
}

/* Take away the left-over of a killed run, if it is a link. Only the holder of the lock may. */
static void sweep(const struct sov_site *site)
{
	struct stat st;

	if (site->locked &&
	    fstatat(site->dirfd, SOV_TEMPORARY_LINK, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISLNK(st.st_mode))
		(void)unlinkat(site->dirfd, SOV_TEMPORARY_LINK, 0);
}

/* A name to try: the fixed one for the holder of the lock, unless it is taken for good: by another
 * user, in a sticky directory. */
static void name_temporary(const struct sov_site *site, const char *fixed, unsigned attempt,
			   char out[SOV_TEMPORARY_MAX])
{
	if (attempt == 0 && site->locked)
		(void)sov_str_copy(out, SOV_TEMPORARY_MAX, fixed);
	else
		sov_temporary_name(out, SOV_TEMPORARY_RANDOM, attempt);
}

static void block_signals(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, before);
}

/* errno stays as it is. */
static void restore_signals(const sigset_t *before)
{
	int saved = errno;

	pthread_sigmask(SIG_SETMASK, before, NULL);
	errno = saved;
}

/* Make the temporary link. Returns 0 with its name, or -1 with errno. */
static int make_temporary(const struct sov_site *site, const char *target,
			  char out[SOV_TEMPORARY_MAX])
{
	for (unsigned i = 0; i < ATTEMPTS; i++) {
		name_temporary(site, SOV_TEMPORARY_LINK, i, out);
		if (symlinkat(target, site->dirfd, out) == 0)
			return 0;
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

/* Returns 0 when the link is worth another look, or -1 with errno. */
static int rename_temporary(const struct sov_site *site, const char *name, const char *target)
{
	char temporary[SOV_TEMPORARY_MAX];
	int saved;

	if (make_temporary(site, target, temporary) != 0)
		return -1;
	if (renameat(site->dirfd, temporary, site->dirfd, name) == 0)
		return 0;
	saved = errno;
	(void)unlinkat(site->dirfd, temporary, 0);
	errno = saved;
	/* ENOENT: somebody took the temporary link away. */
	return errno == ENOENT ? 0 : -1;
}

/* rename_temporary(), with no signal in between. */
static int replace_link(const struct sov_site *site, const char *name, const char *target)
{
	sigset_t before;
	int rc;

	block_signals(&before);
	rc = rename_temporary(site, name, target);
	restore_signals(&before);
	return rc;
}

/* Where nothing is to be replaced, symlink(2) itself leaves nothing or the whole link. Somebody
 * else may be quicker: then there is something to be looked at. */
static int make_link(const struct sov_site *site, const char *name, const char *target)
{
	return symlinkat(target, site->dirfd, name) == 0 || errno == EEXIST ? 0 : -1;
}

/*
 * The look at the head of a round is "right already?", the reading back, and the last look at what
 * would be replaced: somebody who takes no lock may have put a file there since obstacles were
 * looked for.
 */
static int put_link(const struct sov_site *site, const char *name, const char *target,
		    bool over_file, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];

	for (int i = 0; i < ATTEMPTS; i++) {
		enum bearer bearer = look_at_link(site, name, target);

		if (bearer == BEARER_RIGHT)
			return 0;
		if (bearer == BEARER_FILE && !over_file) {
			int rc = link_obstacle(site, name, target, NULL, err);

			if (rc != 0)
				return rc;
			continue;
		}
		if ((bearer == BEARER_ABSENT ? make_link : replace_link)(site, name, target) != 0)
			return sov_fail_errno(err, sov_site_path(site, name, path),
					      "cannot make the link to %s", target);
	}
	sov_fail(err, SOV_E_OBSTACLE, sov_site_path(site, name, path),
		 "the link does not stay as it is made");
	sov_expected(err, "a link to %s", target);
	return sov_fix(err, "look for another program that works on this directory");
}

int sov_publish_link(const struct sov_site *site, const char *name, const char *target,
		     struct sov_err *err)
{
	return put_link(site, name, target, false, err);
}

int sov_publish_link_over(const struct sov_site *site, const char *name, const char *target,
			  struct sov_err *err)
{
	return put_link(site, name, target, true, err);
}

/*
 * Give an open file without a name one. By the descriptor alone, which before Linux 6.10 needs
 * CAP_DAC_READ_SEARCH and says ENOENT, else by the link that /proc has for it.
 */
static int link_descriptor(int fd, const struct sov_site *site, const char *name)
{
	char link[SOV_TEMPORARY_MAX];
	int rc = linkat(fd, "", site->dirfd, name, AT_EMPTY_PATH);

	if (rc == 0 || (errno != ENOENT && errno != EPERM && errno != EINVAL))
		return rc;
	(void)sov_str_format(link, sizeof(link), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, link, site->dirfd, name, AT_SYMLINK_FOLLOW);
}

bool sov_publish_can_name(int fd, const struct sov_site *site)
{
	/* "." is there, and is looked at only when the file was found. */
	return link_descriptor(fd, site, ".") != 0 && errno == EEXIST;
}

/* A temporary name for a draft that has none. Returns 0, or -1 with errno. */
static int name_draft(struct sov_draft *draft, const struct sov_site *site)
{
	for (unsigned i = 0; i < ATTEMPTS; i++) {
		name_temporary(site, SOV_TEMPORARY_FILE "0", i, draft->temporary);
		if (link_descriptor(draft->fd, site, draft->temporary) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	draft->temporary[0] = '\0';
	return -1;
}

/* The last word on whether its bytes arrived: a quota, a file server. */
static int close_draft(struct sov_draft *draft)
{
	int rc = close(draft->fd);

	draft->fd = -1;
	return rc != 0 && errno != EINTR ? -1 : 0;
}

static int rename_draft(struct sov_draft *draft, const struct sov_site *site, const char *name)
{
	if (draft->temporary[0] == '\0' && name_draft(draft, site) != 0)
		return -1;
	if (close_draft(draft) != 0 ||
	    renameat(site->dirfd, draft->temporary, site->dirfd, name) != 0)
		return -1;
	draft->temporary[0] = '\0';
	return 0;
}

int sov_publish_draft(struct sov_draft *draft, const struct sov_site *site, const char *name,
		      struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];
	sigset_t before;
	int rc;

	block_signals(&before);
	rc = rename_draft(draft, site, name);
	restore_signals(&before);
	return rc == 0 ? 0
		       : sov_fail_errno(err, sov_site_path(site, name, path),
					"the new file cannot be given this name");
}

/* A link to a file that is not there would be worse than none. */
static int require_real(const struct sov_site *site, const char *name, struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];
	struct stat st;

	if (fstatat(site->dirfd, name, &st, 0) != 0)
		return sov_fail_errno(err, sov_site_path(site, name, path),
				      "no link can be made to it");
	if (!S_ISREG(st.st_mode))
		return obstacle(site, name, "no link can be made to it", "a regular file",
				sov_mode_name(st.st_mode), err);
	return 0;
}

/* One link of a library, where it has one. */
static int publish_link_of(const struct sov_site *site, const struct sov_links *links,
			   const char *name, const char *target, struct sov_err *err)
{
	bool over_file = links->replaceable != NULL && strcmp(name, links->replaceable) == 0;

	return target[0] != '\0' ? put_link(site, name, target, over_file, err) : 0;
}

static int publish_locked(const struct sov_site *site, const struct sov_links *links,
			  struct sov_err *err)
{
	const struct sov_names *names = links->names;
	const char *soname_target, *linker_target;
	int rc;

	sov_links_targets(links, &soname_target, &linker_target);
	rc = require_real(site, names->real_name, err);
	if (rc == 0)
		rc = links_obstacle(site, links, err);
	if (rc != 0)
		return rc;
	sweep(site);
	rc = publish_link_of(site, links, names->soname, soname_target, err);
	if (rc == 0)
		rc = publish_link_of(site, links, names->linker_name, linker_target, err);
	return rc;
}

int sov_links_publish(int dirfd, const struct sov_links *links, struct sov_err *err)
{
	struct sov_site site = {.dirfd = dirfd, .directory = links->directory};
	int rc = refuse_unsafe(&site, links->names, err);

	if (rc != 0)
		return rc;
	/* A lock around a whole build never comes free: then without. */
	if (sov_site_lock(&site, LINKS_WAIT_MS, err) != 0)
		sov_err_clear(err);
	rc = publish_locked(&site, links, err);
	sov_site_unlock(&site);
	return rc;
}

static int write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t written = write(fd, bytes, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		bytes += written;
		n -= (size_t)written;
	}
	return 0;
}

/* write_all(), and close in any case. @flush: its bytes shall be on the disk before its name is */
static int write_and_close(int fd, const char *bytes, size_t n, bool flush)
{
	int rc = write_all(fd, bytes, n), saved;

	if (rc == 0 && flush)
		rc = sov_site_flush(fd);
	saved = errno;

	/* the last word on whether it arrived: a quota, a file server */
	if (close(fd) != 0 && rc == 0)
		return -1;
	errno = saved;
	return rc;
}

static int write_through(const char *path, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	return fd < 0 ? -1 : write_and_close(fd, bytes, n, false);
}

/* A new file beside @path. Returns its descriptor with its name, or -1 with errno. */
static int open_temporary(const char *path, char out[SOV_SUBJECT_MAX])
{
	char directory[SOV_SUBJECT_MAX], name[SOV_TEMPORARY_MAX];
	const struct sov_site site = {.directory = directory};
	int fd = -1;

	if (!sov_str_dirname(directory, sizeof(directory), path) ||
	    strlen(directory) + SOV_TEMPORARY_MAX >= SOV_SUBJECT_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (unsigned i = 0; fd < 0 && i < ATTEMPTS; i++) {
		sov_temporary_name(name, SOV_TEMPORARY_RANDOM, i);
		sov_site_path(&site, name, out);
		fd = open(out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd < 0 && errno != EEXIST)
			return -1;
	}
	return fd;
}

/* @old: the file that is replaced, or NULL */
static int replace_text(const char *path, const struct stat *old, const char *bytes, size_t n)
{
	char temporary[SOV_SUBJECT_MAX];
	int fd = open_temporary(path, temporary), saved;

	if (fd < 0)
		return -1;
	if (old != NULL)
		(void)fchmod(fd, old->st_mode & 07777);
	if (write_and_close(fd, bytes, n, true) == 0 && rename(temporary, path) == 0)
		return 0;
	saved = errno;
	(void)unlink(temporary);
	errno = saved;
	return -1;
}

/* With no signal in between, that leaves the temporary file to nobody. */
static int replace_text_blocked(const char *path, const struct stat *old, const char *bytes,
				size_t n)
{
	sigset_t before;
	int rc;

	block_signals(&before);
	rc = replace_text(path, old, bytes, n);
	restore_signals(&before);
	return rc;
}

int sov_publish_text(const char *path, const void *bytes, size_t n, struct sov_err *err)
{
	sov_autofree char *file = NULL;
	struct stat old;
	int rc;

	if (stat(path, &old) != 0) {
		rc = errno == ENOENT ? replace_text_blocked(path, NULL, bytes, n) : -1;
	} else if (S_ISREG(old.st_mode)) {
		file = realpath(path, NULL);
		rc = file != NULL ? replace_text_blocked(file, &old, bytes, n) : -1;
	} else {
		rc = write_through(path, bytes, n);
	}
	return rc == 0 ? 0 : sov_fail_errno(err, path, "cannot be written");
}
