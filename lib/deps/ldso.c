/* SPDX-License-Identifier: MIT */
#include "deps/ldso.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "deps/token.h"

enum {
	LDSO_MAX = 8 << 20, /* bytes of a dynamic linker that we read */
	LIBC6 = 3,	    /* in the flags of a cache entry: of glibc */
	LOONGARCH = 258,    /* not in every <elf.h> */
};

/* struct abi_row - what differs from machine to machine. */
struct abi_row {
	unsigned machine, bits, big_endian; /* big_endian 2: either */
	unsigned mask, flags;		    /* of e_flags: what must be so */
	const char *interp;
	const char *triplet;  /* the directory below lib, where a distribution has such */
	const char *lib;      /* the directory elsewhere */
	uint32_t cache_flags; /* besides LIBC6 */
};

/* Source: glibc's sysdeps/unix/sysv/linux/.../shlib-versions, dl-cache.h and ldconfig.h. */
/* clang-format off */
static const struct abi_row rows[] = {
	{EM_X86_64, 64, 0, 0, 0, "/lib64/ld-linux-x86-64.so.2", "x86_64-linux-gnu", "lib64", 0x300},
	{EM_X86_64, 32, 0, 0, 0, "/libx32/ld-linux-x32.so.2", "x86_64-linux-gnux32", "libx32",
	 0x800},
	{EM_386, 32, 0, 0, 0, "/lib/ld-linux.so.2", "i386-linux-gnu", "lib", 0},
	{EM_AARCH64, 64, 2, 0, 0, "/lib/ld-linux-aarch64.so.1", "aarch64-linux-gnu", "lib64",
	 0xa00},
	{EM_ARM, 32, 2, 0x400, 0x400, "/lib/ld-linux-armhf.so.3", "arm-linux-gnueabihf", "lib",
	 0x900},
	{EM_ARM, 32, 2, 0, 0, "/lib/ld-linux.so.3", "arm-linux-gnueabi", "lib", 0xb00},
	{EM_S390, 64, 1, 0, 0, "/lib/ld64.so.1", "s390x-linux-gnu", "lib64", 0x400},
	{EM_S390, 32, 1, 0, 0, "/lib/ld.so.1", "s390-linux-gnu", "lib", 0},
	{EM_PPC64, 64, 0, 0, 0, "/lib64/ld64.so.2", "powerpc64le-linux-gnu", "lib64", 0x500},
	{EM_PPC64, 64, 1, 0, 0, "/lib64/ld64.so.1", "powerpc64-linux-gnu", "lib64", 0x500},
	{EM_PPC, 32, 1, 0, 0, "/lib/ld.so.1", "powerpc-linux-gnu", "lib", 0},
	{EM_RISCV, 64, 0, 6, 4, "/lib/ld-linux-riscv64-lp64d.so.1", "riscv64-linux-gnu",
	 "lib64/lp64d", 0x1000},
	{EM_RISCV, 64, 0, 0, 0, "/lib/ld-linux-riscv64-lp64.so.1", "riscv64-linux-gnu",
	 "lib64/lp64", 0xf00},
	{EM_MIPS, 64, 0, 0, 0, "/lib64/ld.so.1", "mips64el-linux-gnuabi64", "lib64", 0x700},
	{EM_MIPS, 64, 1, 0, 0, "/lib64/ld.so.1", "mips64-linux-gnuabi64", "lib64", 0x700},
	{EM_MIPS, 32, 2, 0x20, 0x20, "/lib32/ld.so.1", "mips64el-linux-gnuabin32", "lib32", 0x600},
	{EM_MIPS, 32, 0, 0, 0, "/lib/ld.so.1", "mipsel-linux-gnu", "lib", 0},
	{EM_MIPS, 32, 1, 0, 0, "/lib/ld.so.1", "mips-linux-gnu", "lib", 0},
	{EM_SPARCV9, 64, 1, 0, 0, "/lib64/ld-linux.so.2", "sparc64-linux-gnu", "lib64", 0x100},
	{LOONGARCH, 64, 0, 0, 0, "/lib64/ld-linux-loongarch-lp64d.so.1", "loongarch64-linux-gnu",
	 "lib64", 0x1200},
};

/* Which bits of e_flags must be alike, where both sides say something. */
static const struct {
	unsigned machine, mask;
} variants[] = {
	{EM_ARM, 0x600},  /* soft or hard float */
	{EM_RISCV, 0x6},  /* the same */
	{EM_MIPS, 0x20},  /* n32 or o32 */
	{EM_PPC64, 0x3},  /* ELFv1 or ELFv2 */
};
/* clang-format on */

struct sov_abi sov_abi_of(const struct sov_depfile *file)
{
	return (struct sov_abi){
		.bits = file->identity.bits,
		.big_endian = file->identity.big_endian != 0,
		.machine = file->identity.machine,
		.flags = file->linkage.flags,
	};
}

/* A bit that is not set may mean "the other" or "not said"; only of ARM and PowerPC the last. */
static bool same_variant(unsigned machine, unsigned a, unsigned b)
{
	bool may_be_unsaid = machine == EM_ARM || machine == EM_PPC64;

	for (size_t i = 0; i < sizeof(variants) / sizeof(*variants); i++) {
		unsigned left = a & variants[i].mask, right = b & variants[i].mask;

		if (variants[i].machine == machine && left != right &&
		    !(may_be_unsaid && (left == 0 || right == 0)))
			return false;
	}
	return true;
}

bool sov_abi_fits(const struct sov_depfile *file, const struct sov_abi *abi)
{
	const struct sov_identity *id = &file->identity;

	if (id->bits == 0) /* no ELF: the dynamic linker stops there, which is not for us to say */
		return true;
	return id->bits == abi->bits && (id->big_endian != 0) == abi->big_endian &&
	       (id->machine == abi->machine || id->kind == SOV_KIND_BROKEN) &&
	       same_variant(abi->machine, abi->flags, file->linkage.flags);
}

static const struct abi_row *row_of(const struct sov_abi *abi)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].machine == abi->machine && rows[i].bits == abi->bits &&
		    (rows[i].big_endian == 2 || (rows[i].big_endian != 0) == abi->big_endian) &&
		    (abi->flags & rows[i].mask) == rows[i].flags)
			return &rows[i];
	return NULL;
}

/* The string at @at, when it is a path with '/' at both ends; its length, or 0. */
static size_t directory_at(const char *bytes, size_t n, size_t at)
{
	size_t length = 0;

	while (at + length < n && bytes[at + length] > ' ' && bytes[at + length] < 0x7f)
		length++;
	if (at + length >= n || bytes[at + length] != '\0' || length < 2 || bytes[at] != '/' ||
	    bytes[at + length - 1] != '/')
		return 0;
	return length;
}

/* Does a path have "lib", "lib64", "libx32" ... among its components? */
static bool is_library_directory(const char *path)
{
	for (; *path != '\0'; path += strcspn(path, "/")) {
		path++;
		if (sov_str_starts(path, "lib"))
			return true;
	}
	return false;
}

int sov_ldso_directories(struct sov_strs *out, const char *bytes, size_t n)
{
	for (size_t at = 0; at < n && out->count == 0; at++) {
		const char *slash = memchr(bytes + at, '/', n - at);
		size_t length;

		if (slash == NULL)
			return 0;
		at = (size_t)(slash - bytes);
		if (at > 0 && bytes[at - 1] > ' ' && bytes[at - 1] < 0x7f)
			continue;
		while (at < n && (length = directory_at(bytes, n, at)) > 0 &&
		       is_library_directory(bytes + at)) {
			if (sov_strs_addn(out, bytes + at, length - 1) < 0)
				return -1;
			at += length + 1;
		}
	}
	return 0;
}

unsigned sov_ldso_minor(const char *bytes, size_t n)
{
	static const char words[] = "release version 2.";
	const char *at = memmem(bytes, n, words, sizeof(words) - 1);
	unsigned minor = 0;

	if (at == NULL)
		return 0;
	at += sizeof(words) - 1;
	for (; at < bytes + n && *at >= '0' && *at <= '9' && minor < 1000; at++)
		minor = 10 * minor + (unsigned)(*at - '0');
	return minor;
}

/* What its own file says. Returns 0, or -1 when out of memory. */
static int read_file(struct sov_ldso *ldso, const struct sov_depfiles *files, unsigned *minor)
{
	sov_autoclose int fd = sov_depfiles_open(files, (struct sov_place){ldso->interp, false}, 0);
	sov_autofree char *bytes = NULL;
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	n = sov_read_all(fd, LDSO_MAX, &bytes);
	if (n < 0)
		return 0;
	*minor = sov_ldso_minor(bytes, (size_t)n);
	return sov_ldso_directories(&ldso->directories, bytes, (size_t)n);
}

/* The directories that most have: Debian's where the tree has such, else those of glibc itself. */
static int guess_directories(struct sov_ldso *ldso, struct sov_depfiles *files,
			     const struct abi_row *row, struct sov_err *err)
{
	static const char *const tops[] = {"", "/usr"};
	const char *const names[] = {row != NULL ? row->triplet : "", row != NULL ? row->lib : "",
				     "lib"};
	char path[256];

	for (size_t i = 0; i < 3; i++) {
		for (size_t j = 0; j < 2; j++) {
			struct sov_place place = {path, false};
			bool there = true;
			int rc = 0;

			sov_str_format(path, sizeof(path), "%s/%s%s", tops[j], i == 0 ? "lib/" : "",
				       names[i]);
			if (i == 0)
				rc = sov_depfiles_has_directory(files, place, &there, err);
			if (rc == 0 && there && names[i][0] != '\0' &&
			    sov_strs_add(&ldso->directories, path) < 0)
				rc = sov_fail_nomem(err, path);
			if (rc < 0)
				return rc;
		}
	}
	return 0;
}

/* "/lib64" is "lib64", and "/lib/x86_64-linux-gnu", Debian's, all of it; else the last part. */
static int take_lib(struct sov_ldso *ldso)
{
	const char *first = ldso->directories.count > 0 ? ldso->directories.item[0] : NULL;

	if (first == NULL)
		return 0;
	ldso->lib = strdup(sov_str_starts(first, "/lib") ? first + 1 : sov_str_basename(first));
	return ldso->lib != NULL ? 0 : -1;
}

/* Which entries of ld.so.cache are for it. */
static void take_want(struct sov_ldso *ldso, const struct abi_row *row, unsigned minor)
{
	ldso->want = (struct sov_ldcache_want){
		.flags = LIBC6 | (row != NULL ? row->cache_flags : 0),
		.any_flags = row == NULL,
		.subdirs = &ldso->hwcaps.names,
		.isa_level = ldso->hwcaps.isa_level,
		.legacy = minor < 37,
	};
	/* ARM's takes those without a word on floating point too, i386's those of libc 5. */
	ldso->want.other_flags = ldso->abi.machine == EM_ARM ? LIBC6 : ldso->want.flags;
	if (ldso->abi.machine == EM_386)
		ldso->want.other_flags = 1;
}

static int init_glibc(struct sov_ldso *ldso, struct sov_depfiles *files, const struct abi_row *row,
		      const char *hwcaps, struct sov_err *err)
{
	unsigned minor = 0;
	int rc = read_file(ldso, files, &minor);

	if (rc < 0)
		return sov_fail_nomem(err, ldso->interp);
	if (ldso->directories.count == 0)
		rc = guess_directories(ldso, files, row, err);
	if (rc < 0)
		return rc;
	/* Without a file that tells, we suppose a glibc of our days. */
	if (ldso->file == NULL)
		minor = 1000;
	if (take_lib(ldso) < 0 || sov_hwcaps_init(&ldso->hwcaps, hwcaps, ldso->abi.machine,
						  ldso->abi.bits, ldso->platform, minor) < 0)
		return sov_fail_nomem(err, ldso->interp);
	take_want(ldso, row, minor);
	return 0;
}

/*
 * The file that lists musl's directories has the name of the dynamic linker in it, and lies in etc
 * beside the lib where that is: /lib/ld-musl-x86_64.so.1, /etc/ld-musl-x86_64.path.
 */
static int read_musl_path(struct sov_ldso *ldso, const struct sov_depfiles *files)
{
	const char *name = sov_str_basename(ldso->interp);
	int arch = (int)strcspn(name, ".");
	char path[SOV_SUBJECT_MAX];
	sov_autoclose int fd = -1;
	sov_autofree char *text = NULL;
	const struct sov_tokens none = {0};
	struct stat st;

	if (!sov_str_format(path, sizeof(path), "/etc/%.*s.path", arch, name))
		return 0;
	fd = sov_depfiles_open(files, (struct sov_place){path, false}, 0);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    sov_read_all(fd, 1 << 20, &text) < 0)
		return sov_token_directories(&ldso->directories, "/lib:/usr/local/lib:/usr/lib",
					     ":\n", &none);
	return sov_token_directories(&ldso->directories, text, ":\n", &none);
}

static int init_musl(struct sov_ldso *ldso, const struct sov_depfiles *files, struct sov_err *err)
{
	if (read_musl_path(ldso, files) < 0 || sov_strs_add(&ldso->hwcaps.subdirs, "") < 0)
		return sov_fail_nomem(err, ldso->interp);
	return 0;
}

/* What the kernel tells programs that their processor is called. */
static const char *host_platform(const struct sov_abi *abi)
{
	unsigned long value = getauxval(AT_PLATFORM);

	if (abi->machine == EM_386 && sov_hwcaps_host(EM_X86_64, 64))
		return "i686";
	if (!sov_hwcaps_host(abi->machine, abi->bits) || value == 0)
		return NULL;
	return (const char *)value; /* NOLINT(performance-no-int-to-ptr): getauxval(3) has it so */
}

int sov_ldso_init(struct sov_ldso *out, struct sov_depfiles *files, const char *interp,
		  const struct sov_abi *abi, bool musl, const char *hwcaps, const char *platform,
		  struct sov_err *err)
{
	const struct abi_row *row = row_of(abi);
	bool implied = interp == NULL;
	int rc;

	if (implied)
		interp = row != NULL && !musl ? row->interp : "";
	*out = (struct sov_ldso){
		.implied = implied,
		.abi = *abi,
		.platform = platform != NULL ? platform : host_platform(abi),
		.musl = musl || sov_str_starts(sov_str_basename(interp), "ld-musl-"),
		.interp = strdup(interp),
	};
	if (out->interp == NULL)
		return sov_fail_nomem(err, interp);
	rc = sov_depfiles_get(files, (struct sov_place){out->interp, false}, &out->file, err);
	if (rc == 0 && out->file != NULL && !sov_abi_fits(out->file, abi))
		out->file = NULL;
	if (rc == 0)
		rc = out->musl ? init_musl(out, files, err)
			       : init_glibc(out, files, row, hwcaps, err);
	return rc;
}

void sov_ldso_release(struct sov_ldso *ldso)
{
	free(ldso->interp);
	free(ldso->lib);
	sov_strs_release(&ldso->directories);
	sov_hwcaps_release(&ldso->hwcaps);
	*ldso = (struct sov_ldso){0};
}
