/* SPDX-License-Identifier: MIT */
#ifndef SOV_CLI_JSON_H
#define SOV_CLI_JSON_H

#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include <sov/finding.h>

/*
 * sov_json_bytes - add bytes from a disk to an object, as text.
 *
 * What is not valid UTF-8 has U+FFFD in place of each bad byte, and stands beside it in full, in
 * hexadecimal digits, as NAME_hex. NULL adds nothing: absent values are left out.
 * Returns 0, or -1 when out of memory.
 */
int sov_json_bytes(json_t *object, const char *name, const char *bytes);

/* sov_json_list - the same for a list of strings; when one of them is not valid UTF-8, NAME_hex
 * holds the digits of every one. Returns 0, or -1 when out of memory. */
int sov_json_list(json_t *object, const char *name, char *const *list, size_t count);

/*
 * sov_json_document - a new object that says which format it has and which program wrote it.
 * Returns NULL when out of memory.
 */
json_t *sov_json_document(void);

/*
 * sov_json_report - the findings of a check or a lint as a document.
 * @roots: as the user gave them
 * Returns a new object, or NULL when out of memory.
 */
json_t *sov_json_report(const struct sov_report *report, char *const *roots, size_t root_count);

/* sov_json_print - a document with indentation, or an object on a line of its own (@compact).
 * Returns 0, or -1 when out of memory or @out does not take it. */
int sov_json_print(FILE *out, const json_t *document, int compact);

#endif
