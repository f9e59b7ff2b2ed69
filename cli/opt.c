/* SPDX-License-Identifier: MIT */
#include "cli/opt.h"

#include <getopt.h>
#include <stdbool.h>
#include <string.h>

#include <sov/err.h>

#include "base/str.h"

#define OPTIONS_MAX 64	/* of all groups of a command line; a table is ours, not the user's */
#define ROW_BASE    256 /* getopt's values of long options lie above every letter */
#define LETTERS_MAX (2 * OPTIONS_MAX + 3) /* "+:", letters, their colons */
#define HELP_COLUMN 28			  /* in which the words of help begin */

/* struct scanner - the tables of a command line in the form that getopt_long() takes. */
struct scanner {
	const struct sov_option *rows[OPTIONS_MAX];
	void *targets[OPTIONS_MAX];
	size_t count;
	struct option longs[OPTIONS_MAX + 1];
	size_t long_count;
	char letters[LETTERS_MAX];
};

static bool knows_name(const struct scanner *scanner, const char *name)
{
	for (size_t i = 0; i < scanner->count; i++)
		if (scanner->rows[i]->name != NULL && strcmp(scanner->rows[i]->name, name) == 0)
			return true;
	return false;
}

static void add_row(struct scanner *scanner, const struct sov_option *row, void *target)
{
	if (scanner->count == OPTIONS_MAX || (row->name != NULL && knows_name(scanner, row->name)))
		return;
	if (row->name != NULL)
		scanner->longs[scanner->long_count++] = (struct option){
			.name = row->name,
			.has_arg = row->metavar != NULL ? required_argument : no_argument,
			.val = ROW_BASE + (int)scanner->count,
		};
	if (row->letter != 0) {
		strncat(scanner->letters, &row->letter, 1);
		strcat(scanner->letters, row->metavar != NULL ? ":" : "");
	}
	scanner->targets[scanner->count] = target;
	scanner->rows[scanner->count++] = row;
}

static void init_scanner(struct scanner *scanner, const struct sov_option_group *groups,
			 size_t group_count, enum sov_operands operands)
{
	memset(scanner, 0, sizeof(*scanner));
	strcpy(scanner->letters, operands == SOV_OPERANDS_LAST ? "+:" : ":");
	for (size_t i = 0; i < group_count; i++)
		for (const struct sov_option *row = groups[i].options; row != NULL && row->help;
		     row++)
			add_row(scanner, row, groups[i].target);
}

/* The index of the row that getopt's value stands for; count = none. */
static size_t find_row(const struct scanner *scanner, int value)
{
	if (value >= ROW_BASE)
		return (size_t)(value - ROW_BASE);
	for (size_t i = 0; i < scanner->count; i++)
		if (value != 0 && scanner->rows[i]->letter == value)
			return i;
	return scanner->count;
}

static int fail_unknown_name(const struct scanner *scanner, const char *argument,
			     struct sov_err *err)
{
	const char *names[OPTIONS_MAX];
	char name[64];
	const char *near;

	for (size_t i = 0; i < scanner->count; i++)
		names[i] = scanner->rows[i]->name;
	sov_str_copy(name, sizeof(name), argument + strlen("--"));
	name[strcspn(name, "=")] = '\0';
	near = sov_str_nearest(name, names, scanner->count);
	sov_fail(err, SOV_E_USAGE, NULL, "unknown option --%s", name);
	return near != NULL ? sov_fix(err, "did you mean --%s?", near) : -SOV_E_USAGE;
}

/* "--format" or "-o" */
static int fail_option(const struct sov_option *option, const char *fault, const char *detail,
		       struct sov_err *err)
{
	char letter[] = {option->letter, '\0'};

	return sov_fail(err, SOV_E_USAGE, NULL, "%s%s %s%s", option->name != NULL ? "--" : "-",
			option->name != NULL ? option->name : letter, fault, detail);
}

/* getopt_long() met what no row knows, or a row that it does not suit. */
static int fail_argument(const struct scanner *scanner, int value, const char *argument,
			 struct sov_err *err)
{
	size_t i = find_row(scanner, optopt);

	if (i < scanner->count && value == ':')
		return fail_option(scanner->rows[i], "needs a value: ", scanner->rows[i]->metavar,
				   err);
	if (i < scanner->count)
		return fail_option(scanner->rows[i], "takes no value", "", err);
	if (optopt != 0)
		return sov_fail(err, SOV_E_USAGE, NULL, "unknown option -%c", optopt);
	return fail_unknown_name(scanner, argument, err);
}

int sov_opt_parse(const struct sov_option_group *groups, size_t group_count,
		  enum sov_operands operands, int argc, char **argv, struct sov_err *err)
{
	struct scanner scanner;
	int value, code;
	size_t i;

	init_scanner(&scanner, groups, group_count, operands);
	opterr = 0;
	optind = 0; /* glibc: begin anew, also in the middle of clustered letters */
	for (;;) {
		value = getopt_long(argc, argv, scanner.letters, scanner.longs, NULL);
		if (value == -1)
			return optind;
		if (value == '?' || value == ':')
			return fail_argument(&scanner, value, argv[optind - 1], err);
		i = find_row(&scanner, value);
		code = scanner.rows[i]->take(scanner.targets[i], scanner.rows[i], optarg, err);
		if (code < 0)
			return code;
		if (code == SOV_OPT_STOP)
			return optind;
	}
}

/* Returns the columns taken. */
static int print_spelling(FILE *out, const struct sov_option *option)
{
	int columns = fprintf(out, "  ");

	if (option->letter != 0)
		columns += fprintf(out, "-%c%s", option->letter, option->name != NULL ? ", " : "");
	else
		columns += fprintf(out, "    ");
	if (option->name != NULL)
		columns += fprintf(out, "--%s", option->name);
	if (option->metavar != NULL)
		columns += fprintf(out, "%s%s", option->name != NULL ? "=" : " ", option->metavar);
	return columns;
}

static void print_option(FILE *out, const struct sov_option *option)
{
	int columns = print_spelling(out, option);

	fprintf(out, "%*s%s\n", HELP_COLUMN - columns, "", option->help);
}

void sov_opt_print(FILE *out, const struct sov_option *options)
{
	for (; options != NULL && options->help != NULL; options++)
		print_option(out, options);
}
