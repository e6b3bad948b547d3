// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* IOAPIC pins of several cells on one chip. */
#include "fake-ports.h"

#define PIN(n)        (1U << (n))
#define DEST(cpu_id)  ((u64)(cpu_id) << 56)
#define LOGICAL(mask) ((u64)(mask) << 56 | 0x800)
#define MASKED        0x10000ULL
#define LEVEL         0x8000ULL
#define PENDING       0x4000ULL

static const struct jailhouse_irqchip all_pins = {.address = FAKE_IOAPIC, .pin_bitmap = {~0U}};
static const struct jailhouse_irqchip cell_pins = {.address = FAKE_IOAPIC,
						   .pin_bitmap = {PIN(3) | PIN(9)}};

static const struct fake_config root_parts = {.irqchips = &all_pins, .num_irqchips = 1};
static const struct fake_config cell_parts = {.irqchips = &cell_pins, .num_irqchips = 1};
static const struct fake_config nothing = {0};

static int enable(void)
{
	ports.has_ioapic = true;
	return fake_start_root(&ioapic_unit, fake_make_config("root", 0, &root_parts));
}

static int create(struct cell *cell, const struct fake_config *parts)
{
	return fake_create(&ioapic_unit, cell,
			   fake_make_config("cell", cell == CELL ? 1 : 2, parts));
}

static void start_cell(void)
{
	assert_int_equal(enable(), 0);
	assert_int_equal(create(CELL, &cell_parts), 0);
}

static void stop(void)
{
	fake_stop_root(&ioapic_unit);
}

static void stop_cell(void)
{
	fake_destroy(&ioapic_unit, CELL);
	stop();
}

static enum mmio_result write(struct percpu *cpu, unsigned int reg, u32 value)
{
	u64 access = value;

	return fake_mmio(cpu, FAKE_IOAPIC + reg, 4, true, &access);
}

static u32 read_index(struct percpu *cpu, u32 index)
{
	u64 access = 0;

	assert_int_equal(write(cpu, 0, index), MMIO_HANDLED);
	assert_int_equal(fake_mmio(cpu, FAKE_IOAPIC + 0x10, 4, false, &access), MMIO_HANDLED);
	return (u32)access;
}

static enum mmio_result write_index(struct percpu *cpu, u32 index, u32 value)
{
	assert_int_equal(write(cpu, 0, index), MMIO_HANDLED);
	return write(cpu, 0x10, value);
}

static enum mmio_result program(struct percpu *cpu, unsigned int pin, u64 entry)
{
	enum mmio_result result = write_index(cpu, 0x11 + pin * 2, (u32)(entry >> 32));

	return result != MMIO_HANDLED ? result : write_index(cpu, 0x10 + pin * 2, (u32)entry);
}

static u64 read_entry(struct percpu *cpu, unsigned int pin)
{
	return read_index(cpu, 0x10 + pin * 2) | (u64)read_index(cpu, 0x11 + pin * 2) << 32;
}

static void own_pins_reach_the_hardware(void **state)
{
	(void)state;
	start_cell();
	assert_int_equal(program(CELL_CPU, 9, DEST(2) | LEVEL | 0x41), MMIO_HANDLED);
	assert_int_equal(ports.entries[9], DEST(2) | LEVEL | 0x41);
	assert_int_equal(read_entry(CELL_CPU, 9), DEST(2) | LEVEL | 0x41);
	assert_int_equal(program(CELL_CPU, 3, LOGICAL(0xc) | 0x142), MMIO_HANDLED);
	assert_int_equal(ports.entries[3], LOGICAL(0xc) | 0x142);
	assert_int_equal(program(ROOT_CPU, 4, DEST(1) | 0x30), MMIO_HANDLED);
	assert_int_equal(ports.entries[4], DEST(1) | 0x30);
	/* what only the chip knows */
	ports.entries[9] |= PENDING;
	assert_int_equal(read_entry(CELL_CPU, 9), DEST(2) | LEVEL | PENDING | 0x41);
	stop_cell();
}

static void foreign_pins_are_invisible(void **state)
{
	(void)state;
	start_cell();
	assert_int_equal(program(ROOT_CPU, 4, DEST(1) | 0x30), MMIO_HANDLED);
	assert_int_equal(read_entry(CELL_CPU, 4), 0);
	assert_int_equal(program(CELL_CPU, 4, DEST(2) | 0x41), MMIO_HANDLED);
	assert_int_equal(ports.entries[4], DEST(1) | 0x30);
	assert_int_equal(read_entry(ROOT_CPU, 9), 0);
	assert_int_equal(program(ROOT_CPU, 9, DEST(1) | 0x30), MMIO_HANDLED);
	assert_int_equal(ports.entries[9], MASKED);
	stop_cell();
}

static void bad_entries_stop_the_cell(void **state)
{
	static const u64 bad[] = {
		DEST(0) | 0x41,                      /* foreign CPU */
		DEST(0xff) | 0x41,                   /* all */
		LOGICAL(0x6) | 0x41,                 /* one of them foreign */
		LOGICAL(0) | 0x41,   DEST(2) | 0x0f, /* vector of an exception */
		DEST(2) | 0x241,                     /* SMI */
		DEST(2) | 0x441,                     /* NMI */
		DEST(2) | 0x541,                     /* INIT */
		DEST(2) | 0x741,                     /* ExtINT */
	};

	(void)state;
	start_cell();
	for (unsigned int n = 0; n < ARRAY_SIZE(bad); n++) {
		assert_int_equal(program(CELL_CPU, 9, MASKED), MMIO_HANDLED);
		assert_int_equal(program(CELL_CPU, 9, bad[n]), MMIO_ERROR);
		assert_violation(IOAPIC_ACCESS);
		assert_int_equal(fake.violation.arg[0], JAILHOUSE_ARG_WRITE);
		assert_int_equal(fake.violation.arg[1], FAKE_IOAPIC);
		assert_int_equal(fake.violation.arg[2], 0x10 + 9 * 2);
		assert_int_equal(fake.violation.arg[3], (u32)bad[n]);
		assert_true(ports.entries[9] & MASKED);
		/* masked, it may stand there */
		assert_int_equal(write_index(CELL_CPU, 0x10 + 9 * 2, (u32)bad[n] | MASKED),
				 MMIO_HANDLED);
		assert_int_equal(ports.entries[9], bad[n] | MASKED);
	}
	assert_log("FATAL: Invalid IOAPIC write, reg: 10, index: 22\n");
	stop_cell();
}

static void a_destination_changed_while_unmasked(void **state)
{
	(void)state;
	start_cell();
	assert_int_equal(program(CELL_CPU, 9, DEST(2) | 0x41), MMIO_HANDLED);
	assert_int_equal(write_index(CELL_CPU, 0x11 + 9 * 2, 3U << 24), MMIO_HANDLED);
	assert_int_equal(ports.entries[9], DEST(3) | 0x41);
	assert_int_equal(write_index(CELL_CPU, 0x11 + 9 * 2, 1U << 24), MMIO_ERROR);
	assert_violation(IOAPIC_ACCESS);
	assert_true(ports.entries[9] & MASKED);
	stop_cell();
}

static void reserved_bits_do_not_get_through(void **state)
{
	(void)state;
	start_cell();
	assert_int_equal(program(CELL_CPU, 9, DEST(2) | 0x00ff0000fffe0041ULL), MMIO_HANDLED);
	assert_int_equal(ports.entries[9], DEST(2) | 0x41);
	stop_cell();
}

static void the_root_cell_only_loses_the_interrupt(void **state)
{
	(void)state;
	start_cell();
	/* CPUs that are no longer its own are taken out */
	assert_int_equal(program(ROOT_CPU, 4, LOGICAL(0xf) | 0x30), MMIO_HANDLED);
	assert_int_equal(ports.entries[4], LOGICAL(0x3) | 0x30);
	assert_int_equal(read_entry(ROOT_CPU, 4), LOGICAL(0xf) | 0x30);
	assert_int_equal(program(ROOT_CPU, 4, LOGICAL(0xc) | 0x30), MMIO_HANDLED);
	assert_true(ports.entries[4] & MASKED);
	/* on the way to a reboot */
	assert_int_equal(program(ROOT_CPU, 0, DEST(0) | 0x700), MMIO_HANDLED);
	assert_true(ports.entries[0] & MASKED);
	assert_log("WARNING: IOAPIC pin 0 of the root cell stays masked");
	stop_cell();
}

static void other_registers(void **state)
{
	u64 value;

	(void)state;
	start_cell();
	assert_int_equal(read_index(CELL_CPU, 0), 0x0f000000);
	assert_int_equal(read_index(CELL_CPU, 1), (FAKE_PINS - 1) << 16 | 0x20);
	assert_int_equal(write_index(CELL_CPU, 0, 0), MMIO_ERROR);
	assert_violation(IOAPIC_ACCESS);
	assert_int_equal(write_index(CELL_CPU, 0x10 + FAKE_PINS * 2, 0), MMIO_ERROR);
	assert_violation(IOAPIC_ACCESS);
	assert_int_equal(write(CELL_CPU, 0, 0xff), MMIO_HANDLED);
	assert_int_equal(fake_mmio(CELL_CPU, FAKE_IOAPIC + 0x10, 4, false, &value), MMIO_ERROR);
	assert_violation(IOAPIC_ACCESS);
	/* each cell has its own index */
	assert_int_equal(fake_mmio(CELL_CPU, FAKE_IOAPIC, 4, false, &value), MMIO_HANDLED);
	assert_int_equal(value, 0xff);
	assert_int_equal(fake_mmio(ROOT_CPU, FAKE_IOAPIC, 1, false, &value), MMIO_HANDLED);
	assert_int_equal(value, 0);
	/* nothing else */
	assert_int_equal(fake_mmio(CELL_CPU, FAKE_IOAPIC + 0x20, 4, false, &value), MMIO_ERROR);
	assert_violation(IOAPIC_ACCESS);
	assert_int_equal(fake_mmio(CELL_CPU, FAKE_IOAPIC + 0x10, 1, false, &value), MMIO_ERROR);
	assert_violation(IOAPIC_ACCESS);
	assert_int_equal(fake_mmio(CELL_CPU, FAKE_IOAPIC, 8, false, &value), MMIO_ERROR);
	assert_violation(IOAPIC_ACCESS);
	fake.learning = true;
	assert_int_equal(fake_mmio(ROOT_CPU, FAKE_IOAPIC + 0x20, 4, false, &value), MMIO_HANDLED);
	assert_int_equal(value, 0xffffffff);
	assert_int_equal(fake.learned.address, FAKE_IOAPIC + 0x20);
	stop_cell();
}

static void end_of_interrupt_only_for_own_vectors(void **state)
{
	static const struct jailhouse_irqchip no_pins = {.address = FAKE_IOAPIC};
	const struct fake_config parts = {.irqchips = &no_pins, .num_irqchips = 1};
	u64 value;

	(void)state;
	start_cell();
	assert_int_equal(program(CELL_CPU, 9, DEST(2) | LEVEL | 0x41), MMIO_HANDLED);
	assert_int_equal(program(ROOT_CPU, 4, DEST(1) | LEVEL | 0x30), MMIO_HANDLED);
	ports.entries[4] |= PENDING;
	ports.entries[9] |= PENDING;
	assert_int_equal(write(CELL_CPU, 0x40, 0x30), MMIO_HANDLED);
	assert_true(ports.entries[4] & PENDING);
	assert_int_equal(write(CELL_CPU, 0x40, 0x41), MMIO_HANDLED);
	assert_false(ports.entries[9] & PENDING);
	assert_int_equal(fake_mmio(CELL_CPU, FAKE_IOAPIC + 0x40, 4, false, &value), MMIO_ERROR);
	assert_violation(IOAPIC_ACCESS);
	fake_destroy(&ioapic_unit, CELL);

	assert_int_equal(create(CELL, &parts), 0);
	assert_int_equal(write(CELL_CPU, 0x40, 0x30), MMIO_ERROR);
	assert_violation(IOAPIC_ACCESS);
	assert_true(ports.entries[4] & PENDING);
	stop_cell();
}

static void a_cell_without_irqchip_has_no_window(void **state)
{
	u64 value;

	(void)state;
	assert_int_equal(enable(), 0);
	assert_int_equal(create(CELL, &nothing), 0);
	assert_int_equal(fake_mmio(CELL_CPU, FAKE_IOAPIC, 4, false, &value), MMIO_UNHANDLED);
	stop_cell();
}

/* ---- hand-over ---- */

static void pins_are_masked_at_create_start_and_destroy(void **state)
{
	(void)state;
	ports.entries[9] = DEST(1) | LEVEL | PENDING | 0x51;
	ports.entries[4] = DEST(1) | 0x30;
	start_cell();
	assert_int_equal(ports.entries[9], MASKED);
	assert_int_equal(ports.eoi, 0x51); /* or it would block the pin */
	assert_int_equal(read_entry(CELL_CPU, 9), MASKED);
	assert_int_equal(program(CELL_CPU, 9, DEST(2) | 0x41), MMIO_HANDLED);
	ioapic_unit.cell_reset(CELL);
	assert_int_equal(ports.entries[9], MASKED);
	assert_int_equal(read_entry(CELL_CPU, 9), MASKED);
	assert_int_equal(program(CELL_CPU, 3, DEST(2) | 0x41), MMIO_HANDLED);
	fake_destroy(&ioapic_unit, CELL);
	/* Linux has its own again */
	assert_int_equal(ports.entries[3], MASKED);
	assert_int_equal(ports.entries[9], DEST(1) | LEVEL | 0x51);
	assert_int_equal(read_entry(ROOT_CPU, 9), DEST(1) | LEVEL | 0x51);
	assert_int_equal(ports.entries[4], DEST(1) | 0x30);
	stop();
}

static void pins_that_root_does_not_list_stay_masked(void **state)
{
	static const struct jailhouse_irqchip few = {.address = FAKE_IOAPIC,
						     .pin_bitmap = {PIN(9)}};
	const struct fake_config parts = {.irqchips = &few, .num_irqchips = 1};

	(void)state;
	ports.has_ioapic = true;
	assert_int_equal(fake_start_root(&ioapic_unit, fake_make_config("root", 0, &parts)), 0);
	assert_int_equal(create(CELL, &cell_parts), 0);
	assert_int_equal(program(CELL_CPU, 3, DEST(2) | 0x41), MMIO_HANDLED);
	fake_destroy(&ioapic_unit, CELL);
	assert_int_equal(ports.entries[3], MASKED);
	assert_int_equal(program(ROOT_CPU, 3, DEST(0) | 0x41), MMIO_HANDLED);
	assert_int_equal(ports.entries[3], MASKED);
	assert_int_equal(program(ROOT_CPU, 9, DEST(0) | 0x41), MMIO_HANDLED);
	assert_int_equal(ports.entries[9], DEST(0) | 0x41);
	stop();
}

static void interrupts_of_root_to_a_cpu_given_away_are_masked(void **state)
{
	(void)state;
	ports.entries[4] = DEST(2) | 0x30;
	ports.entries[5] = DEST(1) | 0x31;
	assert_int_equal(enable(), 0);
	assert_int_equal(create(CELL, &nothing), 0);
	ioapic_unit.cell_reset(CELL);
	assert_true(ports.entries[4] & MASKED);
	assert_int_equal(ports.entries[5], DEST(1) | 0x31);
	stop_cell();
	assert_int_equal(ports.entries[4], DEST(2) | 0x30);
}

static void enable_and_disable_change_nothing(void **state)
{
	u64 before[FAKE_PINS];

	(void)state;
	ports.entries[2] = LOGICAL(0xf) | 0x30;
	ports.entries[9] = DEST(1) | LEVEL | PENDING | 0x51;
	ports.entries[16] = MASKED | 0x755;
	memcpy(before, ports.entries, sizeof(before));
	assert_int_equal(enable(), 0);
	assert_memory_equal(ports.entries, before, sizeof(before));
	stop();
	assert_memory_equal(ports.entries, before, sizeof(before));
}

static void unusable_states_are_refused(void **state)
{
	(void)state;
	ports.entries[7] = DEST(0) | 1ULL << 48 | 0x30;
	assert_refused(enable(), EBUSY, IOMMU_ACTIVE);
	assert_int_equal(fake.refusal.arg[0], 7);
	assert_log("FATAL: Unsupported IOAPIC state, pin 7\n");
	ports.entries[7] = DEST(0) | 0x700;
	assert_refused(enable(), EIO, IOAPIC_STATE);
	assert_int_equal(fake.refusal.arg[1], 7);
	assert_int_equal(fake.refusal.arg[2], DEST(0) | 0x700);
	ports.entries[7] |= MASKED;
	assert_int_equal(enable(), 0);
	stop();
}

/* ---- configurations ---- */

static int check(struct jailhouse_irqchip irqchip)
{
	const struct fake_config parts = {.irqchips = &irqchip, .num_irqchips = 1};

	return ioapic_unit.cell_check(&fake.machine, fake_make_config("cell", 3, &parts), false);
}

static void bad_configurations_are_refused(void **state)
{
	struct jailhouse_irqchip bad[X86_MAX_IOAPICS + 1] = {cell_pins, cell_pins};
	struct fake_config parts = {.irqchips = bad, .num_irqchips = X86_MAX_IOAPICS + 1};

	(void)state;
	assert_int_equal(enable(), 0);
	assert_int_equal(check(cell_pins), 0);
	assert_refused(
		ioapic_unit.cell_check(&fake.machine, fake_make_config("cell", 3, &parts), false),
		ERANGE, IRQCHIP_COUNT);
	parts.num_irqchips = 2;
	assert_refused(create(CELL, &parts), EINVAL, MEM_INTERCEPTED);
	bad[0].pin_base = 32;
	assert_refused(check(bad[0]), EINVAL, IRQCHIP_PIN_BASE);
	bad[1].address += 0x1000;
	assert_refused(check(bad[1]), EINVAL, IRQCHIP_UNKNOWN);
	stop();
}

static void pins_of_another_cell_are_refused(void **state)
{
	static const struct jailhouse_irqchip free_pins = {.address = FAKE_IOAPIC,
							   .pin_bitmap = {PIN(4)}};

	(void)state;
	start_cell();
	assert_refused(check(cell_pins), EBUSY, MEM_OTHER_CELL);
	assert_int_equal(fake.refusal.item, JAILHOUSE_ITEM_IRQCHIP);
	assert_int_equal(fake.refusal.arg[0], 3);
	assert_int_equal(fake.refusal.arg[2], 1);
	assert_int_equal(check(free_pins), 0);
	stop_cell();
}

static void a_chip_that_is_not_there(void **state)
{
	(void)state;
	ports.version = ~0U;
	assert_refused(enable(), EIO, IRQCHIP_PINS);
	assert_int_equal(fake.refusal.arg[1], 256);
	assert_int_equal(fake.mapped, 0);
}

static void too_little_memory(void **state)
{
	(void)state;
	for (unsigned int n = 1; n <= 3; n++) {
		fake.machine.pool.fail_at = n;
		assert_refused(enable(), ENOMEM, NO_MEMORY);
		assert_int_equal(fake.machine.pool.fail_at, 0);
		assert_int_equal(fake.mapped, 0);
	}
	ports.entries[9] = DEST(1) | 0x51;
	assert_int_equal(enable(), 0);
	for (unsigned int n = 1; n <= 2; n++) {
		fake.machine.pool.fail_at = n;
		assert_refused(create(CELL, &cell_parts), ENOMEM, NO_MEMORY);
		assert_int_equal(fake.machine.pool.fail_at, 0);
		assert_int_equal(ports.entries[9], DEST(1) | 0x51);
		assert_int_equal(read_entry(ROOT_CPU, 9), DEST(1) | 0x51);
	}
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PORTS_TEST(own_pins_reach_the_hardware),
		PORTS_TEST(foreign_pins_are_invisible),
		PORTS_TEST(bad_entries_stop_the_cell),
		PORTS_TEST(a_destination_changed_while_unmasked),
		PORTS_TEST(reserved_bits_do_not_get_through),
		PORTS_TEST(the_root_cell_only_loses_the_interrupt),
		PORTS_TEST(other_registers),
		PORTS_TEST(end_of_interrupt_only_for_own_vectors),
		PORTS_TEST(a_cell_without_irqchip_has_no_window),
		PORTS_TEST(pins_are_masked_at_create_start_and_destroy),
		PORTS_TEST(pins_that_root_does_not_list_stay_masked),
		PORTS_TEST(interrupts_of_root_to_a_cpu_given_away_are_masked),
		PORTS_TEST(enable_and_disable_change_nothing),
		PORTS_TEST(unusable_states_are_refused),
		PORTS_TEST(bad_configurations_are_refused),
		PORTS_TEST(pins_of_another_cell_are_refused),
		PORTS_TEST(a_chip_that_is_not_there),
		PORTS_TEST(too_little_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
