/* SPDX-License-Identifier: MIT */
#ifndef SOV_TOOL_DECLARE_H
#define SOV_TOOL_DECLARE_H

#include <stdbool.h>

#include <sov/conf.h>
#include <sov/names.h>

#include "tool/tool.h"

/* struct declared - what the command line declares. The target of declare_options. */
struct declared {
	struct sov_decl decl;
	const char *conf; /* --conf; NULL = not given */
};

/* --version, --libtool, --soversion, --policy, --release, --linker-name, --conf. */
extern const struct sov_option declare_options[];

/* The same without --linker-name, for a command that has more words for it. */
extern const struct sov_option declare_naming_options[];

/* declare_conf_named - the sov.conf somebody names: @given by --conf, else SOV_CONF; or NULL. */
const char *declare_conf_named(const char *given);

/*
 * declare_conf - read the sov.conf that counts: declare_conf_named(@given), else the nearest from
 * the current directory upward.
 * @out: zeroed; out->path stays NULL when there is none
 * Returns 0 or -code with *err filled.
 */
int declare_conf(const struct tool *tool, const char *given, struct sov_conf *out,
		 struct sov_err *err);

/*
 * declare_conf_for - declare_conf(), unless the command line declares a version by itself and names
 * no file: then nothing is taken from one, and a broken one is in nobody's way.
 */
int declare_conf_for(const struct tool *tool, const struct declared *declared, struct sov_conf *out,
		     struct sov_err *err);

/*
 * declare_merge - the declaration that holds for one library: command line over section over
 * environment.
 * @section: NULL = sov.conf has none for it
 * Returns 0, also when nothing declares it (sov_decl_names_a_version() tells), or -code.
 */
int declare_merge(struct sov_decl *out, const struct declared *declared,
		  const struct sov_conf_library *section, struct sov_err *err);

/*
 * declare_base - what -l takes, from a file name: "libdemo-9.so.1" with release 9 is demo.
 * @prefix: receives "lib" or "", static
 * Returns false, with nothing filled, for what is not the file name of a shared library.
 */
bool declare_base(char base[SOV_BASE_MAX + 1], const char **prefix, const char *name,
		  const struct sov_decl *decl);

/* declare_fail - nothing declares @subject: say so, and what can be done. Returns -SOV_E_CONF. */
int declare_fail(const char *subject, const struct sov_conf *conf, struct sov_err *err);

#endif
