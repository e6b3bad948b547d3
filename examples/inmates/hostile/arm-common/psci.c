/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Calls to the firmware. */
#include "hostile.h"

#define PSCI_CPU_SUSPEND  0xc4000001
#define PSCI_CPU_OFF      0x84000002
#define PSCI_SYSTEM_OFF   0x84000008
#define PSCI_SYSTEM_RESET 0x84000009

#define NOT_SUPPORTED -1
#define INVALID       -2
#define DENIED        -3
#define ALREADY_ON    -4
#define ON_PENDING    2

#define FLOOD_CALLS 20000
#define ROUNDS      30

static unsigned int calls;

static long firmware(bool hvc, u64 id, u64 a, u64 b, u64 c)
{
	calls++;
	return arch_psci_call(hvc, id, a, b, c);
}

static void must_deny(u64 id, u64 target)
{
	long result = firmware(false, id, target, 0, 0);

	if (result != DENIED && result != INVALID)
		BREACH("call 0x%llx for CPU 0x%llx gave %ld", id, target, result);
}

static void report(void)
{
	if (!judged)
		SURVIVED("%u calls refused", calls);
}

/* CPU 1 belongs to Linux, 3 to the second cell. */
void psci_foreign(void)
{
	static const u64 targets[] = {
		0, 1, 3, 4, 0xff, 0x100,
		0x10000, 1ULL << 32, 0x80000002, 0x1000002, 1ULL << 63 | 2, ~0ULL,
	};
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(targets); n++) {
		/* Registers may be too narrow for it, and what is left of it the own CPU. */
		if ((unsigned long)targets[n] != targets[n])
			continue;
		must_deny(PSCI_CPU_ON, targets[n]);
		must_deny(PSCI_AFFINITY_INFO, targets[n]);
		if (targets[n] <= 0xffffffff) {
			must_deny(PSCI_CPU_ON & ~0x40000000U, targets[n]);
			must_deny(PSCI_AFFINITY_INFO & ~0x40000000U, targets[n]);
		}
	}
	if (firmware(false, PSCI_CPU_ON, cpu_id(), ~0ULL, ~0ULL) != ALREADY_ON)
		UNEXPECTED("this CPU could be started again");
	report();
}

static void must_not_exist(bool hvc, u64 id)
{
	long result = firmware(hvc, id, 0, 0, 0);

	if (result != NOT_SUPPORTED)
		BREACH("call 0x%llx gave %ld", id, result);
}

/* OFF, RESET, RESET2 in both widths, SUSPEND, MIGRATE, MEM_PROTECT, FREEZE, HW_STATE, STAT */
void psci_system(void)
{
	static const u32 ids[] = {
		PSCI_SYSTEM_OFF, PSCI_SYSTEM_RESET, 0xc4000008, 0xc4000009, 0x84000012, 0xc4000012,
		0x8400000e, 0xc400000e, 0x84000005, 0xc4000005, 0x84000007, 0x8400000b,
		0x8400000c, 0xc400000c, 0x8400000d, 0xc400000d, 0x8400000f, 0x84000010,
		0xc4000010, 0xc4000011, 0x84000013, 0x84000014, 0xc4000014,
	};
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(ids); n++) {
		must_not_exist(false, ids[n]);
		must_not_exist(true, ids[n]);
	}
	report();
}

void psci_scan(void)
{
	u64 id, width;

	for (width = 0; width <= 0x40000000; width += 0x40000000)
		for (id = 0x84000000; id <= 0x840001ff; id++)
			if (id != PSCI_CPU_OFF && id != (PSCI_CPU_SUSPEND & ~0x40000000U))
				firmware(false, id | width, ~0ULL, ~0ULL, ~0ULL);
	SURVIVED("%u calls", calls);
}

/* Services of all owners, fast and yielding, 32 and 64 bits */
void smc_owners(void)
{
	u64 top, number;

	for (top = 0; top < 0x100; top++)
		for (number = 0; number < 4; number++)
			if ((top & 0x3f) != 4 && (top & 0x3f) != 0)
				must_not_exist(number & 1, top << 24 | 0x80000000 | number);
	report();
}

void smc_flood(void)
{
	unsigned int n;

	for (n = 0; n < FLOOD_CALLS && !judged; n++)
		must_not_exist(n & 1, 0xc2000000 + n);
	report();
}

/* The number in the instruction does not count. */
void smc_numbers(void)
{
	SURVIVED("0x%lx", smc_with_numbers(0x84000000));
}

/* Of the stub: set vectors, soft restart, reset vectors. Not for 20 and more bits either. */
void hvc_stub(void)
{
	u64 id;

	for (id = 0; id < 8; id++)
		must_not_exist(true, id);
	must_not_exist(true, 99);
	must_not_exist(true, 1ULL << 63);
	must_not_exist(true, 0x1ffffffffULL);
	report();
}

void hvc_number(void)
{
	hvc_1();
	BREACH("it was answered");
}

void psci_off(void)
{
	firmware(false, PSCI_CPU_OFF, ~0ULL, ~0ULL, ~0ULL);
	BREACH("it came back");
}

/* Nothing wakes it but the hypervisor. */
void psci_suspend(void)
{
	mask_all();
	while (1)
		firmware(calls & 1, PSCI_CPU_SUSPEND, ~0ULL, ROOT_ADDRESS, ~0ULL);
}

static unsigned int other_cpu(void)
{
	smp_wait_for_all_cpus();
	if (smp_num_cpus < 2)
		UNEXPECTED("needs 2 CPUs");
	return smp_cpu_ids[1];
}

/* The other CPU begins where there is no memory of this cell, and this one follows. */
void psci_entry(void)
{
	unsigned int target = other_cpu();

	if (judged)
		return;
	firmware(false, PSCI_CPU_ON, target, ROOT_ADDRESS, 0);
	while (firmware(false, PSCI_AFFINITY_INFO, target, 0, 0) == ON_PENDING)
		cpu_relax();
	arm_write_sysreg(SCTLR, SCTLR_RESET);
	instruction_barrier();
	((void (*)(void))ROOT_ADDRESS)();
	BREACH("executed");
}

static volatile unsigned int rounds;

static void off_at_once(void)
{
	rounds++;
	firmware(false, PSCI_CPU_OFF, 0, 0, 0);
}

/* On and off, with calls that come too early among them */
void psci_race(void)
{
	unsigned int target = other_cpu(), n;

	for (n = 0; n < ROUNDS && !judged; n++) {
		smp_start_cpu(target, off_at_once);
		while (firmware(false, PSCI_AFFINITY_INFO, target, 0, 0) != 1)
			firmware(false, PSCI_CPU_ON, cpu_id(), 0, 0);
	}
	if (!judged)
		SURVIVED("%u rounds", rounds);
}
