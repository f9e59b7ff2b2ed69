/* SPDX-License-Identifier: MIT */
#ifndef SOV_CLI_DECLARE_H
#define SOV_CLI_DECLARE_H

#include <stdbool.h>

#include <sov/err.h>
#include <sov/names.h>

/*
 * Where a declaration comes from, for both programs: the command line, else the section of sov.conf
 * that names the library, else the environment, which speaks for every library.
 */

/* sov_cli_owns - does it give version or libtool, so that no lower source is asked? */
bool sov_cli_owns(const struct sov_decl *decl);

/*
 * sov_cli_layer - the declaration of one library: the command line laid over its section, and that
 * over SOV_VERSION, SOV_LIBTOOL, SOV_SOVERSION, SOV_POLICY, SOV_RELEASE and SOV_LINKER_NAME. The
 * first that gives version or libtool owns it, and nothing below is asked.
 * @out:     filled on success, also when nothing names a version (sov_decl_names_a_version() tells)
 * @spoken:  what the command line declares
 * @section: what sov.conf declares of the library, or NULL
 * Returns 0, or -SOV_E_USAGE with *err naming the places.
 */
int sov_cli_layer(struct sov_decl *out, const struct sov_decl *spoken,
		  const struct sov_decl *section, struct sov_err *err);

#endif
