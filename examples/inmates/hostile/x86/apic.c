/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Attacks by the local APIC: interrupts to foreign CPUs, and of kinds that no guest may send. */
#include "hostile.h"

#define VECTOR_HARMLESS 0x31

#define ICR_FIXED         (0 << 8)
#define ICR_SMI           (2 << 8)
#define ICR_MODE_RESERVED (3 << 8)
#define ICR_NMI           (4 << 8)
#define ICR_INIT          (5 << 8)
#define ICR_SIPI          (6 << 8)
#define ICR_LOGICAL       (1 << 11)
#define ICR_ALL           (2 << 18)
#define ICR_OTHERS        (3 << 18)
#define ICR_RESERVED_BITS (1 << 13 | 1 << 16 | 1 << 31)

#define X2APIC_LVT_CMCI    0x82f
#define X2APIC_LVT_THERMAL 0x833
#define X2APIC_LVT_PERF    0x834
#define X2APIC_LVT_LINT0   0x835
#define X2APIC_LVT_LINT1   0x836
#define X2APIC_LVT_ERROR   0x837

#define LVT_SMI    (2 << 8)
#define LVT_NMI    (4 << 8)
#define LVT_INIT   (5 << 8)
#define LVT_EXTINT (7 << 8)

#define LOGICAL_ALL_FLAT    0xff
#define LOGICAL_ALL_CLUSTER 0xffff
#define BROADCAST_XAPIC     0xff
#define BROADCAST_X2APIC    0xffffffff

#define MSR_PERF_EVENT0    0xc0010000
#define MSR_PERF_COUNTER0  0xc0010004
#define PERF_COUNT_AND_IRQ 0x530076

#define XAPIC_PAGE 0xfee00000UL
#define XAPIC_TPR  0x80

static unsigned int target(void)
{
	return cmdline_parse_int("target", 0);
}

static void do_ipi(unsigned long dest, unsigned long icr)
{
	apic_send_ipi(dest, icr);
}

static unsigned int denied;

static void send(unsigned int dest, u32 icr)
{
	int vector = trap_call(do_ipi, dest, APIC_LVL_ASSERT | icr);

	if (vector == TRAP_NMI)
		BREACH("an NMI arrived");
	else if (vector != NO_TRAP)
		denied++;
}

static void report(unsigned int sent)
{
	if (!judged)
		SURVIVED("%u sent, %u of them denied by an exception", sent, denied);
}

void icr_wild(void)
{
	send(target(), ICR_FIXED | VECTOR_HARMLESS);
	report(1);
}

void icr_logical(void)
{
	send(LOGICAL_ALL_FLAT, ICR_LOGICAL | ICR_FIXED | VECTOR_HARMLESS);
	send(LOGICAL_ALL_CLUSTER, ICR_LOGICAL | ICR_FIXED | VECTOR_HARMLESS);
	report(2);
}

void icr_broadcast(void)
{
	irq_init(irq_enable); /* does nothing */
	send(0, ICR_OTHERS | ICR_FIXED | VECTOR_HARMLESS);
	send(0, ICR_ALL | ICR_FIXED | VECTOR_HARMLESS);
	send(BROADCAST_XAPIC, ICR_FIXED | VECTOR_HARMLESS);
	send(BROADCAST_X2APIC, ICR_FIXED | VECTOR_HARMLESS);
	send(BROADCAST_XAPIC, ICR_NMI);
	send(BROADCAST_X2APIC, ICR_NMI);
	send(0, ICR_OTHERS | ICR_NMI);
	send(0, ICR_OTHERS | ICR_INIT);
	report(8);
}

/* An NMI that arrives after all is caught as exception 2. */
static void nmi_to_self(unsigned long a, unsigned long b)
{
	(void)a;
	(void)b;
	apic_send_ipi(cpu_id(), APIC_LVL_ASSERT | ICR_NMI);
	delay_us(1000);
}

void icr_nmi(void)
{
	int vector = trap_call(nmi_to_self, 0, 0);

	if (vector == TRAP_NMI)
		BREACH("the NMI arrived");
	else
		SURVIVED("%s", trap_name(vector));
}

void icr_nmi_foreign(void)
{
	send(target(), ICR_NMI);
	report(1);
}

void icr_init_foreign(void)
{
	send(target(), ICR_INIT);
	delay_us(10000);
	send(target(), ICR_SIPI);
	send(target(), ICR_SIPI);
	report(3);
}

void icr_init_self(void)
{
	SURVIVED("parks now");
	apic_send_ipi(cpu_id(), APIC_LVL_ASSERT | ICR_INIT);
	delay_us(1000);
	BREACH("INIT to the own CPU did nothing");
}

void icr_sipi_running(void)
{
	send(cpu_id(), ICR_SIPI);
	send(cpu_id(), ICR_SIPI);
	delay_us(1000);
	report(2);
}

void icr_smi(void)
{
	apic_send_ipi(target(), APIC_LVL_ASSERT | ICR_SMI);
}

void icr_mode(void)
{
	apic_send_ipi(cpu_id(), APIC_LVL_ASSERT | ICR_MODE_RESERVED | VECTOR_HARMLESS);
}

void icr_reserved(void)
{
	apic_send_ipi(cpu_id(), ICR_RESERVED_BITS | VECTOR_HARMLESS);
}

void lvt_smi(void)
{
	apic_write(X2APIC_LVT_PERF, LVT_SMI);
}

void lvt_init(void)
{
	apic_write(X2APIC_LVT_LINT0, LVT_INIT);
}

void lvt_extint(void)
{
	apic_write(X2APIC_LVT_LINT0, LVT_EXTINT);
}

static void do_apic_write(unsigned long reg, unsigned long value)
{
	apic_write(reg, value);
}

/* NMI is a legal mode, but the sources must not get out of hand. */
void lvt_nmi_storm(void)
{
	static const u32 regs[] = {
		X2APIC_LVT_CMCI,  X2APIC_LVT_THERMAL, X2APIC_LVT_PERF,
		X2APIC_LVT_LINT0, X2APIC_LVT_LINT1,
	};
	unsigned int n, refused = 0;

	/* A software-disabled APIC keeps its local interrupts masked. */
	apic_init();
	for (n = 0; n < ARRAY_SIZE(regs); n++)
		if (trap_call(do_apic_write, regs[n], LVT_NMI) != NO_TRAP)
			refused++;
	/* Close to overflow, so that it would happen at once. */
	for (n = 0; n < 4; n++) {
		try_wrmsr(MSR_PERF_COUNTER0 + n, 0xfffffffffff0);
		try_wrmsr(MSR_PERF_EVENT0 + n, PERF_COUNT_AND_IRQ);
	}
	SURVIVED("%u local interrupts set up, %u refused", (unsigned int)ARRAY_SIZE(regs) - refused,
		 refused);
}

void apic_page(void)
{
	map_range((void *)XAPIC_PAGE, PAGE_SIZE, MAP_UNCACHED);
	mmio_write8((void *)(XAPIC_PAGE + XAPIC_TPR), 0);
}

static void send_next(unsigned int vector)
{
	irq_send_ipi(cpu_id(), vector);
}

/* Each interrupt sends the next one before it ends. */
void irq_storm(void)
{
	SURVIVED("storm begins");
	irq_init(send_next);
	enable_irqs();
	irq_send_ipi(cpu_id(), VECTOR_HARMLESS);
	halt();
}
