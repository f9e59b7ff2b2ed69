/* SPDX-License-Identifier: MIT */
#include "deps/hwcaps.h"

#include <elf.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "base/mem.h"
#include "base/str.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

/* The first glibc with glibc-hwcaps, and the first without the older subdirectories. */
enum { MINOR_HWCAPS = 33, MINOR_NO_LEGACY = 37 };

#if defined(__x86_64__)

/* Where cpuid(1) tells of a capability. */
enum cpu_word { LEAF1_ECX, LEAF7_EBX, EXTENDED_ECX, CPU_WORDS };

/* clang-format off */
/* What each level adds to the one below it, and which parts of the state the system must save. */
static const struct level {
	const char *name;
	uint32_t bits[CPU_WORDS];
	uint32_t state; /* of XCR0 */
} levels[] = {
	{"x86-64-v2", {
		/* SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT */
		[LEAF1_ECX] = 1U << 0 | 1U << 9 | 1U << 13 | 1U << 19 | 1U << 20 | 1U << 23,
		/* LAHF */
		[EXTENDED_ECX] = 1U << 0}, 0},
	{"x86-64-v3", {
		/* FMA, MOVBE, OSXSAVE, AVX, F16C */
		[LEAF1_ECX] = 1U << 12 | 1U << 22 | 1U << 27 | 1U << 28 | 1U << 29,
		/* BMI1, AVX2, BMI2 */
		[LEAF7_EBX] = 1U << 3 | 1U << 5 | 1U << 8,
		/* LZCNT */
		[EXTENDED_ECX] = 1U << 5}, 0x6},
	{"x86-64-v4", {
		/* AVX512F, DQ, CD, BW, VL */
		[LEAF7_EBX] = 1U << 16 | 1U << 17 | 1U << 28 | 1U << 30 | 1U << 31}, 0xe6},
};
/* clang-format on */

enum { LEVELS = sizeof(levels) / sizeof(*levels) };

static uint32_t saved_state(uint32_t leaf1_ecx)
{
	uint32_t low, high;

	if ((leaf1_ecx & 1U << 27) == 0)
		return 0;
	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return low;
}

/* The highest level that this processor has: 0 is plain x86-64. */
static unsigned host_level(void)
{
	uint32_t words[CPU_WORDS] = {0}, a, b, c, d, state;
	unsigned level = 0;

	if (__get_cpuid(1, &a, &b, &c, &d))
		words[LEAF1_ECX] = c;
	if (__get_cpuid_count(7, 0, &a, &b, &c, &d))
		words[LEAF7_EBX] = b;
	if (__get_cpuid(0x80000001, &a, &b, &c, &d))
		words[EXTENDED_ECX] = c;
	state = saved_state(words[LEAF1_ECX]);
	for (; level < LEVELS; level++) {
		if ((state & levels[level].state) != levels[level].state)
			return level;
		for (size_t i = 0; i < CPU_WORDS; i++)
			if ((words[i] & levels[level].bits[i]) != levels[level].bits[i])
				return level;
	}
	return level;
}

static int host_names(struct sov_strs *out)
{
	for (unsigned level = host_level(); level > 0; level--)
		if (sov_strs_add(out, levels[level - 1].name) < 0)
			return -1;
	return 0;
}

#else

/* Of other processors' subdirectories we know nothing unless we are told. */
static int host_names(struct sov_strs *out)
{
	(void)out;
	return 0;
}

#endif

bool sov_hwcaps_host(unsigned machine, unsigned bits)
{
#if defined(__x86_64__)
	return machine == EM_X86_64 && bits == 64;
#elif defined(__i386__)
	return machine == EM_386 && bits == 32;
#elif defined(__aarch64__)
	return machine == EM_AARCH64 && bits == 64;
#elif defined(__arm__)
	return machine == EM_ARM && bits == 32;
#elif defined(__powerpc64__)
	return machine == EM_PPC64 && bits == 64;
#elif defined(__s390x__)
	return machine == EM_S390 && bits == 64;
#elif defined(__riscv) && __riscv_xlen == 64
	return machine == EM_RISCV && bits == 64;
#else
	(void)machine;
	(void)bits;
	return false;
#endif
}

static int split_names(struct sov_strs *out, const char *wanted)
{
	while (*wanted != '\0') {
		size_t n = strcspn(wanted, ":");

		if (n > 0 && sov_strs_addn(out, wanted, n) < 0)
			return -1;
		wanted += n + (wanted[n] == ':' ? 1 : 0);
	}
	return 0;
}

static int add_subdir(struct sov_strs *out, const char *a, const char *b, const char *c)
{
	char path[256] = "";
	const char *const parts[] = {a, b, c};

	for (size_t i = 0; i < 3; i++)
		if (parts[i][0] != '\0' &&
		    !sov_str_format(path + strlen(path), sizeof(path) - strlen(path), "%s%s",
				    path[0] != '\0' ? "/" : "", parts[i]))
			return 0;
	return sov_strs_add(out, path);
}

/*
 * What glibc looked into until 2.36 on x86: every choice of "tls", the platform and the one
 * capability that each of these processors has. Those of others went by bits of the kernel's.
 */
static int add_legacy(struct sov_strs *out, unsigned machine, const char *platform)
{
	const char *capability = machine == EM_X86_64 ? "x86_64" : "sse2";

	if ((machine != EM_X86_64 && machine != EM_386) || platform == NULL)
		return 0;
	for (unsigned choice = 7; choice > 0; choice--)
		if (add_subdir(out, (choice & 4) != 0 ? "tls" : "",
			       (choice & 2) != 0 ? platform : "",
			       (choice & 1) != 0 ? capability : "") < 0)
			return -1;
	return 0;
}

/* "x86-64-v3" is level 2. */
static unsigned level_of(const struct sov_strs *names)
{
	unsigned level = 0;

	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->item[i];
		size_t prefix = strlen("x86-64-v");

		if (sov_str_starts(name, "x86-64-v") && name[prefix] > '1' && name[prefix] <= '9' &&
		    (unsigned)(name[prefix] - '1') > level)
			level = (unsigned)(name[prefix] - '1');
	}
	return level;
}

int sov_hwcaps_init(struct sov_hwcaps *out, const char *wanted, unsigned machine, unsigned bits,
		    const char *platform, unsigned minor)
{
	int rc = 0;

	*out = (struct sov_hwcaps){0};
	if (minor >= MINOR_HWCAPS && wanted != NULL)
		rc = split_names(&out->names, wanted);
	else if (minor >= MINOR_HWCAPS && sov_hwcaps_host(machine, bits))
		rc = host_names(&out->names);
	out->isa_level = level_of(&out->names);
	for (size_t i = 0; rc == 0 && i < out->names.count; i++)
		rc = add_subdir(&out->subdirs, "glibc-hwcaps", out->names.item[i], "");
	if (rc == 0 && minor < MINOR_NO_LEGACY)
		rc = add_legacy(&out->subdirs, machine, platform);
	return rc == 0 ? sov_strs_add(&out->subdirs, "") : rc;
}

void sov_hwcaps_release(struct sov_hwcaps *hwcaps)
{
	sov_strs_release(&hwcaps->names);
	sov_strs_release(&hwcaps->subdirs);
	*hwcaps = (struct sov_hwcaps){0};
}
