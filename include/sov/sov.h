/* SPDX-License-Identifier: MIT */
#ifndef SOV_SOV_H
#define SOV_SOV_H

#include <sov/check.h>
#include <sov/conf.h>
#include <sov/deps.h>
#include <sov/elf.h>
#include <sov/err.h>
#include <sov/finding.h>
#include <sov/install.h>
#include <sov/links.h>
#include <sov/lint.h>
#include <sov/names.h>
#include <sov/prune.h>
#include <sov/publish.h>
#include <sov/step.h>
#include <sov/users.h>
#include <sov/version.h>

#endif
