// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* cpuid.c: leaves that differ from what the processor says. */
#include "fake-x86/fake.h"

static void ask(struct percpu *cpu, u32 leaf, u32 subleaf)
{
	u64 *r = cpu->arch.regs->r;

	r[REG_RAX] = 0xdeadbeef00000000ULL | leaf;
	r[REG_RCX] = 0xdeadbeef00000000ULL | subleaf;
	r[REG_RBX] = r[REG_RDX] = ~0ULL;
	guest_cpuid(cpu);
	/* What the processor has at the place of the hypervisor's leaves does not matter. */
	if (leaf == JAILHOUSE_CPUID_SIGNATURE || leaf == JAILHOUSE_CPUID_FEATURES)
		return;
	assert_int_equal(fake.cpuid_leaf, leaf);
	assert_int_equal(fake.cpuid_subleaf, subleaf);
}

static void assert_regs(const struct percpu *cpu, u64 a, u64 b, u64 c, u64 d)
{
	const u64 *r = cpu->arch.regs->r;

	assert_int_equal(r[REG_RAX], a);
	assert_int_equal(r[REG_RBX], b);
	assert_int_equal(r[REG_RCX], c);
	assert_int_equal(r[REG_RDX], d);
}

/* The processor has everything. */
static int setup(void **state)
{
	fake_reset(state);
	memset(fake.cpuid, 0xff, sizeof(fake.cpuid));
	return 0;
}

#define ALL 0xffffffffU

static void plain_leaves_pass(void **state)
{
	const u32 leaves[] = { 0, 2, 4, 6, 0xb, 0xd, 0x15, 0x1f, 0x80000000, 0x80000008, 0x80000020, 0xffffffff };

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(leaves); n++) {
		ask(CELL_CPU, leaves[n], 3);
		assert_regs(CELL_CPU, ALL, ALL, ALL, ALL);
		ask(ROOT_CPU, leaves[n], 3);
		assert_regs(ROOT_CPU, ALL, ALL, ALL, ALL);
	}
	assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_CPUID], ARRAY_LEN(leaves));
}

static void leaves_of_the_hypervisor(void **state)
{
	const char name[12] = "Jailhouse";
	u32 text[3];

	(void)state;
	memcpy(text, name, sizeof(text));
	for (int root = 0; root < 2; root++) {
		struct percpu *cpu = root ? ROOT_CPU : CELL_CPU;

		ask(cpu, 0x40000000, 0);
		assert_regs(cpu, 0x40000001, text[0], text[1], text[2]);
		ask(cpu, 0x40000001, 0);
		assert_regs(cpu, 0, 0, 0, 0);
		ask(cpu, 0x40000002, 0);
		assert_regs(cpu, ALL, ALL, ALL, ALL);
	}
}

static void leaf_1(void **state)
{
	(void)state;
	ask(CELL_CPU, 1, 0);
	assert_regs(CELL_CPU, ALL, ALL, ALL & ~(1U << 27) & ~(1U << 5), ALL);
	ask(ROOT_CPU, 1, 0);
	assert_regs(ROOT_CPU, ALL, ALL, ALL & ~(1U << 27), ALL);
	memset(fake.cpuid, 0, sizeof(fake.cpuid));
	CELL_CPU->arch.vendor.cr4 = ROOT_CPU->arch.vendor.cr4 = X86_CR4_OSXSAVE;
	ask(CELL_CPU, 1, 0);
	assert_regs(CELL_CPU, 0, 0, 1U << 31 | 1U << 27, 0);
	ask(ROOT_CPU, 1, 0);
	assert_regs(ROOT_CPU, 0, 0, 1U << 27, 0);
}

static void leaf_7_mirrors_cr4_and_hides_shadow_stacks(void **state)
{
	(void)state;
	ask(ROOT_CPU, 7, 0);
	assert_regs(ROOT_CPU, ALL, ALL, ALL & ~(1U << 4), ALL);
	ask(CELL_CPU, 7, 0);
	assert_regs(CELL_CPU, ALL, ALL, ALL & ~(1U << 4) & ~(1U << 7), ALL & ~(1U << 20));
	CELL_CPU->arch.vendor.cr4 = X86_CR4_PKE;
	ask(CELL_CPU, 7, 0);
	assert_regs(CELL_CPU, ALL, ALL, ALL & ~(1U << 7), ALL & ~(1U << 20));
	ask(CELL_CPU, 7, 1);
	assert_regs(CELL_CPU, ALL, ALL, ALL, ALL);
}

static void cells_have_no_virtualization(void **state)
{
	(void)state;
	ask(CELL_CPU, 0x80000001, 0);
	assert_regs(CELL_CPU, ALL, ALL, ALL & ~(1U << 2) & ~(1U << 10), ALL);
	ask(CELL_CPU, 0x8000000a, 0);
	assert_regs(CELL_CPU, 0, 0, 0, 0);
	ask(CELL_CPU, 0x8000001f, 0);
	assert_regs(CELL_CPU, 0, 0, 0, 0);
	ask(CELL_CPU, 0x80000007, 0);
	assert_regs(CELL_CPU, ALL, ALL & ~(1U << 3), ALL, ALL);
}

static void the_root_sees_the_processor(void **state)
{
	const u32 leaves[] = { 0x80000001, 0x80000007, 0x8000000a, 0x8000001f };

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(leaves); n++) {
		ask(ROOT_CPU, leaves[n], 0);
		assert_regs(ROOT_CPU, ALL, ALL, ALL, ALL);
	}
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(plain_leaves_pass),
		TEST(leaves_of_the_hypervisor),
		TEST(leaf_1),
		TEST(leaf_7_mirrors_cr4_and_hides_shadow_stacks),
		TEST(cells_have_no_virtualization),
		TEST(the_root_sees_the_processor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
