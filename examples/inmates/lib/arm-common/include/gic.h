/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Generic Interrupt Controller, versions 2 and 3. */
#ifndef INMATE_GIC_H
#define INMATE_GIC_H

#include <inmate.h>
#include <arch/gic.h>

/* Of the distributor; GICv3 has the one for interrupts below 32 in the redistributor, too */
#define GICD_CTLR      0x000
#define GICD_ISENABLER 0x100
#define GICD_ITARGETSR 0x800
#define GICD_SGIR      0xf00

/* Private interrupt of the virtual timer */
#define TIMER_IRQ 27

#define is_sgi_ppi(irq) ((irq) < 32)
#define is_spi(irq)     ((irq) > 31 && (irq) < 1020)

/**
 * struct gic - operations of one version
 * @init: make the registers accessible and switch the interface of this CPU on
 * @enable: enable an interrupt
 * @acknowledge: take the next interrupt; 1020 and above: there is none
 * @end: end an interrupt, given what acknowledge() has returned
 * @send_ipi: raise an SGI on one CPU
 */
struct gic {
	void (*init)(void);
	void (*enable)(unsigned int irq);
	u32 (*acknowledge)(void);
	void (*end)(u32 acknowledged);
	void (*send_ipi)(unsigned int cpu_id, unsigned int irq);
};

extern const struct gic gic_v2;
extern const struct gic gic_v3;

/** gic_enable_bit() - set the bit of an interrupt in the ISENABLER registers at an address */
static inline void gic_enable_bit(unsigned long base, unsigned int irq)
{
	mmio_write32((void *)(base + GICD_ISENABLER + irq / 32 * 4), 1U << (irq % 32));
}

#endif /* !INMATE_GIC_H */
