/* SPDX-License-Identifier: MIT */
#ifndef SOV_INSTALL_H
#define SOV_INSTALL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <sov/check.h>
#include <sov/err.h>
#include <sov/step.h>

#ifdef __cplusplus
extern "C" {
#endif

/* struct sov_place - the directory that an act works on, and how. All is borrowed. */
struct sov_place {
	const char *root;      /* no path leads out of it; NULL or "" = none */
	const char *directory; /* below the root when there is one, a leading '/' or not */
	bool dry_run;	       /* plan, change nothing, take no lock */
	bool sync;	       /* what is done survives a power cut once 0 is returned */
	unsigned wait_ms;      /* for a lock that somebody else has */
	const volatile sig_atomic_t *stop; /* give up and clean up when it is not 0; NULL = never */
};

/* enum sov_component - which part of a library, as distributions pack them. */
enum sov_component {
	SOV_COMPONENT_ALL,
	SOV_COMPONENT_RUNTIME, /* the real file and the soname link */
	SOV_COMPONENT_DEV,     /* the linker name, wherever the rest lies */
};

/* enum sov_linker_wish - what becomes of the linker name. */
enum sov_linker_wish {
	/* One that leads to this soname follows, in the form that it has or that is declared; one
	 * that leads elsewhere is kept; an absent one is made as declared. */
	SOV_WISH_FOLLOW,
	SOV_WISH_SONAME, /* leads to the soname, wherever it led before */
	SOV_WISH_REAL,	 /* leads to the real name */
	SOV_WISH_KEEP,	 /* stays as it is, absent too */
	SOV_WISH_NONE,	 /* is not made; one that is there stays */
};

/* struct sov_install_library - one library to publish. All is borrowed. */
struct sov_install_library {
	const char *path; /* links are followed */
	/* What it must be called. want.names == NULL: nothing declares it; its names come from its
	 * SONAME, and from its own file name where that continues the SONAME. */
	struct sov_expectation want;
};

/*
 * struct sov_install - what shall be published, where to and how. All is borrowed.
 * mode, uid and gid are what a published file has, whatever the umask and the source say.
 */
struct sov_install {
	struct sov_place place;
	const struct sov_install_library *library;
	size_t count;
	enum sov_component component;
	enum sov_linker_wish linker_name;
	mode_t mode; /* 07777 */
	uid_t uid;   /* (uid_t)-1 = the effective user's */
	gid_t gid;   /* (gid_t)-1 = as the file system gives it */
	bool backup; /* a real file that is replaced stays, as `.NAME.~N~` */
	bool allow_downgrade;
	const char *manifest; /* a file to list what belongs to the libraries; NULL = none */
	/* Strip the file of that name in that directory, which is private to it; NULL = don't.
	 * Returns 0, or -code with *err filled. */
	int (*strip)(void *data, int dirfd, const char *name, struct sov_err *err);
	void *data; /* strip's */
};

/*
 * sov_install - put libraries into a directory: real file, soname link, linker name.
 *
 * One act: every library is identified, copied, settled and read again before the first is given
 * its name; then all real files, all soname links, all linker names, each by rename(2). At any
 * instant a reader finds the old names or the new ones. The old real name stays: programs may be
 * about to open it.
 * @out: zeroed; receives the steps, for sov_steps_release(); empty when it failed
 * Returns 0, or -code with *err filled: -SOV_E_MISMATCH (no shared library, a SONAME that
 * disagrees, a newer version is there), -SOV_E_OBSTACLE (something stands where a name must go,
 * somebody else keeps the lock), -SOV_E_USAGE (two libraries would get one name), -SOV_E_CONF (no
 * SONAME and nothing declares it), -SOV_E_BROKEN, -SOV_E_SYSTEM, -SOV_E_NOMEM. After the first
 * three and the fifth nothing has been changed.
 * Source: ld.so(8), which looks for the soname; rename(2).
 */
SOV_PUBLIC int sov_install(const struct sov_install *install, struct sov_steps *out,
			   struct sov_err *err);

/*
 * struct sov_uninstall - what shall be taken away: the names of the libraries in the place, or,
 * with count == 0, what a manifest lists (place.directory counts for nothing then). All is
 * borrowed.
 */
struct sov_uninstall {
	struct sov_place place;
	const struct sov_install_library *library;
	size_t count;
	enum sov_component component;
	const char *manifest;
};

/*
 * sov_uninstall - take away what sov_install() has put.
 *
 * The soname link is led to the newest file of that soname that stays, or goes; a linker name that
 * would dangle goes too; then the file. No link dangles in between, or afterwards: where a further
 * link of library form would, nothing is removed. A file of another SONAME, or what is no library,
 * is refused; what is not there is a step that says so.
 * @out: as for sov_install()
 * Returns 0 or -code, as sov_install() does.
 */
SOV_PUBLIC int sov_uninstall(const struct sov_uninstall *uninstall, struct sov_steps *out,
			     struct sov_err *err);

#ifdef __cplusplus
}
#endif
#endif
