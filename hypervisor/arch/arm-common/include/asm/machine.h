/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The architecture's part of machine, CPU and cell on both ARM architectures. */
#ifndef ASM_MACHINE_H
#define ASM_MACHINE_H

#include <hypervisor/base.h>
#include <hypervisor/paging.h>
#include <asm/regs.h> /* struct guest_regs */

struct percpu;
struct gic_ops;

/* Interrupt ids of the distributor; 1020 and up have special meanings. */
#define GIC_MAX_IRQS  1020
#define GIC_IRQ_WORDS ((GIC_MAX_IRQS + 31) / 32)

/* What PSCI says of a CPU. A violation does not change it; CPU_ON is denied then (percpu.failed). */
enum cpu_power {
	CPU_ON,
	CPU_OFF,
	CPU_ON_PENDING, /* CPU_ON has been called, the CPU has not left the hypervisor yet */
	CPU_ON_CLAIMED, /* the same, and the caller has yet to say where it begins */
};

/* See gic.h; what a CPU's part of the interrupt controller needs. */
struct gic_percpu {
	u8 *redist;		/* GICv3: its frame of the mapped redistributors */
	u8 interface;		/* GICv2: number of the CPU interface */
	u8 num_ap;		/* GICv3: registers for active priorities */
	u8 lowest_mask;		/* GICv3: the kick is an FIQ, and PMR never less than this; 0: it is an IRQ */
	bool mask_is_zero;	/* GICv3: as the guest wrote it, when lowest_mask is in PMR */
	bool leaving;		/* while a cell is being created that gets this CPU */
	bool keeps_lpis;	/* GICv3: they cannot be switched off */
	/* What Linux had, to be given back. */
	bool linux_lpis;	/* GICv3: takes message interrupts */
	bool linux_kick_enabled;
	u8 linux_kick_priority;
	u64 linux_sre, linux_ich_hcr;
};

#define WINDOW_PAGES 16 /* of a CPU: those of arch_map_temp() */

struct arch_percpu {
	struct guest_regs *regs; /* on the stack of this CPU while in the hypervisor */
	u64 mpidr;		/* affinity fields only: how PSCI and the GIC name this CPU */
	u32 power;		/* enum cpu_power, atomic */
	u32 parked;		/* waits in the hypervisor instead of running its guest */
	u64 on_entry, on_context; /* of PSCI CPU_ON; valid while CPU_ON_PENDING */
	/*
	 * Each CPU has a top level of stage 2 of its own, above the cell's tables. Taking a CPU back empties it: the
	 * next fetch of the guest faults, whatever the guest has masked. See stage2.c.
	 */
	spinlock_t revoke_lock;
	u32 revoked;
	u64 *stage2_root;
	u64 stage2_root_phys;
	u64 *temp_pte;		/* this CPU's window, see arch_map_temp */
	u8 *temp_base;
	u64 fixup;		/* where the hypervisor goes on after an abort of arch_device_access, 0: nowhere */
	struct gic_percpu gic;
};

/* What the files of the interrupt controller know of it. */
struct gic_machine {
	u8 *gicc;		/* GICv2: mapped CPU interface, the same address for every CPU */
	u8 *gicr;		/* GICv3: mapped redistributors */
	unsigned int gicr_frames;
	u32 gicr_stride;	/* 128 KiB, GICv4 256 KiB */
	unsigned int kick;	/* interrupt id that no guest sees */
	u8 kick_targets;	/* GICv2: CPU interfaces that have not answered yet; under gicd_lock */
	u8 linux_targets, linux_priority; /* GICv2: of the kick */
	u8 priority_step;	/* lowest priority value that is not 0. 0 belongs to the kick. */
	u16 cpu_of_affinity[64]; /* GICv3: a guess of the CPU id, by affinity_hash() */
	/* What Linux had programmed for SPIs that other cells hold. */
	u8 root_priority[GIC_MAX_IRQS];
	u8 root_state[GIC_MAX_IRQS];
};

struct arch_cell {
	u8 vmid;		/* 0 for the root cell */
	u32 irqs[GIC_IRQ_WORDS]; /* what it may use of the distributor, by interrupt id */
};

struct arch_machine {
	struct page_table hv_table;	/* the hypervisor's own page tables */
	u64 remap_next;			/* next free address for arch_map_device */
	unsigned int phys_bits;		/* of guests: the smallest of all CPUs, at most 48 */
	u64 vtcr;
	u32 cures;			/* ARM64: what any of the CPUs needs, see errata.h */
	struct paging_format stage2_format;
	const struct gic_ops *gic;
	struct gic_machine gic_state;
	u8 *gicd;			/* mapped distributor */
	unsigned int num_irqs;		/* interrupt ids of the distributor */
	spinlock_t gicd_lock;		/* read-modify-write of its registers */
};

#endif /* !ASM_MACHINE_H */
