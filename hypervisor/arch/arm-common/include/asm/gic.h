/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The interrupt controller: contract between its files (gic.c, gic-v2.c, gic-v3.c) and those of the CPU.
 *
 * Guests take and end their interrupts directly (HCR.IMO = 0), nothing of that exits. The hypervisor keeps for
 * itself: who holds which SPI (distributor and redistributors are trapped and filtered), where SGIs go, and one
 * interrupt id, the kick, with which a CPU in WFI is woken. It is enabled only while a CPU is being taken back. On
 * ARM64 with a GICv3 of one security state it is an FIQ, of which guests have none, and goes to EL2 (HCR.FMO = 1).
 * Sources: Arm IHI 0048B (GICv2), IHI 0069 (GICv3).
 */
#ifndef ASM_GIC_H
#define ASM_GIC_H

#include <hypervisor/machine.h>
#include <asm/mmio-access.h>

struct unit;
extern const struct unit irqchip_unit;

/* What differs between the versions. All functions that take a percpu run on that CPU unless stated otherwise. */
struct gic_ops {
	u64 gicd_size; /* of the distributor's window, a power of two */
	/* Once, before cpu_init of all: finds and maps what is common. The configuration has been checked. */
	int (*init)(struct machine *m);
	/* Takes a common kick (GICv2) when all CPUs are initialized, and gives it back. May be NULL. */
	void (*take_kick)(struct machine *m);
	void (*give_kick)(struct machine *m);
	/*
	 * Finds this CPU's part of the controller, checks that the kick can be used, and makes the CPU interface trap
	 * what has to trap (GICv3: ICH_HCR_EL2.TC, TALL0, ICC_SRE_EL2). Linux' interrupts stay as they are. Undone by
	 * cpu_exit. REFUSE with the reason.
	 */
	int (*cpu_init)(struct percpu *cpu);
	void (*cpu_exit)(struct percpu *cpu);
	/*
	 * As after reset: interface closed, running priority dropped (active priorities cleared), PPIs and SGIs
	 * disabled, not pending, not active, at one high priority; SGIs enabled.
	 */
	void (*cpu_reset)(struct percpu *cpu);
	/* The CPU is switched on again, in the cell that it belongs to. May be NULL. */
	void (*cpu_on)(struct percpu *cpu);
	/* on: any other. Enables the kick at the target and sets it pending. */
	void (*kick)(struct percpu *target);
	/* Disables the kick on this CPU and takes it back if it is still pending. */
	void (*kick_end)(struct percpu *cpu);
	/*
	 * Waits in WFI until the kick comes, or, with `guest_irqs`, until an interrupt that the guest lets through. The
	 * CPU interface is opened for the kick meanwhile, whatever the guest has done to it, and is afterwards as it
	 * was. May return early. The caller has seen no request; one that comes meanwhile is not lost.
	 */
	void (*wait)(struct percpu *cpu, bool guest_irqs);
	/* The cell's windows besides the distributor's, at cell_init. */
	int (*add_windows)(struct cell *cell);
	void (*remove_windows)(struct cell *cell);
	/* SPI `irq` goes to that CPU. on: any. */
	void (*route)(struct machine *m, unsigned int irq, const struct percpu *target);
	/* Can it reach a CPU that leaves its cell (gic_percpu.leaving)? */
	bool (*leaves)(const struct machine *m, unsigned int irq);
	/* Distributor registers that only one version has. Same results as a window's handler. */
	enum mmio_result (*distributor)(struct percpu *cpu, u32 reg, struct mmio_access *access);
};

extern const struct gic_ops gicv2_ops, gicv3_ops;

/*
 * gic.c: chooses the ops by the configuration, maps the distributor, calls ops->init. There is nothing to undo: what it
 * has mapped ends with the hypervisor's tables.
 */
int gic_init(struct machine *m);

/*
 * The n-th physical range that no cell may map; false at the end of the list. Valid from the start, by the
 * configuration; once gic_init has seen the hardware, redistributors of CPUs that do not belong to the system are in,
 * too.
 */
bool gic_range(const struct machine *m, unsigned int n, u64 *start, u64 *size);

static inline void gic_wait(struct percpu *cpu, bool guest_irqs)
{
	cpu->machine->arch.gic->wait(cpu, guest_irqs);
}

/* Holds the cell this SPI (id 32 and up)? SGIs and PPIs belong to every CPU, but for the kick. */
static inline bool gic_cell_has_irq(const struct cell *cell, unsigned int irq)
{
	return irq < GIC_MAX_IRQS && test_bit(irq, cell->arch.irqs);
}

/* Sets an SPI of the cell pending: how virtual devices interrupt. on: any. */
void gic_set_pending(struct machine *m, unsigned int irq);

/*
 * GICv3 system registers that trap: SGI1R, SGI0R, ASGI1R, PMR, CTLR, RPR, DIR (ICH_HCR_EL2.TC), SRE_EL1, and those of
 * group 0 (TALL0), which no guest has: active priorities in it would keep the kick away. `encoding` is
 * SYSREG(op0, op1, CRn, CRm, op2) of <asm/sysreg-encoding.h>, also for the AArch32 forms. False: not one of them, or
 * forbidden. The values of PMR, CTLR, RPR are those of the physical registers, so that masking by priority works.
 */
bool gicv3_read_register(struct percpu *cpu, u32 encoding, u64 *value);
bool gicv3_write_register(struct percpu *cpu, u32 encoding, u64 value);

#endif /* !ASM_GIC_H */
