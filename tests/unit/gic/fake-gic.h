/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A model of the interrupt controller, both versions: registers with their effects on each other, and what is
 * signalled to a CPU that waits. Machine and cells are those of fake-devices.h.
 */
#ifndef FAKE_GIC_H
#define FAKE_GIC_H

#include "fake-devices.h"
#include <asm/gic.h>
#include <asm/sysreg-encoding.h>

#define GICD_BASE 0x08000000ULL
#define GICC_BASE 0x08010000ULL
#define GICR_BASE 0x080a0000ULL
#define FRAMES	  5 /* one more than the machine has CPUs */
#define NUM_IRQS  96
#define KICK_PPI  25
#define NO_IRQ	  1023

/* Registers */
#define DS	 0x40 /* GICD_CTLR: one security state */
#define GROUP	 0x080
#define ENABLE	 0x100
#define DISABLE	 0x180
#define PEND	 0x200
#define UNPEND	 0x280
#define ACTIVATE 0x300
#define DEACTIVATE 0x380
#define PRIORITY 0x400
#define TARGETS	 0x800
#define TRIGGER	 0xc00
#define ROUTE	 0x6000
#define FRAME(n) ((u64)(n) * 0x20000)
#define SGI(n)	 (FRAME(n) + 0x10000)

/* 32 interrupts */
struct irq_bank {
	u32 group, enabled, pending, active, line;
	u8 priority[32], targets[32];
	u32 trigger[2];
};

/* Of one CPU */
struct cpu_interface {
	u32 ctlr, pmr, bpr, bpr0, enable, enable0;
	u32 active[4], ns_active[4];
	u64 sre_el1, sre_el2, ich_hcr;
};

struct fake_gic {
	unsigned int version;
	unsigned int cpu;	 /* on which the code runs */
	u32 gicd_ctlr, gicd_typer, pidr2;
	u8 priority_mask;	 /* implemented bits */
	bool no_icc, pmr_fixed;
	u32 secure;		 /* private interrupts that read as zero */
	unsigned int wired;	 /* GICv2: SPI whose line is asserted */
	struct irq_bank spis[3]; /* [0] is not used */
	struct irq_bank own[FRAMES];
	u64 routes[NUM_IRQS];
	u64 typer[FRAMES];
	u32 waker[FRAMES], redist_ctlr[FRAMES];
	u32 redist_fixed;	 /* bits of it that stay once they are set */
	struct cpu_interface interfaces[FRAMES];
	u64 sgis[16];		 /* what was sent: SGI1R, or SGIR */
	unsigned int num_sgis;
	u64 deactivated[16];
	unsigned int num_deactivated;
	unsigned int waits, signalled; /* the last wait: id that would have ended it, or NO_IRQ */
};

extern struct fake_gic gic;
/* The root cell got the first page of the distributor. */
extern bool distributor_readable;

int gic_setup_v3(void **state);
/* With two security states: interrupts of group 0 are not for us. */
int gic_setup_v3_secure(void **state);
int gic_setup_v2(void **state);

/* Does the highest interrupt come as FIQ, and gets through? */
bool gic_fiq(const struct percpu *cpu);

/* Enable on all CPUs, with the root cell holding the interrupts 32 to 95 that `root_irqs` has. */
int gic_enable(const struct jailhouse_irqchip *root_irqs, unsigned int num);
void gic_start(void);
void gic_stop(void);
/* A cell on CPUs 2 and 3. */
int gic_create(struct cell *cell, const struct jailhouse_irqchip *irqs, unsigned int num);
/* Interrupts 40, 41 and 64; the machine with a cell that has them, and the end of both */
extern const struct jailhouse_irqchip cell_irqs;
void start_cell(void);
void stop_cell(void);
const struct gic_ops *ops(void);
/* Fails the test if the CPU interface is not as before. */
void wait_on(struct percpu *cpu, bool guest_irqs);
/* An access of a guest; physical addresses. */
u64 peek(struct percpu *cpu, u64 address, unsigned int size);
enum mmio_result poke(struct percpu *cpu, u64 address, unsigned int size, u64 value);
/* Runs the following on that CPU. */
struct percpu *on(struct percpu *cpu);
/* All but the interrupts of the cell and the private ones of its first CPU are as before. */
void expect_others_unchanged(const struct fake_gic *before);

#define V3_TEST(name) cmocka_unit_test_setup_teardown(name, gic_setup_v3, fake_teardown)
#define V3_SECURE_TEST(name) {#name "_with_two_states", name, gic_setup_v3_secure, fake_teardown, NULL}
#define V2_TEST(name) cmocka_unit_test_setup_teardown(name, gic_setup_v2, fake_teardown)

#endif /* !FAKE_GIC_H */
