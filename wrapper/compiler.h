/* SPDX-License-Identifier: MIT */
#ifndef SOVCC_COMPILER_H
#define SOVCC_COMPILER_H

#include <stdbool.h>

#include <sov/err.h>

#include "base/vec.h"

/* struct compiler - the compiler that sovcc stands before. Zeroed = not found yet. */
struct compiler {
	struct sov_strs
		word;	    /* how its command begins: absolute path first, then what SOV_CC adds */
	bool took_argument; /* the first word was sovcc's first argument */
};

/*
 * compiler_find - which compiler is meant?
 *
 * "sovcc": SOV_CC, else cc. "sovc++": SOV_CXX, else c++. "PREFIX-sovcc", "PREFIX-sovc++":
 * PREFIX-gcc, PREFIX-g++. All of them: the first argument, when it is a program and nothing that a
 * compiler would take as an input. Any other name is a masquerading link: the next program of that
 * name in PATH. sovcc itself is never taken, whatever it is called.
 * @called:   argv[0]
 * @argument: argv[1], or NULL
 * Returns 0, or a negative enum sov_code: none found, or only sovcc itself.
 */
int compiler_find(struct compiler *compiler, const char *called, const char *argument,
		  struct sov_err *err);

/*
 * compiler_enter - make the environment the compiler's: count SOV_DEPTH up, and take the directory
 * of masquerading links out of PATH when sovcc was called through one.
 * Returns 0, or a negative enum sov_code: SOV_DEPTH is above 8.
 */
int compiler_enter(const char *called, struct sov_err *err);

void compiler_release(struct compiler *compiler);

#endif
