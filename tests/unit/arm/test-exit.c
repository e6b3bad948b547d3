// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Exits of guests: which handler gets them, what it hands back, and that the rest is a violation. */
#include "fake-arm.h"
#include <hypervisor/arch/cpu.h>
#include <asm/sysreg-encoding.h>

#define EC(class) ((u64)(class) << 26)
#define EC_SVE	  0x19
#define EC_SYSREG 0x18
#define EC_SMC64  0x17
#define EC_HVC64  0x16
#define PC	  0x40001000ULL
#define AARCH32	  0x10 /* SPSR: user mode of AArch32 */
#define THUMB	  0x20

/* Data aborts: syndrome valid, size in powers of two, register */
#define DABT(size, reg) (EC(0x24) | ESR_LONG | 1 << 24 | (size) << 22 | (u64)(reg) << 16)
#define DABT_WRITE	0x40
#define DABT_SIGN	(1 << 21)
#define DABT_WIDE	(1 << 15)
#define DABT_CACHE	0x100
#define WALK		0x80
#define TRANSLATION	0x06
#define PERMISSION	0x0e

static struct guest_regs *regs(const struct percpu *cpu)
{
	return cpu->arch.regs;
}

static void leave_guest(struct percpu *cpu, u64 esr)
{
	on(cpu);
	el2()->esr_el2 = esr;
	el2()->elr_el2 = PC;
	guest_exit(cpu);
}

/* Where the guest goes on, relative to where it was. */
static long after(struct percpu *cpu, u64 esr)
{
	leave_guest(cpu, esr);
	return (long)(el2()->elr_el2 - PC);
}

static void every_class(void **state)
{
	/* Those that do not end a guest; all others have to. 0x24 and 0x20 are aborts of memory that is not there. */
	static const u8 known[] = { 0x01, 0x13, 0x12, EC_HVC64, EC_SMC64, EC_SVE, 0x20, 0x24,
		EC_CP15_64, /* those of the core are nobody's */
#ifdef EXIT_FIQ /* entry.S says so of an interrupt, which has no class */
		ESR_CLASS(EXIT_FIQ),
#endif
	};

	(void)state;
	for (unsigned int class = 0; class < 64; class++) {
		if (memchr(known, (int)class, sizeof(known)))
			continue;
		el2()->far_el2 = 0x1234;
		/* AArch64, a register that exists nowhere for class 0x18 */
		leave_guest(CELL_CPU, EC(class) | ESR_LONG | 0x3000de);
		assert_violation(UNEXPECTED_EXIT);
		assert_int_equal(fake.violation.arg[0], class);
		assert_int_equal(fake.violation.arg[1], 0x3000de);
		assert_int_equal(el2()->elr_el2, PC);
	}
	assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_TOTAL], 64 - sizeof(known));
}

/* ---- hypercalls ---- */

static void hypercalls(void **state)
{
	static const unsigned int classes[] = { EC_HVC64, EC_HVC32 };

	(void)state;
	for (unsigned int n = 0; n < ARRAY_LEN(classes); n++) {
		regs(CELL_CPU)->x[0] = JAILHOUSE_HC_CPU_GET_INFO;
		regs(CELL_CPU)->x[1] = 11;
		regs(CELL_CPU)->x[2] = 12;
		fake.call_result = -EINVAL;
		/* The return address is behind the instruction already. */
		assert_int_equal(after(CELL_CPU, EC(classes[n]) | ESR_LONG | JAILHOUSE_HVC_CODE), 0);
		assert_int_equal(fake.call[0], JAILHOUSE_HC_CPU_GET_INFO);
		assert_int_equal(fake.call[1], 11);
		assert_int_equal(fake.call[2], 12);
		assert_int_equal(regs(CELL_CPU)->x[0], -EINVAL);
	}
	assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_HYPERCALL], 2);
	assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_MANAGEMENT], 0);
	regs(CELL_CPU)->x[0] = JAILHOUSE_HC_CELL_DESTROY;
	leave_guest(CELL_CPU, EC(EC_HVC64) | ESR_LONG | JAILHOUSE_HVC_CODE);
	assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_MANAGEMENT], 1);
	assert_no_log();
	regs(CELL_CPU)->x[0] = 99;
	fake.call_result = -ENOSYS;
	leave_guest(CELL_CPU, EC(EC_HVC64) | ESR_LONG | JAILHOUSE_HVC_CODE);
	assert_log("CPU 2: Unknown hypercall 99, pc: 0x40000ffc");
}

static void foreign_hypercalls(void **state)
{
	static const u64 immediates[] = { 1, 0x4a47, 0x4a49, 0xffff };

	(void)state;
	fake.call[0] = 77;
	for (unsigned int n = 0; n < ARRAY_LEN(immediates); n++) {
		leave_guest(CELL_CPU, EC(EC_HVC64) | ESR_LONG | immediates[n]);
		assert_violation(UNEXPECTED_EXIT);
		assert_int_equal(fake.violation.arg[0], EC_HVC64);
	}
	assert_int_equal(fake.call[0], 77);
}

static void disable(void **state)
{
	struct linux_state *found = &cpu_area(ROOT_CPU)->frame.linux_state;

	(void)state;
	on(ROOT_CPU);
	el2()->spsr_el2 = 0x3c5;
	regs(ROOT_CPU)->x[0] = JAILHOUSE_HC_DISABLE;
	fake.call_result = -EBUSY;
	leave_guest(ROOT_CPU, EC(EC_HVC64) | ESR_LONG | JAILHOUSE_HVC_CODE);
	assert_trace("");
	assert_int_equal(found->elr, STUB_ELR);
	fake.call_result = 0;
	regs(ROOT_CPU)->x[0] = JAILHOUSE_HC_DISABLE;
	/* Linux goes on behind its call, not where it was when the hypervisor was enabled. */
	assert_leaves(leave_guest(ROOT_CPU, EC(EC_HVC64) | ESR_LONG | JAILHOUSE_HVC_CODE), "linux");
	assert_trace("gic-exit(0) linux");
	assert_int_equal(found->elr, PC);
	assert_int_equal(found->spsr, 0x3c5);
	assert_int_equal(regs(ROOT_CPU)->x[0], 0);
}

/* ---- WFI ---- */

static void wait_for_interrupt(void **state)
{
	(void)state;
	assert_int_equal(after(CELL_CPU, EC(EC_WFX) | ESR_LONG), 4);
	assert_trace("wait(2,guest) ");
	/* WFE has other reasons to go on. */
	assert_int_equal(after(CELL_CPU, EC(EC_WFX) | ESR_LONG | 1), 4);
	assert_trace("");
	/* Whoever is wanted must not sleep. */
	CELL_CPU->requests = CPU_REQ_FLUSH;
	assert_int_equal(after(CELL_CPU, EC(EC_WFX) | ESR_LONG), 4);
	assert_trace("flush kick-end(2) publish ");
	assert_int_equal(CELL_CPU->requests, 0);
}

/* ---- memory ---- */

static void accesses(void **state)
{
	u64 *x = regs(CELL_CPU)->x;

	(void)state;
	on(CELL_CPU);
	el2()->far_el2 = 0xffff000000001abcULL;
	el2()->hpfar_el2 = 0x9010ULL << 0; /* page 0x901 << 12 */
	fake.access_result = MMIO_HANDLED;
	fake.access_value = 0xfedcba9876543280ULL;
	for (unsigned int size = 0; size < 4; size++) {
		u64 mask = size == 3 ? ~0ULL : (1ULL << (8U << size)) - 1;
		u64 sign = ~0ULL << ((8U << size) - 1);

		x[5] = ~0ULL;
		assert_int_equal(after(CELL_CPU, DABT(size, 5) | TRANSLATION | (size == 3 ? DABT_WIDE : 0)), 4);
		assert_int_equal(fake.access.address, 0x901abc);
		assert_int_equal(fake.access.size, 1U << size);
		assert_false(fake.access.write);
		assert_int_equal(x[5], fake.access_value & mask);
		/* LDRSB and others, to a register of 32 or 64 bits */
		leave_guest(CELL_CPU, DABT(size, 5) | TRANSLATION | DABT_SIGN | DABT_WIDE);
		assert_int_equal(x[5], (fake.access_value & mask) | (fake.access_value & 1ULL << ((8U << size) - 1) ?
								      sign : 0));
		leave_guest(CELL_CPU, DABT(size, 5) | TRANSLATION | DABT_SIGN);
		assert_int_equal(x[5] >> 32, 0);

		x[5] = 0x1122334455667788ULL;
		assert_int_equal(after(CELL_CPU, DABT(size, 5) | TRANSLATION | DABT_WRITE), 4);
		assert_true(fake.access.write);
		assert_int_equal(fake.access.value, 0x1122334455667788ULL & mask);
		assert_int_equal(x[5], 0x1122334455667788ULL);
	}
	/* The zero register */
	leave_guest(CELL_CPU, DABT(3, 31) | TRANSLATION | DABT_WRITE);
	assert_int_equal(fake.access.value, 0);
	leave_guest(CELL_CPU, DABT(3, 31) | TRANSLATION);
	assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_MMIO], 18);
}

static void refused_accesses(void **state)
{
	(void)state;
	on(CELL_CPU);
	el2()->far_el2 = 0x5ff8;
	el2()->hpfar_el2 = 0x9010;
	/* The handler has reported it. */
	fake.access_result = MMIO_ERROR;
	assert_int_equal(after(CELL_CPU, DABT(2, 1) | TRANSLATION), 0);
	fake.access_result = MMIO_UNHANDLED;
	assert_int_equal(after(CELL_CPU, DABT(2, 1) | TRANSLATION | DABT_WRITE), 0);
	assert_violation(MEM_ACCESS);
	assert_int_equal(fake.violation.arg[0], JAILHOUSE_ARG_WRITE);
	assert_int_equal(fake.violation.arg[1], 0x901ff8);
	assert_int_equal(fake.violation.arg[2], 4);
	assert_log("Unhandled data write at 0x901ff8(4)");
	/* Over the end of the page: nobody is asked. */
	fake.access_result = MMIO_HANDLED;
	fake.access.address = 0;
	el2()->far_el2 = 0x5ffc;
	assert_int_equal(after(CELL_CPU, DABT(3, 1) | TRANSLATION), 0);
	assert_int_equal(fake.access.address, 0);
	assert_violation(MEM_ACCESS);
	assert_int_equal(fake.violation.arg[0], JAILHOUSE_ARG_READ);
	assert_int_equal(fake.violation.arg[2], 8);
	/* While the root cell's configuration is being learned it goes on, as on a bus that is empty. */
	fake.learning = true;
	fake.access_result = MMIO_UNHANDLED;
	on(ROOT_CPU);
	el2()->far_el2 = 0x5000;
	el2()->hpfar_el2 = 0x9010;
	assert_int_equal(after(ROOT_CPU, DABT(2, 1) | TRANSLATION), 4);
	assert_int_equal(regs(ROOT_CPU)->x[1], 0xffffffff);
	assert_int_equal(fake.learned.address, 0x901000);
	assert_int_equal(after(CELL_CPU, DABT(2, 1) | TRANSLATION), 0);
	assert_violation(MEM_ACCESS);
}

/* Instructions that do not say what they wanted: load multiple, exclusive ones, maintenance of caches */
static void undescribed_accesses(void **state)
{
	static const u64 esr[] = {
		EC(0x24) | ESR_LONG | TRANSLATION | DABT_WRITE,
		DABT(2, 1) | TRANSLATION | DABT_CACHE,
	};

	(void)state;
	fake.access_result = MMIO_HANDLED;
	for (unsigned int n = 0; n < ARRAY_LEN(esr); n++) {
		assert_int_equal(after(CELL_CPU, esr[n]), 0);
		assert_violation(MEM_ACCESS);
		assert_int_equal(fake.violation.arg[0], n == 0 ? JAILHOUSE_ARG_WRITE : JAILHOUSE_ARG_READ);
		assert_int_equal(fake.violation.arg[2], 0);
	}
}

/* HPFAR need not be valid then: stage 1 is walked again. */
static void permission_faults(void **state)
{
	(void)state;
	on(CELL_CPU);
	el2()->far_el2 = 0x5abc;
	el2()->hpfar_el2 = 0x9010;
	fake.access_result = MMIO_HANDLED;
	fake.stage1_page = 0x777000;
	assert_int_equal(after(CELL_CPU, DABT(2, 1) | PERMISSION | DABT_WRITE), 4);
	assert_int_equal(fake.access.address, 0x777abc);
	/* Not mapped any more: it shall try again. */
	fake.unmapped = true;
	fake.access.address = 0;
	assert_int_equal(after(CELL_CPU, DABT(2, 1) | PERMISSION | DABT_WRITE), 0);
	assert_int_equal(fake.access.address, 0);
	assert_int_equal(after(CELL_CPU, EC(0x20) | ESR_LONG | PERMISSION), 0);
	fake.unmapped = false;
	assert_int_equal(after(CELL_CPU, EC(0x20) | ESR_LONG | PERMISSION), 0);
	assert_violation(MEM_ACCESS);
	assert_int_equal(fake.violation.arg[1], 0x777abc);
}

/* The guest's own tables lie where it has no memory: it is told so, as if the bus had. */
static void walks_of_the_guest(void **state)
{
	static const struct {
		u64 spsr, offset;
	} from[] = { { 0x3c5, 0x200 }, { 0x3c4, 0 }, { 0x3c0, 0x400 }, { 0x1d0, 0x600 } };

	(void)state;
	fake.stage1_page = 0x666000;
	for (unsigned int n = 0; n < ARRAY_LEN(from); n++) {
		on(CELL_CPU);
		el2()->spsr_el2 = from[n].spsr;
		el2()->far_el2 = 0xffff000000123456ULL;
		el2()->vbar_el1 = 0x80000;
		/* Also after a permission fault HPFAR is that of the walk. */
		leave_guest(CELL_CPU, EC(0x24) | ESR_LONG | WALK | (n & 1 ? PERMISSION : TRANSLATION));
		assert_int_equal(el2()->elr_el2, 0x80000 + from[n].offset);
		assert_int_equal(el2()->spsr_el2, PSTATE_EL1H_MASKED);
		assert_int_equal(el2()->elr_el1, PC);
		assert_int_equal(el2()->spsr_el1, from[n].spsr);
		assert_int_equal(el2()->far_el1, 0xffff000000123456ULL);
		assert_int_equal(el2()->esr_el1 >> 26, from[n].offset < 0x400 ? 0x25 : 0x24);
		assert_int_equal(el2()->esr_el1 & 0x3f, 0x14);
	}
	/* A kernel in AArch32 has no such registers. */
	on(CELL_CPU);
	el2()->hcr_el2 &= ~HCR_RW;
	leave_guest(CELL_CPU, EC(0x24) | ESR_LONG | WALK | TRANSLATION);
	assert_violation(UNEXPECTED_EXIT);
	assert_int_equal(el2()->elr_el2, PC);
}

static void instruction_aborts(void **state)
{
	(void)state;
	on(CELL_CPU);
	el2()->far_el2 = 0x5abc;
	el2()->hpfar_el2 = 0x9010;
	assert_int_equal(after(CELL_CPU, EC(0x20) | ESR_LONG | TRANSLATION), 0);
	assert_violation(MEM_ACCESS);
	assert_int_equal(fake.violation_address, 0x901abc);
	assert_log("FATAL: instruction abort at 0x901abc");
}

/* Tables that were taken away: whatever the fault, it is no deed of the guest. */
static void aborts_after_revocation(void **state)
{
	static const u64 esr[] = { EC(0x20) | ESR_LONG | TRANSLATION, DABT(2, 1) | TRANSLATION,
		EC(0x24) | ESR_LONG | TRANSLATION, EC(0x24) | ESR_LONG | WALK | TRANSLATION, DABT(2, 1) | PERMISSION };

	(void)state;
	for (unsigned int n = 0; n < ARRAY_LEN(esr); n++) {
		on(ROOT_CPU);
		stage2_revoke(CELL_CPU);
		fake.trace[0] = 0;
		assert_int_equal(after(CELL_CPU, esr[n]), 0);
		assert_trace("kick-end(2) publish ");
		assert_false(CELL_CPU->arch.revoked);
		assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_MANAGEMENT], n + 1);
	}
	/* Anything else is still handled, before the tables are back. */
	on(ROOT_CPU);
	stage2_revoke(CELL_CPU);
	leave_guest(CELL_CPU, EC(0x07) | ESR_LONG);
	assert_violation(UNEXPECTED_EXIT);
	assert_false(CELL_CPU->arch.revoked);
}

/* ---- registers ---- */

#define MSR(reg, rt) (EC(EC_SYSREG) | ESR_LONG | (reg) | (u64)(rt) << 5)
#define MRS(reg, rt) (MSR(reg, rt) | 1)
#define ACTLR	     SYSREG(3U, 0U, 1U, 0U, 1U)

static void registers(void **state)
{
	static const unsigned int numbers[] = { 0, 7, 30, 31 };

	(void)state;
	fake.gic_register = SYSREG_ICC_PMR;
	for (unsigned int n = 0; n < ARRAY_LEN(numbers); n++) {
		unsigned int rt = numbers[n];

		fake.gic_value = 0x55;
		regs(CELL_CPU)->x[MIN(rt, 30U)] = 0x77;
		assert_int_equal(after(CELL_CPU, MRS(SYSREG_ICC_PMR, rt)), 4);
		assert_int_equal(regs(CELL_CPU)->x[MIN(rt, 30U)], rt == 31 ? 0x77 : 0x55);
		regs(CELL_CPU)->x[MIN(rt, 30U)] = 0x88;
		assert_int_equal(after(CELL_CPU, MSR(SYSREG_ICC_PMR, rt)), 4);
		assert_int_equal(fake.gic_value, rt == 31 ? 0 : 0x88);
	}
	/* Reads as it is, writes do nothing. */
	el2()->actlr_el1 = 0x1234;
	assert_int_equal(after(CELL_CPU, MRS(ACTLR, 3)), 4);
	assert_int_equal(regs(CELL_CPU)->x[3], 0x1234);
	regs(CELL_CPU)->x[3] = 0xff;
	assert_int_equal(after(CELL_CPU, MSR(ACTLR, 3)), 4);
	assert_int_equal(el2()->actlr_el1, 0x1234);
}

#define CP15_32(reg, rt) \
	(EC(EC_CP15_32) | ESR_LONG | 1UL << 24 | 14UL << 20 | ((reg) & ~(3UL << 20)) | (u64)(rt) << 5)
#define CP15_64(opc1, crm) (EC(EC_CP15_64) | ESR_LONG | 1UL << 24 | 14UL << 20 | (u64)(opc1) << 16 | (crm) << 1)
#define RT2(n)		   ((u64)(n) << 10)

/* A kernel in AArch32: registers of the interrupt controller and of the core; those of modes have high numbers. */
static void aarch32_registers(void **state)
{
	static const u32 sgis[] = { SYSREG_ICC_SGI1R, SYSREG_ICC_ASGI1R, SYSREG_ICC_SGI0R };

	(void)state;
	on(CELL_CPU);
	el2()->spsr_el2 = AARCH32 | 3;
	fake.gic_register = SYSREG_ICC_CTLR;
	regs(CELL_CPU)->x[18] = 0xdead00000002ULL;
	assert_int_equal(after(CELL_CPU, CP15_32(SYSREG_ICC_CTLR, 18)), 4);
	assert_int_equal(fake.gic_value, 2);
	fake.gic_value = 0xbeef00000402ULL;
	assert_int_equal(after(CELL_CPU, CP15_32(SYSREG_ICC_CTLR, 18) | SYSREG_IS_READ), 4);
	assert_int_equal(regs(CELL_CPU)->x[18], 0x402);
	for (unsigned int n = 0; n < ARRAY_LEN(sgis); n++) {
		fake.gic_register = sgis[n];
		regs(CELL_CPU)->x[2] = 0xdead00000001ULL;
		regs(CELL_CPU)->x[19] = 0x1000000;
		assert_int_equal(after(CELL_CPU, CP15_64(n, 12) | 2 << 5 | RT2(19)), 4);
		assert_int_equal(fake.gic_value, 0x100000000000001ULL);
	}
	/* Of the core: ACTLR and CBAR tell what there is, the rest is zero. */
	el2()->actlr_el1 = 0x71;
	assert_int_equal(after(CELL_CPU, CP15_32(SYSREG_ACTLR, 3) | SYSREG_IS_READ), 4);
	assert_int_equal(regs(CELL_CPU)->x[3], 0x71);
	assert_int_equal(after(CELL_CPU, CP15_32(SYSREG(3U, 4U, 15U, 0U, 0U), 3) | SYSREG_IS_READ), 4);
	assert_int_equal(regs(CELL_CPU)->x[3],
			 (u32)(fake.machine.config->platform_info.arm.gicd_base - PAGE_SIZE));
	assert_int_equal(after(CELL_CPU, CP15_32(SYSREG(3U, 1U, 9U, 0U, 2U), 3) | SYSREG_IS_READ), 4);
	assert_int_equal(regs(CELL_CPU)->x[3], 0);
	assert_int_equal(after(CELL_CPU, CP15_32(SYSREG(3U, 0U, 15U, 0U, 0U), 3)), 4);
	regs(CELL_CPU)->x[3] = regs(CELL_CPU)->x[4] = 1;
	assert_int_equal(after(CELL_CPU, CP15_64(0, 15) | 3 << 5 | RT2(4) | SYSREG_IS_READ), 4);
	assert_int_equal(regs(CELL_CPU)->x[3] | regs(CELL_CPU)->x[4], 0);
	/* A condition that fails */
	fake.gic_register = SYSREG_ICC_PMR;
	fake.gic_value = 0x55;
	assert_int_equal(after(CELL_CPU, CP15_32(SYSREG_ICC_PMR, 0) & ~(14UL << 20)), 4);
	assert_int_equal(fake.gic_value, 0x55);
	/* Nobody's */
	assert_int_equal(after(CELL_CPU, CP15_32(SYSREG(3U, 0U, 2U, 0U, 0U), 0)), 0);
	assert_violation(UNEXPECTED_EXIT);
	assert_int_equal(after(CELL_CPU, CP15_64(0, 12) | SYSREG_IS_READ), 0);
	assert_violation(UNEXPECTED_EXIT);
}

static void forbidden_registers(void **state)
{
	(void)state;
	/* No such register for guests: FAR_EL2 */
	leave_guest(CELL_CPU, MRS(SYSREG(3U, 4U, 6U, 0U, 0U), 0));
	assert_violation(UNEXPECTED_EXIT);
	leave_guest(CELL_CPU, MSR(SYSREG(3U, 4U, 6U, 0U, 0U), 0));
	assert_violation(UNEXPECTED_EXIT);
	/* Reported by the interrupt controller: once. */
	fake.gic_register = SYSREG_ICC_SGI1R;
	fake.gic_forbids = true;
	assert_int_equal(after(CELL_CPU, MSR(SYSREG_ICC_SGI1R, 0)), 0);
	assert_violation(IRQ_ROUTE);
	CELL_CPU->failed = false;
}

/* Registers and operations of the implementation, and vectors wider than the cell may use: as if they did not exist */
static void undefined_instructions(void **state)
{
	static const u64 esr[] = {
		MRS(SYSREG(3U, 1U, 15U, 2U, 1U), 0), MSR(SYSREG(3U, 0U, 15U, 0U, 0U), 0),
		MSR(SYSREG(3U, 0U, 11U, 0U, 0U), 0), MSR(SYSREG(1U, 3U, 15U, 1U, 0U), 0),
		MSR(SYSREG(1U, 0U, 11U, 1U, 0U), 0), EC(EC_SVE) | ESR_LONG,
	};

	(void)state;
	on(CELL_CPU);
	el2()->vbar_el1 = 0x80000;
	for (unsigned int n = 0; n < ARRAY_LEN(esr); n++) {
		el2()->spsr_el2 = 0x3c5;
		leave_guest(CELL_CPU, esr[n]);
		assert_int_equal(el2()->elr_el2, 0x80200);
		assert_int_equal(el2()->esr_el1, ESR_LONG);
		assert_int_equal(el2()->elr_el1, PC);
	}
	/* AArch32 has other vectors. */
	el2()->hcr_el2 &= ~HCR_RW;
	leave_guest(CELL_CPU, EC(EC_SVE) | ESR_LONG);
	assert_violation(UNEXPECTED_EXIT);
}

/* ---- AArch32 ---- */

#define N (1ULL << 31)
#define Z (1ULL << 30)
#define C (1ULL << 29)
#define V (1ULL << 28)

/* Source: Arm DDI 0487, F1.2.1: each condition by the flags N, Z, C, V */
static bool passes(unsigned int cond, u64 psr)
{
	bool n = psr & N, z = psr & Z, c = psr & C, v = psr & V;
	const bool base[] = { z, c, n, v, c && !z, n == v, n == v && !z, true };

	return cond == 15 || base[cond / 2] == !(cond & 1);
}

static u64 smc32(unsigned int cond, bool known)
{
	return EC(EC_SMC32) | ESR_LONG | (known ? 1 << 24 | (u64)cond << 20 : 0);
}

/* A call whose condition fails does nothing, but is over. */
static void conditions(void **state)
{
	(void)state;
	for (unsigned int cond = 0; cond < 16; cond++)
		for (u64 flags = 0; flags < 16; flags++) {
			u64 psr = flags << 28 | AARCH32 | 3;

			on(CELL_CPU);
			el2()->spsr_el2 = psr;
			regs(CELL_CPU)->x[0] = 0x84000000;
			assert_int_equal(after(CELL_CPU, smc32(cond, true)), 4);
			assert_int_equal(regs(CELL_CPU)->x[0], passes(cond, psr) ? 0x10001 : 0x84000000);
			assert_int_equal(el2()->spsr_el2, psr);
		}
	/* ARM code whose condition is not told: it holds. */
	el2()->spsr_el2 = AARCH32 | 3;
	regs(CELL_CPU)->x[0] = 0x84000000;
	leave_guest(CELL_CPU, smc32(0, false));
	assert_int_equal(regs(CELL_CPU)->x[0], 0x10001);
	/* WFI knows conditions, too. */
	assert_int_equal(after(CELL_CPU, EC(EC_WFX) | ESR_LONG | 1 << 24 | 0 << 20), 4);
	assert_trace("");
	el2()->spsr_el2 |= Z;
	assert_int_equal(after(CELL_CPU, EC(EC_WFX) | ESR_LONG | 1 << 24 | 0 << 20), 4);
	assert_trace("wait(2,guest) ");
}

static u64 with_it(u64 psr, unsigned int it)
{
	return psr | (u64)(it & 0xfc) << 8 | (u64)(it & 3) << 25;
}

/* Thumb: IT state is the condition, and moves on. */
static void it_blocks(void **state)
{
	/* ITETT EQ: conditions EQ, NE, EQ, EQ */
	static const u8 steps[] = { 0x09, 0x12, 0x04, 0x08, 0x00 };
	static const bool holds[] = { true, false, true, true };

	(void)state;
	on(CELL_CPU);
	for (unsigned int n = 0; n < 4; n++) {
		/* The low bit of the condition and the mask make up IT[4:0]. */
		el2()->spsr_el2 = with_it(AARCH32 | THUMB | 3 | Z, steps[n]);
		regs(CELL_CPU)->x[0] = 0x84000000;
		assert_int_equal(after(CELL_CPU, smc32(0, false)), 4);
		assert_int_equal(regs(CELL_CPU)->x[0], holds[n] ? 0x10001 : 0x84000000);
		assert_int_equal(el2()->spsr_el2, with_it(AARCH32 | THUMB | 3 | Z, steps[n + 1]));
	}
	/* The same bits in ARM code are no IT state of this instruction. */
	el2()->spsr_el2 = AARCH32 | THUMB | 3;
	fake.access_result = MMIO_HANDLED;
	assert_int_equal(after(CELL_CPU, (DABT(2, 1) & ~ESR_LONG) | TRANSLATION), 2);
	assert_int_equal(after(CELL_CPU, DABT(2, 1) | TRANSLATION), 4);
}

/* ---- the hypervisor's own ---- */

static void own_exceptions(void **state)
{
	(void)state;
	on(CELL_CPU);
	el2()->elr_el2 = 0x800000001000ULL;
	el2()->esr_el2 = EC(0x25) | ESR_LONG | 0x10;
	CELL_CPU->arch.fixup = 0x800000002000ULL;
	own_exception(CELL_CPU, 4);
	assert_int_equal(el2()->elr_el2, 0x800000002000ULL);
	/* Without a fix-up, or of another kind */
	CELL_CPU->arch.fixup = 0;
	assert_leaves(own_exception(CELL_CPU, 4), "panic");
	assert_violation(HYPERVISOR_FAULT);
	CELL_CPU->arch.fixup = 0x800000002000ULL;
	fake.trace[0] = 0;
	assert_leaves(own_exception(CELL_CPU, 5), "panic");
	assert_violation(HYPERVISOR_FAULT);
	fake.trace[0] = 0;
	el2()->esr_el2 = EC(0x21) | ESR_LONG;
	assert_leaves(own_exception(CELL_CPU, 4), "panic");
	assert_violation(HYPERVISOR_FAULT);
	assert_int_equal(fake.violation.arg[0], 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUEST_TEST(every_class),
		GUEST_TEST(hypercalls),
		GUEST_TEST(foreign_hypercalls),
		GUEST_TEST(disable),
		GUEST_TEST(wait_for_interrupt),
		GUEST_TEST(accesses),
		GUEST_TEST(refused_accesses),
		GUEST_TEST(undescribed_accesses),
		GUEST_TEST(permission_faults),
		GUEST_TEST(walks_of_the_guest),
		GUEST_TEST(instruction_aborts),
		GUEST_TEST(aborts_after_revocation),
		GUEST_TEST(registers),
		GUEST_TEST(aarch32_registers),
		GUEST_TEST(forbidden_registers),
		GUEST_TEST(undefined_instructions),
		GUEST_TEST(conditions),
		GUEST_TEST(it_blocks),
		GUEST_TEST(own_exceptions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
