/* SPDX-License-Identifier: MIT */
#include "model/names.h"

#include <string.h>

#include "base/str.h"
#include "model/words.h"

static const struct sov_word systems[] = {
	{"linux",	  SOV_OS_LINUX  },
	   {"gnu",	   SOV_OS_LINUX  },
	{"musl",	 SOV_OS_LINUX  },
	{"hurd",	 SOV_OS_LINUX  },
	   {"freebsd", SOV_OS_LINUX  },
	{"solaris", SOV_OS_LINUX	},
	{"netbsd",  SOV_OS_NETBSD },
	   {"openbsd", SOV_OS_OPENBSD},
	{"android", SOV_OS_ANDROID},
	{"darwin",  SOV_OS_DARWIN },
};

int sov_os_parse(enum sov_os *out, const char *text, struct sov_err *err)
{
	int value =
		sov_word_parse(systems, sizeof(systems) / sizeof(systems[0]), "system", text, err);

	if (value < 0)
		return value;
	*out = (enum sov_os)value;
	return 0;
}

void sov_numbers_derive(struct sov_numbers *out, const struct sov_decl *decl)
{
	const struct sov_triple *triple = &decl->libtool;

	*out = (struct sov_numbers){0};
	if (sov_decl_has(decl, SOV_KEY_LIBTOOL)) {
		uint32_t major = triple->current - triple->age;

		out->version = (struct sov_version){
			3, {major, triple->age, triple->revision}
		 };
		out->soversion = (struct sov_version){1, {major}};
		return;
	}
	if (sov_decl_has(decl, SOV_KEY_VERSION)) {
		out->version = decl->version;
		out->soversion = sov_soversion_derive(&decl->version, decl->policy);
	}
	if (sov_decl_has(decl, SOV_KEY_SOVERSION)) {
		out->soversion = decl->soversion;
		if (out->version.count == 0)
			out->version = decl->soversion;
	}
}

static int number_plain(struct sov_numbers *numbers, const struct sov_decl *decl,
			struct sov_err *err)
{
	(void)err; /* every declaration can be said */
	sov_numbers_derive(numbers, decl);
	return 0;
}

/* One number of a version, 0 when it has not so many. */
static uint32_t part_of(const struct sov_version *version, unsigned index)
{
	return index < version->count ? version->part[index] : 0;
}

/*
 * MAJOR.MINOR, and the soname has the first: a triple gives current and revision, as libtool's
 * version_type "sunos" does on these systems.
 */
static int number_bsd(struct sov_numbers *numbers, const struct sov_decl *decl, struct sov_err *err)
{
	struct sov_version *soversion = &numbers->soversion;
	char text[SOV_VERSION_TEXT_MAX], origin[SOV_SUBJECT_MAX];
	uint32_t minor;

	sov_numbers_derive(numbers, decl);
	minor = part_of(&numbers->version, 1);
	if (soversion->count > 1) {
		sov_fail(
			err, SOV_E_USAGE, sov_decl_origin(decl, origin, sizeof(origin)),
			"a soversion of more than one number cannot be said on NetBSD and OpenBSD");
		sov_expected(err, "one number");
		sov_found(err, "%s", sov_version_format(text, soversion));
		return sov_fix(err, "declare soversion = %u", soversion->part[0]);
	}
	if (sov_decl_has(decl, SOV_KEY_LIBTOOL)) {
		soversion->part[0] = decl->libtool.current;
		minor = decl->libtool.revision;
	}
	if (soversion->count == 1)
		numbers->version = (struct sov_version){
			2, {soversion->part[0], minor}
		      };
	return 0;
}

/*
 * struct shape - how the names of a system are made. In a template, %p is the prefix, %b the base
 * name, %r "-" and the release, %s "." and the soversion, %v "." and the version; each of the last
 * three is nothing when there is none.
 */
/* clang-format off */
static const struct shape {
	const char *linker_name, *linker_name_with_release, *soname, *real_name;
	int (*number)(struct sov_numbers *numbers, const struct sov_decl *decl,
		      struct sov_err *err);
} shapes[] = {
	[SOV_OS_LINUX] = {"%p%b.so", "%p%b.so", "%p%b%r.so%s", "%p%b%r.so%v", number_plain},
	[SOV_OS_NETBSD] = {"%p%b.so", "%p%b.so", "%p%b%r.so%s", "%p%b%r.so%v", number_bsd},
	[SOV_OS_OPENBSD] = {"", "", "", "%p%b%r.so%v", number_bsd},
	[SOV_OS_ANDROID] = {"%p%b.so", "", "%p%b%r.so", "%p%b%r.so", number_plain},
	[SOV_OS_DARWIN] = {"%p%b.dylib", "%p%b.dylib", "%p%b%r%s.dylib", "%p%b%r%s.dylib",
			   number_plain},
};
/* clang-format on */

/* What stands for the letters of a template. */
struct pieces {
	const char *prefix, *base;
	char release[SOV_VERSION_TEXT_MAX + 1];
	char soversion[SOV_VERSION_TEXT_MAX + 1];
	char version[SOV_VERSION_TEXT_MAX + 1];
};

static const char *piece_of(const struct pieces *pieces, char letter)
{
	switch (letter) {
	case 'p':
		return pieces->prefix;
	case 'b':
		return pieces->base;
	case 'r':
		return pieces->release;
	case 's':
		return pieces->soversion;
	default:
		return pieces->version;
	}
}

/* Make one name. Cut when it does not fit; returns the length of the whole. */
static size_t expand(char out[SOV_NAME_MAX], const char *template, const struct pieces *pieces)
{
	size_t length = 0;

	out[0] = '\0';
	for (; *template; template ++) {
		const char *piece = template;
		size_t n = 1;

		if (*template == '%') {
			piece = piece_of(pieces, *++template);
			n = strlen(piece);
		}
		if (length + n < SOV_NAME_MAX) {
			memcpy(out + length, piece, n);
			out[length + n] = '\0';
		}
		length += n;
	}
	return length;
}

static void number_piece(char out[SOV_VERSION_TEXT_MAX + 1], char before,
			 const struct sov_version *version)
{
	out[0] = version->count > 0 ? before : '\0';
	sov_version_format(out + 1, version);
}

/*
 * Mach-O's two version numbers, as libtool computes them of current and revision; a version counts
 * as libtool's -version-number does.
 */
static void mach_versions(struct sov_names *names, const struct sov_decl *decl)
{
	const struct sov_version *version = &decl->version;
	uint32_t current = part_of(version, 0) + part_of(version, 1);
	uint32_t revision = part_of(version, 2);

	if (sov_decl_has(decl, SOV_KEY_LIBTOOL)) {
		current = decl->libtool.current;
		revision = decl->libtool.revision;
	} else if (!sov_decl_has(decl, SOV_KEY_VERSION)) {
		return;
	}
	sov_str_format(names->compatibility_version, sizeof(names->compatibility_version), "%u",
		       current + 1);
	sov_str_format(names->current_version, sizeof(names->current_version), "%u.%u", current + 1,
		       revision);
}

static bool has_unsafe_byte(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7F || *text == '/')
			return true;
	return false;
}

int sov_base_check(const char *base, struct sov_err *err)
{
	const char *last = sov_str_basename(base);
	char excerpt[SOV_EXCERPT_MAX];
	size_t len = strlen(base);

	if (len > 0 && len <= SOV_BASE_MAX && !has_unsafe_byte(base))
		return 0;
	if (len == 0)
		sov_fail(err, SOV_E_USAGE, NULL, "an empty base name");
	else if (len > SOV_BASE_MAX)
		sov_fail(err, SOV_E_USAGE, NULL, "a base name of %zu bytes", len);
	else if (last != base)
		sov_fail(err, SOV_E_USAGE, NULL, "a '/' in a base name");
	else
		sov_fail(err, SOV_E_USAGE, NULL, "a control byte in a base name");
	sov_expected(err, "what -l takes: 1 to %d bytes without '/' and control bytes",
		     SOV_BASE_MAX);
	if (last != base && last[0] != '\0' && strlen(last) <= SOV_BASE_MAX)
		sov_fix(err, "write %s", sov_str_excerpt(excerpt, last));
	return sov_found(err, "%s", len ? sov_str_excerpt(excerpt, base) : "nothing");
}

static int check_library(const struct sov_library *library, const struct sov_decl *decl,
			 struct sov_err *err)
{
	char excerpt[SOV_EXCERPT_MAX];
	int ret = sov_base_check(library->base, err);

	if (ret)
		return ret;
	if (library->prefix && has_unsafe_byte(library->prefix)) {
		sov_fail(err, SOV_E_USAGE, NULL, "a '/' or control byte in the prefix of a name");
		sov_expected(err, "the beginning of a file name: lib");
		return sov_found(err, "%s", sov_str_excerpt(excerpt, library->prefix));
	}
	if (sov_decl_names_a_version(decl))
		return 0;
	sov_fail(err, SOV_E_USAGE, NULL, "%s declares no version", library->base);
	sov_expected(err, "version, libtool or release");
	sov_found(err, "%s", decl->has ? "only keys that go with them" : "nothing");
	return sov_fix(err, "declare its version: version = MAJOR.MINOR.PATCH");
}

static int refuse_length(struct sov_err *err, const char *which, size_t length)
{
	sov_fail(err, SOV_E_USAGE, NULL, "the %s would be too long for a file name", which);
	sov_expected(err, "at most %d bytes", SOV_NAME_MAX - 1);
	sov_found(err, "%zu bytes", length);
	return sov_fix(err, "shorten the base name or the release");
}

static const char *linker_name_template(const struct shape *shape, const struct sov_decl *decl)
{
	if (decl->linker_name == SOV_LINKER_NAME_NONE)
		return "";
	return sov_decl_has(decl, SOV_KEY_RELEASE) ? shape->linker_name_with_release
						   : shape->linker_name;
}

int sov_names_derive(struct sov_names *out, const struct sov_library *library,
		     const struct sov_decl *decl, struct sov_err *err)
{
	const struct shape *shape = &shapes[library->os];
	struct pieces pieces = {.prefix = library->prefix ? library->prefix : "lib",
				.base = library->base};
	struct sov_names names = {0};
	struct sov_numbers numbers;
	size_t length;
	int ret = check_library(library, decl, err);

	if (ret == 0)
		ret = shape->number(&numbers, decl, err);
	if (ret)
		return ret;
	number_piece(pieces.release, '-', &decl->release);
	number_piece(pieces.soversion, '.', &numbers.soversion);
	number_piece(pieces.version, '.', &numbers.version);
	length = expand(names.linker_name, linker_name_template(shape, decl), &pieces);
	if (length >= SOV_NAME_MAX)
		return refuse_length(err, "linker name", length);
	length = expand(names.soname, shape->soname, &pieces);
	if (length >= SOV_NAME_MAX)
		return refuse_length(err, "soname", length);
	length = expand(names.real_name, shape->real_name, &pieces);
	if (length >= SOV_NAME_MAX)
		return refuse_length(err, "real name", length);
	if (library->os == SOV_OS_DARWIN)
		mach_versions(&names, decl);
	*out = names;
	return 0;
}
