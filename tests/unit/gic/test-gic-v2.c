// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* GICv2: targets, SGIs and deactivation of a guest, the kick that all CPUs share, waiting, reset. */
#include "fake-gic.h"

#define KICK	 95 /* the highest id, and the only one that the root cell does not list */
#define KICK_BIT (1U << KICK % 32)
#define SGIR	 0xf00
#define DIR	 (GICC_BASE + 0x1000)

static const struct jailhouse_irqchip all_irqs = {
	.address = GICD_BASE, .pin_base = 32, .pin_bitmap = {~0U, ~0U}};

static void targets_stay_in_the_cell(void **state)
{
	(void)state;
	start_cell();
	assert_int_equal(peek(CELL_CPU, GICD_BASE + TARGETS + 40, 4), 0x0404);
	assert_int_equal(poke(CELL_CPU, GICD_BASE + TARGETS + 40, 1, 8), MMIO_HANDLED);
	assert_int_equal(gic.spis[1].targets[8], 8);
	/* what is not its own does not count */
	assert_int_equal(poke(CELL_CPU, GICD_BASE + TARGETS + 40, 4, 0xffff0c04), MMIO_HANDLED);
	assert_int_equal(gic.spis[1].targets[8], 4);
	assert_int_equal(gic.spis[1].targets[9], 0xc);
	assert_int_equal(gic.spis[1].targets[10], 1);
	/* all or nothing */
	assert_int_equal(poke(CELL_CPU, GICD_BASE + TARGETS + 40, 4, 0x0508), MMIO_ERROR);
	assert_violation(IRQ_ROUTE);
	assert_int_equal(fake.violation.arg[0], 41);
	assert_log("Attempt to route IRQ41 outside of cell\n");
	assert_int_equal(gic.spis[1].targets[8], 4);
	assert_int_equal(poke(CELL_CPU, GICD_BASE + TARGETS + 64, 1, 0x10), MMIO_ERROR);
	assert_violation(IRQ_ROUTE);
	/* private ones are fixed, and tell a CPU its number */
	assert_int_equal(peek(CELL_CPU, GICD_BASE + TARGETS, 4), 0x04040404);
	assert_int_equal(peek(ROOT_CPU, GICD_BASE + TARGETS + 7, 1), 1);
	assert_int_equal(poke(CELL_CPU, GICD_BASE + TARGETS, 4, ~0U), MMIO_HANDLED);
	assert_int_equal(gic.own[2].targets[0], 4);
	assert_int_equal(poke(CELL_CPU, GICD_BASE + TARGETS + 40, 2, 0xffff), MMIO_HANDLED);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + TARGETS + 40, 2), 0);
	assert_int_equal(poke(CELL_CPU, GICD_BASE + TARGETS + 41, 4, 0xffff), MMIO_HANDLED);
	stop_cell();
}

static void send(struct percpu *cpu, u32 value)
{
	gic.num_sgis = 0;
	assert_int_equal(poke(cpu, GICD_BASE + SGIR, 4, value), MMIO_HANDLED);
}

static void interrupts_between_cpus_stay_in_the_cell(void **state)
{
	(void)state;
	start_cell();
	send(CELL_CPU, 0xff0005);
	assert_int_equal(gic.num_sgis, 1);
	assert_int_equal(gic.sgis[0], 0x0c0005);
	send(CELL_CPU, 0x1ff000f); /* all others */
	assert_int_equal(gic.sgis[0], 0x08000f);
	send(CELL_CPU, 0x2000003); /* itself */
	assert_int_equal(gic.sgis[0], 0x040003);
	send(ROOT_CPU, 0x10000ff | 1 << 15);
	assert_int_equal(gic.sgis[0], 0x02000f);
	send(CELL_CPU, 0x030005);
	assert_int_equal(gic.num_sgis, 0);
	send(CELL_CPU, 0x3ff0005); /* reserved */
	assert_int_equal(gic.num_sgis, 0);
	assert_int_equal(poke(CELL_CPU, GICD_BASE + SGIR, 1, 5), MMIO_HANDLED);
	assert_int_equal(poke(CELL_CPU, GICD_BASE + 0xf10, 4, ~0U), MMIO_HANDLED);
	assert_int_equal(gic.num_sgis, 0);
	stop_cell();
}

static void deactivation(void **state)
{
	static const u32 bad[] = {50, 65, KICK, 96, 1019, 1020, 1023};

	(void)state;
	start_cell();
	for (unsigned int n = 0; n < ARRAY_SIZE(bad); n++)
		assert_int_equal(poke(CELL_CPU, DIR, 4, bad[n]), MMIO_HANDLED);
	assert_int_equal(poke(ROOT_CPU, DIR, 4, 40), MMIO_HANDLED);
	assert_int_equal(poke(ROOT_CPU, DIR, 4, KICK), MMIO_HANDLED);
	assert_int_equal(poke(CELL_CPU, DIR, 1, 40), MMIO_HANDLED);
	assert_int_equal(poke(CELL_CPU, DIR + 4, 4, 40), MMIO_HANDLED);
	assert_int_equal(gic.num_deactivated, 0);
	assert_int_equal(peek(CELL_CPU, DIR, 4), 0);
	poke(CELL_CPU, DIR, 4, 40);
	poke(CELL_CPU, DIR, 4, 27);
	poke(CELL_CPU, DIR, 4, 0xfffff405); /* SGI 5 of CPU 5 */
	assert_int_equal(gic.num_deactivated, 3);
	assert_int_equal(gic.deactivated[0], 40);
	assert_int_equal(gic.deactivated[2], 0x1405);
	stop_cell();
}

static void private_interrupts_are_those_of_the_cpu(void **state)
{
	(void)state;
	start_cell();
	poke(CELL_CPU, GICD_BASE + ENABLE, 4, 0x08000000);
	assert_int_equal(gic.own[2].enabled, 0x4800ffff);
	assert_int_equal(gic.own[0].enabled, 0x4000ffff);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + ENABLE, 4), 0x4800ffff);
	poke(CELL_CPU, GICD_BASE + GROUP, 4, 0);
	assert_int_equal(gic.own[2].group, ~0U);
	/* may be the same for all CPUs */
	gic.own[2].trigger[1] = 0x55550000;
	poke(CELL_CPU, GICD_BASE + TRIGGER + 4, 4, ~0U);
	assert_int_equal(gic.own[2].trigger[1], 0x55550000);
	assert_int_equal(peek(CELL_CPU, GICD_BASE + TRIGGER + 4, 4), 0x55550000);
	stop_cell();
}

static void nothing_gets_through_by_odd_accesses(void **state)
{
	static const unsigned int sizes[] = {1, 2, 4, 8};
	static const u64 values[] = {0, ~0ULL, 0x0c0c0c0c0c0c0c0c};
	struct fake_gic before;

	(void)state;
	start_cell();
	for (unsigned int n = 1; n < 3; n++)
		gic.spis[n].enabled = gic.spis[n].pending = gic.spis[n].active = 0x0f0f0c0e;
	before = gic;
	for (unsigned int n = 0; n < ARRAY_SIZE(sizes); n++)
		for (unsigned int v = 0; v < ARRAY_SIZE(values); v++)
			for (u64 reg = 0; reg <= 0x1000 - sizes[n]; reg++) {
				gic.num_sgis = 0;
				poke(CELL_CPU, GICD_BASE + reg, sizes[n], values[v]);
				peek(CELL_CPU, GICD_BASE + reg, sizes[n]);
				assert_true(gic.num_sgis == 0 || !(gic.sgis[0] >> 16 & 0xf3));
			}
	assert_true(fake.violations > 0);
	fake.violations = 0;
	expect_others_unchanged(&before);
	stop_cell();
}

/* ---- hand-over ---- */

static void interrupts_move_with_the_cell(void **state)
{
	(void)state;
	gic.spis[1].enabled = 0x500;
	gic.spis[1].targets[8] = 3;
	gic.spis[1].targets[18] = 0xc; /* 50: to CPUs that leave */
	gic.spis[1].targets[19] = 6;
	gic.spis[1].targets[20] = 2;
	start_cell();
	assert_int_equal(gic.spis[1].enabled, 0x400);
	assert_int_equal(gic.spis[1].targets[8], 4);
	assert_int_equal(gic.spis[1].priority[8], 0x10);
	assert_int_equal(gic.spis[1].targets[18], 1);
	assert_int_equal(gic.spis[1].targets[19], 1);
	assert_int_equal(gic.spis[1].targets[20], 2);
	poke(CELL_CPU, GICD_BASE + ENABLE + 4, 4, 0x300);
	on(ROOT_CPU);
	fake_destroy(&irqchip_unit, CELL);
	assert_int_equal(gic.spis[1].enabled, 0x500);
	assert_int_equal(gic.spis[1].targets[8], 1);
	assert_int_equal(gic.spis[1].priority[8], 0xa0);
	gic_stop();
}

static void enable_and_disable_change_nothing(void **state)
{
	struct fake_gic before;

	(void)state;
	gic.spis[1].enabled = gic.spis[1].pending = gic.spis[1].active = 0x500;
	gic.spis[2].priority[31] = 0x50;
	gic.spis[2].targets[31] = 2;
	before = gic;
	gic_start();
	assert_int_equal(gic.spis[2].priority[31], 0);
	gic.spis[2].priority[31] = 0x50;
	assert_int_equal(gic.spis[2].targets[31], 0);
	gic.spis[2].targets[31] = 2;
	before.cpu = gic.cpu;
	assert_memory_equal(&gic, &before, sizeof(gic));
	gic.spis[2].priority[31] = 0;
	gic.spis[2].targets[31] = 0;
	gic_stop();
	before.cpu = gic.cpu;
	assert_memory_equal(&gic, &before, sizeof(gic));
}

/* ---- the kick ---- */

static void several_cpus_share_the_kick(void **state)
{
	(void)state;
	gic_start();
	assert_int_equal(fake.machine.arch.gic_state.kick, KICK);
	ops()->kick(CELL_CPU);
	wait_on(&fake.cpus[3], true);
	assert_int_equal(gic.signalled, NO_IRQ);
	ops()->kick(&fake.cpus[3]);
	wait_on(CELL_CPU, true);
	assert_int_equal(gic.signalled, KICK);
	wait_on(&fake.cpus[3], true);
	assert_int_equal(gic.signalled, KICK);
	wait_on(ROOT_CPU, true);
	assert_int_equal(gic.signalled, NO_IRQ);
	ops()->kick_end(on(CELL_CPU));
	wait_on(CELL_CPU, true);
	assert_int_equal(gic.signalled, NO_IRQ);
	wait_on(&fake.cpus[3], true);
	assert_int_equal(gic.signalled, KICK);
	ops()->kick_end(on(&fake.cpus[3]));
	assert_int_equal((gic.spis[2].enabled | gic.spis[2].pending | gic.spis[2].active) & KICK_BIT, 0);
	assert_int_equal(gic.spis[2].targets[31], 0);
	gic_stop();
}

static void no_state_of_a_guest_keeps_the_kick_away(void **state)
{
	static const struct cpu_interface closed[] = {
		{.ctlr = 0, .pmr = 0xf0},
		{.ctlr = 0x1e0, .pmr = 0xf0},
		{.ctlr = 1, .pmr = 0},
		{.ctlr = 1, .pmr = 0xf0, .active = {1}},
		{.ctlr = 0, .bpr = 7, .active = {~0U, ~0U, ~0U, ~0U}, .ns_active = {~0U, ~0U, ~0U, ~0U}},
	};

	(void)state;
	gic_start();
	memset(gic.own[2].priority, 8, 32);
	gic.own[2].enabled = gic.own[2].pending = ~0U;
	ops()->kick(CELL_CPU);
	for (unsigned int n = 0; n < ARRAY_SIZE(closed); n++)
		for (int guest_irqs = 0; guest_irqs < 2; guest_irqs++) {
			gic.interfaces[2] = closed[n];
			gic.signalled = NO_IRQ;
			wait_on(CELL_CPU, guest_irqs);
			assert_int_equal(gic.signalled, KICK);
		}
	ops()->kick_end(on(CELL_CPU));
	gic.interfaces[2] = (struct cpu_interface){.ctlr = 1, .pmr = 0xf0};
	for (gic.interfaces[2].ctlr = 0; gic.interfaces[2].ctlr < 2; gic.interfaces[2].ctlr++) {
		wait_on(CELL_CPU, true);
		assert_int_not_equal(gic.signalled, NO_IRQ);
		wait_on(CELL_CPU, false);
		assert_int_equal(gic.signalled, NO_IRQ);
	}
	gic_stop();
}

static void the_kick_is_nobodys(void **state)
{
	struct jailhouse_irqchip irqchip = {.address = GICD_BASE, .pin_base = 64, .pin_bitmap = {KICK_BIT}};
	const struct fake_config parts = {.irqchips = &irqchip, .num_irqchips = 1};

	(void)state;
	start_cell();
	assert_refused(irqchip_unit.cell_check(&fake.machine, fake_make_config("cell", 3, &parts), false), EINVAL,
		       IRQ_RESERVED);
	assert_int_equal(fake.refusal.arg[0], KICK);
	ops()->kick(CELL_CPU);
	poke(ROOT_CPU, GICD_BASE + DISABLE + 8, 4, ~0U);
	poke(ROOT_CPU, GICD_BASE + UNPEND + 8, 4, ~0U);
	assert_int_equal(gic.spis[2].enabled & gic.spis[2].pending & KICK_BIT, KICK_BIT);
	assert_int_equal(peek(ROOT_CPU, GICD_BASE + ENABLE + 8, 4) & KICK_BIT, 0);
	ops()->kick_end(on(CELL_CPU));
	stop_cell();
}

static void a_kick_that_somebody_uses_is_not_taken(void **state)
{
	static const struct jailhouse_irqchip low = {.address = GICD_BASE, .pin_base = 32, .pin_bitmap = {~0U}};

	(void)state;
	gic.spis[2].enabled = 0x80000000;
	gic.spis[2].pending = 0x40000000;
	gic.spis[2].line = 0x20000000;
	assert_int_equal(gic_enable(&low, 1), 0);
	assert_int_equal(fake.machine.arch.gic_state.kick, 92);
	assert_not_log("WARNING");
	gic_stop();
}

/* Boards that list everything: one that Linux does not use now. */
static void a_kick_from_the_root_cell(void **state)
{
	(void)state;
	gic.spis[2].enabled = 0x80000000;
	assert_int_equal(gic_enable(&all_irqs, 1), 0);
	assert_int_equal(fake.machine.arch.gic_state.kick, 94);
	assert_log("WARNING: interrupt 94 is not available to the root cell\n");
	assert_false(gic_cell_has_irq(ROOT, 94));
	assert_true(gic_cell_has_irq(ROOT, 95));
	gic_stop();
}

static void no_kick_left(void **state)
{
	struct fake_gic before;

	(void)state;
	gic.spis[1].enabled = gic.spis[2].enabled = ~0U;
	before = gic;
	assert_refused(gic_enable(&all_irqs, 1), EBUSY, GIC_NO_KICK);
	before.cpu = gic.cpu;
	assert_memory_equal(&gic, &before, sizeof(gic));
}

/* ---- bring-up and reset ---- */

static void after_a_reset(void **state)
{
	struct cpu_interface *interface = &gic.interfaces[2];

	(void)state;
	gic_start();
	*interface = (struct cpu_interface){
		.ctlr = 0x3ff, .pmr = 0xf0, .bpr = 5, .active = {1, 2, 3, 4}, .ns_active = {5, 6, 7, 8}};
	gic.own[2].enabled = gic.own[2].active = ~0U;
	gic.own[2].pending = 0xffff0000;
	ops()->cpu_reset(on(CELL_CPU));
	assert_int_equal(interface->ctlr, 0x1e0);
	assert_int_equal(interface->pmr | interface->bpr, 0);
	for (unsigned int n = 0; n < 4; n++)
		assert_int_equal(interface->active[n] | interface->ns_active[n], 0);
	assert_int_equal(gic.own[2].enabled, 0xffff);
	assert_int_equal(gic.own[2].pending | gic.own[2].active, 0);
	assert_int_equal(gic.own[2].priority[27], 0x10);
	assert_int_equal(gic.own[3].enabled, 0x4000ffff);
	gic_stop();
}

static void machines_that_do_not_fit(void **state)
{
	(void)state;
	gic.pidr2 = 0x3b;
	assert_refused(gic_enable(&all_irqs, 1), ENODEV, GIC_VERSION);
	gic.pidr2 = 0x2b;
	fake.system.platform_info.arm.gicc_base = GICC_BASE + 0x800;
	assert_refused(gic_enable(&all_irqs, 1), EINVAL, GIC_ADDRESS);
	fake.system.platform_info.arm.gicc_base = 0;
	assert_refused(gic_enable(&all_irqs, 1), EINVAL, GIC_ADDRESS);
	fake.system.platform_info.arm.gicc_base = GICC_BASE;
	memset(gic.own[1].targets, 0x11, 32);
	assert_refused(gic_enable(&all_irqs, 1), ENODEV, GIC_NO_FRAME);
	assert_int_equal(fake.refusal.index, 1);
	gic.pmr_fixed = true;
	gic.interfaces[0].pmr = 0;
	on(ROOT_CPU);
	assert_refused(gic_enable(&all_irqs, 1), ENODEV, GIC_STATE);
}

static void too_little_memory(void **state)
{
	(void)state;
	for (unsigned int n = 1; n <= 3; n++) {
		fake.machine.pool.fail_at = n;
		assert_refused(gic_enable(&all_irqs, 1), ENOMEM, NO_MEMORY);
		assert_int_equal(fake.machine.pool.fail_at, 0);
	}
	fake.machine.pool.fail_at = 0;
	gic_start();
	for (unsigned int n = 1; n <= 2; n++) {
		fake.machine.pool.fail_at = n;
		assert_refused(gic_create(CELL, &cell_irqs, 1), ENOMEM, NO_MEMORY);
		assert_int_equal(fake.machine.pool.fail_at, 0);
		assert_true(gic_cell_has_irq(ROOT, 40));
	}
	gic_stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		V2_TEST(targets_stay_in_the_cell),
		V2_TEST(interrupts_between_cpus_stay_in_the_cell),
		V2_TEST(deactivation),
		V2_TEST(private_interrupts_are_those_of_the_cpu),
		V2_TEST(nothing_gets_through_by_odd_accesses),
		V2_TEST(interrupts_move_with_the_cell),
		V2_TEST(enable_and_disable_change_nothing),
		V2_TEST(several_cpus_share_the_kick),
		V2_TEST(no_state_of_a_guest_keeps_the_kick_away),
		V2_TEST(the_kick_is_nobodys),
		V2_TEST(a_kick_that_somebody_uses_is_not_taken),
		V2_TEST(a_kick_from_the_root_cell),
		V2_TEST(no_kick_left),
		V2_TEST(after_a_reset),
		V2_TEST(machines_that_do_not_fit),
		V2_TEST(too_little_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
