/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Measures by how much timer interrupts come late, and shows how a cell takes part in its own
 * shutdown: it is locked while it runs, and denies the first request.
 *
 * Parameters: pollute-cache dirties a large buffer between interrupts; led-reg and led-pin name a
 * bit of a device register that is toggled with each interrupt.
 */
#include <inmate.h>
#include "../common/timer-demo.h"

#define TIMER_VECTOR 32

#define FIRST_TIMEOUT (1 * NS_PER_MSEC)
#define PERIOD        (100 * NS_PER_MSEC)

#define CACHE_LINE     64
#define POLLUTION_SIZE (512 * 1024UL)

static unsigned long expected_time;
static unsigned long min_jitter = ~0UL, max_jitter;
static bool counts_smis;

/* Models of family 6 with MSR_SMI_COUNT (Intel manual, volume 4, chapter 2) */
static const u8 smi_count_models[] = {
	0x1a, 0x1e, 0x1f, 0x2e, 0x25, 0x2c, 0x2f, 0x2a, 0x2d, 0x3a, 0x3e, 0x3c, 0x3f, 0x45, 0x46,
	0x3d, 0x47, 0x4f, 0x56, 0x4e, 0x5e, 0x55, 0x8e, 0x9e, 0x37, 0x4a, 0x4d, 0x5a, 0x4c, 0x5c,
};

static bool cpu_counts_smis(void)
{
	u32 signature = cpuid_eax(1, 0);
	unsigned int family = signature >> 8 & 0xf;
	unsigned int model = (signature >> 4 & 0xf) | (signature >> 12 & 0xf0);
	unsigned int n;

	/* "Genu" of "GenuineIntel" */
	if (cpuid_ebx(0, 0) != 0x756e6547 || family != 6)
		return false;
	for (n = 0; n < ARRAY_SIZE(smi_count_models); n++)
		if (smi_count_models[n] == model)
			return true;
	return false;
}

static void start_timer(unsigned long long timeout)
{
	expected_time = tsc_read_ns() + timeout;
	apic_timer_set(timeout);
}

static void timer_handler(unsigned int vector)
{
	unsigned long jitter = tsc_read_ns() - expected_time;

	if (vector != TIMER_VECTOR)
		return;

	if ((long)jitter < (long)min_jitter || min_jitter == ~0UL)
		min_jitter = jitter;
	if ((long)jitter > (long)max_jitter)
		max_jitter = jitter;
	printk("Timer fired, jitter: %6ld ns, min: %6ld ns, max: %6ld ns", jitter, min_jitter,
	       max_jitter);
	if (counts_smis)
		printk(", SMIs: %d", (int)read_msr(MSR_SMI_COUNT));
	printk("\n");

	led_toggle();
	start_timer(PERIOD);
}

static void pollute_cache(char *buffer)
{
	unsigned long n;

	for (n = 0; n < POLLUTION_SIZE; n += CACHE_LINE)
		((volatile char *)buffer)[n]++;
}

void inmate_main(void)
{
	unsigned long tsc_freq;
	char *buffer = NULL;

	comm_region->cell_state = JAILHOUSE_CELL_RUNNING_LOCKED;

	if (cmdline_parse_bool("pollute-cache", false)) {
		printk("Cache pollution enabled\n");
		buffer = alloc(POLLUTION_SIZE, PAGE_SIZE);
	}
	led_init();

	irq_init(timer_handler);

	counts_smis = cpu_counts_smis();
	if (counts_smis)
		printk("Initial number of SMIs: %d\n", (int)read_msr(MSR_SMI_COUNT));

	tsc_freq = tsc_init();
	printk("Calibrated TSC frequency: %lu.%03lu kHz\n", tsc_freq / 1000, tsc_freq % 1000);
	printk("Calibrated APIC frequency: %lu kHz\n", apic_timer_init(TIMER_VECTOR));

	start_timer(FIRST_TIMEOUT);
	enable_irqs();

	while (handle_message()) {
		if (buffer)
			pollute_cache(buffer);
		asm volatile("hlt" : : : "memory");
	}

	disable_irqs();
	printk("Stopped APIC demo\n");
	comm_region->cell_state = JAILHOUSE_CELL_SHUT_DOWN;
}
