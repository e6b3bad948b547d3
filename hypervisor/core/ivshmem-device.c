// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Registers and interrupts of an IVSHMEM device while its cell runs. */
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/ivshmem.h>
#include <hypervisor/arch/memory.h>
#include "ivshmem-internal.h"

/*
 * A peer hears of changes of state at most so often. A CPU that comes too early with one waits in the hypervisor for
 * its turn, and sends the interrupt for all changes that others make meanwhile.
 */
#define NOTICES_PER_MS 10

static inline u32 load(const u32 *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static inline void store(u32 *word, u32 value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

/* ---- interrupts ---- */

/* Interrupts a device in peers[] of a device that is locked. */
static inline void deliver(struct percpu *cpu, struct ivshmem_device *to, unsigned int vector)
{
	u32 irq;

	if (vector >= to->vectors || !load(&to->int_control))
		return;
	/* Of several senders, one finds it set. */
	if (load(&to->oneshot) && !__atomic_exchange_n(&to->int_control, 0, __ATOMIC_RELAXED))
		return;
	irq = load(&to->irq[vector]);
	if (irq != IVSHMEM_IRQ_NONE)
		arch_ivshmem_raise(cpu, to->cell, irq);
}

static __attribute__((noinline)) void ring(struct percpu *cpu, struct ivshmem_device *dev, u32 value)
{
	unsigned int target = value >> 16;

	if (target >= IVSHMEM_PEERS)
		return;
	spin_lock(&dev->lock);
	if (dev->peers[target])
		deliver(cpu, dev->peers[target], value & 0xffff);
	spin_unlock(&dev->lock);
}

static void notice(struct percpu *cpu, struct ivshmem_device *to)
{
	store(&to->notice_time, (u32)arch_time());
	__atomic_store_n(&to->notice_waiting, 0, __ATOMIC_SEQ_CST);
	deliver(cpu, to, 0);
}

/* The clock goes round in these 32 bits; what that makes a wait for nothing is short, too. */
static bool too_early(const struct machine *m, u32 last)
{
	return (u32)arch_time() - last < m->tsc_khz / NOTICES_PER_MS;
}

/* News for one peer. Nothing is locked while it waits, so the peer may be gone afterwards. */
static void notify(struct percpu *cpu, struct ivshmem_device *dev, unsigned int id, bool patient)
{
	struct machine *m = dev->cell->machine;
	struct ivshmem_device *to;
	bool wait = false;
	u32 last = 0;

	spin_lock(&dev->lock);
	to = dev->peers[id];
	if (to && load(&to->int_control)) {
		last = load(&to->notice_time);
		wait = patient && too_early(m, last);
		/* Who waits already will interrupt after this change. */
		if (wait && __atomic_exchange_n(&to->notice_waiting, 1, __ATOMIC_SEQ_CST))
			wait = false;
		else if (!wait)
			notice(cpu, to);
	}
	spin_unlock(&dev->lock);
	if (!wait)
		return;

	while (too_early(m, last))
		arch_relax();
	spin_lock(&dev->lock);
	if (dev->peers[id])
		notice(cpu, dev->peers[id]);
	spin_unlock(&dev->lock);
}

void ivshmem_set_state(struct percpu *cpu, struct ivshmem_device *dev, u32 state, bool patient)
{
	u64 entry = ivshmem_region(dev->cell, dev->config, 0)->phys_start + dev->config->shmem_dev_id * sizeof(u32);
	bool changed;
	u32 *word;

	spin_lock(&dev->lock);
	word = (u32 *)((u8 *)arch_map_temp(cpu, entry & PAGE_MASK, 1) + (entry & PAGE_OFFS_MASK));
	__atomic_store_n(word, state, __ATOMIC_SEQ_CST);
	arch_memory_written(word, sizeof(*word));
	changed = dev->state != state;
	dev->state = state;
	spin_unlock(&dev->lock);

	for (unsigned int id = 0; changed && id < IVSHMEM_PEERS; id++)
		if (id != dev->config->shmem_dev_id)
			notify(cpu, dev, id, patient);
}

void ivshmem_settle(struct ivshmem_device *dev)
{
	for (unsigned int id = 0; id < IVSHMEM_PEERS; id++)
		if (dev->peers[id]) {
			spin_lock(&dev->peers[id]->lock);
			spin_unlock(&dev->peers[id]->lock);
		}
}

static u32 msix_irq(const struct ivshmem_device *dev, unsigned int vector)
{
	const u32 *entry = &dev->msix[vector * MSIX_WORDS];

	if (!(dev->command & PCI_CMD_MASTER) || (dev->msix_control & MSIX_WRITABLE) != MSIX_ENABLE ||
	    entry[3] & MSIX_MASKED || !entry[2])
		return IVSHMEM_IRQ_NONE;
	return arch_ivshmem_message(dev->cell, entry[0] | (u64)entry[1] << 32, entry[2]);
}

unsigned int ivshmem_update_irqs(struct ivshmem_device *dev)
{
	unsigned int bad = IVSHMEM_VECTORS;
	u32 irq;

	for (unsigned int n = 0; n < dev->vectors; n++) {
		if (dev->config->num_msix_vectors)
			irq = msix_irq(dev, n);
		else
			irq = dev->command & PCI_CMD_INTX_OFF ? IVSHMEM_IRQ_NONE :
								arch_ivshmem_intx(dev->cell, ivshmem_pin(dev));
		if (irq == IVSHMEM_IRQ_INVALID) {
			irq = IVSHMEM_IRQ_NONE;
			bad = n;
		}
		store(&dev->irq[n], irq);
	}
	dev->stale = bad < IVSHMEM_VECTORS;
	return bad;
}

/* As with physical devices, the root cell just gets no interrupt. */
bool ivshmem_check_update(struct percpu *cpu, struct ivshmem_device *dev, unsigned int bad)
{
	const u32 *entry = &dev->msix[bad * MSIX_WORDS];
	u16 bdf = dev->config->bdf;

	if (bad >= IVSHMEM_VECTORS)
		return true;
	if (cell_is_root(dev->cell)) {
		guest_printk(cpu, "WARNING: ivshmem MSI-X target outside of cell \"%s\" device " BDF_FORMAT "\n",
			     dev->cell->config->name, BDF_ARGS(bdf));
		return true;
	}
	cpu_printk(cpu, "FATAL: ivshmem MSI-X target outside of cell \"%s\" device " BDF_FORMAT "\n",
		   dev->cell->config->name, BDF_ARGS(bdf));
	VIOLATION(cpu, (u64)bdf << 12, MSI_TARGET, bdf, entry[0] | (u64)entry[1] << 32, entry[2], 0);
	return false;
}

/* ---- windows ---- */

/* Once more what a guest has programmed, if that could have become valid. */
static enum mmio_result write_control(struct percpu *cpu, struct ivshmem_device *dev, u32 value)
{
	unsigned int bad = IVSHMEM_VECTORS;

	if (unlikely(dev->stale)) {
		spin_lock(&dev->lock);
		bad = ivshmem_update_irqs(dev);
		spin_unlock(&dev->lock);
	}
	/* What was read of the rings before is not read again behind this. */
	__atomic_store_n(&dev->int_control, value & JAILHOUSE_IVSHMEM_INT_ENABLE, __ATOMIC_SEQ_CST);
	return ivshmem_check_update(cpu, dev, bad) ? MMIO_HANDLED : MMIO_ERROR;
}

static __attribute__((noinline)) enum mmio_result other_register(struct percpu *cpu, struct ivshmem_device *dev,
								  u32 reg, struct mmio_access *access)
{
	u64 value = 0;

	if (access->write && reg == JAILHOUSE_IVSHMEM_REG_INT_CTRL)
		return write_control(cpu, dev, (u32)access->value);
	if (access->write) {
		if (reg == JAILHOUSE_IVSHMEM_REG_STATE)
			ivshmem_set_state(cpu, dev, (u32)access->value, true);
		return MMIO_HANDLED;
	}
	switch (reg) {
	case JAILHOUSE_IVSHMEM_REG_ID:
		value = dev->config->shmem_dev_id;
		break;
	case JAILHOUSE_IVSHMEM_REG_MAX_PEERS:
		value = dev->config->shmem_peers;
		break;
	case JAILHOUSE_IVSHMEM_REG_INT_CTRL:
		value = load(&dev->int_control);
		break;
	case JAILHOUSE_IVSHMEM_REG_STATE:
		value = dev->state;
		break;
	}
	access->value = value;
	return MMIO_HANDLED;
}

enum mmio_result ivshmem_register(struct percpu *cpu, void *arg, struct mmio_access *access)
{
	struct ivshmem_device *dev = arg;
	u32 reg = (u32)access->address & ~dev->config->bar_mask[JAILHOUSE_IVSHMEM_REG_BAR];

	if (unlikely(reg != JAILHOUSE_IVSHMEM_REG_DOORBELL || !access->write))
		return other_register(cpu, dev, reg, access);
	ring(cpu, dev, (u32)access->value);
	return MMIO_HANDLED;
}

static __attribute__((cold)) enum mmio_result bad_msix_access(struct percpu *cpu, const struct ivshmem_device *dev,
							       u32 offset, struct mmio_access *access)
{
	u16 bdf = dev->config->bdf;

	access->value = ~0ULL;
	if (learn_access(cpu, JAILHOUSE_LEARNED_MEM, access->address, access->size, access->write))
		return MMIO_HANDLED;
	cpu_printk(cpu, "FATAL: Invalid PCI MSI-X table/PBA access, device " BDF_FORMAT "\n", BDF_ARGS(bdf));
	VIOLATION(cpu, access->address, MSIX_ACCESS, bdf, offset, 0, 0);
	return MMIO_ERROR;
}

enum mmio_result ivshmem_msix(struct percpu *cpu, void *arg, struct mmio_access *access)
{
	struct ivshmem_device *dev = arg;
	u32 offset = (u32)access->address & (JAILHOUSE_IVSHMEM_MSIX_SIZE - 1);
	bool pending = offset >= JAILHOUSE_IVSHMEM_MSIX_PBA;
	unsigned int bad;
	u32 *word;

	if (access->size != sizeof(*word) || offset % sizeof(*word) ||
	    (pending ? access->write : offset >= dev->vectors * MSIX_WORDS * sizeof(*word)))
		return bad_msix_access(cpu, dev, offset, access);
	if (!access->write) {
		access->value = pending ? 0 : dev->msix[offset / sizeof(*word)];
		return MMIO_HANDLED;
	}
	word = &dev->msix[offset / sizeof(*word)];
	spin_lock(&dev->lock);
	*word = (u32)access->value & (offset / sizeof(*word) % MSIX_WORDS == 3 ? MSIX_MASKED : ~0U);
	bad = ivshmem_update_irqs(dev);
	spin_unlock(&dev->lock);
	return ivshmem_check_update(cpu, dev, bad) ? MMIO_HANDLED : MMIO_ERROR;
}
