/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <sov/version.h>

static void a_policy_takes_the_leading_numbers_that_it_names(void **state)
{
	static const struct {
		const char *version;
		enum sov_policy policy;
		const char *soversion;
	} cases[] = {
		{"1.4.2",	  SOV_POLICY_MAJOR,  "1"      },
		 {"7",       SOV_POLICY_MAJOR,	 "7"	    },
		{"0.0.1",	  SOV_POLICY_MAJOR,  "0"      },
		 {"1.4.2",   SOV_POLICY_MINOR,  "1.4"	  },
		{"1.4.2.9", SOV_POLICY_MINOR,  "1.4"	   },
		 {"7",       SOV_POLICY_MINOR,	 "7"	    },
		{"1.4.2",	  SOV_POLICY_EXACT,  "1.4.2"  },
		 {"1.4.2.9", SOV_POLICY_EXACT,  "1.4.2.9"},
		{"1.4.2",	  SOV_POLICY_SEMVER, "1"	},
		 {"0.4.2",   SOV_POLICY_SEMVER, "0.4"	   },
		{"0.0.2",	  SOV_POLICY_SEMVER, "0.0.2"  },
		 {"0.0.0",   SOV_POLICY_SEMVER, "0.0.0"  },
		{"0.0.2.7", SOV_POLICY_SEMVER, "0.0.2"  },
		 {"0.4",	 SOV_POLICY_SEMVER, "0.4"	 },
		{"0.0",	SOV_POLICY_SEMVER, "0.0"	},
		 {"0",       SOV_POLICY_SEMVER, "0"	     },
		{"10.0.1",  SOV_POLICY_SEMVER, "10"	  },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sov_version version, soversion;
		char out[SOV_VERSION_TEXT_MAX];
		struct sov_err err;

		assert_int_equal(sov_version_parse(&version, cases[i].version, &err), 0);
		soversion = sov_soversion_derive(&version, cases[i].policy);
		assert_string_equal(sov_version_format(out, &soversion), cases[i].soversion);
	}
}

static void every_policy_is_read_by_its_own_name(void **state)
{
	(void)state;
	for (enum sov_policy policy = SOV_POLICY_MAJOR; policy <= SOV_POLICY_SEMVER; policy++) {
		enum sov_policy out = SOV_POLICY_MAJOR;
		struct sov_err err;

		assert_int_equal(sov_policy_parse(&out, sov_policy_name(policy), &err), 0);
		assert_int_equal(out, policy);
	}
}

static void an_unknown_policy_is_refused_with_the_nearest(void **state)
{
	enum sov_policy policy = SOV_POLICY_EXACT;
	struct sov_err err;

	(void)state;
	assert_int_equal(sov_policy_parse(&policy, "semvar", &err), -SOV_E_USAGE);
	assert_string_equal(rendered(&err), "error: unknown policy\n"
					    "  expected: major, minor, exact or semver\n"
					    "  found:    semvar\n"
					    "  fix:      write semver\n");
	assert_int_equal(sov_policy_parse(&policy, "always", &err), -SOV_E_USAGE);
	assert_string_equal(err.fix, "");
	assert_int_equal(sov_policy_parse(&policy, "", &err), -SOV_E_USAGE);
	assert_string_equal(err.found, "nothing");
	assert_int_equal(policy, SOV_POLICY_EXACT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_policy_takes_the_leading_numbers_that_it_names),
		cmocka_unit_test(every_policy_is_read_by_its_own_name),
		cmocka_unit_test(an_unknown_policy_is_refused_with_the_nearest),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
