/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the files of the IVSHMEM unit share. */
#ifndef CORE_IVSHMEM_INTERNAL_H
#define CORE_IVSHMEM_INTERNAL_H

#include <jailhouse/ivshmem.h>
#include <hypervisor/ivshmem.h>
#include "pci-internal.h"

#define IVSHMEM_PEERS	JAILHOUSE_IVSHMEM_MAX_PEERS
#define IVSHMEM_VECTORS JAILHOUSE_IVSHMEM_MAX_VECTORS
#define MSIX_WORDS	4 /* of a vector */

/*
 * One end of a link. The lock guards the shadows of registers and, for whoever looks at it, peers[]: a peer that leaves
 * takes the lock of each other one, and then nobody is in the middle of interrupting it. Of another device, only what
 * is marked atomic is touched.
 */
struct ivshmem_device {
	const struct jailhouse_pci_device *config; /* first, see pci_bisect() */
	struct cell *cell;
	spinlock_t lock;
	bool fresh;		/* first of its link: its memory has never been used */
	bool stale;		/* a message was refused, and may be valid by now */
	u16 vectors;		/* of MSI-X, or 1 */
	u32 int_control;	/* atomic */
	u32 oneshot;		/* atomic */
	u32 state;
	u32 notice_time;	/* of the last interrupt for a change of state; atomic */
	u32 notice_waiting;	/* a CPU waits to send the next one; atomic */
	struct ivshmem_device *peers[IVSHMEM_PEERS]; /* by their ids, with this one */
	u32 irq[IVSHMEM_VECTORS]; /* ready to be raised; atomic */
	u32 command;
	u32 msix_control;	/* MSIX_WRITABLE bits of the capability's first word */
	u32 bar[PCI_NUM_BARS];
	u32 window[2];		/* where BAR 0 and 1 are decoded now, 0: nowhere */
	u32 msix[IVSHMEM_VECTORS * MSIX_WORDS];
};

struct ivshmem_cell {
	unsigned int pages;
	unsigned int count;
	struct ivshmem_device devices[]; /* by bdf */
};

static inline unsigned int ivshmem_pin(const struct ivshmem_device *dev)
{
	return (dev->config->bdf >> 3 & 3) + 1;
}

/* Section n of the link as the cell's configuration has it: 0 state table, 1 common, 2 + k output of peer k. */
static inline const struct jailhouse_memory *ivshmem_region(const struct cell *cell,
							    const struct jailhouse_pci_device *config, unsigned int n)
{
	return jailhouse_cell_mem_regions(cell->config) + config->shmem_regions_start + n;
}

/* ---- ivshmem-device.c ---- */

enum mmio_result ivshmem_register(struct percpu *cpu, void *arg, struct mmio_access *access);
enum mmio_result ivshmem_msix(struct percpu *cpu, void *arg, struct mmio_access *access);
/*
 * Makes irq[] of what is programmed, with the device locked. The number of a vector whose message leaves the cell,
 * IVSHMEM_VECTORS if all are good.
 */
unsigned int ivshmem_update_irqs(struct ivshmem_device *dev);
/* What follows a bad vector, with nothing locked. False: violation() has been called. */
bool ivshmem_check_update(struct percpu *cpu, struct ivshmem_device *dev, unsigned int bad);
/* Nobody interrupts the device's cell by it any more, when it has returned. */
void ivshmem_settle(struct ivshmem_device *dev);
/* State of the device, its entry of the table, and the news for all others; with `patient`, not too often. */
void ivshmem_set_state(struct percpu *cpu, struct ivshmem_device *dev, u32 state, bool patient);

#endif /* !CORE_IVSHMEM_INTERNAL_H */
