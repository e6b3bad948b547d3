/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What code under test says to the core of the hypervisor, as each fake machine keeps it. The functions are weak, so
 * that a test may link the real one or its own; one file of each fake machine defines FAKE_CORE_CALLS and has them.
 */
#ifndef FAKE_CORE_H
#define FAKE_CORE_H

#include <hypervisor/machine.h>

/* In `struct fake` */
#define FAKE_CORE_MEMBERS                                                   \
	char log[16384]; /* console */                                      \
	unsigned int violations;                                            \
	u64 violation_address;                                              \
	struct jailhouse_reason violation, refusal; /* the last ones */     \
	bool learning;                                                      \
	struct jailhouse_learned learned; /* the last one, its count is of all */

#define assert_log(text)     assert_non_null(strstr(fake.log, text))
#define assert_not_log(text) assert_null(strstr(fake.log, text))
#define assert_no_log()	     assert_string_equal(fake.log, "")
#define clear_log()          (fake.log[0] = 0)
/* Exactly one, and it has been looked at. */
#define assert_violation(name)                                                  \
	do {                                                                    \
		assert_int_equal(fake.violations, 1);                           \
		assert_int_equal(fake.violation.code, JAILHOUSE_REASON_##name); \
		fake.violations = 0;                                            \
	} while (0)
#define assert_refused(result, err, name)                                     \
	do {                                                                  \
		assert_int_equal(result, -(err));                             \
		assert_int_equal(fake.refusal.code, JAILHOUSE_REASON_##name); \
	} while (0)

#endif /* !FAKE_CORE_H */
