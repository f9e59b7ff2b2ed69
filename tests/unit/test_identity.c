/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sov/elf.h>
#include <sov/names.h>

#include "base/mem.h"
#include "elfimage.h"

#define PIE_FLAG 0x08000000 /* DF_1_PIE */

/* What libsov makes of n bytes. */
static void identify(struct sov_identity *id, struct sov_err *err, const void *bytes, size_t n)
{
	sov_autoclose int fd = elfimage_open(bytes, n);

	assert_int_equal(sov_identity_read(id, fd, "lib/libx.so", err), 0);
}

static void identify_image(struct sov_identity *id, struct sov_err *err,
			   const struct elfimage *image)
{
	identify(id, err, image->bytes, image->size);
}

/* A library as a link editor makes it. */
static void make_sound(struct elfimage *image, unsigned bits, bool big_endian)
{
	elfimage_begin(image, bits, big_endian);
	elfimage_string(image, DT_NEEDED, "libc.so.6");
	elfimage_string(image, DT_SONAME, "libx.so.1");
	elfimage_finish(image, ET_DYN);
}

/* It must be broken, for this reason, and say so. */
static void assert_broken(const struct elfimage *image, const char *detail)
{
	struct sov_identity id;
	struct sov_err err;

	identify_image(&id, &err, image);
	assert_string_equal(id.detail, detail);
	assert_int_equal(id.kind, SOV_KIND_BROKEN);
	assert_null(id.soname);
	assert_int_equal(id.needed_count, 0);
	assert_int_equal(err.code, SOV_E_BROKEN);
	assert_string_equal(err.subject, "lib/libx.so");
	assert_string_equal(err.message, detail);
	assert_string_equal(err.rule, "elf-corrupt");
	assert_string_not_equal(err.fix, "");
	sov_identity_release(&id);
}

/* ---- sound libraries */

static void both_classes_and_byte_orders_are_read(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		unsigned bits = i / 2 != 0 ? 64 : 32;
		struct elfimage image;
		struct sov_identity id;
		struct sov_err err;

		make_sound(&image, bits, i % 2 != 0);
		identify_image(&id, &err, &image);
		assert_int_equal(id.kind, SOV_KIND_LIBRARY);
		assert_string_equal(id.detail, "");
		assert_int_equal(id.bits, bits);
		assert_int_equal(id.big_endian, i % 2);
		assert_int_equal(id.machine, bits == 64 ? EM_X86_64 : EM_386);
		assert_int_equal(id.type, ET_DYN);
		assert_string_equal(id.soname, "libx.so.1");
		assert_int_equal(id.soname_count, 1);
		assert_string_equal(id.needed[0], "libc.so.6");
		assert_int_equal(id.has_interp, 0);
		assert_int_equal(err.code, SOV_OK);
		sov_identity_release(&id);
	}
}

static void a_library_without_soname_has_none(void **state)
{
	struct elfimage image;
	struct sov_identity id;
	struct sov_err err;

	(void)state;
	elfimage_begin(&image, 64, false);
	elfimage_finish(&image, ET_DYN);
	identify_image(&id, &err, &image);
	assert_int_equal(id.kind, SOV_KIND_LIBRARY);
	assert_null(id.soname);
	assert_int_equal(id.soname_count, 0);
	assert_int_equal(id.needed_count, 0);
	assert_null(id.rpath);
	assert_null(id.runpath);
	sov_identity_release(&id);
}

static void an_unsafe_soname_is_reported_as_it_is(void **state)
{
	static const char *const sonames[] = {"", "..", "../../evil.so", "libx.so.1\n\x1b[31m"};

	(void)state;
	for (size_t i = 0; i < COUNT(sonames); i++) {
		struct elfimage image;
		struct sov_identity id;
		struct sov_err err;

		elfimage_begin(&image, 64, false);
		elfimage_string(&image, DT_SONAME, sonames[i]);
		elfimage_finish(&image, ET_DYN);
		identify_image(&id, &err, &image);
		assert_int_equal(id.kind, SOV_KIND_LIBRARY);
		assert_string_equal(id.soname, sonames[i]);
		assert_non_null(sov_soname_unsafe(id.soname));
		sov_identity_release(&id);
	}
}

static void the_same_soname_twice_is_sound_and_counted(void **state)
{
	struct elfimage image;
	struct sov_identity id;
	struct sov_err err;

	(void)state;
	elfimage_begin(&image, 64, false);
	elfimage_string(&image, DT_SONAME, "libx.so.1");
	elfimage_entry(&image, DT_SONAME, 1);
	elfimage_finish(&image, ET_DYN);
	identify_image(&id, &err, &image);
	assert_int_equal(id.kind, SOV_KIND_LIBRARY);
	assert_string_equal(id.soname, "libx.so.1");
	assert_int_equal(id.soname_count, 2);
	sov_identity_release(&id);
}

static void two_sonames_that_differ_are_broken(void **state)
{
	struct elfimage image;

	(void)state;
	elfimage_begin(&image, 64, false);
	elfimage_string(&image, DT_SONAME, "libx.so.1");
	elfimage_string(&image, DT_SONAME, "libx.so.2");
	elfimage_finish(&image, ET_DYN);
	assert_broken(&image, "two DT_SONAME that differ");
}

static void needed_libraries_stand_in_order(void **state)
{
	struct elfimage image;
	struct sov_identity id;
	struct sov_err err;
	char name[32];

	(void)state;
	elfimage_begin(&image, 32, true);
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "lib%d.so.1", 299 - i);
		elfimage_string(&image, DT_NEEDED, name);
	}
	elfimage_finish(&image, ET_DYN);
	identify_image(&id, &err, &image);
	assert_int_equal(id.needed_count, 300);
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "lib%d.so.1", 299 - i);
		assert_string_equal(id.needed[i], name);
	}
	sov_identity_release(&id);
}

static void search_paths_are_read_and_the_last_counts(void **state)
{
	struct elfimage image;
	struct sov_identity id;
	struct sov_err err;

	(void)state;
	elfimage_begin(&image, 64, true);
	elfimage_string(&image, DT_RPATH, "/first");
	elfimage_string(&image, DT_RUNPATH, "$ORIGIN/../lib:/opt/lib");
	elfimage_string(&image, DT_RPATH, "/second");
	elfimage_finish(&image, ET_DYN);
	identify_image(&id, &err, &image);
	assert_string_equal(id.rpath, "/second");
	assert_string_equal(id.runpath, "$ORIGIN/../lib:/opt/lib");
	sov_identity_release(&id);
}

static void a_string_of_4096_bytes_is_whole_and_a_longer_one_is_cut(void **state)
{
	(void)state;
	for (size_t length = 4096; length <= 4097; length++) {
		struct elfimage image;
		struct sov_identity id;
		struct sov_err err;
		char path[4098];

		memset(path, 'p', length);
		path[length] = '\0';
		elfimage_begin(&image, 64, false);
		elfimage_string(&image, DT_SONAME, "libx.so.1");
		elfimage_string(&image, DT_RUNPATH, path);
		elfimage_finish(&image, ET_DYN);
		identify_image(&id, &err, &image);
		assert_int_equal(id.kind, SOV_KIND_LIBRARY);
		assert_int_equal(strlen(id.runpath), 4096);
		assert_string_equal(id.detail,
				    length == 4096 ? "" : "DT_RUNPATH is cut after 4096 bytes");
		assert_string_equal(id.soname, "libx.so.1");
		sov_identity_release(&id);
	}
}

static void strings_far_apart_are_all_found(void **state)
{
	struct elfimage image;
	struct sov_identity id;
	struct sov_err err;
	char filler[9000];

	(void)state;
	memset(filler, 'f', sizeof(filler) - 1);
	filler[sizeof(filler) - 1] = '\0';
	elfimage_begin(&image, 64, false);
	elfimage_string(&image, DT_NEEDED, "libfirst.so.1");
	elfimage_string(&image, 0x6ffffef5 /* DT_GNU_HASH, which is no string */, filler);
	elfimage_string(&image, DT_NEEDED, "liblast.so.1");
	elfimage_entry(&image, DT_NEEDED, 1);
	elfimage_finish(&image, ET_DYN);
	identify_image(&id, &err, &image);
	assert_int_equal(id.needed_count, 3);
	assert_string_equal(id.needed[0], "libfirst.so.1");
	assert_string_equal(id.needed[1], "liblast.so.1");
	assert_string_equal(id.needed[2], "libfirst.so.1");
	sov_identity_release(&id);
}

static void the_file_is_named_by_what_fstat_says_and_its_offset_is_left_alone(void **state)
{
	struct elfimage image;
	struct sov_identity id;
	struct sov_err err;
	struct stat st;
	sov_autoclose int fd = -1;

	(void)state;
	make_sound(&image, 64, false);
	fd = elfimage_open(image.bytes, image.size);
	assert_int_equal(lseek(fd, 7, SEEK_SET), 7);
	assert_int_equal(sov_identity_read(&id, fd, "x", &err), 0);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 7);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(id.device, st.st_dev);
	assert_int_equal(id.inode, st.st_ino);
	assert_int_equal(id.size, st.st_size);
	assert_int_equal(id.ctime_sec, st.st_ctim.tv_sec);
	assert_int_equal(id.ctime_nsec, st.st_ctim.tv_nsec);
	sov_identity_release(&id);
	sov_identity_release(&id); /* a zeroed one is fine */
}

/* ---- programs, objects, cores, debug files */

static void only_df_1_pie_makes_a_program_of_a_shared_object(void **state)
{
	struct elfimage image;
	struct sov_identity id;
	struct sov_err err;

	(void)state;
	for (int pie = 0; pie <= 1; pie++) {
		elfimage_begin(&image, 64, false);
		elfimage_string(&image, DT_NEEDED, "libc.so.6");
		elfimage_string(&image, DT_SONAME, "libc.so.6");
		elfimage_entry(&image, DT_FLAGS_1, pie != 0 ? PIE_FLAG : 1);
		elfimage_finish(&image, ET_DYN);
		elfimage_phdr(&image, 2, PT_INTERP, 0, 0, 8, 8, 1);
		identify_image(&id, &err, &image);
		assert_int_equal(id.has_interp, 1);
		assert_string_equal(id.needed[0], "libc.so.6");
		assert_int_equal(id.kind, pie != 0 ? SOV_KIND_PROGRAM : SOV_KIND_LIBRARY);
		assert_int_equal(id.soname != NULL, pie == 0);
		assert_int_equal(id.soname_count, 1);
		sov_identity_release(&id);
	}
}

static void the_type_tells_objects_cores_and_programs(void **state)
{
	static const struct {
		unsigned type;
		enum sov_kind kind;
	} rows[] = {
		{ET_REL,	 SOV_KIND_OBJECT },
		   {ET_CORE, SOV_KIND_CORE	  },
		     {ET_EXEC, SOV_KIND_PROGRAM}
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct elfimage image;
		struct sov_identity id;
		struct sov_err err;

		elfimage_begin(&image, 64, false);
		elfimage_string(&image, DT_SONAME, "libx.so.1");
		elfimage_finish(&image, rows[i].type);
		identify_image(&id, &err, &image);
		assert_int_equal(id.kind, rows[i].kind);
		assert_null(id.soname);
		sov_identity_release(&id);
	}
}

static void a_shared_object_without_pt_dynamic_is_a_program(void **state)
{
	struct elfimage image;
	struct sov_identity id;
	struct sov_err err;

	(void)state;
	make_sound(&image, 64, false);
	elfimage_put(&image, elfimage_phdr_field(&image, 1, P_TYPE), 4, PT_NULL);
	identify_image(&id, &err, &image);
	assert_int_equal(id.kind, SOV_KIND_PROGRAM);
	sov_identity_release(&id);
}

static void a_damaged_program_stays_a_program_and_the_damage_is_told(void **state)
{
	struct elfimage image;
	struct sov_identity id;
	struct sov_err err;

	(void)state;
	elfimage_begin(&image, 64, false);
	elfimage_string(&image, DT_NEEDED, "libc.so.6");
	elfimage_finish(&image, ET_EXEC);
	elfimage_put(&image, elfimage_phdr_field(&image, 0, P_FILESZ), 8, 1 << 20);
	identify_image(&id, &err, &image);
	assert_int_equal(id.kind, SOV_KIND_PROGRAM);
	assert_string_equal(id.detail, "PT_LOAD past the end of the file");
	assert_int_equal(id.needed_count, 0);
	assert_int_equal(err.code, SOV_OK);
	sov_identity_release(&id);
}

static void segments_without_bytes_are_a_debug_file(void **state)
{
	struct elfimage image;
	struct sov_identity id;
	struct sov_err err;

	(void)state;
	for (size_t emptied = 0; emptied <= 1; emptied++) {
		make_sound(&image, 64, false);
		elfimage_put(&image, elfimage_phdr_field(&image, emptied, P_FILESZ), 8, 0);
		identify_image(&id, &err, &image);
		assert_int_equal(id.kind, SOV_KIND_DEBUG);
		assert_null(id.soname);
		assert_int_equal(err.code, SOV_OK);
		sov_identity_release(&id);
	}
}

/* One section; of code that is not in the file, as in what eu-strip -f writes, or another. */
static void append_section(struct elfimage *image, unsigned type, unsigned flags)
{
	size_t offset = image->size = (image->size + 7) / 8 * 8;

	image->size += 2 * sizeof(Elf64_Shdr);
	elfimage_put(image, offset + sizeof(Elf64_Shdr) + 4, 4, type);
	elfimage_put(image, offset + sizeof(Elf64_Shdr) + 8, 8, flags);
	elfimage_put(image, offsetof(Elf64_Ehdr, e_shoff), 8, offset);
	elfimage_put(image, offsetof(Elf64_Ehdr, e_shentsize), 2, sizeof(Elf64_Shdr));
	elfimage_put(image, offsetof(Elf64_Ehdr, e_shnum), 2, 2);
}

static void code_without_content_tells_a_debug_file_from_a_cut_one(void **state)
{
	static const struct {
		unsigned type, flags;
		enum sov_kind kind;
	} rows[] = {
		{SHT_NOBITS,   SHF_ALLOC | SHF_EXECINSTR, SOV_KIND_DEBUG },
		{SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, SOV_KIND_BROKEN},
		{SHT_NOBITS,   SHF_ALLOC | SHF_WRITE,	    SOV_KIND_BROKEN}, /* .bss */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct elfimage image;
		struct sov_identity id;
		struct sov_err err;

		make_sound(&image, 64, false);
		append_section(&image, rows[i].type, rows[i].flags);
		elfimage_put(&image, elfimage_phdr_field(&image, 0, P_OFFSET), 8, 1 << 20);
		identify_image(&id, &err, &image);
		assert_int_equal(id.kind, rows[i].kind);
		assert_int_equal(err.code == SOV_OK, rows[i].kind == SOV_KIND_DEBUG);
		sov_identity_release(&id);
	}
}

/* ---- what the dynamic linker could not use */

/* One number written into a sound library: in its header, a program header, or PT_DYNAMIC. */
struct damage {
	const char *detail;
	int phdr;      /* whose field it is, or IN_HEADER, IN_DYNAMIC */
	size_t offset; /* there, or enum elfimage_field */
	size_t width;
	uint64_t value;
};

enum { IN_HEADER = -1, IN_DYNAMIC = -2 };
enum { NEEDED_ENTRY = 0, SONAME_ENTRY = 16, STRTAB_ENTRY = 32, STRSZ_ENTRY = 48, TO_VALUE = 8 };

#define IDENT(index, value)	    IN_HEADER, index, 1, value
#define HEADER(field, width, value) IN_HEADER, offsetof(Elf64_Ehdr, field), width, value
#define PHDR(index, field, value)   index, field, (field) == P_TYPE ? 4 : 8, value
#define TAG(entry, value)	    IN_DYNAMIC, entry, 8, value
#define VALUE(entry, value)	    IN_DYNAMIC, (entry) + TO_VALUE, 8, value

/* clang-format off */
static const struct damage damages[] = {
	{"impossible class in the ELF header", IDENT(EI_CLASS, 3)},
	{"impossible byte order in the ELF header", IDENT(EI_DATA, 0)},
	{"impossible version in the ELF header", IDENT(EI_VERSION, 2)},
	{"impossible e_version", HEADER(e_version, 4, 0)},
	{"unknown e_type", HEADER(e_type, 2, 5)},
	{"no program headers", HEADER(e_phnum, 2, 0)},
	{"more program headers than any library has", HEADER(e_phnum, 2, 0xffff)},
	{"e_phentsize is not the size of a program header", HEADER(e_phentsize, 2, 57)},
	{"program headers past the end of the file", HEADER(e_phoff, 8, UINT64_MAX)},
	{"program headers past the end of the file", HEADER(e_phnum, 2, 100)},
	{"no PT_LOAD", PHDR(0, P_TYPE, PT_NULL)},
	{"PT_LOAD past the end of the file", PHDR(0, P_FILESZ, 1 << 20)},
	{"PT_LOAD past the end of the file", PHDR(0, P_OFFSET, UINT64_MAX)},
	{"PT_LOAD smaller in memory than in the file", PHDR(0, P_MEMSZ, 1)},
	{"PT_LOAD past the end of the address space", PHDR(0, P_VADDR, UINT64_MAX)},
	{"PT_LOAD with an impossible p_align", PHDR(0, P_ALIGN, 4095)},
	{"PT_LOAD whose address and offset are not congruent", PHDR(0, P_VADDR, 1)},
	{"PT_DYNAMIC past the end of the file", PHDR(1, P_FILESZ, 1 << 20)},
	{"PT_DYNAMIC outside every PT_LOAD", PHDR(1, P_VADDR, 1 << 20)},
	{"address and offset of PT_DYNAMIC disagree", PHDR(1, P_VADDR, 0)},
	{"no DT_NULL ends PT_DYNAMIC", PHDR(1, P_FILESZ, 16 * 4)},
	{"more than one PT_DYNAMIC", PHDR(2, P_TYPE, PT_DYNAMIC)},
	{"PT_LOADs overlap or are out of order", PHDR(2, P_TYPE, PT_LOAD)},
	{"DT_NEEDED outside the dynamic string table", VALUE(NEEDED_ENTRY, 1000)},
	{"DT_SONAME outside the dynamic string table", VALUE(SONAME_ENTRY, UINT64_MAX)},
	{"DT_STRTAB is not in the file", VALUE(STRTAB_ENTRY, 1 << 20)},
	{"no DT_STRTAB", TAG(STRTAB_ENTRY, DT_DEBUG)},
	{"more than one DT_STRTAB", TAG(NEEDED_ENTRY, DT_STRTAB)},
	{"DT_STRSZ is 0", VALUE(STRSZ_ENTRY, 0)},
	{"DT_STRSZ past the end of its segment", VALUE(STRSZ_ENTRY, 1 << 20)},
	{"no DT_STRSZ", TAG(STRSZ_ENTRY, DT_DEBUG)},
	{"more than one DT_STRSZ", TAG(NEEDED_ENTRY, DT_STRSZ)},
	{"the dynamic string table does not end with a NUL", VALUE(STRSZ_ENTRY, 5)},
};
/* clang-format on */

static void whatever_the_dynamic_linker_could_not_use_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(damages); i++) {
		const struct damage *damage = &damages[i];
		size_t offset = damage->offset;
		struct elfimage image;

		make_sound(&image, 64, false);
		if (damage->phdr >= 0)
			offset = elfimage_phdr_field(&image, (size_t)damage->phdr,
						     (enum elfimage_field)offset);
		else if (damage->phdr == IN_DYNAMIC)
			offset += image.dynamic_offset;
		elfimage_put(&image, offset, damage->width, damage->value);
		assert_broken(&image, damage->detail);
	}
}

static void a_message_has_the_numbers(void **state)
{
	struct elfimage image;
	struct sov_identity id;
	struct sov_err err;
	char expected[64];

	(void)state;
	make_sound(&image, 64, false);
	elfimage_put(&image, elfimage_phdr_field(&image, 0, P_FILESZ), 8, 70000);
	identify_image(&id, &err, &image);
	snprintf(expected, sizeof(expected), "inside %zu bytes", image.size);
	assert_string_equal(err.expected, expected);
	assert_string_equal(err.found, "70000 bytes at offset 0");
	assert_string_equal(err.fix, "the file is cut short: build or copy it again");
	sov_identity_release(&id);
}

static void a_cut_library_is_broken_wherever_it_is_cut(void **state)
{
	struct elfimage image;

	(void)state;
	make_sound(&image, 32, true);
	for (size_t n = SELFMAG; n < image.size; n++) {
		struct sov_identity id;
		struct sov_err err;

		identify(&id, &err, image.bytes, n);
		assert_int_equal(id.kind, SOV_KIND_BROKEN);
		assert_int_equal(err.code, SOV_E_BROKEN);
		if (n < sizeof(Elf32_Ehdr))
			assert_string_equal(id.detail, "the file ends within the ELF header");
		sov_identity_release(&id);
	}
}

static void more_needed_than_any_library_has_are_refused(void **state)
{
	size_t count = 60000, n;
	struct elfimage image;
	struct sov_identity id;
	struct sov_err err;
	sov_autofree unsigned char *bytes = NULL;

	(void)state;
	make_sound(&image, 64, false);
	n = image.dynamic_offset + (count + image.entry_count) * 16;
	elfimage_phdr(&image, 0, PT_LOAD, 0, 0, n, n, 4096);
	elfimage_phdr(&image, 1, PT_DYNAMIC, image.dynamic_offset, image.dynamic_offset,
		      n - image.dynamic_offset, n - image.dynamic_offset, 8);
	bytes = calloc(1, n);
	assert_non_null(bytes);
	memcpy(bytes, image.bytes, image.dynamic_offset);
	for (size_t i = 0; i < count; i++)
		bytes[image.dynamic_offset + i * 16] = DT_NEEDED;
	memcpy(bytes + image.dynamic_offset + count * 16, image.bytes + image.dynamic_offset,
	       image.dynamic_size);
	identify(&id, &err, bytes, n);
	assert_int_equal(id.kind, SOV_KIND_BROKEN);
	assert_string_equal(id.detail, "more DT_NEEDED than any library has");
	sov_identity_release(&id);
}

/* ---- an absurd number of sections */

/* Claims 2^32 sections by the size of section 0, which lies behind the library. */
static void claim_sections(struct elfimage *image)
{
	size_t offset = image->size;

	image->size += sizeof(Elf64_Shdr);
	elfimage_put(image, offsetof(Elf64_Ehdr, e_shoff), 8, offset);
	elfimage_put(image, offsetof(Elf64_Ehdr, e_shentsize), 2, sizeof(Elf64_Shdr));
	elfimage_put(image, offset + offsetof(Elf64_Shdr, sh_size), 8, 1ULL << 32);
}

static void a_library_that_claims_2_to_the_32_sections_is_read(void **state)
{
	struct elfimage image;
	struct sov_identity id;
	struct sov_err err;

	(void)state;
	make_sound(&image, 64, false);
	claim_sections(&image);
	identify_image(&id, &err, &image);
	assert_int_equal(id.kind, SOV_KIND_LIBRARY);
	assert_string_equal(id.soname, "libx.so.1");
	assert_string_equal(id.needed[0], "libc.so.6");
	sov_identity_release(&id);

	elfimage_put(&image, offsetof(Elf64_Ehdr, e_shnum), 2, 0xffff);
	identify_image(&id, &err, &image);
	assert_string_equal(id.soname, "libx.so.1");
	sov_identity_release(&id);

	elfimage_put(&image, elfimage_phdr_field(&image, 1, P_VADDR), 8, 0);
	assert_broken(&image, "address and offset of PT_DYNAMIC disagree");
	elfimage_put(&image, offsetof(Elf64_Ehdr, e_phoff), 8, UINT64_MAX);
	assert_broken(&image, "program headers past the end of the file");
}

static void so_it_is_when_its_program_headers_are_at_the_end(void **state)
{
	struct elfimage image;
	struct sov_identity id;
	struct sov_err err;

	(void)state;
	make_sound(&image, 64, true);
	memcpy(image.bytes + image.size, image.bytes + image.phdrs, 3 * image.phdr_size);
	memset(image.bytes + image.phdrs, 0, 3 * image.phdr_size);
	elfimage_put(&image, offsetof(Elf64_Ehdr, e_phoff), 8, image.size);
	image.size += 3 * image.phdr_size;
	claim_sections(&image);
	identify_image(&id, &err, &image);
	assert_int_equal(id.kind, SOV_KIND_LIBRARY);
	assert_string_equal(id.soname, "libx.so.1");
	sov_identity_release(&id);
}

/* In a child that may not grow by more than 32 MiB. */
static void read_within_32_mib(int fd)
{
	struct rlimit limit = {32 << 20, 32 << 20};
	struct sov_identity id;
	struct sov_err err;

	if (setrlimit(RLIMIT_DATA, &limit) < 0 || sov_identity_read(&id, fd, "x", &err) < 0)
		_exit(1);
	_exit(id.kind == SOV_KIND_LIBRARY && strcmp(id.soname, "libx.so.1") == 0 ? 0 : 2);
}

static void it_is_read_within_32_mib(void **state)
{
	struct elfimage image;
	sov_autoclose int fd = -1;
	int status;
	pid_t child;

	(void)state;
	make_sound(&image, 64, false);
	claim_sections(&image);
	fd = elfimage_open(image.bytes, image.size);
	child = fork();
	if (child == 0)
		read_within_32_mib(fd);
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* ---- no ELF */

static void a_file_that_is_no_elf_is_told_by_how_it_begins(void **state)
{
#define ROW(text, kind, detail)                                                                    \
	{                                                                                          \
		text, sizeof(text) - 1, kind, detail                                               \
	}
	static const struct {
		const char *bytes;
		size_t n;
		enum sov_kind kind;
		const char *detail;
	} rows[] = {
		ROW("", SOV_KIND_NOT_ELF, "empty"),
		ROW("\x7f"
		    "EL",
		    SOV_KIND_NOT_ELF, "data"),
		ROW("\0\0\0\0", SOV_KIND_NOT_ELF, "data"),
		ROW("!<arch>\n", SOV_KIND_ARCHIVE, ""),
		ROW("!<thin>\n", SOV_KIND_ARCHIVE, "thin archive"),
		ROW("!<arch>", SOV_KIND_SCRIPT, "text"),
		ROW("BC\xc0\xde\1\2\3", SOV_KIND_NOT_ELF, "LLVM bitcode"),
		ROW("\x1f\x8b\x08", SOV_KIND_NOT_ELF, "gzip"),
		ROW("\xfd"
		    "7zXZ\0",
		    SOV_KIND_NOT_ELF, "xz"),
		ROW("BZh9", SOV_KIND_NOT_ELF, "bzip2"),
		ROW("\x28\xb5\x2f\xfd", SOV_KIND_NOT_ELF, "zstd"),
		ROW("\xcf\xfa\xed\xfe\7", SOV_KIND_NOT_ELF, "Mach-O"),
		ROW("\xfe\xed\xfa\xcf\1", SOV_KIND_NOT_ELF, "Mach-O"),
		ROW("MZ\x90", SOV_KIND_NOT_ELF, "PE or DOS program"),
		ROW("#!/bin/sh\n", SOV_KIND_SCRIPT, "#! script"),
		ROW("/* GNU ld script */\n", SOV_KIND_SCRIPT, "linker script"),
		ROW("INPUT(libx.so.1)\n", SOV_KIND_SCRIPT, "linker script"),
		ROW("# libx.la - a libtool library file\n", SOV_KIND_SCRIPT,
		    "libtool library file"),
		ROW("hello, \xc3\xa4\tworld\n", SOV_KIND_SCRIPT, "text"),
		ROW("hello\0world\n", SOV_KIND_NOT_ELF, "data"),
	};
#undef ROW
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sov_identity id;
		struct sov_err err;

		identify(&id, &err, rows[i].bytes, rows[i].n);
		assert_string_equal(id.detail, rows[i].detail);
		assert_int_equal(id.kind, rows[i].kind);
		assert_int_equal(id.bits, 0);
		assert_int_equal(err.code, SOV_OK);
		sov_identity_release(&id);
	}
}

/* ---- files on a disk */

static void assert_special(const char *path, const char *detail)
{
	struct sov_identity id;
	struct sov_err err;

	assert_int_equal(sov_identity_of(&id, path, &err), 0);
	assert_int_equal(id.kind, SOV_KIND_SPECIAL);
	assert_string_equal(id.detail, detail);
	sov_identity_release(&id);
}

static void bind_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	sov_autoclose int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(strlen(path) < sizeof(address.sun_path));
	strcpy(address.sun_path, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
}

static void special_files_are_told_and_never_waited_for(void **state)
{
	char directory[] = "/tmp/sov-identity-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(directory));
	assert_int_equal(chdir(directory), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	bind_socket("socket");
	assert_special(".", "directory");
	assert_special("fifo", "fifo");
	assert_special("socket", "socket");
	assert_special("/dev/null", "character device");
	assert_int_equal(unlink("fifo"), 0);
	assert_int_equal(unlink("socket"), 0);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(directory), 0);
}

static void a_file_that_is_not_there_is_an_error(void **state)
{
	struct sov_identity id;
	struct sov_err err;

	(void)state;
	assert_int_equal(sov_identity_of(&id, "/nowhere/libx.so", &err), -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, ENOENT);
	assert_string_equal(err.subject, "/nowhere/libx.so");
	assert_null(id.soname);
	assert_int_equal(sov_identity_read(&id, -1, "x", &err), -SOV_E_SYSTEM);
	assert_int_equal(err.sys_errno, EBADF);
}

static void a_descriptor_is_closed_on_exec_and_never_blocks(void **state)
{
	sov_autoclose int fd = sov_identity_open(AT_FDCWD, "/dev/null", 0);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(fcntl(fd, F_GETFL) & (O_NONBLOCK | O_ACCMODE), O_NONBLOCK | O_RDONLY);
}

static void a_link_is_not_followed_where_none_may_be(void **state)
{
	char directory[] = "/tmp/sov-identity-XXXXXX", path[64];
	int fd, error;

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/link", directory);
	assert_int_equal(symlink("/dev/null", path), 0);
	fd = sov_identity_open(AT_FDCWD, path, O_NOFOLLOW);
	error = errno;
	unlink(path);
	rmdir(directory);
	assert_int_equal(fd, -1);
	assert_int_equal(error, ELOOP);
}

/* ---- words */

static void kinds_and_machines_have_names(void **state)
{
	char name[32];

	(void)state;
	assert_string_equal(sov_kind_name(SOV_KIND_LIBRARY), "library");
	assert_string_equal(sov_kind_name(SOV_KIND_NOT_ELF), "not-elf");
	assert_string_equal(sov_kind_name(SOV_KIND_BROKEN), "broken");
	assert_string_equal(sov_machine_name(name, EM_X86_64), "x86-64");
	assert_string_equal(sov_machine_name(name, EM_386), "386");
	assert_string_equal(sov_machine_name(name, EM_AARCH64), "aarch64");
	assert_string_equal(sov_machine_name(name, EM_S390), "s390");
	assert_string_equal(sov_machine_name(name, 0xfeba), "machine-65210");
	assert_string_equal(sov_machine_name(name, UINT32_MAX), "machine-4294967295");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_classes_and_byte_orders_are_read),
		cmocka_unit_test(a_library_without_soname_has_none),
		cmocka_unit_test(an_unsafe_soname_is_reported_as_it_is),
		cmocka_unit_test(the_same_soname_twice_is_sound_and_counted),
		cmocka_unit_test(two_sonames_that_differ_are_broken),
		cmocka_unit_test(needed_libraries_stand_in_order),
		cmocka_unit_test(search_paths_are_read_and_the_last_counts),
		cmocka_unit_test(a_string_of_4096_bytes_is_whole_and_a_longer_one_is_cut),
		cmocka_unit_test(strings_far_apart_are_all_found),
		cmocka_unit_test(the_file_is_named_by_what_fstat_says_and_its_offset_is_left_alone),
		cmocka_unit_test(only_df_1_pie_makes_a_program_of_a_shared_object),
		cmocka_unit_test(the_type_tells_objects_cores_and_programs),
		cmocka_unit_test(a_shared_object_without_pt_dynamic_is_a_program),
		cmocka_unit_test(a_damaged_program_stays_a_program_and_the_damage_is_told),
		cmocka_unit_test(segments_without_bytes_are_a_debug_file),
		cmocka_unit_test(code_without_content_tells_a_debug_file_from_a_cut_one),
		cmocka_unit_test(whatever_the_dynamic_linker_could_not_use_is_told),
		cmocka_unit_test(a_message_has_the_numbers),
		cmocka_unit_test(a_cut_library_is_broken_wherever_it_is_cut),
		cmocka_unit_test(more_needed_than_any_library_has_are_refused),
		cmocka_unit_test(a_library_that_claims_2_to_the_32_sections_is_read),
		cmocka_unit_test(so_it_is_when_its_program_headers_are_at_the_end),
		cmocka_unit_test(it_is_read_within_32_mib),
		cmocka_unit_test(a_file_that_is_no_elf_is_told_by_how_it_begins),
		cmocka_unit_test(special_files_are_told_and_never_waited_for),
		cmocka_unit_test(a_file_that_is_not_there_is_an_error),
		cmocka_unit_test(a_descriptor_is_closed_on_exec_and_never_blocks),
		cmocka_unit_test(a_link_is_not_followed_where_none_may_be),
		cmocka_unit_test(kinds_and_machines_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
