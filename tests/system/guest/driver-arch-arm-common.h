/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef TESTS_SYSTEM_DRIVER_ARCH_ARM_COMMON_H
#define TESTS_SYSTEM_DRIVER_ARCH_ARM_COMMON_H

#include <jailhouse/cell-config.h>

#define ARRAY(array) { array, sizeof(array) / sizeof((array)[0]) }
#define CODE(code)   { code, sizeof(code) }

/* Where the machines have nothing: secure RAM would be here. */
#define NOTHING	 0x0e000000
#define STRAY	 0x234
#define STRAY_2	 0x236

void arm_stray_read(void);
void arm_stray_write(void);
void arm_copy_filled_in(struct jailhouse_system *to, const struct jailhouse_system *from);

/* What both have in common of struct test_arch */
#define TEST_ARCH_ARM_COMMON                              \
	.other_number = JAILHOUSE_X86,                    \
	.image = "/lib/firmware/jailhouse.bin",           \
	.wrong_link_bases = ARRAY(wrong_link_bases),      \
	.refuse = CODE(refuse),                           \
	.refuse_marks = 0x01010101,                       \
	.may_stay_offline = 1,                            \
	.idle = CODE(idle),                               \
	.locked = CODE(locked),                           \
	.violation = CODE(violation),                     \
	/* The second CPU waits for CPU_ON. */            \
	.violation_of_one = CODE(violation),              \
	.violation_reason = JAILHOUSE_REASON_MEM_ACCESS,  \
	.violation_address = NOTHING,                     \
	.violation_pc = 4,                                \
	.stray_read = arm_stray_read,                     \
	.stray_write = arm_stray_write,                   \
	.stray_kind = JAILHOUSE_LEARNED_MEM,              \
	.stray_read_address = NOTHING + STRAY,            \
	.stray_write_address = NOTHING + STRAY_2,         \
	.copy_filled_in = arm_copy_filled_in

#endif /* !TESTS_SYSTEM_DRIVER_ARCH_ARM_COMMON_H */
