/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Attacks on interrupts of others through distributor, redistributors and CPU interface. */
#include "hostile.h"

#define DEFAULT_PIN 200

#define GICD_IGROUPR    0x080
#define GICD_ISPENDR    0x200
#define GICD_ICENABLER  0x180
#define GICD_IPRIORITYR 0x400
#define GICD_ICFGR      0xc00
#define GICD_IGRPMODR   0xd00
#define GICD_NSACR      0xe00
#define GICD_CPENDSGIR  0xf10
#define GICD_IROUTER    0x6000
#define NUM_IRQS        1020
#define ROUTE_ANY       (1ULL << 31)

#define GICR_SIZE       0x20000
#define GICR_SGI_FRAME  0x10000
#define GICR_TYPER      0x0008
#define GICR_PIDR       0xffd0

#define GICC_CTLR 0x00
#define GICC_PMR  0x04
#define GICC_EOIR 0x10
#define GICC_AEOIR 0x24
#define GICC_DIR  0x1000
#define GICC_EOIMODE 0x201 /* on, EOI drops the priority only */

#define SGI1R_ALL      (1ULL << 40)

#define ALL_CPUS 0xffff

#define SECTIONS	 100
#define SECTION_MASK	 0x80
#define SECTION_PRIORITY 0xa0
#define LONG_TICKS	 0x7fffffff

unsigned int own_pin(void)
{
	return cmdline_parse_int("pin", DEFAULT_PIN);
}

static void *mapped(unsigned long base, unsigned long size, unsigned int reg)
{
	static unsigned long done[4];
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(done) && done[n] != base; n++) {
		if (done[n])
			continue;
		map_range((void *)base, size, MAP_UNCACHED);
		done[n] = base;
		break;
	}
	return (void *)(base + reg);
}

void *gicd(unsigned int reg)
{
	return mapped(comm_region->gicd_base, 0x10000, reg);
}

void *gicc(unsigned int reg)
{
	return mapped(comm_region->gicc_base, 0x2000, reg);
}

/* The lab's machines number their frames as MPIDR does. */
static unsigned long frame_of(unsigned int cpu)
{
	return (unsigned long)mapped(comm_region->gicr_base, MACHINE_CPUS * GICR_SIZE, 0) + cpu * GICR_SIZE;
}

unsigned long private_interrupts(void)
{
	return is_gicv3() ? frame_of(cpu_id()) + GICR_SGI_FRAME : (unsigned long)gicd(0);
}

static u32 own_bits(unsigned int word)
{
	return word == own_pin() / 32 ? 1U << own_pin() % 32 : 0;
}

static u32 expect_bits(const char *what, unsigned int number, u32 value, u32 allowed)
{
	if (value & ~allowed)
		BREACH("%s %u reads 0x%x", what, number, value);
	return value;
}

/* IGROUPR to ICACTIVER: all shared interrupts but the own one */
void gicd_bits(void)
{
	unsigned int reg, word;

	for (reg = GICD_IGROUPR; reg < GICD_IPRIORITYR; reg += 4) {
		word = reg % 0x80 / 4;
		/* Those of this CPU are another matter. */
		if (word == 0)
			continue;
		mmio_write32(gicd(reg), ~own_bits(word));
		expect_bits("register", reg, mmio_read32(gicd(reg)), own_bits(word));
	}
	if (!judged)
		SURVIVED("foreign bits read 0");
}

void gicd_priorities(void)
{
	unsigned int irq;
	u8 value;

	for (irq = 32; irq < NUM_IRQS; irq++) {
		if (irq == own_pin())
			continue;
		mmio_write8(gicd(GICD_IPRIORITYR + irq), 0xff);
		value = mmio_read8(gicd(GICD_IPRIORITYR + irq));
		expect_bits("priority", irq, value, 0);
	}
	for (irq = 2; irq < 64; irq++) {
		mmio_write32(gicd(GICD_ICFGR + irq * 4), ~0U);
		expect_bits("trigger", irq, mmio_read32(gicd(GICD_ICFGR + irq * 4)),
			    irq == own_pin() / 16 ? 3U << own_pin() % 16 * 2 : 0);
	}
	if (!judged)
		SURVIVED("foreign priorities read 0");
}

/* All that is not per interrupt. The distributor must stay on. */
void gicd_control(void)
{
	u32 before = mmio_read32(gicd(GICD_CTLR)), after;
	unsigned int reg;

	mmio_write32(gicd(GICD_CTLR), 0);
	mmio_write64(gicd(GICD_CTLR), 0);
	mmio_write8(gicd(GICD_CTLR), 0);
	after = mmio_read32(gicd(GICD_CTLR));
	if (!before || before != after)
		BREACH("the control register was 0x%x and is 0x%x", before, after);
	for (reg = 4; reg < GICD_IGROUPR; reg += 4)
		mmio_write32(gicd(reg), ~0U);
	for (reg = GICD_IGRPMODR; reg < 0x1000; reg += 4)
		if (reg != GICD_SGIR)
			mmio_write32(gicd(reg), ~0U);
	if (!judged)
		SURVIVED("it stays 0x%x", after);
}

static void route(unsigned int irq, u64 target)
{
	if (is_gicv3())
		mmio_write64(gicd(GICD_IROUTER + irq * 8), target);
	else
		mmio_write8(gicd(GICD_ITARGETSR + irq), 1U << target);
}

void route_foreign(void)
{
	unsigned int irq;
	u64 value;

	for (irq = 32; irq < NUM_IRQS; irq++) {
		if (irq == own_pin())
			continue;
		route(irq, cpu_id());
		value = is_gicv3() ? mmio_read64(gicd(GICD_IROUTER + irq * 8)) :
				     mmio_read8(gicd(GICD_ITARGETSR + irq));
		if (value) {
			BREACH("route of %u reads 0x%llx", irq, value);
			return;
		}
	}
	SURVIVED("foreign routes read 0");
}

void route_out(void)
{
	route(own_pin(), 0);
	BREACH("the own interrupt goes to CPU 0");
}

void route_any(void)
{
	mmio_write64(gicd(GICD_IROUTER + own_pin() * 8), ROUTE_ANY);
	BREACH("the own interrupt goes to any CPU");
}

void route_nowhere(void)
{
	mmio_write64(gicd(GICD_IROUTER + own_pin() * 8), ~ROUTE_ANY);
	BREACH("the own interrupt goes to no CPU");
}

void route_wide(void)
{
	/* Four interrupts, the own one among them, to all CPUs */
	mmio_write32(gicd(GICD_ITARGETSR + (own_pin() & ~3U)), ~0U);
	BREACH("the own interrupt goes to all CPUs");
}

/* In the only security state it would come as FIQ. */
void group_0(void)
{
	unsigned int word = own_pin() / 32 * 4;

	mmio_write32(gicd(GICD_IGROUPR + word), 0);
	mmio_write32((void *)(private_interrupts() + GICD_IGROUPR), 0);
	mmio_write32(gicd(GICD_ISENABLER + word), own_bits(own_pin() / 32));
	mmio_write32(gicd(GICD_ISPENDR + word), own_bits(own_pin() / 32));
	SURVIVED("the own interrupt is pending in group 0, if it can be");
}

static u32 next_random(u32 value)
{
	value ^= value << 13;
	value ^= value >> 17;
	return value ^ value << 5;
}

/* Of all sizes, everywhere but where the own interrupt is routed */
void gicd_random(void)
{
	u32 value = 0x6a61696c;
	unsigned int n, reg, route_reg;

	for (n = 0; n < 10000; n++) {
		value = next_random(value);
		reg = value >> 8 & 0xffff;
		if (!is_gicv3())
			reg &= 0xfff;
		route_reg = is_gicv3() ? GICD_IROUTER + own_pin() * 8 : GICD_ITARGETSR + own_pin();
		if (reg / 8 == route_reg / 8)
			continue;
		if (value & 1)
			mmio_write32(gicd(reg & ~3U), value);
		else if (value & 2)
			mmio_write64(gicd(reg & ~7U), value);
		else if (value & 4)
			mmio_write8(gicd(reg), value);
		else
			mmio_read32(gicd(reg & ~3U));
	}
	SURVIVED("%u accesses", n);
}

/* ---- redistributors ---- */

void gicr_foreign(void)
{
	unsigned int cpu, reg;
	unsigned long frame;

	for (cpu = 0; cpu < MACHINE_CPUS; cpu++) {
		frame = frame_of(cpu);
		if (cpu == cpu_id())
			continue;
		for (reg = 0; reg < GICR_SIZE; reg += reg % 0x1000 < 0x100 || reg >= GICR_SGI_FRAME ? 4 : 0x100) {
			mmio_write32((void *)(frame + reg), ~0U);
			if (reg >= 0x10 && (reg < GICR_PIDR || reg >= GICR_SGI_FRAME))
				expect_bits("register", reg, mmio_read32((void *)(frame + reg)), 0);
			if (reg >= GICR_SGI_FRAME + 0x1000)
				break;
		}
	}
	if (!judged)
		SURVIVED("foreign redistributors read 0");
}

/* The way the hypervisor reaches this CPU */
void gicr_sleep(void)
{
	unsigned long frame = frame_of(cpu_id());
	unsigned int reg;

	for (reg = 0; reg < 0x100; reg += 4)
		mmio_write32((void *)(frame + reg), ~0U);
	for (reg = GICD_IGROUPR; reg < 0xe00; reg += 4)
		mmio_write32((void *)(private_interrupts() + reg), reg == GICD_ISENABLER ? 0 : ~0U);
	mmio_write32((void *)(private_interrupts() + GICD_ICENABLER), ~0U);
	sleep_for_ever();
}

/* The interrupt by which the hypervisor kicks: private on GICv3 (25), the last one on GICv2 (287) */
void kick_forge(void)
{
	unsigned int kick = cmdline_parse_int("kick", is_gicv3() ? 25 : 287), word = kick / 32 * 4;
	unsigned long base = is_gicv3() ? private_interrupts() : (unsigned long)gicd(0);
	u32 bit = 1U << kick % 32;

	mmio_write8((void *)(base + GICD_IPRIORITYR + kick), 0xff);
	mmio_write32((void *)(base + GICD_ISENABLER + word), bit);
	mmio_write32((void *)(base + GICD_ISPENDR + word), bit);
	if (mmio_read32((void *)(base + GICD_ISPENDR + word)) & bit)
		BREACH("the kick is pending");
	mmio_write32((void *)(base + GICD_ICENABLER + word), bit);
	if (!judged)
		SURVIVED("the kick cannot be seen");
}

/* ---- SGIs ---- */

static void send_all_forms(u64 id)
{
	u64 fields = id << 24, affinity;

	arm_write_sysreg(ICC_SGI1R_EL1, fields | ALL_CPUS);
	arm_write_sysreg(ICC_SGI1R_EL1, fields | SGI1R_ALL);
	arm_write_sysreg(ICC_SGI1R_EL1, fields | SGI1R_ALL | ~0xfULL << 24);
	for (affinity = 0; affinity < 16; affinity++) {
		arm_write_sysreg(ICC_SGI1R_EL1, fields | affinity << 44 | ALL_CPUS);
		arm_write_sysreg(ICC_SGI1R_EL1, fields | affinity << 16 | ALL_CPUS);
		arm_write_sysreg(ICC_SGI1R_EL1, fields | affinity << 32 | ALL_CPUS);
		arm_write_sysreg(ICC_SGI1R_EL1, fields | affinity << 48 | 1 << affinity);
	}
	arm_write_sysreg(ICC_SGI0R_EL1, fields | ALL_CPUS);
	arm_write_sysreg(ICC_SGI0R_EL1, fields | SGI1R_ALL);
	arm_write_sysreg(ICC_ASGI1R_EL1, fields | ALL_CPUS);
	arm_write_sysreg(ICC_ASGI1R_EL1, fields | SGI1R_ALL);
}

static void send_distributor(u32 id)
{
	u32 filter, security;

	for (security = 0; security < 2; security++)
		for (filter = 0; filter < 4; filter++)
			mmio_write32(gicd(GICD_SGIR), filter << 24 | 0xff << 16 | security << 15 | id);
}

/* Those that Linux does not use would be reported by it, others reschedule, stop or crash a CPU. */
void sgi_foreign(void)
{
	unsigned int id, n;

	for (id = 0; id < 16; id++) {
		if (is_gicv3())
			send_all_forms(id);
		send_distributor(id);
		for (n = 0; n < 32; n += 4)
			mmio_write32(gicd(GICD_CPENDSGIR + n), ~0U);
	}
	SURVIVED("all are sent");
}

static void endless(unsigned int irq)
{
	(void)irq;
	irq_send_ipi(cpu_id(), 1);
}

void sgi_storm(void)
{
	irq_init(endless);
	irq_send_ipi(cpu_id(), 1);
	enable_irqs();
	while (1)
		cpu_relax();
}

/* ---- CPU interface ---- */

/* Ends what others may be handling; that they survive is all that can be promised. */
void end_foreign(void)
{
	unsigned int irq;

	if (!is_gicv3())
		mmio_write32(gicc(GICC_CTLR), GICC_EOIMODE);
	else
		arm_write_sysreg(ICC_CTLR_EL1, 2);
	for (irq = 0; irq < 1024; irq++) {
		if (is_gicv3()) {
			arm_write_sysreg(ICC_DIR_EL1, irq);
			arm_write_sysreg(ICC_EOIR1_EL1, irq);
		} else {
			mmio_write32(gicc(GICC_DIR), irq);
			mmio_write32(gicc(GICC_EOIR), irq);
			mmio_write32(gicc(GICC_AEOIR), irq);
		}
	}
	if (is_gicv3())
		arm_write_sysreg(ICC_CTLR_EL1, 0);
	else
		mmio_write32(gicc(GICC_CTLR), 1);
	for (irq = 0; irq < 1024; irq++) {
		if (is_gicv3())
			arm_write_sysreg(ICC_EOIR1_EL1, irq);
		else
			mmio_write32(gicc(GICC_EOIR), irq);
	}
	SURVIVED("all are ended");
}

static volatile unsigned int taken;

static void take_one(unsigned int irq)
{
	(void)irq;
	taken++;
	timer_start(LONG_TICKS);
}

static u32 set_mask(u32 mask)
{
	u32 value;

	if (!is_gicv3()) {
		mmio_write32(gicc(GICC_PMR), mask);
		return mmio_read32(gicc(GICC_PMR));
	}
	arm_write_sysreg(ICC_PMR_EL1, mask);
	instruction_barrier();
	arm_read_sysreg(ICC_PMR_EL1, value);
	return value;
}

/* As an RTOS does it: with interrupts on, the mask alone keeps the timer's away. It waits, and is not lost. */
void mask_section(void)
{
	unsigned int n;

	irq_init(take_one);
	mmio_write8((void *)(private_interrupts() + GICD_IPRIORITYR + TIMER_IRQ), SECTION_PRIORITY);
	irq_enable(TIMER_IRQ);
	enable_irqs();
	for (n = 0; n < SECTIONS && !judged; n++) {
		taken = 0;
		if (set_mask(SECTION_MASK) != SECTION_MASK)
			UNEXPECTED("the mask cannot be read back");
		timer_start(0);
		delay_us(1000);
		if (taken)
			BREACH("interrupt in a section that masks it");
		set_mask(0xf0);
		delay_us(1000);
		if (taken != 1)
			UNEXPECTED("%u interrupts behind the section", taken);
	}
	if (!judged)
		SURVIVED("%u sections", n);
}

void gicc_second_page(void)
{
	unsigned int reg;

	for (reg = GICC_DIR + 4; reg < 0x2000; reg += 4) {
		mmio_write32(gicc(reg), ~0U);
		expect_bits("register", reg, mmio_read32(gicc(reg)), 0);
	}
	if (!judged)
		SURVIVED("the second page reads 0");
}
