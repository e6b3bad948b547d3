/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Interrupts of an IVSHMEM device, as the architecture has them. */
#ifndef NET_IRQ_H
#define NET_IRQ_H

#include <inmate.h>

/**
 * net_irq_init() - let all interrupts of a device come to this CPU
 * @bdf: device, with its BARs in place
 *
 * Return: the vector of doorbells for frames
 */
u32 net_irq_init(u16 bdf);

/* net_irq_wait() - sleep until an interrupt comes. Interrupts are off before and after, so that none is missed. */
void net_irq_wait(void);

#endif /* !NET_IRQ_H */
