/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the files of the interrupt controller share. Sources: Arm IHI 0048B (GICv2), IHI 0069 (GICv3). */
#ifndef GIC_INTERNAL_H
#define GIC_INTERNAL_H

#include <asm/gic.h>

/* Registers of the distributor; those from IGROUPR to ICFGR are in the same places of a redistributor's SGI frame. */
#define GICD_CTLR	0x000
#define GICD_TYPER	0x004
#define GICD_IIDR	0x008
#define GICD_TYPER2	0x00c
#define GICD_IGROUPR	0x080
#define GICD_ISENABLER	0x100
#define GICD_ICENABLER	0x180
#define GICD_ISPENDR	0x200
#define GICD_ICPENDR	0x280
#define GICD_ISACTIVER	0x300
#define GICD_ICACTIVER	0x380
#define GICD_IPRIORITYR 0x400
#define GICD_ITARGETSR	0x800
#define GICD_ICFGR	0xc00
#define GICD_SGIR	0xf00	/* GICv2 */
#define GICD_CPENDSGIR	0xf10	/* GICv2 */
#define GICD_IROUTER	0x6000	/* GICv3 */

#define GICD_CTLR_DS	(1U << 6)
#define GICD_CTLR_DS_GROUP0 (GICD_CTLR_DS | 1U)
#define GICD_CTLR_ARE	(1U << 4)
#define GICD_CTLR_RWP	(1U << 31)
#define GICD_TYPER_LPIS (1U << 17)
#define GICD_TYPER_ESPI (1U << 8)

#define GICV2_GICD_SIZE 0x1000
#define GICV3_GICD_SIZE 0x10000
#define GICV3_FRAME	0x10000 /* a redistributor has two, GICv4 four of them */
#define GICC_SIZE	0x2000
#define GICH_SIZE	0x2000

#define FIRST_PPI 16
#define FIRST_SPI 32

static inline const struct jailhouse_platform_arm *gic_platform(const struct machine *m)
{
	return &m->config->platform_info.arm;
}

/*
 * What interrupts get at a reset: guests that never set priorities have to let it through with any mask they use, and
 * it has to differ from that of the kick with the binary points they use.
 */
static inline u8 gic_default_priority(const struct machine *m)
{
	return (u8)MAX((unsigned int)m->arch.gic_state.priority_step, 0x10U);
}

/* Does the configuration list this SPI? */
bool gic_config_lists(const struct machine *m, const struct jailhouse_cell_desc *config, unsigned int irq);
/* The window of the distributor. */
enum mmio_result gicd_access(struct percpu *cpu, void *arg, struct mmio_access *access);

/*
 * Accesses of a guest to registers of the distributor or an SGI frame at `base`; `owned` are the interrupts that it
 * may touch, from the first one of the register on, a bit for each.
 */
void gic_priority_access(const struct machine *m, u8 *base, u32 reg, u32 owned, struct mmio_access *access);
void gic_trigger_access(struct machine *m, u8 *base, u32 reg, u32 owned, struct mmio_access *access);

/* IGROUPR to ICACTIVER. Aligned accesses of 32 bits only. */
static inline void gic_bits_access(u8 *base, u32 reg, u32 owned, struct mmio_access *access)
{
	if (!access->write)
		access->value = mmio_read32(base, reg) & owned;
	/* Nobody leaves group 1: as group 0, the interrupt would come as an FIQ. */
	else if (reg >= GICD_ISENABLER && (access->value & owned))
		mmio_write32(base, reg, (u32)access->value & owned);
}

/* The guest has sent an interrupt out of its cell, `target` as it has written it. */
enum mmio_result gic_bad_route(struct percpu *cpu, unsigned int irq, struct mmio_access *access);

/* Until a disable, or any other write to which this bit belongs, has taken effect. */
static inline void gic_wait_done(const u8 *base, u32 reg, u32 bit)
{
	/* At once or after some writes of others; the limit is for broken hardware only. */
	for (unsigned int n = 0; n < 1000000 && mmio_read32(base, reg) & bit; n++)
		arch_relax();
}

/* May a guest on this CPU deactivate this interrupt? */
static inline bool gic_may_deactivate(const struct percpu *cpu, unsigned int irq)
{
	if (irq < FIRST_SPI)
		return irq != cpu->machine->arch.gic_state.kick;
	return gic_cell_has_irq(cpu->cell, irq);
}

#endif /* !GIC_INTERNAL_H */
