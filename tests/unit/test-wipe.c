// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* wipe-msrs.c with the rules of AMD: what a cell can write is gone when the CPU changes its owner. */
#include "fake-x86/fake.h"
#include <asm/area.h>

#define PERF_STATUS 0xc0000300
#define PERF_CLEAR  0xc0000302
#define SHSTK	    (1U << 7)
#define IBT	    (1U << 20)
#define RUBBISH	    0x1122334455667788ULL

static const u32 cet[] = { 0x6a0, 0x6a2, 0x6a4, 0x6a5, 0x6a6, 0x6a7, 0x6a8 };

bool guest_apic_write(struct percpu *cpu, unsigned int reg, u64 value, bool msr)
{
	(void)cpu, (void)reg, (void)value, (void)msr;
	return false;
}

bool guest_apic_read(struct percpu *cpu, unsigned int reg, u64 *value, bool msr)
{
	(void)cpu, (void)reg, (void)value, (void)msr;
	return false;
}

bool apic_write_moderated(unsigned int reg)
{
	(void)reg;
	return true;
}

u32 cpuid_edx(u32 leaf, u32 subleaf)
{
	(void)leaf, (void)subleaf;
	return fake.cpuid[3];
}

/* The status of the counters is cleared by another register. */
bool write_msr_safe(struct percpu *cpu, u32 msr, u64 value)
{
	(void)cpu;
	if (!fake_msr(msr) || msr == PERF_STATUS)
		return false;
	write_msr(msr, value);
	if (msr == PERF_CLEAR && fake_msr(PERF_STATUS))
		*fake_msr(PERF_STATUS) &= ~value;
	return true;
}

/* Has a cell written this, it would be there for the next owner. */
static bool cell_writes(u32 msr)
{
	return !msr_trapped(&fake.machine, msr, true, false, false);
}

/* Calls f for all MSRs that a permission bitmap reaches, as long as it says so. */
static unsigned int for_each_writable(void (*f)(u32 msr))
{
	static const u32 range[] = { 0, 0xc0000000, 0xc0010000 };
	unsigned int count = 0;

	for (size_t r = 0; r < ARRAY_LEN(range); r++)
		for (u32 msr = range[r]; msr < range[r] + 0x2000; msr++)
			if (cell_writes(msr)) {
				f(msr);
				count++;
			}
	return count;
}

static void fill(u32 msr)
{
	fake_add_msr(msr, RUBBISH);
}

static void check_wiped(u32 msr)
{
	if (msr != PERF_CLEAR && *fake_msr(msr) != 0)
		fail_msg("MSR %#x keeps %#llx", msr, *fake_msr(msr));
}

static void all_that_a_cell_may_write_is_wiped(void **state)
{
	(void)state;
	assert_in_range(for_each_writable(fill), 30, 60);
	/* among them: speculation, deadline, system calls, TSC_AUX, counters */
	assert_non_null(fake_msr(0x48));
	assert_non_null(fake_msr(MSR_TSC_DEADLINE));
	assert_non_null(fake_msr(MSR_SYSENTER_EIP));
	assert_non_null(fake_msr(MSR_TSC_AUX));
	assert_non_null(fake_msr(0xc001020b));
	x86_wipe_msrs(CELL_CPU);
	for_each_writable(check_wiped);
}

static void nothing_else_is_touched(void **state)
{
	static const u32 others[] = { 0x8b, MSR_PAT, MSR_MTRR_DEF_TYPE, MSR_EFER, MSR_SYSCFG, MSR_VM_HSAVE_PA,
				      0xc0010015 };

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(others); n++)
		fake_add_msr(others[n], RUBBISH);
	x86_wipe_msrs(CELL_CPU);
	assert_int_equal(fake.num_msr_writes, 0);
}

static void shadow_stacks_are_wiped_where_they_exist(void **state)
{
	static const u32 features[][2] = { { SHSTK, 0 }, { 0, IBT }, { SHSTK, IBT } };

	(void)state;
	for (size_t f = 0; f < ARRAY_LEN(features); f++) {
		fake.cpuid[2] = features[f][0];
		fake.cpuid[3] = features[f][1];
		for (size_t n = 0; n < ARRAY_LEN(cet); n++)
			fake_add_msr(cet[n], RUBBISH);
		x86_wipe_msrs(CELL_CPU);
		for (size_t n = 0; n < ARRAY_LEN(cet); n++)
			assert_int_equal(*fake_msr(cet[n]), 0);
	}
	/* what these numbers mean on other CPUs, nobody knows */
	fake.cpuid[2] = ~SHSTK;
	fake.cpuid[3] = ~IBT;
	fake_add_msr(cet[0], RUBBISH);
	x86_wipe_msrs(CELL_CPU);
	assert_int_equal(*fake_msr(cet[0]), RUBBISH);
}

#define TEST(name) cmocka_unit_test_setup(name, fake_reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_that_a_cell_may_write_is_wiped),
		TEST(nothing_else_is_touched),
		TEST(shadow_stacks_are_wiped_where_they_exist),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
