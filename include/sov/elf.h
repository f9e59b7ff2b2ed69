/* SPDX-License-Identifier: MIT */
#ifndef SOV_ELF_H
#define SOV_ELF_H

#include <stddef.h>
#include <stdint.h>

#include <sov/err.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * enum sov_kind - what a file is, as the dynamic linker would see it.
 * Source: gABI chapter 4, e_type; glibc's elf.h for DF_1_PIE.
 */
enum sov_kind {
	SOV_KIND_LIBRARY, /* ET_DYN that is no program */
	SOV_KIND_PROGRAM, /* ET_EXEC, or ET_DYN with DF_1_PIE, or ET_DYN without PT_DYNAMIC */
	SOV_KIND_OBJECT,  /* ET_REL */
	SOV_KIND_CORE,
	SOV_KIND_DEBUG,	  /* separate debug file: segments without bytes */
	SOV_KIND_ARCHIVE, /* static library, thin or not */
	SOV_KIND_SCRIPT,  /* text: linker script, or '#!' */
	SOV_KIND_NOT_ELF,
	SOV_KIND_SPECIAL, /* directory, fifo, socket, device */
	SOV_KIND_BROKEN,  /* says ELF, but the dynamic linker could not or must not use it */
};

/* sov_kind_name - "library", "program", "object", "core", "debug", "archive", "script",
 * "not-elf", "special", "broken"; static. */
SOV_PUBLIC const char *sov_kind_name(enum sov_kind kind);

/*
 * struct sov_identity - what one file says of itself. Filled by sov_identity_read(), given back
 * with sov_identity_release(). Strings are raw bytes as found in the dynamic string table; one of
 * more than 4,096 is cut there, and detail says so; NULL = the tag is not there. A program has no
 * soname, and of what is broken no string is kept.
 */
struct sov_identity {
	enum sov_kind kind;
	char detail
		[128]; /* more words: "thin archive", "LTO object", "empty", "fifo", "PT_LOAD past
			     the end of the file"; "" = none */
	unsigned bits; /* 32 or 64; 0 when it is no ELF */
	int big_endian;
	unsigned machine; /* e_machine */
	unsigned type;	  /* e_type */
	char *soname;
	unsigned soname_count; /* DT_SONAME entries: 0 none, 1 sound, more: an oddity */
	char **needed;	       /* in order */
	size_t needed_count;
	char *rpath;
	char *runpath;
	int has_interp; /* PT_INTERP is there */
	/* of fstat: which file these facts are of */
	uint64_t device, inode, size;
	int64_t ctime_sec, ctime_nsec;
};

/*
 * sov_identity_open - open a file to look at it: O_RDONLY, never blocking, never becoming a
 * controlling terminal, closed on exec.
 * @dirfd: AT_FDCWD or a directory @path is relative to
 * @flags: further open(2) flags: 0 or O_NOFOLLOW
 * Returns a descriptor >= 0, for the caller to close, or -1 with errno set.
 * Source: open(2), O_NONBLOCK and O_NOCTTY.
 */
SOV_PUBLIC int sov_identity_open(int dirfd, const char *path, int flags);

/*
 * sov_identity_read - identify an open file from its program headers and PT_DYNAMIC, never from
 * sections.
 *
 * At most about 32 MB of memory whatever the file claims; nothing is mapped, nothing is run.
 * @fd:   any open file; its offset is left alone
 * @path: for messages
 * Returns 0 with *out filled, whatever kind it is, for sov_identity_release() to give back: for
 * SOV_KIND_BROKEN, out->detail says why and *err is filled as well (code SOV_E_BROKEN) for whoever
 * wants to print it. Else -SOV_E_SYSTEM or -SOV_E_NOMEM.
 * Source: gABI chapter 5 (program header, dynamic section); glibc's elf/dl-load.c for what is
 * refused.
 */
SOV_PUBLIC int sov_identity_read(struct sov_identity *out, int fd, const char *path,
				 struct sov_err *err);

/*
 * sov_identity_of - open, identify, close.
 * Returns as sov_identity_read(); a file that cannot be opened is -SOV_E_SYSTEM.
 */
SOV_PUBLIC int sov_identity_of(struct sov_identity *out, const char *path, struct sov_err *err);

/* sov_identity_release - give back what *identity holds and zero it. A zeroed one is fine. */
SOV_PUBLIC void sov_identity_release(struct sov_identity *identity);

/*
 * sov_machine_name - "x86-64", "aarch64", "386", ...; "machine-N" for one we have no word for.
 * @out:     32 bytes
 * @machine: an e_machine
 * Returns @out.
 * Source: gABI chapter 4, e_machine; glibc's elf.h for the numbers given since.
 */
SOV_PUBLIC char *sov_machine_name(char *out, unsigned machine);

#ifdef __cplusplus
}
#endif
#endif
