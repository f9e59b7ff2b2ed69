/* SPDX-License-Identifier: MIT */
#include "tool/deps.h"

#include "cli/json.h"

/* Objects are told of by their numbers in the list: names are bytes, and need not differ. */
static json_t *numbers_of(const size_t *numbers, size_t count)
{
	json_t *list = json_array();
	int failed = list == NULL;

	for (size_t i = 0; i < count; i++)
		failed |= json_array_append_new(list, json_integer((json_int_t)numbers[i]));
	if (failed == 0)
		return list;
	json_decref(list);
	return NULL;
}

static json_t *object_of(const struct sov_deps_object *o)
{
	json_t *object = json_object();
	int failed = sov_json_bytes(object, "name", o->name);

	failed |= sov_json_bytes(object, "path", o->path);
	failed |= sov_json_bytes(object, "soname", o->soname);
	failed |= json_object_set_new(object, "how", json_string(sov_deps_how_name(o->how)));
	if (o->how != SOV_DEPS_FILE)
		failed |=
			json_object_set_new(object, "loader", json_integer((json_int_t)o->loader));
	failed |= json_object_set_new(object, "needs", numbers_of(o->needs, o->need_count));
	if (failed == 0)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *file_of(const struct sov_deps *deps)
{
	json_t *object = json_object(), *objects = json_array();
	int failed = sov_json_bytes(object, "file", deps->file);

	failed |= json_object_set_new(object, "kind", json_string(sov_kind_name(deps->kind)));
	failed |= json_object_set_new(object, "dynamic", json_boolean(deps->is_dynamic));
	failed |= sov_json_bytes(object, "interpreter", deps->interp);
	if (deps->auditor_count > 0)
		failed |= sov_json_list(object, "auditors", deps->auditors, deps->auditor_count);
	for (size_t i = 0; i < deps->count; i++)
		failed |= json_array_append_new(objects, object_of(&deps->objects[i]));
	failed |= json_object_set_new(object, "objects", objects);
	if (failed == 0)
		return object;
	json_decref(object);
	return NULL;
}

int deps_write_json(FILE *out, const void *result, bool color, struct sov_err *err)
{
	const struct deps_result *deps = result;
	json_t *document = sov_json_report(deps->findings.report, deps->findings.roots,
					   deps->findings.root_count);
	json_t *files = json_array();
	int failed = document == NULL;

	(void)color;
	for (size_t i = 0; i < deps->count; i++)
		failed |= json_array_append_new(files, file_of(&deps->files[i]));
	failed |= json_object_set_new(document, "files", files);
	if (failed == 0)
		sov_json_print(out, document, 0);
	json_decref(document);
	return failed == 0 ? 0 : sov_fail_nomem(err, NULL);
}
