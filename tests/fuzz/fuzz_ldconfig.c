/* SPDX-License-Identifier: MIT */
/* The bytes of a file, read as ldconfig reads them: with hardly a check. */
#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "elf/ldconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	struct sov_ldconfig_view view;

	if (fd < 0)
		fd = memfd_create("fuzz", MFD_CLOEXEC);
	REQUIRE(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
	sov_elf_ldconfig_view(&view, fd);
	REQUIRE(!view.has_soname || strlen(view.soname) < sizeof(view.soname));
	REQUIRE(size >= 32 || view.sees == SOV_LDCONFIG_NOTHING);
	return 0;
}
