/* SPDX-License-Identifier: MIT */
/* A line of /proc/PID/maps; the path in it is whatever somebody has called a file. */
#include "fuzz.h"

#include <string.h>

#include "upgrade/maps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = fuzz_text(data, size);
	size_t length = strlen(line);
	struct sov_mapping mapping = {.path = NULL};

	if (sov_mapping_parse(&mapping, line)) {
		size_t at = (size_t)(mapping.path - line), path = strlen(mapping.path);

		REQUIRE(mapping.path >= line && at + path == length && mapping.path[0] != ' ');
		sov_mapping_deleted(mapping.path);
		REQUIRE(sov_mapping_unescape(line + at) == (strlen(line + at) < path));
		REQUIRE(strstr(line + at, "\\012") == NULL || path > strlen(line + at));
	} else {
		REQUIRE(mapping.path == NULL);
	}
	free(line);
	return 0;
}
