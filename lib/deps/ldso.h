/* SPDX-License-Identifier: MIT */
#ifndef SOV_DEPS_LDSO_H
#define SOV_DEPS_LDSO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "deps/files.h"
#include "deps/hwcaps.h"
#include "deps/ldcache.h"

/* struct sov_abi - which files go together in one process. */
struct sov_abi {
	unsigned bits;
	bool big_endian;
	unsigned machine;
	unsigned flags; /* e_flags */
};

/* struct sov_ldso - one dynamic linker, as far as searching goes. */
struct sov_ldso {
	char *interp; /* as PT_INTERP says; of a library without, what its machine has */
	bool implied; /* there was no PT_INTERP */
	struct sov_abi abi;
	const struct sov_depfile *file; /* NULL = not in this tree */
	bool musl;
	struct sov_strs directories; /* that it knows of itself, or musl's path file */
	char *lib;		     /* $LIB; NULL = not known */
	const char *platform;	     /* $PLATFORM; NULL = not known */
	struct sov_hwcaps hwcaps;
	struct sov_ldcache_want want;
};

/* sov_abi_of - what the file says that it is for. */
struct sov_abi sov_abi_of(const struct sov_depfile *file);

/*
 * sov_abi_fits - does the search for a file of this class, byte order, machine and variant of the
 * ABI end here? What does not fit is passed over, as the dynamic linker does (at another byte order
 * only Debian's goes on). At what is no ELF file the search ends too, but with an error.
 */
bool sov_abi_fits(const struct sov_depfile *file, const struct sov_abi *abi);

/*
 * sov_ldso_init - what can be known of a dynamic linker without running it.
 *
 * The directories that it knows of itself, which each distribution sets when it builds glibc, are
 * read from its file, and so is its version; where that fails or is not there, they are those that
 * most have for such a machine.
 * @interp: PT_INTERP; NULL = of a library: what its machine has
 * @musl:   without @interp: its libraries are musl's
 * @hwcaps, @platform: of struct sov_deps_options
 * Returns 0, -SOV_E_SYSTEM or -SOV_E_NOMEM.
 */
int sov_ldso_init(struct sov_ldso *out, struct sov_depfiles *files, const char *interp,
		  const struct sov_abi *abi, bool musl, const char *hwcaps, const char *platform,
		  struct sov_err *err);
void sov_ldso_release(struct sov_ldso *ldso);

/*
 * sov_ldso_directories - the directories in the bytes of a glibc's dynamic linker: strings that
 * begin and end with '/', one behind the other, a library directory of the system among them.
 * Returns 0, or -1 when out of memory; none are added when none are found.
 */
int sov_ldso_directories(struct sov_strs *out, const char *bytes, size_t n);

/* sov_ldso_minor - N of the glibc 2.N whose dynamic linker has these bytes; 0 when it does not say,
 * as before 2.33. */
unsigned sov_ldso_minor(const char *bytes, size_t n);

#endif
