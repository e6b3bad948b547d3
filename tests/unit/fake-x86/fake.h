/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A machine for unit tests of the x86 architecture: four CPUs, two of them in the root cell, two in another; MSRs,
 * CPUID and local APIC as data. Every function of fake.c is weak, so that a test may link the real one or its own.
 */
#ifndef FAKE_X86_H
#define FAKE_X86_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hypervisor/machine.h>
#include "../fake-core.h"
#include <asm/apic.h>
#include <asm/guest.h>
#include <asm/x86.h>

#define FAKE_CPUS     4
#define FAKE_APIC_ID(cpu_id) (16 + 3 * (cpu_id)) /* no mistaking it for the CPU id */

#define FAKE_MAX_MSRS	64
#define FAKE_MAX_WRITES 1024

struct fake_write {
	u32 reg; /* MSR, or APIC register */
	u64 value;
};

struct fake {
	struct machine machine;
	struct percpu cpus[FAKE_CPUS];
	struct guest_regs regs[FAKE_CPUS];
	struct cell cell; /* CPUs 2 and 3 */
	struct jailhouse_info info;
	struct jailhouse_system system;
	struct jailhouse_cell_desc cell_config;

	FAKE_CORE_MEMBERS
	u32 requested[FAKE_CPUS]; /* by cpu_request() */

	struct fake_write msrs[FAKE_MAX_MSRS]; /* those that exist */
	unsigned int num_msrs;
	struct fake_write msr_writes[FAKE_MAX_WRITES];
	unsigned int num_msr_writes;
	u32 cpuid[4]; /* answer to any leaf */
	u32 cpuid_leaf, cpuid_subleaf;

	/* one local APIC; the CPU under test has it */
	u32 apic[APIC_NUM_REGS];
	u8 apic_page[PAGE_SIZE]; /* only its address is used */
	struct fake_write apic_writes[FAKE_MAX_WRITES];
	unsigned int num_apic_writes;
	u64 icr_sent; /* last command, destination in the upper half, unshifted */
	unsigned int num_icr_sent;
	bool apic_stuck; /* delivery never ends */
	u64 now;	 /* arch_time() */
	unsigned int timer_shift; /* ticks of the APIC timer: time >> this */
	u64 timer_start;

	u8 code[16]; /* what guest_fetch() reads */
	unsigned int code_size;
	u64 fetched;	/* linear address of the last one */
};

extern struct fake fake;

/* Everything as after power-on, APIC in xAPIC mode and enabled by software. For setup functions of cmocka. */
int fake_reset(void **state);
void fake_add_msr(u32 msr, u64 value);
u64 *fake_msr(u32 msr); /* NULL: does not exist */
void fake_set_x2apic(bool x2apic);
void fake_code(unsigned int bits, const void *code, unsigned int size);

#define fake_cpu(id) (&fake.cpus[id])
#define ROOT_CPU     fake_cpu(0)
#define CELL_CPU     fake_cpu(2)

#endif /* !FAKE_X86_H */
