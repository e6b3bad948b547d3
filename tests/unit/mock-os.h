/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An operating system for tests that expects calls in a given order: each has its canned answer, each
 * must be made, none else may be. Linked in place of lib/os.c.
 */
#ifndef TESTS_MOCK_OS_H
#define TESTS_MOCK_OS_H

#include <stddef.h>
#include <sys/types.h>

/* Looks at the argument of an ioctl and fills in the answer. */
typedef void (*mock_handler)(void *arg);

/* The result is a descriptor or a negative errno. */
void mock_open(const char *path, int flags, int result);
void mock_close(int fd);
/* `handler` may be NULL. */
void mock_ioctl(int fd, unsigned long request, mock_handler handler, int result);
/* Answers with a string, or with a negative errno if it is NULL. */
void mock_read(int fd, const char *text, ssize_t error);
void mock_poll(int fd, short events, int timeout_ms, short revents, int result);

/* What uname() says; "x86_64" at the start of each test. NULL: it fails with EFAULT. */
void mock_set_machine(const char *machine);

/* For cmocka: start of a test; its end, which fails if expected calls were not made. */
int mock_setup(void **state);
int mock_teardown(void **state);

#endif /* !TESTS_MOCK_OS_H */
