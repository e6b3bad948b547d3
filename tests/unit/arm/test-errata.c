// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What is known of cores by their MIDR, and that it is done. */
#include "fake-arm.h"
#include <hypervisor/arch/cpu.h>
#include <asm/errata.h>

#define WALK   CURE_FOREIGN_WALK
#define REPEAT CURE_REPEAT_TLBI
#define PAGE   CURE_DOUBTFUL_PAGE
#define SAFE   BRANCHES_SAFE
#define ARM    0x41

/* As the CPU has it: implementer, variant, 15 (identified by features), part, revision */
static u32 midr(unsigned int implementer, unsigned int part, unsigned int version)
{
	return implementer << 24 | (version >> 4) << 20 | 0xfU << 16 | part << 4 | (version & 0xf);
}

struct core {
	const char *name;
	unsigned int implementer, part, version, cures, branches;
};

/* On both sides of each end of a range, and of those that are for all versions the first and last that can be */
static const struct core cores[] = {
	{ "A53 r0p4", ARM, 0xd03, 0x04, SAFE, 0 },
	{ "A35 r1p0", ARM, 0xd04, 0x10, SAFE, 0 },
	{ "A55 r0p0", ARM, 0xd05, 0x00, WALK | REPEAT | SAFE, 0 },
	{ "A55 r1p9", ARM, 0xd05, 0x19, WALK | REPEAT | SAFE, 0 },
	{ "A55 r2p0", ARM, 0xd05, 0x20, WALK | REPEAT | SAFE, 0 },
	{ "A55 r2p1", ARM, 0xd05, 0x21, REPEAT | SAFE, 0 },
	{ "A55 r15p15", ARM, 0xd05, 0xff, REPEAT | SAFE, 0 },
	{ "A57 r0p0", ARM, 0xd07, 0x00, WALK | PAGE, 8 },
	{ "A57 r1p2", ARM, 0xd07, 0x12, WALK | PAGE, 8 },
	{ "A57 r1p3", ARM, 0xd07, 0x13, WALK, 8 },
	{ "A57 r15p15", ARM, 0xd07, 0xff, WALK, 8 },
	{ "A72 r0p0", ARM, 0xd08, 0x00, WALK, 8 },
	{ "A72 r0p3", ARM, 0xd08, 0x03, WALK, 8 },
	{ "A72 r15p15", ARM, 0xd08, 0xff, WALK, 8 },
	{ "A73 r1p0", ARM, 0xd09, 0x10, 0, 0 },
	{ "A75 r0p0", ARM, 0xd0a, 0x00, 0, 0 },
	{ "A76 r0p0", ARM, 0xd0b, 0x00, WALK | REPEAT, 24 },
	{ "A76 r2p0", ARM, 0xd0b, 0x20, WALK | REPEAT, 24 },
	{ "A76 r2p1", ARM, 0xd0b, 0x21, REPEAT, 24 },
	{ "A76 r4p1", ARM, 0xd0b, 0x41, REPEAT, 24 },
	{ "N1 r0p0", ARM, 0xd0c, 0x00, REPEAT, 24 },
	{ "N1 r4p1", ARM, 0xd0c, 0x41, REPEAT, 24 },
	{ "A77 r1p1", ARM, 0xd0d, 0x11, REPEAT, 24 },
	{ "A76AE r1p1", ARM, 0xd0e, 0x11, REPEAT, 24 },
	{ "part 0xd0f", ARM, 0xd0f, 0x00, 0, 0 },
	{ "V1 r1p1", ARM, 0xd40, 0x11, REPEAT, 32 },
	{ "A78 r1p2", ARM, 0xd41, 0x12, REPEAT, 32 },
	{ "A78AE r0p2", ARM, 0xd42, 0x02, REPEAT, 32 },
	{ "X1 r1p2", ARM, 0xd44, 0x12, REPEAT, 32 },
	{ "A510 r0p0", ARM, 0xd46, 0x00, REPEAT | SAFE, 0 },
	{ "A510 r1p1", ARM, 0xd46, 0x11, REPEAT | SAFE, 0 },
	{ "A510 r1p2", ARM, 0xd46, 0x12, SAFE, 0 },
	{ "A710 r2p1", ARM, 0xd47, 0x21, REPEAT, 32 },
	{ "X2 r2p1", ARM, 0xd48, 0x21, REPEAT, 32 },
	{ "N2 r0p3", ARM, 0xd49, 0x03, REPEAT, 32 },
	{ "part 0xd4a", ARM, 0xd4a, 0x00, 0, 0 },
	{ "A78C r0p2", ARM, 0xd4b, 0x02, REPEAT, 32 },
	{ "X1C r0p1", ARM, 0xd4c, 0x01, REPEAT, 32 },
	{ "A715 r1p2", ARM, 0xd4d, 0x12, 0, 38 },
	{ "X3 r1p2", ARM, 0xd4e, 0x12, REPEAT, 132 },
	{ "V2 r0p2", ARM, 0xd4f, 0x02, REPEAT, 132 },
	{ "A520 r0p1", ARM, 0xd80, 0x01, SAFE, 0 },
	{ "A720 r0p1", ARM, 0xd81, 0x01, 0, 38 },
	{ "X4 r0p1", ARM, 0xd82, 0x01, REPEAT, 0 },
	{ "V3AE", ARM, 0xd83, 0x00, REPEAT, 0 },
	{ "V3", ARM, 0xd84, 0x00, REPEAT, 0 },
	{ "X925", ARM, 0xd85, 0x00, REPEAT, 0 },
	{ "A725", ARM, 0xd87, 0x00, 0, 0 },
	{ "C1-Ultra", ARM, 0xd8c, 0x00, REPEAT, 0 },
	{ "C1-Premium", ARM, 0xd90, 0x00, REPEAT, 0 },
	{ "Brahma B53", 0x42, 0x100, 0x00, SAFE, 0 },
	{ "TSV110", 0x48, 0xd01, 0x10, 0, 32 },
	{ "HIP09", 0x48, 0xd02, 0x22, 0, 24 },
	{ "Olympus", 0x4e, 0x010, 0x00, REPEAT, 0 },
	{ "Cobalt 100", 0x6d, 0xd49, 0x00, REPEAT, 0 },
	{ "Ampere-1", 0xc0, 0xac3, 0x00, 0, 11 },
	{ "Falkor r0p0", 0x51, 0x800, 0x00, REPEAT, 0 },
	{ "Falkor r0p1", 0x51, 0x800, 0x01, 0, 0 },
	{ "Kryo 2xx Silver", 0x51, 0x801, 0xa4, SAFE, 0 },
	{ "Kryo 3xx Silver", 0x51, 0x803, 0x7c, SAFE, 0 },
	{ "Kryo 4xx Silver rdpd", 0x51, 0x805, 0xdd, SAFE, 0 },
	{ "Kryo 4xx Silver rdpe", 0x51, 0x805, 0xde, WALK | SAFE, 0 },
	{ "Kryo 4xx Silver rdpf", 0x51, 0x805, 0xdf, SAFE, 0 },
	{ "Kryo 4xx Gold rcpd", 0x51, 0x804, 0xcd, 0, 24 },
	{ "Kryo 4xx Gold rcpe", 0x51, 0x804, 0xce, REPEAT, 24 },
	{ "Kryo 4xx Gold rfpe", 0x51, 0x804, 0xfe, REPEAT, 24 },
	{ "Kryo 4xx Gold rfpf", 0x51, 0x804, 0xff, 0, 24 },
	/* A part means something by its implementer only. */
	{ "another one's 0xd07", 0x48, 0xd07, 0x00, 0, 0 },
	{ "another one's 0xd05", 0x42, 0xd05, 0x00, 0, 0 },
	{ "Arm's 0x800", ARM, 0x800, 0x00, 0, 0 },
};

static void table(void **state)
{
	(void)state;
	for (const struct core *core = cores; core < cores + ARRAY_LEN(cores); core++) {
		struct erratum found = errata_of(midr(core->implementer, core->part, core->version));

		if (found.cures != core->cures || found.branches != core->branches)
			fail_msg("%s: cures %x, %u branches", core->name, found.cures, found.branches);
	}
}

/* The one that sends a TLBI is not the one that needs the cure. */
static void one_set_for_all_cpus(void **state)
{
	(void)state;
	fake.el2[1].midr_el1 = midr(ARM, 0xd05, 0x21);
	fake.el2[3].midr_el1 = midr(ARM, 0xd08, 0x03);
	for (unsigned int id = 0; id < FAKE_CPUS; id++)
		assert_int_equal(arch_cpu_init(on(fake_cpu(id))), 0);
	assert_int_equal(fake.machine.arch.cures, WALK | REPEAT);
	guest_enter_cell(on(CELL_CPU));
	stage2_restore(CELL_CPU);
	on(ROOT_CPU);
	fake.trace[0] = 0;
	stage2_revoke(CELL_CPU);
	assert_trace("flush-all(3) kick(2) ");
}

static void nothing_to_cure(void **state)
{
	(void)state;
	for (unsigned int id = 0; id < FAKE_CPUS; id++) {
		fake.el2[id].midr_el1 = midr(ARM, 0xd03, 0x04);
		assert_int_equal(arch_cpu_init(on(fake_cpu(id))), 0);
	}
	assert_int_equal(fake.machine.arch.cures, 0);
}

/* A fault that may be the guest's own: the walk tells, and the address that the exit left is not looked at. */
static void doubtful_page(void **state)
{
	const u64 esr = 0x24ULL << 26 | 1 << 25 | 1 << 24 | 2 << 22 | 1 << 16 | 0x07;

	(void)state;
	fake.access_result = MMIO_HANDLED;
	el2()->esr_el2 = esr;
	el2()->far_el2 = 0xffff000000001008;
	el2()->hpfar_el2 = 0x12345 << 4;
	fake.stage1_page = 0x777000;
	guest_exit(ROOT_CPU);
	assert_int_equal(fake.access.address, 0x12345008);
	fake.machine.arch.cures = CURE_DOUBTFUL_PAGE;
	el2()->esr_el2 = esr;
	guest_exit(ROOT_CPU);
	assert_int_equal(fake.access.address, 0x777008);
	/* It was: the guest tries again, and then it is its own. */
	fake.unmapped = true;
	fake.access.address = 0;
	el2()->elr_el2 = 0x1000;
	el2()->esr_el2 = esr;
	guest_exit(ROOT_CPU);
	assert_int_equal(fake.access.address, 0);
	assert_int_equal(el2()->elr_el2, 0x1000);
}

/* ---- speculation ---- */

#define FEATURES     0x80000001U
#define WORKAROUND_1 0x80008000U
#define WORKAROUND_3 0x80003fffU
#define CSV2(n)	     ((u64)(n) << 56)
#define ECBHB	     (1ULL << 60)
#define CLRBHB	     (1ULL << 28)

static int has_1, has_3; /* what the firmware says of its calls: 0 needed, 1 not needed, -1 unknown */

static bool features(u64 x[18])
{
	assert_int_equal(x[0], FEATURES);
	assert_true(x[1] == WORKAROUND_1 || x[1] == WORKAROUND_3);
	x[0] = x[1] == WORKAROUND_1 ? (u64)has_1 : (u64)has_3;
	return true;
}

static void branches(void **state)
{
	static const struct {
		const char *name;
		unsigned int part;
		u64 pfr0, mmfr1, isar2;
		int has_1, has_3;
		u32 branches;
	} cases[] = {
		{ "in order: nothing, whatever the firmware has", 0xd03, 0, 0, 0, 0, 0, 0 },
		{ "A57, firmware that knows nothing", 0xd07, 0, 0, 0, -1, -1, 8 },
		{ "A57, the first", 0xd07, 0, 0, 0, 0, -1, WORKAROUND_1 },
		{ "A57, the third instead", 0xd07, 0, 0, 0, 0, 0, WORKAROUND_3 },
		{ "A57, not needed by this one", 0xd07, 0, 0, 0, 1, 1, 8 },
		{ "A72 r1: contexts are kept apart", 0xd08, CSV2(1), 0, 0, 0, 0, 8 },
		{ "A73: the firmware or nothing", 0xd09, 0, 0, 0, -1, 0, WORKAROUND_3 },
		{ "A73 with old firmware", 0xd09, 0, 0, 0, 0, -1, WORKAROUND_1 },
		{ "A73 without", 0xd09, 0, 0, 0, -1, -1, 0 },
		{ "A75 r3: history by the firmware", 0xd0a, CSV2(1), 0, 0, -1, 0, WORKAROUND_3 },
		{ "A75 r3, not needed", 0xd0a, CSV2(1), 0, 0, -1, 1, 0 },
		{ "A76", 0xd0b, CSV2(1), 0, 0, 0, 0, 24 },
		{ "A78 with CSV2 2", 0xd41, CSV2(2), 0, 0, -1, -1, 32 },
		{ "V2 ", 0xd4f, CSV2(2), 0, 0, -1, -1, 132 },
		{ "histories are kept apart", 0xd4f, CSV2(3), 0, 0, 0, 0, 0 },
		{ "exceptions clear the history", 0xd4f, CSV2(2), ECBHB, 0, 0, 0, 0 },
		{ "there is an instruction", 0xd4f, CSV2(2), 0, CLRBHB, 0, 0, 1 },
		{ "unknown core", 0xfff, CSV2(1), 0, 0, -1, -1, 0 },
		{ "unknown core, the firmware knows", 0xfff, 0, 0, 0, 0, -1, WORKAROUND_1 },
	};

	(void)state;
	fake.on_firmware = features;
	for (unsigned int n = 0; n < ARRAY_LEN(cases); n++) {
		struct erratum core = errata_of(midr(ARM, cases[n].part, 0));
		u32 found;

		has_1 = cases[n].has_1;
		has_3 = cases[n].has_3;
		el2()->id_aa64pfr0_el1 = cases[n].pfr0;
		el2()->id_aa64mmfr1_el1 = cases[n].mmfr1;
		el2()->ID_AA64ISAR2_EL1 = cases[n].isar2;
		found = errata_branches(&core);
		if (found != cases[n].branches)
			fail_msg("%s: %x", cases[n].name, found);
	}
}

/* Cores that need nothing go the short way, beside others that do not. */
static void vectors(void **state)
{
	(void)state;
	fake.on_firmware = features;
	has_1 = has_3 = -1;
	fake.el2[0].midr_el1 = midr(ARM, 0xd03, 0x04);
	fake.el2[1].midr_el1 = midr(ARM, 0xd08, 0x03);
	for (unsigned int id = 0; id < 2; id++)
		assert_int_equal(arch_cpu_init(on(fake_cpu(id))), 0);
	assert_int_equal(fake.el2[0].vbar_el2, 0);
	assert_int_equal(fake.areas[0].frame.branches, 0);
	assert_int_equal(fake.el2[1].vbar_el2, (unsigned long)arm64_vectors_branches);
	assert_int_equal(fake.areas[1].frame.branches, 8);
}

/* A machine without such firmware: the instruction is undefined, and the exception goes on behind it. */
static bool undefined(u64 x[18])
{
	x[0] = ~0ULL;
	el2()->esr_el2 = 0;
	el2()->spsr_el2 = 0x3c9;
	own_exception(ROOT_CPU, 4);
	assert_int_equal(el2()->elr_el2, (unsigned long)arm64_firmware_absent);
	return true;
}

static void no_firmware(void **state)
{
	u64 x[18] = { FEATURES, WORKAROUND_1 };

	(void)state;
	fake.on_firmware = undefined;
	el2()->elr_el2 = 0x40001000;
	el2()->spsr_el2 = 0x3c5;
	arch_firmware_call(x);
	assert_int_equal(x[0], ~0ULL);
	/* The guest that has asked goes on where it was. */
	assert_int_equal(el2()->elr_el2, 0x40001000);
	assert_int_equal(el2()->spsr_el2, 0x3c5);
	assert_int_equal(ROOT_CPU->arch.fixup, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FAKE_TEST(table),
		GUEST_TEST(one_set_for_all_cpus),
		GUEST_TEST(nothing_to_cure),
		GUEST_TEST(doubtful_page),
		FAKE_TEST(branches),
		GUEST_TEST(vectors),
		GUEST_TEST(no_firmware),
	};

	return cmocka_run_group_tests_name("errata", tests, NULL, NULL);
}
