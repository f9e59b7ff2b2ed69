/* SPDX-License-Identifier: MIT */
#ifndef SOV_PUBLISH_H
#define SOV_PUBLISH_H

#include <stddef.h>

#include <sov/err.h>
#include <sov/names.h>

#ifdef __cplusplus
extern "C" {
#endif

/* struct sov_links - the links of one library beside its real file. All is borrowed. */
struct sov_links {
	const char *directory; /* for messages; "" = the current one */
	const struct sov_names *names;
	enum sov_linker_name linker_name; /* where the linker name points */
	const char *replaceable; /* a name that may be a regular file now and become a link (what cc
				    -o would have overwritten), or NULL */
};

/*
 * sov_links_obstacle - would publishing meet something that it must not replace?
 *
 * Anything but a regular file where the real name must go, any link included: link editors write
 * through a dangling one, and what they make of others differs. And anything but a link where a
 * link must go, except a regular file called links->replaceable.
 * @dirfd: the directory, open; stays the caller's
 * Returns 0, -SOV_E_OBSTACLE with *err filled, or -SOV_E_SYSTEM.
 * Source: open(2), O_CREAT through a dangling link; rename(2), which replaces a file unasked.
 */
SOV_PUBLIC int sov_links_obstacle(int dirfd, const struct sov_links *links, struct sov_err *err);

/*
 * sov_links_publish - make the soname link, then the linker name, each by a temporary link and
 * rename(2), so that a reader finds the old target or the new one at any instant. A link that is
 * right already is left alone.
 *
 * Temporary names begin ".sov-"; they are removed on every path, and a left-over of a killed run is
 * swept by the next.
 * @dirfd: the directory, open; stays the caller's; locked with flock(2) meanwhile where the file
 *         system can
 * Returns 0, -SOV_E_OBSTACLE, or -SOV_E_SYSTEM, with *err filled.
 * Source: symlink(2), which replaces nothing; rename(2), which replaces a name in one step.
 */
SOV_PUBLIC int sov_links_publish(int dirfd, const struct sov_links *links, struct sov_err *err);

/*
 * sov_links_targets - what publishing would make: where the soname link and the linker name lead.
 *
 * @soname_target, @linker_name_target: receive a name of links->names, borrowed from there, or a
 * static "" where there is no such link (soname == real name, linker-name = none)
 */
SOV_PUBLIC void sov_links_targets(const struct sov_links *links, const char **soname_target,
				  const char **linker_name_target);

/*
 * sov_publish_text - write a file whole or not at all.
 *
 * Under a temporary name beside it, synced, then renamed: a reader, and a machine after a power
 * cut, finds the old text or the new one, and a failure leaves the old one. A link is followed; the
 * mode of an old file stays, a new one has 0666 less the umask. What is neither a file nor absent
 * (a device, a fifo) is written to as it is.
 * @path:  where to
 * @bytes: n bytes, any
 * Returns 0, or -SOV_E_SYSTEM with *err filled and nothing left behind.
 * Source: rename(2): the new path "will be atomically replaced".
 */
SOV_PUBLIC int sov_publish_text(const char *path, const void *bytes, size_t n, struct sov_err *err);

#ifdef __cplusplus
}
#endif
#endif
