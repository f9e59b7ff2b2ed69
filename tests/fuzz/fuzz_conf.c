/* SPDX-License-Identifier: MIT */
/* The text of a sov.conf; what it accepts must name libraries. */
#include "fuzz.h"

#include <string.h>

#include <sov/conf.h>

static void check(const struct sov_conf *conf)
{
	for (size_t i = 0; i < conf->library_count; i++) {
		const struct sov_conf_library *library = &conf->libraries[i];
		const struct sov_library which = {NULL, library->base, SOV_OS_LINUX};
		const struct sov_conf_library *found;
		struct sov_names names;
		struct sov_err err;

		REQUIRE(sov_decl_names_a_version(&library->decl));
		REQUIRE(sov_conf_library_named(conf, library->base) == library);
		if (sov_names_derive(&names, &which, &library->decl, &err) < 0)
			continue; /* a name that is too long */
		REQUIRE(sov_soname_unsafe(names.soname) == NULL);
		REQUIRE(sov_conf_select(conf, names.real_name, &found, &err) != 0 || found != NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct sov_conf conf = {0};
	struct sov_err err;

	sov_err_clear(&err);
	if (sov_conf_parse(&conf, "sov.conf", text, size, &err) == 0) {
		check(&conf);
		sov_conf_release(&conf);
	} else {
		REQUIRE(err.code == SOV_E_CONF);
		REQUIRE(strncmp(err.subject, "sov.conf", 8) == 0);
	}
	free(text);
	return 0;
}
