/* SPDX-License-Identifier: MIT */
#ifndef SOV_FINDING_H
#define SOV_FINDING_H

#include <stddef.h>

#include <sov/err.h>

#ifdef __cplusplus
extern "C" {
#endif

/* enum sov_severity - how bad a finding is. Only errors and warnings are findings for an exit
 * status; an info never is. */
enum sov_severity {
	SOV_ERROR,
	SOV_WARNING,
	SOV_INFO,
	SOV_OFF, /* of a rule: silent unless opted in */
};

/* sov_severity_name - "error", "warning", "info", "off"; static. */
SOV_PUBLIC const char *sov_severity_name(enum sov_severity severity);

/*
 * struct sov_finding - one thing that is wrong. The texts are raw bytes, owned by the report; NULL
 * where nothing is said.
 */
struct sov_finding {
	const char *rule; /* borrowed: static in what we report */
	enum sov_severity severity;
	char *root;   /* as given by the user */
	char *path;   /* relative to the root */
	char *object; /* the soname or link it is about */
	char *message;
	char *expected;
	char *found;
	char *fix;
};

/*
 * struct sov_report - what a check or a lint found. Zeroed = empty. Owned by the caller, given back
 * with sov_report_release().
 */
struct sov_report {
	struct sov_finding *findings;
	size_t count;
	size_t files;	   /* looked at */
	size_t libraries;  /* among them */
	size_t unreadable; /* could not be examined: exit status 3 */
	size_t errors, warnings, infos;
	struct sov_err *troubles; /* one for each that could not be examined */
	size_t trouble_count;
};

/*
 * sov_report_add - append a finding; every text is copied and may be NULL, but for the rule, which
 * is borrowed and must outlive the report.
 * Returns 0 or -SOV_E_NOMEM.
 */
SOV_PUBLIC int sov_report_add(struct sov_report *report, const struct sov_finding *finding,
			      struct sov_err *err);

/* sov_report_trouble - note something that could not be examined; *trouble is copied.
 * Returns 0 or -SOV_E_NOMEM. */
SOV_PUBLIC int sov_report_trouble(struct sov_report *report, const struct sov_err *trouble,
				  struct sov_err *err);

/* sov_report_sort - by root, path, rule, object; bytewise. */
SOV_PUBLIC void sov_report_sort(struct sov_report *report);

/*
 * sov_report_exit_status - 3 when something could not be examined, else 1 when there is an error or
 * a warning, else 0: as sov_exit_status() has them.
 */
SOV_PUBLIC int sov_report_exit_status(const struct sov_report *report);

/* sov_report_release - give back what *report holds and zero it. A zeroed one is fine. */
SOV_PUBLIC void sov_report_release(struct sov_report *report);

#ifdef __cplusplus
}
#endif
#endif
