/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a simulated machine executes are names of guests. Of the driver there is nothing to know. */
#include <jailhouse/reason.h>
#include <jailhouse/sim.h>

#include "driver-arch.h"

#define CODE(name)                                                     \
	{                                                              \
		JAILHOUSE_SIM_IMAGE_MARK " " name "\n",                \
			sizeof(JAILHOUSE_SIM_IMAGE_MARK " " name "\n") \
	}

const struct test_arch test_arch = {
	.number = JAILHOUSE_X86,
	.other_number = JAILHOUSE_ARM64,
	.idle = CODE("silent"),
	.locked = CODE("locked-silent"),
	.violation = CODE("stray"),
	.violation_of_one = CODE("stray"),
	.violation_reason = JAILHOUSE_REASON_MEM_ACCESS,
	.violation_address = TEST_SIM_NOWHERE,
};
