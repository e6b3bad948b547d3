// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* apic-guest.c: interprocessor interrupts of guests, INIT and SIPI, and destinations of messages. */
#include "fake-x86/fake.h"
#include <hypervisor/arch/cpu.h>

#define ICR(delivery, vector) ((u32)(delivery) << 8 | (vector))
#define LOGICAL		      0x800U
#define ASSERT		      0x4000U
#define LEVEL		      0x8000U
#define SHORTHAND(s)	      ((u32)(s) << 18)

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

/* An IPI as the CPU's way in wants it. */
static bool send_ipi(struct percpu *cpu, u32 low, u32 destination)
{
	if (cpu->arch.x2apic)
		return guest_apic_write(cpu, APIC_ICR, (u64)destination << 32 | low, true);
	assert_true(guest_apic_write(cpu, APIC_ICR_HIGH, destination << 24, false));
	return guest_apic_write(cpu, APIC_ICR, low, false);
}

static void assert_sent(unsigned int number, unsigned int cpu_id, u8 vector)
{
	assert_int_equal(fake.num_icr_sent, number);
	assert_int_equal(fake.icr_sent >> 32, FAKE_APIC_ID(cpu_id));
	assert_int_equal((u32)fake.icr_sent, ASSERT | vector);
}

static void assert_nothing_sent(void)
{
	assert_int_equal(fake.num_icr_sent, 0);
	for (unsigned int id = 0; id < FAKE_CPUS; id++)
		assert_int_equal(fake.requested[id], 0);
}

/* ---- destinations; each of these runs in both modes ---- */

static void fixed_to_a_cpu_of_the_cell(void **state)
{
	(void)state;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_FIXED, 0x41), FAKE_APIC_ID(3)));
	assert_sent(1, 3, 0x41);
	assert_no_log();
}

static void fixed_to_itself_by_id(void **state)
{
	(void)state;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_FIXED, 0x41) | ASSERT, FAKE_APIC_ID(2)));
	assert_sent(1, 2, 0x41);
}

static void foreign_cpus_get_nothing(void **state)
{
	const u32 wild[] = { FAKE_APIC_ID(0), FAKE_APIC_ID(1), 0, 1, 2, 3, 254, 255 };
	const enum apic_delivery modes[] = { APIC_FIXED, APIC_LOWEST, APIC_NMI, APIC_INIT, APIC_SIPI };

	for (size_t m = 0; m < ARRAY_LEN(modes); m++)
		for (size_t n = 0; n < ARRAY_LEN(wild); n++) {
			bool x2apic = CELL_CPU->arch.x2apic;

			fake_reset(state);
			fake_set_x2apic(x2apic);
			assert_true(send_ipi(CELL_CPU, ICR(modes[m], 0x41) | ASSERT, wild[n]));
			assert_nothing_sent();
			assert_log("WARNING: CPU 2 specified IPI destination outside cell boundaries, ICR.hi=");
			assert_int_equal(fake.violations, 0);
		}
}

static void the_root_cell_is_bound_too(void **state)
{
	(void)state;
	assert_true(send_ipi(ROOT_CPU, ICR(APIC_INIT, 0), FAKE_APIC_ID(2)));
	assert_nothing_sent();
	assert_log("outside cell boundaries");
}

static void shorthand_self(void **state)
{
	(void)state;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_FIXED, 0x52) | SHORTHAND(APIC_TO_SELF), 0));
	assert_sent(1, 2, 0x52);
}

static void shorthand_all_stays_in_the_cell(void **state)
{
	(void)state;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_FIXED, 0x52) | SHORTHAND(APIC_TO_ALL), FAKE_APIC_ID(0)));
	assert_sent(2, 3, 0x52);
}

static void shorthand_others_stays_in_the_cell(void **state)
{
	(void)state;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_FIXED, 0x52) | SHORTHAND(APIC_TO_OTHERS), FAKE_APIC_ID(0)));
	assert_sent(1, 3, 0x52);
}

static void lowest_priority_reaches_one_cpu(void **state)
{
	(void)state;
	assert_true(send_ipi(ROOT_CPU, ICR(APIC_LOWEST, 0x52) | SHORTHAND(APIC_TO_OTHERS), 0));
	assert_sent(1, 1, 0x52);
}

static void forbidden_delivery_modes(void **state)
{
	static const u32 bad[] = {
		ICR(APIC_SMI, 0), ICR(3, 0x40), ICR(APIC_EXTINT, 0x40),
		ICR(APIC_SMI, 0) | SHORTHAND(APIC_TO_OTHERS),
		ICR(APIC_NMI, 0) | SHORTHAND(APIC_TO_SELF), ICR(APIC_NMI, 0) | SHORTHAND(APIC_TO_ALL),
		ICR(APIC_INIT, 0) | SHORTHAND(APIC_TO_SELF), ICR(APIC_SIPI, 0) | SHORTHAND(APIC_TO_ALL),
		ICR(APIC_LOWEST, 0x40) | SHORTHAND(APIC_TO_SELF),
	};

	for (size_t n = 0; n < ARRAY_LEN(bad); n++) {
		bool x2apic = CELL_CPU->arch.x2apic;

		fake_reset(state);
		fake_set_x2apic(x2apic);
		assert_false(send_ipi(CELL_CPU, bad[n], FAKE_APIC_ID(3)));
		assert_nothing_sent();
		assert_log("FATAL: Unsupported/invalid APIC delivery mode, ICR.lo=");
		assert_violation(APIC_ACCESS);
		assert_int_equal(fake.violation.arg[1], APIC_ICR);
	}
}

static void nmis_are_dropped_and_counted(void **state)
{
	(void)state;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_NMI, 2), FAKE_APIC_ID(3)));
	assert_true(send_ipi(CELL_CPU, ICR(APIC_NMI, 2) | SHORTHAND(APIC_TO_OTHERS), 0));
	assert_nothing_sent();
	assert_string_equal(fake.log, "Ignoring NMI IPI to CPU 3\nIgnoring NMI IPI to CPU 3\n");
	assert_int_equal(fake.info.dropped_nmis, 2);
}

static void logical_flat(void **state)
{
	(void)state;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_FIXED, 0x41) | LOGICAL, 0x08));
	assert_sent(1, 3, 0x41);
	assert_no_log();
	/* CPUs 0, 2, 3 and 7 */
	assert_true(send_ipi(CELL_CPU, ICR(APIC_FIXED, 0x42) | LOGICAL, 0x8d));
	assert_sent(3, 3, 0x42);
	assert_string_equal(fake.log,
			    "WARNING: CPU 2 specified IPI destination outside cell boundaries, ICR.hi=8d000000\n"
			    "WARNING: CPU 2 specified IPI destination outside cell boundaries, ICR.hi=8d000000\n");
}

static void logical_cluster(void **state)
{
	const u32 id2 = FAKE_APIC_ID(2), id3 = FAKE_APIC_ID(3), id0 = FAKE_APIC_ID(0); /* all in cluster 1 */

	(void)state;
	assert_int_equal(id0 / 16, id3 / 16);
	assert_true(send_ipi(CELL_CPU, ICR(APIC_FIXED, 0x41) | LOGICAL,
			     (id2 / 16) << 16 | 1U << id2 % 16 | 1U << id3 % 16));
	assert_sent(2, 3, 0x41);
	assert_no_log();
	assert_true(send_ipi(CELL_CPU, ICR(APIC_FIXED, 0x41) | LOGICAL, (id0 / 16) << 16 | 1U << id0 % 16));
	assert_true(send_ipi(CELL_CPU, ICR(APIC_FIXED, 0x41) | LOGICAL, 0xffff0000 | 0xffff));
	assert_int_equal(fake.num_icr_sent, 2);
	assert_log("ICR.hi=ffffffff");
}

/* ---- INIT and SIPI ---- */

static void init_parks_and_sipi_starts(void **state)
{
	struct percpu *target = fake_cpu(3);

	(void)state;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_INIT, 0) | ASSERT | LEVEL, FAKE_APIC_ID(3)));
	assert_int_equal(fake.requested[3], CPU_REQ_ARCH);
	assert_int_equal(fake.num_icr_sent, 0);
	assert_false(target->arch.wait_for_sipi);
	arch_cpu_handle_request(target);
	assert_true(target->arch.wait_for_sipi);
	assert_int_equal(target->arch.vendor.parks, 1);
	assert_int_equal(target->arch.vendor.resets, 0);
	assert_int_equal(fake.apic[APIC_SVR], 0xff); /* the APIC is reset too */

	fake.requested[3] = 0;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_SIPI, 0x9f) | ASSERT, FAKE_APIC_ID(3)));
	assert_int_equal(fake.requested[3], CPU_REQ_ARCH);
	arch_cpu_handle_request(target);
	assert_false(target->arch.wait_for_sipi);
	assert_int_equal(target->arch.vendor.resets, 1);
	assert_int_equal(target->arch.vendor.reset_selector, 0x9f00);
	assert_int_equal(target->arch.vendor.reset_base, 0x9f000);
	assert_int_equal(target->arch.vendor.reset_rip, 0);
	assert_string_equal(fake.log, "CPU 3 received SIPI, vector 9f\n");
	assert_int_equal(target->arch.vendor.parks, 1);
}

static void init_and_sipi_before_the_target_looks(void **state)
{
	struct percpu *target = fake_cpu(3);

	(void)state;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_INIT, 0), FAKE_APIC_ID(3)));
	assert_true(send_ipi(CELL_CPU, ICR(APIC_SIPI, 0x10), FAKE_APIC_ID(3)));
	assert_true(send_ipi(CELL_CPU, ICR(APIC_SIPI, 0x20), FAKE_APIC_ID(3))); /* too late */
	arch_cpu_handle_request(target);
	assert_int_equal(target->arch.vendor.parks, 1);
	assert_int_equal(target->arch.vendor.resets, 1);
	assert_int_equal(target->arch.vendor.reset_base, 0x10000);
	assert_false(target->arch.wait_for_sipi);
	/* nothing is left over */
	arch_cpu_handle_request(target);
	assert_int_equal(target->arch.vendor.resets, 1);
}

static void sipi_to_a_running_cpu_is_ignored(void **state)
{
	(void)state;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_SIPI, 0x10), FAKE_APIC_ID(3)));
	assert_nothing_sent();
	arch_cpu_handle_request(fake_cpu(3));
	assert_int_equal(fake_cpu(3)->arch.vendor.resets, 0);
}

static void init_to_a_waiting_cpu_changes_nothing(void **state)
{
	struct percpu *target = fake_cpu(3);

	(void)state;
	arch_cpu_drop_wakeups(target, false);
	assert_true(send_ipi(CELL_CPU, ICR(APIC_INIT, 0), FAKE_APIC_ID(3)));
	arch_cpu_handle_request(target);
	assert_int_equal(target->arch.vendor.parks, 0);
	assert_true(target->arch.wait_for_sipi);
}

static void init_cancels_a_sipi_that_waits(void **state)
{
	struct percpu *target = fake_cpu(3);

	(void)state;
	arch_cpu_drop_wakeups(target, false);
	assert_true(send_ipi(CELL_CPU, ICR(APIC_SIPI, 0x10), FAKE_APIC_ID(3)));
	assert_true(send_ipi(CELL_CPU, ICR(APIC_INIT, 0), FAKE_APIC_ID(3)));
	arch_cpu_handle_request(target);
	assert_int_equal(target->arch.vendor.resets, 0);
	assert_true(target->arch.wait_for_sipi);
}

/* The CPU has a new owner, who sends before it has come to its park. */
static void wakeup_before_park(void **state)
{
	struct percpu *target = fake_cpu(3);

	(void)state;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_INIT, 0), FAKE_APIC_ID(3))); /* of its former life */
	arch_cpu_drop_wakeups(target, false);
	assert_true(send_ipi(CELL_CPU, ICR(APIC_INIT, 0), FAKE_APIC_ID(3)));
	assert_true(send_ipi(CELL_CPU, ICR(APIC_SIPI, 0x10), FAKE_APIC_ID(3)));
	arch_cpu_park(target);
	arch_cpu_handle_request(target);
	assert_int_equal(target->arch.vendor.resets, 1);
	assert_false(target->arch.wait_for_sipi);
}

/* The first CPU of a cell that starts sends to the next, whose own reset is still to come. */
static void wakeup_before_reset(void **state)
{
	struct percpu *target = fake_cpu(3);

	(void)state;
	arch_cpu_drop_wakeups(target, true);
	assert_true(send_ipi(CELL_CPU, ICR(APIC_SIPI, 0x10), FAKE_APIC_ID(3))); /* it is not waiting */
	assert_nothing_sent();
	assert_true(send_ipi(CELL_CPU, ICR(APIC_INIT, 0), FAKE_APIC_ID(3)));
	assert_true(send_ipi(CELL_CPU, ICR(APIC_SIPI, 0x10), FAKE_APIC_ID(3)));
	arch_cpu_reset(target);
	arch_cpu_handle_request(target);
	assert_int_equal(target->arch.vendor.parks, 1);
	assert_int_equal(target->arch.vendor.resets, 2);
	assert_false(target->arch.wait_for_sipi);
}

static void wakeup_of_a_former_life(void **state)
{
	struct percpu *target = fake_cpu(3);

	(void)state;
	for (unsigned int starts = 0; starts < 2; starts++) {
		assert_true(send_ipi(CELL_CPU, ICR(APIC_INIT, 0), FAKE_APIC_ID(3)));
		assert_true(send_ipi(CELL_CPU, ICR(APIC_SIPI, 0x10), FAKE_APIC_ID(3)));
		arch_cpu_drop_wakeups(target, starts);
		arch_cpu_handle_request(target);
		assert_int_equal(target->arch.vendor.parks, 0);
		assert_int_equal(target->arch.vendor.resets, 0);
		assert_int_equal(target->arch.wait_for_sipi, !starts);
	}
}

static void init_deassert_is_ignored(void **state)
{
	(void)state;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_INIT, 0) | LEVEL, FAKE_APIC_ID(3)));
	assert_nothing_sent();
	assert_no_log();
}

static void a_failed_cpu_stays_down(void **state)
{
	struct percpu *target = fake_cpu(3);

	(void)state;
	/* fails before or after the INIT was sent */
	target->failed = true;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_INIT, 0), FAKE_APIC_ID(3)));
	assert_true(send_ipi(CELL_CPU, ICR(APIC_SIPI, 0), FAKE_APIC_ID(3)));
	assert_nothing_sent();
	target->failed = false;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_INIT, 0), FAKE_APIC_ID(3)));
	assert_true(send_ipi(CELL_CPU, ICR(APIC_SIPI, 0), FAKE_APIC_ID(3)));
	target->failed = true;
	arch_cpu_handle_request(target);
	assert_int_equal(target->arch.vendor.parks, 0);
	assert_int_equal(target->arch.vendor.resets, 0);
	/* and what was sent to it before does not come up later */
	target->failed = false;
	arch_cpu_handle_request(target);
	assert_int_equal(target->arch.vendor.resets, 0);
}

static void a_cpu_may_reset_itself(void **state)
{
	(void)state;
	assert_true(send_ipi(CELL_CPU, ICR(APIC_INIT, 0), FAKE_APIC_ID(2)));
	assert_int_equal(fake.requested[2], CPU_REQ_ARCH);
	arch_cpu_handle_request(CELL_CPU);
	assert_true(CELL_CPU->arch.wait_for_sipi);
}

static void two_cpus_may_reset_each_other(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < 100; n++) {
		assert_true(send_ipi(fake_cpu(2), ICR(APIC_INIT, 0), FAKE_APIC_ID(3)));
		assert_true(send_ipi(fake_cpu(3), ICR(APIC_INIT, 0), FAKE_APIC_ID(2)));
	}
	arch_cpu_handle_request(fake_cpu(2));
	arch_cpu_handle_request(fake_cpu(3));
	assert_true(fake_cpu(2)->arch.wait_for_sipi);
	assert_true(fake_cpu(3)->arch.wait_for_sipi);
}

/* ---- destinations of IOAPIC and MSI ---- */

static void destinations_of_messages(void **state)
{
	(void)state;
	assert_true(cell_owns_destination(&fake.cell, FAKE_APIC_ID(2), false));
	assert_false(cell_owns_destination(&fake.cell, FAKE_APIC_ID(0), false));
	assert_false(cell_owns_destination(&fake.cell, 0xff, false));
	assert_true(cell_owns_destination(&fake.cell, 0x0c, true));
	assert_true(cell_owns_destination(&fake.cell, 0, true));
	assert_false(cell_owns_destination(&fake.cell, 0x0d, true));
	assert_false(cell_owns_destination(&fake.cell, 0x80, true));
	assert_true(cell_owns_destination(&fake.machine.root, 0x03, true));
}

static void destinations_of_messages_in_x2apic_mode(void **state)
{
	(void)state;
	fake.machine.arch.cpu_of_apic_id[5] = 2;
	fake.machine.arch.cpu_of_apic_id[6] = 0;
	assert_true(cell_owns_destination(&fake.cell, 0x20, true));
	assert_false(cell_owns_destination(&fake.cell, 0x60, true));
	assert_false(cell_owns_destination(&fake.cell, 0x0c, true));
	assert_true(cell_owns_destination(&fake.cell, 1U << 16 | 1U << (FAKE_APIC_ID(3) - 16), true));
	assert_false(cell_owns_destination(&fake.cell, 0xffff8000, true));
}

#define PAGE(name)   cmocka_unit_test_setup(name, setup_page)
#define X2APIC(name) cmocka_unit_test_setup(name, setup_x2apic)
#define BOTH(name)   PAGE(name), X2APIC(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(fixed_to_a_cpu_of_the_cell),
		BOTH(fixed_to_itself_by_id),
		BOTH(foreign_cpus_get_nothing),
		BOTH(the_root_cell_is_bound_too),
		BOTH(shorthand_self),
		BOTH(shorthand_all_stays_in_the_cell),
		BOTH(shorthand_others_stays_in_the_cell),
		BOTH(lowest_priority_reaches_one_cpu),
		BOTH(forbidden_delivery_modes),
		BOTH(nmis_are_dropped_and_counted),
		PAGE(logical_flat),
		X2APIC(logical_cluster),
		BOTH(init_parks_and_sipi_starts),
		BOTH(init_and_sipi_before_the_target_looks),
		BOTH(sipi_to_a_running_cpu_is_ignored),
		BOTH(init_to_a_waiting_cpu_changes_nothing),
		BOTH(init_cancels_a_sipi_that_waits),
		BOTH(wakeup_before_park),
		BOTH(wakeup_before_reset),
		BOTH(wakeup_of_a_former_life),
		BOTH(init_deassert_is_ignored),
		BOTH(a_failed_cpu_stays_down),
		BOTH(a_cpu_may_reset_itself),
		BOTH(two_cpus_may_reset_each_other),
		PAGE(destinations_of_messages),
		X2APIC(destinations_of_messages_in_x2apic_mode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
