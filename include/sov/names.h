/* SPDX-License-Identifier: MIT */
#ifndef SOV_NAMES_H
#define SOV_NAMES_H

#include <stdbool.h>

#include <sov/err.h>
#include <sov/version.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SOV_NAME_MAX 256 /* bytes of a file name, its NUL included: NAME_MAX + 1 */
#define SOV_BASE_MAX 200 /* bytes of a base name, without NUL */

/* enum sov_os - the systems whose naming rules we know. */
enum sov_os {
	SOV_OS_LINUX, /* also gnu, musl, hurd, freebsd, solaris */
	SOV_OS_NETBSD,
	SOV_OS_OPENBSD,
	SOV_OS_ANDROID,
	SOV_OS_DARWIN,
};

/*
 * sov_os_parse - "linux", "gnu", "musl", "hurd", "freebsd", "solaris", "netbsd", "openbsd",
 * "android", "darwin". Returns 0, or -SOV_E_USAGE naming the nearest known word.
 * Source: the systems of libtool's version_type.
 */
SOV_PUBLIC int sov_os_parse(enum sov_os *out, const char *text, struct sov_err *err);

/* enum sov_linker_name - what the linker name points at. */
enum sov_linker_name {
	SOV_LINKER_NAME_SONAME, /* libdemo.so -> libdemo.so.2, the default */
	SOV_LINKER_NAME_REAL,	/* libdemo.so -> libdemo.so.2.1.0 */
	SOV_LINKER_NAME_NONE,	/* there is none */
};

/* enum sov_key - what can be declared of a library; the words of sov.conf are in sov_key_name(). */
enum sov_key {
	SOV_KEY_VERSION,
	SOV_KEY_LIBTOOL,
	SOV_KEY_SOVERSION,
	SOV_KEY_POLICY,
	SOV_KEY_RELEASE,
	SOV_KEY_LINKER_NAME,
	SOV_KEY_COUNT,
};

/* sov_key_name - "version", "libtool", "soversion", "policy", "release", "linker-name"; static. */
SOV_PUBLIC const char *sov_key_name(enum sov_key key);

/*
 * struct sov_origin - where a declared value came from: a file and line ("sov.conf", 3), or an
 * option or variable ("--version", "SOV_VERSION") and line 0. The text is borrowed.
 */
struct sov_origin {
	const char *where;
	unsigned line;
};

/*
 * struct sov_decl - what is declared of one library. Zeroed = nothing. Holds no memory of its own
 * but for the borrowed texts in `from`.
 */
struct sov_decl {
	unsigned has; /* bit 1u << enum sov_key for every key that is declared */
	struct sov_version version;
	struct sov_triple libtool;
	struct sov_version soversion;
	enum sov_policy policy;
	struct sov_version release;
	enum sov_linker_name linker_name;
	struct sov_origin from[SOV_KEY_COUNT];
};

/* sov_decl_has - is @key declared? */
static inline bool sov_decl_has(const struct sov_decl *decl, enum sov_key key)
{
	return (decl->has >> key & 1U) != 0;
}

/*
 * sov_decl_set - declare one key from text.
 *
 * Refuses a key that is there already, a value that its grammar refuses, and a key that contradicts
 * one that is there: version with libtool; soversion or policy with libtool (a triple gives its own
 * soversion, current - age).
 * @from: copied into decl->from[key]; its text must outlive @decl
 * Returns 0, or -SOV_E_USAGE with the subject "WHERE:LINE" (or "WHERE").
 * Source: libtool manual, "Libtool's versioning system", for the soversion of a triple.
 */
SOV_PUBLIC int sov_decl_set(struct sov_decl *decl, enum sov_key key, const char *text,
			    struct sov_origin from, struct sov_err *err);

/*
 * sov_decl_merge - lay a declaration of a higher source over one of a lower.
 *
 * The highest source that gives version or libtool owns the declaration: nothing is taken from
 * below it. A lone soversion, policy, release or linker-name of a higher source replaces that key.
 * @decl:   the lower one; replaced on success, untouched on failure
 * @higher: e.g. the command line over sov.conf
 * Returns 0, or -SOV_E_USAGE naming both places when the result contradicts itself.
 */
SOV_PUBLIC int sov_decl_merge(struct sov_decl *decl, const struct sov_decl *higher,
			      struct sov_err *err);

/*
 * sov_decl_names_a_version - does it give names by itself: version, libtool or release declared?
 */
SOV_PUBLIC bool sov_decl_names_a_version(const struct sov_decl *decl);

/*
 * sov_decl_origin - where the soname was declared: "sov.conf:3", "--version", "SOV_VERSION"; of the
 * key that decides it (soversion, else libtool, version or release). "" when nothing is declared.
 * @out: size bytes. Returns @out.
 */
SOV_PUBLIC char *sov_decl_origin(const struct sov_decl *decl, char *out, size_t size);

/* struct sov_library - which library: what the names are made of, besides its version. Borrowed
 * texts. */
struct sov_library {
	const char *prefix; /* "lib"; NULL means "lib", "" is allowed (a module) */
	const char *base;   /* what -l takes: 1 to 200 bytes, no '/', no control bytes */
	enum sov_os os;
};

/* struct sov_names - the names of one library; "" = it does not exist on that system. */
struct sov_names {
	char linker_name[SOV_NAME_MAX];
	char soname[SOV_NAME_MAX]; /* Darwin: the last part of the install name */
	char real_name[SOV_NAME_MAX];
	char compatibility_version[SOV_VERSION_TEXT_MAX]; /* Darwin only */
	char current_version[SOV_VERSION_TEXT_MAX];	  /* Darwin only */
};

/*
 * sov_names_derive - compute the three names of a shared library.
 *
 * From "demo" and 2.1.0: libdemo.so (linker name), libdemo.so.2 (soname), libdemo.so.2.1.0 (real
 * name). linker-name = none leaves linker_name "". A release with a soversion but no version gives
 * both names that soversion, as CMake does without VERSION.
 * @out:     filled on success, untouched on failure; holds no memory of its own
 * @library: prefix, base name, system
 * @decl:    must declare version, libtool or release
 * Returns 0, or -SOV_E_USAGE with *err filled: nothing declared, a base name that cannot be one, a
 * name that would pass NAME_MAX (255 bytes), or a system that cannot say it.
 * Source: gABI DT_SONAME; libtool manual, "Updating library version information"; libtool's
 * version_type for each system.
 */
SOV_PUBLIC int sov_names_derive(struct sov_names *out, const struct sov_library *library,
				const struct sov_decl *decl, struct sov_err *err);

/*
 * struct sov_forms - the same declaration as other tools spell it; "-" = that tool cannot say it.
 * Source: libtool manual, "Link mode"; cmake-properties(7), VERSION and SOVERSION; Meson's
 * reference manual, shared_library().
 */
struct sov_forms {
	char version[192];	  /* sov.conf: "version = 1.4.2" (", soversion = 7, release = 9") */
	char version_number[128]; /* libtool: "-version-number 1:4:2" */
	char version_info[128];	  /* libtool: "-version-info 5:2:4" */
	char cmake[128];	  /* CMake: "VERSION 1.4.2 SOVERSION 1" */
	char meson[128];	  /* meson: "version: '1.4.2', soversion: '1'" */
};

/*
 * sov_forms_derive - the equivalents of a declaration on Linux.
 * Returns 0, or as sov_names_derive().
 */
SOV_PUBLIC int sov_forms_derive(struct sov_forms *out, const struct sov_library *library,
				const struct sov_decl *decl, struct sov_err *err);

/*
 * struct sov_filename - the file name of a shared library taken apart:
 * "libdemo-9.so.1.4.2" = stem "libdemo-9", digits "1.4.2". Borrows from the name it was made of.
 */
struct sov_filename {
	const char *stem; /* everything before ".so"; not NUL-terminated */
	size_t stem_len;
	const char *digits; /* after ".so.", "" when there is nothing */
	unsigned count;	    /* numbers in digits, of any length; 0 = unversioned */
};

/*
 * sov_filename_parse - is @name `STEM.so` or `STEM.so.N[.N...]`?
 *
 * Numbers are runs of digits of any length. "libx.so.1~", "libx.so.1.0-gdb.py", "libx.so.1d" and
 * "libx.so." are not. The stem is not empty.
 * Returns true with *out filled, or false.
 */
SOV_PUBLIC bool sov_filename_parse(struct sov_filename *out, const char *name);

/* sov_filename_same_stem - do two names differ in nothing but the digits after ".so"? */
SOV_PUBLIC bool sov_filename_same_stem(const struct sov_filename *a, const struct sov_filename *b);

/*
 * sov_filename_compare - order the digits of two names as numbers of any length; unversioned first.
 * Returns <0, 0, >0.
 * Source: ldconfig, when it chooses among files of one soname: glibc's _dl_cache_libcmp().
 */
SOV_PUBLIC int sov_filename_compare(const struct sov_filename *a, const struct sov_filename *b);

/*
 * sov_soname_unsafe - why a soname must not become a file name.
 *
 * Returns NULL when it may, else a static text: "is empty", "is . or ..", "is longer than 255
 * bytes", "has a '/'", "has control bytes".
 * Source: ld.so(8), where a slash makes it a path; path_resolution(7).
 */
SOV_PUBLIC const char *sov_soname_unsafe(const char *soname);

#ifdef __cplusplus
}
#endif
#endif
