/* SPDX-License-Identifier: MIT */
/* The bytes of a file that says it is ELF, or anything else. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sov/elf.h>
#include <sov/names.h>

static int fill(int fd, const uint8_t *data, size_t size)
{
	return ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size;
}

/* What every caller relies on. */
static void check(const struct sov_identity *id, const struct sov_err *err)
{
	REQUIRE((err->code == SOV_E_BROKEN) == (id->kind == SOV_KIND_BROKEN));
	REQUIRE(id->kind != SOV_KIND_BROKEN || id->detail[0] != '\0');
	REQUIRE(id->soname == NULL || id->kind == SOV_KIND_LIBRARY);
	REQUIRE(id->soname == NULL || strlen(id->soname) <= 4096);
	REQUIRE(id->kind == SOV_KIND_LIBRARY || id->kind == SOV_KIND_PROGRAM ||
		id->needed_count == 0);
	for (size_t i = 0; i < id->needed_count; i++)
		REQUIRE(strlen(id->needed[i]) <= 4096);
	if (id->soname != NULL)
		sov_soname_unsafe(id->soname);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	struct sov_identity id;
	struct sov_err err;

	if (fd < 0)
		fd = memfd_create("fuzz", MFD_CLOEXEC);
	REQUIRE(fill(fd, data, size));
	REQUIRE(sov_identity_read(&id, fd, "fuzz", &err) == 0);
	check(&id, &err);
	sov_identity_release(&id);
	return 0;
}
