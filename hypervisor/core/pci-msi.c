// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * MSI and MSI-X of physical functions. A guest writes into shadows; only messages that stay inside
 * its cell reach the hardware. What the hardware holds while it may send is always a message that
 * was valid when it was written.
 */
#include "pci-internal.h"

#define WORDS_PER_VECTOR 4

struct message {
	u64 address;
	u32 data;
};

enum verdict {
	MESSAGE_NONE, /* not written completely yet: no interrupt */
	MESSAGE_VALID,
	MESSAGE_INVALID,
};

static enum verdict judge(const struct pci_device *dev, const struct message *msg,
			  struct message *hw)
{
	if (!msg->address || !msg->data)
		return MESSAGE_NONE;
	if (arch_msi_translate(dev->cell, msg->address, msg->data, &hw->address, &hw->data))
		return MESSAGE_VALID;
	return MESSAGE_INVALID;
}

/* What follows an invalid message, outside of the lock. The root cell just gets no interrupt. */
static bool report_invalid(struct percpu *cpu, const struct pci_device *dev,
			   const struct message *msg)
{
	u16 bdf = dev->config->bdf;

	if (cell_is_root(dev->cell)) {
		guest_printk(cpu,
			     "WARNING: MSI of PCI device " BDF_FORMAT
			     " leaves the root cell, address: %llx data: %x\n",
			     BDF_ARGS(bdf), msg->address, msg->data);
		return true;
	}
	cpu_printk(cpu,
		   "FATAL: MSI of PCI device " BDF_FORMAT
		   " leaves the cell, address: %llx data: %x\n",
		   BDF_ARGS(bdf), msg->address, msg->data);
	VIOLATION(cpu, (u64)bdf << 12, MSI_TARGET, bdf, msg->address, msg->data, 0);
	return false;
}

/* ---- MSI ---- */

static bool msi_is_wide(const struct pci_device *dev)
{
	return dev->msi[0] & MSI_64BIT;
}

/* Bits of a word of the capability that are shadowed. */
static u32 msi_shadow_mask(const struct pci_device *dev, unsigned int word)
{
	switch (word) {
	case 0:
		return MSI_WRITABLE;
	case 1:
		return ~0U;
	case 2:
		return msi_is_wide(dev) ? ~0U : 0xffff;
	case 3:
		return msi_is_wide(dev) ? 0xffff : 0;
	default:
		return 0;
	}
}

/* The first message of the block; the device replaces low bits of the data. */
static void msi_message(const struct pci_device *dev, struct message *msg)
{
	u32 block = 1U << (dev->msi[0] >> MSI_BLOCK_SHIFT & 7);

	msg->address = dev->msi[1] | (msi_is_wide(dev) ? (u64)dev->msi[2] << 32 : 0);
	msg->data = (msi_is_wide(dev) ? dev->msi[3] : dev->msi[2]) & 0xffff & ~(block - 1);
}

/*
 * Brings shadow to hardware. False: the message is invalid. What is not valid gets there too, but
 * switched off: Linux relies on it after disable.
 */
static bool msi_program(struct pci_device *dev, struct message *msg)
{
	enum verdict verdict = MESSAGE_NONE;
	u32 control = dev->msi[0];
	u16 cap = dev->hw.msi;
	struct message hw;

	msi_message(dev, msg);
	hw = *msg;
	if (control & MSI_ENABLE)
		verdict = judge(dev, msg, &hw);
	if (verdict != MESSAGE_VALID)
		pci_write(dev, cap + 2, 2, (control & ~MSI_ENABLE) >> 16);
	pci_write(dev, cap + 4, 4, (u32)hw.address);
	if (msi_is_wide(dev))
		pci_write(dev, cap + 8, 4, (u32)(hw.address >> 32));
	pci_write(dev, cap + (msi_is_wide(dev) ? 12 : 8), 2, hw.data);
	if (verdict == MESSAGE_VALID)
		pci_write(dev, cap + 2, 2, control >> 16);
	return verdict != MESSAGE_INVALID;
}

/* ---- MSI-X ---- */

static volatile u32 *msix_table(const struct pci_device *dev)
{
	return (volatile u32 *)(dev->msix_page + dev->msix_offset);
}

static void msix_message(const struct pci_device *dev, unsigned int vector, struct message *msg)
{
	const u32 *entry = &dev->msix[vector * WORDS_PER_VECTOR];

	msg->address = entry[0] | (u64)entry[1] << 32;
	msg->data = entry[2];
}

/* A table in a function that sleeps or does not decode cannot be read; then this comes later. */
static void msix_learn(struct pci_device *dev)
{
	if (!dev->msix_page || dev->msix_known ||
	    !(pci_read(dev, PCI_COMMAND, 2) & PCI_CMD_MEMORY) ||
	    (dev->hw.pm && pci_read(dev, dev->hw.pm + 4, 2) & 3))
		return;
	for (unsigned int n = 0; n < dev->msix_vectors * WORDS_PER_VECTOR; n++)
		dev->msix[n] = msix_table(dev)[n];
	dev->msix_known = true;
}

/* The same for MSI-X. */
static bool msix_program(struct pci_device *dev, unsigned int vector, struct message *msg)
{
	u32 control = dev->msix[vector * WORDS_PER_VECTOR + 3];
	volatile u32 *entry = &msix_table(dev)[vector * WORDS_PER_VECTOR];
	enum verdict verdict = MESSAGE_NONE;
	struct message hw;

	msix_message(dev, vector, msg);
	hw = *msg;
	if (!(control & MSIX_MASKED))
		verdict = judge(dev, msg, &hw);
	entry[3] = control | MSIX_MASKED;
	entry[0] = (u32)hw.address;
	entry[1] = (u32)(hw.address >> 32);
	entry[2] = hw.data;
	if (verdict == MESSAGE_VALID)
		entry[3] = control;
	return verdict != MESSAGE_INVALID;
}

static void msix_write_control(struct pci_device *dev)
{
	u32 control = dev->msix_word;

	msix_learn(dev);
	/* Without a table in the configuration nobody could check what a cell writes there. */
	if (!dev->msix_page && !cell_is_root(dev->cell))
		control &= ~MSIX_ENABLE;
	pci_write(dev, dev->hw.msix + 2, 2, control >> 16);
}

static bool msix_report(struct percpu *cpu, const struct pci_device *dev, u64 offset,
			struct mmio_access *access)
{
	u16 bdf = dev->config->bdf;

	access->value = ~0ULL;
	if (learn_access(cpu, JAILHOUSE_LEARNED_MEM, access->address, access->size, access->write))
		return true;
	cpu_printk(cpu, "FATAL: Invalid PCI MSI-X table/PBA access, device " BDF_FORMAT "\n",
		   BDF_ARGS(bdf));
	VIOLATION(cpu, access->address, MSIX_ACCESS, bdf, offset, 0, 0);
	return false;
}

enum mmio_result pci_msix_access(struct percpu *cpu, void *arg, struct mmio_access *access)
{
	struct pci_device *dev = arg;
	u64 offset = access->address - dev->config->msix_address;
	u64 word = (offset - dev->msix_offset) / 4;
	bool in_table = offset >= dev->msix_offset && word < dev->msix_vectors * WORDS_PER_VECTOR;
	struct message msg;
	bool ok = true;
	u32 own;

	if (!dev->owned)
		return MMIO_UNHANDLED;
	if (access->size != 4 || offset % 4 || (access->write && !in_table))
		return msix_report(cpu, dev, offset, access) ? MMIO_HANDLED : MMIO_ERROR;

	pci_ready(dev);
	spin_lock(&dev->lock);
	msix_learn(dev);
	if (access->write) {
		dev->msix[word] = (u32)access->value;
		ok = msix_program(dev, (unsigned int)word / WORDS_PER_VECTOR, &msg);
	} else {
		/* Of the control word only the mask is shadowed. */
		own = !in_table ? 0 : word % WORDS_PER_VECTOR == 3 ? MSIX_MASKED : ~0U;
		access->value = own == ~0U ? 0 : *(volatile u32 *)(dev->msix_page + offset) & ~own;
		access->value |= own ? dev->msix[word] & own : 0;
	}
	spin_unlock(&dev->lock);
	return ok || report_invalid(cpu, dev, &msg) ? MMIO_HANDLED : MMIO_ERROR;
}

/* ---- configuration space ---- */

u32 pci_msi_shadow(const struct pci_device *dev, u16 reg, u32 *value)
{
	unsigned int word = (reg - dev->hw.msi) / 4u;

	if (dev->hw.msi && reg >= dev->hw.msi && msi_shadow_mask(dev, word)) {
		*value = dev->msi[word];
		return msi_shadow_mask(dev, word);
	}
	*value = dev->msix_word;
	return dev->hw.msix && reg == dev->hw.msix ? MSIX_WRITABLE : 0;
}

bool pci_msi_write(struct percpu *cpu, struct pci_device *dev, u16 reg, u32 mask, u32 value)
{
	struct message msg;
	bool ok = true;
	u32 *shadow;

	spin_lock(&dev->lock);
	shadow = reg == dev->hw.msix ? &dev->msix_word : &dev->msi[(reg - dev->hw.msi) / 4];
	*shadow = (*shadow & ~mask) | (value & mask);
	if (shadow == &dev->msix_word)
		msix_write_control(dev);
	else
		ok = msi_program(dev, &msg);
	spin_unlock(&dev->lock);
	return ok || report_invalid(cpu, dev, &msg);
}

/* ---- hand-over ---- */

static int check_message(struct pci_device *dev, u32 index, u16 cap, const struct message *msg)
{
	struct machine *m = dev->cell->machine;
	u16 bdf = dev->config->bdf;
	int err = msg->address && msg->data ? arch_msi_check(msg->address, msg->data) : 0;

	if (!err)
		return 0;
	printk(m, "FATAL: Unsupported MSI/MSI-X state, device " BDF_FORMAT ", cap %u\n",
	       BDF_ARGS(bdf), cap);
	return err == -EBUSY ?
		       REFUSE1(m, err, IOMMU_ACTIVE, JAILHOUSE_ITEM_PCI_DEVICE, index, 0) :
		       REFUSE2(m, err, MSI_STATE, JAILHOUSE_ITEM_PCI_DEVICE, index, bdf, cap);
}

int pci_msi_take(struct pci_device *dev, u32 index)
{
	struct message msg;
	int err = 0;

	dev->msi[0] = dev->hw.msi_word;
	for (unsigned int n = 1; dev->hw.msi && n < ARRAY_LEN(dev->msi); n++)
		if (msi_shadow_mask(dev, n))
			dev->msi[n] =
				pci_read(dev, dev->hw.msi + n * 4, 4) & msi_shadow_mask(dev, n);
	if (dev->msi[0] & MSI_ENABLE) {
		msi_message(dev, &msg);
		err = check_message(dev, index, dev->hw.msi, &msg);
	}
	dev->msix_word = dev->hw.msix_word;
	msix_learn(dev);
	if (!(dev->msix_word & MSIX_ENABLE))
		return err;
	for (unsigned int n = 0; !err && n < dev->msix_vectors; n++) {
		msix_message(dev, n, &msg);
		if (!(dev->msix[n * WORDS_PER_VECTOR + 3] & MSIX_MASKED))
			err = check_message(dev, index, dev->hw.msix, &msg);
	}
	return err;
}

void pci_msi_off(struct pci_device *dev)
{
	if (dev->hw.msi)
		pci_write(dev, dev->hw.msi + 2, 2, 0);
	if (dev->hw.msix)
		pci_write(dev, dev->hw.msix + 2, 2, 0);
	for (unsigned int n = 0; dev->msix_page && n < dev->msix_vectors; n++)
		msix_table(dev)[n * WORDS_PER_VECTOR + 3] = MSIX_MASKED;
}

void pci_msi_clear(struct pci_device *dev)
{
	memset(dev->msi, 0, sizeof(dev->msi));
	dev->msi[0] = dev->hw.msi_word & ~MSI_WRITABLE;
	dev->msix_word = dev->hw.msix_word & ~MSIX_WRITABLE;
	for (unsigned int n = 0; n < dev->msix_vectors * WORDS_PER_VECTOR; n++)
		dev->msix[n] = n % WORDS_PER_VECTOR == 3 ? MSIX_MASKED : 0;
	dev->msix_known = true;
}

void pci_msi_refresh(struct pci_device *dev)
{
	struct message msg;
	bool ok = true;

	spin_lock(&dev->lock);
	if (dev->owned && !dev->resetting) {
		if (dev->msi[0] & MSI_ENABLE)
			ok = msi_program(dev, &msg);
		msix_learn(dev);
		for (unsigned int n = 0; dev->msix_known && n < dev->msix_vectors; n++)
			if (!(dev->msix[n * WORDS_PER_VECTOR + 3] & MSIX_MASKED))
				ok = msix_program(dev, n, &msg) && ok;
	}
	spin_unlock(&dev->lock);
	if (!ok)
		printk(dev->cell->machine,
		       "WARNING: MSI of PCI device " BDF_FORMAT " left its cell, masked\n",
		       BDF_ARGS(dev->config->bdf));
}
