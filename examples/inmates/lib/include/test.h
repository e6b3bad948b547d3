/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Expectations of inmates that test something. */
#ifndef INMATE_TEST_H
#define INMATE_TEST_H

#include <inmate.h>

/** all_passed - true until the first expectation is missed */
extern bool all_passed;

/**
 * EXPECT_EQUAL() - compare two integers and print the outcome with the line number
 * @a: what was found
 * @b: what it should be
 */
#define EXPECT_EQUAL(a, b) expect_equal((a), (b), __LINE__)

void expect_equal(u64 a, u64 b, unsigned int line);

#endif /* !INMATE_TEST_H */
