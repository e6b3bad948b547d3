/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The IVSHMEM devices of this cell. Everything that a device says is checked. All of it is for one
 * CPU, the one that calls ivshmem_irq_init().
 */
#ifndef INMATE_IVSHMEM_H
#define INMATE_IVSHMEM_H

#include <inmate.h>
#include <jailhouse/ivshmem.h>

#include "ivshmem-layout.h"

/**
 * struct ivshmem - a device
 * @bdf: its address
 * @vectors: interrupts of this cell that it may raise, 1 if it has no MSI-X
 * @irq: what the first of them is for this CPU, as soon as they come to it
 * @regs: its registers
 * @regs_size: bytes of them, and of the MSI-X table behind them
 * @at: own id, number of peers, and where its memory is
 */
struct ivshmem {
	u16 bdf;
	u32 vectors;
	u32 irq;
	char *regs;
	unsigned long regs_size;
	struct ivshmem_layout at;
};

/**
 * ivshmem_find() - search a device
 * @protocol: JAILHOUSE_SHMEM_PROTO_* of <jailhouse/cell-config.h>
 *
 * Return: its address, or -1
 */
int ivshmem_find(u16 protocol);

/**
 * ivshmem_open() - give a device addresses, and map all of it
 * @link: receives what is known of it
 * @bdf: the device
 *
 * Registers are put to 0xff000000 and above, where a cell has nothing else: BAR 0, and behind it
 * BAR 1. One-shot mode is on, interrupts are off.
 *
 * Return: NULL, or the name of what is wrong with it.
 */
const char *ivshmem_open(struct ivshmem *link, u16 bdf);

/**
 * ivshmem_irq_handle() - let interrupts of a device come to this CPU
 * @link: device, open. Of its vectors, the first @vectors are used, which may be lowered before.
 * @first: the vector (x86) or interrupt id (ARM) that the first one becomes. 0: the usual one
 * @handler: for irq_init(); gets @link->irq and those behind it
 *
 * Leaves interrupts off.
 */
void ivshmem_irq_handle(struct ivshmem *link, unsigned int first, irq_handler_t handler);

/** ivshmem_irq_init() - the same with a handler that does nothing: interrupts only end irq_wait() */
void ivshmem_irq_init(struct ivshmem *link);

/** ivshmem_arm() - enable the next interrupt. Events before are lost: look at the memory behind
 * this */
static inline void ivshmem_arm(const struct ivshmem *link)
{
	mmio_write32(link->regs + JAILHOUSE_IVSHMEM_REG_INT_CTRL, JAILHOUSE_IVSHMEM_INT_ENABLE);
}

/** ivshmem_set_state() - tell the own state to all peers */
static inline void ivshmem_set_state(const struct ivshmem *link, u32 state)
{
	mmio_write32(link->regs + JAILHOUSE_IVSHMEM_REG_STATE, state);
}

/** ivshmem_ring() - interrupt a peer, which sees all that was written before. @vector: 0 without
 * MSI-X */
static inline void ivshmem_ring(const struct ivshmem *link, u32 peer, u32 vector)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	mmio_write32(link->regs + JAILHOUSE_IVSHMEM_REG_DOORBELL,
		     JAILHOUSE_IVSHMEM_DOORBELL(peer, vector));
}

/** ivshmem_state() - where the state of a peer stands */
static inline const volatile u32 *ivshmem_state(const struct ivshmem *link, u32 peer)
{
	return (const volatile u32 *)(unsigned long)link->at.state + peer;
}

/** ivshmem_output() - the output section of a peer; only the own one can be written */
static inline void *ivshmem_output(const struct ivshmem *link, u32 peer)
{
	return (void *)(unsigned long)(link->at.outputs + peer * link->at.output_size);
}

#endif /* !INMATE_IVSHMEM_H */
