/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* For programs that do nothing around all of their tests but to load the driver and to open it */
#ifndef TESTS_SYSTEM_HANDLE_H
#define TESTS_SYSTEM_HANDLE_H

#include "guest.h"

extern struct jailhouse *jh;

int handle_setup(void **state);
int handle_teardown(void **state);

#endif /* !TESTS_SYSTEM_HANDLE_H */
