/* SPDX-License-Identifier: MIT */
#ifndef SOV_CONF_H
#define SOV_CONF_H

#include <stddef.h>

#include <sov/err.h>
#include <sov/names.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SOV_CONF_LINE_MAX 4096		/* bytes of a line, without its newline */
#define SOV_CONF_SIZE_MAX (1024 * 1024) /* bytes of a file that we are willing to read */

/* struct sov_conf_library - one [lib NAME] section. */
struct sov_conf_library {
	char base[SOV_BASE_MAX + 1];
	unsigned line; /* of its head */
	struct sov_decl decl;
};

/* struct sov_conf_lint - one `key = value` of [lint]; sov_lint_run() judges what it says. */
struct sov_conf_lint {
	char *key;
	char *value; /* may be "" */
	unsigned line;
};

/* struct sov_conf - a project's sov.conf. Set up by a reader, released by sov_conf_release(). */
struct sov_conf {
	char *path; /* as messages show it */
	struct sov_conf_library *libraries;
	size_t library_count;
	struct sov_conf_lint *lint;
	size_t lint_count;
};

/*
 * sov_conf_parse - read the text of a sov.conf. Pure: no file is touched.
 *
 *     # one section a library
 *     [lib demo]
 *     version = 2.1.0
 *     linker-name = real
 *
 * Sections `[lib NAME]` and `[lint]`; one `key = value` a line; blanks and indentation are free;
 * '#' or ';' begins a comment at the start of a line or after a blank; CR before LF is a blank; no
 * continuation lines, no quotes. An unknown section, one twice, an unknown key of a library, one
 * twice, a value that its grammar refuses, contradictory keys, a library that declares no version,
 * libtool or release, one called by a file name (`[lib demo.so]`), junk after `]`, a NUL byte, a
 * line over 4,096 bytes: an error. Keys and values of [lint] are nobody's business but lint's, so
 * that a project can use one that an older sovcc does not know.
 * @path: how messages call it; copied
 * @text: size bytes, NUL or not at its end
 * Returns 0 with *out filled, or -SOV_E_CONF or -SOV_E_NOMEM with *out untouched; the subject is
 * "PATH:LINE".
 */
SOV_PUBLIC int sov_conf_parse(struct sov_conf *out, const char *path, const char *text, size_t size,
			      struct sov_err *err);

/*
 * sov_conf_read - sov_conf_parse() of a file.
 *
 * Opened without blocking, must be a regular file of at most 1 MiB; read again, and in the end
 * refused with EAGAIN, when it changes while it is read.
 * Returns 0, or -SOV_E_CONF, -SOV_E_SYSTEM, -SOV_E_LIMIT, -SOV_E_NOMEM.
 */
SOV_PUBLIC int sov_conf_read(struct sov_conf *out, const char *path, struct sov_err *err);

/*
 * sov_conf_find - the nearest sov.conf from the current directory upward.
 *
 * Stops after a directory that holds `.git`, and at `/`. One that lies in a world-writable sticky
 * directory and belongs to neither the effective user nor root is not taken, and the search goes
 * on. Whatever stands there under the name is found, a directory or dangling link too; a directory
 * that may not be searched holds nothing.
 * @path:    receives its path, relative ("sov.conf", "../sov.conf"), or "" when there is none
 * @refused: receives the path of one that was not taken for its owner, or ""
 * @size:    bytes at each of them
 * Returns 0 (also when there is none), or -SOV_E_SYSTEM.
 */
SOV_PUBLIC int sov_conf_find(char *path, char *refused, size_t size, struct sov_err *err);

/*
 * sov_conf_select - the section that names a library by the file name of an output.
 *
 * A section names it when the output is one of its three computed names or differs from one only in
 * the digits after ".so"; a section that computes the name exactly wins over one that does not.
 * @output: a file name without directory
 * @out:    receives a section that @conf owns, valid until its release, or NULL when none names it
 * Returns 0, or -SOV_E_CONF when two sections name it equally.
 */
SOV_PUBLIC int sov_conf_select(const struct sov_conf *conf, const char *output,
			       const struct sov_conf_library **out, struct sov_err *err);

/* sov_conf_library_named - the section [lib BASE], owned by @conf and valid until its release; or
 * NULL. */
SOV_PUBLIC const struct sov_conf_library *sov_conf_library_named(const struct sov_conf *conf,
								 const char *base);

/* sov_conf_release - give back what *conf holds and zero it. A zeroed one is fine. */
SOV_PUBLIC void sov_conf_release(struct sov_conf *conf);

#ifdef __cplusplus
}
#endif
#endif
