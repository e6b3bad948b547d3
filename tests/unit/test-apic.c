// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* apic.c: taking over the local APIC, changing its mode, emptying it, measuring its timer. */
#include "fake-x86/fake.h"

#define TSC_DEADLINE (1U << 24)
#define X2APIC	     (1U << 21)

/* The processor is taken away in front of or behind this reading of the time (0: never), for so many ticks. */
static unsigned int times_read, away_before, away_after;
static u64 away_for;

u64 arch_time(void)
{
	u64 now;

	times_read++;
	if (times_read == away_before)
		fake.now += away_for;
	now = fake.now += 10;
	if (times_read == away_after)
		fake.now += away_for;
	return now;
}

/* The processor is not always quick enough to see what the APIC has for it. */
static unsigned int takes, takes_in_vain;

void vcpu_take_interrupts(struct percpu *cpu)
{
	int vector = 255;

	(void)cpu;
	if (takes++ < takes_in_vain || !(fake.apic[APIC_SVR] & APIC_SVR_ENABLE) || fake.apic[APIC_TPR])
		return;
	while (vector >= 16 && !(fake.apic[APIC_IRR + vector / 32] & (1U << vector % 32)))
		vector--;
	if (vector < 16)
		return;
	fake.apic[APIC_IRR + vector / 32] &= ~(1U << vector % 32);
	fake.apic[APIC_ISR + vector / 32] |= 1U << vector % 32;
}

static int setup(void **state)
{
	fake_reset(state);
	fake.cpuid[2] = X2APIC;
	takes = takes_in_vain = 0;
	times_read = away_before = away_after = 0;
	away_for = 100000;
	return 0;
}

static int setup_x2apic(void **state)
{
	setup(state);
	fake_set_x2apic(true);
	return 0;
}

/* As before enable: the hypervisor knows nothing yet. */
static void start(bool x2apic, u8 config_mode)
{
	setup(NULL);
	fake_set_x2apic(x2apic);
	fake.system.platform_info.x86.apic_mode = config_mode;
	fake.machine.arch.apic_base = NULL;
	for (unsigned int id = 0; id < FAKE_CPUS; id++)
		fake.cpus[id].arch.x2apic = !x2apic;
	assert_int_equal(apic_init(&fake.machine), 0);
}

static int init_cpu(unsigned int id, u32 apic_id)
{
	fake.apic[APIC_ID] = apic_id;
	return apic_cpu_init(fake_cpu(id));
}

static void assert_refusal(int result, int error, u32 code, u64 arg0)
{
	assert_int_equal(result, error);
	assert_int_equal(fake.refusal.code, code);
	assert_int_equal(fake.refusal.item, JAILHOUSE_ITEM_CPU);
	assert_int_equal(fake.refusal.arg[0], arg0);
}

static void mode_of_linux_is_found(void **state)
{
	(void)state;
	start(false, JAILHOUSE_APIC_MODE_AUTO);
	assert_false(fake.machine.arch.x2apic);
	assert_true(fake.machine.arch.has_x2apic);
	start(true, JAILHOUSE_APIC_MODE_AUTO);
	assert_true(fake.machine.arch.x2apic);
}

static void ids_are_recorded(void **state)
{
	(void)state;
	for (int x2apic = 0; x2apic < 2; x2apic++) {
		start(x2apic, JAILHOUSE_APIC_MODE_AUTO);
		fake.apic[APIC_TPR] = 0x10;
		fake.apic[APIC_LDR] = x2apic ? 0x12345 : 0;
		assert_int_equal(init_cpu(1, 254), 0);
		assert_int_equal(fake_cpu(1)->arch.apic_id, 254);
		assert_int_equal(fake_cpu(1)->arch.x2apic, x2apic);
		assert_int_equal(fake_cpu(1)->arch.root_x2apic, x2apic);
		assert_int_equal(fake.machine.arch.cpu_of_apic_id[254], 1);
		assert_int_equal(fake.machine.arch.cpu_of_apic_id[1], 0xff);
		assert_int_equal(fake_cpu(1)->arch.root_tpr, 0x10);
		assert_int_equal(fake_cpu(1)->arch.root_svr, 0x1ff);
	}
}

static void cells_get_x2apic_only_if_all_cpus_have_it(void **state)
{
	(void)state;
	start(false, JAILHOUSE_APIC_MODE_AUTO);
	assert_int_equal(init_cpu(0, 0), 0);
	assert_true(fake.machine.arch.has_x2apic);
	fake.cpuid[2] = 0;
	assert_int_equal(init_cpu(1, 1), 0);
	fake.cpuid[2] = X2APIC;
	assert_int_equal(init_cpu(2, 2), 0);
	assert_false(fake.machine.arch.has_x2apic);
	/* and if the configuration does not forbid it */
	start(false, JAILHOUSE_APIC_MODE_XAPIC);
	assert_int_equal(init_cpu(0, 0), 0);
	assert_false(fake.machine.arch.has_x2apic);
}

static void apic_that_is_off_or_elsewhere(void **state)
{
	(void)state;
	start(false, JAILHOUSE_APIC_MODE_AUTO);
	fake_add_msr(MSR_APICBASE, XAPIC_BASE);
	assert_refusal(apic_cpu_init(ROOT_CPU), -EIO, JAILHOUSE_REASON_APIC_OFF, XAPIC_BASE);
	fake_add_msr(MSR_APICBASE, 0xfed00000 | APICBASE_ENABLE | APICBASE_BSP);
	assert_refusal(apic_cpu_init(ROOT_CPU), -EIO, JAILHOUSE_REASON_APIC_OFF, 0xfed00900);
}

static void configured_mode_must_be_there(void **state)
{
	(void)state;
	start(false, JAILHOUSE_APIC_MODE_X2APIC);
	assert_refusal(init_cpu(0, 0), -EIO, JAILHOUSE_REASON_APIC_MODE, reason_text("x2APIC"));
	assert_int_equal(fake.refusal.arg[1], reason_text("xAPIC"));
	start(true, JAILHOUSE_APIC_MODE_XAPIC);
	assert_refusal(init_cpu(0, 0), -EIO, JAILHOUSE_REASON_APIC_MODE, reason_text("xAPIC"));
	start(true, JAILHOUSE_APIC_MODE_X2APIC);
	assert_int_equal(init_cpu(0, 0), 0);
}

static void cpus_of_different_modes(void **state)
{
	(void)state;
	start(false, JAILHOUSE_APIC_MODE_AUTO);
	assert_int_equal(init_cpu(0, 0), 0);
	fake_add_msr(MSR_APICBASE, XAPIC_BASE | APICBASE_ENABLE | APICBASE_X2APIC);
	assert_refusal(apic_cpu_init(fake_cpu(1)), -EIO, JAILHOUSE_REASON_APIC_MODE, reason_text("xAPIC"));
}

static void ids_that_do_not_fit(void **state)
{
	(void)state;
	start(true, JAILHOUSE_APIC_MODE_AUTO);
	assert_refusal(init_cpu(0, 255), -ERANGE, JAILHOUSE_REASON_APIC_ID, 255);
	assert_refusal(init_cpu(0, 0x10001), -ERANGE, JAILHOUSE_REASON_APIC_ID, 0x10001);
	assert_int_equal(init_cpu(0, 7), 0);
	assert_refusal(init_cpu(1, 7), -EBUSY, JAILHOUSE_REASON_APIC_ID_TWICE, 7);
	assert_int_equal(fake.refusal.arg[1], 0);
}

static void logical_mode_must_be_flat(void **state)
{
	(void)state;
	start(false, JAILHOUSE_APIC_MODE_AUTO);
	fake.apic[APIC_LDR] = 1U << 25;
	assert_refusal(init_cpu(0, 0), -EIO, JAILHOUSE_REASON_APIC_NOT_FLAT, 1U << 25);
	assert_int_equal(init_cpu(1, 1), 0);
	assert_int_equal(fake_cpu(1)->arch.root_ldr, 1U << 25);
	fake.apic[APIC_LDR] = 0;
	assert_int_equal(init_cpu(2, 2), 0);
	fake.apic[APIC_DFR] = 0x0fffffff;
	assert_refusal(init_cpu(3, 3), -EIO, JAILHOUSE_REASON_APIC_NOT_FLAT, 0);
	assert_int_equal(fake.refusal.arg[1], 0x0fffffff);
}

/* ---- sending ---- */

static void commands_in_xapic_mode(void **state)
{
	(void)state;
	fake.apic[APIC_ICR_HIGH] = 0x33000000;
	apic_send_fixed(ROOT_CPU, 0x12, 0x80);
	assert_int_equal(fake.icr_sent, 0x12ULL << 32 | 0x4080);
	apic_send_nmi(ROOT_CPU, 0xfe);
	assert_int_equal(fake.icr_sent, 0xfeULL << 32 | 0x4400);
	assert_int_equal(fake.num_icr_sent, 2);
	assert_int_equal(fake.apic[APIC_ICR_HIGH], 0x33000000);
}

static void commands_in_x2apic_mode(void **state)
{
	(void)state;
	apic_send_fixed(ROOT_CPU, 0x12, 0x80);
	assert_int_equal(fake.icr_sent, 0x12ULL << 32 | 0x4080);
	apic_send_nmi(ROOT_CPU, 0xfe);
	assert_int_equal(fake.icr_sent, 0xfeULL << 32 | 0x4400);
}

static void a_stuck_apic_stops_nobody(void **state)
{
	(void)state;
	fake.apic_stuck = true;
	apic_send_nmi(ROOT_CPU, 0x12);
	assert_int_equal(fake.num_icr_sent, 1);
}

/* ---- modes ---- */

static void into_x2apic_mode_and_back(void **state)
{
	struct percpu *cpu = CELL_CPU;

	(void)state;
	cpu->arch.root_ldr = 1U << 26;
	cpu->arch.root_svr = 0x1ff;
	cpu->arch.root_tpr = 0x10;
	apic_set_mode(cpu, true);
	assert_true(cpu->arch.x2apic);
	assert_int_equal(*fake_msr(MSR_APICBASE), XAPIC_BASE | APICBASE_ENABLE | APICBASE_X2APIC);
	assert_int_equal(fake.num_msr_writes, 1);

	/* the fake processor refuses all but the way through the disabled state */
	apic_set_mode(cpu, false);
	assert_false(cpu->arch.x2apic);
	assert_int_equal(*fake_msr(MSR_APICBASE), XAPIC_BASE | APICBASE_ENABLE);
	assert_int_equal(fake.apic[APIC_LDR], 1U << 26);
	assert_int_equal(fake.apic[APIC_DFR], ~0U);
	assert_int_equal(fake.apic[APIC_SVR], 0x1ff);
	assert_int_equal(fake.apic[APIC_TPR], 0x10);
}

static void same_mode_is_left_alone(void **state)
{
	(void)state;
	apic_set_mode(CELL_CPU, CELL_CPU->arch.x2apic);
	assert_int_equal(fake.num_msr_writes, 0);
	assert_int_equal(fake.num_apic_writes, 0);
}

static void boot_cpu_bit_survives(void **state)
{
	(void)state;
	*fake_msr(MSR_APICBASE) |= APICBASE_BSP;
	apic_set_mode(ROOT_CPU, true);
	apic_set_mode(ROOT_CPU, false);
	assert_int_equal(*fake_msr(MSR_APICBASE), XAPIC_BASE | APICBASE_ENABLE | APICBASE_BSP);
}

/* ---- emptying ---- */

static void assert_empty(void)
{
	static const unsigned int lvts[] = { 0x32, 0x33, 0x34, 0x35, 0x36, 0x37 };

	for (unsigned int n = 0; n < 8; n++) {
		assert_int_equal(fake.apic[APIC_ISR + n], 0);
		assert_int_equal(fake.apic[APIC_IRR + n], 0);
	}
	for (size_t n = 0; n < ARRAY_LEN(lvts); n++)
		assert_int_equal(fake.apic[lvts[n]], APIC_LVT_MASKED);
	assert_int_equal(fake.apic[APIC_TPR], 0);
	assert_int_equal(fake.apic[APIC_SVR], 0xff);
	assert_int_equal(fake.apic[APIC_TIMER_INIT], 0);
	assert_int_equal(fake.apic[APIC_TIMER_DIV], 3);
}

static void everything_pending_is_dropped(void **state)
{
	(void)state;
	fake.apic[APIC_SVR] = 0xff; /* switched off by the guest, which holds back what it has */
	fake.apic[APIC_TPR] = 0xf0;
	fake.apic[APIC_IRR] = 0xffff0000; /* also vectors that are exceptions */
	fake.apic[APIC_ISR] = 0xffff0000;
	for (unsigned int n = 1; n < 8; n++)
		fake.apic[APIC_IRR + n] = fake.apic[APIC_ISR + n] = ~0U;
	for (unsigned int reg = APIC_LVT_TIMER; reg <= APIC_LVT_ERROR; reg++)
		fake.apic[reg] = 0x400;
	fake.apic[APIC_TIMER_INIT] = 1000;
	apic_clear(CELL_CPU);
	assert_empty();
}

static void optional_vectors_are_masked_where_they_exist(void **state)
{
	bool x2apic = CELL_CPU->arch.x2apic;

	(void)state;
	apic_clear(CELL_CPU);
	assert_int_equal(fake.apic[APIC_LVT_CMCI], 0);
	assert_int_equal(fake.apic[APIC_EXT_LVT], 0);
	fake.apic[APIC_VERSION] = 0x80060014;
	fake.apic[APIC_EXT_FEATURE] = 0x20000;
	apic_clear(CELL_CPU);
	assert_int_equal(fake.apic[APIC_LVT_CMCI], APIC_LVT_MASKED);
	assert_int_equal(fake.apic[APIC_EXT_LVT], APIC_LVT_MASKED);
	assert_int_equal(fake.apic[APIC_EXT_LVT + 1], APIC_LVT_MASKED);
	assert_int_equal(fake.apic[APIC_EXT_LVT + 2], 0);

	/* an early APIC has the three vectors and no more */
	fake_reset(state);
	fake_set_x2apic(x2apic);
	fake.apic[APIC_VERSION] = 0x20010;
	fake.apic[APIC_LVT_ERROR] = fake.apic[APIC_LVT_PERF] = 1;
	apic_clear(CELL_CPU);
	assert_int_equal(fake.apic[APIC_LVT_ERROR], 1);
	assert_int_equal(fake.apic[APIC_LVT_PERF], 1);
}

static void deadline_is_disarmed(void **state)
{
	(void)state;
	fake.cpuid[2] = TSC_DEADLINE;
	fake_add_msr(MSR_TSC_DEADLINE, 0x123456);
	apic_clear(CELL_CPU);
	assert_int_equal(*fake_msr(MSR_TSC_DEADLINE), 0);
}

static void interrupts_may_come_late(void **state)
{
	(void)state;
	takes_in_vain = 3;
	fake.apic[APIC_IRR + 2] = 0x10;
	apic_clear(CELL_CPU);
	assert_int_equal(takes, 4);
	assert_empty();
}

static void a_vector_that_stays_does_not_hang(void **state)
{
	(void)state;
	takes_in_vain = ~0U;
	fake.apic[APIC_IRR + 2] = 0x10;
	apic_clear(CELL_CPU);
	assert_int_equal(fake.apic[APIC_SVR], 0xff);
	assert_true(takes <= 3 * 256);
}

/* ---- frequency ---- */

static void frequency_of_the_timer(void **state)
{
	u32 khz;

	(void)state;
	/* 1000 ticks of time per ms, one tick of the divided clock in 2: 500 * 16 kHz */
	fake.timer_shift = 1;
	khz = apic_measure_khz(ROOT_CPU);
	assert_in_range(khz, 7950, 8050);
	assert_int_equal(fake.apic[APIC_TIMER_INIT], 0);
}

/* Wherever in the measurement it is, and however much longer that takes. */
static void frequency_on_a_loaded_host(void **state)
{
	(void)state;
	for (unsigned int n = 1, read = 1; n <= read; n++) {
		for (int before = 0; before < 2; before++) {
			setup(NULL);
			fake.timer_shift = 1;
			*(before ? &away_before : &away_after) = n;
			assert_in_range(apic_measure_khz(ROOT_CPU), 7950, 8050);
			read = times_read;
		}
	}
}

static void running_one_shot_goes_on(void **state)
{
	(void)state;
	fake.timer_shift = 1;
	fake.apic[APIC_LVT_TIMER] = 0xec;
	fake.apic[APIC_TIMER_DIV] = 0xb; /* by 1 */
	fake.apic[APIC_TIMER_INIT] = 1000000;
	fake.apic[APIC_TIMER_COUNT] = 0;
	apic_measure_khz(ROOT_CPU);
	assert_int_equal(fake.apic[APIC_LVT_TIMER], 0xec);
	assert_int_equal(fake.apic[APIC_TIMER_DIV], 0xb);
	/* all that has passed meanwhile, at 16 times the divided rate */
	assert_in_range(fake.apic[APIC_TIMER_INIT], 1000000 - fake.now * 8, 1000000 - fake.now * 8 + 100);
	assert_int_equal(fake.apic_writes[fake.num_apic_writes - 1].reg, APIC_TIMER_INIT);
}

/* Its count is 0, but its interrupt may still be on the way. */
static void one_shot_that_had_run_out_fires_again(void **state)
{
	(void)state;
	fake.timer_shift = 1;
	fake.apic[APIC_TIMER_INIT] = 100;
	fake.now = 1000000;
	apic_measure_khz(ROOT_CPU);
	assert_int_equal(fake.apic[APIC_TIMER_INIT], 1);
}

static void one_shot_that_ran_out_meanwhile_fires_at_once(void **state)
{
	(void)state;
	fake.timer_shift = 1;
	fake.apic[APIC_TIMER_DIV] = 0xb;
	fake.apic[APIC_TIMER_INIT] = 100;
	apic_measure_khz(ROOT_CPU);
	assert_int_equal(fake.apic[APIC_TIMER_INIT], 1);
}

/* More undivided ticks than its counter has bits. */
static void one_shot_after_a_very_long_measurement(void **state)
{
	(void)state;
	fake.timer_shift = 1;
	fake.apic[APIC_TIMER_DIV] = 0xb;
	fake.apic[APIC_TIMER_INIT] = ~0U;
	away_after = 40;
	away_for = 1000000000;
	assert_in_range(apic_measure_khz(ROOT_CPU), 7950, 8050);
	assert_int_equal(fake.apic[APIC_TIMER_INIT], 1);
}

static void period_is_kept(void **state)
{
	(void)state;
	fake.timer_shift = 1;
	fake.apic[APIC_LVT_TIMER] = 1U << 17 | 0xec;
	fake.apic[APIC_TIMER_INIT] = 4711;
	apic_measure_khz(ROOT_CPU);
	assert_int_equal(fake.apic[APIC_LVT_TIMER], 1U << 17 | 0xec);
	assert_int_equal(fake.apic[APIC_TIMER_INIT], 4711);
}

static void deadline_mode_is_not_disturbed(void **state)
{
	(void)state;
	fake.cpuid[2] |= TSC_DEADLINE;
	assert_int_equal(apic_measure_khz(ROOT_CPU), 0);
	assert_int_equal(fake.num_apic_writes, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)
#define BOTH(name) TEST(name), cmocka_unit_test_setup(name, setup_x2apic)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(mode_of_linux_is_found),
		TEST(ids_are_recorded),
		TEST(cells_get_x2apic_only_if_all_cpus_have_it),
		TEST(apic_that_is_off_or_elsewhere),
		TEST(configured_mode_must_be_there),
		TEST(cpus_of_different_modes),
		TEST(ids_that_do_not_fit),
		TEST(logical_mode_must_be_flat),
		TEST(commands_in_xapic_mode),
		cmocka_unit_test_setup(commands_in_x2apic_mode, setup_x2apic),
		TEST(a_stuck_apic_stops_nobody),
		TEST(into_x2apic_mode_and_back),
		BOTH(same_mode_is_left_alone),
		TEST(boot_cpu_bit_survives),
		BOTH(everything_pending_is_dropped),
		BOTH(optional_vectors_are_masked_where_they_exist),
		BOTH(deadline_is_disarmed),
		BOTH(interrupts_may_come_late),
		BOTH(a_vector_that_stays_does_not_hang),
		BOTH(frequency_of_the_timer),
		BOTH(frequency_on_a_loaded_host),
		BOTH(running_one_shot_goes_on),
		BOTH(one_shot_that_had_run_out_fires_again),
		BOTH(one_shot_that_ran_out_meanwhile_fires_at_once),
		BOTH(one_shot_after_a_very_long_measurement),
		BOTH(period_is_kept),
		BOTH(deadline_mode_is_not_disturbed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
