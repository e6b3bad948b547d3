/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Between the two files of the GICv3: hardware, and what guests see of it. */
#ifndef GIC_V3_H
#define GIC_V3_H

#include <asm/gic-sysregs.h>
#include "gic-internal.h"

/* Redistributor: first frame, then the SGI frame with registers as in the distributor */
#define GICR_CTLR	0x0000
#define GICR_IIDR	0x0004
#define GICR_TYPER	0x0008
#define GICR_STATUSR	0x0010
#define GICR_WAKER	0x0014
#define GICR_PROPBASER	0x0070
#define GICR_PENDBASER	0x0078
#define GICR_PIDR	0xffd0
#define GICR_PIDR2	0xffe8
#define GICR_SGI_FRAME	0x10000

#define GICR_CTLR_LPIS	 (1U << 0)
#define GICR_CTLR_RWP	 (1U << 3)
#define GICR_TYPER_PLPIS (1ULL << 0)
#define GICR_TYPER_VLPIS (1ULL << 1)
#define GICR_TYPER_LAST	 (1ULL << 4)

/* Guess of a CPU id by the affinity: different for neighbours in a cluster, and for clusters. */
static inline unsigned int affinity_hash(u64 mpidr)
{
	return (unsigned int)(mpidr ^ mpidr >> 6 ^ mpidr >> 12 ^ mpidr >> 30) % 64;
}

static inline bool kick_is_fiq(const struct percpu *cpu)
{
	return cpu->arch.gic.lowest_mask;
}

/*
 * Mask 0 would keep an FIQ away, too; the next one lets nothing else through, as no guest has priority 0. Which one it
 * wrote is what it reads: by that, Linux tells whether it has group 0.
 */
static inline void gicv3_mask(struct percpu *cpu, u64 value)
{
	cpu->arch.gic.mask_is_zero = (value & 0xff) < cpu->arch.gic.lowest_mask;
	icc_write_pmr(MAX(value & 0xff, (u64)cpu->arch.gic.lowest_mask));
}

int gicv3_add_windows(struct cell *cell);
void gicv3_remove_windows(struct cell *cell);
enum mmio_result gicv3_distributor(struct percpu *cpu, u32 reg, struct mmio_access *access);

#endif /* !GIC_V3_H */
