// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Errata by core. Source: Linux, arch/arm64/kernel/cpu_errata.c and proton-pack.c,
 * Documentation/arm64/silicon-errata.rst.
 *
 * Cured without a look at this table, since it costs nothing: Cortex-A53 843419 and 835769 (meson.build), 819472,
 * 824069, 826319 and 827319 (host_clean_line() drops what it cleans), A57 832075 (MMIO_LOAD), A77 1508412
 * (guest_translate()).
 */
#include <hypervisor/arch/cpu.h>
#include <asm/area.h>
#include <asm/errata.h>
#include <asm/guest.h>
#include <asm/sysregs.h>

/* A row has implementer and part as in MIDR, cures, and branches: 8, 12, 4 and 8 bits. */
#define ROW(implementer, part, cures, branches) \
	((implementer) << 24 | (part) << 12 | (cures) << 8 | (branches))
#define ARM(part, cures, branches) ROW(0x41U, part, cures, branches)
#define ROW_CORE	0xfffff000U
#define MIDR_CORE(midr) (((midr) & 0xff000000U) | ((midr) & 0xfff0U) << 8)

/* Variant and revision: 0x12 is r1p2. */
#define MIDR_VERSION(midr) (((midr) >> 16 & 0xf0) | ((midr) & 0xf))

/* Beside the code: the page of the header, where other constants are, is full. */
#define TABLE __attribute__((section(".text.errata")))

/* True of all versions */
static const u32 cores[] TABLE = {
	/* Cortex-A35, A53 */
	ARM(0xd04U, BRANCHES_SAFE, 0U),
	ARM(0xd03U, BRANCHES_SAFE, 0U),
	/* A55: 2441007 */
	ARM(0xd05U, CURE_REPEAT_TLBI | BRANCHES_SAFE, 0U),
	/* A57: 1319537. A72: 1319367 */
	ARM(0xd07U, CURE_FOREIGN_WALK, 8U),
	ARM(0xd08U, CURE_FOREIGN_WALK, 8U),
	/* A76 1286807, and 4118414: A76, Neoverse N1, A77, A76AE */
	ARM(0xd0bU, CURE_REPEAT_TLBI, 24U),
	ARM(0xd0cU, CURE_REPEAT_TLBI, 24U),
	ARM(0xd0dU, CURE_REPEAT_TLBI, 24U),
	ARM(0xd0eU, CURE_REPEAT_TLBI, 24U),
	/* ... Neoverse V1, A78, A78AE, X1, A710, X2, Neoverse N2, A78C, X1C */
	ARM(0xd40U, CURE_REPEAT_TLBI, 32U),
	ARM(0xd41U, CURE_REPEAT_TLBI, 32U),
	ARM(0xd42U, CURE_REPEAT_TLBI, 32U),
	ARM(0xd44U, CURE_REPEAT_TLBI, 32U),
	ARM(0xd47U, CURE_REPEAT_TLBI, 32U),
	ARM(0xd48U, CURE_REPEAT_TLBI, 32U),
	ARM(0xd49U, CURE_REPEAT_TLBI, 32U),
	ARM(0xd4bU, CURE_REPEAT_TLBI, 32U),
	ARM(0xd4cU, CURE_REPEAT_TLBI, 32U),
	/* ... X3, Neoverse V2 */
	ARM(0xd4eU, CURE_REPEAT_TLBI, 132U),
	ARM(0xd4fU, CURE_REPEAT_TLBI, 132U),
	/* ... X4, Neoverse V3AE and V3, X925 */
	ARM(0xd82U, CURE_REPEAT_TLBI, 0U),
	ARM(0xd83U, CURE_REPEAT_TLBI, 0U),
	ARM(0xd84U, CURE_REPEAT_TLBI, 0U),
	ARM(0xd85U, CURE_REPEAT_TLBI, 0U),
	/* A510, A520 */
	ARM(0xd46U, BRANCHES_SAFE, 0U),
	ARM(0xd80U, BRANCHES_SAFE, 0U),
	/* C1-Ultra, C1-Premium */
	ARM(0xd8cU, CURE_REPEAT_TLBI, 0U),
	ARM(0xd90U, CURE_REPEAT_TLBI, 0U),
	/* A715, A720 */
	ARM(0xd4dU, 0U, 38U),
	ARM(0xd81U, 0U, 38U),
	/* Broadcom Brahma B53, HiSilicon TSV110 and HIP09 */
	ROW(0x42U, 0x100U, BRANCHES_SAFE, 0U),
	ROW(0x48U, 0xd01U, 0U, 32U),
	ROW(0x48U, 0xd02U, 0U, 24U),
	/* NVIDIA Olympus, Microsoft Azure Cobalt 100, Ampere-1 */
	ROW(0x4eU, 0x010U, CURE_REPEAT_TLBI, 0U),
	ROW(0x6dU, 0xd49U, CURE_REPEAT_TLBI, 0U),
	ROW(0xc0U, 0xac3U, 0U, 11U),
	/* Qualcomm Kryo Silver 2xx, 3xx, 4xx; Kryo 4xx Gold */
	ROW(0x51U, 0x801U, BRANCHES_SAFE, 0U),
	ROW(0x51U, 0x803U, BRANCHES_SAFE, 0U),
	ROW(0x51U, 0x805U, BRANCHES_SAFE, 0U),
	ROW(0x51U, 0x804U, 0U, 24U),
};

static const struct {
	u32 row;
	u8 first, last;
} versions[] TABLE = {
	/* A55: 1530923 */
	{ ARM(0xd05U, CURE_FOREIGN_WALK, 0U), 0x00, 0x20 },
	/* A57: 834220 */
	{ ARM(0xd07U, CURE_DOUBTFUL_PAGE, 0U), 0x00, 0x12 },
	/* A76: 1165522 */
	{ ARM(0xd0bU, CURE_FOREIGN_WALK, 0U), 0x00, 0x20 },
	/* A510: 2441009 */
	{ ARM(0xd46U, CURE_REPEAT_TLBI, 0U), 0x00, 0x11 },
	/* Qualcomm Falkor 1009; Kryo 4xx Silver and Gold, whose versions are not those of Arm */
	{ ROW(0x51U, 0x800U, CURE_REPEAT_TLBI, 0U), 0x00, 0x00 },
	{ ROW(0x51U, 0x805U, CURE_FOREIGN_WALK, 0U), 0xde, 0xde },
	{ ROW(0x51U, 0x804U, CURE_REPEAT_TLBI, 0U), 0xce, 0xfe },
};

static void add(struct erratum *core, u32 row)
{
	core->cures |= row >> 8 & 0xf;
	core->branches |= row & 0xff;
}

struct erratum errata_of(u32 midr)
{
	struct erratum core = { 0 };
	unsigned int version = MIDR_VERSION(midr);

	for (unsigned int n = 0; n < ARRAY_LEN(cores); n++)
		if ((cores[n] & ROW_CORE) == MIDR_CORE(midr))
			add(&core, cores[n]);
	for (unsigned int n = 0; n < ARRAY_LEN(versions); n++)
		if ((versions[n].row & ROW_CORE) == MIDR_CORE(midr) && version >= versions[n].first &&
		    version <= versions[n].last)
			add(&core, versions[n].row);
	return core;
}

/* ---- speculation ---- */

#define CSV2_HISTORY 3

/* ID_AA64PFR0_EL1.CSV2: predictors keep contexts apart, from 3 on also their histories */
static unsigned int csv2(void)
{
	return read_sysreg(id_aa64pfr0_el1) >> 56 & 0xf;
}

static bool firmware_has(u32 call)
{
	u64 x[18] = { SMCCC_ARCH_FEATURES, call };

	arch_firmware_call(x);
	return (u32)x[0] == 0;
}

u32 errata_branches(const struct erratum *core)
{
	if ((core->cures & BRANCHES_SAFE) || csv2() >= CSV2_HISTORY)
		return 0;
	/* The third does what the first does, and clears the history, too. */
	if (!csv2() && firmware_has(SMCCC_WORKAROUND_3))
		return SMCCC_WORKAROUND_3;
	if (!csv2() && firmware_has(SMCCC_WORKAROUND_1))
		return SMCCC_WORKAROUND_1;
	/* ECBHB: exceptions clear the history. CLRBHB: an instruction does, which stands before the first branch. */
	if (read_sysreg(id_aa64mmfr1_el1) >> 60 & 0xf)
		return 0;
	if (read_sysreg(ID_AA64ISAR2_EL1) >> 28 & 0xf)
		return 1;
	if (core->branches)
		return core->branches;
	return csv2() && firmware_has(SMCCC_WORKAROUND_3) ? SMCCC_WORKAROUND_3 : 0;
}

/*
 * A cure of what another CPU does with a TLBI has to be done by the one that sends it, so there is one set for all. A
 * flush comes after the entry of the last.
 */
void errata_init(struct percpu *cpu)
{
	struct erratum core = errata_of((u32)read_sysreg(midr_el1));
	u32 branches = errata_branches(&core);

	__atomic_fetch_or(&cpu->machine->arch.cures, core.cures & ~BRANCHES_SAFE, __ATOMIC_RELAXED);
	cpu_area(cpu)->frame.branches = branches;
	if (branches) {
		write_sysreg(vbar_el2, (unsigned long)arm64_vectors_branches);
		arch_isb();
	}
	printk(cpu->machine, "CPU %u: errata %x %x\n", cpu->id, core.cures, branches);
}
