/* SPDX-License-Identifier: MIT */
#include "tool/owner.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* A number of 32 bits less the greatest, which means "not said". */
static bool number_of(unsigned *out, const char *text)
{
	unsigned long value;
	char *end;

	text += *text == '+';
	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno != 0 || *end != '\0' || value >= 0xFFFFFFFFUL)
		return false;
	*out = (unsigned)value;
	return true;
}

static int refuse(const char *what, const char *name, struct sov_err *err)
{
	sov_fail(err, SOV_E_USAGE, "--owner", "there is no such %s", what);
	sov_expected(err, "USER[:GROUP], names or numbers");
	return sov_found(err, "%s", name);
}

static int user_of(struct owner *out, const char *name, bool login_group, struct sov_err *err)
{
	const struct passwd *user = *name != '+' ? getpwnam(name) : NULL;
	unsigned number;

	if (user == NULL && !number_of(&number, name))
		return refuse("user", name, err);
	if (user == NULL && login_group)
		user = getpwuid(number);
	if (user == NULL && login_group)
		return refuse("user with a login group", name, err);
	out->uid = user != NULL ? user->pw_uid : number;
	if (login_group)
		out->gid = user->pw_gid;
	return 0;
}

static int group_of(struct owner *out, const char *name, struct sov_err *err)
{
	const struct group *group = *name != '+' ? getgrnam(name) : NULL;
	unsigned number;

	if (group == NULL && !number_of(&number, name))
		return refuse("group", name, err);
	out->gid = group != NULL ? group->gr_gid : number;
	return 0;
}

int owner_parse(struct owner *out, const char *text, struct sov_err *err)
{
	struct owner owner = {(uid_t)-1, (gid_t)-1};
	size_t n = strcspn(text, ":");
	bool colon = text[n] == ':', group = colon && text[n + 1] != '\0';
	sov_autofree char *user = strndup(text, n);
	int rc = 0;

	if (user == NULL)
		return sov_fail_nomem(err, "--owner");
	if (n == 0 && !group)
		return refuse("user", text, err);
	if (n > 0)
		rc = user_of(&owner, user, colon && !group, err);
	if (rc == 0 && group)
		rc = group_of(&owner, text + n + 1, err);
	if (rc == 0)
		*out = owner;
	return rc;
}
