// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* msr.c with the rules of AMD: who may read and write which MSR, and what happens if not. */
#include "fake-x86/fake.h"
#include <asm/msr-rules.h>

static struct {
	unsigned int writes, reads;
	unsigned int reg;
	u64 value;
} apic;

bool guest_apic_write(struct percpu *cpu, unsigned int reg, u64 value, bool msr)
{
	(void)cpu;
	assert_true(msr);
	apic.writes++;
	apic.reg = reg;
	apic.value = value;
	return true;
}

bool guest_apic_read(struct percpu *cpu, unsigned int reg, u64 *value, bool msr)
{
	(void)cpu;
	assert_true(msr);
	apic.reads++;
	apic.reg = reg;
	*value = 0x1122334455667788ULL;
	return true;
}

/* As the real one. */
bool apic_write_moderated(unsigned int reg)
{
	return reg == 0x2f || reg == 0x30 || (reg >= 0x33 && reg <= 0x37) || (reg >= 0x50 && reg <= 0x53);
}

static int setup(void **state)
{
	fake_reset(state);
	memset(&apic, 0, sizeof(apic));
	for (unsigned int id = 0; id < FAKE_CPUS; id++) {
		fake_cpu(id)->arch.guest_pat = PAT_RESET;
		fake_cpu(id)->arch.vendor.efer = X86_EFER_SVME;
	}
	return 0;
}

static bool write_value(struct percpu *cpu, u32 msr, u64 value)
{
	u64 *r = cpu->arch.regs->r;

	/* upper halves do not count */
	r[REG_RCX] = 0xdeadbeef00000000ULL | msr;
	r[REG_RAX] = 0xdeadbeef00000000ULL | (u32)value;
	r[REG_RDX] = 0xdeadbeef00000000ULL | value >> 32;
	cpu->arch.vendor.exception = 0;
	return guest_wrmsr(cpu);
}

static bool read_value(struct percpu *cpu, u32 msr, u64 *value)
{
	u64 *r = cpu->arch.regs->r;

	r[REG_RCX] = 0xdeadbeef00000000ULL | msr;
	r[REG_RAX] = r[REG_RDX] = ~0ULL;
	cpu->arch.vendor.exception = 0;
	if (!guest_rdmsr(cpu)) {
		assert_true(r[REG_RAX] == ~0ULL && r[REG_RDX] == ~0ULL);
		return false;
	}
	assert_int_equal(r[REG_RAX] >> 32, 0);
	assert_int_equal(r[REG_RDX] >> 32, 0);
	*value = r[REG_RAX] | r[REG_RDX] << 32;
	return true;
}

static void assert_gp(const struct percpu *cpu)
{
	assert_int_equal(cpu->arch.vendor.exception, X86_VECTOR_GP);
	assert_int_equal(fake.violations, 0);
	assert_no_log();
	assert_int_equal(fake.num_msr_writes, 0);
}

static bool trapped(u32 msr, bool write, bool root)
{
	return msr_trapped(&fake.machine, msr, write, root, false);
}

/* ---- the table ---- */

static void rules_are_in_order(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < msr_num_rules; n++) {
		assert_true(msr_rules[n].first <= msr_rules[n].last);
		if (n > 0)
			assert_true(msr_rules[n - 1].last < msr_rules[n].first);
	}
	assert_int_equal(msr_rules[msr_num_rules - 1].last, ~0U);
}

/* What would give the machine away; see the review, each class of it. */
static const u32 deadly[] = {
	0xc0010010, /* SYSCFG */
	0xc0010016, 0xc0010017, 0xc0010018, 0xc0010019, 0xc001001a, 0xc001001d,
	0xc0010056, 0xc0010058, 0xc0010111, 0xc0010112, 0xc0010113, 0xc0010114, 0xc0010116, 0xc0010117,
	0xc0010118, 0xc0010119, 0xc001011a, 0xc001011b, 0xc001011e, 0xc0010130, 0xc0010131, 0xc0010132, 0xc0010133,
	0xc0000104, 0xc8f, 0xc90, 0xc9f, 0x200, 0x20f, 0x250, 0x26f,
};

static void deadly_writes_are_refused_to_all(void **state)
{
	for (size_t n = 0; n < ARRAY_LEN(deadly); n++) {
		setup(state);
		fake_add_msr(deadly[n], 0x1234);
		if (!trapped(deadly[n], true, true) || !trapped(deadly[n], true, false))
			fail_msg("%#x is not trapped", deadly[n]);
		assert_false(write_value(ROOT_CPU, deadly[n], 0x1000));
		assert_gp(ROOT_CPU);
		assert_int_equal(fake.info.denied_msrs, 1);
		assert_false(write_value(CELL_CPU, deadly[n], 0x1000));
		assert_int_equal(fake.num_msr_writes, 0);
	}
}

static void host_save_area_cannot_even_be_read(void **state)
{
	u64 value;

	(void)state;
	fake_add_msr(MSR_VM_HSAVE_PA, 0x3a000000);
	assert_true(trapped(MSR_VM_HSAVE_PA, false, true));
	assert_false(read_value(ROOT_CPU, MSR_VM_HSAVE_PA, &value));
	assert_gp(ROOT_CPU);
	assert_false(read_value(CELL_CPU, MSR_VM_HSAVE_PA, &value));
	assert_gp(CELL_CPU);
	/* also not written with the value that it has */
	assert_false(write_value(ROOT_CPU, MSR_VM_HSAVE_PA, 0x3a000000));
	assert_gp(ROOT_CPU);
}

static const u32 own[] = {
	0x48, 0x49, 0x174, 0x175, 0x176, 0x1d9, 0x6e0, 0xda0, 0xc0000081, 0xc0000082, 0xc0000083, 0xc0000084,
	0xc0000100, 0xc0000101, 0xc0000102, 0xc0000103, 0xc0010000, 0xc0010007, 0xc0010200, 0xc001020b,
};

static void registers_of_the_thread_are_direct(void **state)
{
	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(own); n++)
		for (int root = 0; root < 2; root++) {
			assert_false(trapped(own[n], false, root));
			assert_false(trapped(own[n], true, root));
		}
}

/* Linux guests write these for good reasons. */
static const u32 dropped[] = { 0x79, 0x8b, 0x17a, 0x17b, 0x1a0, 0x400, 0x401, 0x47f,
			       0xc0010015, 0xc0010020, 0xc0011020, 0xc0011029 };

static void writes_of_linux_guests_are_dropped(void **state)
{
	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(dropped); n++) {
		assert_false(trapped(dropped[n], false, false));
		assert_false(trapped(dropped[n], true, true));
		assert_true(trapped(dropped[n], true, false));
		fake_add_msr(dropped[n], 5);
		assert_true(write_value(CELL_CPU, dropped[n], 6));
		assert_int_equal(*fake_msr(dropped[n]), 5);
	}
	assert_int_equal(fake.violations, 0);
	assert_int_equal(fake.info.denied_msrs, 0);
}

static const u32 others[] = { 0x10, 0x3b, 0xe2, 0x150, 0x199, 0x560, 0x610, 0x6a2, 0xc001001f, 0xc0010062, 0xc0010240 };

static void other_registers_are_read_by_all_and_written_by_the_root(void **state)
{
	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(others); n++) {
		setup(state);
		assert_false(trapped(others[n], false, false));
		assert_false(trapped(others[n], false, true));
		assert_false(trapped(others[n], true, true));
		assert_true(trapped(others[n], true, false));
		fake_add_msr(others[n], 0);
		assert_false(write_value(CELL_CPU, others[n], 0));
		assert_gp(CELL_CPU);
		assert_int_equal(fake.info.denied_msrs, 1);
	}
}

static void beyond_the_bitmap(void **state)
{
	const u32 numbers[] = { 0x2000, 0x40000000, 0x4b564d00, 0xbfffffff, 0xc0003000, 0xc0012000, 0xffffffff };
	u64 value;

	for (size_t n = 0; n < ARRAY_LEN(numbers); n++)
		for (int root = 0; root < 2; root++) {
			struct percpu *cpu = root ? ROOT_CPU : CELL_CPU;

			setup(state);
			fake_add_msr(numbers[n], 1);
			assert_false(read_value(cpu, numbers[n], &value));
			assert_gp(cpu);
			assert_false(write_value(cpu, numbers[n], 1));
			assert_gp(cpu);
			assert_int_equal(fake.info.denied_msrs, 2);
		}
}

static void machine_check_beyond_the_bitmap_is_the_roots(void **state)
{
	u64 value;

	(void)state;
	fake_add_msr(0xc0002001, 0xabcdef0123456789ULL);
	assert_true(read_value(ROOT_CPU, 0xc0002001, &value));
	assert_int_equal(value, 0xabcdef0123456789ULL);
	assert_true(write_value(ROOT_CPU, 0xc0002001, 0));
	assert_int_equal(*fake_msr(0xc0002001), 0);
	/* one that this model does not have */
	assert_false(read_value(ROOT_CPU, 0xc0002007, &value));
	assert_int_equal(ROOT_CPU->arch.vendor.exception, X86_VECTOR_GP);
	assert_false(write_value(ROOT_CPU, 0xc0002007, 0));
	assert_int_equal(ROOT_CPU->arch.vendor.exception, X86_VECTOR_GP);
	assert_int_equal(fake.num_msr_writes, 1);
	assert_false(read_value(CELL_CPU, 0xc0002001, &value));
	assert_false(write_value(CELL_CPU, 0xc0002001, 0));
	assert_int_equal(fake.num_msr_writes, 1);
}

static void root_may_rewrite_what_is_there(void **state)
{
	(void)state;
	fake_add_msr(0x200, 0x80000006);
	fake_add_msr(0xc8f, 0);
	assert_true(write_value(ROOT_CPU, 0x200, 0x80000006));
	assert_true(write_value(ROOT_CPU, 0xc8f, 0));
	assert_int_equal(ROOT_CPU->arch.vendor.exception, 0);
	assert_int_equal(fake.num_msr_writes, 0);
	assert_false(write_value(ROOT_CPU, 0x200, 0x80000000));
	assert_gp(ROOT_CPU);
	/* on a model without it, it is the processor's #GP */
	assert_false(write_value(ROOT_CPU, 0x201, 0));
	assert_gp(ROOT_CPU);
}

static void memory_types_stop_a_cell(void **state)
{
	(void)state;
	fake_add_msr(0x200, 0);
	assert_false(write_value(CELL_CPU, 0x200, 0x80000006));
	assert_string_equal(fake.log, "FATAL: Unhandled MSR write: 200\n");
	assert_violation(MSR_ACCESS);
	assert_int_equal(fake.violation_address, 0x200);
	assert_int_equal(fake.violation.arg[0], JAILHOUSE_ARG_WRITE);
	assert_int_equal(fake.violation.arg[1], 0x200);
	assert_int_equal(fake.violation.arg[2], 0x80000006);
	assert_int_equal(CELL_CPU->arch.vendor.exception, 0);
}

static void learning_records_and_answers_as_ever(void **state)
{
	(void)state;
	fake.learning = true;
	fake_add_msr(MSR_SYSCFG, 1);
	assert_false(write_value(ROOT_CPU, MSR_SYSCFG, 2));
	assert_gp(ROOT_CPU);
	assert_int_equal(fake.learned.kind, JAILHOUSE_LEARNED_MSR);
	assert_int_equal(fake.learned.address, MSR_SYSCFG);
	assert_int_equal(fake.learned.write, 1);
}

/* Filling a bitmap by ranges must come out as MSR by MSR. */
static void ranges_are_uniform(void **state)
{
	static const u32 starts[] = { 0, 0xc0000000, 0xc0010000 };

	(void)state;
	for (size_t s = 0; s < ARRAY_LEN(starts); s++)
		for (unsigned int kind = 0; kind < 8; kind++) {
			bool write = kind & 1, root = kind & 2, x2apic = kind & 4, expected = false;
			u32 end = starts[s] + 0x1fff, last = starts[s] - 1;

			for (u32 msr = starts[s]; msr <= end; msr++) {
				if (msr == last + 1) {
					last = msr_same_until(msr);
					assert_true(last >= msr);
					expected = msr_trapped(&fake.machine, msr, write, root, x2apic);
				}
				if (msr_trapped(&fake.machine, msr, write, root, x2apic) != expected)
					fail_msg("%#x differs from the start of its range", msr);
			}
		}
}

/* ---- APIC ---- */

static void x2apic_range_by_mode(void **state)
{
	(void)state;
	for (u32 msr = 0x800; msr < 0x900; msr++)
		for (unsigned int kind = 0; kind < 4; kind++) {
			bool write = kind & 1, root = kind & 2, moderated = apic_write_moderated(msr - 0x800);

			assert_true(msr_trapped(&fake.machine, msr, write, root, false));
			assert_int_equal(msr_trapped(&fake.machine, msr, write, root, true),
					 write && (moderated || (!root && msr >= 0x840)));
		}
	assert_false(trapped(0x7ff, false, true));
	assert_false(trapped(0x900, false, true));
}

static void x2apic_msrs_go_to_the_apic(void **state)
{
	u64 value;

	(void)state;
	assert_true(write_value(CELL_CPU, 0x80b, 0));
	assert_int_equal(apic.reg, 0x0b);
	assert_true(write_value(CELL_CPU, 0x830, 0x123456789abcULL));
	assert_int_equal(apic.reg, 0x30);
	assert_int_equal(apic.value, 0x123456789abcULL);
	assert_int_equal(apic.writes, 2);
	assert_true(read_value(CELL_CPU, 0x802, &value));
	assert_int_equal(apic.reg, 2);
	assert_int_equal(value, 0x1122334455667788ULL);
	assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_MSR_X2APIC_ICR], 1);
	assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_MSR_OTHER], 2);
}

static void base_of_the_apic_stays(void **state)
{
	const u64 base = XAPIC_BASE | APICBASE_ENABLE;

	(void)state;
	assert_true(write_value(CELL_CPU, MSR_APICBASE, base));
	assert_true(write_value(ROOT_CPU, MSR_APICBASE, base));
	assert_int_equal(fake.num_msr_writes, 0);
	assert_false(write_value(ROOT_CPU, MSR_APICBASE, base | APICBASE_X2APIC));
	assert_gp(ROOT_CPU);
	assert_false(write_value(CELL_CPU, MSR_APICBASE, base | APICBASE_X2APIC));
	assert_log("FATAL: Unhandled MSR write: 1b\n");
	assert_violation(MSR_ACCESS);
	assert_int_equal(fake.num_msr_writes, 0);
	assert_false(trapped(MSR_APICBASE, false, false));
}

/* ---- memory types ---- */

static void pat_takes_effect_with_the_mtrrs(void **state)
{
	const u64 pat = 0x0001050600070406ULL;
	u64 value;

	(void)state;
	fake_add_msr(MSR_MTRR_DEF_TYPE, 0xc06);
	assert_true(read_value(CELL_CPU, MSR_PAT, &value));
	assert_int_equal(value, PAT_RESET);
	assert_true(write_value(CELL_CPU, MSR_PAT, pat));
	assert_int_equal(CELL_CPU->arch.vendor.pat, 0);
	assert_true(read_value(CELL_CPU, MSR_PAT, &value));
	assert_int_equal(value, pat);
	/* the enable bit is the guest's, all else the machine's */
	assert_true(read_value(CELL_CPU, MSR_MTRR_DEF_TYPE, &value));
	assert_int_equal(value, 0x406);
	assert_true(write_value(CELL_CPU, MSR_MTRR_DEF_TYPE, 0x800));
	assert_int_equal(CELL_CPU->arch.vendor.pat, pat);
	assert_true(read_value(CELL_CPU, MSR_MTRR_DEF_TYPE, &value));
	assert_int_equal(value, 0xc06);
	assert_true(write_value(CELL_CPU, MSR_PAT, PAT_RESET));
	assert_int_equal(CELL_CPU->arch.vendor.pat, PAT_RESET);
	assert_true(write_value(CELL_CPU, MSR_MTRR_DEF_TYPE, 0x406));
	assert_int_equal(CELL_CPU->arch.vendor.pat, 0);
	assert_int_equal(fake.num_msr_writes, 0);
}

static bool type_exists(u64 type)
{
	return type == 0 || type == 1 || (type >= 4 && type <= 7);
}

static void every_type_at_every_place_of_the_pat(void **state)
{
	(void)state;
	for (unsigned int place = 0; place < 8; place++)
		for (u64 type = 0; type < 256; type++) {
			u64 pat = (PAT_RESET & ~(0xffULL << 8 * place)) | type << 8 * place;

			setup(state);
			assert_int_equal(write_value(CELL_CPU, MSR_PAT, pat), type_exists(type));
			assert_int_equal(CELL_CPU->arch.guest_pat, type_exists(type) ? pat : PAT_RESET);
			if (type_exists(type))
				continue;
			assert_violation(PAT_VALUE);
			assert_int_equal(fake.violation.arg[0], pat);
			assert_log("FATAL: Invalid PAT value: ");
			fake.violations = 0;
			fake.log[0] = 0;
			assert_false(write_value(ROOT_CPU, MSR_PAT, pat));
			assert_gp(ROOT_CPU);
		}
}

static void processor_without_mtrrs(void **state)
{
	u64 value;

	(void)state;
	assert_false(read_value(CELL_CPU, MSR_MTRR_DEF_TYPE, &value));
	assert_gp(CELL_CPU);
}

/* ---- virtualization ---- */

static void efer_shows_that_svm_is_in_use(void **state)
{
	u64 value;

	(void)state;
	assert_true(write_value(ROOT_CPU, MSR_EFER, X86_EFER_SCE | X86_EFER_NXE));
	assert_int_equal(ROOT_CPU->arch.vendor.efer, X86_EFER_SCE | X86_EFER_NXE | X86_EFER_SVME);
	assert_true(read_value(ROOT_CPU, MSR_EFER, &value));
	assert_int_equal(value, X86_EFER_SCE | X86_EFER_NXE | X86_EFER_SVME);
}

static void efer_keeps_svm_and_refuses_unknown_bits(void **state)
{
	(void)state;
	for (int root = 0; root < 2; root++) {
		struct percpu *cpu = root ? ROOT_CPU : CELL_CPU;

		setup(state);
		assert_true(write_value(cpu, MSR_EFER, X86_EFER_SCE | X86_EFER_SVME));
		assert_int_equal(cpu->arch.vendor.efer, X86_EFER_SCE | X86_EFER_SVME);
		assert_true(write_value(cpu, MSR_EFER, 0));
		assert_int_equal(cpu->arch.vendor.efer, X86_EFER_SVME);
		assert_false(write_value(cpu, MSR_EFER, 1ULL << 60));
		assert_gp(cpu);
	}
}

static void only_root_reads_vm_cr_and_nobody_writes_it(void **state)
{
	u64 value;

	(void)state;
	fake_add_msr(MSR_VM_CR, 0);
	assert_false(msr_trapped(&fake.machine, MSR_VM_CR, false, true, false));
	assert_false(read_value(CELL_CPU, MSR_VM_CR, &value));
	assert_gp(CELL_CPU);
	assert_false(write_value(ROOT_CPU, MSR_VM_CR, 0x10));
	assert_gp(ROOT_CPU);
	assert_false(write_value(CELL_CPU, MSR_VM_CR, 0));
	assert_gp(CELL_CPU);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rules_are_in_order),
		TEST(deadly_writes_are_refused_to_all),
		TEST(host_save_area_cannot_even_be_read),
		TEST(registers_of_the_thread_are_direct),
		TEST(writes_of_linux_guests_are_dropped),
		TEST(other_registers_are_read_by_all_and_written_by_the_root),
		TEST(beyond_the_bitmap),
		TEST(machine_check_beyond_the_bitmap_is_the_roots),
		TEST(root_may_rewrite_what_is_there),
		TEST(memory_types_stop_a_cell),
		TEST(learning_records_and_answers_as_ever),
		TEST(ranges_are_uniform),
		TEST(x2apic_range_by_mode),
		TEST(x2apic_msrs_go_to_the_apic),
		TEST(base_of_the_apic_stays),
		TEST(pat_takes_effect_with_the_mtrrs),
		TEST(every_type_at_every_place_of_the_pat),
		TEST(processor_without_mtrrs),
		TEST(efer_shows_that_svm_is_in_use),
		TEST(efer_keeps_svm_and_refuses_unknown_bits),
		TEST(only_root_reads_vm_cr_and_nobody_writes_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
