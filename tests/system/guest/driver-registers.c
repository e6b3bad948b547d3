/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "driver-registers.h"

static struct jailhouse_ioc_register regs[64];

static int read_hardware(struct jailhouse_ioc_hardware *q, uint32_t cpu, uint32_t room)
{
	memset(regs, 0xee, sizeof(regs));
	*q = (struct jailhouse_ioc_hardware){ .cpu = cpu, .buffer = (uintptr_t)regs, .count = room };
	return call_sized(JAILHOUSE_IOC_HARDWARE, q);
}

/* -1: it is not there. */
static int64_t register_value(const struct jailhouse_ioc_hardware *q, uint32_t kind, uint32_t unit,
			      uint64_t number)
{
	for (uint32_t n = 0; n < q->count; n++)
		if (regs[n].kind == kind && regs[n].unit == unit && regs[n].number == number)
			return (int64_t)regs[n].value;
	return -1;
}

void registers_of_each_cpu(void **state)
{
	struct jailhouse_ioc_hardware q;

	(void)state;
	for (uint32_t cpu = 0; cpu < 4; cpu++) {
		assert_int_equal(read_hardware(&q, cpu, 64), 0);
		expect_reason(&q.verdict, 0, 0);
		if (test_arch.number == JAILHOUSE_X86) {
			/* VM_CR: SVM is not switched off. */
			assert_int_equal(q.count, 1);
			assert_int_equal(register_value(&q, JAILHOUSE_HARDWARE_MSR, cpu, 0xc0010114) & 0x10, 0);
			continue;
		}
		assert_int_equal(q.count, 4);
		assert_true(register_value(&q, JAILHOUSE_HARDWARE_ARM, cpu, JAILHOUSE_ARM_MIDR) > 0);
		/* EL2, on ARMv7 the Virtualization Extensions */
		assert_int_equal(register_value(&q, JAILHOUSE_HARDWARE_ARM, cpu, JAILHOUSE_ARM_PFR) >>
				 (test_arch.number == JAILHOUSE_ARM ? 12 : 8) & 0xf,
				 test_arch.number == JAILHOUSE_ARM ? 1 : 2);
		assert_int_equal(register_value(&q, JAILHOUSE_HARDWARE_ARM, cpu, JAILHOUSE_ARM_CNTFRQ),
				 62500000);
	}
}

/* An IOMMU if the machine was given one: its registers show that they were reached. */
void registers_of_the_machine(void **state)
{
	struct jailhouse_ioc_hardware q;
	struct stat info;

	(void)state;
	assert_int_equal(read_hardware(&q, JAILHOUSE_IOC_MACHINE, 64), 0);
	if (test_arch.number != JAILHOUSE_X86) {
		assert_int_equal(q.count, 2);
		assert_int_equal(register_value(&q, JAILHOUSE_HARDWARE_ARM, 0, JAILHOUSE_ARM_AT_EL2), 1);
		assert_in_range(register_value(&q, JAILHOUSE_HARDWARE_ARM, 0, JAILHOUSE_ARM_GIC), 2, 3);
	} else if (stat("/sys/firmware/acpi/tables/DMAR", &info) == 0) {
		print_message("VT-d is read\n");
		assert_int_equal(q.count, 3);
		assert_int_equal(register_value(&q, JAILHOUSE_HARDWARE_VTD, 0, JAILHOUSE_HARDWARE_BASE),
				 0xfed90000);
		/* 39 bits, and queued invalidation */
		assert_true(register_value(&q, JAILHOUSE_HARDWARE_VTD, 0, 0x08) & 1 << 9);
		assert_true(register_value(&q, JAILHOUSE_HARDWARE_VTD, 0, 0x10) & 1 << 1);
	} else if (stat("/sys/firmware/acpi/tables/IVRS", &info) == 0) {
		print_message("AMD-Vi is read\n");
		assert_in_range(q.count, 2, 18);
		assert_true(register_value(&q, JAILHOUSE_HARDWARE_AMD_VI, 0, JAILHOUSE_HARDWARE_BASE) > 0);
		/* Guest page tables have levels: QEMU's features are not zero. */
		assert_true(register_value(&q, JAILHOUSE_HARDWARE_AMD_VI, 0, 0x30) > 0);
	} else {
		assert_int_equal(q.count, 0);
	}
}

void registers_that_have_no_room(void **state)
{
	struct jailhouse_ioc_hardware q;

	(void)state;
	assert_int_equal(read_hardware(&q, 1, 0), 0);
	assert_true(q.count > 0);
	assert_int_equal(regs[0].kind, 0xeeeeeeee);
	assert_int_equal(read_hardware(&q, 1, 1), 0);
	assert_int_equal(regs[0].unit, 1);
	assert_int_equal(regs[1].kind, 0xeeeeeeee);
	q = (struct jailhouse_ioc_hardware){ .cpu = 1, .buffer = 16, .count = 1 };
	assert_int_equal(call_sized(JAILHOUSE_IOC_HARDWARE, &q), -EFAULT);
	expect_reason(&q.reason, -EFAULT, JAILHOUSE_REASON_FAULT);
	assert_int_equal(q.count, 0);
}

void registers_of_a_cpu_that_is_not_there(void **state)
{
	const uint32_t cpus[] = { 4, 5000, 0x7fffffff, 0xfffffffe };
	struct jailhouse_ioc_hardware q;

	(void)state;
	for (size_t n = 0; n < sizeof(cpus) / sizeof(cpus[0]); n++) {
		assert_int_equal(read_hardware(&q, cpus[n], 64), -ENXIO);
		expect_reason(&q.reason, -ENXIO, JAILHOUSE_REASON_CPU_OFFLINE);
		assert_int_equal(q.reason.index, cpus[n]);
	}
	cpu_online(2, 0);
	assert_int_equal(read_hardware(&q, 2, 64), -ENXIO);
	cpu_online(2, 1);
	assert_int_equal(read_hardware(&q, 2, 64), 0);
}
