/* SPDX-License-Identifier: MIT */
/*
 * A compiler's command line with the files that it names: three texts that end in a NUL, the words,
 * one a line, and what `@f` and `@g` hold.
 */
#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "wrapper/args.h"

#define WORDS_MAX 256

/* f and g are links in the working directory to files that only this process has. */
static int open_file(const char *name)
{
	int fd = memfd_create(name, 0);
	char target[] = "/proc/self/fd/000";

	REQUIRE(fd >= 0 && fd < 1000);
	for (int i = 0, rest = fd; i < 3; i++, rest /= 10)
		target[sizeof(target) - 2 - (size_t)i] = (char)('0' + rest % 10);
	unlink(name);
	REQUIRE(symlink(target, name) == 0);
	return fd;
}

static void fill(int fd, const char *text, size_t size)
{
	REQUIRE(ftruncate(fd, 0) == 0 && pwrite(fd, text, size, 0) == (ssize_t)size);
}

static int split(char *words, char **argv)
{
	int argc = 0;

	argv[argc++] = (char *)"cc";
	for (char *word = strtok(words, "\n"); word != NULL && argc < WORDS_MAX;
	     word = strtok(NULL, "\n"))
		argv[argc++] = word;
	argv[argc] = NULL;
	return argc;
}

static void read_line(int argc, char *const *argv)
{
	struct ccline line = {0};

	REQUIRE(ccline_read(&line, argc, argv) == 0);
	REQUIRE(line.append_at >= 0 && line.append_at <= argc);
	REQUIRE(line.soname.name == NULL || (line.soname.arg >= 0 && line.soname.arg < argc));
	REQUIRE(!ccline_links_shared(&line) || line.shared);
	ccline_release(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int f = -1, g = -1;
	char *argv[WORDS_MAX + 1];
	char *words = fuzz_text(data, size), *end = words + size;
	char *in_f = words + strlen(words), *in_g;

	if (f < 0) {
		f = open_file("f");
		g = open_file("g");
	}
	in_f += in_f < end;
	in_g = in_f + strlen(in_f);
	fill(f, in_f, (size_t)(in_g - in_f));
	in_g += in_g < end;
	fill(g, in_g, (size_t)(end - in_g));
	read_line(split(words, argv), argv);
	free(words);
	return 0;
}
