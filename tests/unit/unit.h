/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What every unit test includes. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jailhouse/jailhouse.h>

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

/* cmocka 1.1.5 prints differing integers in hex only; a text is easier to read anyway. */
#define assert_text(error, expected) assert_string_equal((error).text, expected)

#endif /* !TESTS_UNIT_H */
