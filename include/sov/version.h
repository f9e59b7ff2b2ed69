/* SPDX-License-Identifier: MIT */
#ifndef SOV_VERSION_H
#define SOV_VERSION_H

#include <stdint.h>

#include <sov/err.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SOV_VERSION_PARTS    4		/* numbers in a version, at most */
#define SOV_VERSION_TEXT_MAX 40		/* bytes of a version as text, its NUL included */
#define SOV_NUMBER_MAX	     999999999U /* nine digits */

/* struct sov_version - 1 to 4 numbers of at most nine digits, "2.1.0". */
struct sov_version {
	unsigned count;
	uint32_t part[SOV_VERSION_PARTS];
};

/* struct sov_triple - libtool's current:revision:age; age <= current. See sov_triple_parse(). */
struct sov_triple {
	uint32_t current, revision, age;
};

/*
 * enum sov_policy - which leading part of a version is the soversion when none is declared.
 * Source of semver: Semantic Versioning 2.0.0, items 4 and 8; below 1.0.0, where it promises
 * nothing, the Cargo Book, "Specifying Dependencies".
 */
enum sov_policy {
	SOV_POLICY_MAJOR,  /* the first number */
	SOV_POLICY_MINOR,  /* the first two */
	SOV_POLICY_EXACT,  /* all of them */
	SOV_POLICY_SEMVER, /* 0.0.z: all three; 0.y: two; else one */
};

/*
 * sov_version_parse - read "2.1.0".
 *
 * Grammar: 1 to 4 numbers `0|[1-9][0-9]{0,8}` joined by dots, nothing before, between or after.
 * @out:  filled on success, untouched on failure
 * @text: any NUL-terminated bytes of any length
 * Returns 0, or -SOV_E_USAGE with *err filled (subject empty: the caller knows where the text came
 * from).
 * Source: libtool's ltmain.sh takes numbers of at most nine digits, and so do we.
 */
SOV_PUBLIC int sov_version_parse(struct sov_version *out, const char *text, struct sov_err *err);

/* sov_version_format - the text of a version. @out: SOV_VERSION_TEXT_MAX bytes. Returns @out. */
SOV_PUBLIC char *sov_version_format(char *out, const struct sov_version *version);

/*
 * sov_version_compare - order by number, part by part; a version that is the beginning of another
 * comes first. Returns <0, 0, >0.
 */
SOV_PUBLIC int sov_version_compare(const struct sov_version *a, const struct sov_version *b);

/*
 * sov_triple_parse - read "5:4:2", "5:4" (age 0) or "5" (revision 0, age 0).
 *
 * @out: filled on success, untouched on failure
 * Returns 0, or -SOV_E_USAGE with *err filled, also when age > current.
 * Source: libtool manual, "Updating library version information".
 */
SOV_PUBLIC int sov_triple_parse(struct sov_triple *out, const char *text, struct sov_err *err);

/* sov_triple_format - "5:4:2". @out: SOV_VERSION_TEXT_MAX bytes. Returns @out. */
SOV_PUBLIC char *sov_triple_format(char *out, const struct sov_triple *triple);

/*
 * sov_policy_parse - one of "major", "minor", "exact", "semver".
 * Returns 0, or -SOV_E_USAGE with *err naming the nearest known word.
 */
SOV_PUBLIC int sov_policy_parse(enum sov_policy *out, const char *text, struct sov_err *err);

/* sov_policy_name - its word; static. */
SOV_PUBLIC const char *sov_policy_name(enum sov_policy policy);

/* sov_soversion_derive - the soversion that @policy takes from @version. Never fails. */
SOV_PUBLIC struct sov_version sov_soversion_derive(const struct sov_version *version,
						   enum sov_policy policy);

/* sov_release - the version of this library as text, "0.1.0"; static. */
SOV_PUBLIC const char *sov_release(void);

#ifdef __cplusplus
}
#endif
#endif
