// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* apic-guest.c: registers of the local APIC, by page, by MSR, and by MSR on a CPU in xAPIC mode. */
#include "fake-x86/fake.h"

#define ICR(delivery, vector) ((u32)(delivery) << 8 | (vector))
#define ASSERT		      0x4000U

static int setup_page(void **state)
{
	return fake_reset(state);
}

static int setup_x2apic(void **state)
{
	fake_reset(state);
	fake_set_x2apic(true);
	return 0;
}

static bool write_page(struct percpu *cpu, unsigned int reg, u32 value)
{
	return guest_apic_write(cpu, reg, value, false);
}

static bool write_by_msr(struct percpu *cpu, unsigned int reg, u64 value)
{
	return guest_apic_write(cpu, reg, value, true);
}

static void assert_sent(unsigned int number, unsigned int cpu_id, u8 vector)
{
	assert_int_equal(fake.num_icr_sent, number);
	assert_int_equal(fake.icr_sent >> 32, FAKE_APIC_ID(cpu_id));
	assert_int_equal((u32)fake.icr_sent, ASSERT | vector);
}

static void assert_stopped(unsigned int reg)
{
	assert_violation(APIC_ACCESS);
	assert_int_equal(fake.violation.arg[0], JAILHOUSE_ARG_WRITE);
	assert_int_equal(fake.violation.arg[1], reg);
}

static void assert_gp(const struct percpu *cpu)
{
	assert_int_equal(cpu->arch.vendor.exception, X86_VECTOR_GP);
	assert_int_equal(fake.violations, 0);
	assert_no_log();
}

static u32 last_write(unsigned int reg)
{
	assert_true(fake.num_apic_writes > 0);
	assert_int_equal(fake.apic_writes[fake.num_apic_writes - 1].reg, reg);
	return (u32)fake.apic_writes[fake.num_apic_writes - 1].value;
}

/* ---- registers of the page ---- */

struct mask {
	unsigned int reg;
	u32 writable;
};

static const struct mask page_masks[] = {
	{ 0x08, 0x000000ff }, { 0x0b, 0xffffffff }, { 0x0f, 0x000003ff }, { 0x28, 0 },
	{ 0x2f, 0x000117ff }, { 0x30, 0x000ccfff }, { 0x31, 0xff000000 }, { 0x32, 0x000710ff },
	{ 0x33, 0x000117ff }, { 0x34, 0x000117ff }, { 0x35, 0x0001f7ff }, { 0x36, 0x0001f7ff },
	{ 0x37, 0x000110ff }, { 0x38, 0xffffffff }, { 0x3e, 0x0000000b }, { 0x50, 0x000107ff },
	{ 0x51, 0x000107ff }, { 0x52, 0x000107ff }, { 0x53, 0x000107ff },
};

static u32 writable_bits_of(unsigned int reg)
{
	for (size_t n = 0; n < ARRAY_LEN(page_masks); n++)
		if (page_masks[n].reg == reg)
			return page_masks[n].writable;
	return 0;
}

static void each_reserved_bit_of_the_page_stops_the_cell(void **state)
{
	for (unsigned int reg = 0; reg < 256; reg++) {
		if (reg == APIC_ID || reg == APIC_LDR || reg == APIC_DFR)
			continue;
		for (unsigned int bit = 0; bit < 32; bit++) {
			if (writable_bits_of(reg) & (1U << bit))
				continue;
			fake_reset(state);
			if (write_page(CELL_CPU, reg, 1U << bit))
				fail_msg("register %#x, bit %u was accepted", reg, bit);
			assert_stopped(reg);
			assert_log("FATAL: Trying to set reserved APIC bits (reg ");
			assert_int_equal(fake.num_apic_writes, 0);
		}
	}
}

static void each_plain_bit_is_written(void **state)
{
	static const unsigned int plain[] = { APIC_TPR, APIC_SVR, APIC_TIMER_INIT, APIC_TIMER_DIV, APIC_ICR_HIGH };

	for (size_t n = 0; n < ARRAY_LEN(plain); n++)
		for (unsigned int bit = 0; bit < 32; bit++) {
			if (!(writable_bits_of(plain[n]) & (1U << bit)))
				continue;
			fake_reset(state);
			assert_true(write_page(CELL_CPU, plain[n], 1U << bit));
			assert_int_equal(last_write(plain[n]), 1U << bit);
		}
}

static void id_is_read_only(void **state)
{
	(void)state;
	assert_true(write_page(CELL_CPU, APIC_ID, 0x55000000));
	assert_int_equal(fake.num_apic_writes, 0);
	assert_no_log();
}

static void eoi_and_error_status(void **state)
{
	(void)state;
	assert_true(write_page(CELL_CPU, APIC_EOI, 0xdeadbeef));
	assert_int_equal(last_write(APIC_EOI), 0);
	assert_true(write_page(CELL_CPU, APIC_ESR, 0));
	assert_int_equal(last_write(APIC_ESR), 0);
}

static void zero_to_a_register_without_writable_bits_does_nothing(void **state)
{
	(void)state;
	assert_true(write_page(CELL_CPU, APIC_VERSION, 0));
	assert_true(write_page(CELL_CPU, 0xff, 0));
	assert_true(write_page(CELL_CPU, APIC_SELF_IPI, 0));
	assert_int_equal(fake.num_apic_writes, 0);
}

static void logical_ids_are_fixed(void **state)
{
	(void)state;
	assert_true(write_page(CELL_CPU, APIC_LDR, 1U << 26));
	assert_int_equal(last_write(APIC_LDR), 1U << 26);
	assert_true(write_page(CELL_CPU, APIC_DFR, ~0U));
	assert_int_equal(last_write(APIC_DFR), ~0U);
	assert_false(write_page(CELL_CPU, APIC_LDR, 1U << 24));
	assert_log("FATAL: Unsupported change to LDR: 1000000\n");
	assert_stopped(APIC_LDR);
	fake_reset(state);
	assert_false(write_page(CELL_CPU, APIC_DFR, 0x0fffffff));
	assert_log("FATAL: Unsupported change to DFR: fffffff\n");
	assert_stopped(APIC_DFR);
	/* there are eight bits */
	fake_reset(state);
	CELL_CPU->id = 8;
	assert_false(write_page(CELL_CPU, APIC_LDR, 0));
	assert_int_equal(fake.num_apic_writes, 0);
}

/* ---- the short way for MSRs ---- */

/* Whatever it takes, the other way takes with the same result; whatever it leaves has had no effect. */
static void short_way_does_as_the_other(void **state)
{
	unsigned int taken = 0;

	for (u32 msr = 0x7f0; msr < 0x910; msr++)
		for (unsigned int bit = 0; bit < 64; bit++) {
			u32 low = bit < 32 ? 1U << bit : 0, high = bit < 32 ? 0 : 1U << (bit - 32);
			struct fake_write write;

			fake_reset(state);
			if (!guest_apic_wrmsr_plain(CELL_CPU, msr, low, high)) {
				assert_int_equal(fake.num_apic_writes, 0);
				assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_MSR_OTHER], 0);
				continue;
			}
			taken++;
			assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_MSR_OTHER], 1);
			assert_int_equal(fake.num_apic_writes, 1);
			write = fake.apic_writes[0];
			fake_reset(state);
			assert_true(write_by_msr(CELL_CPU, msr - 0x800, (u64)high << 32 | low));
			assert_int_equal(fake.num_apic_writes, 1);
			assert_int_equal(fake.apic_writes[0].reg, write.reg);
			assert_int_equal(fake.apic_writes[0].value, write.value);
		}
	/* TPR 8 bits, EOI 32, initial count 32, divide configuration 3 */
	assert_int_equal(taken, 8 + 32 + 32 + 3);
}

static void short_way_is_not_for_x2apic(void **state)
{
	(void)state;
	assert_false(guest_apic_wrmsr_plain(CELL_CPU, 0x808, 0, 0));
	assert_int_equal(fake.num_apic_writes, 0);
}

/* ---- local vectors, by page and by MSR ---- */

static const unsigned int lvts[] = { 0x33, 0x34, 0x35, 0x36, 0x50, 0x51, 0x52, 0x53 };

static bool write_lvt_of(struct percpu *cpu, unsigned int reg, u32 value)
{
	return guest_apic_write(cpu, reg, value, cpu->arch.x2apic);
}

static void local_vectors_deliver_fixed_or_nmi(void **state)
{
	bool x2apic = CELL_CPU->arch.x2apic;

	for (size_t n = 0; n < ARRAY_LEN(lvts); n++)
		for (u32 mode = 0; mode < 8; mode++) {
			u32 value = mode << 8 | 0x45;

			fake_reset(state);
			fake_set_x2apic(x2apic);
			assert_true(write_lvt_of(CELL_CPU, lvts[n], value | APIC_LVT_MASKED));
			assert_int_equal(last_write(lvts[n]), value | APIC_LVT_MASKED);
			if (mode == APIC_FIXED || mode == APIC_NMI) {
				assert_true(write_lvt_of(CELL_CPU, lvts[n], value));
				assert_int_equal(last_write(lvts[n]), value);
				assert_no_log();
				continue;
			}
			assert_false(write_lvt_of(CELL_CPU, lvts[n], value));
			assert_int_equal(fake.num_apic_writes, 1);
			assert_log("FATAL: Setting invalid LVT delivery mode (reg ");
			assert_stopped(lvts[n]);
		}
}

static void forbidden_local_vectors_of_the_root_are_masked(void **state)
{
	(void)state;
	assert_true(write_lvt_of(ROOT_CPU, APIC_LVT_LINT0, ICR(APIC_EXTINT, 0)));
	assert_int_equal(last_write(APIC_LVT_LINT0), ICR(APIC_EXTINT, 0) | APIC_LVT_MASKED);
	assert_int_equal(fake.violations, 0);
	assert_log("WARNING: LVT delivery mode masked (reg 35, value 00000700)\n");
}

static void read_only_bits_of_local_vectors_are_not_written(void **state)
{
	(void)state;
	assert_true(write_lvt_of(CELL_CPU, APIC_LVT_LINT0, 0x1d440));
	assert_int_equal(last_write(APIC_LVT_LINT0), 0x18440);
}

/* ---- MSRs ---- */

static const u8 msr_writable[] = { 0x08, 0x0b, 0x0f, 0x28, 0x2f, 0x30, 0x32, 0x33,
				   0x34, 0x35, 0x36, 0x37, 0x38, 0x3e, 0x3f };

static void msrs_that_exist_take_zero(void **state)
{
	bool x2apic = CELL_CPU->arch.x2apic;

	for (unsigned int reg = 0; reg < 0x100; reg++) {
		bool ext_lvt = x2apic && reg >= 0x50 && reg < 0x54;
		bool exists = ext_lvt || (reg < 0x40 && memchr(msr_writable, (int)reg, sizeof(msr_writable)));

		/* the fake processor has no CMCI; an ICR of zero goes to a foreign CPU */
		if (reg == APIC_LVT_CMCI || reg == APIC_ICR)
			continue;
		fake_reset(state);
		fake_set_x2apic(x2apic);
		if (write_by_msr(CELL_CPU, reg, 0) != exists)
			fail_msg("register %#x", reg);
		if (!exists)
			assert_gp(CELL_CPU);
		assert_int_equal(fake.num_apic_writes > 0, exists);
	}
}

static void register_that_the_processor_lacks(void **state)
{
	(void)state;
	assert_false(write_by_msr(CELL_CPU, APIC_LVT_CMCI, APIC_LVT_MASKED));
	assert_gp(CELL_CPU);
}

/* In xAPIC mode its place in the page would take note of an error. */
static void register_that_the_apic_lacks(void **state)
{
	u64 value;

	(void)state;
	assert_false(write_by_msr(CELL_CPU, APIC_LVT_CMCI, APIC_LVT_MASKED));
	assert_gp(CELL_CPU);
	assert_int_equal(fake.num_apic_writes, 0);
	CELL_CPU->arch.vendor.exception = 0;
	assert_false(guest_apic_read(CELL_CPU, APIC_LVT_CMCI, &value, true));
	assert_gp(CELL_CPU);
}

static void upper_half_must_be_zero(void **state)
{
	(void)state;
	assert_false(write_by_msr(CELL_CPU, APIC_LVT_LINT0, 1ULL << 32 | APIC_LVT_MASKED));
	assert_stopped(APIC_LVT_LINT0);
	assert_int_equal(fake.num_apic_writes, 0);
}

static void reserved_bits_by_msr(void **state)
{
	(void)state;
	assert_false(write_by_msr(CELL_CPU, APIC_LVT_LINT0, 1U << 17));
	assert_string_equal(fake.log, "FATAL: Trying to set reserved APIC bits (reg 35, value 00020000)\n");
	assert_stopped(APIC_LVT_LINT0);
	assert_int_equal(fake.num_apic_writes, 0);
}

static void root_gets_gp_by_msr(void **state)
{
	bool x2apic = ROOT_CPU->arch.x2apic;

	(void)state;
	assert_false(write_by_msr(ROOT_CPU, APIC_LVT_LINT0, 1U << 17));
	assert_gp(ROOT_CPU);
	fake_reset(state);
	fake_set_x2apic(x2apic);
	assert_false(write_by_msr(ROOT_CPU, APIC_ICR, ICR(APIC_SMI, 0)));
	assert_gp(ROOT_CPU);
}

static void self_ipi(void **state)
{
	(void)state;
	assert_true(write_by_msr(CELL_CPU, APIC_SELF_IPI, 0x77));
	assert_sent(1, 2, 0x77);
	assert_false(write_by_msr(CELL_CPU, APIC_SELF_IPI, 0x100));
	assert_stopped(APIC_SELF_IPI);
}

/* What a hypervisor has to see even of a CPU in x2APIC mode; the timer and EOI must not be among it. */
static void moderated_registers(void **state)
{
	static const u8 moderated[] = { 0x2f, 0x30, 0x33, 0x34, 0x35, 0x36, 0x37, 0x50, 0x51, 0x52, 0x53 };

	(void)state;
	for (unsigned int reg = 0; reg < 0x100; reg++)
		assert_int_equal(apic_write_moderated(reg), memchr(moderated, (int)reg, sizeof(moderated)) != NULL);
}

/* ---- x2APIC MSRs on a CPU in xAPIC mode ---- */

static void emulated_msrs_reach_the_page(void **state)
{
	(void)state;
	assert_true(write_by_msr(CELL_CPU, APIC_SVR, 0x1ff));
	assert_int_equal(last_write(APIC_SVR), 0x1ff);
	assert_true(write_by_msr(CELL_CPU, APIC_LVT_TIMER, 0x20 | 1U << 17));
	assert_int_equal(last_write(APIC_LVT_TIMER), 0x20020);
	assert_true(write_by_msr(CELL_CPU, APIC_TIMER_INIT, 123456));
	assert_int_equal(last_write(APIC_TIMER_INIT), 123456);
}

static void emulated_icr_has_the_id_unshifted(void **state)
{
	(void)state;
	fake.apic[APIC_ICR_HIGH] = 0xab000000;
	assert_true(write_by_msr(CELL_CPU, APIC_ICR, (u64)FAKE_APIC_ID(3) << 32 | ICR(APIC_FIXED, 0x61)));
	assert_sent(1, 3, 0x61);
	/* what the guest has in the page stays */
	assert_int_equal(fake.apic[APIC_ICR_HIGH], 0xab000000);
	assert_true(write_by_msr(CELL_CPU, APIC_ICR, 0x100ULL << 32 | ICR(APIC_FIXED, 0x61)));
	assert_int_equal(fake.num_icr_sent, 1);
	assert_log("ICR.hi=100");
}

static void emulated_reads(void **state)
{
	static const u8 readable[] = { 0x02, 0x03, 0x08, 0x0a, 0x0d, 0x0f, 0x2f, 0x30, 0x32, 0x33, 0x34,
				       0x35, 0x36, 0x37, 0x38, 0x39, 0x3e };
	u64 value;

	(void)state;
	for (unsigned int reg = 0; reg < APIC_NUM_REGS; reg++)
		fake.apic[reg] = reg * 3;
	fake.apic[APIC_ID] = FAKE_APIC_ID(2);
	fake.apic[APIC_VERSION] = 0x60014; /* with CMCI */
	fake.apic[APIC_ICR_HIGH] = (u32)FAKE_APIC_ID(3) << 24;
	for (unsigned int reg = 0; reg < 0x100; reg++) {
		bool exists = (reg >= 0x10 && reg <= 0x28) ||
			      (reg < 0x40 && memchr(readable, (int)reg, sizeof(readable)));

		CELL_CPU->arch.vendor.exception = 0;
		if (guest_apic_read(CELL_CPU, reg, &value, true) != exists)
			fail_msg("register %#x", reg);
		if (!exists)
			assert_gp(CELL_CPU);
		else if (reg == APIC_ID)
			assert_int_equal(value, FAKE_APIC_ID(2));
		else if (reg == APIC_ICR)
			assert_int_equal(value, (u64)FAKE_APIC_ID(3) << 32 | APIC_ICR * 3);
		else if (reg == APIC_VERSION)
			assert_int_equal(value, 0x60014);
		else
			assert_int_equal(value, reg * 3);
	}
}

/* ---- the page as memory ---- */

static void set_code(const void *code, unsigned int size)
{
	fake_code(64, code, size);
}

static void trapped_write_of_the_page(void **state)
{
	(void)state;
	set_code("\x89\x07", 2); /* mov %eax,(%rdi) */
	fake.regs[2].r[REG_RAX] = 0xffffffff00000020ULL;
	assert_true(guest_xapic_page(CELL_CPU, XAPIC_BASE + 0x80, true));
	assert_int_equal(last_write(APIC_TPR), 0x20);
	assert_int_equal(CELL_CPU->arch.vendor.skipped, 2);
	assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_XAPIC], 1);
}

static void trapped_read_of_the_page(void **state)
{
	(void)state;
	set_code("\x8b\x07", 2); /* mov (%rdi),%eax */
	fake.regs[2].r[REG_RAX] = ~0ULL;
	fake.apic[APIC_ID] = FAKE_APIC_ID(2);
	assert_true(guest_xapic_page(CELL_CPU, XAPIC_BASE + 0x20, false));
	assert_int_equal(fake.regs[2].r[REG_RAX], (u32)FAKE_APIC_ID(2) << 24);
	assert_int_equal(CELL_CPU->arch.vendor.skipped, 2);
}

static void page_takes_32_bits_only(void **state)
{
	(void)state;
	set_code("\x48\x89\x07", 3);
	assert_false(guest_xapic_page(CELL_CPU, XAPIC_BASE + 0x80, true));
	assert_string_equal(fake.log, "FATAL: Unsupported APIC access width 8\n");
	assert_stopped(APIC_TPR);
	assert_int_equal(fake.num_apic_writes, 0);
	assert_int_equal(CELL_CPU->arch.vendor.skipped, 0);
}

static void page_takes_aligned_accesses_only(void **state)
{
	(void)state;
	set_code("\x89\x07", 2);
	assert_false(guest_xapic_page(CELL_CPU, XAPIC_BASE + 0x84, true));
	assert_string_equal(fake.log, "FATAL: Unhandled APIC access, offset 132, is_write: 1\n");
	assert_stopped(APIC_TPR);
	assert_int_equal(fake.num_apic_writes, 0);
}

static void page_with_an_undecodable_instruction(void **state)
{
	(void)state;
	set_code("\xf0\x01\x07", 3);
	assert_false(guest_xapic_page(CELL_CPU, XAPIC_BASE + 0x80, true));
	assert_violation(INSTRUCTION);
}

static void forbidden_write_of_the_page_does_not_advance(void **state)
{
	(void)state;
	set_code("\x89\x07", 2);
	fake.regs[2].r[REG_RAX] = 0x100;
	assert_false(guest_xapic_page(CELL_CPU, XAPIC_BASE + 0x80, true));
	assert_stopped(APIC_TPR);
	assert_int_equal(CELL_CPU->arch.vendor.skipped, 0);
}

static void no_page_in_x2apic_mode(void **state)
{
	(void)state;
	set_code("\x89\x07", 2);
	assert_false(guest_xapic_page(CELL_CPU, XAPIC_BASE + 0x80, true));
	assert_string_equal(fake.log, "FATAL: xAPIC access in x2APIC mode\n");
	assert_stopped(APIC_TPR);
}

#define PAGE(name)   cmocka_unit_test_setup(name, setup_page)
#define X2APIC(name) cmocka_unit_test_setup(name, setup_x2apic)
#define BOTH(name)   PAGE(name), X2APIC(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PAGE(each_reserved_bit_of_the_page_stops_the_cell),
		PAGE(each_plain_bit_is_written),
		PAGE(short_way_does_as_the_other),
		X2APIC(short_way_is_not_for_x2apic),
		PAGE(register_that_the_apic_lacks),
		PAGE(id_is_read_only),
		PAGE(eoi_and_error_status),
		PAGE(zero_to_a_register_without_writable_bits_does_nothing),
		PAGE(logical_ids_are_fixed),
		BOTH(local_vectors_deliver_fixed_or_nmi),
		BOTH(forbidden_local_vectors_of_the_root_are_masked),
		BOTH(read_only_bits_of_local_vectors_are_not_written),
		BOTH(msrs_that_exist_take_zero),
		X2APIC(register_that_the_processor_lacks),
		BOTH(upper_half_must_be_zero),
		BOTH(reserved_bits_by_msr),
		BOTH(root_gets_gp_by_msr),
		BOTH(self_ipi),
		PAGE(moderated_registers),
		PAGE(emulated_msrs_reach_the_page),
		PAGE(emulated_icr_has_the_id_unshifted),
		PAGE(emulated_reads),
		PAGE(trapped_write_of_the_page),
		PAGE(trapped_read_of_the_page),
		PAGE(page_takes_32_bits_only),
		PAGE(page_takes_aligned_accesses_only),
		PAGE(page_with_an_undecodable_instruction),
		PAGE(forbidden_write_of_the_page_does_not_advance),
		X2APIC(no_page_in_x2apic_mode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
