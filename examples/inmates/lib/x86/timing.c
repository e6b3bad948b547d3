/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Clocks and the timer of the local APIC. */
#include <inmate.h>

#define PM_TIMER_HZ   3579545
#define PM_TIMER_BITS 24
#define PM_TIMER_MASK ((1U << PM_TIMER_BITS) - 1)

#define LVTT_TSC_DEADLINE  (1 << 18)
#define TDCR_DIVIDE_BY_16  0x3
#define APIC_TIMER_DIVIDER 16

#define TSC_MEASURE_US 20000

/* Between two reads of the PM timer while waiting, so that other CPUs get on in emulation. */
#define RELAX_ROUNDS 16

struct pm_timer_state {
	u32 last;
	u32 overflows;
};

static struct pm_timer_state pm_timer_states[SMP_MAX_CPUS + 1];
static unsigned long tsc_hz;
static unsigned long apic_khz;
static bool tsc_deadline;

unsigned long long pm_timer_read(void)
{
	struct pm_timer_state *state;
	u64 ticks;
	u32 now;

	if (comm_region->pm_timer_address == 0) {
		tsc_init();
		return tsc_read_ns();
	}

	state = &pm_timer_states[cpu_id() % ARRAY_SIZE(pm_timer_states)];
	now = inl(comm_region->pm_timer_address) & PM_TIMER_MASK;
	if (now < state->last)
		state->overflows++;
	state->last = now;

	/* Split, as the product of ticks and 10^9 does not fit for long. */
	ticks = (u64)state->overflows << PM_TIMER_BITS | now;
	return ticks / PM_TIMER_HZ * NS_PER_SEC + ticks % PM_TIMER_HZ * NS_PER_SEC / PM_TIMER_HZ;
}

void delay_us(unsigned long microsecs)
{
	unsigned long long start = pm_timer_read();
	unsigned int n;

	while (pm_timer_read() - start < microsecs * NS_PER_USEC)
		for (n = 0; n < RELAX_ROUNDS; n++)
			cpu_relax();
}

/* value * mul / div, with a product of 128 bits. A result that does not fit is cut to the maximum.
 */
static u64 scale(u64 value, u64 mul, u64 div)
{
	unsigned __int128 product = (unsigned __int128)value * mul;
	u64 high = product >> 64, low = product;

	if (high >= div)
		return ~0ULL;
	asm("div %2" : "+a"(low), "+d"(high) : "r"(div) : "cc");
	return low;
}

/* For systems that do not tell the frequency: counts against the PM timer. */
static unsigned long measure_tsc_hz(void)
{
	unsigned long long start_ns;
	u64 start;

	if (comm_region->pm_timer_address == 0)
		return NS_PER_SEC;
	start_ns = pm_timer_read();
	start = rdtsc();
	delay_us(TSC_MEASURE_US);
	return scale(rdtsc() - start, NS_PER_SEC, pm_timer_read() - start_ns);
}

unsigned long tsc_init(void)
{
	if (tsc_hz == 0)
		tsc_hz = comm_region->tsc_khz * 1000UL;
	if (tsc_hz == 0)
		tsc_hz = measure_tsc_hz();
	return tsc_hz;
}

unsigned long tsc_read_ns(void)
{
	return scale(rdtsc(), NS_PER_SEC, tsc_hz);
}

u64 clock_ns(void)
{
	tsc_init();
	return tsc_read_ns();
}

unsigned long apic_timer_init(unsigned int vector)
{
	tsc_deadline = !!(cpuid_ecx(1, 0) & X86_FEATURE_TSC_DEADLINE);
	if (tsc_deadline) {
		tsc_init();
		apic_write(X2APIC_LVTT, vector | LVTT_TSC_DEADLINE);
		/* Orders the switch before the first deadline (Intel manual, volume 3, 11.5.4.1).
		 */
		asm volatile("mfence" : : : "memory");
		return tsc_hz / 1000;
	}

	apic_khz = comm_region->apic_khz;
	apic_write(X2APIC_TDCR, TDCR_DIVIDE_BY_16);
	apic_write(X2APIC_LVTT, vector);
	return apic_khz;
}

void apic_timer_set(unsigned long long timeout_ns)
{
	u64 count;

	if (tsc_deadline) {
		write_msr(MSR_TSC_DEADLINE, rdtsc() + scale(timeout_ns, tsc_hz, NS_PER_SEC));
		return;
	}

	/* 0 would stop the timer. */
	count = scale(timeout_ns, apic_khz, APIC_TIMER_DIVIDER * NS_PER_SEC / 1000);
	if (count == 0)
		count = 1;
	else if (count > 0xffffffff)
		count = 0xffffffff;
	apic_write(X2APIC_TMICT, count);
}
