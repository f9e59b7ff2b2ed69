# SPDX-License-Identifier: MIT
include_guard(GLOBAL)
