/* SPDX-License-Identifier: MIT */
#include "cli/json.h"

#include <stdbool.h>
#include <string.h>

#include <sov/finding.h>
#include <sov/version.h>

#include "base/mem.h"
#include "base/utf8.h"

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* A JSON string of the bytes; *valid becomes false when some of them had to be replaced. */
static json_t *text_of(const char *bytes, bool *valid)
{
	const char *end = bytes + strlen(bytes);
	sov_autofree char *text = malloc((sizeof(replacement) - 1) * (size_t)(end - bytes) + 1);
	size_t length = 0, n;

	if (text == NULL)
		return NULL;
	for (; bytes != end; bytes += n > 0 ? n : 1) {
		n = sov_utf8_length(bytes, (size_t)(end - bytes), NULL);
		if (n > 0) {
			memcpy(text + length, bytes, n);
			length += n;
		} else {
			memcpy(text + length, replacement, sizeof(replacement) - 1);
			length += sizeof(replacement) - 1;
			*valid = false;
		}
	}
	return json_stringn_nocheck(text, length);
}

static json_t *hex_of(const char *bytes)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = strlen(bytes);
	sov_autofree char *text = malloc(2 * n + 1);

	if (text == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digits[(unsigned char)bytes[i] >> 4];
		text[2 * i + 1] = digits[(unsigned char)bytes[i] & 15];
	}
	return json_stringn_nocheck(text, 2 * n);
}

static int set_hex(json_t *object, const char *name, json_t *value)
{
	char key[64];

	snprintf(key, sizeof(key), "%s_hex", name);
	return json_object_set_new(object, key, value);
}

int sov_json_bytes(json_t *object, const char *name, const char *bytes)
{
	bool valid = true;

	if (bytes == NULL)
		return 0;
	if (json_object_set_new(object, name, text_of(bytes, &valid)) != 0)
		return -1;
	return valid ? 0 : set_hex(object, name, hex_of(bytes));
}

int sov_json_list(json_t *object, const char *name, char *const *list, size_t count)
{
	json_t *texts = json_array(), *hex = json_array();
	bool valid = true;
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		failed |= json_array_append_new(texts, text_of(list[i], &valid));
		failed |= json_array_append_new(hex, hex_of(list[i]));
	}
	failed |= json_object_set_new(object, name, texts);
	if (valid)
		json_decref(hex);
	else
		failed |= set_hex(object, name, hex);
	return failed;
}

json_t *sov_json_document(void)
{
	return json_pack("{s:i, s:s+}", "format", 1, "tool", "sov ", sov_release());
}

static json_t *finding_object(const struct sov_finding *finding)
{
	json_t *object = json_pack("{s:s, s:s}", "rule", finding->rule, "severity",
				   sov_severity_name(finding->severity));
	int failed = object == NULL;

	failed |= sov_json_bytes(object, "root", finding->root);
	failed |= sov_json_bytes(object, "path", finding->path);
	failed |= sov_json_bytes(object, "object", finding->object);
	failed |= sov_json_bytes(object, "message", finding->message);
	failed |= sov_json_bytes(object, "expected", finding->expected);
	failed |= sov_json_bytes(object, "found", finding->found);
	failed |= sov_json_bytes(object, "fix", finding->fix);
	if (failed == 0)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *summary_object(const struct sov_report *report)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "files", (json_int_t)report->files,
			 "libraries", (json_int_t)report->libraries, "errors",
			 (json_int_t)report->errors, "warnings", (json_int_t)report->warnings,
			 "infos", (json_int_t)report->infos, "unreadable",
			 (json_int_t)report->unreadable);
}

json_t *sov_json_report(const struct sov_report *report, char *const *roots, size_t root_count)
{
	json_t *document = sov_json_document(), *findings = json_array();
	int failed = sov_json_list(document, "roots", roots, root_count);

	for (size_t i = 0; i < report->count; i++)
		failed |= json_array_append_new(findings, finding_object(&report->findings[i]));
	failed |= json_object_set_new(document, "findings", findings);
	failed |= json_object_set_new(document, "summary", summary_object(report));
	if (failed == 0)
		return document;
	json_decref(document);
	return NULL;
}

int sov_json_print(FILE *out, const json_t *document, int compact)
{
	if (json_dumpf(document, out, compact ? JSON_COMPACT : JSON_INDENT(2)) != 0)
		return -1;
	return fputc('\n', out) == EOF ? -1 : 0;
}
