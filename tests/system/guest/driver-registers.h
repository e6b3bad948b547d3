/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What only the kernel can read of the hardware, as the driver tells it. Part of driver-abi. */
#ifndef TESTS_SYSTEM_DRIVER_REGISTERS_H
#define TESTS_SYSTEM_DRIVER_REGISTERS_H

#include "driver-util.h"

/* Tests, without a running hypervisor */
void registers_of_each_cpu(void **state);
void registers_of_the_machine(void **state);
void registers_that_have_no_room(void **state);
void registers_of_a_cpu_that_is_not_there(void **state);

#endif /* !TESTS_SYSTEM_DRIVER_REGISTERS_H */
