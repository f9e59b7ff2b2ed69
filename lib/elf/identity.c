/* SPDX-License-Identifier: MIT */
/*
 * Who is this file? The order matters, since nobody vouches for a byte of it:
 *
 * 1. fstat: only a regular file is read at all.
 * 2. The gate: 64 bytes by pread. What is no ELF ends here (other.c); what is, but would make
 *    libelf allocate without measure, is never shown to libelf as it is (gate.c, view.c).
 * 3. The program headers, checked as the dynamic linker needs them (segments.c).
 * 4. PT_DYNAMIC, and of its string table only the strings that we want (dynamic.c, strings.c).
 * 5. Only now sections, to give what has been refused, or is an object, a better name (sections.c).
 *
 * Nothing is mapped: a mapping of a file that becomes shorter is a SIGBUS.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <sov/elf.h>

#include "base/io.h"
#include "base/mem.h"
#include "elf/dynamic.h"
#include "elf/file.h"
#include "elf/gate.h"
#include "elf/identity.h"
#include "elf/other.h"
#include "elf/sections.h"
#include "elf/segments.h"
#include "elf/view.h"

const char *sov_kind_name(enum sov_kind kind)
{
	static const char *const names[] = {
		[SOV_KIND_LIBRARY] = "library", [SOV_KIND_PROGRAM] = "program",
		[SOV_KIND_OBJECT] = "object",	[SOV_KIND_CORE] = "core",
		[SOV_KIND_DEBUG] = "debug",	[SOV_KIND_ARCHIVE] = "archive",
		[SOV_KIND_SCRIPT] = "script",	[SOV_KIND_NOT_ELF] = "not-elf",
		[SOV_KIND_SPECIAL] = "special", [SOV_KIND_BROKEN] = "broken",
	};

	return names[kind];
}

int sov_identity_open(int dirfd, const char *path, int flags)
{
	return openat(dirfd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags);
}

static void take_stat(struct sov_identity *id, const struct stat *st)
{
	id->device = (uint64_t)st->st_dev;
	id->inode = (uint64_t)st->st_ino;
	id->size = (uint64_t)st->st_size;
	id->ctime_sec = (int64_t)st->st_ctim.tv_sec;
	id->ctime_nsec = (int64_t)st->st_ctim.tv_nsec;
}

/* A program or library: what the dynamic linker would look at. */
static int identify_loaded(struct elf_file *file)
{
	struct elf_segments segments;
	int rc = sov_elf_segments_read(file, &segments);

	if (rc < 0)
		return rc;
	if (!segments.has_bytes) {
		file->id->kind = SOV_KIND_DEBUG;
		return 0;
	}
	if (file->linkage != NULL && file->id->has_interp)
		rc = sov_elf_linkage_interp(file, &segments.interp);
	if (rc < 0)
		return rc;
	if (segments.dynamic_count == 0) {
		file->id->kind = SOV_KIND_PROGRAM;
		return 0;
	}
	return sov_elf_dynamic_read(file, &segments);
}

static void forget_strings(struct sov_identity *id)
{
	for (size_t i = 0; i < id->needed_count; i++)
		free(id->needed[i]);
	free(id->needed);
	free(id->soname);
	free(id->rpath);
	free(id->runpath);
	id->needed = NULL;
	id->needed_count = 0;
	id->soname = id->rpath = id->runpath = NULL;
}

/*
 * Of a file that cannot be used as it claims nothing that it said is kept. A program stays one: the
 * kernel loads it, and nobody links against it; but whoever asks what it needs is to be told.
 */
static int settle_broken(struct elf_file *file)
{
	struct sov_identity *id = file->id;

	forget_strings(id);
	if (file->whole.elf != NULL && sov_elf_sections_debug(file)) {
		id->kind = SOV_KIND_DEBUG;
		id->detail[0] = '\0';
	} else if (id->kind != SOV_KIND_PROGRAM || file->linkage != NULL) {
		id->kind = SOV_KIND_BROKEN;
		return 0;
	}
	sov_err_clear(file->err);
	return 0;
}

static int identify_by_type(struct elf_file *file)
{
	struct sov_identity *id = file->id;

	id->type = file->ehdr.e_type;
	id->machine = file->ehdr.e_machine;
	if (file->linkage != NULL)
		file->linkage->flags = file->ehdr.e_flags;
	if (file->ehdr.e_version != EV_CURRENT) {
		sov_elf_broken(file, "impossible e_version");
		sov_expected(file->err, "%d", EV_CURRENT);
		return sov_found(file->err, "%u", file->ehdr.e_version);
	}
	switch (file->ehdr.e_type) {
	case ET_REL:
		id->kind = SOV_KIND_OBJECT;
		if (sov_elf_sections_lto(file))
			sov_elf_detail(file, "LTO object");
		return 0;
	case ET_CORE:
		id->kind = SOV_KIND_CORE;
		return 0;
	case ET_EXEC:
		id->kind = SOV_KIND_PROGRAM;
		return identify_loaded(file);
	case ET_DYN:
		id->kind = SOV_KIND_LIBRARY;
		return identify_loaded(file);
	default:
		sov_elf_broken(file, "unknown e_type");
		return sov_found(file->err, "0x%x", file->ehdr.e_type);
	}
}

static int identify_elf(struct elf_file *file)
{
	int rc;

	file->id->kind = SOV_KIND_BROKEN;
	rc = sov_elf_gate(file);
	if (rc == 0)
		rc = sov_elf_view_open(file);
	if (rc == 0)
		rc = identify_by_type(file);
	if (rc == -SOV_E_BROKEN)
		rc = settle_broken(file);
	sov_elf_view_close(file);
	return rc;
}

static int identify_regular(struct elf_file *file)
{
	ssize_t n = sov_pread_full(file->fd, file->head, sizeof(file->head), 0);

	if (n < 0)
		return sov_fail_errno(file->err, file->path, "cannot read");
	file->head_size = (size_t)n;
	if (file->head_size < SELFMAG || memcmp(file->head, ELFMAG, SELFMAG) != 0)
		return sov_elf_other(file);
	return identify_elf(file);
}

int sov_elf_identify(struct sov_identity *out, struct sov_linkage *linkage, int fd,
		     const char *path, struct sov_err *err)
{
	struct elf_file file = {.fd = fd, .path = path, .id = out, .linkage = linkage, .err = err};
	struct stat st;
	int rc;

	memset(out, 0, sizeof(*out));
	sov_err_clear(err);
	if (fstat(fd, &st) < 0)
		return sov_fail_errno(err, path, "cannot stat");
	take_stat(out, &st);
	if (!S_ISREG(st.st_mode)) {
		sov_elf_special(out, st.st_mode);
		return 0;
	}
	file.size = (uint64_t)st.st_size;
	rc = identify_regular(&file);
	if (rc < 0)
		sov_identity_release(out);
	return rc;
}

int sov_identity_read(struct sov_identity *out, int fd, const char *path, struct sov_err *err)
{
	return sov_elf_identify(out, NULL, fd, path, err);
}

/* A socket cannot be opened, nor a device without a driver; what it is can still be said. */
static int identify_unopened(struct sov_identity *out, const char *path, struct sov_err *err)
{
	int reason = errno;
	struct stat st;

	if (reason == ENXIO && stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		take_stat(out, &st);
		sov_elf_special(out, st.st_mode);
		return 0;
	}
	errno = reason;
	return sov_fail_errno(err, path, "cannot open");
}

int sov_identity_of(struct sov_identity *out, const char *path, struct sov_err *err)
{
	sov_autoclose int fd = sov_identity_open(AT_FDCWD, path, 0);

	if (fd >= 0)
		return sov_identity_read(out, fd, path, err);
	memset(out, 0, sizeof(*out));
	sov_err_clear(err);
	return identify_unopened(out, path, err);
}

void sov_identity_release(struct sov_identity *identity)
{
	forget_strings(identity);
	memset(identity, 0, sizeof(*identity));
}
