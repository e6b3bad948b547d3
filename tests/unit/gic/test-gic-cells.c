// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Interrupts that move between cells, and configurations that ask for the wrong ones. */
#include <hypervisor/arch/ivshmem.h>
#include "fake-gic.h"

/* 40 and 41 as Linux may have left them: 40 in use, edge triggered */
static void linux_uses_40(void)
{
	gic.spis[1].enabled |= 0x500;
	gic.spis[1].pending |= 0x500;
	gic.spis[1].active |= 0x500;
	gic.spis[1].trigger[0] = 0x20000;
	gic.routes[40] = gic.routes[42] = 1;
}

static void interrupts_come_to_the_cell_at_rest(void **state)
{
	(void)state;
	linux_uses_40();
	start_cell();
	assert_true(gic_cell_has_irq(CELL, 40) && gic_cell_has_irq(CELL, 41) && gic_cell_has_irq(CELL, 64));
	assert_false(gic_cell_has_irq(CELL, 42) || gic_cell_has_irq(ROOT, 40) || gic_cell_has_irq(CELL, 1020));
	assert_int_equal(gic.spis[1].enabled & 0x700, 0x400);
	assert_int_equal(gic.spis[1].pending & 0x700, 0x400);
	assert_int_equal(gic.spis[1].active & 0x700, 0x400);
	assert_int_equal(gic.routes[40], CELL_CPU->arch.mpidr);
	assert_int_equal(gic.routes[42], 1);
	assert_int_equal(gic.spis[1].priority[8], 0x10);
	assert_int_equal(gic.spis[1].priority[10], 0xa0);
	stop_cell();
}

static void linux_gets_back_what_it_had_programmed(void **state)
{
	(void)state;
	linux_uses_40();
	start_cell();
	poke(CELL_CPU, GICD_BASE + ENABLE + 4, 4, 0x300);
	poke(CELL_CPU, GICD_BASE + PEND + 4, 4, 0x300);
	poke(CELL_CPU, GICD_BASE + ACTIVATE + 4, 4, 0x300);
	poke(CELL_CPU, GICD_BASE + TRIGGER + 8, 4, 0x80000);
	on(ROOT_CPU);
	fake_destroy(&irqchip_unit, CELL);
	assert_int_equal(gic.spis[1].enabled & 0x300, 0x100);
	assert_int_equal(gic.spis[1].pending & 0x300, 0);
	assert_int_equal(gic.spis[1].active & 0x300, 0);
	assert_int_equal(gic.spis[1].trigger[0], 0x20000);
	assert_int_equal(gic.spis[1].priority[8], 0xa0);
	assert_int_equal(gic.routes[40], ROOT_CPU->arch.mpidr);
	assert_true(gic_cell_has_irq(ROOT, 40) && gic_cell_has_irq(ROOT, 64));
	gic_stop();
}

static void what_the_root_cell_does_not_list_stays_off(void **state)
{
	static const struct jailhouse_irqchip only_41 = {
		.address = GICD_BASE, .pin_base = 32, .pin_bitmap = {0x200}};

	(void)state;
	linux_uses_40();
	assert_int_equal(gic_enable(&only_41, 1), 0);
	assert_int_equal(gic_create(CELL, &cell_irqs, 1), 0);
	poke(CELL_CPU, GICD_BASE + ENABLE + 4, 4, 0x300);
	on(ROOT_CPU);
	fake_destroy(&irqchip_unit, CELL);
	assert_int_equal(gic.spis[1].enabled & 0x300, 0);
	assert_false(gic_cell_has_irq(ROOT, 40));
	assert_true(gic_cell_has_irq(ROOT, 41));
	gic_stop();
}

static void a_start_finds_the_same_each_time(void **state)
{
	(void)state;
	linux_uses_40();
	start_cell();
	poke(CELL_CPU, GICD_BASE + ENABLE + 4, 4, 0x300);
	poke(CELL_CPU, GICD_BASE + PEND + 4, 4, 0x300);
	poke(CELL_CPU, GICD_BASE + ACTIVATE + 4, 4, 0x300);
	poke(CELL_CPU, GICD_BASE + TRIGGER + 8, 4, 0x80000);
	poke(CELL_CPU, GICD_BASE + PRIORITY + 40, 1, 0xf0);
	poke(CELL_CPU, GICD_BASE + ROUTE + 40 * 8, 8, fake.cpus[3].arch.mpidr);
	gic.spis[2].enabled = ~0U;
	on(ROOT_CPU);
	irqchip_unit.cell_reset(CELL);
	assert_int_equal(gic.spis[1].enabled & 0x300, 0);
	assert_int_equal(gic.spis[1].pending & 0x300, 0);
	assert_int_equal(gic.spis[1].active & 0x300, 0);
	assert_int_equal(gic.spis[1].trigger[0], 0x20000);
	assert_int_equal(gic.spis[1].priority[8], 0x10);
	assert_int_equal(gic.routes[40], CELL_CPU->arch.mpidr);
	assert_int_equal(gic.spis[2].enabled, ~1U);
	stop_cell();
}

static void interrupts_of_the_root_cell_leave_cpus_that_it_gives_away(void **state)
{
	(void)state;
	gic_start();
	gic.routes[50] = CELL_CPU->arch.mpidr;
	gic.routes[51] = fake.cpus[3].arch.mpidr;
	gic.routes[52] = 1;
	gic.routes[53] = 1ULL << 31; /* any CPU */
	gic.routes[95] = CELL_CPU->arch.mpidr; /* nobody's */
	assert_int_equal(gic_create(CELL, &cell_irqs, 1), 0);
	assert_int_equal(gic.routes[50], 0);
	assert_int_equal(gic.routes[51], 0);
	assert_int_equal(gic.routes[52], 1);
	assert_int_equal(gic.routes[53], 0);
	for (unsigned int n = 0; n < FAKE_CPUS; n++)
		assert_false(fake.cpus[n].arch.gic.leaving);
	stop_cell();
}

static void enable_and_disable_change_nothing(void **state)
{
	struct fake_gic before;

	(void)state;
	linux_uses_40();
	gic.own[1].enabled |= 1U << KICK_PPI; /* KVM */
	gic.own[1].priority[KICK_PPI] = 0x80;
	gic.interfaces[1].active[0] = 0x100;
	before = gic;
	gic_start();
	for (unsigned int n = 1; n < 3; n++)
		assert_memory_equal(&gic.spis[n], &before.spis[n], sizeof(gic.spis[n]));
	for (unsigned int n = 0; n < FAKE_CPUS; n++) {
		const struct cpu_interface *now = &gic.interfaces[n], *then = &before.interfaces[n];

		/* what Linux has in service, masks and lets through */
		assert_int_equal(now->pmr, then->pmr);
		assert_int_equal(now->enable, then->enable);
		assert_int_equal(now->ctlr, then->ctlr);
		assert_memory_equal(now->active, then->active, sizeof(now->active));
		/* and what traps: group 0, SGIs and masks; the switch of the registers */
		assert_int_equal(now->ich_hcr, 0xc00);
		assert_int_equal(now->sre_el2, 7);
		assert_int_equal(gic.own[n].enabled & 1U << KICK_PPI, 0);
		assert_int_equal(gic.own[n].priority[KICK_PPI], 0);
	}
	gic_stop();
	before.cpu = gic.cpu;
	assert_memory_equal(&gic, &before, sizeof(gic));
}

/* ---- configurations ---- */

static int check(struct jailhouse_irqchip irqchip, bool root)
{
	const struct fake_config parts = {.irqchips = &irqchip, .num_irqchips = 1};

	return irqchip_unit.cell_check(&fake.machine, fake_make_config("cell", 3, &parts), root);
}

static void bad_configurations_are_refused(void **state)
{
	static const u32 bases[] = {0, 16, 31, 33, 1024, 0xffffffe0, 0xffffffff};
	struct jailhouse_irqchip irqchip = {.address = GICD_BASE, .pin_base = 32, .pin_bitmap = {1}};

	(void)state;
	gic_start();
	assert_int_equal(check(irqchip, false), 0);
	for (unsigned int n = 0; n < ARRAY_SIZE(bases); n++) {
		irqchip.pin_base = bases[n];
		assert_refused(check(irqchip, false), EINVAL, IRQCHIP_PIN_BASE);
		assert_refused(check(irqchip, true), EINVAL, IRQCHIP_PIN_BASE);
		assert_int_equal(fake.refusal.item, JAILHOUSE_ITEM_IRQCHIP);
	}
	irqchip.pin_base = 64;
	irqchip.address = GICD_BASE + 0x1000;
	assert_refused(check(irqchip, false), EINVAL, IRQCHIP_UNKNOWN);
	assert_refused(check(irqchip, true), EINVAL, IRQCHIP_UNKNOWN);
	irqchip.address = GICD_BASE;
	irqchip.pin_bitmap[1] = 1; /* 96 */
	assert_refused(check(irqchip, false), EINVAL, IRQ_RANGE);
	assert_int_equal(fake.refusal.arg[0], NUM_IRQS);
	assert_int_equal(fake.refusal.arg[1], NUM_IRQS);
	/* boards list more than there is */
	assert_int_equal(check(irqchip, true), 0);
	irqchip.pin_base = 992;
	irqchip.pin_bitmap[0] = irqchip.pin_bitmap[3] = ~0U;
	assert_refused(check(irqchip, false), EINVAL, IRQ_RANGE);
	assert_int_equal(check(irqchip, true), 0);
	gic_stop();
}

static void what_does_not_exist_belongs_to_nobody(void **state)
{
	static const struct jailhouse_irqchip all[] = {
		{.address = GICD_BASE, .pin_base = 32, .pin_bitmap = {~0U, ~0U, ~0U, ~0U}},
		{.address = GICD_BASE, .pin_base = 992, .pin_bitmap = {~0U, ~0U, ~0U, ~0U}},
	};

	(void)state;
	assert_int_equal(gic_enable(all, 2), 0);
	assert_true(gic_cell_has_irq(ROOT, 95));
	for (unsigned int irq = NUM_IRQS; irq < 2048; irq++)
		assert_false(gic_cell_has_irq(ROOT, irq));
	gic_stop();
}

static void interrupts_of_another_cell_are_refused(void **state)
{
	struct jailhouse_irqchip irqchip = {.address = GICD_BASE, .pin_base = 64, .pin_bitmap = {3}};

	(void)state;
	start_cell();
	assert_refused(check(irqchip, false), EBUSY, IRQ_OTHER_CELL);
	assert_int_equal(fake.refusal.arg[0], 64);
	assert_int_equal(fake.refusal.arg[1], 1);
	irqchip.pin_bitmap[0] = 2;
	assert_int_equal(check(irqchip, false), 0);
	stop_cell();
}

static void too_little_memory(void **state)
{
	(void)state;
	gic_start();
	gic.spis[1].enabled = ~0U;
	fake.machine.pool.fail_at = 1;
	assert_refused(gic_create(CELL, &cell_irqs, 1), ENOMEM, NO_MEMORY);
	assert_true(gic_cell_has_irq(ROOT, 40));
	assert_int_equal(gic.spis[1].enabled, ~0U);
	assert_int_equal(gic_create(CELL, &cell_irqs, 1), 0);
	stop_cell();
}

static void a_window_that_is_taken(void **state)
{
	(void)state;
	gic_start();
	CELL->machine = &fake.machine;
	assert_int_equal(mmio_add(CELL, GICR_BASE + 0x1000, 0x1000, NULL, NULL), 0);
	CELL->config = ROOT->config;
	assert_refused(irqchip_unit.cell_init(CELL), EINVAL, MEM_INTERCEPTED);
	assert_int_equal(CELL->mmio.count, 1);
	mmio_destroy(CELL);
	assert_true(gic_cell_has_irq(ROOT, 40));
	memset(CELL, 0, sizeof(*CELL));
	gic_stop();
}

static void ranges_that_no_cell_may_map(void **state)
{
	static const u64 v2[][2] = {
		{GICD_BASE, 0x1000}, {GICC_BASE, 0x2000}, {0x08030000, 0x2000}, {0x08040000, 0x2000}};
	struct jailhouse_platform_arm *platform = &fake.system.platform_info.arm;
	u64 start, size;

	(void)state;
	gic_start();
	assert_true(gic_range(&fake.machine, 0, &start, &size));
	assert_int_equal(start, GICD_BASE);
	assert_int_equal(size, 0x10000);
	assert_true(gic_range(&fake.machine, 1, &start, &size));
	assert_int_equal(start, GICR_BASE);
	assert_int_equal(size, FRAME(FRAMES));
	assert_false(gic_range(&fake.machine, 2, &start, &size));
	/* as long as nobody has looked: a frame for each CPU */
	fake.machine.arch.gic_state.gicr_frames = 0;
	assert_true(gic_range(&fake.machine, 1, &start, &size));
	assert_int_equal(size, FRAME(FAKE_CPUS));
	fake.machine.arch.gic_state.gicr_frames = FRAMES;
	gic_stop();

	platform->gic_version = 2;
	platform->gicc_base = GICC_BASE;
	platform->gich_base = 0x08030000;
	platform->gicv_base = 0x08040000;
	fake.machine.config = &fake.system;
	for (unsigned int n = 0; n < ARRAY_SIZE(v2); n++) {
		assert_true(gic_range(&fake.machine, n, &start, &size));
		assert_int_equal(start, v2[n][0]);
		assert_int_equal(size, v2[n][1]);
	}
	assert_false(gic_range(&fake.machine, ARRAY_SIZE(v2), &start, &size));
	assert_false(gic_range(&fake.machine, ~0U, &start, &size));
}

/* Of the SPIs 40, 41 and 64 */
static void interrupts_of_virtual_devices(void **state)
{
	struct jailhouse_cell_desc config;
	const struct jailhouse_cell_desc *own;
	u32 irq;

	(void)state;
	start_cell();
	own = CELL->config;
	config = *own;
	CELL->config = &config;
	config.vpci_irq_base = 7;
	assert_int_equal(arch_ivshmem_intx(CELL, 1), IVSHMEM_IRQ_NONE); /* 39 is Linux' */
	irq = arch_ivshmem_intx(CELL, 2);
	assert_int_equal(irq, 40);
	assert_int_equal(arch_ivshmem_intx(CELL, 3), 41);
	assert_int_equal(arch_ivshmem_intx(CELL, 4), IVSHMEM_IRQ_NONE);
	CELL->config = own;
	assert_int_equal(arch_ivshmem_message(CELL, 0, 64), 64);
	assert_int_equal(arch_ivshmem_message(CELL, 0, 42), IVSHMEM_IRQ_INVALID);
	assert_int_equal(arch_ivshmem_message(CELL, 0, 27), IVSHMEM_IRQ_INVALID);
	/* Pending in the distributor alone, once however often, and whatever else is pending */
	gic.spis[1].pending = 0x10;
	for (unsigned int n = 0; n < 3; n++)
		arch_ivshmem_raise(ROOT_CPU, CELL, irq);
	assert_int_equal(gic.spis[1].pending, 0x110);
	assert_int_equal(gic.spis[2].pending, 0);
	arch_ivshmem_raise(ROOT_CPU, CELL, 64);
	assert_int_equal(gic.spis[2].pending, 1);
	/* Nothing of it is left for whom the interrupt belongs to next. */
	on(ROOT_CPU);
	fake_destroy(&irqchip_unit, CELL);
	assert_int_equal(gic.spis[1].pending, 0x10);
	assert_int_equal(gic.spis[2].pending, 0);
	gic_stop();
}

/* A cell may have it as level or edge triggered: pending stays until it is taken. */
static void a_start_drops_what_a_link_has_raised(void **state)
{
	(void)state;
	for (u32 trigger = 0; trigger <= 0x20000; trigger += 0x20000) {
		start_cell();
		poke(CELL_CPU, GICD_BASE + TRIGGER + 8, 4, trigger);
		arch_ivshmem_raise(ROOT_CPU, CELL, 40);
		assert_int_equal(gic.spis[1].pending & 0x100, 0x100);
		on(ROOT_CPU);
		irqchip_unit.cell_reset(CELL);
		assert_int_equal(gic.spis[1].pending & 0x100, 0);
		stop_cell();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		V3_TEST(interrupts_come_to_the_cell_at_rest),
		V3_TEST(linux_gets_back_what_it_had_programmed),
		V3_TEST(what_the_root_cell_does_not_list_stays_off),
		V3_TEST(a_start_finds_the_same_each_time),
		V3_TEST(interrupts_of_the_root_cell_leave_cpus_that_it_gives_away),
		V3_TEST(enable_and_disable_change_nothing),
		V3_TEST(bad_configurations_are_refused),
		V3_TEST(what_does_not_exist_belongs_to_nobody),
		V3_TEST(interrupts_of_another_cell_are_refused),
		V3_TEST(too_little_memory),
		V3_TEST(a_window_that_is_taken),
		V3_TEST(ranges_that_no_cell_may_map),
		V3_TEST(interrupts_of_virtual_devices),
		V2_TEST(interrupts_of_virtual_devices),
		V3_TEST(a_start_drops_what_a_link_has_raised),
		V2_TEST(a_start_drops_what_a_link_has_raised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
