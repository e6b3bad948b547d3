// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The real local APIC of this CPU, in xAPIC or x2APIC mode. */
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>
#include <asm/apic.h>
#include <asm/guest.h>
#include <asm/x86.h>

#define CPUID_1_ECX_X2APIC	 (1U << 21)
#define CPUID_1_ECX_TSC_DEADLINE (1U << 24)

#define APICBASE_ADDRESS 0x000ffffffffff000ULL
#define MAX_APIC_ID	 254
#define NO_CPU		 0xff

/* Polls of the delivery status before the APIC is taken for stuck; each takes a bus access, some 100 ns. */
#define MAX_ICR_POLLS 10000

#define TIMER_MASKED_ONE_SHOT APIC_LVT_MASKED
#define TIMER_MODE(lvt)	      (((lvt) >> 17) & 3)
#define TIMER_PERIODIC	      1

/* The frequency is measured over this time, between the best of so many readings of the counter at either end. */
#define MEASURE_MS   2
#define NUM_READINGS 16

static void *apic_page(const struct percpu *cpu, unsigned int reg)
{
	return (u8 *)cpu->machine->arch.apic_base + reg * 16;
}

u32 apic_read(struct percpu *cpu, unsigned int reg)
{
	if (cpu->arch.x2apic)
		return (u32)read_msr(MSR_X2APIC_BASE + reg);
	return mmio_read32(apic_page(cpu, reg));
}

void apic_write(struct percpu *cpu, unsigned int reg, u32 value)
{
	if (cpu->arch.x2apic)
		write_msr(MSR_X2APIC_BASE + reg, value);
	else
		mmio_write32(apic_page(cpu, reg), value);
}

bool apic_write_checked(struct percpu *cpu, unsigned int reg, u32 value)
{
	if (cpu->arch.x2apic)
		return write_msr_safe(cpu, MSR_X2APIC_BASE + reg, value);
	mmio_write32(apic_page(cpu, reg), value);
	return true;
}

static bool x2apic_active(void)
{
	return (read_msr(MSR_APICBASE) & (APICBASE_ENABLE | APICBASE_X2APIC)) ==
	       (APICBASE_ENABLE | APICBASE_X2APIC);
}

int apic_init(struct machine *m)
{
	m->arch.x2apic = x2apic_active();
	m->arch.has_x2apic = m->config->platform_info.x86.apic_mode != JAILHOUSE_APIC_MODE_XAPIC;
	memset(m->arch.cpu_of_apic_id, NO_CPU, sizeof(m->arch.cpu_of_apic_id));
	m->arch.apic_base = arch_map_device(m, XAPIC_BASE, PAGE_SIZE);
	if (!m->arch.apic_base)
		return refuse_no_memory(m, 1);
	m->arch.drop_idt = page_alloc(&m->pool, 1);
	if (!m->arch.drop_idt)
		return refuse_no_memory(m, 1);
	x86_fill_drop_idt(m->arch.drop_idt);
	return 0;
}

static int check_mode(struct percpu *cpu, u64 base)
{
	struct machine *m = cpu->machine;
	bool want_x2apic = m->arch.x2apic, is_x2apic = base & APICBASE_X2APIC;

	if (!(base & APICBASE_ENABLE) || (base & APICBASE_ADDRESS) != XAPIC_BASE)
		return REFUSE1(m, -EIO, APIC_OFF, JAILHOUSE_ITEM_CPU, cpu->id, base);
	if (m->config->platform_info.x86.apic_mode == JAILHOUSE_APIC_MODE_XAPIC)
		want_x2apic = false;
	else if (m->config->platform_info.x86.apic_mode == JAILHOUSE_APIC_MODE_X2APIC)
		want_x2apic = true;
	if (is_x2apic != want_x2apic)
		return REFUSE2(m, -EIO, APIC_MODE, JAILHOUSE_ITEM_CPU, cpu->id,
			       reason_text(want_x2apic ? "x2APIC" : "xAPIC"),
			       reason_text(is_x2apic ? "x2APIC" : "xAPIC"));
	return 0;
}

/* Flat mode as Linux programs it, so that bit n of a logical destination means CPU n. */
static int check_flat(struct percpu *cpu)
{
	u32 ldr = apic_read(cpu, APIC_LDR), dfr = apic_read(cpu, APIC_DFR);
	bool ldr_ok = ldr == 0 || (cpu->id < 8 && ldr == 1U << (24 + cpu->id));

	if (ldr_ok && dfr == ~0U)
		return 0;
	return REFUSE2(cpu->machine, -EIO, APIC_NOT_FLAT, JAILHOUSE_ITEM_CPU, cpu->id, ldr, dfr);
}

int apic_cpu_init(struct percpu *cpu)
{
	struct machine *m = cpu->machine;
	u64 base = read_msr(MSR_APICBASE);
	int err;
	u32 id;

	err = check_mode(cpu, base);
	if (err)
		return err;
	if (!(cpuid_ecx(1, 0) & CPUID_1_ECX_X2APIC))
		m->arch.has_x2apic = false;
	cpu->arch.x2apic = cpu->arch.root_x2apic = m->arch.x2apic;

	id = apic_read(cpu, APIC_ID);
	if (!cpu->arch.x2apic)
		id >>= 24;
	if (id > MAX_APIC_ID)
		return REFUSE2(m, -ERANGE, APIC_ID, JAILHOUSE_ITEM_CPU, cpu->id, id, MAX_APIC_ID);
	if (m->arch.cpu_of_apic_id[id] != NO_CPU)
		return REFUSE2(m, -EBUSY, APIC_ID_TWICE, JAILHOUSE_ITEM_CPU, cpu->id, id,
			       m->arch.cpu_of_apic_id[id]);
	if (cpu->id >= NO_CPU)
		return REFUSE2(m, -ERANGE, APIC_ID, JAILHOUSE_ITEM_CPU, cpu->id, cpu->id, NO_CPU - 1);
	if (!cpu->arch.x2apic) {
		err = check_flat(cpu);
		if (err)
			return err;
		cpu->arch.root_ldr = apic_read(cpu, APIC_LDR);
	}
	cpu->arch.root_svr = apic_read(cpu, APIC_SVR);
	cpu->arch.root_tpr = apic_read(cpu, APIC_TPR);
	cpu->arch.apic_id = id;
	m->arch.cpu_of_apic_id[id] = (u8)cpu->id;
	return 0;
}

/* ---- sending ---- */

static void wait_for_delivery(struct percpu *cpu)
{
	for (unsigned int n = 0; n < MAX_ICR_POLLS; n++) {
		if (!(apic_read(cpu, APIC_ICR) & APIC_ICR_PENDING))
			return;
		arch_relax();
	}
}

/* The guest may have written the destination and be about to write the command, so the former is put back. */
static __attribute__((noinline)) void send_xapic(struct percpu *cpu, u32 apic_id, u32 command)
{
	u32 guest_destination;

	wait_for_delivery(cpu);
	guest_destination = apic_read(cpu, APIC_ICR_HIGH);
	apic_write(cpu, APIC_ICR_HIGH, apic_id << 24);
	apic_write(cpu, APIC_ICR, command);
	if (guest_destination != apic_id << 24) {
		wait_for_delivery(cpu);
		apic_write(cpu, APIC_ICR_HIGH, guest_destination);
	}
}

/* Physical destination, one CPU */
static inline void send(struct percpu *cpu, u32 apic_id, u32 command)
{
	if (!cpu->arch.x2apic) {
		send_xapic(cpu, apic_id, command);
		return;
	}
	/* WRMSR to x2APIC registers does not order earlier stores. */
	memory_barrier();
	write_msr(MSR_X2APIC_BASE + APIC_ICR, (u64)apic_id << 32 | command);
}

void apic_send_nmi(struct percpu *cpu, u32 apic_id)
{
	send(cpu, apic_id, APIC_NMI << 8 | APIC_ICR_ASSERT);
}

void apic_send_fixed(struct percpu *cpu, u32 apic_id, u8 vector)
{
	send(cpu, apic_id, APIC_FIXED << 8 | APIC_ICR_ASSERT | vector);
}

/* ---- change of owner ---- */

void apic_set_mode(struct percpu *cpu, bool x2apic)
{
	u64 base = read_msr(MSR_APICBASE);

	if (cpu->arch.x2apic == x2apic)
		return;
	if (x2apic) {
		write_msr(MSR_APICBASE, base | APICBASE_X2APIC);
		cpu->arch.x2apic = true;
		return;
	}
	/* The only way back leads through the disabled state, which resets everything (SDM vol. 3, 10.12.5). */
	base &= ~(APICBASE_ENABLE | APICBASE_X2APIC);
	write_msr(MSR_APICBASE, base);
	write_msr(MSR_APICBASE, base | APICBASE_ENABLE);
	cpu->arch.x2apic = false;
	apic_write(cpu, APIC_DFR, ~0U);
	apic_write(cpu, APIC_LDR, cpu->arch.root_ldr);
	apic_write(cpu, APIC_TPR, cpu->arch.root_tpr);
	apic_write(cpu, APIC_SVR, cpu->arch.root_svr);
}

static void mask_all(struct percpu *cpu)
{
	u32 version = apic_read(cpu, APIC_VERSION), max_lvt = APIC_MAX_LVT(version);
	u32 ext = 0;

	apic_write(cpu, APIC_LVT_TIMER, APIC_LVT_MASKED);
	apic_write(cpu, APIC_LVT_LINT0, APIC_LVT_MASKED);
	apic_write(cpu, APIC_LVT_LINT1, APIC_LVT_MASKED);
	if (max_lvt >= 3)
		apic_write(cpu, APIC_LVT_ERROR, APIC_LVT_MASKED);
	if (max_lvt >= 4)
		apic_write(cpu, APIC_LVT_PERF, APIC_LVT_MASKED);
	if (max_lvt >= 5)
		apic_write(cpu, APIC_LVT_THERMAL, APIC_LVT_MASKED);
	if (max_lvt >= 6)
		apic_write(cpu, APIC_LVT_CMCI, APIC_LVT_MASKED);
	if (version & APIC_VERSION_EXT)
		ext = MIN(APIC_MAX_LVT(apic_read(cpu, APIC_EXT_FEATURE)), APIC_NUM_EXT_LVT);
	for (u32 n = 0; n < ext; n++)
		apic_write(cpu, APIC_EXT_LVT + n, APIC_LVT_MASKED);
	apic_write(cpu, APIC_TIMER_INIT, 0);
}

static bool any_set(struct percpu *cpu, unsigned int first_reg)
{
	u32 bits = 0;

	for (unsigned int n = 0; n < 8; n++)
		bits |= apic_read(cpu, first_reg + n);
	return bits != 0;
}

/*
 * Vectors in service end by EOI. Requested ones can only be withdrawn by a reset of the APIC, which
 * QEMU before 9.0 does not come back from; so they are taken, highest first, and dropped. Works on
 * every machine. The bound allows each vector to be in service, requested, and in service again;
 * what a device goes on to send after that is for the new owner.
 */
static void drop_interrupts(struct percpu *cpu)
{
	for (unsigned int n = 0; n < 3 * 256; n++) {
		if (any_set(cpu, APIC_ISR))
			apic_write(cpu, APIC_EOI, 0);
		else if (any_set(cpu, APIC_IRR))
			vcpu_take_interrupts(cpu);
		else
			break;
	}
}

void apic_clear(struct percpu *cpu)
{
	if (cpuid_ecx(1, 0) & CPUID_1_ECX_TSC_DEADLINE)
		write_msr(MSR_TSC_DEADLINE, 0);
	mask_all(cpu);
	apic_write(cpu, APIC_TPR, 0);
	/* A software-disabled APIC delivers nothing. */
	apic_write(cpu, APIC_SVR, APIC_SVR_ENABLE | APIC_SPURIOUS);
	drop_interrupts(cpu);
	/* The first write shows what has been noted since the last one, the second one clears that, too. */
	apic_write(cpu, APIC_ESR, 0);
	apic_write(cpu, APIC_ESR, 0);
	apic_write(cpu, APIC_TIMER_DIV, APIC_DIVIDE_BY_16);
	apic_write(cpu, APIC_SVR, APIC_SPURIOUS);
}

/* ---- timer frequency ---- */

static unsigned int timer_divider(u32 div)
{
	unsigned int code = (div & 3) | (div >> 1 & 4);

	return code == 7 ? 1 : 2U << code;
}

/* The counter at a moment that is known to half of `blur`, both in ticks of arch_time(). */
struct reading {
	u64 time, blur;
	u32 count;
};

/*
 * The reading that took least time. Whatever gets in between (an SMI, a host that runs something else
 * first) makes a reading take longer, and there is no telling on which side of the count it was.
 */
static struct reading read_counter(struct percpu *cpu)
{
	struct reading best = { .blur = ~0ULL };

	for (unsigned int n = 0; n < NUM_READINGS; n++) {
		u64 before = arch_time();
		u32 count = apic_read(cpu, APIC_TIMER_COUNT);
		u64 blur = arch_time() - before;

		if (blur < best.blur)
			best = (struct reading){ before + blur / 2, blur, count };
	}
	return best;
}

/* What counts is the time between the two readings, which may be much more than was asked for. */
static u32 count_khz(struct percpu *cpu)
{
	u64 duration = (u64)MEASURE_MS * cpu->machine->tsc_khz;
	struct reading first, last;

	apic_write(cpu, APIC_TIMER_DIV, APIC_DIVIDE_BY_16);
	apic_write(cpu, APIC_TIMER_INIT, ~0U);
	first = read_counter(cpu);
	while (arch_time() - first.time < duration)
		arch_relax();
	last = read_counter(cpu);
	return (u32)((u64)(first.count - last.count) * 16 * cpu->machine->tsc_khz / (last.time - first.time));
}

u32 apic_measure_khz(struct percpu *cpu)
{
	u32 lvt, div, init, count, khz;
	u64 passed;

	if (cpuid_ecx(1, 0) & CPUID_1_ECX_TSC_DEADLINE)
		return 0;
	lvt = apic_read(cpu, APIC_LVT_TIMER);
	div = apic_read(cpu, APIC_TIMER_DIV);
	init = apic_read(cpu, APIC_TIMER_INIT);
	count = apic_read(cpu, APIC_TIMER_COUNT);

	apic_write(cpu, APIC_LVT_TIMER, TIMER_MASKED_ONE_SHOT);
	khz = count_khz(cpu);

	/*
	 * A one-shot goes on with what is left of it, a period starts again. A one-shot that has run out fires once
	 * more: in QEMU its interrupt may still be to come, and would be lost. Linux takes it for an early one.
	 */
	passed = (u64)(~0U - apic_read(cpu, APIC_TIMER_COUNT)) * 16 / timer_divider(div);
	if (TIMER_MODE(lvt) != TIMER_PERIODIC && init != 0)
		init = count > passed ? count - (u32)passed : 1;
	apic_write(cpu, APIC_TIMER_DIV, div);
	apic_write(cpu, APIC_LVT_TIMER, lvt & ~APIC_LVT_READ_ONLY);
	apic_write(cpu, APIC_TIMER_INIT, init);
	return khz;
}
