/* SPDX-License-Identifier: MIT */
/*
 * ldconfig - what glibc's ldconfig(8) would do to a directory.
 *
 * It goes through the names in the directory's own order. A link that leads to nothing is removed
 * there and then, when it has ".so." in its name. Every other name that looks like a library's is
 * opened, and for each SONAME one name is remembered: a file before a link, else the greater by its
 * own comparison, else the first met. A link counts as a file unless it is called like the SONAME
 * or is the linker name of it. Then, the last SONAME met first, each link is made: unlinked, then
 * made anew, unless it leads to the chosen file already or is no link.
 *
 * What it has changed, it sees itself: `change` keeps what the directory would look like by then.
 */
#include "upgrade/ldconfig.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include <sov/elf.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "elf/ldconfig.h"
#include "upgrade/follow.h"

#define RECENT_GLIBC "2.41"

/* struct choice - the name that is to bear a SONAME. */
struct choice {
	char *soname;
	char *name;
	bool is_link;
};

/* struct change - what has become of a name since. */
struct change {
	char *name;
	char *target; /* NULL = it is gone */
};

/* struct visit - one directory. */
struct visit {
	const struct sov_site *site;
	const struct sov_ldconfig_rules *rules;
	bool hwcaps; /* below glibc-hwcaps: no link is made there */
	struct sov_steps *out;
	struct sov_strs *later; /* directories to go into afterwards */
	struct choice *choice;
	size_t choice_count;
	struct change *change;
	size_t change_count;
	bool dead; /* ldconfig would have died by now */
	struct sov_err *err;
};

void sov_ldconfig_rules_of(struct sov_ldconfig_rules *out, const char *version)
{
	unsigned minor = 0;

	(void)sscanf(version, "2.%u", &minor);
	*out = (struct sov_ldconfig_rules){
		.legacy_subdirectories = minor < 37,
		.cuts_implicit_soname = minor == 37,
		.skips_temporaries = minor >= 39,
	};
}

void sov_ldconfig_rules_here(struct sov_ldconfig_rules *out)
{
#ifdef __GLIBC__
	sov_ldconfig_rules_of(out, gnu_get_libc_version());
#else
	sov_ldconfig_rules_of(out, RECENT_GLIBC);
#endif
}

/* A run of digits as an int of 32 bits that has overflowed in silence. */
static uint32_t take_number(const char **text)
{
	uint32_t value = 0;

	for (; **text >= '0' && **text <= '9'; ++*text)
		value = value * 10 + (uint32_t)(**text - '0');
	return value;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

int sov_ldconfig_compare(const char *a, const char *b)
{
	while (*a != '\0') {
		if (is_digit(*a) && is_digit(*b)) {
			uint32_t left = take_number(&a), right = take_number(&b);

			if (left != right)
				return (int)(left - right);
		} else if (is_digit(*a) || is_digit(*b)) {
			return is_digit(*a) ? 1 : -1;
		} else if (*a != *b) {
			return *a - *b;
		} else {
			a++;
			b++;
		}
	}
	return *a - *b;
}

/* ---- names ---- */

static bool looks_like_library(const char *name)
{
	if (sov_str_starts(name, "lib") || sov_str_starts(name, "ld-"))
		return strstr(name, ".so") != NULL;
	return sov_str_starts(name, "ld.so.") || sov_str_starts(name, "ld64.so.");
}

static bool ends_with(const char *name, const char *tail)
{
	size_t n = strlen(name), m = strlen(tail);

	return n >= m && strcmp(name + n - m, tail) == 0;
}

static bool is_skipped(const struct sov_ldconfig_rules *rules, const char *name)
{
	static const char prelink[] = ".#prelink#", pattern[] = ".#prelink#.XXXXXX";
	size_t n = strlen(name);

	if (ends_with(name, prelink))
		return true;
	if (n >= strlen(pattern) &&
	    memcmp(name + n - strlen(pattern), pattern, strlen(".#prelink#.")) == 0)
		return true;
	return rules->skips_temporaries &&
	       (strchr(name, ';') != NULL || ends_with(name, ".dpkg-new") ||
		ends_with(name, ".dpkg-tmp"));
}

/* The names of directories that an old ldconfig goes into. */
static bool is_legacy_subdirectory(const struct visit *visit, const char *name)
{
	static const char *const names[] = {
		"tls",
#if defined(__x86_64__) || defined(__i386__)
		"sse2",
		"x86_64",
		"avx512_1",
		"i586",
		"i686",
		"haswell",
		"xeon_phi",
#endif
	};

	if (!visit->rules->legacy_subdirectories || visit->hwcaps)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* ---- steps, and what the directory looks like after them ---- */

static int nomem(struct visit *visit)
{
	return sov_fail_nomem(visit->err, visit->site->directory);
}

static int say(struct visit *visit, enum sov_verb verb, const char *name, const char *target,
	       const char *was, const char *why)
{
	char path[SOV_SUBJECT_MAX];
	const struct sov_step step = {
		.verb = verb,
		.path = (char *)sov_site_path(visit->site, name, path),
		.target = (char *)target,
		.was = (char *)was,
		.why = (char *)why,
	};

	return sov_steps_add(visit->out, &step, visit->err);
}

static int change(struct visit *visit, const char *name, const char *target)
{
	struct change *change;

	if (sov_vec_grow(&visit->change, visit->change_count, sizeof(*change)) != 0)
		return nomem(visit);
	change = &visit->change[visit->change_count++];
	change->name = strdup(name);
	change->target = target != NULL ? strdup(target) : NULL;
	if (change->name == NULL || (target != NULL && change->target == NULL))
		return nomem(visit);
	return 0;
}

static const struct change *find_change(const struct visit *visit, const char *name)
{
	for (size_t i = visit->change_count; i > 0; i--)
		if (strcmp(visit->change[i - 1].name, name) == 0)
			return &visit->change[i - 1];
	return NULL;
}

/* What the link of that name says by now. Returns false when there is none. */
static bool link_says(const struct visit *visit, const char *name, char target[SOV_SUBJECT_MAX])
{
	const struct change *change = find_change(visit, name);
	ssize_t n;

	if (change != NULL)
		return change->target != NULL &&
		       sov_str_copy(target, SOV_SUBJECT_MAX, change->target);
	n = readlinkat(visit->site->dirfd, name, target, SOV_SUBJECT_MAX - 1);
	if (n < 0)
		return false;
	target[n] = '\0';
	return true;
}

/* lstat(2) by now: is there something of that name, and is it a link? */
static bool is_there(const struct visit *visit, const char *name, bool *is_link)
{
	const struct change *change = find_change(visit, name);
	struct stat status;

	*is_link = change != NULL;
	if (change != NULL)
		return change->target != NULL;
	if (fstatat(visit->site->dirfd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	*is_link = S_ISLNK(status.st_mode);
	return true;
}

/* stat(2) by now. Links in this directory are followed by name, for they may have changed. */
static bool find_file(const struct visit *visit, const char *path, struct stat *status)
{
	char name[SOV_SUBJECT_MAX], target[SOV_SUBJECT_MAX];
	struct sov_landing landing;
	bool found;

	if (!sov_str_copy(name, sizeof(name), path))
		return false;
	for (int links = 0; strchr(name, '/') == NULL && link_says(visit, name, target); links++) {
		if (links == 40)
			return false;
		memcpy(name, target, sizeof(name));
	}
	if (find_change(visit, name) != NULL) /* not a link: gone */
		return false;
	found = sov_follow(&landing, visit->site, name) == SOV_LANDING_FOUND;
	*status = landing.status;
	sov_landing_release(&landing);
	return found;
}

/* ---- reading the directory ---- */

static int choose(struct visit *visit, const char *soname, const char *name, bool is_link)
{
	struct choice *choice;

	for (size_t i = 0; i < visit->choice_count; i++) {
		choice = &visit->choice[i];
		if (strcmp(choice->soname, soname) != 0)
			continue;
		if ((!is_link && choice->is_link) ||
		    (is_link == choice->is_link && sov_ldconfig_compare(choice->name, name) < 0)) {
			free(choice->name);
			choice->name = strdup(name);
			choice->is_link = is_link;
		}
		return choice->name != NULL ? 0 : nomem(visit);
	}
	if (sov_vec_grow(&visit->choice, visit->choice_count, sizeof(*choice)) != 0)
		return nomem(visit);
	choice = &visit->choice[visit->choice_count++];
	*choice = (struct choice){strdup(soname), strdup(name), is_link};
	return choice->soname != NULL && choice->name != NULL ? 0 : nomem(visit);
}

/* A link is passed over as such when it is called like the SONAME, or is its linker name; any other
 * is as good as a file. */
static bool stays_link(const char *name, const char *soname)
{
	if (strcmp(name, soname) == 0)
		return true;
	return ends_with(name, ".so") && sov_str_starts(soname, name);
}

/* What it takes for the SONAME of a file that has none: its name. */
static void implicit_soname(const struct visit *visit, char soname[SOV_SUBJECT_MAX],
			    const char *name)
{
	char *major;

	(void)sov_str_copy(soname, SOV_SUBJECT_MAX, name);
	major = strstr(soname, ".so.");
	if (visit->rules->cuts_implicit_soname && major != NULL) {
		major += strlen(".so.");
		major[strcspn(major, ".")] = '\0';
	}
}

static int die(struct visit *visit, const char *name, const char *why)
{
	visit->dead = true;
	return say(visit, SOV_STEP_REFUSE, name, NULL, NULL, why);
}

static int take_file(struct visit *visit, const char *name, bool is_link, int fd)
{
	struct sov_ldconfig_view view;

	sov_elf_ldconfig_view(&view, fd);
	if (view.sees == SOV_LDCONFIG_NOTHING)
		return 0;
	if (view.sees == SOV_LDCONFIG_DEATH)
		return die(visit, name, "it dies here: the file ends where it reads");
	if (!view.has_soname)
		implicit_soname(visit, view.soname, name);
	if (is_link && stays_link(name, view.soname))
		return choose(visit, name, name, true);
	return choose(visit, view.soname, name, false);
}

static int take_link(struct visit *visit, const char *name)
{
	char target[SOV_SUBJECT_MAX];
	struct sov_landing landing;
	sov_autoclose int fd = -1;
	int code = 0;

	if (sov_follow(&landing, visit->site, name) != SOV_LANDING_FOUND) {
		if (strstr(name, ".so.") == NULL || !link_says(visit, name, target))
			return 0;
		code = say(visit, SOV_STEP_REMOVE, name, NULL, target, NULL);
		return code == 0 ? change(visit, name, NULL) : code;
	}
	if (S_ISDIR(landing.status.st_mode) && is_legacy_subdirectory(visit, name))
		code = sov_strs_add(visit->later, name) == 0 ? 0 : nomem(visit);
	else if (S_ISREG(landing.status.st_mode))
		fd = sov_identity_open(landing.site.dirfd, landing.name, O_NOFOLLOW);
	else if (S_ISFIFO(landing.status.st_mode))
		code = die(visit, name, "it waits here for ever: a fifo");
	if (fd >= 0)
		code = take_file(visit, name, true, fd);
	sov_landing_release(&landing);
	return code;
}

static int take_name(struct visit *visit, const char *name)
{
	struct stat status;
	sov_autoclose int fd = -1;
	bool library = looks_like_library(name);

	if (is_skipped(visit->rules, name) ||
	    fstatat(visit->site->dirfd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return 0;
	if (!library &&
	    (S_ISREG(status.st_mode) || (!visit->hwcaps && !is_legacy_subdirectory(visit, name))))
		return 0;
	if (S_ISLNK(status.st_mode))
		return take_link(visit, name);
	if (S_ISDIR(status.st_mode) && is_legacy_subdirectory(visit, name))
		return sov_strs_add(visit->later, name) == 0 ? 0 : nomem(visit);
	if (!S_ISREG(status.st_mode))
		return 0;
	fd = sov_identity_open(visit->site->dirfd, name, O_NOFOLLOW);
	return fd >= 0 ? take_file(visit, name, false, fd) : 0;
}

/* The names of a directory, in its own order, for sov_strs_release(). */
static int list_names(const struct sov_site *site, struct sov_strs *names, struct sov_err *err)
{
	int fd = openat(site->dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	char path[SOV_SUBJECT_MAX];
	struct dirent *entry;
	int code = 0;

	if (directory == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return sov_fail_errno(err, sov_site_path(site, "", path), "cannot be read");
	}
	while (code == 0 && (entry = readdir(directory)) != NULL)
		if (sov_strs_add(names, entry->d_name) != 0)
			code = sov_fail_nomem(err, site->directory);
	(void)closedir(directory);
	return code;
}

static int read_names(struct visit *visit)
{
	struct sov_strs names = {0};
	int code = list_names(visit->site, &names, visit->err);

	for (size_t i = 0; code == 0 && !visit->dead && i < names.count; i++)
		code = take_name(visit, names.item[i]);
	sov_strs_release(&names);
	return code;
}

/* ---- making links ---- */

/* Could a name be made there, whatever bears it now? */
static bool has_place(const struct visit *visit, const char *path)
{
	char directory[SOV_SUBJECT_MAX];
	struct stat status;
	const char *name = sov_str_basename(path);

	if (name[0] == '\0' || strlen(name) >= SOV_NAME_MAX)
		return false;
	if (name == path)
		return true;
	return sov_str_dirname(directory, sizeof(directory), path) &&
	       find_file(visit, directory, &status) && S_ISDIR(status.st_mode);
}

static int make_link(struct visit *visit, const char *soname, const char *name, bool is_link)
{
	char was[SOV_SUBJECT_MAX];
	int code;

	if (!is_link)
		was[0] = '\0';
	else if (!link_says(visit, soname, was))
		(void)sov_str_copy(was, sizeof(was), "?");
	if (!has_place(visit, soname))
		return say(visit, SOV_STEP_REFUSE, soname, name, NULL, "it can't make that link");
	code = say(visit, SOV_STEP_LINK, soname, name, is_link ? was : NULL, NULL);
	return code == 0 ? change(visit, soname, name) : code;
}

/* Where the link of a SONAME is made: it puts the directory and a '/' before whatever it is. */
static const char *path_of(const char *soname)
{
	while (soname[0] == '/' || sov_str_starts(soname, "./"))
		soname++;
	return soname[0] != '\0' ? soname : ".";
}

static int lead(struct visit *visit, const struct choice *choice)
{
	const char *soname = path_of(choice->soname);
	struct stat file, now;
	bool is_link;

	if (find_file(visit, soname, &now)) {
		if (!find_file(visit, choice->name, &file))
			return 0;
		if (now.st_dev == file.st_dev && now.st_ino == file.st_ino)
			return 0;
		if (is_there(visit, soname, &is_link) && !is_link)
			return say(visit, SOV_STEP_REFUSE, soname, choice->name, NULL,
				   "it is no link");
	}
	(void)is_there(visit, soname, &is_link);
	return make_link(visit, soname, choice->name, is_link);
}

static void visit_release(struct visit *visit)
{
	for (size_t i = 0; i < visit->choice_count; i++) {
		free(visit->choice[i].soname);
		free(visit->choice[i].name);
	}
	for (size_t i = 0; i < visit->change_count; i++) {
		free(visit->change[i].name);
		free(visit->change[i].target);
	}
	free(visit->choice);
	free(visit->change);
}

static int run_visit(struct visit *visit)
{
	int code = read_names(visit);

	if (visit->dead || visit->hwcaps)
		return code;
	for (size_t i = visit->choice_count; code == 0 && i > 0; i--)
		if (!visit->choice[i - 1].is_link)
			code = lead(visit, &visit->choice[i - 1]);
	return code;
}

/* ---- the directories below ---- */

/* struct queue - the order in which directories are gone into, relative to the one that was given:
 * itself, then those of glibc-hwcaps, then older ones as they are met. */
struct queue {
	const struct sov_site *site;
	struct sov_strs path;
	size_t hwcaps; /* so many behind the first are below glibc-hwcaps */
};

static void below_it(char path[SOV_SUBJECT_MAX], const struct sov_site *site, const char *name)
{
	(void)sov_str_format(path, SOV_SUBJECT_MAX, "%s/%s",
			     site->directory[0] != '\0' ? site->directory : ".", name);
}

static int queue_hwcaps(struct queue *queue, struct sov_err *err)
{
	struct sov_site below = {.dirfd = -1};
	char path[SOV_SUBJECT_MAX];
	struct sov_strs names = {0};
	struct sov_err ignored;
	struct stat status;
	int code = 0;

	below_it(path, queue->site, "glibc-hwcaps");
	if (sov_site_open(&below, queue->site->root, path, SOV_SITE_REFUSE, &ignored) != 0)
		return 0;
	code = list_names(&below, &names, err);
	for (size_t i = 0; code == 0 && i < names.count; i++) {
		struct sov_landing landing;

		if (names.item[i][0] == '.' || strchr(names.item[i], ':') != NULL ||
		    sov_follow(&landing, &below, names.item[i]) != SOV_LANDING_FOUND)
			continue;
		status = landing.status;
		sov_landing_release(&landing);
		if (!S_ISDIR(status.st_mode))
			continue;
		(void)sov_str_format(path, sizeof(path), "glibc-hwcaps/%s", names.item[i]);
		code = sov_strs_add(&queue->path, path) == 0 ? 0 : sov_fail_nomem(err, path);
		queue->hwcaps++;
	}
	sov_strs_release(&names);
	sov_site_close(&below);
	return code;
}

/* Remember what a visit has met, as paths from the first directory. */
static int queue_later(struct queue *queue, const char *directory, const struct sov_strs *later,
		       struct sov_err *err)
{
	char path[SOV_SUBJECT_MAX];
	int code = 0;

	for (size_t i = 0; code == 0 && i < later->count; i++) {
		(void)sov_str_format(path, sizeof(path), "%s%s%s", directory,
				     directory[0] != '\0' ? "/" : "", later->item[i]);
		code = sov_strs_add(&queue->path, path) == 0 ? 0 : sov_fail_nomem(err, path);
	}
	return code;
}

static int visit_one(struct queue *queue, size_t i, struct visit *visit)
{
	struct sov_site site = {.dirfd = -1};
	struct sov_strs later = {0};
	char path[SOV_SUBJECT_MAX];
	struct sov_err ignored;
	int code;

	if (i == 0)
		(void)sov_str_copy(path, sizeof(path), queue->site->directory);
	else
		below_it(path, queue->site, queue->path.item[i]);
	if (sov_site_open(&site, queue->site->root, path, SOV_SITE_REFUSE, &ignored) != 0)
		return 0;
	visit->site = &site;
	visit->later = &later;
	visit->hwcaps = i > 0 && i <= queue->hwcaps;
	code = run_visit(visit);
	if (code == 0)
		code = queue_later(queue, queue->path.item[i], &later, visit->err);
	sov_strs_release(&later);
	sov_site_close(&site);
	return code;
}

int sov_ldconfig_predict(struct sov_steps *out, const struct sov_site *site,
			 const struct sov_ldconfig_rules *rules, struct sov_err *err)
{
	struct queue queue = {.site = site};
	bool dead = false;
	int code = sov_strs_add(&queue.path, "") == 0 ? 0 : sov_fail_nomem(err, site->directory);

	if (code == 0)
		code = queue_hwcaps(&queue, err);
	for (size_t i = 0; code == 0 && !dead && i < queue.path.count; i++) {
		struct visit visit = {.rules = rules, .out = out, .err = err};

		code = visit_one(&queue, i, &visit);
		dead = visit.dead;
		visit_release(&visit);
	}
	sov_strs_release(&queue.path);
	return code;
}
