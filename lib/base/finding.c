/* SPDX-License-Identifier: MIT */
#include <sov/finding.h>

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

const char *sov_severity_name(enum sov_severity severity)
{
	static const char *const names[] = {"error", "warning", "info", "off"};

	return names[severity];
}

/* The texts of a finding as a list, so that copying, freeing and comparing can't forget one. */
enum { TEXTS = 7 };

static void texts_of(struct sov_finding *finding, char **out[TEXTS])
{
	out[0] = &finding->root;
	out[1] = &finding->path;
	out[2] = &finding->object;
	out[3] = &finding->message;
	out[4] = &finding->expected;
	out[5] = &finding->found;
	out[6] = &finding->fix;
}

static void finding_release(struct sov_finding *finding)
{
	char **texts[TEXTS];

	texts_of(finding, texts);
	for (size_t i = 0; i < TEXTS; i++) {
		free(*texts[i]);
		*texts[i] = NULL;
	}
}

/* Returns 0, or -1 with *copy holding nothing. */
static int finding_copy(struct sov_finding *copy, const struct sov_finding *finding)
{
	char **texts[TEXTS];
	int rc = 0;

	*copy = *finding;
	texts_of(copy, texts);
	for (size_t i = 0; i < TEXTS; i++) {
		if (*texts[i] == NULL)
			continue;
		*texts[i] = strdup(*texts[i]);
		if (*texts[i] == NULL)
			rc = -1;
	}
	if (rc != 0)
		finding_release(copy);
	return rc;
}

static size_t *counter_of(struct sov_report *report, enum sov_severity severity)
{
	switch (severity) {
	case SOV_ERROR:
		return &report->errors;
	case SOV_WARNING:
		return &report->warnings;
	default:
		return &report->infos;
	}
}

int sov_report_add(struct sov_report *report, const struct sov_finding *finding,
		   struct sov_err *err)
{
	struct sov_finding copy;

	if (finding_copy(&copy, finding) != 0)
		return sov_fail_nomem(err, finding->path);
	if (sov_vec_grow(&report->findings, report->count, sizeof(copy)) != 0) {
		finding_release(&copy);
		return sov_fail_nomem(err, finding->path);
	}
	report->findings[report->count++] = copy;
	++*counter_of(report, finding->severity);
	return 0;
}

int sov_report_trouble(struct sov_report *report, const struct sov_err *trouble,
		       struct sov_err *err)
{
	report->unreadable++;
	if (sov_vec_grow(&report->troubles, report->trouble_count, sizeof(*trouble)) != 0)
		return sov_fail_nomem(err, trouble->subject);
	report->troubles[report->trouble_count++] = *trouble;
	return 0;
}

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

/* Total for findings that differ in any text: the order never hangs on the order of a walk. */
static int compare_findings(const void *left, const void *right)
{
	const struct sov_finding *a = left, *b = right;
	int order = compare_texts(a->root, b->root);

	if (order == 0)
		order = compare_texts(a->path, b->path);
	if (order == 0)
		order = strcmp(a->rule, b->rule);
	if (order == 0)
		order = compare_texts(a->object, b->object);
	if (order == 0)
		order = compare_texts(a->message, b->message);
	return order != 0 ? order : compare_texts(a->found, b->found);
}

static int compare_troubles(const void *left, const void *right)
{
	const struct sov_err *a = left, *b = right;
	int order = strcmp(a->subject, b->subject);

	return order != 0 ? order : strcmp(a->message, b->message);
}

void sov_report_sort(struct sov_report *report)
{
	if (report->count > 1)
		qsort(report->findings, report->count, sizeof(*report->findings), compare_findings);
	if (report->trouble_count > 1)
		qsort(report->troubles, report->trouble_count, sizeof(*report->troubles),
		      compare_troubles);
}

int sov_report_exit_status(const struct sov_report *report)
{
	if (report->unreadable > 0)
		return 3;
	return report->errors + report->warnings > 0 ? 1 : 0;
}

void sov_report_release(struct sov_report *report)
{
	for (size_t i = 0; i < report->count; i++)
		finding_release(&report->findings[i]);
	free(report->findings);
	free(report->troubles);
	*report = (struct sov_report){0};
}
