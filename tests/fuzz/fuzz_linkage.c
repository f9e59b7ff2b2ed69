/* SPDX-License-Identifier: MIT */
/* The bytes of a library, for what it says to the dynamic linker: symbol versions, interpreter. */
#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "elf/linkage.h"

static void check(const struct sov_linkage *linkage)
{
	REQUIRE(linkage->interp == NULL || strlen(linkage->interp) <= 4096);
	REQUIRE(linkage->versioned || linkage->defined.count == 0);
	for (size_t i = 0; i < linkage->defined.count; i++)
		REQUIRE(strlen(linkage->defined.item[i]) <= 4096);
	for (size_t i = 0; i < linkage->need_count; i++)
		REQUIRE(linkage->needs[i].file != NULL && linkage->needs[i].version != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	struct sov_identity id;
	struct sov_linkage linkage;
	struct sov_err err;

	if (fd < 0)
		fd = memfd_create("fuzz", MFD_CLOEXEC);
	REQUIRE(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
	REQUIRE(sov_linkage_read(&id, &linkage, fd, "fuzz", &err) == 0);
	check(&linkage);
	sov_linkage_release(&linkage);
	sov_identity_release(&id);
	return 0;
}
