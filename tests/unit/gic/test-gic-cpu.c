// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* GICv3: bring-up and what is refused, the kick, waiting, and the state after a reset of the CPU. */
#include "fake-gic.h"

#define KICK	   (1U << KICK_PPI)
#define TIMER	   27

/* ---- the kick ---- */

static void the_kick_wakes_and_is_taken_back(void **state)
{
	(void)state;
	gic_start();
	ops()->kick(CELL_CPU);
	assert_int_equal(gic.own[2].enabled & gic.own[2].pending & KICK, KICK);
	assert_int_equal(gic.own[1].pending | gic.own[0].pending, 0);
	wait_on(CELL_CPU, true);
	assert_int_equal(gic.signalled, KICK_PPI);
	gic.own[2].active |= KICK; /* a guest was quick */
	ops()->kick_end(CELL_CPU);
	assert_int_equal((gic.own[2].enabled | gic.own[2].pending | gic.own[2].active) & KICK, 0);
	wait_on(CELL_CPU, true);
	assert_int_equal(gic.signalled, NO_IRQ);
	gic_stop();
}

/* Whatever the guest has done to its CPU interface. */
static void no_state_of_a_guest_keeps_the_kick_away(void **state)
{
	static const struct cpu_interface closed[] = {
		{.pmr = 0xf0, .enable0 = 1, .enable = 0},
		{.pmr = 0, .enable0 = 1, .enable = 1},
		{.pmr = 0xf0, .enable0 = 1, .enable = 1, .active = {1}},
		{.pmr = 0, .enable0 = 1, .enable = 0, .bpr = 7, .active = {~0U}},
	};

	(void)state;
	gic_start();
	memset(gic.own[2].priority, 8, KICK_PPI);
	memset(gic.own[2].priority + KICK_PPI + 1, 8, 31 - KICK_PPI);
	gic.own[2].enabled |= ~KICK;
	gic.own[2].pending |= ~KICK;
	ops()->kick(CELL_CPU);
	for (unsigned int n = 0; n < ARRAY_SIZE(closed); n++)
		for (int guest_irqs = 0; guest_irqs < 2; guest_irqs++) {
			gic.interfaces[2] = closed[n];
			gic.signalled = NO_IRQ;
			wait_on(CELL_CPU, guest_irqs);
			assert_int_equal(gic.signalled, KICK_PPI);
		}
	gic_stop();
}

/* It does not wait and masks all, but makes no access to memory which could be taken away. */
static void an_fiq_reaches_a_guest_that_masks_all(void **state)
{
	struct cpu_interface *interface = &gic.interfaces[2];
	u64 mask = 1;

	(void)state;
	gic_start();
	gic.own[2].enabled |= ~KICK;
	gic.own[2].pending |= ~KICK;
	ops()->cpu_reset(on(CELL_CPU));
	assert_false(gic_fiq(CELL_CPU));
	interface->enable = 0;
	assert_true(gicv3_write_register(on(CELL_CPU), SYSREG_ICC_PMR, 0));
	assert_true(interface->pmr);
	assert_true(gicv3_read_register(on(CELL_CPU), SYSREG_ICC_PMR, &mask));
	assert_int_equal(mask, 0);
	/* By the mask above it, Linux finds out whether it has group 0. */
	assert_true(gicv3_write_register(on(CELL_CPU), SYSREG_ICC_PMR, interface->pmr));
	assert_true(gicv3_read_register(on(CELL_CPU), SYSREG_ICC_PMR, &mask));
	assert_int_equal(mask, interface->pmr);
	assert_true(gicv3_write_register(on(CELL_CPU), SYSREG_ICC_PMR, interface->pmr - 1));
	assert_true(gicv3_read_register(on(CELL_CPU), SYSREG_ICC_PMR, &mask));
	assert_int_equal(mask, 0);
	assert_true(gicv3_write_register(on(CELL_CPU), SYSREG_ICC_BPR0, 7));
	assert_true(gicv3_write_register(on(CELL_CPU), SYSREG_ICC_IGRPEN0, 0));
	assert_true(gicv3_write_register(on(CELL_CPU), SYSREG_ICC_CTLR, ~0ULL));
	poke(CELL_CPU, GICR_BASE + SGI(2) + GROUP, 4, ~0U);
	interface->active[0] = 0xfffffffe; /* in handlers of all priorities that it can have */
	assert_false(gic_fiq(CELL_CPU));
	ops()->kick(CELL_CPU);
	assert_true(gic_fiq(CELL_CPU));
	assert_int_equal(interface->bpr0, 0);
	/* Its own interrupts are as masked as they were meant to be. */
	ops()->kick_end(CELL_CPU);
	interface->enable = 1;
	interface->active[0] = 0;
	poke(CELL_CPU, GICR_BASE + SGI(2) + PRIORITY + TIMER, 1, 0);
	poke(CELL_CPU, GICR_BASE + SGI(2) + ENABLE, 4, ~0U);
	poke(CELL_CPU, GICR_BASE + SGI(2) + PEND, 4, ~0U);
	wait_on(CELL_CPU, true);
	assert_int_equal(gic.signalled, NO_IRQ);
	gic_stop();
	assert_int_equal(gic.own[2].group, ~0U);
	assert_int_equal(interface->enable0, 0);
}

/* Two states of security, a firmware that keeps FIQs, other interrupts of group 0, group 0 not or already in use */
static void a_kick_that_is_no_fiq(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < 5; n++) {
		fake_teardown(state);
		gic_setup_v3(state);
		if (n == 0)
			gic.gicd_ctlr &= ~(u32)DS;
		else if (n == 1)
			gic.priority_mask = 0xf0;
		else if (n == 2)
			gic.spis[2].group = ~1U;
		else if (n == 3)
			gic.gicd_ctlr &= ~1U;
		else
			gic.interfaces[2].enable0 = 1;
		gic_start();
		assert_int_equal(gic.own[2].group, ~0U);
		assert_int_equal(gic.interfaces[2].enable0, n == 4);
		assert_true(gicv3_write_register(on(CELL_CPU), SYSREG_ICC_PMR, 0));
		assert_int_equal(gic.interfaces[2].pmr, 0);
		ops()->kick(CELL_CPU);
		assert_false(gic_fiq(CELL_CPU));
		wait_on(CELL_CPU, true);
		assert_int_equal(gic.signalled, KICK_PPI);
		gic_stop();
		assert_int_equal(gic.interfaces[2].enable0, n == 4);
	}
}

static void a_guest_wakes_for_what_it_would_take(void **state)
{
	(void)state;
	gic_start();
	gic.own[2].enabled |= 1U << TIMER;
	gic.own[2].line = 1U << TIMER;
	gic.own[2].priority[TIMER] = 0x80;
	wait_on(CELL_CPU, true);
	assert_int_equal(gic.signalled, TIMER);
	gic.interfaces[2].pmr = 0x80;
	wait_on(CELL_CPU, true);
	assert_int_equal(gic.signalled, NO_IRQ);
	gic.interfaces[2].pmr = 0xf0;
	/* Linux before it asks for a deep sleep */
	gic.interfaces[2].enable = 0;
	wait_on(CELL_CPU, true);
	assert_int_equal(gic.signalled, TIMER);
	/* waiting in the handler of an interrupt with the highest priority */
	gic.interfaces[2].enable = 1;
	gic.interfaces[2].active[0] = 1;
	wait_on(CELL_CPU, true);
	assert_int_equal(gic.signalled, NO_IRQ);
	gic_stop();
}

static void a_parked_cpu_sleeps(void **state)
{
	(void)state;
	gic_start();
	gic.own[2].enabled |= 1U << TIMER;
	gic.own[2].line = 1U << TIMER;
	poke(CELL_CPU, GICR_BASE + SGI(2) + PRIORITY + TIMER, 1, 0);
	assert_int_equal(gic.own[2].priority[TIMER], 8);
	wait_on(CELL_CPU, false);
	assert_int_equal(gic.signalled, NO_IRQ);
	ops()->kick(CELL_CPU);
	wait_on(CELL_CPU, false);
	assert_int_equal(gic.signalled, KICK_PPI);
	gic_stop();
}

/* ---- reset ---- */

static void after_a_reset(void **state)
{
	struct cpu_interface *interface = &gic.interfaces[2];

	(void)state;
	gic_start();
	*interface = (struct cpu_interface){.ctlr = 3, .pmr = 0xf0, .bpr = 5, .enable = 1, .active = {0x111}};
	gic.own[2].enabled = gic.own[2].pending = gic.own[2].active = ~KICK;
	ops()->kick(CELL_CPU);
	ops()->cpu_reset(on(CELL_CPU));
	assert_int_equal(interface->ctlr | interface->bpr, 0);
	assert_int_equal(interface->pmr, gic.gicd_ctlr & DS ? 8 : 0);
	assert_int_equal(interface->enable | interface->active[0], 0);
	assert_int_equal(interface->sre_el1, 7);
	assert_int_equal(gic.own[2].enabled, 0xffff | KICK);
	assert_int_equal(gic.own[2].pending, KICK); /* it is not lost */
	assert_int_equal(gic.own[2].active, 0);
	for (unsigned int irq = 0; irq < 32; irq++)
		assert_int_equal(gic.own[2].priority[irq], irq == KICK_PPI ? 0 : 0x10);
	assert_int_equal(gic.own[3].enabled, 0x4000ffff);
	gic_stop();
}

/* ---- bring-up ---- */

static void assert_untouched(const struct fake_gic *before)
{
	struct fake_gic now = gic;

	now.cpu = before->cpu;
	assert_memory_equal(&now, before, sizeof(now));
}

static int enable(void)
{
	static const struct jailhouse_irqchip irqs = {.address = GICD_BASE, .pin_base = 32, .pin_bitmap = {~0U}};

	return gic_enable(&irqs, 1);
}

static void configurations_that_do_not_fit_the_machine(void **state)
{
	struct jailhouse_platform_arm *platform = &fake.system.platform_info.arm;
	const struct jailhouse_platform_arm good = *platform;

	(void)state;
	platform->gic_version = 4;
	assert_refused(enable(), EINVAL, GIC_VERSION);
	platform->gic_version = 0;
	assert_refused(enable(), EINVAL, GIC_VERSION);
	*platform = good;
	platform->gicd_base = 0;
	assert_refused(enable(), EINVAL, GIC_ADDRESS);
	platform->gicd_base = GICD_BASE + 0x1000;
	assert_refused(enable(), EINVAL, GIC_ADDRESS);
	*platform = good;
	platform->gicr_base = 0;
	assert_refused(enable(), EINVAL, GIC_ADDRESS);
	platform->gicr_base = GICR_BASE + 0x1000;
	assert_refused(enable(), EINVAL, GIC_ADDRESS);
	*platform = good;
	gic.no_icc = true;
	assert_refused(enable(), ENODEV, GIC_VERSION);
	gic.no_icc = false;
	gic.pidr2 = 0x2b;
	assert_refused(enable(), ENODEV, GIC_VERSION);
	gic.pidr2 = 0x3b;
	gic.gicd_ctlr &= ~0x10U;
	assert_refused(enable(), ENODEV, GIC_STATE);
}

static void cpus_that_do_not_fit(void **state)
{
	struct fake_gic before;

	(void)state;
	fake.cpus[1].arch.mpidr = 0x300;
	assert_refused(enable(), ENODEV, GIC_NO_FRAME);
	assert_int_equal(fake.refusal.item, JAILHOUSE_ITEM_CPU);
	assert_int_equal(fake.refusal.index, 1);
	assert_int_equal(fake.refusal.arg[0], 0x300);
	fake.machine.arch.gic->cpu_exit(on(ROOT_CPU));

	before = gic;
	gic.interfaces[0].sre_el2 = 0;
	assert_refused(enable(), ENODEV, GIC_STATE);
	gic.interfaces[0].sre_el2 = 0xf;
	assert_untouched(&before);
	/* the mask of a firmware that keeps its priorities from us */
	gic.pmr_fixed = true;
	gic.interfaces[0].pmr = 0;
	assert_refused(enable(), ENODEV, GIC_STATE);
	gic.pmr_fixed = false;
	gic.interfaces[0].pmr = 0xf0;
	assert_untouched(&before);
}

static void a_kick_that_cannot_be_used(void **state)
{
	static const u8 bad[] = {0, 15, 32, 33, 255};
	struct fake_gic before = gic;

	(void)state;
	for (unsigned int n = 0; n < ARRAY_SIZE(bad); n++) {
		fake.system.platform_info.arm.maintenance_irq = bad[n];
		assert_refused(enable(), EINVAL, GIC_KICK);
		assert_int_equal(fake.refusal.arg[0], bad[n]);
		assert_untouched(&before);
	}
	fake.system.platform_info.arm.maintenance_irq = KICK_PPI;
	gic.secure = before.secure = KICK;
	assert_refused(enable(), EINVAL, GIC_KICK);
	assert_untouched(&before);
	gic.secure = before.secure = 0;
	/* would come as FIQ */
	gic.own[0].group = before.own[0].group = ~KICK;
	assert_refused(enable(), EINVAL, GIC_KICK);
	assert_untouched(&before);
	gic.own[0].group = before.own[0].group = ~0U;
	/* its line is asserted */
	gic.own[0].line = before.own[0].line = KICK;
	assert_refused(enable(), EINVAL, GIC_KICK);
	assert_untouched(&before);
}

static void a_machine_without_a_last_frame(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < FRAMES; n++)
		gic.typer[n] &= ~0x10ULL;
	assert_refused(enable(), ENODEV, GIC_STATE);
	assert_int_equal(fake.refusal.arg[1], 512);
}

static void too_little_memory(void **state)
{
	struct fake_gic before = gic;

	(void)state;
	for (unsigned int n = 1; n <= 2 + FRAMES; n++) {
		fake.machine.pool.fail_at = n;
		assert_refused(enable(), ENOMEM, NO_MEMORY);
		assert_int_equal(fake.machine.pool.fail_at, 0);
		assert_untouched(&before);
	}
	assert_int_equal(enable(), 0);
	gic_stop();
}

static void a_frame_with_virtual_interrupts_is_larger(void **state)
{
	(void)state;
	gic.typer[0] = (gic.typer[0] & ~0x10ULL) | 2;
	gic.typer[2] = fake.cpus[1].arch.mpidr << 32 | 0x12; /* the second one, at twice the distance */
	fake.cpus[2].present = fake.cpus[3].present = false;
	assert_int_equal(gic_init(&fake.machine), 0);
	assert_int_equal(fake.machine.arch.gic_state.gicr_frames, 2);
	assert_int_equal(fake.machine.arch.gic_state.gicr_stride, 0x40000);
	assert_int_equal(fake.machine.arch.gic->cpu_init(on(&fake.cpus[1])), 0);
	assert_ptr_equal(fake.cpus[1].arch.gic.redist, fake.machine.arch.gic_state.gicr + 0x40000);
}

/* ---- message interrupts ---- */

/* Whoever has the CPU, they are the root cell's; and it has them back when it has the CPU back. */
static void messages_reach_cpus_of_the_root_cell(void **state)
{
	struct cell *owner;

	(void)state;
	for (unsigned int n = 0; n < 3; n++)
		gic.redist_ctlr[n] = 1;
	gic_start();
	for (unsigned int n = 0; n < 4; n++)
		assert_int_equal(gic.redist_ctlr[n], n < 3);
	owner = CELL_CPU->cell;
	CELL_CPU->cell = ROOT;
	ops()->cpu_reset(on(CELL_CPU)); /* Linux switches it off ... */
	assert_int_equal(gic.redist_ctlr[2], 0);
	ops()->cpu_on(CELL_CPU); /* ... and on. */
	assert_int_equal(gic.redist_ctlr[2], 1);
	CELL_CPU->cell = CELL;
	ops()->cpu_reset(CELL_CPU);
	ops()->cpu_on(CELL_CPU);
	assert_int_equal(gic.redist_ctlr[2], 0);
	CELL_CPU->cell = ROOT;
	ops()->cpu_reset(CELL_CPU);
	ops()->cpu_on(CELL_CPU);
	assert_int_equal(gic.redist_ctlr[2], 1);
	/* One that had none does not get any. */
	fake.cpus[3].cell = ROOT;
	ops()->cpu_reset(on(&fake.cpus[3]));
	ops()->cpu_on(&fake.cpus[3]);
	assert_int_equal(gic.redist_ctlr[3], 0);
	assert_int_equal(gic.redist_ctlr[0] & gic.redist_ctlr[1], 1);
	CELL_CPU->cell = fake.cpus[3].cell = owner;
	gic_stop();
}

/* Otherwise the root cell's interrupts would be taken by the cell. */
static void a_cpu_that_keeps_its_messages_is_refused(void **state)
{
	(void)state;
	gic.redist_ctlr[2] = gic.redist_fixed = 1;
	gic_start();
	ops()->cpu_reset(on(CELL_CPU));
	on(ROOT_CPU);
	assert_refused(gic_create(CELL, &cell_irqs, 1), ENODEV, GIC_STATE);
	assert_int_equal(fake.refusal.index, 2);
	gic_stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		V3_TEST(the_kick_wakes_and_is_taken_back),
		V3_TEST(no_state_of_a_guest_keeps_the_kick_away),
		V3_TEST(an_fiq_reaches_a_guest_that_masks_all),
		V3_TEST(a_kick_that_is_no_fiq),
		V3_TEST(a_guest_wakes_for_what_it_would_take),
		V3_TEST(a_parked_cpu_sleeps),
		V3_TEST(after_a_reset),
		V3_SECURE_TEST(the_kick_wakes_and_is_taken_back),
		V3_SECURE_TEST(no_state_of_a_guest_keeps_the_kick_away),
		V3_SECURE_TEST(a_guest_wakes_for_what_it_would_take),
		V3_SECURE_TEST(a_parked_cpu_sleeps),
		V3_SECURE_TEST(after_a_reset),
		V3_TEST(messages_reach_cpus_of_the_root_cell),
		V3_TEST(a_cpu_that_keeps_its_messages_is_refused),
		V3_TEST(configurations_that_do_not_fit_the_machine),
		V3_TEST(cpus_that_do_not_fit),
		V3_TEST(a_kick_that_cannot_be_used),
		V3_TEST(a_machine_without_a_last_frame),
		V3_TEST(too_little_memory),
		V3_TEST(a_frame_with_virtual_interrupts_is_larger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
