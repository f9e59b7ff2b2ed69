/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "base/str.h"

static void a_copy_is_cut_to_fit_and_says_so(void **state)
{
	char out[4] = "###";

	(void)state;
	assert_true(sov_str_copy(out, sizeof(out), "abc"));
	assert_string_equal(out, "abc");
	assert_false(sov_str_copy(out, sizeof(out), "wxyz"));
	assert_string_equal(out, "wxy");
	assert_false(sov_str_copy(out, 0, ""));
	assert_string_equal(out, "wxy");
	assert_true(sov_str_format(out, sizeof(out), "%d", 123));
	assert_false(sov_str_format(out, sizeof(out), "%d", 1234));
	assert_string_equal(out, "123");
}

static void an_excerpt_is_short_whatever_the_text(void **state)
{
	static char endless[5001];
	char out[SOV_EXCERPT_MAX];

	(void)state;
	assert_string_equal(sov_str_excerpt(out, "1.2"), "1.2");
	memset(endless, '7', sizeof(endless) - 1);
	assert_int_equal(strlen(sov_str_excerpt(out, endless)), SOV_EXCERPT_MAX - 1);
	assert_string_equal(out + SOV_EXCERPT_MAX - 5, "7...");
}

static void an_ellipsis_leaves_no_half_character(void **state)
{
	char text[] = "ab\xE2\x82\xAC"
		      "cd";

	(void)state;
	sov_str_ellipsis(text, sizeof(text)); /* would begin at the last byte of the character */
	assert_string_equal(text, "ab...");
}

static const char *const words[] = {"version", "libtool", "soversion", NULL, "policy", "lint"};

static void the_nearest_word_is_found(void **state)
{
	static const struct {
		const char *text, *word;
	} cases[] = {
		{"verison",    "version"  }, /* swapped */
		{"versoin",    "version"  },
		{"vershun",    "version"  }, /* two replaced */
		{"VERSION",    "version"  },
		{"so-version", "soversion"},
		{"libtol",	   "libtool"  },
		{"polcy",	  "policy"	  },
		{"lnt",	"lint"     },
		{"ilnt",	 "lint"     },
		{"lib",	NULL	    }, /* two edits: too far for a word of three */
		{"",	     NULL	 },
		{"x",	      NULL	  },
		{"foo",	NULL	    },
		{"rendition",  NULL	  },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *nearest = sov_str_nearest(cases[i].text, words, COUNT(words));

		if (cases[i].word)
			assert_string_equal(nearest, cases[i].word);
		else
			assert_null(nearest);
	}
}

static void of_words_that_are_equally_near_it_is_the_first(void **state)
{
	static const char *const twins[] = {"no", "na", "nb"};

	(void)state;
	assert_string_equal(sov_str_nearest("nx", twins, COUNT(twins)), "no");
	assert_string_equal(sov_str_nearest("nb", twins, COUNT(twins)), "nb");
	assert_null(sov_str_nearest("xy", twins, COUNT(twins)));
}

static void no_word_is_near_an_endless_text(void **state)
{
	static char endless[100000];

	(void)state;
	memset(endless, 'v', sizeof(endless) - 1);
	assert_null(sov_str_nearest(endless, words, COUNT(words)));
	endless[100] = '\0'; /* a third of it is more than any word has */
	assert_null(sov_str_nearest(endless, words, COUNT(words)));
	assert_null(sov_str_nearest("version", words, 0));
}

static void paths_are_taken_apart_at_the_last_slash(void **state)
{
	static const struct {
		const char *path, *directory, *name;
	} cases[] = {
		{"",	     "",	 ""	   },
		     {"x",	   "",    "x"	  },
		{"/",	      "/",   ""	     },
		{"/x",	       "/",   "x"     },
		     {"a/b",	     "a",	  "b"     },
		{"a/b/c.so.1", "a/b", "c.so.1"},
		{"a//b",	 "a/",  "b"	  },
		     {"a/",	    "a",	 ""	   },
	};
	char out[16];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(sov_str_dirname(out, sizeof(out), cases[i].path));
		assert_string_equal(out, cases[i].directory);
		assert_string_equal(sov_str_basename(cases[i].path), cases[i].name);
	}
	assert_false(sov_str_dirname(out, 3, "long/x"));
	assert_string_equal(out, "lo");
}

static void a_beginning_is_recognized(void **state)
{
	(void)state;
	assert_true(sov_str_starts("libx", "lib"));
	assert_true(sov_str_starts("lib", ""));
	assert_false(sov_str_starts("li", "lib"));
	assert_false(sov_str_starts("Libx", "lib"));
}

static void a_word_of_a_shell_is_quoted_when_it_must_be(void **state)
{
	static const struct {
		const char *text, *word;
	} cases[] = {
		{"lib/libx-1_2+a=b,c:d@e%f.so.1", "lib/libx-1_2+a=b,c:d@e%f.so.1"},
		{"",			      "''"			   },
		{"-rf",			   "-rf"			     },
		{"a b",			   "'a b'"			       },
		{"x$(id)`id`;\\\"",		    "'x$(id)`id`;\\\"'"	       },
		{"~",			     "'~'"			   },
		{"it's",			  "'it'\"'\"'s'"		       },
		{"\xC3\xA9\n",		       "'\xC3\xA9\n'"		     },
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(sov_shell_word(out, sizeof(out), cases[i].text),
				 strlen(cases[i].word));
		assert_string_equal(out, cases[i].word);
	}
	assert_int_equal(sov_shell_word(out, 4, "it's"), 10);
	assert_string_equal(out, "'it");
	assert_int_equal(sov_shell_word(NULL, 0, "it's"), 10);
}

static void each_byte_that_a_shell_reads_is_quoted_by_itself(void **state)
{
	static const char bytes[] = " \t\n!\"#$&()*;<>?[\\]^`{|}~\x01\x7F\xFF";
	char out[8];

	(void)state;
	for (const char *byte = bytes; *byte; byte++) {
		const char word[] = {'a', *byte, '\0'}, quoted[] = {'\'', 'a', *byte, '\'', '\0'};

		assert_int_equal(sov_shell_word(out, sizeof(out), word), 4);
		assert_string_equal(out, quoted);
	}
}

static void a_command_that_cannot_be_pasted_is_none(void **state)
{
	char out[32];

	(void)state;
	assert_true(sov_shell_link(out, sizeof(out), "ln -s", "-a b", "-c"));
	assert_string_equal(out, "ln -s ./'-a b' ./-c");
	assert_false(sov_shell_link(out, sizeof(out), "ln -s", "a\nb", "c"));
	assert_false(sov_shell_link(out, sizeof(out), "ln -s", "a\\b", "c"));
	assert_false(sov_shell_link(out, 10, "ln -s", "a", "bc"));
	assert_true(sov_shell_link(out, 11, "ln -s", "a", "bc"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_is_cut_to_fit_and_says_so),
		cmocka_unit_test(an_excerpt_is_short_whatever_the_text),
		cmocka_unit_test(an_ellipsis_leaves_no_half_character),
		cmocka_unit_test(the_nearest_word_is_found),
		cmocka_unit_test(of_words_that_are_equally_near_it_is_the_first),
		cmocka_unit_test(no_word_is_near_an_endless_text),
		cmocka_unit_test(paths_are_taken_apart_at_the_last_slash),
		cmocka_unit_test(a_beginning_is_recognized),
		cmocka_unit_test(a_word_of_a_shell_is_quoted_when_it_must_be),
		cmocka_unit_test(each_byte_that_a_shell_reads_is_quoted_by_itself),
		cmocka_unit_test(a_command_that_cannot_be_pasted_is_none),
	};

	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
