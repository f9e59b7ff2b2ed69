/* SPDX-License-Identifier: MIT */
#ifndef SOV_BASE_UTF8_H
#define SOV_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * sov_utf8_length - the bytes of the well-formed UTF-8 character at @bytes; 0 when there is none.
 *
 * Overlong forms, surrogates and what lies beyond U+10FFFF are not well-formed (RFC 3629).
 * @bytes: n bytes, 1 at least
 * @out:   receives its code point; may be NULL
 */
size_t sov_utf8_length(const void *bytes, size_t n, uint32_t *out);

#endif
