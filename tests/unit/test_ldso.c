/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "deps/hwcaps.h"
#include "deps/ldso.h"
#include "deps/token.h"

static const struct sov_tokens tokens = {"/app/bin", "lib64", NULL};

static void expands(const char *text, const char *expected)
{
	char *out;

	assert_int_equal(sov_token_expand(&out, text, &tokens), 0);
	if (expected == NULL)
		assert_null(out);
	else
		assert_string_equal(out, expected);
	free(out);
}

static void tokens_are_whole_words(void **state)
{
	(void)state;
	expands("", "");
	expands("plain", "plain");
	expands("$ORIGIN", "/app/bin");
	expands("${ORIGIN}x/$LIB/y", "/app/binx/lib64/y");
	expands("$ORIGINx $ORIGIN_ $ORIGIN9", "$ORIGINx $ORIGIN_ $ORIGIN9");
	expands("${ORIGIN ${ORIGINx} $ $$LIB", "${ORIGIN ${ORIGINx} $ $lib64");
	expands("$OTHER/$lib", "$OTHER/$lib");
	expands("a/$PLATFORM/b", NULL);
	expands("a/${PLATFORM}", NULL);
}

static void directories(const char *path, const char *separators, const char *expected)
{
	struct sov_strs list = {0};
	char joined[256] = "";

	assert_int_equal(sov_token_directories(&list, path, separators, &tokens), 0);
	for (size_t i = 0; i < list.count; i++) {
		strcat(joined, list.item[i]);
		strcat(joined, "|");
	}
	assert_string_equal(joined, expected);
	sov_strs_release(&list);
}

static void a_path_is_taken_apart(void **state)
{
	(void)state;
	directories("", ":", "");
	directories("/a:/b//:/", ":", "/a|/b|/|");
	directories("/a::b:", ":", "/a||b||");
	directories("/a;/b", ":", "/a;/b|");
	directories("/a;/b", ":;", "/a|/b|");
	directories(":/a::/b\n\n", ":\n", "/a|/b|");
	directories("/a:$PLATFORM:$LIB", ":", "/a|lib64|");
}

#define LDSO(bytes) bytes, sizeof(bytes)

static void built_in(const char *bytes, size_t n, const char *expected)
{
	struct sov_strs list = {0};
	char joined[256] = "";

	assert_int_equal(sov_ldso_directories(&list, bytes, n), 0);
	for (size_t i = 0; i < list.count; i++) {
		strcat(joined, list.item[i]);
		strcat(joined, "|");
	}
	assert_string_equal(joined, expected);
	sov_strs_release(&list);
}

static void a_dynamic_linker_tells_its_directories(void **state)
{
	(void)state;
	built_in(LDSO("\1\2\t/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/"
		      "\0\0x"),
		 "/lib/x86_64-linux-gnu|/usr/lib/x86_64-linux-gnu|/lib|/usr/lib|");
	built_in(LDSO("/proc/self/exe\0/etc/ld.so.cache\0\0/lib64/\0/usr/lib64/\0%s"),
		 "/lib64|/usr/lib64|");
	built_in(LDSO("x\0/nix/store/abc-glibc-2.38/lib/\0"), "/nix/store/abc-glibc-2.38/lib|");
	built_in(LDSO("/proc/\0/tmp/\0a/lib/\0/lib/x\0"), "");
	built_in("/lib/", 5, ""); /* no NUL */
	built_in("", 0, "");
}

static void and_its_version(void **state)
{
	(void)state;
	assert_int_equal(sov_ldso_minor(LDSO("ld.so (GNU libc) stable release version 2.36.\n")),
			 36);
	assert_int_equal(sov_ldso_minor(LDSO("release version 2.\n")), 0);
	assert_int_equal(sov_ldso_minor(LDSO("release version 2.99999999999999")) < 10000, 1);
	assert_int_equal(sov_ldso_minor(LDSO("nothing")), 0);
	assert_int_equal(sov_ldso_minor("release version 2.36", 18), 0);
}

static void subdirectories(const char *wanted, unsigned machine, unsigned minor,
			   const char *expected)
{
	struct sov_hwcaps hwcaps;
	char joined[1024] = "";

	assert_int_equal(sov_hwcaps_init(&hwcaps, wanted, machine, 64, "plat", minor), 0);
	for (size_t i = 0; i < hwcaps.subdirs.count; i++) {
		strcat(joined, hwcaps.subdirs.item[i]);
		strcat(joined, "|");
	}
	assert_string_equal(joined, expected);
	sov_hwcaps_release(&hwcaps);
}

static void subdirectories_go_by_the_age_of_glibc(void **state)
{
	(void)state;
	subdirectories("a:b::", EM_S390, 40, "glibc-hwcaps/a|glibc-hwcaps/b||");
	subdirectories("", EM_X86_64, 40, "|");
	subdirectories("a", EM_X86_64, 36,
		       "glibc-hwcaps/a|tls/plat/x86_64|tls/plat|tls/x86_64|tls|plat/x86_64|plat|"
		       "x86_64||");
	subdirectories("a", EM_X86_64, 0,
		       "tls/plat/x86_64|tls/plat|tls/x86_64|tls|plat/x86_64|plat|x86_64||");
	subdirectories("a", EM_S390, 0, "|");
}

static struct sov_depfile file_for(unsigned bits, int big_endian, unsigned machine, unsigned flags)
{
	return (struct sov_depfile){
		.identity = {.bits = bits,	   .big_endian = big_endian, .machine = machine},
		.linkage = {.flags = flags},
	};
}

static bool fits(struct sov_depfile file, struct sov_abi abi)
{
	return sov_abi_fits(&file, &abi);
}

static void files_of_one_machine_go_together(void **state)
{
	const struct sov_abi x86 = {64, false, EM_X86_64, 0}, arm = {32, false, EM_ARM, 0x400};
	const struct sov_abi mips = {32, true, EM_MIPS, 0};

	(void)state;
	assert_true(fits(file_for(64, 0, EM_X86_64, 0), x86));
	assert_false(fits(file_for(32, 0, EM_X86_64, 0), x86));
	assert_false(fits(file_for(64, 1, EM_X86_64, 0), x86));
	assert_false(fits(file_for(64, 0, EM_AARCH64, 0), x86));
	assert_true(fits(file_for(0, 0, 0, 0), x86)); /* no ELF: there the search ends */
	assert_true(fits(file_for(32, 0, EM_ARM, 0x400), arm));
	assert_true(fits(file_for(32, 0, EM_ARM, 0), arm));
	assert_false(fits(file_for(32, 0, EM_ARM, 0x200), arm));
	assert_false(fits(file_for(32, 1, EM_MIPS, 0x20), mips));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_whole_words),
		cmocka_unit_test(a_path_is_taken_apart),
		cmocka_unit_test(a_dynamic_linker_tells_its_directories),
		cmocka_unit_test(and_its_version),
		cmocka_unit_test(subdirectories_go_by_the_age_of_glibc),
		cmocka_unit_test(files_of_one_machine_go_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
