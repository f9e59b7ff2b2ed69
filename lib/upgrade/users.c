/* SPDX-License-Identifier: MIT */
#include <sov/users.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "upgrade/mapped.h"
#include "upgrade/processes.h"
#include "upgrade/question.h"

/* struct line - the lines of maps that one process has of one file. */
struct line {
	struct sov_mapping mapping; /* the first of them, its path our own */
	bool runs;
};

/* struct search - a census under way. */
struct search {
	struct sov_users *out;
	struct sov_question *question;
	size_t question_count;
	struct sov_sonames sonames;
	struct line *line; /* of the present process */
	size_t line_count;
};

const char *sov_use_state_name(enum sov_use_state state)
{
	static const char *const names[] = {
		[SOV_USE_PRESENT] = "present",	 [SOV_USE_OLD] = "old",
		[SOV_USE_REPLACED] = "replaced", [SOV_USE_DELETED] = "deleted",
		[SOV_USE_UNKNOWN] = "unknown",
	};

	return names[state];
}

static struct line *known_line(const struct search *search, const struct sov_mapping *mapping)
{
	/* A file's lines stand together: the last one first. */
	for (size_t i = search->line_count; i-- > 0;) {
		struct line *line = &search->line[i];

		if (line->mapping.inode == mapping->inode &&
		    line->mapping.major == mapping->major &&
		    line->mapping.minor == mapping->minor &&
		    strcmp(line->mapping.path, mapping->path) == 0)
			return line;
	}
	return NULL;
}

static int take_mapping(void *data, struct sov_process *process, const struct sov_mapping *mapping,
			struct sov_err *err)
{
	struct search *search = data;
	struct line *line, own = {*mapping, mapping->execute};
	bool wanted = false;

	(void)process;
	for (size_t i = 0; !wanted && i < search->question_count; i++)
		wanted = sov_question_may_want(&search->question[i], mapping);
	if (!wanted)
		return 0;
	line = known_line(search, mapping);
	if (line != NULL) {
		line->runs = line->runs || mapping->execute;
		return 0;
	}
	own.mapping.path = strdup(mapping->path);
	if (own.mapping.path == NULL ||
	    sov_vec_grow(&search->line, search->line_count, sizeof(own)) != 0) {
		free((char *)own.mapping.path);
		return sov_fail_nomem(err, "/proc");
	}
	search->line[search->line_count++] = own;
	return 0;
}

static void release_use(struct sov_use *use)
{
	free(use->comm);
	free(use->path);
	free(use->soname);
	free(use->now);
}

static char *copy_or_null(const char *text)
{
	return text != NULL ? strdup(text) : NULL;
}

/* Whom does it belong to? Returns 1 when the process has ended meanwhile. */
static int fill_owner(struct sov_use *use, const struct sov_process *process, struct sov_err *err)
{
	char comm[64];
	uid_t uid;

	if (!sov_process_name(process, comm) || !sov_process_uid(process, &uid))
		return 1;
	use->pid = process->pid;
	use->uid = uid;
	use->comm = strdup(comm);
	return use->comm != NULL ? 0 : sov_fail_nomem(err, NULL);
}

static int add_use(struct search *search, const struct sov_process *process,
		   const struct sov_mapped *mapped, const char *soname, struct sov_err *err)
{
	struct sov_users *out = search->out;
	struct sov_use use = {.runs = mapped->runs, .apart = sov_mapped_apart(mapped, process)};
	int code = fill_owner(&use, process, err);

	if (code == 0)
		code = sov_mapped_judge(mapped, process, soname, &use.state, &use.now, err);
	use.path = strdup(mapped->path);
	use.soname = copy_or_null(mapped->soname);
	if (code == 0 && (use.path == NULL || (mapped->soname != NULL && use.soname == NULL) ||
			  sov_vec_grow(&out->use, out->count, sizeof(use)) != 0))
		code = sov_fail_nomem(err, mapped->path);
	if (code == 0)
		out->use[out->count++] = use;
	else
		release_use(&use);
	return code < 0 ? code : 0;
}

/* The question that a file answers, or NULL. */
static const struct sov_question *question_for(const struct search *search,
					       const struct sov_mapped *mapped,
					       const struct sov_process *process)
{
	for (size_t i = 0; i < search->question_count; i++)
		if (sov_question_wants(&search->question[i], mapped, process))
			return &search->question[i];
	return NULL;
}

static int take_line(struct search *search, const struct sov_process *process,
		     const struct line *line, struct sov_err *err)
{
	const struct sov_question *question;
	struct sov_mapped mapped;
	int code = sov_mapped_look(&mapped, process, &line->mapping, &search->sonames, err);

	mapped.runs = line->runs;
	question = code == 0 ? question_for(search, &mapped, process) : NULL;
	if (question != NULL && (mapped.soname != NULL || question->below))
		code = add_use(search, process, &mapped, mapped.soname, err);
	else if (question != NULL)
		code = add_use(search, process, &mapped, sov_question_soname(question), err);
	free(mapped.path);
	return code;
}

static void drop_lines(struct search *search)
{
	for (size_t i = 0; i < search->line_count; i++)
		free((char *)search->line[i].mapping.path);
	free(search->line);
	search->line = NULL;
	search->line_count = 0;
}

static int finish_process(void *data, struct sov_process *process, struct sov_err *err)
{
	struct search *search = data;
	size_t first = search->out->count;
	bool stale = false;
	int code = 0;

	for (size_t i = 0; code == 0 && i < search->line_count; i++)
		code = take_line(search, process, &search->line[i], err);
	for (size_t i = first; i < search->out->count; i++)
		stale = stale || sov_use_stale(&search->out->use[i]);
	search->out->stale += stale ? 1 : 0;
	drop_lines(search);
	return code;
}

static int by_pid(const void *a, const void *b)
{
	const struct sov_use *one = a, *other = b;

	if (one->pid != other->pid)
		return one->pid < other->pid ? -1 : 1;
	return strcmp(one->path, other->path);
}

static int add_absent(struct sov_users *out, const struct sov_question *question,
		      const char *operand, struct sov_err *err)
{
	struct sov_strs absent = {out->absent, out->absent_count};
	int code = 0;

	if (!question->absent)
		return 0;
	if (sov_strs_add(&absent, operand) != 0)
		code = sov_fail_nomem(err, operand);
	out->absent = absent.item;
	out->absent_count = absent.count;
	return code;
}

static int read_questions(struct search *search, char *const *what, size_t count,
			  struct sov_err *err)
{
	int code = 0;

	for (size_t i = 0; code == 0 && i < count; i++) {
		code = sov_question_read(&search->question[i], what[i], err);
		if (code == 0)
			code = add_absent(search->out, &search->question[i], what[i], err);
		search->question_count = i + 1;
	}
	return code;
}

static int run_search(struct search *search, struct sov_err *err)
{
	const struct sov_observer observer = {search, take_mapping, finish_process};
	struct sov_users *out = search->out;
	struct sov_census census;
	int code = sov_processes_observe(&census, &observer, err);

	out->processes = census.processes;
	out->unreadable = census.unreadable;
	out->hidden = census.hidden;
	if (out->count > 0)
		qsort(out->use, out->count, sizeof(*out->use), by_pid);
	return code;
}

int sov_users_find(struct sov_users *out, char *const *what, size_t count, struct sov_err *err)
{
	struct search search = {.out = out,
				.question = calloc(count + 1, sizeof(struct sov_question))};
	int code;

	*out = (struct sov_users){0};
	if (search.question == NULL)
		return sov_fail_nomem(err, NULL);
	code = read_questions(&search, what, count, err);
	if (code == 0)
		code = run_search(&search, err);
	for (size_t i = 0; i < search.question_count; i++)
		sov_question_release(&search.question[i]);
	free(search.question);
	drop_lines(&search);
	sov_sonames_release(&search.sonames);
	if (code != 0)
		sov_users_release(out);
	return code;
}

void sov_users_release(struct sov_users *users)
{
	struct sov_strs absent = {users->absent, users->absent_count};

	for (size_t i = 0; i < users->count; i++)
		release_use(&users->use[i]);
	free(users->use);
	sov_strs_release(&absent);
	*users = (struct sov_users){0};
}
