/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Opening of a connection to a mocked driver, for tests of what comes after. */
#ifndef TESTS_OPEN_MOCK_H
#define TESTS_OPEN_MOCK_H

#include <errno.h>
#include <fcntl.h>

#include <jailhouse/ioctl.h>

#include "mock-os.h"
#include "unit.h"

/* Descriptor of the node in all tests. */
#define NODE_FD 10

static inline void answer_version(void *arg)
{
	struct jailhouse_ioc_info *info = arg;

	assert_int_equal(info->size, sizeof(*info));
	info->abi = JAILHOUSE_IOC_ABI;
}

/* A connection to our own driver. */
static inline struct jailhouse *open_device(void)
{
	struct jailhouse *jh;

	mock_open("/dev/jailhouse", O_RDWR, NODE_FD);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_INFO, answer_version, 0);
	assert_int_equal(jailhouse_open(NULL, &jh, NULL), 0);
	return jh;
}

/* A connection to an old driver, with a recorded tree. */
static inline struct jailhouse *open_legacy(const char *uri)
{
	struct jailhouse *jh;

	mock_open("/dev/jailhouse", O_RDWR, NODE_FD);
	mock_ioctl(NODE_FD, JAILHOUSE_IOC_GET_INFO, NULL, -EINVAL);
	assert_int_equal(jailhouse_open(uri, &jh, NULL), 0);
	return jh;
}

static inline void close_device(struct jailhouse *jh)
{
	mock_close(NODE_FD);
	jailhouse_close(jh);
}

/* For cmocka: the connection is the test's state. */
static inline int device_setup(void **state)
{
	mock_setup(state);
	*state = open_device();
	return 0;
}

static inline int device_teardown(void **state)
{
	close_device(*state);
	return mock_teardown(state);
}

#endif /* !TESTS_OPEN_MOCK_H */
