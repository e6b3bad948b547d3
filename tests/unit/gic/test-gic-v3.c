// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* GICv3: what guests can do to the distributor, to redistributors and with system registers. */
#include "fake-gic.h"

#define KICK (1U << KICK_PPI)

/* ---- distributor ---- */

static void own_interrupts_reach_the_hardware(void **state)
{
	static const u32 banks[] = {ENABLE, PEND, ACTIVATE};

	(void)state;
	start_cell();
	for (unsigned int n = 0; n < ARRAY_SIZE(banks); n++) {
		poke(CELL_CPU, GICD_BASE + banks[n] + 4, 4, 0x100);
		assert_int_equal(peek(CELL_CPU, GICD_BASE + banks[n] + 4, 4), 0x100);
		assert_int_equal(peek(CELL_CPU, GICD_BASE + banks[n] + 0x84, 4), 0x100);
	}
	assert_int_equal(gic.spis[1].enabled & gic.spis[1].pending & gic.spis[1].active, 0x100);
	for (unsigned int n = 0; n < ARRAY_SIZE(banks); n++)
		poke(CELL_CPU, GICD_BASE + banks[n] + 0x84, 4, ~0U);
	assert_int_equal(gic.spis[1].enabled | gic.spis[1].pending | gic.spis[1].active, 0);
	poke(ROOT_CPU, GICD_BASE + ENABLE + 4, 4, ~0U);
	assert_int_equal(gic.spis[1].enabled, ~0x300U);
	stop_cell();
}

static void foreign_interrupts_are_invisible(void **state)
{
	struct irq_bank before[3];

	(void)state;
	start_cell();
	for (unsigned int n = 1; n < 3; n++)
		gic.spis[n].enabled = gic.spis[n].pending = gic.spis[n].active = ~0U;
	gic.spis[1].enabled = gic.spis[1].pending = gic.spis[1].active = ~0x300U;
	gic.spis[2].enabled = gic.spis[2].pending = gic.spis[2].active = ~1U;
	memcpy(before, gic.spis, sizeof(before));
	for (u32 reg = GROUP; reg < PRIORITY; reg += 4)
		assert_int_equal(peek(CELL_CPU, GICD_BASE + reg, 4), reg == GROUP + 4 ? 0x300 : reg == GROUP + 8);
	for (u32 reg = GROUP; reg < PRIORITY; reg += 4) {
		poke(CELL_CPU, GICD_BASE + reg, 4, reg % 0x80 == 4 ? ~0x300U : reg % 0x80 == 8 ? ~1U : ~0U);
		assert_memory_equal(gic.spis, before, sizeof(before));
	}
	stop_cell();
}

/* Linux polls a bit there; who else may do so, and more than read, the fake says. */
static void the_root_cell_reads_the_distributor_itself(void **state)
{
	(void)state;
	distributor_readable = false;
	start_cell();
	assert_true(distributor_readable);
	stop_cell();
}

static void groups_do_not_change(void **state)
{
	(void)state;
	start_cell();
	for (u32 value = 0; value <= 0x100; value += 0x100) {
		poke(CELL_CPU, GICD_BASE + GROUP + 4, 4, value);
		poke(ROOT_CPU, GICD_BASE + GROUP + 4, 4, value << 8);
		poke(CELL_CPU, GICR_BASE + SGI(2) + GROUP, 4, value);
	}
	assert_int_equal(gic.spis[1].group, ~0U);
	assert_int_equal(gic.own[2].group, ~(1U << KICK_PPI)); /* as FIQ */
	stop_cell();
}

static void priorities(void **state)
{
	(void)state;
	start_cell();
	poke(CELL_CPU, GICD_BASE + PRIORITY + 40, 1, 0x50);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + PRIORITY + 40, 1), 0x50);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + PRIORITY + 40, 4), 0x1050);
	/* how a guest finds out which bits there are */
	poke(CELL_CPU, GICD_BASE + PRIORITY + 40, 4, 0xffffffff);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + PRIORITY + 40, 4), 0xf8f8);
	assert_int_equal(gic.spis[1].priority[10], 0xa0);
	poke(CELL_CPU, GICD_BASE + PRIORITY + 42, 1, 0x50);
	assert_int_equal(gic.spis[1].priority[10], 0xa0);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + PRIORITY + 42, 1), 0);
	/* the highest one belongs to the kick */
	poke(CELL_CPU, GICD_BASE + PRIORITY + 41, 1, 0);
	assert_int_equal(gic.spis[1].priority[9], 8);
	poke(CELL_CPU, GICD_BASE + PRIORITY + 41, 1, 7);
	assert_int_equal(gic.spis[1].priority[9], 8);
	/* sizes that the architecture does not have */
	poke(CELL_CPU, GICD_BASE + PRIORITY + 40, 2, 0x3030);
	poke(CELL_CPU, GICD_BASE + PRIORITY + 40, 8, 0x3030);
	assert_int_equal(gic.spis[1].priority[8], 0xf8);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + PRIORITY + 40, 2), 0);
	stop_cell();
}

static void triggers(void **state)
{
	(void)state;
	start_cell();
	gic.spis[1].trigger[0] = 0xaaaa0000;
	poke(CELL_CPU, GICD_BASE + TRIGGER + 8, 4, 0);
	assert_int_equal(gic.spis[1].trigger[0], 0xaaa00000);
	poke(CELL_CPU, GICD_BASE + TRIGGER + 8, 4, ~0U);
	assert_int_equal(gic.spis[1].trigger[0], 0xaaaf0000);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + TRIGGER + 8, 4), 0xf0000);
	poke(CELL_CPU, GICD_BASE + TRIGGER + 0xc, 4, ~0U);
	assert_int_equal(gic.spis[1].trigger[1], 0);
	poke(CELL_CPU, GICD_BASE + TRIGGER + 8, 1, 0);
	assert_int_equal(gic.spis[1].trigger[0], 0xaaaf0000);
	stop_cell();
}

static void routes_stay_in_the_cell(void **state)
{
	const u64 other = fake.cpus[3].arch.mpidr, own = CELL_CPU->arch.mpidr;

	(void)state;
	start_cell();
	assert_int_equal(peek(CELL_CPU, GICD_BASE + ROUTE + 40 * 8, 8), CELL_CPU->arch.mpidr);
	assert_int_equal(poke(CELL_CPU, GICD_BASE + ROUTE + 40 * 8, 8, other), MMIO_HANDLED);
	assert_int_equal(gic.routes[40], other);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + ROUTE + 40 * 8, 4), (u32)other);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + ROUTE + 40 * 8 + 4, 4), other >> 32);
	/* in halves */
	assert_int_equal(poke(CELL_CPU, GICD_BASE + ROUTE + 40 * 8, 4, (u32)own), MMIO_HANDLED);
	assert_int_equal(gic.routes[40], CELL_CPU->arch.mpidr);
	assert_int_equal(poke(CELL_CPU, GICD_BASE + ROUTE + 40 * 8 + 4, 4, 0), MMIO_HANDLED);
	assert_int_equal(gic.routes[40], CELL_CPU->arch.mpidr);

	assert_int_equal(poke(CELL_CPU, GICD_BASE + ROUTE + 40 * 8, 8, 0), MMIO_ERROR);
	assert_violation(IRQ_ROUTE);
	assert_int_equal(fake.violation.arg[0], 40);
	assert_log("Attempt to route IRQ40 outside of cell\n");
	assert_int_equal(poke(CELL_CPU, GICD_BASE + ROUTE + 40 * 8, 4, 1), MMIO_ERROR);
	assert_violation(IRQ_ROUTE);
	/* one that differs in the upper half only */
	assert_int_equal(poke(CELL_CPU, GICD_BASE + ROUTE + 40 * 8, 8, (u32)own), MMIO_ERROR);
	assert_violation(IRQ_ROUTE);
	/* any CPU: those of other cells are such, too */
	assert_int_equal(poke(CELL_CPU, GICD_BASE + ROUTE + 40 * 8, 8, 1ULL << 31 | own), MMIO_ERROR);
	assert_violation(IRQ_ROUTE);
	assert_int_equal(gic.routes[40], CELL_CPU->arch.mpidr);
	/* not its own */
	gic.routes[50] = 1;
	assert_int_equal(poke(CELL_CPU, GICD_BASE + ROUTE + 50 * 8, 8, CELL_CPU->arch.mpidr), MMIO_HANDLED);
	assert_int_equal(gic.routes[50], 1);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + ROUTE + 50 * 8, 8), 0);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + ROUTE + 8, 8), 0);
	stop_cell();
}

static void a_route_of_the_root_cell_in_learning_mode(void **state)
{
	(void)state;
	start_cell();
	fake.learning = true;
	assert_int_equal(poke(ROOT_CPU, GICD_BASE + ROUTE + 50 * 8, 8, CELL_CPU->arch.mpidr), MMIO_HANDLED);
	assert_int_equal(fake.learned.address, GICD_BASE + ROUTE + 50 * 8);
	assert_int_equal(gic.routes[50], 0);
	stop_cell();
}

static void registers_for_all_are_read_only(void **state)
{
	(void)state;
	start_cell();
	assert_int_equal(peek(CELL_CPU, GICD_BASE, 4), 0x53);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + 8, 4), 0x43b);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + 0xffe8, 4), 0x3b);
	/* no message interrupts for cells, no extended range for anybody */
	assert_int_equal(peek(CELL_CPU, GICD_BASE + 4, 4), 2 | 3 << 5);
	assert_int_equal(peek(ROOT_CPU, GICD_BASE + 4, 4), 2 | 3 << 5 | 1 << 17);
	/* the model does not accept a write to any of them */
	for (u32 reg = 0; reg < GROUP; reg += 4)
		assert_int_equal(poke(CELL_CPU, GICD_BASE + reg, 4, 0), MMIO_HANDLED);
	for (u32 reg = 0xd00; reg < ROUTE; reg += 4)
		assert_int_equal(poke(ROOT_CPU, GICD_BASE + reg, 4, ~0U), MMIO_HANDLED);
	for (u32 reg = TARGETS; reg < TRIGGER; reg += 4) {
		assert_int_equal(poke(ROOT_CPU, GICD_BASE + reg, 4, ~0U), MMIO_HANDLED);
		assert_int_equal(peek(ROOT_CPU, GICD_BASE + reg, 4), 0);
	}
	for (u32 reg = 0x8000; reg < 0x10000; reg += 4)
		assert_int_equal(poke(ROOT_CPU, GICD_BASE + reg, 4, ~0U), MMIO_HANDLED);
	stop_cell();
}

/* Every offset with every size */
static void try_all(u64 base, u64 size)
{
	static const unsigned int sizes[] = {1, 2, 4, 8};
	static const u64 values[] = {0, ~0ULL, 0x5555555555555555};

	for (unsigned int n = 0; n < ARRAY_SIZE(sizes); n++)
		for (unsigned int v = 0; v < ARRAY_SIZE(values); v++)
			for (u64 reg = 0; reg <= size - sizes[n]; reg++) {
				poke(CELL_CPU, base + reg, sizes[n], values[v]);
				peek(CELL_CPU, base + reg, sizes[n]);
			}
}

/* What does not belong to the cell stays as it is. */
static void nothing_gets_through_by_odd_accesses(void **state)
{
	struct fake_gic before;

	(void)state;
	start_cell();
	for (unsigned int n = 1; n < 3; n++)
		gic.spis[n].enabled = gic.spis[n].pending = gic.spis[n].active = 0x0f0f0c0e;
	before = gic;
	try_all(GICD_BASE, 0x10000);
	assert_true(fake.violations > 0);
	fake.violations = 0;
	try_all(GICR_BASE, FRAME(FRAMES));
	expect_others_unchanged(&before);
	assert_int_equal(gic.own[2].priority[KICK_PPI], 0);
	assert_int_equal((gic.own[2].enabled | gic.own[2].pending | gic.own[2].active) & KICK, 0);
	assert_int_equal(gic.own[2].trigger[1] >> 18 & 3, before.own[2].trigger[1] >> 18 & 3);
	stop_cell();
}

/* ---- redistributors ---- */

static void the_own_redistributor(void **state)
{
	(void)state;
	start_cell();
	gic.waker[2] = 0;
	gic.redist_ctlr[2] = 8;
	gic.own[2].enabled = 0;
	poke(CELL_CPU, GICR_BASE + SGI(2) + ENABLE, 4, ~0U);
	assert_int_equal(gic.own[2].enabled, ~KICK);
	poke(CELL_CPU, GICR_BASE + SGI(2) + PEND, 4, ~0U);
	assert_int_equal(gic.own[2].pending, ~KICK);
	gic.own[2].pending = gic.own[2].enabled = ~0U;
	assert_int_equal(peek(CELL_CPU, GICR_BASE + SGI(2) + ENABLE, 4), ~KICK);
	poke(CELL_CPU, GICR_BASE + SGI(2) + UNPEND, 4, ~0U);
	poke(CELL_CPU, GICR_BASE + SGI(2) + DISABLE, 4, ~0U);
	assert_int_equal(gic.own[2].pending & gic.own[2].enabled, KICK);
	poke(CELL_CPU, GICR_BASE + SGI(2) + PRIORITY + 24, 4, 0x60606060);
	assert_int_equal(gic.own[2].priority[24], 0x60);
	assert_int_equal(gic.own[2].priority[KICK_PPI], 0);
	assert_int_equal(gic.own[2].priority[27], 0x60);
	assert_int_equal(peek(CELL_CPU, GICR_BASE + SGI(2) + PRIORITY + 24, 4), 0x60600060);
	poke(CELL_CPU, GICR_BASE + SGI(2) + TRIGGER + 4, 4, ~0U);
	assert_int_equal(gic.own[2].trigger[1], ~(3U << 18));
	poke(CELL_CPU, GICR_BASE + SGI(2) + TRIGGER, 4, ~0U);
	assert_int_equal(gic.own[2].trigger[0], ~0U);
	/* it stays awake and takes no tables */
	poke(CELL_CPU, GICR_BASE + FRAME(2) + 0x14, 4, 2);
	poke(CELL_CPU, GICR_BASE + FRAME(2), 4, 1);
	poke(CELL_CPU, GICR_BASE + FRAME(2) + 0x70, 8, 0x1000);
	assert_int_equal(peek(CELL_CPU, GICR_BASE + FRAME(2) + 0x14, 4), 0);
	assert_int_equal(peek(CELL_CPU, GICR_BASE + FRAME(2), 4), 8);
	gic.own[2].pending = gic.own[2].enabled = 0;
	gic.redist_ctlr[2] = 0;
	stop_cell();
}

static void redistributors_of_others(void **state)
{
	(void)state;
	start_cell();
	gic.waker[0] = 6;
	for (unsigned int n = 0; n < FRAMES; n++) {
		u64 typer = gic.typer[n] & ~1ULL;

		assert_int_equal(peek(CELL_CPU, GICR_BASE + FRAME(n) + 8, 8), typer);
		assert_int_equal(peek(CELL_CPU, GICR_BASE + FRAME(n) + 8, 4), (u32)typer);
		assert_int_equal(peek(CELL_CPU, GICR_BASE + FRAME(n) + 0xc, 4), typer >> 32);
		assert_int_equal(peek(ROOT_CPU, GICR_BASE + FRAME(n) + 8, 8), gic.typer[n]);
		assert_int_equal(peek(CELL_CPU, GICR_BASE + FRAME(n) + 0xffe8, 4), 0x3b);
	}
	assert_int_equal(peek(CELL_CPU, GICR_BASE + FRAME(0) + 0x14, 4), 0);
	assert_int_equal(peek(CELL_CPU, GICR_BASE + SGI(0) + ENABLE, 4), 0);
	/* also not of another CPU of the cell */
	assert_int_equal(peek(CELL_CPU, GICR_BASE + SGI(3) + ENABLE, 4), 0);
	poke(CELL_CPU, GICR_BASE + SGI(3) + DISABLE, 4, ~0U);
	assert_int_equal(gic.own[3].enabled, 0x4000ffff);
	stop_cell();
}

/* ---- system registers ---- */

static u64 sgi(unsigned int id, u64 mpidr, u64 list)
{
	return (mpidr >> 32 & 0xff) << 48 | (mpidr >> 4 & 0xf) << 44 | (mpidr >> 16 & 0xff) << 32 | (u64)id << 24 |
	       (mpidr >> 8 & 0xff) << 16 | list;
}

static void send(struct percpu *cpu, u64 value)
{
	gic.num_sgis = 0;
	assert_true(gicv3_write_register(on(cpu), SYSREG_ICC_SGI1R, value));
}

static void interrupts_between_cpus_of_a_cell(void **state)
{
	const u64 first = CELL_CPU->arch.mpidr, second = fake.cpus[3].arch.mpidr;

	(void)state;
	start_cell();
	send(CELL_CPU, sgi(5, second, 1 << (second & 0xf)));
	assert_int_equal(gic.num_sgis, 1);
	assert_int_equal(gic.sgis[0], sgi(5, second, 1 << (second & 0xf)));
	send(CELL_CPU, sgi(15, first, 0xffff));
	assert_int_equal(gic.num_sgis, 1);
	assert_int_equal(gic.sgis[0], sgi(15, first, 1 << (first & 0xf) | 1 << (second & 0xf)));
	send(ROOT_CPU, sgi(0, 0, 0xffff));
	assert_int_equal(gic.num_sgis, 1);
	assert_int_equal(gic.sgis[0], sgi(0, 0, 3));
	/* reserved bits do not get through */
	send(ROOT_CPU, sgi(0, 0, 2) | 0xff000e00f0000000ULL);
	assert_int_equal(gic.sgis[0], sgi(0, 0, 2));
	stop_cell();
}

static void interrupts_to_other_cells_are_dropped(void **state)
{
	const u64 first = CELL_CPU->arch.mpidr;

	(void)state;
	start_cell();
	send(CELL_CPU, sgi(5, 0, 1));
	assert_int_equal(gic.num_sgis, 0);
	send(CELL_CPU, sgi(5, 0, 0xffff));
	assert_int_equal(gic.num_sgis, 0);
	send(ROOT_CPU, sgi(5, first, 1 << (first & 0xf)));
	assert_int_equal(gic.num_sgis, 0);
	/* the same, but for one of the fields */
	send(CELL_CPU, sgi(5, first & ~0xff00000000ULL, 0xffff));
	assert_int_equal(gic.num_sgis, 0);
	send(CELL_CPU, sgi(5, first & ~0xf0ULL, 0xffff));
	assert_int_equal(gic.num_sgis, 0);
	send(CELL_CPU, sgi(5, first, 0));
	assert_int_equal(gic.num_sgis, 0);
	stop_cell();
}

static void interrupts_to_all_others(void **state)
{
	const u64 second = fake.cpus[3].arch.mpidr;

	(void)state;
	start_cell();
	send(CELL_CPU, 1ULL << 40 | 7ULL << 24 | 0xffff);
	assert_int_equal(gic.num_sgis, 1);
	assert_int_equal(gic.sgis[0], sgi(7, second, 1 << (second & 0xf)));
	fake.cpus[1].present = false;
	send(ROOT_CPU, 1ULL << 40 | 7ULL << 24);
	assert_int_equal(gic.num_sgis, 0);
	fake.cpus[1].present = true;
	stop_cell();
}

static void interrupts_between_cpus_whose_numbers_collide(void **state)
{
	(void)state;
	start_cell();
	memset(fake.machine.arch.gic_state.cpu_of_affinity, 0, sizeof(fake.machine.arch.gic_state.cpu_of_affinity));
	send(CELL_CPU, sgi(5, fake.cpus[3].arch.mpidr, 1 << (fake.cpus[3].arch.mpidr & 0xf)));
	assert_int_equal(gic.num_sgis, 1);
	/* not that of the CPU that the guess says */
	for (unsigned int n = 0; n < 64; n++)
		fake.machine.arch.gic_state.cpu_of_affinity[n] = 3;
	send(CELL_CPU, sgi(5, 0, 1));
	assert_int_equal(gic.num_sgis, 0);
	stop_cell();
}

static void deactivation(void **state)
{
	static const u32 bad[] = {KICK_PPI, 50, 65, 95, 1019, 1020, 1023, 8192, 0x1000028, 0xffffff};

	(void)state;
	start_cell();
	for (unsigned int n = 0; n < ARRAY_SIZE(bad) - 3; n++)
		assert_true(gicv3_write_register(on(CELL_CPU), SYSREG_ICC_DIR, bad[n]));
	assert_true(gicv3_write_register(on(CELL_CPU), SYSREG_ICC_DIR, 0xffffff));
	assert_int_equal(gic.num_deactivated, 0);
	assert_true(gicv3_write_register(on(CELL_CPU), SYSREG_ICC_DIR, 40));
	assert_true(gicv3_write_register(on(CELL_CPU), SYSREG_ICC_DIR, 27));
	assert_true(gicv3_write_register(on(CELL_CPU), SYSREG_ICC_DIR, 0));
	assert_true(gicv3_write_register(on(ROOT_CPU), SYSREG_ICC_DIR, 40));
	assert_int_equal(gic.num_deactivated, 3);
	assert_int_equal(gic.deactivated[0], 40);
	stop_cell();
}

static void the_cpu_interface(void **state)
{
	static const u32 group0[] = {SYSREG_ICC_BPR0, SYSREG_ICC_AP0R0, SYSREG_ICC_AP0R1, SYSREG_ICC_AP0R2,
				     SYSREG_ICC_AP0R3, SYSREG_ICC_IGRPEN0};
	u64 value;

	(void)state;
	start_cell();
	on(CELL_CPU);
	assert_true(gicv3_write_register(CELL_CPU, SYSREG_ICC_PMR, 0xffffffffffffff80));
	assert_int_equal(gic.interfaces[2].pmr, 0x80);
	assert_true(gicv3_read_register(CELL_CPU, SYSREG_ICC_PMR, &value));
	assert_int_equal(value, 0x80);
	assert_true(gicv3_write_register(CELL_CPU, SYSREG_ICC_CTLR, 2));
	assert_int_equal(gic.interfaces[2].ctlr, 2);
	assert_true(gicv3_read_register(CELL_CPU, SYSREG_ICC_CTLR, &value));
	assert_int_equal(value, 2);
	gic.interfaces[2].active[0] = 0x10;
	assert_true(gicv3_read_register(CELL_CPU, SYSREG_ICC_RPR, &value));
	assert_int_equal(value, 0x20);
	assert_true(gicv3_write_register(CELL_CPU, SYSREG_ICC_SRE, 0));
	assert_true(gicv3_read_register(CELL_CPU, SYSREG_ICC_SRE, &value));
	assert_int_equal(value, 7);
	assert_int_equal(gic.interfaces[2].sre_el1, 7);
	for (unsigned int n = 0; n < ARRAY_SIZE(group0); n++) {
		assert_true(gicv3_write_register(CELL_CPU, group0[n], ~0ULL));
		assert_true(gicv3_read_register(CELL_CPU, group0[n], &value));
		assert_int_equal(value, 0);
	}
	assert_true(gicv3_read_register(CELL_CPU, SYSREG_ICC_IAR0, &value));
	assert_int_equal(value, NO_IRQ);
	assert_true(gicv3_write_register(CELL_CPU, SYSREG_ICC_SGI0R, sgi(1, CELL_CPU->arch.mpidr, 0xffff)));
	assert_true(gicv3_write_register(CELL_CPU, SYSREG_ICC_ASGI1R, sgi(1, CELL_CPU->arch.mpidr, 0xffff)));
	assert_int_equal(gic.num_sgis, 0);
	/* not that way round */
	assert_false(gicv3_write_register(CELL_CPU, SYSREG_ICC_RPR, 0));
	assert_false(gicv3_write_register(CELL_CPU, SYSREG_ICC_IAR0, 0));
	assert_false(gicv3_read_register(CELL_CPU, SYSREG_ICC_SGI1R, &value));
	assert_false(gicv3_read_register(CELL_CPU, SYSREG_ICC_DIR, &value));
	assert_false(gicv3_read_register(CELL_CPU, SYSREG(3U, 0U, 1U, 0U, 1U), &value));
	assert_false(gicv3_write_register(CELL_CPU, SYSREG(3U, 0U, 1U, 0U, 1U), 0));
	stop_cell();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		V3_TEST(own_interrupts_reach_the_hardware),
		V3_TEST(foreign_interrupts_are_invisible),
		V3_TEST(the_root_cell_reads_the_distributor_itself),
		V3_TEST(groups_do_not_change),
		V3_TEST(priorities),
		V3_TEST(triggers),
		V3_TEST(routes_stay_in_the_cell),
		V3_TEST(a_route_of_the_root_cell_in_learning_mode),
		V3_TEST(registers_for_all_are_read_only),
		V3_TEST(nothing_gets_through_by_odd_accesses),
		V3_TEST(the_own_redistributor),
		V3_TEST(redistributors_of_others),
		V3_TEST(interrupts_between_cpus_of_a_cell),
		V3_TEST(interrupts_to_other_cells_are_dropped),
		V3_TEST(interrupts_to_all_others),
		V3_TEST(interrupts_between_cpus_whose_numbers_collide),
		V3_TEST(deactivation),
		V3_TEST(the_cpu_interface),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
