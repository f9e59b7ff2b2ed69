/* SPDX-License-Identifier: MIT */
/* The text of an ld.so.conf, in an empty tree: what it includes is not there. */
#include "fuzz.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "deps/ldconf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sov_depfiles files;
	struct sov_ldconf conf = {0};
	struct sov_err err;
	char *text = fuzz_text(data, size);

	if (files.root.path == NULL) {
		mkdir("empty-tree", 0700);
		REQUIRE(sov_depfiles_init(&files, "empty-tree", &err) == 0);
	}
	REQUIRE(sov_ldconf_parse(&conf, &files, text, "/etc/ld.so.conf") == 0);
	for (size_t i = 0; i < conf.directories.count; i++) {
		REQUIRE(conf.directories.item[i][0] == '/');
		REQUIRE(strpbrk(conf.directories.item[i], "#\n") == NULL);
	}
	sov_ldconf_release(&conf);
	free(text);
	return 0;
}
