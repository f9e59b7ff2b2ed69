/* SPDX-License-Identifier: MIT */
#ifndef SOV_ERR_H
#define SOV_ERR_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Marks a function of the public interface; everything else is hidden. */
#define SOV_PUBLIC	      __attribute__((visibility("default")))
#define SOV_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/*
 * enum sov_code - what kind of thing went wrong.
 *
 * Functions return 0, or one of these negated. The program that talks to a person maps them to an
 * exit status with sov_exit_status().
 */
enum sov_code {
	SOV_OK = 0,
	SOV_E_USAGE,	/* the caller asked for something that the contract refuses */
	SOV_E_CONF,	/* sov.conf or the environment says something impossible */
	SOV_E_MISMATCH, /* looked, and the facts disagree with the declaration */
	SOV_E_OBSTACLE, /* something stands where a name must go */
	SOV_E_BROKEN,	/* claims to be ELF, but the dynamic linker could not use it */
	SOV_E_SYSTEM,	/* a system call failed; sys_errno says which error */
	SOV_E_NOMEM,	/* out of memory */
	SOV_E_LIMIT,	/* larger than we are willing to read */
};

#define SOV_SUBJECT_MAX 4096 /* bytes of a subject, its NUL included: PATH_MAX */
#define SOV_TEXT_MAX	1024 /* bytes of each other text, its NUL included */

/*
 * struct sov_err - one error, owned by the caller, who sets it up with sov_err_clear().
 *
 * The texts are raw bytes as found (file names may be in them); whoever prints them quotes them
 * with sov_quote(). Fixed arrays, so that reporting can neither fail nor leak. A text that does not
 * fit is cut. "" means "not said".
 */
struct sov_err {
	enum sov_code code;
	int sys_errno;		       /* of SOV_E_SYSTEM, else 0 */
	char subject[SOV_SUBJECT_MAX]; /* what it is about: a path, "sov.conf:3", an option */
	char message[SOV_TEXT_MAX];    /* what is wrong, no full stop */
	char expected[SOV_TEXT_MAX];   /* what would have been right */
	char found[SOV_TEXT_MAX];      /* what there was */
	char fix[SOV_TEXT_MAX];	       /* how to mend it */
	char rule[64];		       /* rule id, when a lint rule says the same */
};

/* sov_err_clear - make *err say "no error". Never fails. */
SOV_PUBLIC void sov_err_clear(struct sov_err *err);

/*
 * sov_fail - fill *err: code, subject, message; empty the other texts.
 *
 * @subject: copied; may be NULL for none
 * @fmt:     printf format of the message
 * Returns -code, so that "return sov_fail(...)" is the whole error path.
 */
SOV_PUBLIC int sov_fail(struct sov_err *err, enum sov_code code, const char *subject,
			const char *fmt, ...) SOV_PRINTF(4, 5);

/*
 * sov_fail_errno - sov_fail() with SOV_E_SYSTEM (SOV_E_NOMEM for ENOMEM) and the present errno;
 * ": " and its text are appended to the message.
 *
 * Returns -code.
 */
SOV_PUBLIC int sov_fail_errno(struct sov_err *err, const char *subject, const char *fmt, ...)
	SOV_PRINTF(3, 4);

/*
 * sov_fail_at - sov_fail() about a line of a file; the subject becomes "FILE:LINE", or FILE alone
 * when @line is 0.
 */
SOV_PUBLIC int sov_fail_at(struct sov_err *err, enum sov_code code, const char *file, unsigned line,
			   const char *fmt, ...) SOV_PRINTF(5, 6);

/* sov_fail_nomem - SOV_E_NOMEM about @subject. Returns -SOV_E_NOMEM. */
SOV_PUBLIC int sov_fail_nomem(struct sov_err *err, const char *subject);

/*
 * sov_expected, sov_found, sov_fix - add the second, third and fourth line of an error that
 * sov_fail() began. sov_rule names the lint rule that says the same. Every text is copied, and
 * @fmt's arguments may be texts of *err. All return -err->code.
 */
SOV_PUBLIC int sov_expected(struct sov_err *err, const char *fmt, ...) SOV_PRINTF(2, 3);
SOV_PUBLIC int sov_found(struct sov_err *err, const char *fmt, ...) SOV_PRINTF(2, 3);
SOV_PUBLIC int sov_fix(struct sov_err *err, const char *fmt, ...) SOV_PRINTF(2, 3);
SOV_PUBLIC int sov_rule(struct sov_err *err, const char *rule);

/*
 * sov_exit_status - the exit status of `sov` for an error: 1 looked and disagrees (SOV_E_MISMATCH,
 * SOV_E_OBSTACLE), 2 usage or configuration, 3 could not look or write; 0 for SOV_OK. The numbers
 * are our own; 1 for "looked, and it is not so" is what diff(1), cmp(1) and grep(1) mean by it.
 */
SOV_PUBLIC int sov_exit_status(enum sov_code code);

/*
 * sov_quote - bytes from a disk, made safe to show to a person.
 *
 * Printable ASCII and well-formed UTF-8 stay; control bytes, DEL, C1 controls, bidirectional
 * controls and bytes that are no UTF-8 become C escapes (\n, \t, \r, \\, \xNN of each byte).
 * @out:   receives the text, always NUL-terminated when size > 0
 * @size:  bytes at @out; 4 * n + 1 always suffices
 * @bytes: n bytes, any
 * Returns the length that the whole text has (as snprintf does).
 * Source: the Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences"; Unicode Standard
 * Annex 9, "Explicit directional formatting", for the controls.
 */
SOV_PUBLIC size_t sov_quote(char *out, size_t size, const void *bytes, size_t n);

/*
 * sov_err_render - the text of an error, quoted, each line ended by '\n', in the form of a
 * compiler's diagnostic:
 *
 *     SUBJECT: error: MESSAGE [RULE]
 *       expected: ...
 *       found:    ...
 *       fix:      ...
 *
 * Lines that were not said are left out. With @program the first line is
 * "PROGRAM: error: SUBJECT: MESSAGE [RULE]", as a compiler wrapper says it.
 * @out:     receives the text, always NUL-terminated when size > 0
 * @size:    bytes at @out
 * @program: NULL for none; then an error without subject begins "error:"
 * Returns the length that the whole text has (as snprintf does).
 * Source: GNU Coding Standards, "Formatting Error Messages"; GCC's "[-Woption]" behind a message.
 */
SOV_PUBLIC size_t sov_err_render(char *out, size_t size, const char *program,
				 const struct sov_err *err);

#ifdef __cplusplus
}
#endif
#endif
